"""What the folder pnomis holds: periods in custody."""

from contracts.sources.columns import code, day, identifier
from contracts.sources.spellings import CRN_PATTERN
from contracts.sources.uses import PRISON
from resources.extracts import extract_rules as rules
from resources.extracts.extract_declaration import Extract, Order
from resources.extracts.values.identity_numbers import NOMS_PATTERN

PRISON_SPELL = Extract(
    "prison_spell",
    "pnomis",
    "One row per period in custody (p-NOMIS bookings)",
    (
        identifier("noms_number", "prison number", PRISON, null=False, pattern=NOMS_PATTERN),
        identifier("booking_id", "booking key", PRISON, null=False),
        day("reception_date", "first night in custody", PRISON, null=False),
        day("release_date", "release; empty while in custody at the extract", PRISON),
        code(
            "spell_type",
            "legal status",
            ["remand", "convicted_unsentenced", "sentenced", "recall", "civil", "immigration"],
            PRISON,
            null=False,
        ),
        identifier("crn", "CRN, if the extract was already linked", PRISON, pattern=CRN_PATTERN),
    ),
    ("booking_id",),
    orders=(Order("reception_date", "release_date", rules.RELEASED_BEFORE_RECEPTION),),
    event_date="reception_date",
    not_asked=("reception_reason", "release_reason", "establishment_code", "sentence_date", "main_offence_code"),
)
