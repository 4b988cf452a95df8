import pytest

from resources.settings.study_settings import SETTINGS_FILE


@pytest.fixture
def settings_with(tmp_path):
    """Function: words of study.toml and others in their place -> path of a copy that has them."""

    def changed(old: str, new: str):
        text = SETTINGS_FILE.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "study.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return changed
