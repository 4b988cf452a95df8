"""Says of each requirement whether its notes say that the person engaged, under one rule or another.

Belongs here: rules that turn notes into an answer per requirement. Does not belong here: which rule is right
(evaluate_labels.py measures them), and how a note was labelled (label_notes.py).

The study's rule is any note labelled 1 (methodology 2.7.4). Errors add up under it: of 19 notes with a specificity of
.99 each, one is wrongly a 1 in 17 of 100 requirements. So rules that ask for more notes, a share of the notes, or a
higher probability, of one note or of all together, are measured beside it.
"""

import polars as pl

# Stored probabilities have four decimals: odds beyond this are not known.
FURTHEST_P1 = 5e-5


def enough_notes(says: pl.Expr, unlabelled: pl.Expr, needed: pl.Expr | int) -> pl.Expr:
    """Whether `says` notes are enough; empty when they are not, but would be if the unlabelled ones said so too."""
    return pl.when(says >= needed).then(True).when(says + unlabelled >= needed).then(None).otherwise(False)


def note_says_engaged(minimum_p1: float) -> pl.Expr:
    """Whether a note counts for its requirement: it has a label, and p1 is at least `minimum_p1`. Never empty."""
    return (pl.col("label").is_not_null() & (pl.col("p1") >= minimum_p1)).fill_null(False)


def by_count(notes: pl.DataFrame, minimum_notes: int, minimum_p1: float) -> pl.DataFrame:
    """Columns requirement_key, said: at least `minimum_notes` notes with a p1 of at least `minimum_p1`.

    `notes`: one row per note with requirement_key, label (empty without one) and p1.
    """
    return _answers(notes, pl.lit(minimum_notes), minimum_p1)


def by_share(notes: pl.DataFrame, minimum_share: float, minimum_p1: float) -> pl.DataFrame:
    """The same, for at least `minimum_share` of the notes of a requirement, and at least one."""
    # Shares such as 0.1 have no exact binary form: of ten notes, one must do.
    needed = (pl.col("notes") * minimum_share - 1e-9).ceil().clip(lower_bound=1)
    return _answers(notes, needed, minimum_p1)


def by_mean_odds(notes: pl.DataFrame, minimum_p1: float) -> pl.DataFrame:
    """The same, for mean odds of a requirement's notes that are at least those of `minimum_p1`.

    A sure note counts for many doubtful ones, and has more to outweigh where there are more notes: errors do not add up
    with the number of notes as they do where one note is enough.
    """
    enough = minimum_p1 / (1 - minimum_p1)
    said = (
        pl.when(_mean_odds(FURTHEST_P1) >= enough)
        .then(True)
        .when(_mean_odds(1 - FURTHEST_P1) >= enough)
        .then(None)
        .otherwise(False)
    )
    return notes.group_by("requirement_key").agg(said=said).sort("requirement_key")


def _mean_odds(unlabelled_p1: float) -> pl.Expr:
    known = pl.when(pl.col("label").is_not_null()).then(pl.col("p1"))
    p1 = known.clip(FURTHEST_P1, 1 - FURTHEST_P1).fill_null(unlabelled_p1)
    return (p1 / (1 - p1)).mean()


def _answers(notes: pl.DataFrame, needed: pl.Expr, minimum_p1: float) -> pl.DataFrame:
    return (
        notes.group_by("requirement_key")
        .agg(notes=pl.len(), says=note_says_engaged(minimum_p1).sum(), unlabelled=pl.col("label").is_null().sum())
        .select("requirement_key", said=enough_notes(pl.col("says"), pl.col("unlabelled"), needed))
        .sort("requirement_key")
    )
