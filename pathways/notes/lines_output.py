"""Where the lines of a command on notes go: standard output, or a file that is there whole or not at all."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def lines_output(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output as bytes, or `output`, which appears when the block ends without an error."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    partial = output.with_name(output.name + ".partial")
    try:
        with partial.open("wb") as target:
            yield target
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
