"""What a person sees while notes are labelled. Does not belong here: labelling (label_notes.py)."""

from collections.abc import Callable, Mapping
from time import monotonic

from nlp_assets.serving.server_counters import ServerCounters
from resources.records.json_log import write, writes_json
from resources.records.progress import say
from resources.records.shown_counts import shown_count, shown_counts

SECONDS_BETWEEN_METRICS = 60


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


def say_server_metrics(metrics: Mapping[str, int | float], base: int) -> None:
    """One line of what vLLM has counted since labelling began, if anything: counts rounded to `base`, and seconds."""
    if not any(metrics.values()):
        return
    shown = shown_counts(metrics, base)
    if writes_json():
        write("label_server_metrics", **shown)
    else:
        words = [f"{name.replace('_', ' ')} {told}" for name, told in shown.items()]
        say(f"label server counts: {', '.join(words)}")


def progress_with_metrics(
    metrics: Callable[[], Mapping[str, int | float]], base: int, clock: Callable[[], float] = monotonic
) -> Callable[[int, int, float], None]:
    """As `say_progress`, with what the server counts at most once a minute. Notes are labelled in chunks: no thread is
    needed that asks meanwhile.
    """
    last = clock()

    def say_both(done: int, total: int, per_second: float) -> None:
        nonlocal last
        say_progress(done, total, per_second)
        if clock() - last >= SECONDS_BETWEEN_METRICS:
            say_server_metrics(metrics(), base)
            last = clock()

    return say_both
