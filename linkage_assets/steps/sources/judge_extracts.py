"""Judges how the extracts of a quarter fit together, before anything is made of them: `pathways check` and the
refresh use this one list.

Belongs here: all that is judged of several extracts, as one list. Does not belong here: the
references (contracts/references.py), lists and numbers (steps/sources/judge_values.py), and reading files.
"""

from contracts.references import AGREEMENTS, REFERENCES
from linkage_assets.steps.sources.judge_values import COLUMNS, judge_values
from resources.extracts.extract_references import Fit, Frames, columns_needed, judge_references
from resources.settings.study_settings import StudySettings


def extract_columns(table: str) -> list[str]:
    """Columns of an extract that are needed to judge it beside others, sorted; none for a table that is not judged."""
    return sorted({*columns_needed((*REFERENCES, *AGREEMENTS), table), *COLUMNS.get(table, ())})


def judge_extracts(frames: Frames, settings: StudySettings) -> list[Fit]:
    """Everything that can be judged with the extracts in `frames`: table to a frame with its `extract_columns`."""
    return [*judge_references((*REFERENCES, *AGREEMENTS), frames), *judge_values(frames, settings)]
