"""The transparency records are filled from the run, and what only people can say is a gap with a name."""

from dataclasses import replace

import pytest

from publication_assets.steps.documents.readability import readability
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.governance.governance_entries import governance_entries
from publication_assets.steps.lineage.run_record import RunRecord
from publication_assets.steps.release.release_entries import left_open, release_entries
from publication_assets.steps.report.write_report import report
from publication_assets.steps.transparency.gaps import gaps_of, words_of
from publication_assets.steps.transparency.write_records import (
    RECORDS,
    Quality,
    impact_values,
    linkage_values,
    notes_values,
    transparency_files,
)
from publishing.documents.document import Box
from resources.receipts.receipts import Receipt
from resources.settings.governance_settings import Governance
from resources.settings.release_settings import ImpactWords, RecordWords, Transparency
from tests.unit.publication_assets.text_of_pages import code_in

CODE = {"commit": "0123abc", "python": "3.11"}
LATER = {"commit": "4567def with changes that are not committed", "python": "3.12"}
NAMED_BY_RECORDS = {"scored_pairs": "linkage", "linkage_model": "linkage", "requirement_engagement": "nlp"}
VALUES = {
    "transparency_linkage": linkage_values,
    "transparency_notes": notes_values,
    "impact_assessment": impact_values,
}
TOLD = RecordWords(**dict.fromkeys(RecordWords.model_fields, "Told."))
COMPLETE = Transparency(
    team="Analysis",
    senior_responsible_owner="Director",
    website="gov.uk",
    linkage_model=TOLD,
    note_classifier=TOLD,
    impact_assessment=ImpactWords(**dict.fromkeys(ImpactWords.model_fields, "Told.")),
)
# Fields in the order of the standard, as governance asks.
ORDER = [
    "Name", "Description", "Website", "Contact", "Organisation", "Team", "Senior responsible owner", "Suppliers",
    "Detailed description", "Scope", "Benefits", "Previous process and alternatives", "Part in decisions",
    "Human review", "Frequency and scale", "Training of staff", "Appeals and review", "Architecture",
    "Input and output", "Maintenance", "Version",
]  # fmt: skip


@pytest.fixture
def record(settings) -> RunRecord:
    return RunRecord("2023Q1", {}, settings, CODE)


@pytest.fixture
def quality(linkage_tables, reading) -> Quality:
    notes = reading(("selection", "", "the requirement itself", "notes", "count", 500))
    return Quality(linkage_tables, notes, governance_entries(Governance(), synthetic=False))


def test_each_record_uses_all_that_it_is_given_and_reads_easily(record, quality, facts, unused):
    for file, page in transparency_files(record, quality, facts).items():
        name = RECORDS[file]
        values = VALUES[name](record, quality, facts)
        assert unused(name, values) <= {"edition", "organisation", "team", "senior_responsible_owner", "website"}
        found = readability(page.decode())
        assert found.sentence_length <= 16 and found.reading_age <= 16, (file, found)


@pytest.mark.parametrize("file", ["transparency_linkage.html", "transparency_notes.html"])
def test_a_record_has_the_fields_of_the_standard_in_its_order(record, quality, facts, file):
    page = transparency_files(record, quality, facts)[file].decode()
    places = [page.index(f">{heading}</h3>") for heading in ORDER]
    assert places == sorted(places)


def test_a_gap_is_named_where_it_is_and_with_the_setting_that_fills_it(record, quality, facts):
    pages = transparency_files(record, quality, facts)
    linkage = pages["transparency_linkage.html"].decode()
    assert "release.transparency.linkage_model.benefits" in linkage
    assert "release.transparency.note_classifier.benefits" not in linkage
    assert "release.transparency.impact_assessment.necessity" in pages["impact_assessment.html"].decode()


def test_what_people_say_stands_in_place_of_the_gap():
    assert gaps_of(COMPLETE) == []
    assert words_of(COMPLETE)["linkage_model.risks"] == "Told."
    assert len(gaps_of(Transparency())) == 3 + 2 * len(RecordWords.model_fields) + len(ImpactWords.model_fields)


def test_a_release_with_open_gaps_says_so_and_one_without_does_not(cells, consort, study_frame, settings):
    opened = settings.release
    complete = opened.model_copy(update={"transparency": COMPLETE})
    assert "Transparency records" in [each.heading for each in left_open(release_entries(opened, False))]
    assert "Transparency records" not in [each.heading for each in left_open(release_entries(complete, False))]
    facts = run_facts(study_frame, "2023Q1", settings)
    boxes = [block for block in report(cells, consort, facts).blocks() if isinstance(block, Box)]
    assert any("Transparency records" in box.items for box in boxes)


def made(at: str, run: str) -> dict[str, tuple[str, Receipt]]:
    """Receipts of the tables that the records name, of a run."""
    return {
        table: (
            zone,
            Receipt(
                table=table, quarter="2023Q1", rows=1, columns=1, bytes=1, sha256="a", code=f"code of {table}",
                settings="s", made_from={}, seconds=float(len(run)), peak_mb=len(run), checks={}, run=run,
                launched_by=run, made_at=at,
            ),
        )
        for table, zone in NAMED_BY_RECORDS.items()
    }  # fmt: skip


def test_records_are_the_same_to_the_byte_on_another_day_and_at_another_commit(record, quality, facts):
    today = replace(record, tables=made("2026-11-30T23:59:59+00:00", "before midnight"))
    tomorrow = replace(record, tables=made("2026-12-01T00:00:01+00:00", "after"), code=LATER)
    pages = transparency_files(today, quality, facts)
    assert pages == transparency_files(tomorrow, quality, facts)
    assert "code of scored_pairs" in pages["transparency_linkage.html"].decode()
    assert "code of requirement_engagement" in pages["transparency_notes.html"].decode()


# The fact sheet of the impact assessment lists tables and columns by the names that they are asked for with
@pytest.mark.parametrize("file", ["transparency_linkage.html", "transparency_notes.html"])
def test_a_complete_record_has_no_name_of_the_code(record, quality, facts, file):
    settings = record.settings.model_copy(
        update={"release": record.settings.release.model_copy(update={"transparency": COMPLETE})}
    )
    page = transparency_files(replace(record, settings=settings), quality, facts)[file].decode()
    assert code_in(page) == set()
