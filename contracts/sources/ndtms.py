"""What the folder ndtms holds: the five data sets of treatment, and forms of the Treatment Outcomes Profile."""

from contracts.code_lists import entries
from contracts.sources.columns import code, day, identifier, initial, text, whole
from contracts.sources.spellings import SEXES_SPELT
from contracts.sources.uses import CONSENT_COUNTED, DAYS_OF_USE, EPISODES, LINKS_FROM_TREATMENT, SUBSTANCES
from resources.extracts import extract_rules as rules
from resources.extracts.extract_declaration import Column, Extract, Order, Withheld

ETHNICITIES = list("ABCDEFGHJKLMNPRSZ")
DRUGS = entries("ndtms_drug_codes_partial", "code", "label")
DISCHARGE_REASONS = entries("ndtms_discharge_reasons", "code", "label")

_PSEUDONYM = "pseudonym of the person in NDTMS, the same in all five data sets"
_CLIENT = identifier("CLIENTID", _PSEUDONYM, LINKS_FROM_TREATMENT, EPISODES, CONSENT_COUNTED, null=False)
_PERSON = (
    code(
        "CONSENT",
        "N: the person refused to share; nothing else may be filled",
        "YN",
        LINKS_FROM_TREATMENT,
        EPISODES,
        CONSENT_COUNTED,
        null=False,
    ),
    initial("FINITIAL", "first letter of the forename", LINKS_FROM_TREATMENT),
    initial("SINITIAL", "first letter of the surname", LINKS_FROM_TREATMENT),
    day("DOB", "date of birth", LINKS_FROM_TREATMENT, birth=True),
    code("SEX", "M or 1 male, F or 2 female, 0 and 9 not known", "MF1209", LINKS_FROM_TREATMENT, spelt=SEXES_SPELT),
    code("ETHNIC", "NHS 2001 ethnicity letter", ETHNICITIES, LINKS_FROM_TREATMENT),
)
_POSTCODE = text("PC", "postcode, whole or cut to the sector", LINKS_FROM_TREATMENT)
_AUTHORITY = text("UTLA", "ONS code of the upper tier local authority of residence", LINKS_FROM_TREATMENT)
_REFERRAL = day("REFLD", "date of referral", LINKS_FROM_TREATMENT)
_EPISODE = (
    text("AGNCY", "treatment provider", EPISODES, null=False),
    _CLIENT,
    identifier("EPISODID", "episode key", EPISODES),
    *_PERSON,
)
_TREATMENT = (
    code("ACCMNEED", "1 urgent NFA, 2 housing problem, 3 none", "123", LINKS_FROM_TREATMENT),
    _REFERRAL,
    day("TRIAGED", "date of triage: start of treatment", EPISODES),
    text("DRUG1", "main problem substance", SUBSTANCES, code_list=DRUGS),
    text("DRUG2", "second problem substance; 9996 none", SUBSTANCES, code_list=DRUGS),
    text("DRUG3", "third problem substance; 9997 none", SUBSTANCES, code_list=DRUGS),
    day("DISD", "date of discharge; empty while open", EPISODES),
    text(
        "DISRSN",
        "discharge reason, see reference/code_lists/ndtms_discharge_reasons.csv",
        EPISODES,
        code_list=DISCHARGE_REASONS,
    ),
)
_CONTACT = (
    _CLIENT,
    *_PERSON,
    _POSTCODE,
    _AUTHORITY,
    _REFERRAL,
    day("CJITTRD", "date of contact or assessment", EPISODES),
    day("CMSTARTD", "start of case management", EPISODES),
    day("CMENDD", "closure of case management", EPISODES),
)
_COMMUNITY = (*_EPISODE, _POSTCODE, _AUTHORITY, *_TREATMENT)
_SECURE = (*_EPISODE, _AUTHORITY, *_TREATMENT)


def _refused(columns: tuple[Column, ...]) -> tuple[Withheld, ...]:
    """Of people who refused to share, nothing is kept but that they did."""
    kept = ("AGNCY", "CLIENTID", "CONSENT")
    names = tuple(column.name for column in columns if column.name not in kept)
    return (Withheld("CONSENT", "N", names, rules.REFUSED),)


# Known columns of the treatment data sets that no step needs, most of them special categories of data.
_NOT_ASKED = (
    "NATION",
    "RFLS",
    "CPLANDT",
    "DRUG1AGE",
    "ROUTE",
    "INJSTAT",
    "ALCDDAYS",
    "ALCUNITS",
    "DUALDIAG",
    "EMPSTAT",
    "SEXUAL",
    "PREGNANT",
    "PRNTSTAT",
    "CHILDWTH",
    "DISDEST",
    "PREVTR",
)
_NOT_ASKED_SECURE = ("ESTABLISHMENT", "RECEPTIOND", "TRANSFROM", "TRANSTO", "RELDEST", "RELREF")

