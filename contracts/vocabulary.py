"""Words that mean the same in every zone: types of requirement, levels of what is recorded, statuses, labels of notes.

Belongs here: values that tables hold and people read. Does not belong here: code lists of suppliers (code_lists.py,
sources/), what a value is called in a sentence or a heading (publication_assets/catalogue). A third type of
requirement is one more of RequirementType, and its models in study.toml.
"""

from typing import get_args

from resources.settings.settings_section import RequirementType

ALL = "All"
TYPES: tuple[str, ...] = get_args(RequirementType)
TYPE_NAMES = {"ATR": "alcohol treatment requirement", "DRR": "drug rehabilitation requirement"}
NOTE_LABELS = NOT_ENGAGED, ENGAGED = ("0", "1")  # what a note says, as whatever reads notes answers

REGIONS = [
    "East Midlands",
    "East of England",
    "Greater London",
    "Greater Manchester",
    "Kent, Surrey and Sussex",
    "North East",
    "North West",
    "South Central",
    "South West",
    "West Midlands",
    "Yorkshire and the Humber",
]
NOT_STUDIED_REGION = "Wales"
DISPOSALS = ["Community order", "Suspended sentence order"]
COURT_TYPES = ["Magistrates", "Crown"]
LENGTH_BANDS = ["1 to 3 months", "4 to 6 months", "7 to 9 months", "10 to 12 months", "Over 12 months"]
ACCOMMODATION = ["Settled", "Bail or probation accommodation", "Other housed", "No fixed address", "Rough sleeping"]
AGE_BANDS = ["18 to 29", "30 to 39", "40 to 49", "50 and over"]
SEXES = ["Male", "Female"]
ETHNIC_GROUPS = ["White", "Asian", "Black", "Mixed", "Other"]
OGRS_BANDS = ["Low", "Medium", "High", "Very high"]
RSR_BANDS = ["Low", "Medium", "High"]
PSR_TYPES = ["Fast", "Oral", "Standard"]
NOT_RECORDED = "Not recorded"  # what a level is called that is empty

TREATMENT_STATUSES = ["Completed", "Remained", "Dropped out", "Prison", "Died"]
STATUSES_AT_END = [
    "Completed",
    "In treatment",
    "Dropped out",
    "Prison",
    "Died",
    "Started later",
    "No structured treatment",
]
TERMINATION_REASONS = ["Completed", "Revoked", "Suspended Sentence Activated", "Expired", "Died", "Other"]
SUBSTANCE_GROUPS = ["Opiates", "Non-opiates only", "Non-opiates and alcohol", "Alcohol only"]
TIME_BANDS = ["Already in treatment", "Within 3 weeks", "3 to 6 weeks", "6 to 12 weeks", "More than 12 weeks"]
# Times after sentence, or after the start of treatment, at which requirements are looked at, in days.
HORIZONS = {"3 weeks": 21, "6 weeks": 42, "12 weeks": 84, "6 months": 183, "12 months": 365}
FOLLOWED_FOR = ["Less than 3 weeks", *HORIZONS]
FORM_STAGES = ["Exit", "Review"]
