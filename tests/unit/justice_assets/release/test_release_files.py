"""A release of the justice zone is an RO-Crate that the library for it reads: of the same tables, the same bytes."""

from typing import Any

import polars as pl
from rocrate.rocrate import ROCrate

from justice_assets.schemas.release import MagsCrownJourney, PersonLink
from justice_assets.steps.release.release_files import release_files

LINK = pl.DataFrame(
    [("crown", "C1", "ABCDEFGHIJKL", "ABCDEFGHIJKL", "ABCDEFGHIJKL", "2023Q1", "0123456789abcdef")],
    schema=list(PersonLink.to_schema().columns),
    orient="row",
)
JOURNEY = pl.DataFrame(schema=dict.fromkeys(MagsCrownJourney.to_schema().columns, pl.String))
TABLES = {"person_link": LINK, "mags_crown_journey": JOURNEY}
CLASSES = {"person_link": PersonLink, "mags_crown_journey": MagsCrownJourney}


def test_the_crate_has_every_file_with_what_it_is(tmp_path):
    files = release_files(TABLES, CLASSES, "2023Q1", "abc", synthetic=True)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    crate: Any = ROCrate(tmp_path)
    assert {entity.id for entity in crate.get_by_type("File")} == {*files} - {"ro-crate-metadata.json"}
    assert "SYNTHETIC DATA" in crate.name
    assert "which person it is" in crate.get("person_link.csv")["name"]


def test_the_same_tables_are_the_same_bytes_and_real_records_are_not_called_made_up():
    first, again = (release_files(TABLES, CLASSES, "2023Q1", "abc", synthetic=False) for _ in range(2))
    assert first == again
    assert not any(b"SYNTHETIC" in content for content in first.values())
