"""Sentences of the publication on what contact notes say and how sure that is, written from what the tables show.

Belongs here: sentences with figures from contact notes that report and note page share. Does not belong here: the
published study's figures (note_reading_text.py), fixed text (templates).
"""

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.engagement.estimate_engagement import CORRECTED
from modelling_assets.steps.engagement.extrapolate_sample import AS_LABELLED
from modelling_assets.steps.engagement.worst_known_result import AT_WORST
from publication_assets.catalogue.rows import (
    ENGAGED,
    NO_INDICATION,
    NO_KEYWORD_NOTES,
    NO_RESULT,
    NOT_DETERMINED,
    WITH_A_RESULT,
    WITHOUT_NOTES,
)
from publication_assets.steps.documents.clear_differences import difference
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.figures.of_quality.note_figures import (
    ANY,
    ESTIMATES,
    any_treatment_finding,
    any_treatment_text,
    leading_basis,
    led_share,
    with_limits,
    worst_is_known,
)
from publication_assets.steps.tables.shown_cells import ShownCells, joined
from publishing.tables.declared import and_limits, noun_of

IDENTIFIED, EVIDENCE, TERMINATION = "identification", "contact_note_evidence", "engagement_by_termination"
ERRORS = "label_errors"
LIMITS_ALLOW_FOR = (
    "The limits of corrected estimates allow for sampling and classification error. Those of estimates as labelled "
    "allow for sampling error only."
)
WORDINGS = {
    "held-out wordings": "wordings that it had never seen",
    "known wordings": "wordings that it was built from",
}
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
    return with_limits(*(read(ESTIMATES, f"{kind}/{basis}", each) for each in and_limits(measure)))


def mean_engaged_text(cells: ShownCells, reason: str) -> str:
    """The mean share of notes that indicate engagement before the end for a reason, with its limits."""
    return with_limits(*(cells.percent(TERMINATION, reason, measure) for measure in and_limits("mean_engaged")))


def engagement_heading(cells: ShownCells, experimental: bool) -> str:
    """The first finding. experimental: what read the notes has read no real one."""
    withheld = f"How many {noun_of(ALL)} had some form of treatment is withheld ({led_share(cells)})"
    return any_treatment_finding(cells, experimental) or withheld


def engaged_text(cells: ShownCells) -> str:
    """What the first finding is made of: linked, and the estimate for those not linked."""
    basis = leading_basis(cells)
    share, number = (
        estimate_text(cells, ALL, basis, measure) for measure in ("estimated_share", "estimated_requirements")
    )
    how = "corrected for classification error" if basis == CORRECTED else "as labelled"
    return (
        f"Of {cells.text(IDENTIFIED, ALL, 'all_requirements')} requirements, "
        f"{cells.percent(IDENTIFIED, ALL, 'linked_of_requirements')} were linked to structured treatment. Of those not "
        f"linked, an estimated {share} engaged according to contact notes, {how}. That is {number} requirements."
        f"{_at_worst(cells)}"
    )


def _at_worst(cells: ShownCells) -> str:
    """What the share in any treatment would be at the worst known result; empty where it cannot be said."""
    share = estimate_text(cells, ALL, AT_WORST, ANY) if worst_is_known(cells) else "["
    if share.startswith("["):
        return ""
    return (
        f" If labels were as wrong as in the classifier's worst known result, {share} of {noun_of(ALL)} had some form "
        "of treatment."
    )


def treated_by_type_text(cells: ShownCells) -> str:
    """The share in any treatment of ATRs beside that of DRRs, with what is clear of the difference."""
    said = [f"{any_treatment_text(cells, kind)} for {noun_of(kind)}" for kind in TYPES]
    basis = leading_basis(cells)
    first, second = (
        [cells.value(ESTIMATES, f"{kind}/{basis}", measure) for measure in and_limits(ANY)] for kind in TYPES
    )
    close = " There is no clear difference." if difference(first, second) == 0 else ""
    return f"{'The' if basis == CORRECTED else 'As labelled, the'} estimate is {joined(said)}.{close}"


def worst_text(cells: ShownCells) -> str:
    """What the classifier's worst known result is, and what it would make of the finding; empty where none is known."""
    row = "invented/not engaged"
    if row.replace(" ", "_") not in cells.rows(ERRORS):
        return ""
    right = with_limits(*(cells.percent(ERRORS, row, measure) for measure in and_limits("right_share")))
    wordings = cells.group(ERRORS, row).rpartition(", ")[2]
    known = (
        f"The classifier's worst known result is on invented notes, in {WORDINGS.get(wordings, wordings)}. There it "
        f"labels {right} of requirements without engagement correctly."
    )
    then = estimate_text(cells, ALL, AT_WORST, ANY)
    if then.startswith("["):
        return f"{known} If it did no better here, its labels would say too little for an estimate."
    return f"{known} If it did no better here, the share in any treatment would be {then}."


