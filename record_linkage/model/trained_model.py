"""What a trained linkage model is: an artefact that outlives the data it was trained on.

Belongs here: its parts, as text and as a table. Does not belong here: training it (training/).
"""

import json
import math
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

import polars as pl

from resources.secrets.keyed_hash import key_digest, keyed_names

FREQUENCIES = "written apart"


@dataclass(frozen=True)
class TrainedModel:
    """A linkage model with what is needed to score with it later, and what it was trained on. It holds no value.

    splink: Splink's description of it (levels, m, u, prior). term_frequencies: column to `hashed_values` to relative
    frequency, frozen at training, so that a later refresh scores as this one did; dates of birth and places of people
    stay with the records. sessions: every estimate of m by every training rule. usual_levels: "comparison: level" that
    training never saw, which have usual probabilities. unlinkables: share of records that would stay below a match
    weight even against themselves. profile: the linkage and the sources of the quarter it was trained on, value by
    measure (scoring/profile_linkage.py). trained_on: quarter, rows of each side, and the marker of synthetic extracts
    or None. values_key: digest of the key that hashed the values.
    """

    splink: dict[str, Any]
    term_frequencies: dict[str, dict[str, float]]
    sessions: list[dict[str, Any]]
    usual_levels: list[str]
    unlinkables: list[dict[str, float]]
    profile: dict[str, float]
    trained_on: dict[str, Any]
    values_key: str

    def to_json(self) -> str:
        """The artefact as text; `from_json` reads it."""
        # Term frequencies are most of it: written by themselves, as Python's own way of indenting takes minutes.
        rest = {each.name: getattr(self, each.name) for each in fields(self)} | {"term_frequencies": FREQUENCIES}
        columns = (
            f"{json.dumps(column)}: {_indented(self.term_frequencies[column], 2)}"
            for column in sorted(self.term_frequencies)
        )
        frequencies = "{" + ",".join(f"\n  {column}" for column in columns) + "\n }" if self.term_frequencies else "{}"
        text = json.dumps(rest, sort_keys=True, indent=1)
        return text.replace(f'"term_frequencies": "{FREQUENCIES}"', f'"term_frequencies": {frequencies}', 1)

    @classmethod
    def from_json(cls, text: str) -> "TrainedModel":
        """A model as `to_json` wrote it. Raises ValueError or TypeError when it is not."""
        model = cls(**json.loads(text))
        objects: list[object] = [model.splink, model.term_frequencies, model.profile, model.trained_on]
        if not all(isinstance(part, dict) for part in objects) or "synthetic" not in model.trained_on:
            raise ValueError("not a linkage model")
        return model

    @property
    def digest(self) -> str:
        """SHA-256 of the artefact."""
        return sha256(self.to_json().encode()).hexdigest()

    @property
    def is_synthetic(self) -> bool:
        """Whether it was trained on synthetic extracts."""
        return self.trained_on["synthetic"] is not None

    def made_with(self, key: bytes) -> bool:
        """Whether its values were hashed with this key: with another, no value would be found."""
        return self.values_key == key_digest(key)

    def frequencies_of(self, column: str, values: pl.Series, key: bytes) -> pl.DataFrame:
        """The distinct `values` that the model has a relative frequency of: `column` and tf_`column`, sorted."""
        distinct = values.drop_nulls().unique().sort()
        return pl.DataFrame({column: distinct, f"tf_{column}": self.shares_of(column, distinct, key)}).drop_nulls()

    def shares_of(self, column: str, values: pl.Series, key: bytes) -> pl.Series:
        """The relative frequency of each of `values` (Float64), null where the model has none."""
        known = self.term_frequencies[column]
        lookup = {
            "name": pl.Series(list(known), dtype=pl.String),
            "share": pl.Series(list(known.values()), dtype=pl.Float64),
        }
        names = hashed_values(column, values, key).to_frame()
        return names.join(pl.DataFrame(lookup), on="name", how="left", maintain_order="left")["share"]


def _indented(values: dict[str, float], depth: int) -> str:
    """As json.dumps with indent=1, so deep inside other objects."""
    if not values:
        return "{}"
    between = "\n" + " " * (depth + 1)
    text = json.dumps(values, sort_keys=True, separators=("," + between, ": "))
    return "{" + between + text[1:-1] + "\n" + " " * depth + "}"


def hashed_values(column: str, values: pl.Series, key: bytes) -> pl.Series:
    """Names under which a model keeps values of a column: keyed hashes, 32 hexadecimal digits each."""
    return pl.Series("name", keyed_names(f"{column} ", values.cast(pl.String).to_list(), key), dtype=pl.String)


def model_parameters(model: TrainedModel) -> pl.DataFrame:
    """One row per level of a model: comparison, level, m, u, match_weight (bits; null for missing values), usual."""
    rows = [
        (
            comparison["output_column_name"],
            level["label_for_charts"],
            level["m_probability"],
            level["u_probability"],
            round(math.log2(level["m_probability"] / level["u_probability"]), 4),
            any(
                usual.startswith(f"{comparison['output_column_name']}: {level['label_for_charts']} (")
                for usual in model.usual_levels
            ),
        )
        for comparison in model.splink["comparisons"]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    ]
    return pl.DataFrame(
        rows,
        schema={
            "comparison": pl.String,
            "level": pl.String,
            "m": pl.Float64,
            "u": pl.Float64,
            "match_weight": pl.Float64,
            "usual": pl.Boolean,
        },
        orient="row",
    )
