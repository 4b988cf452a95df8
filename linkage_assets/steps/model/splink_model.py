"""The linkage model as named data: which fields are compared at which levels, and which pairs are looked at.

Belongs here: comparisons (methodology 2.5.2), blocking rules, training rules and the values that are stated by hand.
Does not belong here: running Splink (train_linkage_model.py, score_pairs.py), and the deduplication of either side
(deduplication_model.py).

Location and date conditions are the fast forms of the same levels: squared distance of sector positions, and Hamming
distance on fixed-width dates, which finds the same pairs as an edit distance of one.
"""

from typing import Any

from resources.settings.study_settings import Linkage

Rule = tuple[str | tuple[str, str], ...]

# Columns that must agree; two names where the two sides differ.
BLOCKING_RULES: dict[str, Rule] = {
    "same_initials_and_birth_date": ("initials", "dob"),
    "same_initials_and_sector": ("initials", "postcode_sector"),
    "same_initials_sex_and_authority": ("initials", "sex", "utla_code"),
    "same_birth_date_and_authority": ("dob", "utla_code"),
    "same_birth_date_and_sector": ("dob", "postcode_sector"),
    "same_birth_date_and_sex": ("dob", "sex"),
    "same_birth_month_day_sex_and_authority": ("dob_month_day", "sex", "utla_code"),
    "same_birth_month_day_and_sector": ("dob_month_day", "postcode_sector"),
    "same_birth_year_sex_and_sector": ("dob_year", "sex", "postcode_sector"),
    "same_initials_sex_and_birth_month_day": ("initials", "sex", "dob_month_day"),
    "same_initials_sex_and_birth_month": ("initials", "sex", "dob_year_month"),
    "same_initials_and_swapped_birth_date": ("initials", ("dob_swapped", "dob")),
    "swapped_birth_date_sex_and_authority": (("dob_swapped", "dob"), "sex", "utla_code"),
}

# Each trains the comparisons it does not use; each comparison is trained twice at least, so that the estimates can be
# held against each other. A rule must leave two telling comparisons, or find few strangers: where only one tells, the
# share of matches and how often they disagree cannot be told apart, and small extracts went astray.
TRAINING_RULES = {
    "same_birth_date_and_sex": ("dob", "sex"),
    "same_sector_and_sex": ("postcode_sector", "sex"),
    "same_initials_and_birth_date": ("initials", "dob"),
    "same_initials_and_sector": ("initials", "postcode_sector"),
}

# Pairs that are almost surely one person, and the share of true pairs of rows that they find. The share is assumed
# (0.64 in synthetic extracts): between a half and nine tenths it moves every match weight by less than half a bit.
SURE_RULE = ("initials", "dob", "sex", "utla_code")
SURE_RULE_RECALL = 0.7

# Probability given a match (m) and given none (u) of levels that a small extract may not show in training: left alone,
# such a level gets a default of the wrong sign. Used only where training saw none; assumed, some three slips of the
# kind in a thousand true pairs.
USUAL_LEVELS = {
    "one character differs": (0.02, 0.002),
    "day and month swapped": (0.003, 0.00002),
    "same day and month, years apart": (0.003, 0.0006),
    "sectors within 0.5 km": (0.001, 0.0001),
    "sectors within 1 km": (0.003, 0.0001),
    "sectors within 6 km": (0.07, 0.003),
    "same authority": (0.2, 0.008),
    "either mixed or other": (0.01, 0.07),
}

TERM_FREQUENCY_COLUMNS = {
    "initials": "initials",
    "birth_date": "dob",
    "ethnicity": "ethnicity",
    "location": "postcode_sector",
}


class UnknownBlockingRule(Exception):
    """study.toml names a blocking rule that is not in BLOCKING_RULES."""


def blocking_rules(names: list[str], dialect: str = "duckdb") -> list[dict[str, str]]:
    """Blocking rules by name, as Splink wants them for an engine. Raises UnknownBlockingRule."""
    unknown = sorted(set(names) - set(BLOCKING_RULES))
    if unknown:
        raise UnknownBlockingRule(
            f"linkage.blocking_rules in study.toml names {unknown}. Known rules: {sorted(BLOCKING_RULES)}."
        )
    return [{"blocking_rule": same(BLOCKING_RULES[name]), "sql_dialect": dialect} for name in names]


def same(columns: Rule) -> str:
    """Condition in SQL that a left record l and a right record r agree in these columns."""
    return " AND ".join(f"l.{left} = r.{right}" for left, right in column_pairs(columns))


