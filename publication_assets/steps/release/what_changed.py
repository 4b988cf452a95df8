"""What has changed since the last release: two quarters' published tables side by side.

Belongs here: comparing what both releases show. Does not belong here: the prose around it (templates/report), how the
last quarter's tables are found (assets/publication.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from contracts.vocabulary import ALL, TYPES
from publication_assets.steps.documents.headline import headline
from publication_assets.steps.tables.contents.tables_years import year_label
from publishing.documents.document import Grid
from publishing.documents.fill_template import Value
from publishing.tables.declared import noun_of

KINDS = (ALL, *TYPES)
NOT_SHOWN = "not available"
ROUNDED_TO = 5
NOBODY: Mapping[str, float | None] = {"count": 0.0, "linked": 0.0}
MEASURES = {  # label, and decimals of a percentage; None for a count
    "requirements": ("Requirements", None),
    "linked_percent": ("Linked to structured treatment", 1),
    "any_treatment_percent": ("In any treatment, as labelled", 1),
    "any_treatment_corrected_percent/estimate": ("In any treatment, corrected for classification error", 0),
    "reconvicted_percent/linked": ("Reconvicted {within_period}, linked, by the study's measure", 1),
    "reconvicted_percent/unlinked": ("Reconvicted {within_period}, not linked, by the study's measure", 1),
}
CHANGE = "Change (count or percentage points)"


@dataclass(frozen=True)
class LastRelease:
    """The tables of the quarter before (published_tables), or None where they cannot be used; quarter: its name, empty
    where no quarter before this one can be run."""

    quarter: str
    cells: pl.DataFrame | None


def changes_values(cells: pl.DataFrame, last: LastRelease, quarter: str) -> Mapping[str, Value]:
    """Values of the section on changes; `cells` is published_tables of `quarter`."""
    values: dict[str, Value] = {
        "last_quarter": last.quarter,
        "has_last_release": last.cells is not None,
        "more_requirements": "",
        "revisions_rounded_to": ROUNDED_TO,
        "tables_changes": [],
    }
    if last.cells is not None:
        values["more_requirements"] = _more(_flat(last.cells)[ALL]["requirements"], _flat(cells)[ALL]["requirements"])
        values["tables_changes"] = [headlines_grid(cells, last, quarter), years_grid(cells, last, quarter)]
    return values


def headlines_grid(cells: pl.DataFrame, last: LastRelease, quarter: str) -> Grid:
    """Headline figures of both releases and the change, in numbers or percentage points."""
    now, before = _flat(cells), _flat(_cells_of(last))
    rows = [
        [f"{noun_of(kind)}: {label[0].lower()}{label[1:]}", *_compared(before[kind][name], now[kind][name], decimals)]
        for kind in KINDS
        for name, (label, decimals) in MEASURES.items()
    ]
    headers = ["Figure", f"Last release ({last.quarter})", f"This release ({quarter})", CHANGE]
    return Grid("Headline figures of this release and the last", headers, rows)


def years_grid(cells: pl.DataFrame, last: LastRelease, quarter: str) -> Grid:
    """Requirements by year of sentence in both releases: a change of a year that was over is a revision. Counts are
    rounded to multiples of ROUNDED_TO, because few records change in such a year."""
    now, before = (_by_year(each) for each in (cells, _cells_of(last)))
    rows: list[list[str]] = []
    for kind in TYPES:
        for year in sorted(now[kind].keys() | before[kind].keys()):
            then, today = before[kind].get(year, NOBODY), now[kind].get(year, NOBODY)
            counted = _compared(_rounded(then["count"]), _rounded(today["count"]))
            shares = [_share(each) for each in (then, today)]
            rows.append([f"{noun_of(kind)}, {year[0].lower()}{year[1:]}", *counted, *shares])
    headers = [
        "Requirements",
        f"Last release ({last.quarter})",
        f"This release ({quarter})",
        "Change",
        "Linked, last release",
        "Linked, this release",
    ]
    return Grid("Requirements by year of sentence in this release and the last", headers, rows)


def _cells_of(last: LastRelease) -> pl.DataFrame:
    assert last.cells is not None, "there is a last release"
    return last.cells


def _flat(cells: pl.DataFrame) -> dict[str, dict[str, float | None]]:
    """Headline figures by kind of requirement, those of linkage groups each under a name of its own."""
    found: dict[str, dict[str, float | None]] = {kind: {} for kind in KINDS}
    for name, by_kind in headline(cells).items():
        for kind in KINDS:
            value = by_kind["all" if kind == ALL else kind]
            if value is None or isinstance(value, int | float):
                found[kind][name] = value
            else:
                found[kind] |= {f"{name}/{part}": each for part, each in value.items()}
    return found


def _by_year(cells: pl.DataFrame) -> dict[str, dict[str, dict[str, float | None]]]:
    """Per requirement type and row of the table by year counts of all and of linked requirements; None if withheld."""
    counts = dict(cells.filter(pl.col("quantity").is_not_null()).select("quantity", "value").iter_rows())
    found: dict[str, dict[str, dict[str, float | None]]] = {kind: {} for kind in TYPES}
    first = year_label(0).rstrip("0")
    for kind in TYPES:
        start = f"{kind}/sentence_year/{first}"
        for name in (name for name in counts if name.startswith(start) and name.count("/") == 2):
            found[kind][name.rsplit("/", 1)[1]] = {"count": counts[name], "linked": counts.get(f"{name}/linked")}
    return found


def _rounded(count: float | None) -> float | None:
    return None if count is None else ROUNDED_TO * round(count / ROUNDED_TO)


def _share(counts: Mapping[str, float | None]) -> str:
    whole, linked = counts["count"], counts["linked"]
    if whole == 0:
        return NOT_SHOWN
    return _number(100 * linked / whole if whole and linked is not None else None, decimals=1)


def _compared(before: float | None, now: float | None, decimals: int | None = None) -> list[str]:
    """A figure of the last release, of this one, and the difference of the two as printed; decimals: of percentages."""
    said = [_number(before, decimals), _number(now, decimals)]
    if before is None or now is None:
        return [*said, NOT_SHOWN]
    digits = decimals or 0
    change = round(round(now, digits) - round(before, digits), digits)
    sign = "+" if change > 0 else "\N{MINUS SIGN}" if change < 0 else ""
    return [*said, f"{sign}{abs(change):,.{digits}f}"]


def _number(value: float | None, decimals: int | None) -> str:
    if value is None:
        return NOT_SHOWN
    return f"{value:,.0f}" if decimals is None else f"{value:.{decimals}f}%"


def _more(before: float | None, now: float | None) -> str:
    """How many requirements there are more or fewer than in the last release, in words."""
    if before is None or now is None:
        return ""
    if now == before:
        return "as many requirements as"
    return f"{abs(now - before):,.0f} {'more' if now > before else 'fewer'} requirements than"
