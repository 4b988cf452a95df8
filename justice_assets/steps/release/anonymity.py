"""k-anonymity of the research views: how many records share year and all bands with few others.

Belongs here: counts. Does not belong here: what is done about it, which is disclosure control of the published tables.

A view holds a row per combination of year and bands. Records of a combination that fewer than k have are those that
somebody who knows all of it could pick out (Sweeney, 2002).
"""

from collections.abc import Mapping

import polars as pl

from justice_assets.steps.views.bands import RECORDS

COLUMNS = {
    "view": pl.String,
    "k": pl.Int64,
    "columns": pl.Int64,
    "combinations": pl.Int64,
    "combinations_under_k": pl.Int64,
    "records": pl.Int64,
    "records_under_k": pl.Int64,
    "smallest": pl.Int64,
}


def count_anonymity(views: Mapping[str, pl.DataFrame], k: int) -> pl.DataFrame:
    """schemas/quality.py ViewAnonymity, a row per view in the order of their names."""
    rows: list[tuple[str | int | None, ...]] = []
    for name, view in sorted(views.items()):
        sizes = view[RECORDS]
        few = sizes.filter(sizes < k)
        smallest = sizes.min()
        counts = (view.height, few.len(), int(sizes.sum()), int(few.sum()))
        rows.append((name, k, view.width - 1, *counts, None if smallest is None else int(str(smallest))))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")
