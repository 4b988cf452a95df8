"""Which upper tier local authority is meant by a code or a name, also one that no longer exists.

Belongs here: today's codes and names, districts of counties, and authorities since abolished or given another code
(reference/geography/utla_changes.csv). Does not belong here: what a postcode says (locate_places.py).
"""

from functools import cache
from pathlib import Path

import polars as pl

from resources.extracts.values.listed_text import listed_form

GEOGRAPHY = Path(__file__).resolve().parents[3] / "reference" / "geography"
_TITLES = (
    r"( city of| county of)$|^(lb|london borough of|royal borough of|borough of) | "
    r"((city |county |borough |district |metropolitan borough |london borough )*council)$"
)


def authorities_meant(stated: pl.Series | None, by_postcode: pl.Series) -> pl.Series:
    """Code of today's authority of each text in `stated`, null where it names none.

    One that was split is the successor that `by_postcode`, the authority the person's postcode lies in, says; without
    one of its successors there it is unknown.
    """
    if stated is None:
        return pl.Series("stated", [None], dtype=pl.String).new_from_index(0, len(by_postcode))
    rows = pl.DataFrame({"stated": stated, "by_postcode": by_postcode})
    texts = rows.select("stated").unique().drop_nulls().with_columns(form=_form(pl.col("stated")))
    meant = texts.join(_successors(), on="form").select("stated", "successors")
    successors = pl.col("successors")
    return (
        rows.join(meant, on="stated", how="left", maintain_order="left")
        .select(
            pl.when(successors.list.len() == 1)
            .then(successors.list.first())
            .when(successors.list.contains(pl.col("by_postcode")))
            .then("by_postcode")
            .alias("stated")
        )
        .to_series()
    )


def is_authority(stated: pl.Expr) -> pl.Expr:
    """Whether a code or a name is one of an authority, of today or former."""
    return _form(stated).is_in(_successors()["form"].to_list())


def count_authorities(stated: pl.Series) -> dict[str, int]:
    """How many rows name an authority of today, one that has a successor, one that was split, and none we know."""
    texts = stated.drop_nulls().alias("stated").to_frame().with_columns(form=_form(pl.col("stated")))
    known = texts.join(_successors(), on="form", how="left")
    number = pl.col("successors").list.len()
    former = pl.col("former").fill_null(False)
    return known.select(
        rows_with_former_authority=(former & (number == 1)).sum(),
        rows_with_authority_since_split=(number > 1).sum(),
        rows_with_unknown_authority=pl.col("successors").is_null().sum(),
    ).row(0, named=True)


def _form(text: pl.Expr) -> pl.Expr:
    """A name without titles, full stops and hyphens; "City of London" keeps its title, as London is no authority."""
    form = listed_form(text).str.replace_all(r"[.-]", " ").str.replace_all(" +", " ").str.replace_all(_TITLES, "")
    return pl.when(form == "city of london").then(form).otherwise(form.str.replace("^city of ", ""))


@cache
def _successors() -> pl.DataFrame:
    """form (of a code or a name), successors (codes of today's authorities, sorted) and former (it is none today).

    Today's authority comes first: "Dorset" is the authority of 2019, not the county whose other part is Bournemouth.
    """
    today = pl.read_csv(GEOGRAPHY / "utla_population.csv", columns=["utla_code", "utla_name"])
    districts = (
        pl.read_csv(GEOGRAPHY / "postcode_sectors.csv", columns=["lad_code", "lad_name", "utla_code"])
        .unique()
        .sort(pl.all())
    )
    changes = pl.read_csv(GEOGRAPHY / "utla_changes.csv")
    sources = [
        today.select(text="utla_code", code="utla_code", rank=0),
        today.select(text="utla_name", code="utla_code", rank=0),
        districts.select(text="lad_code", code="utla_code", rank=1),
        districts.select(text="lad_name", code="utla_code", rank=1),
        changes.select(text="former_code", code="utla_code", rank=2),
        changes.select(text="former_name", code="utla_code", rank=2),
    ]
    forms = pl.concat(sources).with_columns(form=_form(pl.col("text")))
    first = forms.filter(pl.col("rank") == pl.col("rank").min().over("form"))
    return (
        first.group_by("form")
        .agg(successors=pl.col("code").unique().sort(), former=pl.col("rank").first() == 2)
        .sort("form")
    )