_CLIENT_FOUND_BY = ("FINITIAL", "SINITIAL", "DOB")
# Without starts nobody is in treatment; without ends everybody still is; without reasons everybody dropped out.
_BLANK_WHILE_OPEN = ("DISD", "DISRSN")
_EPISODE_TOLD_BY = (_CLIENT_FOUND_BY, ("TRIAGED",), ("DISD",), ("DISRSN",))
_BORN_BEFORE_REFERRAL = (Order("DOB", "REFLD", rules.BORN_AFTER_REFERRAL),)
_EPISODE_ORDERS = (
    *_BORN_BEFORE_REFERRAL,
    Order("DOB", "TRIAGED", rules.BORN_AFTER_REFERRAL),
    Order("TRIAGED", "DISD", rules.DISCHARGED_BEFORE_TRIAGE),
    Order("REFLD", "TRIAGED", rules.TRIAGED_BEFORE_REFERRAL, void=("REFLD",)),
)


def _episodes(
    name: str, row: str, columns: tuple[Column, ...], not_asked: tuple[str, ...], *, may_be_empty: bool = False
) -> Extract:
    """A data set of episodes of structured treatment."""
    return Extract(
        name,
        "ndtms",
        row,
        columns,
        may_be_empty=may_be_empty,
        orders=_EPISODE_ORDERS,
        one_of=_EPISODE_TOLD_BY,
        may_be_blank=_BLANK_WHILE_OPEN,
        event_date="REFLD",
        withheld=_refused(columns),
        not_asked=not_asked,
    )


ADULT_COMMUNITY = _episodes(
    "adult_community", "One row per episode (and address) of adult community treatment", _COMMUNITY, _NOT_ASKED
)
YP_COMMUNITY = _episodes(
    "yp_community",
    "One row per episode (and address) of young people's community treatment",
    _COMMUNITY,
    (*_NOT_ASKED, "YPSYOT"),
)
ADULT_SECURE = _episodes(
    "adult_secure", "One row per episode of adult treatment in custody", _SECURE, (*_NOT_ASKED, *_NOT_ASKED_SECURE)
)
YP_SECURE = _episodes(
    "yp_secure",
    "One row per episode of young people's treatment in custody",
    _SECURE,
    (*_NOT_ASKED, *_NOT_ASKED_SECURE),
    may_be_empty=True,
)
CJIT = Extract(
    "cjit",
    "ndtms",
    "One row per contact with a criminal justice intervention team (not structured treatment)",
    _CONTACT,
    orders=(
        *_BORN_BEFORE_REFERRAL,
        Order("CMSTARTD", "CMENDD", rules.ENDS_BEFORE_START),
        Order("CJITTRD", "CMENDD", rules.ENDS_BEFORE_START),
    ),
    one_of=(_CLIENT_FOUND_BY, ("CJITTRD", "CMSTARTD")),
    event_date="REFLD",
    withheld=_refused(_CONTACT),
    not_asked=("AGNCY", "EPISODID", "CLOSRSN", "NALOXISS", "VETERAN", "EHCSC"),
)

# Days of use in the last 28, by substance, in the words of the published table.
USE_COLUMNS = {
    "ALCUSE": "Alcohol",
    "OPIUSE": "Opiates",
    "CRAUSE": "Crack",
    "COCAUSE": "Cocaine",
    "AMPHUSE": "Amphetamines",
    "CANNUSE": "Cannabis",
    "OTDRGUSE": "Other drugs",
}
# Treatment stages of a form. The public lists give the names; the letters are ours (docs/quality/assumptions.md).
STAGES = ["S", "R", "E", "P"]
STAGES_SPELT = {
    "Start": "S",
    "Treatment start": "S",
    "TS": "S",
    "Review": "R",
    "Treatment review": "R",
    "Care plan review": "R",
    "RV": "R",
    "TR": "R",
    "Exit": "E",
    "Treatment exit": "E",
    "TE": "E",
    "Discharge": "E",
    "Post-treatment exit": "P",
    "Post treatment exit": "P",
    "Post-exit": "P",
    "Post discharge": "P",
    "PE": "P",
    "PT": "P",
}
OUTCOME_PROFILE = Extract(
    "outcome_profile",
    "ndtms",
    "One row per form of the Treatment Outcomes Profile, or its young people's version: days of use only",
    (
        text("AGNCY", "treatment provider", DAYS_OF_USE, null=False),
        identifier("CLIENTID", _PSEUDONYM, DAYS_OF_USE, null=False),
        identifier("EPISODID", "episode that the form belongs to", DAYS_OF_USE, null=False),
        day("TOPDATE", "date of the form", DAYS_OF_USE, null=False),
        code("TRSTAGE", "S start, R review, E exit, P after exit", STAGES, DAYS_OF_USE, null=False, spelt=STAGES_SPELT),
        *(
            whole(column, f"{words.lower()}: days used in the last 28", 0, 28, DAYS_OF_USE)
            for column, words in USE_COLUMNS.items()
        ),
    ),
    ("AGNCY", "CLIENTID", "EPISODID", "TOPDATE", "TRSTAGE"),
    one_of=(tuple(USE_COLUMNS),),
    event_date="TOPDATE",
    absent_means="substance use before and after treatment is not available, and table 33 says so",
)
