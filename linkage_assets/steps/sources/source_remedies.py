"""What to do when a measure of a source lies outside its band. Belongs here: words only."""

from linkage_assets.steps.sources.profile_sources import COURTS, FILES, PRISON, PROBATION, TREATMENT
from record_linkage.scoring.profile_linkage import LINKAGE

_REAL = "If the change is real, accept it with its reason."
REMEDIES = {
    PROBATION: f"Look at the ndelius extracts: is every file of this quarter, whole, and coded as before? {_REAL}",
    COURTS: "Look at the courts extracts: do results, offences, cases and defendants belong to each other, and are "
    f"outcomes worded as in reference/code_lists/reconviction_outcomes.csv? {_REAL}",
    PRISON: "Look at pnomis/prison_spell: is it of this cohort, and are its prison numbers those of ndelius/offender? "
    f"{_REAL}",
    TREATMENT: f"Look at the ndtms extracts: is every data set whole, and are its codes those of before? {_REAL}",
    FILES: "Extracts are cumulative: send the whole file, not only the new rows, and each row once. If records were "
    "deleted or a system joined, accept it with its reason.",
    "nDelius": f"Look at ndelius/offender and offender_address: which identifier was lost on the way? {_REAL}",
    "NDTMS": f"Look at the ndtms extracts: which identifier was lost on the way? {_REAL}",
    LINKAGE: "Look at the identifiers of both sides first. If they are as they should be, train a model on this "
    "quarter, look at its charts and approve it.",
}
