"""What each choice in combining does to the headline figures: everything combined again with one setting changed.

Belongs here: which other values of a setting are tried, and the comparison. Does not belong here: the rules themselves
(the steps of combining) and the figures (steps/quality/headline_figures.py).
"""

from typing import Literal, get_args, get_origin

import polars as pl

from linkage_assets.steps.combining.build_journeys import build_journeys
from linkage_assets.steps.combining.combine_requirements import combine_requirements
from linkage_assets.steps.quality.headline_figures import headline_figures
from resources.study_settings import Combining, StudySettings

# Settings that change no figure, or that decide what may be combined at all.
NOT_COMPARED = {"pseudonym_seed", "smallest_class", "outcome_forms", "identity_numbers", "largest_unknown_share"}
# Other values of settings that have no fixed set of values.
TRIED = {
    "same_date_tolerance_days": [0, 1, 7],
    "structured_data_sets": [
        ["adult_community", "yp_community"], ["adult_community"],
        ["adult_community", "yp_community", "adult_secure", "yp_secure"],
    ],
    "journey_gap_days": [0, 21, 42],
    "journey_within_months": [0, 3, 12],
    "prison_months": [6, 12, 24],
    "reconviction_months": [6, 12, 24],
}


def compare_choices(
    probation_attributes: pl.DataFrame,
    pre_sentence_reports: pl.DataFrame,
    prison_receptions: pl.DataFrame,
    court_appearances: pl.DataFrame,
    treatment_episodes: pl.DataFrame,
    person_key: pl.DataFrame,
    settings: StudySettings,
) -> pl.DataFrame:
    """schemas/release.py ChoiceEffects: for each setting of combining, and for the regions left out, the headline
    figures under its value in `settings` and under each other value, all other settings as they are.

    Counts and shares only. Journeys are built of linked people alone: no other can answer for a requirement.
    """
    of_linked = treatment_episodes.join(person_key, on="client_pseudonym", how="semi")

    def figures(changed: StudySettings) -> pl.DataFrame:
        combined = combine_requirements(
            probation_attributes, pre_sentence_reports, prison_receptions, court_appearances,
            build_journeys(of_linked, changed.combining), person_key, changed,
        )
        return headline_figures(combined)

    as_set = figures(settings)
    rows = []
    for setting, value, changed in choices(settings):
        found = as_set if changed == settings else figures(changed)
        rows.append(
            found.with_columns(
                difference=found["amount"] - as_set["amount"],
                setting=pl.lit(setting), value=pl.lit(_in_words(value)), is_default=pl.lit(changed == settings),
            )
        )
    columns = ["setting", "value", "is_default", "figure", "requirement_type", "unit", "amount", "difference"]
    return pl.concat(rows).select(columns)


def choices(settings: StudySettings) -> list[tuple[str, object, StudySettings]]:
    """Setting, value and the settings with that value: the value in `settings` first, then each other one."""
    tried: list[tuple[str, object, StudySettings]] = []
    for name, field in Combining.model_fields.items():
        if name in NOT_COMPARED:
            continue
        now = getattr(settings.combining, name)
        for value in [now, *(other for other in values_of(name, field.annotation) if other != now)]:
            combining = settings.combining.model_copy(update={name: value})
            tried.append((f"combining.{name}", value, settings.model_copy(update={"combining": combining})))
    for regions in dict.fromkeys([tuple(settings.study.exclude_regions), ()]):
        study = settings.study.model_copy(update={"exclude_regions": list(regions)})
        tried.append(("study.exclude_regions", list(regions), settings.model_copy(update={"study": study})))
    return tried


def values_of(name: str, kind: object) -> list:
    """The values tried of a setting of combining of type `kind`: all of a yes-no or a fixed set, else those of TRIED.

    Raises KeyError with the name of a setting that nobody has said values for.
    """
    if kind is bool:
        return [True, False]
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    return TRIED[name]


def _in_words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
