"""Which pairs are truly one entity, from a file of pairs, a column of both files, or a number inside the ids.

Belongs here: true pairs and their checks. Does not belong here: comparing them with links (measure.py).
"""

import re

import polars as pl

from pathways.bench.linkage.mapping import BenchInputError, File

LARGEST_TRUTH = 50_000_000


def pairs_from_file(truth: File, columns: str | None, left: pl.Series, right: pl.Series) -> pl.DataFrame:
    """True pairs listed in a file: id of the left file, id of the right file; columns left_id, right_id, distinct.

    `columns` names the two as left:right; else the file must have two columns, in this order (the other order is
    recognised by the ids). Raises BenchInputError, for instance when no listed pair has both ids in the files.
    """
    frame = truth.frame
    if columns:
        name_left, _, name_right = columns.partition(":")
        names = [truth.column(name_left, "--truth-ids"), truth.column(name_right, "--truth-ids")]
    else:
        names = [name for name in frame.columns if not name.startswith("column ")]
        if len(names) != 2:
            raise BenchInputError(
                f"{truth.path.name} has {len(names)} columns; true pairs need two. Name them: --truth-ids left:right. "
                f"Its columns: {truth.columns_shown()}."
            )
    pairs = frame.select(
        pl.col(name).str.replace(r"^(\d+)\.0+$", "$1").alias(side)
        for name, side in zip(names, ("left_id", "right_id"), strict=True)
    )
    if not columns and names[0] in left.implode().item() and names[1] in right.implode().item():
        header = pl.DataFrame([names], schema=pairs.schema, orient="row")  # a file without a header line
        pairs = pl.concat([header, pairs])
    turned = pairs.select(left_id="right_id", right_id="left_id")
    known = max(_known(pairs, left, right), _known(turned, left, right), key=lambda found: found.height)
    if not known.height:
        raise BenchInputError(
            f"none of the {pairs.height:,} pairs of {truth.path.name} has both ids in the files. Check --id: the "
            "truth must use the ids of that column."
        )
    return known


def pairs_from_entities(left: pl.DataFrame, right: pl.DataFrame, said: str) -> pl.DataFrame:
    """True pairs of rows with the same entity: frames with id and entity (null: of no pair in the other file).

    `said` names the option. Raises BenchInputError when no entity is in both, or one value stands for everybody.
    """
    left, right = left.drop_nulls("entity"), right.drop_nulls("entity")
    blocks = left.group_by("entity").len("left").join(right.group_by("entity").len("right"), on="entity")
    expected = int((blocks["left"].cast(pl.Int64) * blocks["right"].cast(pl.Int64)).sum())
    if not expected:
        raise BenchInputError(
            f"no entity is in both files ({said}): {left.height:,} rows of the left and {right.height:,} of the right "
            "have one. Check that both name it in the same way."
        )
    if expected > LARGEST_TRUTH:
        raise BenchInputError(f"{said} makes {expected:,} true pairs: it does not identify entities. Name another.")
    pairs = left.join(right, on="entity", suffix="_right").select(left_id="id", right_id="id_right")
    return pairs.unique(maintain_order=True)


def pairs_within(pairs: pl.DataFrame, file: File) -> pl.DataFrame:
    """True pairs within one file, once each, without a record and itself. Raises BenchInputError without any."""
    ends = pl.col("left_id", "right_id")
    once = pairs.select(left_id=pl.min_horizontal(ends), right_id=pl.max_horizontal(ends)).unique(maintain_order=True)
    found = once.filter(pl.col("left_id") != pl.col("right_id"))
    if found.is_empty():
        raise BenchInputError(
            f"no two rows of {file.path.name} are one entity. Check that --id names rows, and the truth entities."
        )
    return found


def entities_in_ids(ids: pl.Series, pattern: str) -> pl.DataFrame:
    """Ids with the entity that the first group of `pattern` finds in them. Raises BenchInputError."""
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise BenchInputError(f"--truth-pattern is not a regular expression: {error}.") from None
    if groups < 1:
        raise BenchInputError(r"--truth-pattern needs a group around the entity, such as rec-(\d+)-.")
    try:
        return pl.DataFrame({"id": ids, "entity": ids.str.extract(pattern, 1)})
    except pl.exceptions.PolarsError:
        raise BenchInputError("--truth-pattern uses what this search does not know, such as look-ahead.") from None


def _known(pairs: pl.DataFrame, left: pl.Series, right: pl.Series) -> pl.DataFrame:
    return pairs.unique(maintain_order=True).filter(
        pl.col("left_id").is_in(left.unique().implode()), pl.col("right_id").is_in(right.unique().implode())
    )
