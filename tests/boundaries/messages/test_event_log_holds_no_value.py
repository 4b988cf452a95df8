"""Dagster's own records of a whole refresh hold no data value: governance staff read them."""

import re
from importlib import import_module

import polars as pl

from pathways.refresh.zone_order import ZONES

QUARTER = "2023Q1"


def dagster_bytes(var) -> bytes:
    files = [path for path in (var / "dagster").rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    return b"".join(path.read_bytes() for path in files)


def values_in(records: bytes, values: pl.Series) -> list[str]:
    """Which of the values stand in the records; all are looked for in one go, byte by byte."""
    wanted = values.drop_nulls().unique().to_list()
    as_bytes = [value.encode().decode("latin-1") for value in wanted]
    found = pl.Series([records.decode("latin-1")]).str.extract_many(as_bytes, overlapping=True).explode()
    return sorted({*found.drop_nulls()})


def test_no_identifier_of_any_person_is_in_the_event_log(small_quarter):
    records = dagster_bytes(small_quarter)
    identifiers = pl.read_parquet(small_quarter / "linkage" / QUARTER / "offender.parquet")
    for column in ("crn", "noms_number", "pnc_number", "cro_number"):
        found = values_in(records, identifiers[column])
        assert found == [], f"{len(found)} values of {column} are in Dagster's records"
    planted = identifiers["crn"][0]
    assert values_in(records + planted.encode() + records[:100], identifiers["crn"]) == [planted]


def test_the_catalogue_holds_no_identifier_no_date_of_a_person_and_no_note(small_quarter):
    specs = [spec for zone in ZONES for spec in import_module(f"{zone}.definitions").defs().resolve_all_asset_specs()]
    said = "".join(f"{spec.description} {spec.metadata} {spec.tags} {spec.owners} {spec.kinds}" for spec in specs)
    assert "Case Reference Number" in said
    people = pl.read_parquet(small_quarter / "linkage" / QUARTER / "offender.parquet")
    notes = pl.read_parquet(small_quarter / "nlp" / QUARTER / "filtered_notes.parquet")["note_text"].drop_nulls()
    values = [people[column].cast(pl.String) for column in ("crn", "noms_number", "pnc_number", "dob")]
    for column in (*values, notes.str.head(40)):
        found = [value for value in column.drop_nulls().unique() if value in said]
        assert found == [], f"{len(found)} values of {column.name} are in the catalogue"


def test_a_column_that_is_said_to_be_taken_over_holds_no_value_that_its_sources_do_not(small_quarter):
    folders = [*(small_quarter / zone / QUARTER for zone in ("linkage", "nlp", "modelling"))]
    folders += (small_quarter / "crossings").glob(f"*/{QUARTER}")
    tables = {path.stem: path for folder in folders for path in folder.glob("*.parquet")}
    for zone in ZONES:
        for spec in import_module(f"{zone}.definitions").defs().resolve_all_asset_specs():
            lineage = spec.metadata.get("dagster/column_lineage")
            table = spec.key.path[-1]
            for column, deps in lineage.deps_by_column.items() if lineage and table in tables else ():
                sources = [tables[dep.asset_key.path[-1]] for dep in deps]
                known = pl.concat(pl.scan_parquet(source).select(column).unique() for source in sources)
                new = (
                    pl.scan_parquet(tables[table])
                    .select(column)
                    .unique()
                    .join(known, on=column, how="anti", nulls_equal=True)
                )
                assert new.collect().height == 0, f"{table}.{column}"


def test_no_postcode_is_in_the_event_log(small_quarter):
    assert not re.search(rb"\b[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\b", dagster_bytes(small_quarter))


def test_no_note_is_in_the_event_log(small_quarter):
    records = dagster_bytes(small_quarter)
    notes = pl.read_parquet(small_quarter / "nlp" / QUARTER / "filtered_notes.parquet")["note_text"].drop_nulls()
    for note in notes.unique().sort().gather_every(max(1, notes.len() // 300)):
        assert note[:40].encode() not in records


def test_the_modelling_zone_holds_no_identifier(small_quarter):
    identifiers = set(pl.read_parquet(small_quarter / "linkage" / QUARTER / "offender.parquet")["crn"])
    for path in (small_quarter / "modelling" / QUARTER).glob("*.parquet"):
        frame = pl.read_parquet(path)
        for column, kind in frame.schema.items():
            if kind == pl.String:
                assert not identifiers & set(frame[column].drop_nulls().unique()), f"{path.name}.{column}"


def test_the_notes_zone_stores_contacts_of_the_people_who_are_asked_for_only(small_quarter):
    request = pl.read_parquet(small_quarter / "crossings" / "note_request" / QUARTER / "note_request.parquet")
    stored = pl.read_parquet(small_quarter / "nlp" / QUARTER / "contact_note.parquet")
    of_people = stored["crn"].is_in(request["crn"].implode())
    assert (of_people | stored["requirement_id"].is_in(request["requirement_id"].implode()).fill_null(False)).all()
    assert stored.filter(sensitive="Y")["notes"].null_count() == stored.filter(sensitive="Y").height > 0
