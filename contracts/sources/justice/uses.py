"""What columns of the justice extracts are used for: the step that reads them, and what it is for.

Belongs here: one use per step and purpose. Does not belong here: columns (the other files of this folder), and the uses
of the study's extracts (contracts/sources/uses.py).

That each step reads the columns that name it, and no other, is held by
tests/unit/contracts/test_every_justice_column_is_used.py.
"""

from resources.extracts.extract_declaration import Use

_PEOPLE = "justice_assets.steps.people.standardise_persons"
_VIEWS = "justice_assets.steps.views"

# Who is who.
WHO_PROBATION = Use(f"{_PEOPLE}:standardise_probation", "which records are one person: table person_link")
WHO_PRISON = Use(f"{_PEOPLE}:standardise_prison", "which records are one person: table person_link")
WHO_CROWN = Use(f"{_PEOPLE}:standardise_crown", "which records are one person: table person_link")
WHO_MAGISTRATES = Use(f"{_PEOPLE}:standardise_magistrates", "which records are one person: table person_link")
JOURNEYS = Use(
    "justice_assets.steps.journeys.match_crown_cases:match_crown_cases",
    "which magistrates' case a Crown case came from: table mags_crown_journey",
)

# What happened, and the tables for the panel that are counted of it.
SENTENCES = Use(f"{_VIEWS}.sentences:view_sentences", "sentences that probation carries out: table 1")
OUTCOMES = Use(f"{_VIEWS}.sentences:view_court_outcomes", "how courts dealt with defendants: table 2")
RELEASES = Use(f"{_VIEWS}.releases:view_releases", "releases from custody and recall: table 3")
CONDITIONS = Use(f"{_VIEWS}.releases:view_licence_conditions", "recall by licence condition: table 4")
RECALLS = Use(f"{_VIEWS}.releases:view_recalls", "how recalls are documented: table 5")
FOLLOWED = Use(f"{_VIEWS}.reconvictions:view_followed", "who is convicted again: table 6")
ORDERS = Use(f"{_VIEWS}.reconvictions:view_orders", "how orders end: table 7")
REPORTS = Use(f"{_VIEWS}.reports:view_reports", "reports asked for and delivered: tables 8 to 10")
SUPERVISION = Use(f"{_VIEWS}.supervision:view_supervision", "how often, and by how many officers: tables 11 to 13")
CONTACTS = Use(f"{_VIEWS}.supervision:view_contacts", "how contacts are made: table 14")
SERVICES = Use(f"{_VIEWS}.services:view_services", "what becomes of referrals: tables 15 and 21")
REACHED = Use(f"{_VIEWS}.services:view_people", "who reaches services beside who is in court: table 16")
REQUIREMENTS = Use(f"{_VIEWS}.reconvictions:view_requirements", "how requirements end: table 17")
CUSTODY = Use(f"{_VIEWS}.custody:view_custody", "custody of people who are alike: table 18")
COMPARED = Use(f"{_VIEWS}.compared:view_compared", "orders beside short custody: tables 19 and 20")

# Checks, which read more than one file.
IMPOSSIBLE = Use("", "people who cannot be one: check of impossible people")
FITS = Use("", "whether files fit together: check of references, table justice_extract_fit")
TWICE = Use("", "no row comes twice: check of keys, table quarantined_justice_rows")
