"""The linkage of nDelius and NDTMS as named data: which fields are compared at which levels, which pairs are looked at.

Belongs here: comparisons (methodology 2.5.2), blocking rules, training rules and the values that are stated by hand.
Does not belong here: what a comparison, a rule and training are (record_linkage), and the deduplication of either side
(steps/people/deduplication_specifications.py).
"""

from record_linkage.comparisons.dates import birth_date
from record_linkage.comparisons.levels import anything_else, exact, missing
from record_linkage.comparisons.names import initials
from record_linkage.comparisons.places import within_km
from record_linkage.specification import (
    Comparison,
    Level,
    LinkageSpecification,
    Rule,
    TrainingPlan,
    weight_of,
)
from resources.settings.study_settings import Linkage

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
TRAINING_RULES: dict[str, Rule] = {
    "same_birth_date_and_sex": ("dob", "sex"),
    "same_sector_and_sex": ("postcode_sector", "sex"),
    "same_initials_and_birth_date": ("initials", "dob"),
    "same_initials_and_sector": ("initials", "postcode_sector"),
}

# Pairs that are almost surely one person, and the share of true pairs of rows that they find. The share is assumed
# (0.64 in synthetic extracts): between a half and nine tenths it moves every match weight by less than half a bit.
SURE_RULE: Rule = ("initials", "dob", "sex", "utla_code")
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
COMPARISON_WORDS = {
    "initials": "initials",
    "birth_date": "date of birth",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "location": "place",
}


class UnknownBlockingRule(Exception):
    """study.toml names a blocking rule that is not in BLOCKING_RULES."""


def linkage_specification(settings: Linkage) -> LinkageSpecification:
    """The linkage of the study. Raises UnknownBlockingRule."""
    training = TrainingPlan(
        seed=settings.seed,
        chance_pairs=settings.u_sampling_pairs,
        sure_rules=(SURE_RULE,),
        sure_recall=SURE_RULE_RECALL,
        rules=TRAINING_RULES,
        em_pairs=settings.em_sampling_pairs,
        usual=USUAL_LEVELS,
        largest_disagreement=settings.largest_disagreement,
    )
    rules, lowest = blocking_rules(settings.blocking_rules), weight_of(settings.lowest_probability)
    return LinkageSpecification("pathways", comparisons(settings), rules, training, lowest)


def blocking_rules(names: list[str]) -> dict[str, Rule]:
    """Blocking rules by name. Raises UnknownBlockingRule."""
    unknown = sorted(set(names) - set(BLOCKING_RULES))
    if unknown:
        raise UnknownBlockingRule(
            f"linkage.blocking_rules in study.toml names {unknown}. Known rules: {sorted(BLOCKING_RULES)}."
        )
    return {name: BLOCKING_RULES[name] for name in names}


def comparisons(settings: Linkage) -> tuple[Comparison, ...]:
    """The five comparisons at exactly the levels of methodology 2.5.2, highest level first.

    `settings.term_frequencies` names the comparisons whose exact level weighs a rare value more than a common one.
    """
    rare = {name: name in settings.term_frequencies for name in TERM_FREQUENCY_COLUMNS}
    return (
        initials("initials", "initials", "forename_initial", "surname_initial", rare["initials"]),
        birth_date("birth_date", "dob", settings.birth_date_year_tolerance, rare["birth_date"]),
        Comparison("sex", missing("sex"), (exact("same sex", "sex"), anything_else())),
        _ethnicity(rare["ethnicity"]),
        _location(settings, rare["location"]),
    )


def _ethnicity(rare: bool) -> Comparison:
    # "ethnicity is mixed or other" may mean one or both sides (the wording is ambiguous): here either.
    mixed = "ethnic_group5_l IN ('Mixed', 'Other') OR ethnic_group5_r IN ('Mixed', 'Other')"
    levels = (exact("same ethnicity", "ethnicity", rare), Level("either mixed or other", mixed), anything_else())
    return Comparison("ethnicity", missing("ethnicity"), levels)


def _location(settings: Linkage, rare: bool) -> Comparison:
    # Splink trains a level only from pairs that show it, and pairs without any place but no fixed abode are too few:
    # left to training, the level came out against a match. Fixed: ten times likelier in a match.
    nowhere = missing("postcode_sector", "utla_code")
    homeless = "(no_fixed_abode_l AND no_fixed_abode_r)"
    levels = (
        exact("same sector", "postcode_sector", rare),
        *(within_km(f"sectors within {kilometres:g} km", kilometres) for kilometres in settings.sector_distances_km),
        exact("same authority", "utla_code"),
        Level("both of no fixed abode and no other place", f"({nowhere}) AND {homeless}", m=0.005, u=0.0005),
        anything_else(),
    )
    return Comparison("location", f"({nowhere}) AND NOT {homeless}", levels)
