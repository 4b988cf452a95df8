"""Where a postcode and an authority lie: sector, upper tier local authority, position, or no fixed abode.

Belongs here: places as typed to places of reference/geography. Does not belong here: whose places count
(standardise_people.py), how an authority is named (name_authorities.py).
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from linkage_assets.steps.people.name_authorities import authorities_meant
from resources.settings.study_settings import Linkage

GEOGRAPHY = Path(__file__).resolve().parents[3] / "reference" / "geography"
_NO_FIXED_ABODE = (
    r"\bN[\s./]*F[\s./]*A\b"
    r"|\b(?:NO(?:T|N)?|WITHOUT|HAS NO)[\s-]*(?:ANY[\s-]*|A[\s-]*)?(?:FIX(?:ED)?|PERMANENT|SETTLED|STABLE)[\s-]*"
    r"(?:ABODE|ADDRESS|ACCOMMODATION|RESIDENCE|HOME|PLACE)"
    r"|\bHOMELESS|\bROUGH[\s-]*SLEEP|\bSLEEPING ROUGH"
)
_SECTOR_WITH_SPACE = r"^[^A-Z0-9]*([A-Z0-9]{1,2}[^A-Z0-9]*[A-Z0-9]{0,3})[^A-Z0-9]+([0-9OILS])[^A-Z0-9]*$"
_WHOLE = r"^[A-Z0-9]{2,4}[0-9OILS][A-Z01]{2}$"


def locate(frame: pl.DataFrame, postcode: str, utla: str | None, settings: Linkage) -> pl.DataFrame:
    """`frame` with postcode_sector, utla_code, easting, northing (metres) and no_fixed_abode_postcode.

    The sector is read from a whole postcode or one cut to the sector, in any case and spacing, with O and 0, I and 1
    put right by position; a sector that does not exist is void. "SE1 5" is a sector, "SE15" a district, which has no
    sector, and an authority only when all of it lies in one. A sector wholly in one authority says which; else column
    `utla` does, when it names one; else the authority with most of the sector's postcodes.
    """
    sectors = _sectors()
    known = (
        frame.select(pl.col(postcode).alias("typed"))
        .unique()
        .drop_nulls()
        .with_columns(no_fixed_abode_postcode=no_fixed_abode(pl.col("typed"), settings.no_fixed_abode_postcodes))
    )
    readable = known.filter(~pl.col("no_fixed_abode_postcode"))
    known = known.join(read_postcodes(readable["typed"]), on="typed", how="left")
    located = (
        frame.join(known, left_on=postcode, right_on="typed", how="left", maintain_order="left")
        .join(sectors.drop("postcode_district", "kind"), on="postcode_sector", how="left", maintain_order="left")
        .join(_districts_in_one_authority(sectors), on="postcode_district", how="left", maintain_order="left")
    )
    guess = pl.coalesce("sector_utla", "district_utla")
    stated = authorities_meant(located[utla] if utla else None, located.select(guess).to_series())
    return located.with_columns(
        pl.col("no_fixed_abode_postcode").fill_null(False),
        utla_code=pl.coalesce(pl.when(pl.col("sector_share") == 1).then("sector_utla"), stated, guess),
    ).drop("sector_utla", "sector_share", "district_utla", "postcode_district")


def count_places(postcodes: pl.Series, settings: Linkage) -> dict[str, int]:
    """How many rows have a postcode that says no fixed abode, one cut to its district, and one that cannot be read."""
    typed = postcodes.drop_nulls().alias("typed").to_frame()
    distinct = typed["typed"].unique()
    read = typed.join(read_postcodes(distinct), on="typed", how="left").with_columns(
        homeless=no_fixed_abode(pl.col("typed"), settings.no_fixed_abode_postcodes)
    )
    sector, district = pl.col("postcode_sector").is_not_null(), pl.col("postcode_district").is_not_null()
    return read.select(
        rows_with_no_fixed_abode_postcode=pl.col("homeless").sum(),
        rows_with_postcode_district_only=(district & ~sector & ~pl.col("homeless")).sum(),
        rows_with_unreadable_postcode=(~sector & ~district & ~pl.col("homeless")).sum(),
    ).row(0, named=True)


def no_fixed_abode(typed: pl.Expr, dummy_postcodes: Sequence[str]) -> pl.Expr:
    """Whether a postcode as typed says "of no fixed abode": in words, or by a dummy postcode, whole or cut to its
    sector; null stays null."""
    compact = ["".join(character for character in code.upper() if character.isalnum()) for code in dummy_postcodes]
    cut = [code[:-2] for code in compact]
    upper = typed.str.to_uppercase()
    return _compact(upper).is_in([*compact, *cut]) | upper.str.contains(_NO_FIXED_ABODE)


def read_postcodes(typed: pl.Series) -> pl.DataFrame:
    """typed, postcode_sector and postcode_district (null where there is none of the two) of distinct texts.

    Few readings stand behind many spellings, so each is read once. Whichever reading is taken must exist.
    """
    sectors = _sectors()
    upper = pl.col("typed").str.to_uppercase()
    spellings = (
        typed.alias("typed")
        .to_frame()
        .with_columns(compact=_compact(upper), spaced=upper.str.contains(_SECTOR_WITH_SPACE))
    )
    text = pl.col("compact")
    readings = (
        spellings.select("compact", "spaced")
        .unique()
        .with_columns(
            whole=pl.when(text.str.contains(_WHOLE)).then(text.str.slice(0, text.str.len_chars() - 2)),
            cut=pl.when(text.str.len_chars().is_between(3, 5)).then(text),
        )
    )
    stems = pl.concat([readings["whole"], readings["cut"]]).drop_nulls().unique().alias("stem").to_frame()
    sector_of = stems.with_columns(_sector("stem", sectors["postcode_sector"])).drop_nulls("sector")
    short = readings.select(stem="compact").filter(pl.col("stem").str.len_chars().is_between(2, 4)).unique()
    district_of = short.with_columns(_district("stem", sectors["postcode_district"].unique())).drop_nulls("district")
    is_district = pl.col("named_so") | (pl.col("district").is_not_null() & ~pl.col("sector_as_typed").fill_null(False))
    cut_to_sector = pl.col("spaced") | ~is_district.fill_null(False)
    read = (
        readings.join(sector_of.select("stem", "sector"), left_on="whole", right_on="stem", how="left")
        .join(sector_of, left_on="cut", right_on="stem", how="left", suffix="_cut")
        .join(district_of, left_on="compact", right_on="stem", how="left")
        .with_columns(postcode_sector=pl.coalesce("sector", pl.when(cut_to_sector).then("sector_cut")))
        .with_columns(postcode_district=pl.when(pl.col("postcode_sector").is_null()).then("district"))
    )
    return spellings.join(read, on=["compact", "spaced"], how="left").select(
        "typed", "postcode_sector", "postcode_district"
    )


def _sectors() -> pl.DataFrame:
    return pl.read_csv(
        GEOGRAPHY / "postcode_sectors.csv",
        columns=["sector", "postcode_district", "easting", "northing", "utla_code", "utla_share", "kind"],
        schema_overrides={"easting": pl.Float64, "northing": pl.Float64, "utla_share": pl.Float64},
    ).rename({"sector": "postcode_sector", "utla_code": "sector_utla", "utla_share": "sector_share"})


def _districts_in_one_authority(sectors: pl.DataFrame) -> pl.DataFrame:
    # Post boxes and bulk mail are delivered far from where they belong.
    districts = (
        sectors.filter(kind="street")
        .group_by("postcode_district")
        .agg(district_utla=pl.col("sector_utla").first(), authorities=pl.col("sector_utla").n_unique())
    )
    return districts.filter(authorities=1).drop("authorities")


def _compact(upper: pl.Expr) -> pl.Expr:
    return upper.str.replace_all(r"[^A-Z0-9]", "")


def _outwards(text: pl.Expr) -> list[list[pl.Expr]]:
    """Readings of an outward code: as typed but for its first letter, with digits put right, with letters too."""
    letters = {"0": "O", "1": "I", "5": "S"}
    slips, meant = ["O", "I"], ["0", "1"]
    first = text.str.slice(0, 1).replace(letters)
    rest = text.str.slice(1)
    second, others = rest.str.slice(0, 1).replace(letters), rest.str.slice(1)
    return [
        [first, rest],
        [first, rest.str.replace_many(slips, meant)],
        [first, second, others.str.replace_many(slips, meant)],
    ]


def _sector(stem: str, known_sectors: pl.Series) -> list[pl.Expr]:
    digits = {"O": "0", "I": "1", "L": "1", "S": "5"}
    text = pl.col(stem)
    outward = text.str.slice(0, text.str.len_chars() - 1)
    inward = text.str.slice(-1, 1).replace(digits)
    readings = [pl.concat_str(*parts, pl.lit(" "), inward) for parts in _outwards(outward)]
    known = known_sectors.to_list()
    return [
        pl.coalesce(pl.when(reading.is_in(known)).then(reading) for reading in readings).alias("sector"),
        (outward + " " + text.str.slice(-1, 1)).is_in(known).alias("sector_as_typed"),
    ]


def _district(stem: str, known_districts: pl.Series) -> list[pl.Expr]:
    readings = [pl.concat_str(*parts) for parts in _outwards(pl.col(stem))]
    known = known_districts.to_list()
    return [
        pl.coalesce(pl.when(reading.is_in(known)).then(reading) for reading in readings).alias("district"),
        pl.col(stem).is_in(known).alias("named_so"),
    ]
