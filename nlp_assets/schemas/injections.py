"""Table of the trial with hostile instructions inside invented notes. Does not belong here: notes of people."""

import pandera.polars as pa
import polars as pl

from resources.zone.schema_check import Table


class InjectionFlips(Table):
    """What each attack did to the labels of invented notes, one row per attack and place."""

    attack: str = pa.Field(description="name of the attack")
    place: str = pa.Field(isin=["before", "after"], description="where the attack stands in the note")
    pairs: pl.Int32 = pa.Field(ge=0, description="notes that have a label without the attack")
    flipped: pl.Int32 = pa.Field(ge=0, description="of these, notes that got the label the attack asked for")
    turned: pl.Int32 = pa.Field(ge=0, description="of these, notes that turned away from the label asked for")
    lost: pl.Int32 = pa.Field(ge=0, description="of these, notes that have no label with the attack")
    engine_kind: str = pa.Field(description="what read the notes: a model, or the fixture")


TABLES: dict[str, type[Table]] = {"injection_flips": InjectionFlips}
