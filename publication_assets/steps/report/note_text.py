"""Sentences of the publication on what contact notes say and how sure that is, written from what the tables show.

Belongs here: sentences with figures from contact notes that report and note page share. Does not belong here: the
published study's figures (note_reading_text.py), fixed text (templates).
"""

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.estimate_engagement import CORRECTED
from modelling_assets.steps.engagement.extrapolate_sample import AS_LABELLED
from publication_assets.catalogue.declared import and_limits, noun_of
from publication_assets.catalogue.rows import (
    ENGAGED,
    NO_INDICATION,
    NO_KEYWORD_NOTES,
    NO_RESULT,
    NOT_DETERMINED,
    WITH_A_RESULT,
    WITHOUT_NOTES,
)
from publication_assets.steps.figures.of_quality.note_figures import with_limits
from publication_assets.steps.tables.shown_cells import ShownCells, joined

IDENTIFIED, EVIDENCE, TERMINATION = "identification", "contact_note_evidence", "engagement_by_termination"
EVIDENCE_PHRASES = {
    ENGAGED: "had {enough_notes} that {indicate} engagement",
    NO_INDICATION: "had notes with a treatment keyword, {too_few} of which {indicate} engagement",
    NO_KEYWORD_NOTES: "had no note with a treatment keyword, which counts as not engaged",
}
TERMINATIONS = {
    "Completed": "were completed",
    "Revoked": "were revoked",
    "Suspended Sentence Activated": "ended because the suspended sentence was activated",
}


def estimate_text(cells: ShownCells, kind: str, basis: str, measure: str) -> str:
    """An estimate of engagement with its limits, e.g. "82% (81% to 84%)"; its shorthand when withheld."""
    read = cells.text if measure == "estimated_requirements" else cells.percent
    return with_limits(*(read("engagement_estimates", f"{kind}/{basis}", each) for each in and_limits(measure)))


def mean_engaged_text(cells: ShownCells, reason: str) -> str:
    """The mean share of notes that indicate engagement before the end for a reason, with its limits."""
    return with_limits(*(cells.percent(TERMINATION, reason, measure) for measure in and_limits("mean_engaged")))


def uncertainty_text(cells: ShownCells, kind: str) -> str:
    """How sure the share in any treatment is, as labelled and corrected for wrong labels."""
    labelled, corrected = (
        estimate_text(cells, kind, basis, "estimated_any_treatment") for basis in (AS_LABELLED, CORRECTED)
    )
    remark = cells.text("engagement_estimates", f"{kind}/{CORRECTED}", "remark")
    why = "" if remark.startswith("[") else f": {remark[0].lower()}{remark[1:]}"
    first = (
        f"As labelled, without correction for classification error, the share of {noun_of(kind)} in any treatment is "
        f"estimated at {labelled}. These limits allow for sampling error only."
    )
    if corrected.startswith("["):
        return f"{first} No corrected estimate can be given{why or f' ({corrected})'}."
    return (
        f"{first} Corrected for the classification error found in reviewed cases, it is {corrected}. These limits "
        f"allow for classification error as well{why}."
    )


def identification_text(cells: ShownCells) -> list[str]:
    """Sentences under figure 1, one for all requirements and one for each type."""
    return [_identified(cells, kind) for kind in (ALL, *TYPES)]


def _identified(cells: ShownCells, kind: str) -> str:
    def text(measure: str) -> str:
        return cells.text(IDENTIFIED, kind, measure)

    def percent(measure: str) -> str:
        return cells.percent(IDENTIFIED, kind, measure)

    _, lower, upper = map(percent, and_limits("sample_engaged_share"))
    return (
        f"{noun_of(kind)}: {text('all_requirements')} requirements, of which {text('linked_requirements')} "
        f"({percent('linked_of_requirements')}) were linked. {percent('sample_engaged_share')} of a sample of "
        f"{text('sample')} not linked showed engagement in contact notes ({{level}} confidence limits: {lower} to "
        f"{upper}). Applied to all requirements not linked, this adds an estimated {percent('engaged_share')} and "
        f"gives up to {percent('any_treatment_share')} in any treatment."
    )


def notes_text(cells: ShownCells) -> str:
    """Sentence under figure 4."""
    count, share = f"requirements/{ALL}", f"share_of_results/{ALL}"
    listed = joined(
        [
            f"{cells.text(EVIDENCE, name, count)} ({cells.percent(EVIDENCE, name, share)}) {phrase}"
            for name, phrase in EVIDENCE_PHRASES.items()
        ]
    )
    undetermined, with_a_result = (cells.text(EVIDENCE, row, count) for row in (NOT_DETERMINED, WITH_A_RESULT))
    text = f"Of the sampled requirements, {with_a_result} had a result: {listed}."
    if undetermined == "0":
        return text
    return (
        f"{text} A further {undetermined} had no result, because at least one keyword note could not be labelled. They "
        "are left out of the percentages."
    )


def termination_text(cells: ShownCells) -> str:
    """Sentence under figure 5."""
    shares = joined(
        [f"{mean_engaged_text(cells, reason)} for those that {phrase}" for reason, phrase in TERMINATIONS.items()]
    )
    without, unlabelled = (cells.text(TERMINATION, row, "ended_sample") for row in (WITHOUT_NOTES, NO_RESULT))
    return (
        "In the last {termination_period} before a requirement ended, the mean share of its contact notes that "
        f"indicate engagement was {shares} ({{level}} confidence limits). {without} requirements had no note in those "
        f"weeks and {unlabelled} had a keyword note without a label. They are left out of the mean and do not count as "
        "zero."
    )
