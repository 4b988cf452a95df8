"""What each choice in combining does to the headline figures: everything combined again with one setting changed.

Belongs here: which other values of a setting are tried, and the comparison. Does not belong here: the rules themselves
(the steps of combining) and the figures (steps/quality/headline_figures.py).
"""

from typing import Any, Literal, cast, get_args, get_origin

import polars as pl

from linkage_assets.steps.quality.headline_figures import headline_figures
from linkage_assets.steps.requirements.combine_requirements import combine_requirements
from linkage_assets.steps.treatment.build_journeys import build_journeys
from resources.settings.study_settings import Combining, StudySettings

# Settings that change no figure, or that decide what may be combined at all.
NOT_COMPARED = {"smallest_class", "outcome_forms", "identity_numbers", "largest_unknown_share"}
IDENTIFIERS_NEEDED, ALL_IDENTIFIERS = "linkage.minimum_identifiers", 3
# Other values of settings that have no fixed set of values.
TRIED = {
    "same_date_tolerance_days": [0, 1, 7],
    "structured_data_sets": [
        ["adult_community", "yp_community"],
        ["adult_community"],
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
    complete_people: pl.DataFrame,
    complete_key: pl.DataFrame,
    settings: StudySettings,
) -> pl.DataFrame:
    """schemas/release.py ChoiceEffects: for each setting of combining, for the regions left out and for the identifiers
    that a record needs, the headline figures under its value in `settings` and under each other value, all other
    settings as they are.

    `complete_people` and `complete_key` are who can be linked, and who is, if a probation record needs all three
    identifiers; the scores stay as they are (steps/links/require_all_identifiers.py).
    Counts and shares only. Journeys are built of linked people alone: no other can answer for a requirement.
    """

    def figures(changed: StudySettings, attributes: pl.DataFrame, key: pl.DataFrame) -> pl.DataFrame:
        of_linked = treatment_episodes.join(key, on="client_pseudonym", how="semi")
        combined = combine_requirements(
            attributes,
            pre_sentence_reports,
            prison_receptions,
            court_appearances,
            build_journeys(of_linked, changed.combining),
            key,
            changed,
        )
        return headline_figures(combined)

    as_set = figures(settings, probation_attributes, person_key)
    rows: list[pl.DataFrame] = []
    for setting, value, changed in choices(settings):
        found = as_set if changed == settings else figures(changed, probation_attributes, person_key)
        rows.append(_effects(found, as_set, setting, value, changed == settings))
    needed = settings.linkage.minimum_identifiers
    rows.append(_effects(as_set, as_set, IDENTIFIERS_NEEDED, needed, True))
    if needed < ALL_IDENTIFIERS:
        complete = figures(settings, _linkable_if(probation_attributes, complete_people), complete_key)
        rows.append(_effects(complete, as_set, IDENTIFIERS_NEEDED, f"{ALL_IDENTIFIERS} of probation", False))
    columns = ["setting", "value", "is_default", "figure", "requirement_type", "unit", "amount", "difference"]
    return pl.concat(rows).select(columns)


def _effects(found: pl.DataFrame, as_set: pl.DataFrame, setting: str, value: object, is_default: bool) -> pl.DataFrame:
    return found.with_columns(
        difference=found["amount"] - as_set["amount"],
        setting=pl.lit(setting),
        value=pl.lit(_in_words(value)),
        is_default=pl.lit(is_default),
    )


def _linkable_if(probation_attributes: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The attributes with `linkable` true of `people` only; where it is empty, there is no person to link."""
    among = pl.col("person_pseudonym").is_in(people["person_pseudonym"].implode())
    return probation_attributes.with_columns(linkable=pl.col("linkable") & among)


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


def values_of(name: str, kind: object) -> list[Any]:
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
        return ", ".join(map(str, cast("list[object]", value))) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
