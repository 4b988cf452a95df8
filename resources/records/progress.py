"""What a person sees while a zone runs. Counts only.

Does not belong here: the line of each table (progress_logger.py), and what stops a run (refusals.py), which is
said once, at its end.
"""


def say(message: str) -> None:
    """Print one line of progress at once. Never pass a data value."""
    line(f"  {message}")


def line(text: str) -> None:
    """Print one line at once."""
    print(text, flush=True)
