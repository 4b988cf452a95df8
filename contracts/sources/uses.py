"""What columns of the extracts are used for: the step that reads them, and what of it is published or stopped.

Belongs here: one use per step and purpose. Does not belong here: columns (the other files of this folder).

A column without a use is not asked for (UK GDPR, article 5(1)(c); Caldicott principle 3). A test runs every step
without each column that is said to be used by it, and expects it to fail.
"""

from resources.extracts.extract_declaration import Use

_REQUIREMENTS = "linkage_assets.steps.requirements"
_TREATMENT = "linkage_assets.steps.treatment"
_COURTS = "linkage_assets.steps.courts"
_PEOPLE = "linkage_assets.steps.people"

# Who is who.
LINKS_FROM_PROBATION = Use(
    f"{_PEOPLE}.standardise_people:standardise_offenders", "links to treatment, on which table 1 and most others rest"
)
LINKS_FROM_TREATMENT = Use(
    f"{_PEOPLE}.standardise_people:standardise_clients", "links to probation, on which table 1 and most others rest"
)
WHO_IS_COUNTED = Use(
    f"{_PEOPLE}.assign_pseudonyms:assign_probation_pseudonyms", "people of the study: figure M1 and every table"
)
WHAT_IS_COUNTED = Use(
    f"{_PEOPLE}.assign_pseudonyms:assign_requirement_pseudonyms", "requirements of the study: figure M1 and every table"
)
FILES_FIT = Use(
    "linkage_assets.steps.sources.judge_extracts:judge_extracts",
    "check accepted_extracts: the file is of these people and sentences",
)

# What probation recorded.
AT_SENTENCE = Use(
    f"{_REQUIREMENTS}.collect_probation_attributes:collect_probation_attributes",
    "person, order and offence at sentence: breakdowns in tables 5 to 14, 24, 41 and 42, factors in tables 16 to 19",
)
WHERE_AT_SENTENCE = Use(
    f"{_REQUIREMENTS}.collect_probation_attributes:collect_probation_attributes",
    "local authority of the address at sentence, of which counts alone leave the zone: table 42",
)
HOW_IT_ENDED = Use(
    f"{_REQUIREMENTS}.collect_probation_attributes:collect_probation_attributes",
    "when and how requirements ended: tables 4, 23 and 37",
)
FURTHER_OFFENCE = Use(
    f"{_REQUIREMENTS}.collect_probation_attributes:collect_probation_attributes",
    "whether an offence is a further one: reconvictions, tables 12 to 15, 18 and 19",
)
REPORTS = Use(
    f"{_REQUIREMENTS}.collect_probation_attributes:collect_pre_sentence_reports",
    "type of pre-sentence report, with which missing values of tables 16 to 19 are completed",
)

# What treatment, prisons and courts recorded.
EPISODES = Use(
    f"{_TREATMENT}.read_episodes:read_episodes", "treatment journeys: tables 1, 2, 5 to 12, 15 to 19 and 22 to 24"
)
SUBSTANCES = Use(f"{_TREATMENT}.read_episodes:read_episodes", "substance group in treatment: tables 22 and 38")
CONSENT_COUNTED = Use(f"{_REQUIREMENTS}.count_consort:count_consort", "people who refused to share: figure M1")
DAYS_OF_USE = Use(f"{_COURTS}.read_outcome_forms:read_outcome_forms", "substance use before and after: table 33")
PRISON = Use(f"{_COURTS}.collect_prison_receptions:collect_prison_receptions", "receptions into prison: table 2")
COURTS = Use(
    f"{_COURTS}.collect_court_appearances:collect_court_appearances",
    "reconvictions and the sentencing court: tables 12 to 15, factors in tables 16 to 19",
)

# What is read in contact notes.
NOTES_READ = Use(
    "nlp_assets.steps.notes.select_notes:select_notes", "engagement that notes record: tables 1, 3, 4 and 20"
)
