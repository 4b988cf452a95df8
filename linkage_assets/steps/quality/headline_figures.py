"""The headline figures of combined requirements: what a choice in combining can change.

Belongs here: counts and shares of analysed requirements. Does not belong here: the tables that are published
(modelling zone), nor which choices there are (steps/quality/compare_choices.py).
"""

import polars as pl

from contracts.vocabulary import ALL, TYPES

KINDS = [ALL, *TYPES]


def headline_figures(combined: pl.DataFrame) -> pl.DataFrame:
    """figure, requirement_type (All, ATR, DRR), unit (count, per cent) and amount of the analysed requirements.

    `combined` is as schemas/combining.py CombinedRequirements. A share of nothing is null.
    """
    analysed = combined.filter(pl.col("exclusion").is_null())
    linked, unlinked = pl.col("linked_structured"), ~pl.col("linked_structured")
    counts = {
        "requirements analysed": pl.len(),
        "people analysed": pl.col("person_pseudonym").n_unique(),
    }
    shares = {
        "linked to structured treatment": linked,
        "not linked, in contact with a CJIT": pl.col("linked_cjit"),
        "already in treatment at sentence, of those linked": (pl.col("days_to_treatment") == 0).filter(linked),
        "completed treatment, of those linked": (pl.col("treatment_status") == "Completed").filter(linked),
        "received into prison, of those not linked": pl.col("prison_12m").filter(unlinked),
        "reconvicted": pl.col("reconvicted"),
        "reconvicted, of those linked": pl.col("reconvicted").filter(linked),
        "reconvicted, of those not linked": pl.col("reconvicted").filter(unlinked),
        "reconvicted, of those followed in full": pl.col("reconvicted").filter("followed_in_full"),
        "with a pre-sentence report": pl.col("psr_type").is_not_null(),
    }
    columns = [
        *(amount.cast(pl.Float64).alias(figure) for figure, amount in counts.items()),
        *((share.mean() * 100).alias(figure) for figure, share in shares.items()),
    ]
    groups = [analysed if kind == ALL else analysed.filter(requirement_type=kind) for kind in KINDS]
    rows = [
        (figure, kind, "count" if figure in counts else "per cent", amount)
        for kind, group in zip(KINDS, groups, strict=True)
        for figure, amount in group.select(columns).row(0, named=True).items()
    ]
    schema = {"figure": pl.String, "requirement_type": pl.String, "unit": pl.String, "amount": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
