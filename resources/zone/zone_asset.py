"""The decorator of every asset.

Belongs here: what all assets of all zones share. Does not belong here: any particular asset, what an error may say
(shield.py).
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any, cast

import dagster as dg

from resources.process.shield import shielded
from resources.zone.dagster_partitions import quarters

# Of a step that waits for a server: three times, within an hour. A refresh by command does not wait: somebody looks on.
TRIES_MORE, SECONDS_TO_WAIT = 3, 1200
BY_COMMAND = "pathways/quarter"  # tag of a run that a command started
OF_ZONE = "pathways/zone"  # tag of such a run: Dagster's list of runs names no job of theirs


def zone_asset(
    tried_again_after: type[Exception] | None = None, **options: Any
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """`dagster.asset` partitioned by quarter, shielded. Takes the options of `dagster.asset`.

    At launch nothing can be said to it but the fields of its parameter `config`, where it has one. `tried_again_after`:
    an error that may be gone in a while. Any other fails again, and is not tried again.
    """

    def decorate(function: Callable[..., Any]) -> dg.AssetsDefinition:
        takes: dict[str, Any] = {} if "config" in inspect.signature(function).parameters else {"config_schema": {}}
        as_asset = cast("Callable[..., dg.AssetsDefinition]", dg.asset(partitions_def=quarters, **takes, **options))
        return as_asset(shielded(_tried_again(function, tried_again_after) if tried_again_after else function))

    return decorate


def _tried_again(function: Callable[..., Any], after: type[Exception]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(context: dg.AssetExecutionContext, *args: Any, **kwargs: Any) -> Any:
        try:
            return function(context, *args, **kwargs)
        except after:
            if BY_COMMAND in context.run.tags or context.op_execution_context.retry_number >= TRIES_MORE:
                raise
        raise dg.RetryRequested(TRIES_MORE, SECONDS_TO_WAIT)

    return call
