"""What tests of several commands need: settings of the study that a test may change, and a data folder of its own."""

from collections.abc import Callable

import pytest
import tomlkit

from resources.settings.study_settings import SETTINGS_COPIES, SETTINGS_FILE
from resources.settings.variable_sheet import VARIABLE_SHEET


@pytest.fixture
def edit(tmp_path, monkeypatch) -> Callable[[str, str, object], None]:
    """Function that changes a setting of the study, given section, name and value; nobody has appointed anybody yet."""
    folder = tmp_path / "settings"
    folder.mkdir()
    (folder / VARIABLE_SHEET.name).write_bytes(VARIABLE_SHEET.read_bytes())
    monkeypatch.setenv(SETTINGS_COPIES, str(folder))
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    document = tomlkit.parse(SETTINGS_FILE.read_text(encoding="utf-8"))

    def change(section: str, name: str, value: object) -> None:
        document[section][name] = value  # type: ignore[index]
        (folder / SETTINGS_FILE.name).write_text(tomlkit.dumps(document), encoding="utf-8")

    change("duties", "appointed_by", "")
    return change
