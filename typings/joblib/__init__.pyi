# What is used here of joblib, which ships no types.
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

# A function that was put off, with its arguments
class Delayed: ...

def delayed(function: Callable[..., Any]) -> Callable[..., Delayed]: ...
def parallel_config(
    *, backend: str, n_jobs: int, max_nbytes: str | None, initializer: Callable[..., Any]
) -> AbstractContextManager[None]: ...

class Parallel:
    def __call__(self, iterable: Iterable[Delayed]) -> list[Any]: ...
