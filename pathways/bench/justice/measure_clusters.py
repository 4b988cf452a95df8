"""How right clusters of records are, against known truth: by pairs of records and by records (B-cubed).

Belongs here: the two measures. Does not belong here: clusters. B-cubed: Bagga and Baldwin 1998; of each record, the
share of its cluster that is its person (precision) and the share of its person in its cluster (recall), averaged.
"""

import polars as pl

DIGITS = 5


def measure_clusters(cluster: pl.Series, person: pl.Series) -> dict[str, float]:
    """pair_precision, pair_recall, b_cubed_precision and b_cubed_recall of records with these clusters and persons."""
    cells = (
        pl.DataFrame({"cluster": cluster, "person": person})
        .group_by("cluster", "person")
        .agg(n=pl.len().cast(pl.Float64))
        .with_columns(of_cluster=pl.col("n").sum().over("cluster"), of_person=pl.col("n").sum().over("person"))
    )
    records = float(cells["n"].sum())
    both = _pairs(cells["n"])
    found, true = (_pairs(cells.group_by(by).agg(pl.col("n").sum())["n"]) for by in ("cluster", "person"))
    precision, recall = cells.select(
        (pl.col("n") ** 2 / pl.col("of_cluster")).sum(), recall=(pl.col("n") ** 2 / pl.col("of_person")).sum()
    ).row(0)
    return {
        "pair_precision": round(both / found, DIGITS) if found else 1.0,
        "pair_recall": round(both / true, DIGITS) if true else 1.0,
        "b_cubed_precision": round(precision / max(records, 1.0), DIGITS),
        "b_cubed_recall": round(recall / max(records, 1.0), DIGITS),
    }


def _pairs(sizes: pl.Series) -> float:
    return float((sizes * (sizes - 1) / 2).sum())
