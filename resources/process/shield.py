"""The shield that keeps data values out of error messages.

Belongs here: what an error may say when it leaves the code of a zone. Does not belong here: what is shielded.

Errors of polars, DuckDB, pandera and Splink quote data values, and Dagster keeps every exception in its event log,
which governance staff read. So whatever Dagster calls is shielded: assets, checks, the IO manager, resources, sensors
and schedules. An error that is not our own leaves them only as its type and the lines of our code it passed through.
Our own errors (classes of this repository) say names and counts only, and pass without what they came from.
"""

import functools
import inspect
import sys
import traceback
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any, cast

from resources.process.storage_faults import StorageFault, storage_fault

OUR_PACKAGES = {
    "contracts",
    "resources",
    "drawing",
    "record_linkage",
    "mixed_models",
    "publishing",
    "linkage_assets",
    "nlp_assets",
    "modelling_assets",
    "publication_assets",
    "justice_assets",
    "synthetic_extracts",
    "pathways",
}


class DetailsWithheld(Exception):
    """An error of a library, without its message, which may quote data."""


def is_our_own(error: BaseException) -> bool:
    """Whether the class of an error belongs to this repository, whose messages hold names and counts only."""
    return type(error).__module__.split(".")[0] in OUR_PACKAGES


def withhold_details(error: BaseException) -> DetailsWithheld:
    """The error as type and lines of our code, without its message."""
    lines = [
        f"{frame.filename.rsplit('/', 3)[-3]}/{'/'.join(frame.filename.rsplit('/', 2)[-2:])}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if any(f"/{package}/" in frame.filename for package in OUR_PACKAGES) and "site-packages" not in frame.filename
    ]
    return DetailsWithheld(
        f"{type(error).__module__}.{type(error).__name__} at {' > '.join(lines) or 'a library'}. "
        "Its message is withheld, because it may quote data. Run the step on synthetic extracts to see it."
    )


def is_fault(error: BaseException) -> bool:
    """Whether it is an error, and no request to end or, of Dagster, to try again; a panic of a library in Rust, such as
    polars, is no Exception.
    """
    if type(error).__name__ == "RetryRequested" and type(error).__module__.startswith("dagster."):
        return False
    return isinstance(error, Exception) or type(error).__module__ == "pyo3_runtime"


def withhold_unraisable() -> None:
    """From now on, say only the type of an error that Python cannot raise, as in a callback of its garbage collector.

    Its traceback may quote data. A signal that arrives in one is told of by whoever hears of signals.
    """
    sys.unraisablehook = _withheld


def _withheld(ignored: "sys.UnraisableHookArgs") -> None:
    if ignored.exc_value is not None and is_fault(ignored.exc_value) and sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"{ignored.exc_type.__name__} in the background, passed over.", file=sys.stderr)


def fit_to_leave(error: BaseException) -> Exception:
    """What is raised in place of an error: our own without its causes, a fault of storage, or one without details."""
    if isinstance(error, Exception) and is_our_own(error):
        error.__cause__ = error.__context__ = None
        return error
    refused = storage_fault(error)
    return StorageFault(refused) if refused else withhold_details(error)


def shielded(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, also one that yields, whose errors quote no data."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            if not is_fault(error):
                raise
            leaves = fit_to_leave(error)
        raise leaves

    @functools.wraps(function)
    def iterate(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        try:
            return (yield from cast("Generator[Any, Any, Any]", function(*args, **kwargs)))
        except BaseException as error:
            if not is_fault(error):
                raise
            leaves = fit_to_leave(error)
        raise leaves

    return iterate if inspect.isgeneratorfunction(function) else call
