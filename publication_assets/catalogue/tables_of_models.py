"""Tables of models, of estimates from contact notes and of what other assumptions make of figures: 16 to 21, 25 to 31.

Belongs here: what each is declared as. Does not belong here: the models (study.toml).
"""

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.estimate_engagement import CORRECTED
from modelling_assets.steps.engagement.extrapolate_sample import AS_ENGAGED, AS_NOT_ENGAGED
from modelling_assets.steps.engagement.worst_known_result import AT_WORST
from publication_assets.catalogue import measures_of_models as models
from publication_assets.catalogue import measures_of_notes as notes
from publication_assets.catalogue import measures_of_requirements as requirements
from publication_assets.catalogue.tables_of_the_report import ALL_SOURCES, LINKED_SOURCE
from publishing.tables.declared import DeclaredTable, as_key, limits_of

_CONFIDENTIAL = (
    "confidential: a small count, a count from which one could be calculated, or an odds ratio or words that "
    "would reveal either"
)
_ODDS_RATIO_SHORTHAND = {
    "[c]": _CONFIDENTIAL,
    "[x]": "not available: the model could not estimate the level. The last column says why",
    "[z]": "not applicable: the row is the reference level, the model finds no variation between regions beyond "
    "chance, or there is no strength as the level does not differ significantly",
}
_OUTCOMES = {"linked": "linked_structured", "reconvicted": "reconvicted"}


def odds_ratios(number: int, model: str, section: str, *more_notes: str) -> DeclaredTable:
    """The table of the odds ratios of a model of study.toml, whose name begins with its outcome."""
    return DeclaredTable(
        f"odds_ratios_{model}",
        number,
        f"Factors associated with {{outcome_of_{model}}}, {{types_of_{model}}}, adjusted odds ratios",
        ("Factor", "Level"),
        ALL_SOURCES,
        "tables_models:odds_ratio_table",
        (
            models.RECORDS,
            models.OUTCOME_RECORDS[_OUTCOMES[model.split("_", maxsplit=1)[0]]],
            models.ODDS_RATIO,
            *models.ODDS_RATIO_LIMITS.values(),
            models.P_VALUE,
            models.SIGNIFICANCE,
            models.DIRECTION,
            models.STRENGTH,
            models.KIND_OF_ROW,
        ),
        ("unit", "linked", "model", "regions", "odds_ratio_counts", *more_notes),
        {models.RECORDS.key: ("model_records",), models.STRENGTH.key: ("strength",)},
        shorthand=_ODDS_RATIO_SHORTHAND,
        figures=(f"T{number}",),
        sections=(section,),
        model=model,
    )


