"""Asset: how the extracts fit together, and the check that stops the zone where they do not. How is in steps/sources.

`pathways check` judges the same before a refresh; a run that was started from Dagster's UI has only this.
"""

import dagster as dg
import polars as pl

from contracts.extracts import LINKAGE_EXTRACTS
from contracts.references import EXTRACTS_CHECK
from linkage_assets.steps.sources.judge_extracts import extract_columns, judge_extracts
from resources.extracts.compare_age import ages_in
from resources.extracts.extract_references import fit_table, fits_of
from resources.zone.dagster_resources import StudyResource
from resources.zone.gates import Measure
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_gate import zone_gate

TABLES = [extract.name for extract in LINKAGE_EXTRACTS if extract_columns(extract.name)]


@zone_asset(
    group_name="linkage_extracts",
    ins={name: dg.AssetIn(name, dagster_type=pl.LazyFrame) for name in TABLES},
    deps=["extract_ages"],  # whose check is judged together with this one, also where only a model is trained
)
def extract_fit(context: dg.AssetExecutionContext, study: StudyResource, **tables: pl.LazyFrame) -> pl.DataFrame:
    """How much of every reference, code list and identity number of the extracts is found: counts and shares."""
    frames = {name: table.select(extract_columns(name)) for name, table in tables.items()}
    fits = judge_extracts(frames, study.settings(context.partition_key))
    context.add_output_metadata({"said of": [fit.name for fit in fits if fit.problem]})  # how many: in the table
    return fit_table(fits)


@zone_gate(extract_fit, name=EXTRACTS_CHECK, additional_ins={"extract_ages": dg.AssetIn("extract_ages")})
def extracts_are_accepted(extract_fit: pl.DataFrame, extract_ages: pl.DataFrame) -> list[Measure]:
    """The extracts are of this quarter and whole, and of every reference, code list and identity number that the study
    needs enough is found; or it was accepted. What `pathways check` decides.
    """
    return [*ages_in(extract_ages), *(fit.measure for fit in fits_of(extract_fit))]
