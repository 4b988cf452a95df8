"""The parts of the linkage quality report that describe the input, the model and its links.

Belongs here: records, identifiers, blocking, weights, thresholds, contradictions, comparator. Does not belong here:
errors and groups (linkage_error_sections.py), disclosure control (quality_cells.py).
Each function adds one part to `cells`.
"""

import math

import polars as pl

from linkage_assets.steps.model.linkage_specification import COMPARISON_WORDS
from linkage_assets.steps.quality.compare_linkages import BOTH, EXACT_ONLY, MODEL_ONLY
from linkage_assets.steps.quality.quality_cells import QualityCells
from linkage_assets.steps.requirements.count_consort import NOT_IN_PERIOD
from record_linkage.model.trained_model import TrainedModel, model_parameters
from record_linkage.specification import ELSE
from resources.settings.study_settings import Linkage

IDENTIFIERS = {
    "Forename initial": "forename_initial",
    "Surname initial": "surname_initial",
    "Date of birth": "dob",
    "Sex": "sex",
    "Ethnic group": "ethnicity",
    "Postcode sector": "postcode_sector",
    "Upper tier local authority": "utla_code",
}
PROBATION, TREATMENT = "Probation (nDelius)", "Treatment (NDTMS)"
OTHER_PATTERNS = "All other patterns"


def add_completeness(cells: QualityCells, offenders: pl.DataFrame, clients: pl.DataFrame) -> None:
    """Which identifiers are recorded, per system: an identifier counts when one record of it has the field."""
    for system, records in ((PROBATION, offenders), (TREATMENT, clients)):
        people = records.group_by("person_id").agg(
            *(pl.col(column).is_not_null().any() for column in IDENTIFIERS.values()),
            pl.col("no_fixed_abode").any(),
            pl.col("linkable").any(),
        )
        shown = {**IDENTIFIERS, "Of no fixed abode": "no_fixed_abode", "Enough identifiers to be linked": "linkable"}
        for label, column in shown.items():
            cells.row("completeness", label, system).count("Identifiers", people.height).percent(
                "Share with it (%)", int(people[column].sum()), people.height
            )


def add_people(
    cells: QualityCells,
    offenders: pl.DataFrame,
    clients: pl.DataFrame,
    offender_clusters: pl.DataFrame,
    client_clusters: pl.DataFrame,
) -> None:
    """What deduplication of both sides found: records, identifiers, people, sizes of clusters."""
    sides = [
        (PROBATION, offenders, offender_clusters["cluster_id"]),
        (TREATMENT, clients, client_clusters["client_cluster_id"]),
    ]
    for system, records, clusters in sides:
        sizes = clusters.value_counts(name="size")["size"]
        row = cells.row("people", system).count("Records compared", records.height)
        row.count("Identifiers", clusters.len()).count("People", sizes.len())
        row.count("People with two identifiers", int((sizes == 2).sum()))
        row.count("People with three or more", int((sizes > 2).sum()))
        row.number("Identifiers of the largest", "number", float(sizes.max() or 0), 0)  # type: ignore[arg-type]


def add_blocking(
    cells: QualityCells, person_pairs: pl.DataFrame, linked_pairs: pl.DataFrame, settings: Linkage
) -> None:
    """Blocking rules in order, with the pairs of people whose best records each was the first to find."""
    found, linked = (dict(frame["blocking_rule"].value_counts().rows()) for frame in (person_pairs, linked_pairs))
    for rule in settings.blocking_rules:
        row = cells.row("blocking", rule.replace("_", " ").capitalize())
        row.count("Candidate pairs of people first found", found.get(rule, 0))
        row.count("Of these, links", linked.get(rule, 0))
    cells.row("blocking", "All rules").count("Candidate pairs of people first found", person_pairs.height).count(
        "Of these, links", linked_pairs.height
    )


