"""Another word in a template makes the documents that it belongs to anew, and no other table."""

import shutil

import pytest

from modelling_assets import definitions
from pathways import settled
from resources import code_fingerprint
from resources.data_root import REPOSITORY
from resources.zone_definitions import zone_store
from resources.zone_store import made_from

FOLDERS = sorted({folder for folders in definitions.WORDS.values() for folder in folders})


def test_every_folder_of_templates_belongs_to_a_document():
    templates = (REPOSITORY / "modelling_assets" / "templates").glob("*/*.md")
    assert sorted({str(path.parent.relative_to(REPOSITORY)) for path in templates}) == FOLDERS


def inputs() -> dict[str, dict[str, str]]:
    """What each table of the modelling zone would be made from, and its code."""
    made = definitions.defs()
    zone = zone_store(made).zone
    return {
        spec.key.path[-1]: made_from(zone, "2023Q1", spec) | {"code": spec.code_version}
        for spec in made.resolve_all_asset_specs() if spec.code_version
    }  # fmt: skip


@pytest.mark.parametrize("folder", ["modelling_assets/templates/note_reading", "modelling_assets/templates/report"])
def test_another_word_makes_its_document_anew_and_nothing_else(folder, monkeypatch, tmp_path):
    before = inputs()
    shutil.copytree(REPOSITORY / "modelling_assets" / "templates", tmp_path / "modelling_assets" / "templates")
    template = min((tmp_path / folder).glob("*.md"))
    template.write_text(template.read_text(encoding="utf-8") + "\nAnother word.\n", encoding="utf-8")
    monkeypatch.setattr("resources.zone_definitions.words_fingerprint", lambda of: words_of(tmp_path, of))
    after = inputs()
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {table for table, folders in definitions.WORDS.items() if folder in folders}


def words_of(root, folder: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code_fingerprint, "REPOSITORY", root)
        return code_fingerprint.words_fingerprint(folder)


def test_another_word_is_something_to_do_for_a_refresh(monkeypatch):
    settled._code.cache_clear()
    before = settled._code()
    monkeypatch.setattr(settled, "words_fingerprint", lambda *folders: "other words")
    settled._code.cache_clear()
    after = settled._code()
    settled._code.cache_clear()
    assert after != before
