"""The order in which levels of a research view stand in a table.

Belongs here: orders that are not that of the alphabet. Does not belong here: what a level means (the schemas).
"""

from contracts.vocabulary import AGE_BANDS, ETHNIC_GROUPS, NOT_RECORDED, OGRS_BANDS, TERMINATION_REASONS

LENGTHS = ("Under 6 months", "6 to under 12 months", "1 to under 4 years", "4 years and over")
ORDER: dict[str, tuple[str, ...]] = {
    "sex": ("Male", "Female"),
    "age_band": ("Under 18", *AGE_BANDS),
    "ethnic_group": tuple(ETHNIC_GROUPS),
    "length_band": LENGTHS,
    "licence_band": ("No licence", "Up to 12 months", "Over 12 months to 2 years", "Over 2 years"),
    "conditions": ("None but the standard ones", "One", "Two", "Three and more"),
    "support_in_custody": ("Yes", "No"),
    "through_the_gate": ("Started", "Referred, not started", "Not referred", "Released before it began"),
    "ogrs_band": tuple(OGRS_BANDS),
    "kind": (
        "Community order",
        "Suspended sentence order",
        *(f"Custody: {length.lower()}" for length in LENGTHS),
        "Custody: not recorded",
    ),
    "sentence": ("Community order", "Suspended sentence order", "Custody", "Other"),
    "outcome": (
        "Immediate custody",
        "Suspended sentence",
        "Community sentence",
        "Fine",
        "Discharge",
        "Otherwise dealt with",
    ),
    "asked": ("Standard", "Fast", "Oral"),
    "delivered": ("Standard", "Fast", "Oral", "None, or none recorded"),
    "days": ("Same day", "1 to 7 days", "8 to 21 days", "Over 21 days"),
    "contacts": ("None", "Under 1 a month", "1 to under 2 a month", "2 and more a month"),
    "officers": ("None recorded", "One", "Two", "Three", "Four and more"),
    "report": ("Standard", "Fast", "Oral", "No report recorded"),
    "ended": tuple(TERMINATION_REASONS),
    "reached": ("Started a service", "On probation, started none", "Not on probation"),
    "waited": ("Within 2 weeks", "Over 2 to 4 weeks", "Over 4 to 8 weeks", "Over 8 weeks", "Not started"),
    "phase": ("In custody", "In the community"),
    "sex_and_ethnic_group": tuple(
        f"{sex}, {group}" for sex in ("Male", "Female") for group in (*ETHNIC_GROUPS, "ethnic group not recorded")
    ),
    "earlier": ("None", "One", "Two or three", "Four and more"),
    "given": ("Community order", "Custody under 12 months"),
}


def ordered(column: str, levels: list[str]) -> list[str]:
    """Levels of a column in the order of tables: known ones first, then by the alphabet, what is not recorded last."""
    known = {level: place for place, level in enumerate(ORDER.get(column, ()))}
    return sorted(levels, key=lambda level: (level == NOT_RECORDED, known.get(level, len(known)), level))
