"""A code location of two tables that take a while and say when they were made, for tests of who waits for whom."""

import os
from pathlib import Path
from time import sleep, time

import dagster as dg

QUARTERS = ["2023Q1", "2023Q2", "2023Q3"]
quarters = dg.StaticPartitionsDefinition(QUARTERS)


def make(context: dg.AssetExecutionContext) -> None:
    """Take a while, and write down the quarter with the time of begin and end."""
    began = time()
    sleep(1)
    with Path(os.environ["SLOW_TABLES"]).open("a", encoding="utf-8") as file:
        file.write(f"{context.partition_key} {began} {time()}\n")


@dg.asset(partitions_def=quarters, pool="gpu")
def first(context: dg.AssetExecutionContext) -> None:
    """A table."""
    make(context)


@dg.asset(partitions_def=quarters, deps=[first])
def second(context: dg.AssetExecutionContext) -> None:
    """Another, made of it."""
    make(context)


defs = dg.Definitions([first, second], executor=dg.in_process_executor)
