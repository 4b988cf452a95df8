"""Extracts count as synthetic only while every file is one that the generator wrote."""

import inspect
import json
import os
from importlib import import_module
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from contracts.extracts import LINKAGE_EXTRACTS, NOTES_EXTRACTS
from nlp_assets.labels.label_folder import LabelFolder
from pathways.refresh.zone_order import ZONES
from publication_assets.steps.governance.governance_entries import made_up_throughout
from resources.extracts.extract_folder import ExtractFolder
from resources.extracts.synthetic_mark import MARK, not_marked, synthetic_mark, write_mark
from resources.secrets.kept_file import KeptFileDamaged
from resources.zone.dagster_partitions import quarters
from resources.zone.zone_store import READS_MARK, ZoneStore, is_current
from resources.zone.zone_tables import Zone

QUARTER = "2023Q1"
OFFENDER, NOTES = "ndelius/offender.csv", "contact_notes/contact_note.parquet"


@pytest.fixture
def folder(tmp_path) -> Path:
    """Extracts of a quarter as the generator leaves them."""
    folder = tmp_path / "extracts" / QUARTER
    for name in (OFFENDER, NOTES):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(name, encoding="utf-8")
    write_mark(folder, {"scale": 0.1, "seed": 1})
    return folder


def test_the_mark_speaks_of_the_files_that_were_written_and_says_how(folder):
    assert synthetic_mark(folder) == {"synthetic": True, "scale": 0.1, "seed": 1}
    assert not_marked(folder) == []


def test_without_a_mark_extracts_are_real(folder):
    (folder / MARK).unlink()
    assert synthetic_mark(folder) is None


def test_a_real_extract_in_place_of_a_synthetic_one_makes_all_real(folder):
    path = folder / OFFENDER
    path.write_text("x" * len(OFFENDER), encoding="utf-8")
    assert synthetic_mark(folder) is None and not_marked(folder) == [OFFENDER]


@pytest.mark.parametrize("name", ["ndelius/requirement.csv", "ndelius/offender.parquet", "ndelius/risk.csv/part-0.csv"])
def test_a_real_extract_beside_synthetic_ones_makes_all_real_in_every_zone(folder, name):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("", encoding="utf-8")
    for of in (None, LINKAGE_EXTRACTS, NOTES_EXTRACTS):
        assert synthetic_mark(folder, of) is None and not_marked(folder, of) == [name]


def test_a_link_out_of_the_folder_or_a_pipe_makes_all_real_and_holds_nothing_up(folder, tmp_path):
    (tmp_path / "real.csv").write_text(OFFENDER, encoding="utf-8")
    (folder / OFFENDER).unlink()
    (folder / OFFENDER).symlink_to(tmp_path / "real.csv")
    os.mkfifo(folder / "ndelius" / "risk.csv")
    assert not_marked(folder) == [OFFENDER, "ndelius/risk.csv"]


def test_a_zone_compares_the_content_of_its_own_extracts_only(folder, monkeypatch):
    """The linkage zone may not read notes, and does not hash them either."""
    (folder / NOTES).write_text("other notes", encoding="utf-8")
    root = str(folder.parents[1])
    assert ExtractFolder(root=root).synthetic(QUARTER, LINKAGE_EXTRACTS) is not None
    assert not LabelFolder(root=root).is_synthetic(QUARTER, NOTES_EXTRACTS)
    opened = []
    monkeypatch.setattr("resources.extracts.files.extract_parts.file_hash", lambda path: opened.append(path.name) or "")
    not_marked(folder, LINKAGE_EXTRACTS)
    assert opened == ["offender.csv"]


def test_what_programs_leave_beside_files_and_a_file_that_is_missing_change_nothing(folder):
    for name in (".DS_Store", "ndelius/Thumbs.db", "ndelius/.offender.csv.swp"):
        (folder / name).write_text("", encoding="utf-8")
    (folder / NOTES).unlink()
    assert synthetic_mark(folder) is not None


def test_a_mark_of_an_earlier_version_names_no_files_and_is_to_be_written_again(folder):
    (folder / MARK).write_text(json.dumps({"synthetic": True, "scale": 0.1, "seed": 1}), encoding="utf-8")
    with pytest.raises(KeptFileDamaged, match=r"files missing.*pathways extracts"):
        synthetic_mark(folder)


def test_what_is_made_of_real_notes_and_synthetic_records_needs_the_governance_of_real_data():
    made_up, real = (pl.DataFrame({"synthetic": [flag, True]}) for flag in (True, False))
    assert made_up_throughout(made_up, made_up)
    assert not made_up_throughout(made_up, real) and not made_up_throughout(real, made_up)
    assert not made_up_throughout(made_up, made_up.clear())


@pytest.mark.parametrize("package", ZONES)
def test_every_table_that_depends_on_the_mark_is_made_again_when_it_changes(package):
    definitions = import_module(f"{package}.definitions").defs()
    graph = definitions.resolve_implicit_global_asset_job_def().graph
    source = {node.name: inspect.getsource(node.definition.compute_fn.decorated_fn) for node in graph.nodes}
    asks = ("synthetic(", "publishable_labels(")
    asking = {name for name, code in source.items() if "def trained_" not in code and any(ask in code for ask in asks)}
    specs = definitions.resolve_all_asset_specs()
    marked = {spec.key.path[-1] for spec in specs if READS_MARK.items() <= spec.metadata.items()}
    assert asking == marked and (marked or package in {"modelling_assets", "publication_assets"})


def test_a_table_that_reads_the_mark_is_not_current_once_the_mark_has_changed(tmp_path, folder):
    @dg.asset(partitions_def=quarters, metadata=READS_MARK)
    def table() -> pl.DataFrame:
        return pl.DataFrame({"number": [1]})

    zone = Zone("linkage", tmp_path, "code", "settings", {})
    dg.materialize([table], partition_key=QUARTER, resources={"io_manager": ZoneStore(zone)})
    spec = next(iter(table.specs))
    assert is_current(zone, QUARTER, spec)
    (folder / MARK).unlink()
    assert not is_current(zone, QUARTER, spec)
