"""Lets a step that joblib divides use every core of this machine, each part in a process of its own.

Belongs here: how many processes, and that none outlives its work. Does not belong here: how a step is divided; a step
says so with joblib.Parallel, and runs in one process wherever nobody has opened `on_every_core`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import joblib
from joblib.externals.loky import get_reusable_executor

from resources.child_processes import end_with_parent


@contextmanager
def on_every_core() -> Iterator[None]:
    """In this block, what joblib divides is computed in as many processes as there are cores for this one.

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
