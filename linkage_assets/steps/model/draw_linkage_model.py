"""The page of a trained model of the study. Does not belong here: how it is drawn (record_linkage)."""

from record_linkage.model.draw_model import draw_model
from record_linkage.model.trained_model import TrainedModel

# Comparison to level: from the surest pair to one that just fails.
PATTERNS = {
    "Everything agrees": {},
    "Moved within the authority": {"location": "same authority"},
    "One character of the date differs": {"birth_date": "one character differs"},
    "Day and month swapped, moved away": {"birth_date": "day and month swapped", "location": "anything else"},
    "Another forename initial": {"initials": "surname initial only"},
    "Only initials and sex agree": {"birth_date": "anything else", "location": "anything else"},
}


def draw_linkage_model(model: TrainedModel, name: str) -> str:
    """HTML page of a model, for the person who approves it."""
    trained_on = model.trained_on
    sides = {"probation records": trained_on["ndelius_rows"], "treatment records": trained_on["ndtms_rows"]}
    return draw_model(model, name, f"{trained_on['quarter']}", sides, PATTERNS)
