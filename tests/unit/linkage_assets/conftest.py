"""What tests of the linkage share: two small populations, and a model of the study's levels with stated weights."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from contracts.extracts import EXTRACT_BY_NAME
from linkage_assets.steps.model.linkage_specification import TERM_FREQUENCY_COLUMNS, linkage_specification
from linkage_assets.steps.people.standardise_people import standardise_clients, standardise_offenders
from record_linkage.model.trained_model import TrainedModel, hashed_values
from record_linkage.specification import PRIOR
from resources.secrets.keyed_hash import key_digest
from resources.settings.study_settings import load_study_settings

KEY = bytes(32)
TYPES = {"date": pl.Date, "whole": pl.Int64, "decimal": pl.Float64}
POSTCODES = ["LS1 4AP", "LS2 7EY", "LS6 1AN", "M1 1AE", "M4 1HQ", "ZZ99 3VZ"]
BIRTHS = [date(year, month, day) for year in (1980, 1981, 1991) for month in (1, 2) for day in (1, 2, 12)]


def extract(name: str, rows: list[dict]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={c.name: TYPES.get(c.kind, pl.String) for c in EXTRACT_BY_NAME[name].columns})


def population(settings) -> tuple[pl.DataFrame, pl.DataFrame]:
    """250 people on probation and 500 clients: few different values, so that many agree in part, and gaps."""
    rng = np.random.default_rng(20230331)

    def pick(values, missing=0.05):
        return None if rng.random() < missing else values[rng.integers(len(values))]

    offenders, addresses, episodes = [], [], []
    for number in range(250):
        who = {"crn": f"X{number:06d}", "soft_deleted": "0"}
        offenders.append(
            who
            | {
                "forename_initial": pick("JKL"),
                "surname_initial": pick("SMT"),
                "dob": pick(BIRTHS),
                "sex": pick("MF"),
                "ethnicity": pick(["W1", "A2", "B1", "M1", "O9"]),
            }
        )
        addresses.append(
            {
                "crn": who["crn"],
                "start_date": date(2020, 1, 1),
                "address_status": "M",
                "postcode": pick(POSTCODES, missing=0.2),
            }
        )
    episodes += [
        {
            "CLIENTID": f"C{number:05d}",
            "CONSENT": "Y",
            "FINITIAL": pick("JKL"),
            "SINITIAL": pick("SMT"),
            "DOB": pick(BIRTHS),
            "SEX": pick("MF"),
            "ETHNIC": pick("AJMDS"),
            "PC": pick(POSTCODES, missing=0.2),
        }
        for number in range(500)
    ]
    others = (extract(name, []) for name in ("yp_community", "adult_secure", "yp_secure", "cjit"))
    return (
        standardise_offenders(
            extract("offender", offenders), extract("offender_address", addresses), extract("requirement", []), settings
        ),
        standardise_clients(extract("adult_community", episodes), *others, settings),
    )


def stated_model(settings, records: pl.DataFrame) -> TrainedModel:
    """The study's levels, each with a weight of its own, and the term frequencies of `records`."""
    splink = linkage_specification(settings).for_splink() | {PRIOR: 0.01}
    for comparison in splink["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for place, level in enumerate(levels):
            level |= {"m_probability": 0.61 / 3**place, "u_probability": 0.013 * 2.3**place}
    frequencies = {}
    for column in (TERM_FREQUENCY_COLUMNS[name] for name in settings.term_frequencies):
        counted = records[column].drop_nulls().value_counts(name="share", normalize=True)
        frequencies[column] = dict(zip(hashed_values(column, counted[column], KEY), counted["share"], strict=True))
    return TrainedModel(splink, frequencies, [], [], [], {}, {"synthetic": "drawn in this test"}, key_digest(KEY))


@pytest.fixture(scope="session")
def linkage():
    """The published settings of the linkage."""
    return load_study_settings().linkage


@pytest.fixture(scope="session")
def records(linkage):
    """Standardised people on probation and in treatment."""
    return population(linkage)


@pytest.fixture(scope="session")
def key():
    """The key of the model's values."""
    return KEY


@pytest.fixture(scope="session")
def model(linkage, records):
    """A model with weights that were stated, not trained."""
    return stated_model(linkage, pl.concat(records))
