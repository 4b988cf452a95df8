"""The page, the PROV record and the RO-Crate say what receipts say: of every table, and of nobody."""

import json
from inspect import signature

import polars as pl
import pytest
from prov.model import ProvDocument
from rocrate.rocrate import ROCrate

from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.readability import readability
from publication_assets.steps.lineage.lineage_page import lineage_document, lineage_html, lineage_values
from publication_assets.steps.lineage.prov_record import prov_json
from publication_assets.steps.lineage.research_object import crate_json
from publication_assets.steps.lineage.run_record import READS, RunRecord, assets_read, function_of, steps_of
from publication_assets.steps.tables.make_tables import TableInputs, made_by
from publishing.documents.render_document import document_html
from publishing.research_crate import CRATE_FILE
from resources.receipts.receipts import CheckRecord, Receipt

CODE = {"commit": "0123abc", "uv.lock": "f" * 64, "python": "3.11"}
EXTRACT = "extract:ndelius/offender"
MADE_FROM = {
    "offender": {EXTRACT: "e" * 64, "file:linkage/secrets/release.key": "d" * 64},
    "scored_pairs": {"offender": "1" * 64},
    "linkage_model": {},
    "analysis_frame": {"scored_pairs": "2" * 64},
    "pooled_odds_ratios": {"analysis_frame": "4" * 64},
    "counted_tables": {"analysis_frame": "4" * 64, "pooled_odds_ratios": "5" * 64, "settings:linkage": "a"},
    "published_tables": {"counted_tables": "6" * 64},
    "publication": {"published_tables": "7" * 64},
}
IN_LINKAGE = ("offender", "scored_pairs", "linkage_model")


def receipt(number: int, table: str) -> Receipt:
    return Receipt(
        table=table,
        quarter="2023Q1",
        rows=3 if table == "linkage_model" else 1234,
        columns=0,
        bytes=0,
        sha256=str(number) * 64,
        code="c" * 16,
        settings="s",
        made_from=MADE_FROM[table],
        seconds=1.0,
        peak_mb=1,
        checks={"matches_schema": CheckRecord(passed=True, judged={}), "other": None},
        number=1,
        run="run-1",
        launched_by="asha, by command",
        made_at="2023-05-01T10:00:00+00:00",
    )


@pytest.fixture
def record(settings) -> RunRecord:
    tables = {
        name: ("linkage" if name in IN_LINKAGE else "modelling", receipt(number, name))
        for number, name in enumerate(MADE_FROM, 1)
    }
    signed = (("release", "approver", "ben", "2023-05-02"),)
    accepted = ({"measure": "rows", "by": "ada", "on": "2023-05-01", "reason": "late file"},)
    return RunRecord("2023Q1", tables, settings, CODE, accepted, signed)


@pytest.fixture
def files() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "table": ["publication"] * 3,
            "file": ["report.html", "open_data/table_1.csv", "open_data/csv-metadata.json"],
            "bytes": [10, 20, 30],
            "sha256": ["a" * 64, "b" * 64, "c" * 64],
        }
    )


def test_the_page_names_every_published_table_with_what_it_was_counted_from(cells, record, facts):
    page = lineage_html(cells, record, facts)
    for number in cells["table"].unique():
        assert f'id="table-{number}"' in page
    assert "pooled_odds_ratios (1,235 rows)" in page and "linkage_model" in page
    assert all(said in page for said in ("asha", "ben", "late file", "e" * 64, "HM Prison and Probation Service"))
    assert "1234" not in page and "fewer than 5" in page and "secrets" not in page


def test_the_page_uses_all_that_it_is_given_and_reads_easily(cells, record, facts, unused):
    assert unused("lineage", lineage_values(cells, record, facts)) == set()
    found = readability(document_html(lineage_document(cells, record, facts), facts))
    assert found.sentence_length <= 16 and found.reading_age <= 16


def test_a_table_is_walked_back_over_what_its_own_function_reads(record):
    tables = record.tables
    of_odds_ratios = [step.receipt.table for step in steps_of(tables, TABLES["odds_ratios_linked_atr"])]
    of_counts = [step.receipt.table for step in steps_of(tables, TABLES["linked_by_region"])]
    assert "pooled_odds_ratios" in of_odds_ratios and "pooled_odds_ratios" not in of_counts
    assert of_counts == ["published_tables", "counted_tables", "analysis_frame", "scored_pairs", "offender"]


@pytest.mark.parametrize("declared", TABLES.values(), ids=TABLES)
def test_a_function_is_read_as_python_would_call_it(declared):
    function = made_by(declared)
    assert assets_read(declared) == {READS[name] for name in signature(function).parameters if name in READS}
    file, said = function_of(declared)
    assert file.endswith(f": {function.__name__}") and said


def test_every_input_of_tables_is_a_parameter_that_is_known():
    assert READS.keys() - {"frame"} == TableInputs.__dataclass_fields__.keys() - {"analysis_frame"}


def test_the_record_is_prov_that_its_library_reads_and_the_same_to_the_byte(record, files):
    written = prov_json(record, files)
    assert written == prov_json(record, files)
    document = ProvDocument.deserialize(content=written.decode(), format="json")
    found = json.loads(written)
    assert len(document.records) > 40
    assert found["entity"]["pathways:table/offender"]["pathways:rows"] == "1235"
    assert found["entity"]["pathways:table/linkage_model"]["pathways:rows"] == "fewer than 5"
    used = {(each["prov:activity"], each["prov:entity"]) for each in found["used"].values()}
    assert ("pathways:making/offender", "pathways:extract/ndelius/offender") in used
    assert ("pathways:making/pooled_odds_ratios", "pathways:table/analysis_frame") in used
    assert "secrets" not in written.decode()


@pytest.mark.filterwarnings("error")
def test_who_launched_a_run_is_an_agent_that_every_notation_of_prov_can_name(record, files):
    found = json.loads(prov_json(record, files))["agent"]
    assert found["pathways:launched-by/asha%2C%20by%20command"] == {"prov:label": "asha, by command"}


def test_the_publication_is_an_ro_crate_that_its_library_reads(tmp_path, files, facts):
    written = crate_json(files, CODE["commit"], facts)
    assert written == crate_json(files, CODE["commit"], facts)
    for name in files["file"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / CRATE_FILE).write_bytes(written)
    crate = ROCrate(tmp_path)
    assert {"report.html", "open_data/table_1.csv"} <= {entity.id for entity in crate.data_entities}
    table, page = crate.dereference("open_data/table_1.csv"), crate.dereference("report.html")
    assert table and table["subjectOf"].id == "open_data/csv-metadata.json"
    assert page and page["sha256"] == "a" * 64
    assert facts.title in crate.name
