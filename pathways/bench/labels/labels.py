"""How fast a label server reads notes: notes a second, share of the prompt found in its cache, off-choice mass.

Belongs here: measuring one server with notes of a stated length. Does not belong here: how right its labels are
(`pathways compare-models`), and what labelling costs besides the server (benchmarks/notes/label_throughput.py).

The notes are synthetic and distinct, so that only the shared prompt can be found in the cache. Any text does: the
time a model takes depends on the number of tokens alone, which is why a server with dummy weights measures the same.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import fmean
from time import perf_counter

from nlp_assets.serving.completions_client import CompletionsClient, Score
from nlp_assets.serving.server_metrics import counted
from nlp_assets.steps.notes.prompt import Prompt, render
from synthetic_extracts.notes.compose import evaluation_texts

NOTES_TO_SIZE = 64
COUNTERS = {
    "asked": "prefix_cache_queries_total",
    "cached": "prefix_cache_hits_total",
    "prompt_tokens": "prompt_tokens_total",
}
FLOP_PER_PARAMETER = 2  # a multiplication and an addition per parameter and token


@dataclass(frozen=True)
class Asked:
    """What is measured. `note_tokens`: mean length of a note; `warm_up`: notes sent before the clock starts."""

    notes: int
    note_tokens: int
    notes_per_request: int
    requests_in_flight: int
    warm_up: int
    maximum_off_choice: float
    seed: int


@dataclass(frozen=True)
class Card:
    """What the arithmetic of the bound needs: parameters of the model (10^9) and what the card does (TFLOP/s)."""

    parameters_billion: float
    peak_tflops: float


def measure_labels(client: CompletionsClient, prompt: Prompt, asked: Asked, card: Card | None) -> dict:
    """One JSON-ready line. What follows from the server's counters is null where it has none.

    Raises ServerUnavailable, ServerRefuses.
    """
    prompts = [render(prompt, text) for text in _notes_of_length(client, asked)]
    prefix_tokens = client.count_tokens(render(prompt, ""))
    list(_ask(client, prompts[: asked.warm_up], asked))
    before = counted(client.counters(), COUNTERS)
    started = perf_counter()
    scores = list(_ask(client, prompts[asked.warm_up :], asked))
    seconds = perf_counter() - started
    used = _used(before, counted(client.counters(), COUNTERS))
    answered = [score for score in scores if score is not None]
    line = {
        "notes": len(scores),
        "seconds": round(seconds, 2),
        "notes_per_second": round(len(scores) / seconds, 1),
        "notes_per_request": asked.notes_per_request,
        "requests_in_flight": asked.requests_in_flight,
        "shared_prompt_tokens": prefix_tokens,
        "prompt_tokens_mean": _ratio(used.get("prompt_tokens"), len(scores), 1),
        "cached_prefix_share": _ratio(used.get("cached"), used.get("asked"), 4),
        "refused": len(scores) - len(answered),
        "constraint_broken": sum(score.chosen == "" for score in answered),
        "off_choice_mean": round(fmean(score.off_choice for score in answered), 6) if answered else None,
        "off_choice_above_maximum": sum(score.off_choice > asked.maximum_off_choice for score in answered),
    }
    return line | (_bound(line, card) if card else {})


def _notes_of_length(client: CompletionsClient, asked: Asked) -> list[str]:
    """Distinct notes of about `note_tokens` tokens: synthetic notes put together and cut at a word."""
    drawn = evaluation_texts(asked.seed, NOTES_TO_SIZE, held_out=False)[0].tolist()
    letters_per_token = sum(map(len, drawn)) / client.count_tokens("\n".join(drawn))
    wanted = round(asked.note_tokens * letters_per_token)
    each = max(1, round(2 * wanted / (sum(map(len, drawn)) / len(drawn))))
    count = asked.notes + asked.warm_up
    texts = evaluation_texts(asked.seed + 1, count * each, held_out=False)[0].tolist()
    joined = (" ".join(texts[number * each : (number + 1) * each]) for number in range(count))
    return [f"Entry {number}. {text}"[:wanted].rsplit(" ", 1)[0] for number, text in enumerate(joined)]


def _ask(client: CompletionsClient, prompts: list[str], asked: Asked) -> Iterator[Score | None]:
    size = asked.notes_per_request
    requests = [prompts[start : start + size] for start in range(0, len(prompts), size)]
    with ThreadPoolExecutor(asked.requests_in_flight) as pool:
        for scores in pool.map(client.score, requests):
            yield from scores


def _used(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after if name in before}


def _ratio(part: float | None, whole: float | None, digits: int) -> float | None:
    return round(part / whole, digits) if part is not None and whole else None


def _bound(line: dict, card: Card) -> dict:
    """The most notes a second that the card's arithmetic allows, once with what was cached and once without a cache."""
    if not line["prompt_tokens_mean"]:
        return {}
    tflop_per_token = FLOP_PER_PARAMETER * card.parameters_billion / 1000
    computed = line["prompt_tokens_mean"] * (1 - (line["cached_prefix_share"] or 0))
    bound = card.peak_tflops / (computed * tflop_per_token)
    return {
        "bound_notes_per_second": round(bound, 1),
        "bound_without_cache": round(card.peak_tflops / (line["prompt_tokens_mean"] * tflop_per_token), 1),
        "share_of_bound": round(line["notes_per_second"] / bound, 3),
    }
