"""Which associations the reports of 2023 and 2026 both name, whether they have turned round, and what ours is.

Belongs here: the pairs of published directions, and sentences on them. Does not belong here: the directions themselves
(reference/published), how ours are looked up (our_figures.py).
"""

from dataclasses import dataclass

import polars as pl

from publication_assets.catalogue.notes import SHORTHAND
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.tables.estimates.tables_models import NO_CLEAR_DIFFERENCE

WAYS = {"Higher": "more", "Lower": "less"}


@dataclass(frozen=True)
class Pair:
    """A characteristic that both reports name: ids of the figures of 2023 by requirement type, and that of 2026."""

    who: str
    of_2023: dict[str, str]
    of_2026: str


PAIRS = (
    Pair("women, compared with men", {"ATR": "F387", "DRR": "F395"}, "F368"),
    Pair("older people", {"ATR": "F388", "DRR": "F396"}, "F369"),
    Pair("people in other than settled accommodation", {"ATR": "F394", "DRR": "F403"}, "F374"),
    Pair("people of ethnic minorities (in 2026 the Asian and Mixed groups)", {"ATR": "F389"}, "F373"),
    Pair("people convicted of theft", {"DRR": "F398"}, "F372"),
    Pair("people at medium risk of serious recidivism", {"DRR": "F399"}, "F370"),
    Pair("people with longer requirements", {"DRR": "F402"}, "F375"),
)


def turned_round(comparison: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Sentences on the associations that have turned round from 2023 to 2026, and on those that have not.

    `comparison` is published_comparison.
    """
    rows = {row["id"]: row for row in comparison.iter_rows(named=True)}
    turned, same = [], []
    for pair in PAIRS:
        before = {rows[figure]["published"] for figure in pair.of_2023.values()}
        (turned if before != {rows[pair.of_2026]["published"]} else same).append(_sentence(pair, rows))
    return turned, same


def _sentence(pair: Pair, rows: dict[str, dict]) -> str:
    before = listed([f"{WAYS[rows[figure]['published']]} often with {kind}s" for kind, figure in pair.of_2023.items()])
    now = WAYS[rows[pair.of_2026]["published"]]
    ours = rows[pair.of_2026]["ours"]
    written = {"Higher": "more often", "Lower": "less often", NO_CLEAR_DIFFERENCE: NO_CLEAR_DIFFERENCE.lower()}
    written |= dict.fromkeys(SHORTHAND, "not shown")
    says = listed([written.get(part) or part for part in str(ours).split(" and ") if part])
    return (
        f"{pair.who[0].upper()}{pair.who[1:]}: 2023 says that they accessed treatment {before}; 2026 that they were "
        f"linked {now} often; this run: {says or 'none'}."
    )
