"""Records of all four sources in the same terms, by which they are linked. Full names: nothing of this leaves the zone.

Belongs here: declarations. Does not belong here: how they are made (steps/people).
"""

from typing import Annotated, ClassVar

import pandera.polars as pa
import polars as pl

from contracts.sources.justice.codes import JUSTICE_SOURCES
from resources.extracts.values.identity_numbers import NOMS_PATTERN
from resources.zone.schema_check import Table

NAME = r"^[A-Z]+( [A-Z]+)*$"
STANDARD_ETHNICITIES = ("W1", "W2", "W3", "W5", "W9", "M1", "M2", "M3", "M9", "A1", "A2", "A3", "A4", "A9", "B1", "B2")
STANDARD_ETHNICITIES += ("B9", "O2", "O9")


class StandardisedPersons(Table):
    """One row per record and name, sorted by source, record and name: names in capitals A-Z, numbers in one form."""

    source: str = pa.Field(isin=JUSTICE_SOURCES, description="whose record it is")
    record_key: str = pa.Field(description="key of the record in its source: CRN, prison number, defendant on case")
    name_form: pl.Int8 = pa.Field(ge=0, description="0: the record; from 1: a further name that it has, an alias")
    forename: str = pa.Field(nullable=True, str_matches=NAME, description="first forename")
    middle_names: str = pa.Field(nullable=True, str_matches=NAME, description="further forenames, a blank between")
    surname: str = pa.Field(nullable=True, str_matches=NAME, description="surname, or the one name there is")
    birth_date: pl.Date = pa.Field(nullable=True, description="date of birth; empty where it is a placeholder")
    sex: str = pa.Field(nullable=True, isin=["M", "F"], description="sex as recorded")
    ethnicity: str = pa.Field(nullable=True, isin=STANDARD_ETHNICITIES, description="18+1 code")
    postcode: str = pa.Field(nullable=True, description="latest postcode; may be of a prison, hostel or solicitor")
    postcodes: Annotated[pl.List, pl.String()] = pa.Field(nullable=True, description="all postcodes, sorted")
    no_fixed_abode: bool = pa.Field(description="recorded as of no fixed abode")
    pnc: str = pa.Field(nullable=True, description="police number as YYYY/0000000L")
    cro: str = pa.Field(nullable=True, description="criminal record number as 000000/YYL")
    prison_number: str = pa.Field(nullable=True, str_matches=NOMS_PATTERN, description="prison number")
    crn: str = pa.Field(nullable=True, description="Case Reference Number of probation")
    sentence_dates: Annotated[pl.List, pl.Date()] = pa.Field(nullable=True, description="dates of sentence, sorted")

    class Config(Table.Config):
        unique: ClassVar = ["source", "record_key", "name_form"]


TABLES: dict[str, type[Table]] = {"standardised_persons": StandardisedPersons}
