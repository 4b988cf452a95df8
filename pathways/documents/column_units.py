"""The unit of every number in every table, by name of the column.

Belongs here: the list. Does not belong here: the page made of it (data_dictionary.py), nor what a column means
(the zones' schemas, contracts).
"""

from fnmatch import fnmatchcase

# Unit -> names of columns, `table.column` where a name has another unit elsewhere; the first that fits counts.
UNITS = {
    "odds ratio": "odds_ratio ci_low ci_high custody_estimates.*",
    "share of pairs": "hold_out.recall hold_out.precision",
    "hash": "identity scored_identities.[lr] link_review_sample.[lr] identity_codes.*",
    "number of a person": "cluster_high cluster_medium cluster_low",
    "records of a person": "cluster_sizes.size_from",
    "count of pairs": "true_pairs found_pairs linked_pairs",
    "count of people": "clusters held_by_one_pair too_large id_change_counts.people impossible_people.*",
    "0 to 1": "people_linkage.expected_* *_probability *_share m u p1 off_choice p_value fmi fraction_between least "
    "explaining_error threshold linked_up_to_threshold",
    "difference of shares": "imputation_diagnostics.difference",
    "in the unit of `unit`": "choice_effects.* linkage_quality.value linkage_quality.lower linkage_quality.upper "
    "note_reading_quality.value note_reading_quality.lower note_reading_quality.upper counted_tables.value "
    "counted_tables.unrounded published_tables.value published_comparison.difference counted_views.value "
    "counted_views.unrounded published_views.value",
    "as `measure` says": "extract_ages.value note_extract_age.value",
    "as said": "scored_identities.kind",
    "as `kind` says": "*_profile.value *_profile.spread *_drift.value training last_quarter lowest highest",
    "as `quantity` says": "engagement_estimates.value lower upper",
    "in the unit of `length_unit`": "length",
    "per cent": "ogrs3_2yr rsr_score",
    "days": "days_* *_days ALCUSE OPIUSE CRAUSE COCAUSE AMPHUSE CANNUSE OTDRGUSE",
    "months": "length_months",
    "year": "sentence_year dob_year",
    "metres": "easting northing",
    "bits": "match_weight bits_from_threshold",
    "log odds": "estimate std_error check_estimate random_intercept_sd check_random_intercept_sd",
    "standard errors": "quadrature_shift",
    "standard deviations": "standardised_difference",
    "log likelihood": "log_likelihood",
    "ratio": "riv r_hat",
    "degrees of freedom": "df",
    "bytes": "bytes",
    "level of agreement": "gamma_*",
    "number in a list": "number row_number name_form copy_number report_number order row_order measure_order table "
    "pair stratum item review_items.requirement imputation iteration",
    "expected count": "expected_false expected_missed false_variance missed_variance",
    "seconds": "seconds cpu_seconds",
    "megabytes": "peak_mb",
    "count": "rows rows_quarantined fitting base spells before removed after columns k classes* records* *_records "
    "*_class unique_records *_people people_below_k people pairs links linkable linked not_linked xhibit libra "
    "common_platform results population sampled notes notes_alone *_notes notes_before_termination "
    "requirements requirements_alone known engaged engaged_before_termination labelled_engaged flipped turned "
    "lost n parameters recorded all_recorded missing imputed cells combinations combinations_under_k smallest "
    "sampling_weight mean_before requirement_counts.*_in_full",
}


class UnitNotStated(Exception):
    """A column of numbers has no unit. Names the table and the column."""


def unit_of(table: str, column: str) -> str:
    """Unit of a column of numbers, in words. Raises UnitNotStated."""
    for unit, names in UNITS.items():
        if any(fnmatchcase(f"{table}.{column}" if "." in name else column, name) for name in names.split()):
            return unit
    raise UnitNotStated(f"table {table}, column {column}: numbers without a unit; state it in column_units.py")
