"""The settings of the linking of justice records: `[justice]` of study.toml.

Belongs here: their meaning. Does not belong here: the study's linkage (study_settings.py).
"""

from datetime import date

from pydantic import Field

from resources.settings.settings_section import Section


class Justice(Section):
    """How records of probation, prisons, the Crown Court and magistrates' courts are read before they are linked."""

    earliest_birth_date: date = Field(description="an earlier date of birth is a slip, and read as missing")
    youngest_years: int = Field(ge=0, description="age in years at the first event below which a birth is a slip")
    placeholder_birth_dates: list[date] = Field(description="dates that are typed where none is known")
    no_fixed_abode_postcodes: list[str] = Field(description="postcodes that mean no fixed abode")
    unknown_names: list[str] = Field(description="words that are typed where no name is known, in capitals")
    titles: list[str] = Field(description="words before or after a name that are no part of it, in capitals")
