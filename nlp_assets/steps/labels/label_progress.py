"""What a person sees while notes are labelled. Does not belong here: labelling (label_notes.py)."""

from nlp_assets.serving.server_counters import ServerCounters
from resources.records.json_log import write, writes_json
from resources.records.progress import say
from resources.records.shown_counts import shown_count


def say_progress(done: int, total: int, per_second: float) -> None:
    """One line of progress. Counts only."""
    say(f"labelled {done:,} of {total:,} notes, {per_second:.0f} a second")


def say_server_counts(counted: ServerCounters, base: int) -> None:
    """One line of what was asked of a server, if anything: requests and failures, rounded to `base`, and seconds."""
    if not counted.requests:
        return
    requests = shown_count(counted.requests, base, f"fewer than {base}")
    failures = shown_count(counted.failures, base, f"fewer than {base}")
    if writes_json():
        write("label_server", requests=requests, failures=failures, seconds=round(counted.seconds, 1))
    else:
        say(f"label server: {requests} requests, {failures} failed, {counted.seconds:,.0f} s until the answers came")
