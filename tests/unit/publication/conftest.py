"""Tiny frames in the shape of the publication's inputs."""

from datetime import date

import polars as pl
import pytest

from modelling_assets.steps.make_tables import make_tables
from modelling_assets.steps.run_facts import run_facts
from resources.study_settings import load_study_settings

DEFAULTS = {
    "requirement_type": "ATR", "linked_structured": False, "linked_cjit": False, "treatment_status": "Not linked",
    "prison_12m": False, "reconvicted": False, "followed_in_full": True,
    "note_sampled": False, "synthetic": False, "keyword_notes": None,
    "any_engaged": None,
    "region": "Greater London",
    "accommodation": "Settled",
    "length_band": "4 to 6 months",
    "time_band": None,
    "days_to_treatment": None,
    "age_band": "30 to 39",
    "sex": "Male",
    "termination_reason": None,
    "notes_before_termination": None,
    "engaged_before_termination": None, "model_id": None, "is_fixture": None,
}  # fmt: skip
TYPES = {
    "accommodation": pl.String,
    "age_band": pl.String,
    "sex": pl.String,
    "time_band": pl.String,
    "treatment_status": pl.String,
    "days_to_treatment": pl.Int32,
    "termination_reason": pl.String,
    "notes_before_termination": pl.Int32,
    "engaged_before_termination": pl.Int32,
    "linked_structured": pl.Boolean, "reconvicted": pl.Boolean, "keyword_notes": pl.Int32, "any_engaged": pl.Boolean,
    "model_id": pl.String, "is_fixture": pl.Boolean,
}  # fmt: skip
SAMPLED = {"note_sampled": True, "keyword_notes": 3, "model_id": "a model", "is_fixture": False}


def frame_of(*groups: tuple[int, dict]) -> pl.DataFrame:
    """An analysis frame: each group is a number of rows and the values in which they differ from DEFAULTS."""
    rows = [DEFAULTS | values for number, values in groups for _ in range(number)]
    keys = {"requirement_key": [f"r{i}" for i in range(len(rows))], "person_key": [f"p{i}" for i in range(len(rows))]}
    return pl.DataFrame(keys | {name: [row[name] for row in rows] for name in DEFAULTS}, schema_overrides=TYPES)


def linked(status: str, **values) -> dict:
    """Values of a linked requirement."""
    return {
        "linked_structured": True,
        "treatment_status": status,
        "time_band": "Within 3 weeks",
        "days_to_treatment": 10,
        **values,
    }


@pytest.fixture(scope="session")
def settings():
    return load_study_settings().for_quarter(date(2023, 3, 31))


@pytest.fixture(scope="session")
def build():
    return frame_of


@pytest.fixture(scope="session")
def link():
    return linked


@pytest.fixture(scope="session")
def sampled():
    return lambda **values: SAMPLED | values


@pytest.fixture(scope="session")
def study_frame():
    """A small study in which no count is from 1 to 4."""
    groups = []
    for kind in ("ATR", "DRR"):
        groups += [(10, linked(status, requirement_type=kind, reconvicted=hit)) for hit in (True, False)
                   for status in ("Completed", "Remained", "Dropped out", "Prison", "Died")]  # fmt: skip
        groups += [
            (40, SAMPLED | {"requirement_type": kind, "any_engaged": True, "reconvicted": True}),
            (10, SAMPLED | {"requirement_type": kind, "any_engaged": False, "followed_in_full": False}),
            (10, SAMPLED | {"requirement_type": kind, "any_engaged": False, "keyword_notes": 0, "linked_cjit": True}),
            (60, {"requirement_type": kind, "prison_12m": True}),
            (20, SAMPLED | linked("Completed", requirement_type=kind, any_engaged=True)),
        ]
    return frame_of(*groups)


@pytest.fixture(scope="session")
def pooled():
    columns = ["model", "factor", "level", "reference", "records", "outcome_records", "odds_ratio", "ci_low", "ci_high",
               "p_value", "significant", "direction", "strength", "status"]  # fmt: skip
    rows = [
        (model, *row)
        for model in ("linked_atr", "reconvicted_drr")
        for row in [
            ("sex", "Male", True, 150, 60, 1.0, None, None, None, None, None, None, "ok"),
            ("sex", "Female", False, 90, 50, 2.5, 2.0, 3.1, 0.00001, True, "higher", "strong", "ok"),
            ("age_band", "18 to 29", True, 200, 90, 1.0, None, None, None, None, None, None, "ok"),
            ("age_band", "50 and over", False, 40, 20, None, None, None, None, None, None, None, "not estimable"),
        ]
    ]
    return pl.DataFrame(rows, schema=columns, orient="row")


@pytest.fixture(scope="session")
def cells(study_frame, pooled, settings):
    return make_tables(study_frame, pooled, settings)


@pytest.fixture(scope="session")
def facts(study_frame, settings):
    return run_facts(study_frame, "2023Q1", settings)


@pytest.fixture(scope="session")
def consort():
    steps = [
        ("offenders", "merged", 300, 20), ("clients", "refused to share", 900, 100),
        ("requirements", "in Wales", 500, 3),
        ("requirements", "without a length", 497, 57),
        ("people", "no requirement left after: without a length", 400, 40),
    ]  # fmt: skip
    rows = [
        (number, stream, step, before, gone, before - gone)
        for number, (stream, step, before, gone) in enumerate(steps, 1)
    ]
    return pl.DataFrame(rows, schema=["order", "stream", "step", "before", "removed", "after"], orient="row")
