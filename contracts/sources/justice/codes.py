"""Codes that several justice extracts share.

Belongs here: codes. Does not belong here: columns, and codes that the study's extracts have too (contracts/sources).

Where no public source gives the codes of a system they are ours, in its words (docs/quality/assumptions.md).
"""

JUSTICE_SOURCES = ("probation", "prison", "crown", "magistrates")  # as in every table of the zone

DISPOSAL_TYPES = {
    "CO": "community order",
    "SSO": "suspended sentence order",
    "DSC": "determinate sentence of custody",
    "YOI": "detention in a young offender institution",
    "EXT": "extended determinate sentence",
    "LIFE": "life or indeterminate sentence",
    "YRO": "youth rehabilitation order",
    "PSS": "post-sentence supervision",
}
COURT_OUTCOMES = {
    "CUSTODY": "immediate custody",
    "SUSPENDED": "suspended sentence",
    "COMMUNITY": "community sentence",
    "FINE": "fine",
    "DISCHARGE": "absolute or conditional discharge",
    "OTHER": "otherwise dealt with",
    "NOT_CONVICTED": "acquitted, dismissed, withdrawn or discontinued",
    "TO_CROWN": "sent or committed to the Crown Court",
}
COURT_ETHNICITIES = {  # of courts: five groups, as an officer saw them
    "W": "White",
    "M": "Mixed",
    "A": "Asian or Asian British",
    "B": "Black or Black British",
    "O": "Other",
}
RECEIPT_TYPES = ["trial", "sentence", "appeal"]
RELEASE_TYPES = {
    "AUTOMATIC": "automatic release on licence at the conditional release date",
    "HDC": "home detention curfew",
    "PAROLE": "release by the Parole Board",
    "END": "end of sentence, without licence",
    "REREL": "release again after recall",
}
RECALL_TYPES = {"FTR14": "fixed term, 14 days", "FTR28": "fixed term, 28 days", "STD": "standard"}
RECALL_REASONS = {
    "OFFENCE": "charged with a further offence",
    "CONTACT": "out of contact with probation",
    "RESIDENCE": "residence not as directed",
    "BEHAVIOUR": "poor behaviour, failed to comply",
    "CURFEW": "breach of curfew",
    "SUBSTANCE": "misuse of drugs or alcohol",
    "OTHER": "other",
}
LICENCE_CONDITIONS = {
    "STANDARD": "standard conditions alone",
    "RESIDENCE": "place of residence",
    "CONTACT": "no contact with a person",
    "EXCLUSION": "exclusion from a place",
    "PROGRAMME": "to attend a programme",
    "SUPERVISION": "supervision in the community, further requirements",
    "SUBSTANCE": "drug or alcohol testing or treatment",
    "CURFEW": "curfew or electronic monitoring",
}
INTERVENTIONS = {
    "TTG": "Through the Gate: resettlement before release and at it",
    "ACCOMMODATION": "accommodation",
    "ETE": "education, training and employment",
    "FINANCE": "finance, benefit and debt",
    "SUBSTANCE": "drugs and alcohol, not a treatment requirement",
    "WELLBEING": "personal wellbeing, mentoring, family",
    "BEHAVIOUR": "thinking and behaviour programme",
}
INTERVENTION_OUTCOMES = {
    "COMPLETED": "completed",
    "NOT_COMPLETED": "started, not completed",
    "NOT_STARTED": "referred, never started",
    "WITHDRAWN": "referral withdrawn",
}
CONTACT_METHODS = {
    "OFFICE": "office appointment",
    "HOME": "home visit",
    "PRISON": "visit in prison",
    "PHONE": "telephone",
    "VIDEO": "video call",
    "WRITTEN": "letter, text or e-mail",
}
