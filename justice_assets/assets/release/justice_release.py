"""The files of a release: the lookups as Parquet and CSV, with their catalogue. How is in steps/release."""

import json

import dagster as dg
import polars as pl

from justice_assets.schemas.release import MagsCrownJourney, PersonLink
from justice_assets.steps.release.describe_release import describe_for_people, describe_for_programs
from resources.process.data_root import data_root
from resources.zone.zone_asset import zone_asset

RELEASED = {"person_link": PersonLink, "mags_crown_journey": MagsCrownJourney}


@zone_asset(group_name="releasing")
def justice_release(
    context: dg.AssetExecutionContext, person_link: pl.DataFrame, mags_crown_journey: pl.DataFrame
) -> pl.DataFrame:
    """Files in the folder release of the quarter: both lookups and what their columns mean."""
    quarter, tables = context.partition_key, {"person_link": person_link, "mags_crown_journey": mags_crown_journey}
    folder = data_root() / "justice" / quarter / "release"
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
        table.write_csv(folder / f"{name}.csv")
    described = describe_for_programs(RELEASED, {name: table.height for name, table in tables.items()}, quarter)
    (folder / "metadata.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    (folder / "catalogue.html").write_text(describe_for_people(described), encoding="utf-8")
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return pl.DataFrame({"file": [path.name for path in files], "bytes": [path.stat().st_size for path in files]})
