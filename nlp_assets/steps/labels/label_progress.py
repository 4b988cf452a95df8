"""What a person sees while notes are labelled. Does not belong here: labelling (label_notes.py)."""

from resources.records.progress import say


def say_progress(done: int, total: int, per_second: float) -> None:
    """One line of progress. Counts only."""
    say(f"labelled {done:,} of {total:,} notes, {per_second:.0f} a second")
