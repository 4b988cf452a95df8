"""What a person sees while a zone runs. Counts only.

Does not belong here: the line of each table (progress_logger.py), what stops a run (refusals.py), which is said once,
at its end, and the form of a line that a program reads (json_log.py).
"""

from resources.records.json_log import write, writes_json


def say(message: str) -> None:
    """Print one line of progress at once. Never pass a data value."""
    if writes_json():
        write("progress", said=message)
    else:
        line(f"  {message}")


def line(text: str) -> None:
    """Print one line at once."""
    print(text, flush=True)