MODEL_TABLES = (
    odds_ratios(16, "linked_atr", "3.1"),
    odds_ratios(17, "linked_drr", "3.1"),
    odds_ratios(30, "linked_all", "3.1", "pooled_models"),
    odds_ratios(18, "reconvicted_atr", "4.2", "reconviction", "model_status"),
    odds_ratios(19, "reconvicted_drr", "4.2", "reconviction", "model_status"),
    odds_ratios(31, "reconvicted_all", "4.2", "pooled_models", "reconviction", "model_status"),
)
ESTIMATE_TABLES = (
    DeclaredTable(
        "engagement_estimates",
        20,
        "Estimates of engagement with uncertainty, requirements not linked to structured treatment",
        ("Requirement type", "Basis of the estimate"),
        "linked probation and treatment records; probation contact notes of a sample; reviewed contact notes",
        "tables_estimates:estimates_with_uncertainty",
        (
            notes.SAMPLED_IN_ESTIMATE,
            *(
                measure
                for name, estimate in notes.ESTIMATES.items()
                for measure in (estimate, *notes.ESTIMATE_LIMITS[name].values())
            ),
            notes.REMARK,
        ),
        ("unit", "linked", "sample", "estimate_limits"),
        {
            as_key(f"{kind}/{basis}"): (note,)
            for kind in (ALL, *TYPES)
            for basis, note in (
                (CORRECTED, "corrected"),
                (AS_NOT_ENGAGED, "bounds"),
                (AS_ENGAGED, "bounds"),
                (AT_WORST, "worst_known"),
            )
        },
        reads_notes=True,
        figures=("E1",),
    ),
    DeclaredTable(
        "label_errors",
        21,
        "Requirements labelled correctly: reviewed requirements and positive controls",
        ("What is known", "Requirements"),
        "reviewed contact notes; linked probation and treatment records",
        "tables_estimates:label_errors",
        (notes.CASES, notes.RIGHT, notes.RIGHT_SHARE, *notes.RIGHT_LIMITS.values()),
        ("unit", "label_errors", "decoys"),
        reads_notes=True,
    ),
    DeclaredTable(
        "linked_by_threshold",
        25,
        "Linkage to structured treatment and reconvictions {within_period}, by link threshold, {types}",
        ("Match probability from which people are linked",),
        ALL_SOURCES,
        "tables_sensitivity:linked_by_threshold",
        (
            models.LINKED_AT_THRESHOLD,
            models.LINKED_AT_THRESHOLD_SHARE,
            models.RECONVICTED_OF_LINKED,
            models.RECONVICTED_OF_OTHERS,
        ),
        ("unit", "linked", "link_thresholds", "reconviction", "short_follow_up"),
        needs=("sensitivity",),
        figures=("S1", "S2"),
    ),
    DeclaredTable(
        "missed_links_by_group",
        40,
        "Linkage to structured treatment corrected for the links estimated to be missed, by characteristic, {types}",
        ("Characteristic", "Group"),
        f"{LINKED_SOURCE}; linkage quality report",
        "tables_missed_by_group:linked_with_missed_by_group",
        tuple(
            each
            for share in (models.MISSED, requirements.LINKED_SHARE, models.CORRECTED_FOR_MISSED)
            for each in (share, *limits_of(share))
        ),
        ("unit", "linked", "few_not_recorded", "missed_by_group", "missed_limits"),
        shorthand={"[z]": "not applicable: only links missed are shown by this characteristic"},
        needs=("linkage_quality",),
        sections=("3.3",),
    ),
    DeclaredTable(
        "corrected_for_wrong_links",
        26,
        "Structured treatment and reconvictions {within_period} if linkage had errors, {types}",
        ("Whose links are wrong how often", "Assumed errors"),
        ALL_SOURCES,
        "tables_missed_links:corrected_for_wrong_links",
        models.CORRECTIONS,
        ("unit", "linked", "wrong_links", "wrong_links_by_group", "reconviction", "short_follow_up"),
        needs=("sensitivity",),
        shorthand={"[z]": "not applicable: the row by accommodation corrects the share in treatment only"},
        figures=("S2",),
    ),
    DeclaredTable(
        "alternative_odds_ratios",
        27,
        "Factors associated with linkage and reconviction: odds ratios under other assumptions, {types}",
        ("Model", "Factor and level"),
        ALL_SOURCES,
        "tables_sensitivity_models:alternative_odds_ratios",
        (models.ALTERNATIVE, *models.ALTERNATIVE_LIMITS.values(), models.CHANGES),
        ("unit", "linked", "model", "odds_ratio_counts", "other_assumptions", "wrong_links"),
        needs=("sensitivity",),
        shorthand={
            "[c]": _CONFIDENTIAL,
            "[x]": "not available: the model could not estimate the level under this assumption",
            "[z]": "not applicable: the assumption is on links, which this model takes as they are, the model finds no "
            "variation between regions beyond chance, the year of sentence is in no other model, or the assumption is "
            "on reconvictions and the model on linkage",
        },
    ),
    DeclaredTable(
        "missing_values",
        28,
        "Missing values of the factors of the models, and which are missing together, {types}",
        ("What is missing", "Factor or combination"),
        LINKED_SOURCE,
        "tables_missing_values:missing_values",
        (requirements.REQUIREMENTS, requirements.SHARE_OF_ALL),
        ("unit", "missing_values"),
        needs=("diagnostics",),
    ),
    DeclaredTable(
        "imputed_against_recorded",
        29,
        "Recorded and imputed values of the factors of the models, by level, {types}",
        ("Factor", "Level"),
        ALL_SOURCES,
        "tables_missing_values:imputed_against_recorded",
        tuple(models.IMPUTATION.values()),
        ("unit", "linked", "imputed_values"),
        needs=("diagnostics",),
        shorthand={
            "[z]": "not applicable: the model does not have the factor, or none of its values are missing there, or so "
            "few ({small}) that recorded shares would tell how many",
        },
        figures=("I1", "I2"),
    ),
)
