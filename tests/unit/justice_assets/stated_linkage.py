"""A justice linkage with stated probabilities, for tests of a few records: nothing is trained."""

from datetime import date

import polars as pl

from justice_assets.steps.clusters.cluster_persons import Clustered, cluster_persons
from justice_assets.steps.identities.condense_persons import condense_persons
from justice_assets.steps.linking.justice_specification import SIGNATURE, justice_specification
from justice_assets.steps.linking.score_justice_pairs import justice_scoring, score_justice_pairs
from record_linkage.model.trained_model import TrainedModel
from record_linkage.specification import PRIOR
from record_linkage.splink_backend import SplinkBackend
from resources.secrets.keyed_hash import key_digest
from resources.settings.study_settings import load_study_settings

KEY = bytes(32)
BACKEND = SplinkBackend(memory_limit="200MB", threads=1)
SETTINGS = load_study_settings().justice.linkage
# Of the highest level, and of anything else; what is between shares what is left.
M = {"forename": (0.9, 0.01), "surname": (0.9, 0.03), "middle_names": (0.8, 0.02), "born": (0.95, 0.005)}
M |= {"sex": (0.99, 0.01), "place": (0.5, 0.4)}
U = {"forename": (0.01, 0.9899), "surname": (0.002, 0.9979), "middle_names": (0.01, 0.98), "born": (6e-5, 0.9979)}
U |= {"sex": (0.7, 0.3), "place": (1e-5, 0.99)}


def stated_model() -> TrainedModel:
    """One match in ten million pairs; every value weighs alike."""
    splink = justice_specification(SETTINGS).without_frequencies().for_splink()
    splink[PRIOR] = 1e-7
    for comparison in splink["comparisons"]:
        name, levels = comparison["output_column_name"], comparison["comparison_levels"][1:]
        for letter, stated in (("m", M), ("u", U)):
            if name in stated:
                best, worst = stated[name]
                between = (1 - best - worst) / max(len(levels) - 2, 1)
                values = [best, *[between] * (len(levels) - 2), worst]
                for level, value in zip(levels, values, strict=True):
                    level[f"{letter}_probability"] = value
    return TrainedModel(splink, {}, [], [], [], {}, {"synthetic": "test"}, key_digest(KEY))


SCORING = justice_scoring(stated_model(), KEY, BACKEND, SETTINGS)


def person(key: str, forename: str | None, surname: str, born: str | None = "1984-03-07", **more) -> dict:
    """A record of standardised persons, of a magistrates' court unless said."""
    given = {"source": "magistrates", "record_key": key, "name_form": 0, "forename": forename, "surname": surname}
    given |= {"birth_date": date.fromisoformat(born) if born else None, "sex": "M", "postcode": "LS1 4AB"}
    return given | more


def persons(*rows: dict) -> pl.DataFrame:
    """Standardised persons with every column that the linking reads."""
    schema = {"source": pl.String, "record_key": pl.String, "name_form": pl.Int8}
    schema |= dict.fromkeys(SIGNATURE, pl.String) | {"birth_date": pl.Date, "postcodes": pl.List(pl.String)}
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def linked(frame: pl.DataFrame, decided: pl.DataFrame | None = None, apart: pl.DataFrame | None = None) -> Clustered:
    """Clusters of the records of `frame`."""
    made = condense_persons([frame], apart)
    scored, _ = score_justice_pairs(made.identities, SCORING, SETTINGS)
    return cluster_persons(made.identities, made.members, scored, SETTINGS, decided)
