"""Words of the linkage quality report: sentences with figures in them, and its decision records.

Belongs here: sentences written from what the tables show. Does not belong
here: prose (templates/linkage_quality_page), the figures themselves.
"""

from collections.abc import Sequence

from contracts.vocabulary import NOT_RECORDED
from publication_assets.steps.documents.comparisons import capital, listed
from publication_assets.steps.documents.run_facts import words
from publication_assets.steps.figures.of_quality.linkage_quality_charts import LINKED, MISSED
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from resources.drift.proportions import wilson
from resources.settings.study_settings import Linkage
from resources.zone.gates import Acceptance

ALL, ENOUGH = "All people", "Enough identifiers (%)"
MAIN_GROUPINGS = ["Sex", "Age at sentence", "Ethnic group", "Probation region", "Accommodation at sentence"]
BASIS = {
    "clerical_review": "clerical review of linked pairs",
    "clerical_review_of_synthetic_extracts": "clerical review of pairs of synthetic extracts, which says "
    "nothing of real records",
    "simulated_review_of_synthetic_extracts": "a simulated review of synthetic extracts: no person looked at a pair",
}
ACCEPTED_HEADERS = ["Measure", "Check", "Accepted by", "On", "Reason"]


def summary(tables: QualityTables, threshold: float) -> list[str]:
    """What the report finds, in sentences."""
    rule = f"{threshold:g}"
    pair = tables.groups("thresholds")[0]
    by_pair, by_person = tables.labels("errors")
    people = tables.text("thresholds", rule, "Probation people linked", pair)
    sentences = [
        "Records of people on probation (nDelius) were linked to records of people in treatment (NDTMS). At the "
        f"threshold of {rule}, {people} people on probation have at least one link, before links that contradict each "
        "other are resolved (section 4).",
        f"Of people whose requirements are analysed, or would be with enough identifiers, "
        f"{_percent(tables, ALL, LINKED, ALL)} of those with enough identifiers were linked.",
        f"The model expects {tables.text('errors', by_pair, 'Of links (%)')}% of links to be false by the pair "
        f"probability and {tables.text('errors', by_person, 'Of links (%)')}% by the probability normalised over the "
        "person's candidates.",
        f"It expects to have missed {tables.text('errors', by_pair, 'Of expected true pairs (%)')}% and "
        f"{tables.text('errors', by_person, 'Of expected true pairs (%)')}% of the true pairs among the candidates "
        "that were compared. True pairs that were never compared are missed as well, and are not in these estimates.",
        f"Exact keys and the model both found {tables.text('comparator', 'Both', 'Pairs of people')} pairs; the model "
        f"alone found {tables.text('comparator', 'Model only', 'Pairs of people')} and exact keys alone "
        f"{tables.text('comparator', 'Exact keys only', 'Pairs of people')}.",
    ]
    return [*sentences, *_review(tables)]


def _review(tables: QualityTables) -> list[str]:
    if not tables.has("review"):
        return ["There is no clerical review of this run, so the estimates rest on the model alone."]
    share, low, high = (
        tables.text("review", "Precision of links", f"{what} (%)", "Results")
        for what in ("Estimate", "Lower limit", "Upper limit")
    )
    kind = "a simulated" if simulated_review(tables) else "clerical"
    return [f"By {kind} review, {share}% of links are correct (interval {low}% to {high}%)."]


def simulated_review(tables: QualityTables) -> bool:
    """Whether the review beside the estimates was played by a program."""
    return tables.text("review", "Reviewers are", "Value", "Design").startswith("simulated")


def review_title(tables: QualityTables) -> str:
    """Title of what review of pairs found, which says where no person reviewed."""
    simulated = tables.has("review") and simulated_review(tables)
    return f"Precision and recall by {'simulated' if simulated else 'clerical'} review"


