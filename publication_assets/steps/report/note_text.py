"""Sentences of the publication on what contact notes say and how sure that is, written from what the tables show.

Belongs here: sentences with figures from contact notes that report and note page share. Does not belong here: the
published study's figures (note_reading_text.py), fixed text (templates).
"""

from contracts.vocabulary import KIND_LABELS
from modelling_assets.steps.engagement.estimate_engagement import ANY_TREATMENT as ANY
from modelling_assets.steps.engagement.estimate_engagement import CORRECTED
from modelling_assets.steps.engagement.extrapolate_sample import AS_LABELLED
from publication_assets.steps.figures.of_quality.note_figures import with_limits
from publication_assets.steps.tables.contents.tables_identification import (
    ENGAGED,
    EVIDENCE,
    NO_INDICATION,
    NO_KEYWORD_NOTES,
    sample_limit,
)
from publication_assets.steps.tables.contents.tables_termination import (
    COUNT,
    LEFT_OUT,
    MEAN,
    MEAN_LOWER,
    MEAN_UPPER,
    NO_RESULT,
    WITHOUT_NOTES,
)
from publication_assets.steps.tables.estimates.tables_estimates import (
    BASIS_LABELS,
    LIMITS,
    QUANTITIES,
    REMARK,
    limit_header,
)
from publication_assets.steps.tables.shown_cells import ShownCells, joined

ANY_TREATMENT = "Any treatment, estimate (% of requirements)"
LINKED_SHARE = "Linked to structured treatment (% of requirements)"
ESTIMATED_SHARE = "Not linked, engaged according to contact notes, estimate (% of requirements)"
SAMPLE, SAMPLE_SHARE = (
    "Sample of those not linked, notes read with a result (count)",
    "Sample, engaged according to contact notes (% of sample)",
)
LOWER, UPPER = sample_limit("lower"), sample_limit("upper")
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


def estimate_text(cells: ShownCells, noun: str, basis: str, quantity: str) -> str:
    """An estimate of table 20 with its limits, e.g. "82% (81% to 84%)"; its shorthand when withheld."""
    measures = (QUANTITIES[quantity][0], *(limit_header(quantity, limit) for limit in LIMITS))
    percent = QUANTITIES[quantity][1] == "percent"
    read = cells.percent if percent else cells.text
    return with_limits(*(read(20, BASIS_LABELS[basis], measure, noun) for measure in measures))


def uncertainty_text(cells: ShownCells, noun: str) -> str:
    """How sure the share in any treatment is, as labelled and corrected for wrong labels."""
    labelled, corrected = (estimate_text(cells, noun, basis, ANY) for basis in (AS_LABELLED, CORRECTED))
    remark = cells.text(20, BASIS_LABELS[CORRECTED], REMARK, noun)
    why = "" if remark.startswith("[") else f": {remark[0].lower()}{remark[1:]}"
    first = (
        f"As labelled, without correction for classification error, the share of {noun} in any treatment is estimated "
        f"at {labelled}. These limits allow for sampling error only."
    )
    if corrected.startswith("["):
        return f"{first} No corrected estimate can be given{why or f' ({corrected})'}."
    return (
        f"{first} Corrected for the classification error found in reviewed cases, it is {corrected}. These limits "
        f"allow for classification error as well{why}."
    )


def identification_text(cells: ShownCells) -> list[str]:
    """Sentences under figure 1, one for each requirement type."""
    return [
        f"{label}: {cells.text(1, label, 'Requirements (count)')} requirements, of which "
        f"{cells.text(1, label, 'Linked to structured treatment (count)')} ({cells.percent(1, label, LINKED_SHARE)}) "
        f"were linked. {cells.percent(1, label, SAMPLE_SHARE)} of a sample of {cells.text(1, label, SAMPLE)} not "
        f"linked showed engagement in contact notes ({{level}} confidence limits: {cells.percent(1, label, LOWER)} to "
        f"{cells.percent(1, label, UPPER)}). Applied to all requirements not linked, this adds an estimated "
        f"{cells.percent(1, label, ESTIMATED_SHARE)} and gives up to {cells.percent(1, label, ANY_TREATMENT)} in any "
        "treatment."
        for label in KIND_LABELS.values()
    ]


def notes_text(cells: ShownCells) -> str:
    """Sentence under figure 4."""
    both = next(iter(KIND_LABELS.values()))
    count, share = f"{both} (count)", f"{both} (% of those with a result)"
    listed = joined(
        [
            f"{cells.text(3, label, count)} ({cells.percent(3, label, share)}) {EVIDENCE_PHRASES[name]}"
            for name, label in EVIDENCE.items()
        ]
    )
    undetermined = cells.text(3, "Not determined: some keyword note has no label", count)
    with_a_result = cells.text(3, "All sampled requirements with a result", count)
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
        [
            f"{with_limits(*(cells.percent(4, reason, measure) for measure in (MEAN, MEAN_LOWER, MEAN_UPPER)))} for "
            f"those that {phrase}"
            for reason, phrase in TERMINATIONS.items()
        ]
    )
    without, unlabelled = (cells.text(4, LEFT_OUT[name], COUNT) for name in (WITHOUT_NOTES, NO_RESULT))
    return (
        "In the last {termination_period} before a requirement ended, the mean share of its contact notes that "
        f"indicate engagement was {shares} ({{level}} confidence limits). {without} requirements had no note in those "
        f"weeks and {unlabelled} had a keyword note without a label. They are left out of the mean and do not count as "
        "zero."
    )
