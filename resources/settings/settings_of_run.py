"""The settings of one refresh: copied once at its start, and read by every process of it.

Belongs here: the copies, and noticing that people edited the files meanwhile. Does not belong here: what the settings
say (study_settings.py).

A refresh goes on with the settings of its start, so that all its tables are made with the same ones; the next refresh
makes anew what the edited settings touch. Stopping would throw away hours for a comma.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from resources.settings.study_settings import SETTINGS_COPIES, SETTINGS_FILE
from resources.settings.variable_sheet import VARIABLE_SHEET

FILES = (SETTINGS_FILE, VARIABLE_SHEET)


@contextmanager
def settings_of_run(folder: Path) -> Generator[Callable[[], list[str]]]:
    """Copy the settings into `folder` and have them read from there, in this process and those it starts.

    Gives a function that names the files which were edited since.
    """
    content = {path: path.read_bytes() for path in FILES}
    folder.mkdir(parents=True, exist_ok=True)
    for path in FILES:
        partial = folder / f"{path.name}.partial"
        partial.write_bytes(content[path])
        partial.replace(folder / path.name)
    before = os.environ.get(SETTINGS_COPIES)
    os.environ[SETTINGS_COPIES] = str(folder)
    try:
        yield lambda: [path.name for path in FILES if not path.is_file() or path.read_bytes() != content[path]]
    finally:
        if before is None:
            del os.environ[SETTINGS_COPIES]
        else:
            os.environ[SETTINGS_COPIES] = before
