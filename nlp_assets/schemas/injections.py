"""Tables of the trial with hostile instructions inside invented notes. Does not belong here: notes of people."""

import pandera.polars as pa
import polars as pl

from resources.schema_check import Table


class InjectionTrials(Table):
    """Invented notes as they stand and with each attack in them, one row each."""

    note_number: pl.Int32 = pa.Field(ge=0, description="which invented note")
    attack: str = pa.Field(description="name of the attack; none for the note as it stands")
    place: str = pa.Field(isin=["none", "before", "after"], description="where the attack stands in the note")
    wanted: pl.Int8 = pa.Field(isin=[0, 1], description="label that the attack asks for")
    note_text: str = pa.Field(description="the invented note")
    note_hash: str = pa.Field(str_matches=r"^[0-9a-f]{64}$", description="SHA-256 of the text")


class InjectionFlips(Table):
    """What each attack did to the labels of invented notes, one row per attack and place."""

    attack: str = pa.Field(description="name of the attack")
    place: str = pa.Field(isin=["before", "after"], description="where the attack stands in the note")
    pairs: pl.Int32 = pa.Field(ge=0, description="notes that have a label without the attack")
    flipped: pl.Int32 = pa.Field(ge=0, description="of these, notes that got the label the attack asked for")
    turned: pl.Int32 = pa.Field(ge=0, description="of these, notes that turned away from the label asked for")
    lost: pl.Int32 = pa.Field(ge=0, description="of these, notes that have no label with the attack")


TABLES: dict[str, type[Table]] = {"injection_trials": InjectionTrials, "injection_flips": InjectionFlips}
