"""Which settings of a run define something else than the published study did, and which figures that touches.

Belongs here: the settings that decide what is counted, with the published study's values. Does not belong here:
settings that only decide how well it is counted, such as the threshold of a link: those figures are compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.comparison.choices import CHOICES, said_of
from publication_assets.steps.comparison.where_ours_is import Place, parts
from resources.settings.study_settings import StudySettings

EVERY_TABLE = ("*",)
ODDS_RATIOS_OF_LINKAGE, ODDS_RATIOS_OF_RECONVICTION = (
    tuple(table.key for table in TABLES.values() if table.model.startswith(outcome))
    for outcome in ("linked", "reconvicted")
)
LINKED = (
    "identification",
    "treatment_outcomes",
    "linked_by_region",
    "linked_by_accommodation",
    "linked_by_length",
    "time_to_treatment",
    "status_by_age",
    "status_by_sex",
    "status_by_time_to_treatment",
    "reconvictions_by_linkage",
    "reconvictions_by_treatment_status",
    "status_by_substance_group",
    "termination_against_discharge",
    "time_to_treatment_by_length",
    "linked_and_reconvicted_by_year",
    "time_to_treatment_of_all",
    *ODDS_RATIOS_OF_LINKAGE,
    *ODDS_RATIOS_OF_RECONVICTION,
)
STATUS = (
    "treatment_outcomes",
    "status_by_age",
    "status_by_sex",
    "status_by_time_to_treatment",
    "reconvictions_by_treatment_status",
    "status_by_substance_group",
    "termination_against_discharge",
)
RECONVICTED = (
    "reconvictions_by_linkage",
    "reconvicted_by_region",
    "reconvicted_by_length",
    "reconvictions_by_treatment_status",
    "linked_and_reconvicted_by_year",
    *ODDS_RATIOS_OF_RECONVICTION,
)
UNLINKED, NOTES = ("treatment_outcomes",), ("identification", "contact_note_evidence", "engagement_estimates")
TERMINATION = ("engagement_by_termination",)


@dataclass(frozen=True)
class Definition:
    """A setting that decides what is counted: the published study's value, the tables whose figures rest on it."""

    setting: str
    published: object
    tables: tuple[str, ...]


# Where the source leaves a choice open, the value is the one whose figures fit (docs/quality/assumptions.md).
DEFINITIONS = (
    Definition("study.requirement_types", ["ATR", "DRR"], EVERY_TABLE),
    Definition("study.exclude_regions", ["Wales"], EVERY_TABLE),
    Definition("combining.same_date_tolerance_days", 0, EVERY_TABLE),
    Definition("combining.exclude_imposed_later", True, EVERY_TABLE),
    Definition("combining.exclude_duplicates", True, EVERY_TABLE),
    Definition("combining.exclude_missing_length", True, EVERY_TABLE),
    Definition("combining.exclude_both_types", True, EVERY_TABLE),
    Definition("combining.both_types_within", "order", EVERY_TABLE),
    Definition("combining.exclude_mental_health_orders", True, EVERY_TABLE),
    Definition("combining.exclude_unlinkable", True, EVERY_TABLE),
    Definition("combining.structured_data_sets", ["adult_community", "yp_community"], LINKED),
    Definition("combining.journey_gap_days", 21, LINKED),
    Definition("combining.journey_choice", "open_else_first_after", LINKED),
    Definition("combining.journey_within_months", 0, LINKED),
    Definition("combining.transferred_counts_as", "dropped_out", STATUS),
    Definition("combining.prison_months", 12, UNLINKED),
    Definition("combining.prison_legal_status", "any", UNLINKED),
    Definition("combining.reconviction_months", 12, RECONVICTED),
    Definition("combining.reconviction_date_basis", "both", RECONVICTED),
    Definition("combining.reconviction_outcome_set", "published_70", RECONVICTED),
    Definition("combining.reconviction_index_case_counts", False, RECONVICTED),
    Definition("notes.contacts_of", "person", (*NOTES, *TERMINATION)),
    Definition("notes.termination_weeks", 12, TERMINATION),
    Definition("notes.requirement_rule.minimum_notes", 1, NOTES),
    Definition("modelling.confidence_level", 0.95, (*ODDS_RATIOS_OF_LINKAGE, *ODDS_RATIOS_OF_RECONVICTION)),
)


def other_definitions(settings: StudySettings) -> list[Definition]:
    """The definitions in which a run is not as the published study."""
    return [each for each in DEFINITIONS if value_of(settings, each.setting) != each.published]


def value_of(settings: StudySettings, setting: str) -> object:
    """The value of a setting such as "combining.prison_months"."""
    return reduce(getattr, setting.split("."), settings)


def touching(definitions: list[Definition], place: Place) -> Iterator[Definition]:
    """Those of `definitions` that decide the figure at `place`; all that remove records decide the flow diagram."""
    for each in definitions:
        in_table = place.kind == "table" and not set(parts(place.table)).isdisjoint(each.tables)
        if in_table or (each.tables == EVERY_TABLE and place.kind in ("table", "consort", "linkage quality")):
            yield each


def in_words(definition: Definition, settings: StudySettings) -> str:
    """What the setting decides, with its value here and there."""
    ours, published = (
        said_of(definition.setting, value) for value in (value_of(settings, definition.setting), definition.published)
    )
    return f"{CHOICES[definition.setting].decides}: {ours} here, {published} in the published study"
