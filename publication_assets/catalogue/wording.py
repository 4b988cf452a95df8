"""The words that settings decide: "within 12 months", "95%", what counts as linked, engaged or reconvicted.

Belongs here: every phrase that a setting would make false if it stood in a text. Titles, headers, notes and sentences
name a phrase in braces, as in "Reconvicted {within_period}". Does not belong here: numbers that only one sentence says.
"""

from collections.abc import Mapping, Sequence

from contracts.vocabulary import ALL, TYPE_NAMES
from publishing.documents.wording import Wording
from publishing.tables.declared import noun_of
from resources.settings.modelling_settings import Modelling
from resources.settings.study_settings import Combining, StudySettings

SECURE = {"adult_secure", "yp_secure"}
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def wording(settings: StudySettings) -> Wording:
    """The phrases of a run, which every text of the publication may name."""
    combining, notes = settings.combining, settings.notes
    period = spoken(combining.reconviction_months, "month")
    transfers, after = combining.transferred_counts_as, ", or the journey ended in a transfer that nothing followed"
    on_remand = "" if combining.prison_legal_status == "any" else " (not on remand)"
    return Wording(
        {
            **_types(settings.study.requirement_types),
            "period": period,
            "within_period": f"within {period}",
            "prison_within": f"within {spoken(combining.prison_months, 'month')}",
            "not_on_remand": on_remand,
            "termination_period": spoken(notes.termination_weeks, "week"),
            "start_form_days": spoken(combining.outcome_forms.days_from_start, "day"),
            "exit_form_days": spoken(combining.outcome_forms.days_from_discharge, "day"),
            "days_between_forms": spoken(combining.outcome_forms.days_apart, "day"),
            "small": _small(settings.publication.disclosure_threshold),
            "level": percent(settings.modelling.confidence_level),
            "reconviction": _reconviction(combining, period),
            "reconviction_list": _reconviction_list(combining),
            "journey_counts": _journey_counts(combining),
            "structured": _structured(combining),
            "or_transferred_completed": after if transfers == "completed" else "",
            "or_transferred_dropped": after if transfers == "dropped_out" else "",
            "decoys": _decoys(notes.linked_decoy_share),
            "Whose_contacts": _whose_contacts(notes.contacts_of),
            "left_out_statuses": _left_out(settings.modelling),
            **_models(settings, f"reconviction within {period}"),
            **_engaged(notes.requirement_rule.minimum_notes),
        }
    )


def model_in_words(name: str, wording: Wording) -> str:
    """A model by its outcome and requirements, e.g. "Linkage to structured treatment, ATRs"."""
    said = wording(f"{{outcome_of_{name}}}, {{types_of_{name}}}")
    return said[:1].upper() + said[1:]


def spoken(number: int, unit: str) -> str:
    """A number of units, e.g. "12 months" or "1 month"."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def percent(share: float) -> str:
    """A share as a percentage, e.g. "95%" or "97.5%"."""
    return f"{100 * share:.4g}%"


def _small(threshold: int) -> str:
    """Counts that are not shown for being small; with a threshold of 1 only rounding protects them (docs/adr/0005)."""
    return {1: "below 1 (there are none)", 2: "of 1"}.get(threshold, f"from 1 to {threshold - 1}")


def _reconviction(rules: Combining, period: str) -> str:
    outcomes = "one of the outcomes listed in the methodology"
    match rules.reconviction_date_basis:
        case "both":
            return f"a court appearance within {period} of sentence, with {outcomes}, for an offence after sentence"
        case "appearance_date":
            return f"a court appearance with {outcomes} within {period} of sentence, whenever the offence was committed"
        case "offence_date":
            return f"a court appearance with {outcomes} for an offence committed within {period} of sentence"


def _reconviction_list(rules: Combining) -> str:
    if rules.reconviction_outcome_set == "convictions_only":
        return "Only court outcomes that follow a conviction count"
    return "The court outcomes that count include some that are no convictions"


def _journey_counts(rules: Combining) -> str:
    started = "started after it"
    if rules.journey_within_months:
        started = f"started within {spoken(rules.journey_within_months, 'month')} after it"
    return f"was open at sentence or {started}"


def _structured(rules: Combining) -> str:
    sets = set(rules.structured_data_sets)
    places = "community" if not sets & SECURE else "secure" if sets <= SECURE else "community or secure"
    ages = (
        ""
        if {name.split("_")[0] for name in sets} == {"adult", "yp"}
        else (" of adults" if any(name.startswith("adult") for name in sets) else " of young people")
    )
    return f"structured {places} treatment{ages}"


def _types(types: Sequence[str]) -> dict[str, str]:
    """What is studied: all requirements, one of them, and each type by its code."""
    in_full = listed(
        [f"{TYPE_NAMES[kind]}s ({noun_of(kind)})" if kind in TYPE_NAMES else noun_of(kind) for kind in types]
    )
    article = "an" if types[0][0] in "AEIOUMNRS" else "a"
    return {
        "types": listed([noun_of(kind) for kind in types]),
        "a_type": f"{article} {listed(types, 'or')}",
        "each_type": listed(types),
        "of_each_type": listed([f"of {noun_of(kind)}" for kind in types]),
        "Types_in_full": in_full[:1].upper() + in_full[1:],
    }


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Parts of a sentence with commas and a last "and"."""
    return f" {last} ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _models(settings: StudySettings, reconviction: str) -> dict[str, str]:
    """Of each model, the requirements that it is of and its outcome."""
    modelling, types = settings.modelling, _types(settings.study.requirement_types)
    outcomes = {"linked_structured": "linkage to structured treatment", "reconvicted": reconviction}
    return {
        **{f"types_of_{name}": _of_model(model.requirement_type, types) for name, model in modelling.models.items()},
        **{f"outcome_of_{name}": outcomes[model.outcome] for name, model in modelling.models.items()},
    }


def _of_model(kind: str, phrases: Mapping[str, str]) -> str:
    return phrases["types"] if kind == ALL else noun_of(kind)


def _left_out(modelling: Modelling) -> str:
    status = modelling.factors.get("treatment_status")
    if status is None or not status.excluded:
        return "No record is left out of this model for its treatment status"
    ended = {
        "Prison": "ended when the person entered prison",
        "Died": "ended when the person died",
        "Dropped out": "ended in dropout",
    }
    named = [ended.get(level, f'has the status "{level}"') for level in status.excluded]
    return f"Records whose structured treatment {' or '.join(named)} are left out of this model"


def _decoys(share: float) -> str:
    if share == 0:
        return "No linked requirement was included as a positive control"
    return "Some linked requirements were included as positive controls, so that being in the sample reveals no linkage"


def _whose_contacts(contacts_of: str) -> str:
    """Which contacts in the window of a requirement are read."""
    if contacts_of == "person":
        return "All contact notes of the person (under whichever requirement they were recorded)"
    return "Contact notes recorded under the requirement or under none"


def _engaged(minimum: int) -> dict[str, str]:
    """Phrases of the rule that makes a requirement engaged, so many notes of which are enough."""
    number = COUNTED[minimum] if minimum < len(COUNTED) else str(minimum)
    notes, indicate = ("note", "indicates") if minimum == 1 else ("notes", "indicate")
    return {
        "enough_notes": f"at least {number} {notes}",
        "Enough_notes": f"At least {number} {notes}",
        "so_many_notes": f"{number.capitalize()} {notes}",
        "are": "is" if minimum == 1 else "are",
        "indicate": indicate,
        "too_few": "none" if minimum == 1 else f"fewer than {number}",
    }
