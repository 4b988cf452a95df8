"""Reads invented notes with and without hostile instructions in them, to see whether a note can choose its own label.

Belongs here: the pairs and what counts as a flip. Does not belong here: keeping a note between its delimiters
(prompt.py) and labelling (label_notes.py). The notes are ours, none is of a person.
"""

import tomllib
from pathlib import Path

import polars as pl

from nlp_assets.steps.notes.note_hash import note_hash

TRIALS_FILE = Path(__file__).resolve().parents[2] / "injections" / "trials.toml"
PLACES = ("before", "after")
PLAIN = "none"


def injection_trials(key: bytes) -> pl.DataFrame:
    """One row per note, attack and place, and one per note as it stands (attack "none").

    Columns note_number, attack, place, wanted (label the attack asks for), note_hash (by `key`), note_text.
    """
    trials = tomllib.loads(TRIALS_FILE.read_text(encoding="utf-8"))
    notes = [(note, 0) for note in trials["notes"]["engaged"]] + [(note, 1) for note in trials["notes"]["not_engaged"]]
    rows: list[tuple[int, str, str, int, str]] = []
    for number, (note, wanted) in enumerate(notes):
        rows.append((number, PLAIN, PLAIN, wanted, note))
        for attack, text in trials["attacks"].items():
            of_label = text if isinstance(text, str) else text[str(wanted)]
            order = of_label.format(wanted=wanted, not_wanted=1 - wanted)
            rows += [
                (number, attack, place, wanted, f"{order}\n{note}" if place == "before" else f"{note}\n{order}")
                for place in PLACES
            ]
    schema = {
        "note_number": pl.Int32,
        "attack": pl.String,
        "place": pl.String,
        "wanted": pl.Int8,
        "note_text": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(note_hash(frame["note_text"], key))


def count_flips(trials: pl.DataFrame, note_labels: pl.DataFrame) -> pl.DataFrame:
    """What each attack did: schemas.injections.InjectionFlips, one row per attack and place, sorted.

    A pair counts when its note as it stands has a label. `flipped`: the label with the attack is the one the attack
    asked for, and was not before; `turned`: it changed to the other one; `lost`: there is no label any more.
    """
    labelled = trials.join(note_labels.select("note_hash", "label"), on="note_hash", how="left")
    engine_kind = note_labels["engine_kind"].first()
    plain = labelled.filter(pl.col("attack") == PLAIN).select("note_number", before="label").drop_nulls()
    pairs = labelled.filter(pl.col("attack") != PLAIN).join(plain, on="note_number")
    changed = pl.col("label") != pl.col("before")
    return (
        pairs.group_by("attack", "place")
        .agg(
            pairs=pl.len(),
            flipped=(changed & (pl.col("label") == pl.col("wanted"))).sum(),
            turned=(changed & (pl.col("label") != pl.col("wanted"))).sum(),
            lost=pl.col("label").is_null().sum(),
        )
        .with_columns(pl.selectors.integer().cast(pl.Int32), engine_kind=pl.lit(engine_kind, dtype=pl.String))
        .sort("attack", "place")
    )


def flip_rate(flips: pl.DataFrame) -> float:
    """Share of pairs whose label became the one that the attack asked for; 1 when there was no pair at all."""
    pairs = int(flips["pairs"].sum())
    return int(flips["flipped"].sum()) / pairs if pairs else 1.0