def add_model(cells: QualityCells, linkage_model: pl.DataFrame) -> None:
    """m and u of every level with its weight, before any adjustment for how common a value is; the prior."""
    model = TrainedModel.from_json(linkage_model["model_json"].item())
    for comparison, level, m, u, weight, usual in model_parameters(model).rows():
        label = sentence("different" if level == ELSE else level)
        row = cells.row("model", label, sentence(COMPARISON_WORDS[comparison]))
        row.number("m, among matches (%)", "probability", m, 8).number("u, among others (%)", "probability", u, 8)
        row.number("Weight (bits)", "bits", weight, 2)
        row.words("From these records", "no, stated" if usual else "yes")
    prior = model.splink["probability_two_random_records_match"]
    row = cells.row("prior", "Probability that two records drawn at random match (lambda)")
    row.number("One in", "number", 1 / prior, 0).number("Weight (bits)", "bits", math.log2(prior / (1 - prior)), 2)


def add_thresholds(cells: QualityCells, link_counts: pl.DataFrame) -> None:
    """The links that each score and threshold would give."""
    for link in link_counts.to_dicts():
        row = cells.row("thresholds", f"{link['threshold']:g}", link["score"]).count("Pairs of people", link["pairs"])
        row.count("Probation people linked", link["probation_people"])
        row.count("NDTMS people linked", link["ndtms_people"])
        row.words("Rule of this run", "yes" if link["studys_rule"] else "no")


def add_contradictions(
    cells: QualityCells, linked_pairs: pl.DataFrame, person_key: pl.DataFrame, consort_counts: pl.DataFrame
) -> None:
    """Links of one person to several, how many people the key file holds after they are settled, and how many of them
    have a treatment record in the period of sentences (methodology 2.5.4)."""
    several = linked_pairs.group_by("cluster_id").len().filter(pl.col("len") > 1).height
    claimed = linked_pairs.group_by("client_cluster_id").len().filter(pl.col("len") > 1).height
    for label, number in {
        "Links at or above the threshold (pairs of people)": linked_pairs.height,
        "Probation people with links to several NDTMS people": several,
        "NDTMS people with links to several probation people": claimed,
        "Probation people with a link": linked_pairs["cluster_id"].n_unique(),
        "Probation people in the key file": person_key["person_pseudonym"].n_unique(),
        "Of these, with a treatment record in the period of sentences": consort_counts.row(
            by_predicate=pl.col("step") == NOT_IN_PERIOD, named=True
        )["after"],
    }.items():
        cells.row("contradictions", label).count("Number", number)


def add_comparator(cells: QualityCells, comparison: pl.DataFrame) -> None:
    """Pairs found by the model, by exact keys and by both, and how the records of these pairs compare."""
    for found_by in (BOTH, MODEL_ONLY, EXACT_ONLY):
        pairs = comparison.filter(found_by=found_by)
        row = cells.row("comparator", found_by.capitalize()).count("Pairs of people", pairs.height)
        row.percent("Share of all found (%)", pairs.height, comparison.height)
        row.count("Exact keys ambiguous", int(pairs["ambiguous"].sum() or 0))
    for found_by in (MODEL_ONLY, EXACT_ONLY, BOTH):
        add_patterns(cells, "comparator patterns", found_by.capitalize(), comparison.filter(found_by=found_by))


def add_patterns(cells: QualityCells, section: str, group: str, pairs: pl.DataFrame) -> None:
    """Pairs (column pattern, one row each) per pattern, most frequent first; those under the base in one row."""
    counts = pairs.group_by("pattern").len().sort("len", "pattern", descending=[True, False])
    common = counts.filter(pl.col("len") >= cells.base)
    for pattern, number in common.rows():
        cells.row(section, sentence(pattern), group).count("Pairs of people", number)
    if rest := pairs.height - int(common["len"].sum()):
        cells.row(section, OTHER_PATTERNS, group).count("Pairs of people", rest)


def sentence(text: str) -> str:
    """`text` with a capital first letter and nothing else changed."""
    return text[0].upper() + text[1:]
