"""The decorator of every blocking check: what it says is written into the receipt of the table that it judges.

Belongs here: what all checks of all zones share. Does not belong here: any particular check.

Dagster forgets that a check failed as soon as somebody runs what follows without it. The record in the receipt is what
holds: it is written by the check itself, so it is there whether the command line or the UI ran it, and a table is read
only where every record says that its check passed.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import dagster as dg

from resources.process.shield import shielded
from resources.zone.dagster_partitions import quarters
from resources.zone.zone_store import ZoneStore

RECORDED = {"pathways/recorded": True}  # metadata of a check that writes what it says into the receipt


class CheckNotRecorded(Exception):
    """A blocking check of a zone was not made by `zone_check`, so that nothing would hold when it fails."""


def zone_check(
    asset: dg.AssetsDefinition | str, **options: Any
) -> Callable[[Callable[..., Any]], dg.AssetChecksDefinition]:
    """`dagster.asset_check`, blocking, partitioned by quarter, shielded and recorded. Takes the options of it.

    A check is judged again whenever its table, a table that it reads, code or settings have changed, or a decision by
    which it passed was taken back.
    """

    def decorate(function: Callable[..., Any]) -> dg.AssetChecksDefinition:
        name = options.get("name") or function.__name__
        metadata = {**options.get("metadata", {}), **RECORDED}
        made: dict[str, Any] = {
            **options,
            "asset": asset,
            "blocking": True,
            "partitions_def": quarters,
            "metadata": metadata,
            "config_schema": {},
        }
        return dg.asset_check(**made)(_recorded(function, name))

    return decorate


def require_recorded(specs: Iterable[dg.AssetCheckSpec]) -> None:
    """Raise CheckNotRecorded for a blocking check that `zone_check` did not make, whoever declared it."""
    for spec in specs:
        if spec.blocking and not RECORDED.items() <= spec.metadata.items():
            raise CheckNotRecorded(
                f"check {spec.name} of {spec.asset_key.path[-1]} is blocking and made by dagster.asset_check. Dagster "
                "forgets that a check failed: use resources.zone.zone_check.zone_check, which records it."
            )


def _recorded(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    given = inspect.signature(function).parameters
    added = {"context": dg.AssetCheckExecutionContext, "zone_store": dg.ResourceParam[ZoneStore]}

    @shielded
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> dg.AssetCheckResult:
        bound = signature.bind(*args, **kwargs).arguments
        result = function(**{parameter: value for parameter, value in bound.items() if parameter in given})
        context, store = bound["context"], bound["zone_store"]
        (check,) = context.selected_asset_check_keys
        step_key = str(context.op_execution_context.op_handle)
        store.record(check.asset_key.path[-1], context.partition_key, name, result, step_key)
        return result

    own = [parameter for parameter in given.values() if parameter.name not in added]
    context, store = (
        given.get(parameter) or inspect.Parameter(parameter, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)
        for parameter, kind in added.items()
    )
    signature = inspect.Signature([context, *own, store])
    call.__signature__ = signature  # type: ignore[attr-defined]
    call.__annotations__ = {parameter: kind.annotation for parameter, kind in signature.parameters.items()}
    return call