def not_corrected_text(cells: ShownCells) -> str:
    """Beside a finding that leads with the corrected share: the share as labelled. Else why nothing is corrected."""
    if leading_basis(cells) != CORRECTED:
        return uncertainty_text(cells, ALL)
    return (
        "The limits of these estimates allow for sampling and classification error. As labelled, without correction, "
        f"the share of {noun_of(ALL)} in any treatment is {estimate_text(cells, ALL, AS_LABELLED, ANY)}."
    )


def uncertainty_text(cells: ShownCells, kind: str) -> str:
    """How sure the share in any treatment is, as labelled and corrected for wrong labels."""
    labelled, corrected = (estimate_text(cells, kind, basis, ANY) for basis in (AS_LABELLED, CORRECTED))
    remark = cells.text(ESTIMATES, f"{kind}/{CORRECTED}", "remark")
    why = "" if remark.startswith("[") else f": {remark[0].lower()}{remark[1:]}"
    first = (
        f"As labelled, without correction for classification error, the share of {noun_of(kind)} in any treatment is "
        f"{labelled}. These limits allow for sampling error only."
    )
    if corrected.startswith("["):
        return f"{first} No corrected estimate can be given{why or f' ({corrected})'}."
    return (
        f"Corrected for the classification error found in reviewed cases, the share of {noun_of(kind)} in any "
        f"treatment is {corrected}. These limits allow for sampling and classification error{why}. As labelled, "
        f"without correction, it is {labelled}."
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
    led = (
        f" Corrected for classification error, an estimated {any_treatment_text(cells, kind)} were in any treatment."
        if leading_basis(cells) == CORRECTED
        else ""
    )
    return (
        f"{noun_of(kind)}: {text('all_requirements')} requirements, of which {text('linked_requirements')} "
        f"({percent('linked_of_requirements')}) were linked.{led} As labelled, {percent('sample_engaged_share')} of a "
        f"sample of {text('sample')} not linked showed engagement in contact notes ({{level}} confidence limits: "
        f"{lower} to {upper}). Applied to all requirements not linked, this adds an estimated "
        f"{percent('engaged_share')} and gives {percent('any_treatment_share')} in any treatment."
    )


def keyword_text(cells: ShownCells) -> str:
    """What the estimate leaves out, because only notes with a keyword are classified."""
    none, base = (cells.text(EVIDENCE, row, f"requirements/{ALL}") for row in (NO_KEYWORD_NOTES, WITH_A_RESULT))
    counted = "" if none.startswith("[") or base.startswith("[") else f" ({none} of {base} in the sample)"
    return (
        "Only notes with a treatment keyword were classified. Engagement that other notes describe is not counted in "
        f"this estimate. A requirement without any such note{counted} counts as not engaged."
    )


def limits_text(cells: ShownCells) -> str:
    """What the limits of the estimates by type allow for; of each that cannot be corrected in full, why."""
    kinds = [
        kind for kind in (ALL, *TYPES) if not cells.text(ESTIMATES, f"{kind}/{CORRECTED}", "remark").startswith("[")
    ]
    if leading_basis(cells) == AS_LABELLED:
        kinds = [ALL]
    return " ".join(uncertainty_text(cells, kind) for kind in kinds) or LIMITS_ALLOW_FOR


def notes_text(cells: ShownCells) -> str:
    """Sentence under figure 4."""
    count, share = f"requirements/{ALL}", f"share_of_results/{ALL}"
    found = {
        f"{cells.text(EVIDENCE, name, count)} ({cells.percent(EVIDENCE, name, share)}) {phrase}": name
        for name, phrase in EVIDENCE_PHRASES.items()
    }
    said = [words for words in found if not words.startswith("[")]
    undetermined, with_a_result = (cells.text(EVIDENCE, row, count) for row in (NOT_DETERMINED, WITH_A_RESULT))
    text = f"Of the sampled requirements, {with_a_result} had a result{': ' if said else ''}{listed(said)}."
    if len(said) < len(found):
        text += " The other numbers are withheld."
    if undetermined == "0":
        return text
    return (
        f"{text} A further {undetermined} had no result, because at least one keyword note could not be labelled. They "
        "are left out of the percentages."
    )


def termination_text(cells: ShownCells) -> str:
    """Sentence under figure 5."""
    shares = [f"{mean_engaged_text(cells, reason)} for those that {phrase}" for reason, phrase in TERMINATIONS.items()]
    shown = [share for share in shares if not share.startswith("[")]
    mean = "In the last {termination_period} before a requirement ended, the mean share of its contact notes that "
    said = f"{mean}indicate engagement was {listed(shown)} ({{level}} confidence limits)." if shown else ""
    withheld = " Means of the other endings are withheld, or rest on too few." if len(shown) < len(shares) else ""
    without, unlabelled = (cells.text(TERMINATION, row, "ended_sample") for row in (WITHOUT_NOTES, NO_RESULT))
    left_out = (
        f"{without} requirements had no note in those weeks and {unlabelled} had a keyword note without a label. They"
        if not (without + unlabelled).count("[")
        else "Requirements without a note in those weeks, or with a keyword note that has no label,"
    )
    return f"{said}{withheld} {left_out} are left out of the mean and do not count as zero.".strip()
