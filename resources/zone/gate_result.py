"""How a check shows what a gate judged. Does not belong here: judging (gates.py)."""

from dataclasses import asdict

import dagster as dg

from resources.zone.gates import GATE, Judgement


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
