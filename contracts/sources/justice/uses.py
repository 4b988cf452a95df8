"""What columns of the justice extracts are used for: the step that reads them, and what it is for.

Belongs here: one use per step and purpose. Does not belong here: columns (the other files of this folder), and the uses
of the study's extracts (contracts/sources/uses.py).
"""

from resources.extracts.extract_declaration import Use

_PEOPLE = "justice_assets.steps.people.standardise_persons"

# Who is who.
WHO_PROBATION = Use(f"{_PEOPLE}:standardise_probation", "which records are one person: table person_link")
WHO_PRISON = Use(f"{_PEOPLE}:standardise_prison", "which records are one person: table person_link")
WHO_CROWN = Use(f"{_PEOPLE}:standardise_crown", "which records are one person: table person_link")
WHO_MAGISTRATES = Use(f"{_PEOPLE}:standardise_magistrates", "which records are one person: table person_link")

# What happened. Steps that read these are those of the tables named.
JOURNEYS = Use("", "which magistrates' case a Crown case came from: table mags_crown_journey")
IMPOSSIBLE = Use("", "people who cannot be one: check of impossible people")
SENTENCES = Use("", "sentences by group, offence and court: table of sentences")
CUSTODY = Use("", "releases from custody and recall: table of releases and recalls")
REPORTS = Use("", "reports asked for and delivered: table of court reports")
SUPERVISION = Use("", "how often, how and by how many officers: table of supervision")
SERVICES = Use("", "who reaches services beside who is in court: table of services")