def differences(tables: QualityTables, level: float) -> list[str]:
    """Per grouping: which groups are linked, and are expected to be missed, clearly more or less often than all people.

    A group is named where the limits of its share (Wilson, of as many people as the table shows) leave out the share
    of all. The others are not ranked: their place may be chance.
    """
    return [
        f"{grouping}: {told}"
        for grouping in MAIN_GROUPINGS
        if (told := " ".join(filter(None, (_linked_in(tables, grouping, level), _missed_in(tables, grouping, level)))))
    ]


def _linked_in(tables: QualityTables, grouping: str, level: float) -> str:
    above, below = _apart(tables, grouping, LINKED, level)
    if above is None:
        return ""
    whole = _percent(tables, ALL, LINKED, ALL)
    said = [f"{word} often in {listed(named)}" for word, named in (("more", above), ("less", below)) if named]
    if not said:
        return f"no group is linked clearly more or less often than all people ({whole})."
    return f"linked {' and '.join(said)}, compared with {whole} of all people."


def _missed_in(tables: QualityTables, grouping: str, level: float) -> str:
    above, below = _apart(tables, grouping, MISSED, level)
    named = [f"{word} {{}}in {listed(groups)}" for word, groups in (("More", above), ("fewer", below)) if groups]
    if not named:
        return ""
    first, *others = named
    told = " and ".join([first.format("links are expected to be missed "), *(each.format("") for each in others)])
    return f"{capital(told)}, compared with {_percent(tables, ALL, MISSED, ALL)} of all."


def _apart(tables: QualityTables, grouping: str, measure: str, level: float) -> tuple[list[str] | None, list[str]]:
    """Groups above and below the share of all, each with its own; None where fewer than two can be compared."""
    whole = tables.value("groups", ALL, measure, ALL)
    known: dict[str, tuple[float, float, float]] = {}
    for label in tables.labels("groups", grouping):
        share, people, enough = (tables.value("groups", label, name, grouping) for name in (measure, "People", ENOUGH))
        if label != NOT_RECORDED and share is not None and people and enough:
            low, high = wilson(share / 100, people * enough / 100, level)
            known[label] = (share, 100 * low, 100 * high)
    if whole is None or len(known) < 2:
        return None, []
    above = sorted((label for label in known if known[label][1] > whole), key=lambda label: -known[label][0])
    below = sorted((label for label in known if known[label][2] < whole), key=lambda label: known[label][0])
    above, below = (
        [f"{label} ({_percent(tables, label, measure, grouping)})" for label in labels] for labels in (above, below)
    )
    return above, below


def decision(linkage: Linkage) -> str:
    """The decision record of the threshold in sentences; of the study's, that it was reviewed on other scores."""
    record = linkage.threshold_decision
    if record.basis != "published_study":
        return (
            f"The threshold of {record.threshold:g} was decided on {words(record.decided_on)} by {record.decided_by}. "
            f"Basis: {BASIS[record.basis]}. Evidence: {record.evidence}."
        )
    # The study does not say when it was decided: the date on record is the day on which the methodology was published.
    said = (
        f"The threshold of {record.threshold:g} is that of the published study ({record.evidence}, published on "
        f"{words(record.decided_on)})."
    )
    frequencies = listed([name.replace("_", " ") for name in linkage.term_frequencies])
    moved = (
        f" No term frequencies are documented for those scores; this run uses them ({frequencies}), which moves scores."
        if frequencies
        else ""
    )
    return (
        f"{said} It was reviewed on scores of the published model, not on those of this run.{moved} Before figures "
        "of real records are published, the threshold has to be reviewed on scores of this model."
    )


def accepted_rows(accepted: Sequence[Acceptance]) -> list[list[str]]:
    """Per decision to go on against a check: measure, check, who, when, why (ACCEPTED_HEADERS). Never the value."""
    return [
        [found.measure, found.check.replace("_", " "), found.by, words(found.on), found.reason] for found in accepted
    ]


def _percent(tables: QualityTables, label: str, measure: str, group: str) -> str:
    text = tables.text("groups", label, measure, group)
    return text if text.startswith("[") else f"{text}%"
