"""What the folder prison holds: people in prison and their custodial journeys (p-NOMIS)."""

from contracts.sources.columns import code, day, identifier, text
from contracts.sources.justice.people import names, police_numbers
from contracts.sources.justice.uses import FITS, IMPOSSIBLE, TWICE, WHO_PRISON
from contracts.sources.ndelius import ETHNICITIES
from contracts.sources.spellings import SEXES_SPELT
from resources.extracts import extract_rules as rules
from resources.extracts.extract_declaration import Extract, Order
from resources.extracts.values.identity_numbers import NOMS_PATTERN

PRISON_PERSON = Extract(
    "prison_person",
    "prison",
    "One row per prison number (p-NOMIS OFFENDERS)",
    (
        identifier("noms_number", "prison number", WHO_PRISON, null=False, pattern=NOMS_PATTERN),
        *names(WHO_PRISON),
        code("sex", "M, F, N, O", "MFNO", WHO_PRISON, spelt=SEXES_SPELT),
        code("ethnicity", "18+1 ethnicity code used in prisons", ETHNICITIES, WHO_PRISON),
        text("postcode", "postcode of the last address before custody, as typed", WHO_PRISON),
        *police_numbers(WHO_PRISON),
    ),
    ("noms_number",),
    one_of=(("forename", "surname"), ("dob", "pnc_number", "cro_number")),
    not_asked=("birthplace", "nationality", "height", "weight"),
)
CUSTODIAL_JOURNEY = Extract(
    "custodial_journey",
    "prison",
    "One row per period in custody (p-NOMIS bookings and movements)",
    (
        identifier("journey_id", "journey key", TWICE, null=False),
        identifier("noms_number", "prison number", WHO_PRISON, FITS, null=False, pattern=NOMS_PATTERN),
        identifier("establishment_code", "prison at release, or now", IMPOSSIBLE),
        day("reception_date", "first night in custody", WHO_PRISON, IMPOSSIBLE, null=False),
        day("release_date", "release; empty while in custody at the extract", IMPOSSIBLE),
        day("sentence_date", "date of the sentence served; empty without one", WHO_PRISON),
    ),
    ("journey_id",),
    orders=(Order("reception_date", "release_date", rules.RELEASED_BEFORE_RECEPTION),),
    event_date="reception_date",
    may_be_blank=("release_date",),
    not_asked=("legal_status", "sentence_days", "offence_group"),
)
PRISON_EXTRACTS = (PRISON_PERSON, CUSTODIAL_JOURNEY)
