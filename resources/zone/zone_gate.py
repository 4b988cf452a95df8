"""A gate as a check of a zone: what a function measures is judged with the decisions of the quarter.

Belongs here: asking for the decisions, and how the check shows what was judged. Does not belong here: judging
(gates.py), holding a quarter until it passes (zone_check.py).
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import dagster as dg

from resources.zone.gates import GATE, DecisionsFolder, Judgement, Measure, judge
from resources.zone.zone_check import zone_check


def zone_gate(
    asset: dg.AssetsDefinition | str, **options: Any
) -> Callable[[Callable[..., Iterable[Measure]]], dg.AssetChecksDefinition]:
    """`zone_check` of a function that returns measures: each lies in its band, or a recorded decision accepts it.

    The check has the name of the function, which decisions name, unless `options` has another.
    """

    def decorate(function: Callable[..., Iterable[Measure]]) -> dg.AssetChecksDefinition:
        given = dict(inspect.signature(function).parameters)

        @functools.wraps(function)
        def gate(context: Any, decisions: DecisionsFolder, **inputs: Any) -> dg.AssetCheckResult:
            measures = function(**inputs, **({"context": context} if "context" in given else {}))
            name = options.get("name") or function.__name__
            return check_result(judge(name, measures, decisions.of_quarter(context.partition_key)))

        first, last = (
            inspect.Parameter(parameter, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)
            for parameter, kind in (
                ("context", dg.AssetCheckExecutionContext),
                ("decisions", dg.ResourceParam[DecisionsFolder]),
            )
        )
        own = [parameter for name, parameter in given.items() if name != "context"]
        gate.__signature__ = inspect.Signature([first, *own, last])  # type: ignore[attr-defined]
        return zone_check(asset, **options)(gate)

    return decorate


def check_result(judgement: Judgement) -> dg.AssetCheckResult:
    """The judgement as Dagster shows it: per refused measure its value, band and what to do, per accepted one by whom.

    The check must be blocking. The entry "gate" holds the same for the console and for `pathways accept`.
    """
    metadata: dict[str, dg.MetadataValue | str | int] = {"measures": len(judgement.measures)}
    for measure in judgement.refused:
        metadata[f"refused: {measure.name}"] = f"{measure.in_words()}. {measure.what_to_do}"
    for measure, decision in judgement.accepted:
        metadata[f"accepted: {measure.name}"] = (
            f"{measure.in_words()}. Accepted by {decision.by} on {decision.on}: {decision.reason}"
        )
    metadata[GATE] = dg.MetadataValue.json(
        {
            "acceptable": judgement.acceptable,
            "refused": [asdict(measure) for measure in judgement.refused],
            "accepted": [decision.model_dump(mode="json") for _, decision in judgement.accepted],
        }
    )
    return dg.AssetCheckResult(passed=judgement.passed, metadata=metadata)
