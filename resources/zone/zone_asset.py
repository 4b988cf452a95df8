"""The decorator of every asset.

Belongs here: what all assets of all zones share. Does not belong here: any particular asset, what an error may say
(shield.py).
"""

import inspect
from collections.abc import Callable
from typing import Any, cast

import dagster as dg

from resources.process.shield import shielded
from resources.zone.dagster_partitions import quarters


def zone_asset(**options: Any) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """`dagster.asset` partitioned by quarter, shielded. Takes the options of `dagster.asset`.

    At launch nothing can be said to it but the fields of its parameter `config`, where it has one.
    """

    def decorate(function: Callable[..., Any]) -> dg.AssetsDefinition:
        takes: dict[str, Any] = {} if "config" in inspect.signature(function).parameters else {"config_schema": {}}
        as_asset = cast("Callable[..., dg.AssetsDefinition]", dg.asset(partitions_def=quarters, **takes, **options))
        return as_asset(shielded(function))

    return decorate
