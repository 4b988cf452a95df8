"""Computes a step in parts, on every core of this machine where asked, each part in a process of its own.

Belongs here: how many processes, and that none outlives its work. Does not belong here: how a step is divided.
"""

import os
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import joblib
from joblib.externals.loky import get_reusable_executor

from resources.process.child_processes import end_with_parent

Part = TypeVar("Part")


def in_parts(function: Callable[..., Part], arguments: Iterable[tuple[Any, ...]]) -> list[Part]:
    """What `function` returns for each of the tuples of arguments, in their order.

    One after the other in this process, or in several within `on_every_core`; the results are the same.
    """
    return cast("list[Part]", joblib.Parallel()(joblib.delayed(function)(*each) for each in arguments))


@contextmanager
def on_every_core() -> Generator[None]:
    """In this block, what `in_parts` divides is computed in as many processes as there are cores for this one.

    The processes talk through pipes: joblib is told to put nothing into files. They end with the block.
    """
    cores = len(os.sched_getaffinity(0))
    if cores == 1:
        yield
        return
    with joblib.parallel_config(backend="loky", n_jobs=cores, max_nbytes=None, initializer=end_with_parent):
        try:
            yield
        finally:
            get_reusable_executor().shutdown(wait=True, kill_workers=True)