def column_pairs(columns: Rule) -> list[tuple[str, str]]:
    """The columns of a rule, on the left and on the right."""
    return [(column, column) if isinstance(column, str) else column for column in columns]


def comparisons(settings: Linkage) -> list[dict[str, Any]]:
    """The five comparisons at exactly the levels of methodology 2.5.2, highest level first.

    `settings.term_frequencies` names the comparisons whose exact level weighs a rare value more than a common one.
    """
    return [_initials(settings), _birth_date(settings), _sex(), _ethnicity(settings), _location(settings)]


def _initials(settings: Linkage) -> dict[str, Any]:
    return _comparison(
        "initials",
        _void(
            "(forename_initial_l IS NULL AND surname_initial_l IS NULL) "
            "OR (forename_initial_r IS NULL AND surname_initial_r IS NULL)"
        ),
        _exact("both initials", "initials", settings),
        _level("forename initial only", "forename_initial_l = forename_initial_r"),
        _level("surname initial only", "surname_initial_l = surname_initial_r"),
        _else(),
    )


def _birth_date(settings: Linkage) -> dict[str, Any]:
    return _comparison(
        "birth_date",
        _void("dob_l IS NULL OR dob_r IS NULL"),
        _exact("same date", "dob", settings),
        _level("one character differs", "hamming(dob_l, dob_r) = 1"),
        _level("day and month swapped", "dob_swapped_l = dob_r"),
        _level(
            "same day and month, years apart",
            "dob_month_day_l = dob_month_day_r "
            f"AND abs(dob_year_l - dob_year_r) <= {settings.birth_date_year_tolerance}",
        ),
        _else(),
    )


def _sex() -> dict[str, Any]:
    return _comparison("sex", _void("sex_l IS NULL OR sex_r IS NULL"), _level("same sex", "sex_l = sex_r"), _else())


def _ethnicity(settings: Linkage) -> dict[str, Any]:
    # "ethnicity is mixed or other" may mean one or both sides (the wording is ambiguous): here either.
    return _comparison(
        "ethnicity",
        _void("ethnicity_l IS NULL OR ethnicity_r IS NULL"),
        _exact("same ethnicity", "ethnicity", settings),
        _level(
            "either mixed or other",
            "ethnic_group5_l IN ('Mixed', 'Other') OR ethnic_group5_r IN ('Mixed', 'Other')",
        ),
        _else(),
    )


def _location(settings: Linkage) -> dict[str, Any]:
    # Splink trains a level only from pairs that show it, and pairs without any place but no fixed abode are too few:
    # left to training, the level came out against a match. Fixed: ten times likelier in a match.
    nowhere = "(postcode_sector_{side} IS NULL AND utla_code_{side} IS NULL)"
    left, right = nowhere.format(side="l"), nowhere.format(side="r")
    homeless = "(no_fixed_abode_l AND no_fixed_abode_r)"
    east, north = "(easting_l - easting_r)", "(northing_l - northing_r)"
    within = [
        _level(
            f"sectors within {kilometres:g} km",
            f"{east} * {east} + {north} * {north} <= {(kilometres * 1000) ** 2:.0f}",
        )
        for kilometres in settings.sector_distances_km
    ]
    return _comparison(
        "location",
        _void(f"({left} OR {right}) AND NOT {homeless}"),
        _exact("same sector", "postcode_sector", settings),
        *within,
        _level("same authority", "utla_code_l = utla_code_r"),
        _level(
            "both of no fixed abode and no other place", f"({left} OR {right}) AND {homeless}", fixed=(0.005, 0.0005)
        ),
        _else(),
    )


def _comparison(name: str, *levels: dict[str, Any]) -> dict[str, Any]:
    return {"output_column_name": name, "comparison_levels": list(levels)}


def _level(label: str, condition: str, fixed: tuple[float, float] | None = None) -> dict[str, Any]:
    level: dict[str, Any] = {"sql_condition": condition, "label_for_charts": label}
    if fixed:
        level |= {
            "m_probability": fixed[0],
            "u_probability": fixed[1],
            "fix_m_probability": True,
            "fix_u_probability": True,
        }
    return level


def _exact(label: str, column: str, settings: Linkage) -> dict[str, Any]:
    level = _level(label, f"{column}_l = {column}_r")
    if column in {TERM_FREQUENCY_COLUMNS[name] for name in settings.term_frequencies}:
        level["tf_adjustment_column"] = column
    return level


def _void(condition: str) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": "missing", "is_null_level": True}


def _else() -> dict[str, Any]:
    return {"sql_condition": "ELSE", "label_for_charts": "anything else"}
