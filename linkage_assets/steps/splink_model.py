"""The linkage model as named data: which fields are compared at which levels, and which pairs are looked at.

Belongs here: comparisons (methodology 2.5.2), blocking rules, training rules and the values that are fixed by hand.
Does not belong here: running Splink (train_linkage_model.py, score_pairs.py, cluster_offenders.py).

Location and date conditions are the fast forms of the same levels: squared distance of sector positions, and Hamming
distance on fixed-width dates, which finds the same pairs as an edit distance of one.
"""

from typing import Any

from resources.study_settings import Linkage

BLOCKING_RULES = {
    "same_initials_and_birth_date": "l.initials = r.initials AND l.dob = r.dob",
    "same_initials_and_sector": "l.initials = r.initials AND l.postcode_sector = r.postcode_sector",
    "same_birth_date_sex_and_authority": "l.dob = r.dob AND l.sex = r.sex AND l.utla_code = r.utla_code",
    "same_birth_date_and_sector": "l.dob = r.dob AND l.postcode_sector = r.postcode_sector",
    "same_initials_birth_month_day_and_authority": (
        "l.initials = r.initials AND l.dob_month_day = r.dob_month_day AND l.utla_code = r.utla_code"
    ),
    "same_initials_birth_year_and_sector_area": (
        "l.initials = r.initials AND l.dob_year = r.dob_year AND l.sector_area = r.sector_area"
    ),
    "same_initials_and_swapped_birth_date": "l.initials = r.initials AND l.dob_swapped = r.dob",
}

# Each trains the comparisons it does not use, so that together they train all of them.
TRAINING_RULES = {
    "same_initials_and_birth_date": BLOCKING_RULES["same_initials_and_birth_date"],
    "same_initials_and_sector": BLOCKING_RULES["same_initials_and_sector"],
    "same_birth_date_and_authority": "l.dob = r.dob AND l.utla_code = r.utla_code",
}

# Pairs that are almost surely one person, and the share of true pairs of rows that they find. The share is assumed
# (0.64 in synthetic extracts): between a half and nine tenths it moves every match weight by less than half a bit.
SURE_RULES = [
    "l.initials = r.initials AND l.dob = r.dob AND l.sex = r.sex AND l.utla_code = r.utla_code",
]
SURE_RULES_RECALL = 0.7

DEDUPLICATION_RULES = ["same_initials_and_birth_date", "same_birth_date_and_sector", "same_initials_and_sector"]

# How often two nDelius identifiers of one person agree at each level, highest first (assumed: too few to train on).
# The distance levels share theirs equally, however many there are; both of no fixed abode keeps its fixed value.
DEDUPLICATION_M = {
    "initials": [0.93, 0.03, 0.03, 0.01],
    "birth_date": [0.93, 0.03, 0.01, 0.01, 0.02],
    "sex": [0.99, 0.01],
    "ethnicity": [0.9, 0.04, 0.06],
}
DEDUPLICATION_M_LOCATION = {"same sector": 0.5, "distances": 0.2, "same authority": 0.15, "anything else": 0.15}

TERM_FREQUENCY_COLUMNS = {
    "initials": "initials", "birth_date": "dob", "ethnicity": "ethnicity", "location": "postcode_sector",
}


class UnknownBlockingRule(Exception):
    """study.toml names a blocking rule that is not in BLOCKING_RULES."""


def blocking_rules(names: list[str]) -> list[dict[str, str]]:
    """Blocking rules by name, as Splink wants them. Raises UnknownBlockingRule."""
    unknown = sorted(set(names) - set(BLOCKING_RULES))
    if unknown:
        raise UnknownBlockingRule(
            f"linkage.blocking_rules in study.toml names {unknown}. Known rules: {sorted(BLOCKING_RULES)}."
        )
    return [{"blocking_rule": BLOCKING_RULES[name], "sql_dialect": "duckdb"} for name in names]


def comparisons(settings: Linkage) -> list[dict[str, Any]]:
    """The five comparisons at exactly the levels of methodology 2.5.2, highest level first.

    `settings.term_frequencies` names the comparisons whose exact level weighs a rare value more than a common one.
    """
    return [_initials(settings), _birth_date(settings), _sex(), _ethnicity(settings), _location(settings)]


def deduplication_comparisons(settings: Linkage) -> list[dict[str, Any]]:
    """The same comparisons for nDelius against itself, with m-probabilities fixed at DEDUPLICATION_M."""
    fixed = comparisons(settings)
    for comparison in fixed:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        if comparison["output_column_name"] == "location":
            distances = len(settings.sector_distances_km)
            stated = DEDUPLICATION_M_LOCATION
            homeless = levels[-2]["m_probability"]
            within = [stated["distances"] / distances] * distances
            m = [stated["same sector"], *within, stated["same authority"], homeless, stated["anything else"]]
        else:
            m = DEDUPLICATION_M[comparison["output_column_name"]]
        for level, probability in zip(levels, m, strict=True):
            level |= {"m_probability": probability, "fix_m_probability": True}
    return fixed


def _initials(settings: Linkage) -> dict[str, Any]:
    return _comparison(
        "initials",
        _void("(forename_initial_l IS NULL AND surname_initial_l IS NULL) "
              "OR (forename_initial_r IS NULL AND surname_initial_r IS NULL)"),
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
            f"same day and month, at most {settings.birth_date_year_tolerance} years apart",
            "dob_month_day_l = dob_month_day_r "
            f"AND abs(dob_year_l - dob_year_r) <= {settings.birth_date_year_tolerance}",
        ),
        _else(),
    )


def _sex() -> dict[str, Any]:
    return _comparison(
        "sex", _void("sex_l IS NULL OR sex_r IS NULL"), _level("same sex", "sex_l = sex_r"), _else()
    )


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
            "m_probability": fixed[0], "u_probability": fixed[1], "fix_m_probability": True, "fix_u_probability": True,
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
