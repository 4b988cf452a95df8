"""Asset: how the justice extracts fit together and with code lists, and the check that stops where they do not."""

import dagster as dg
import polars as pl

from contracts.references import EXTRACTS_CHECK, JUSTICE_LISTS, JUSTICE_REFERENCES
from resources.extracts.extract_lists import judge_lists
from resources.extracts.extract_references import columns_needed, fit_table, fits_of, judge_references
from resources.zone.gates import Measure
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_gate import zone_gate

TABLES = sorted({table for each in JUSTICE_REFERENCES for table in (each.child, each.parent)})


@zone_asset(group_name="justice_extracts", ins={name: dg.AssetIn(name, dagster_type=pl.LazyFrame) for name in TABLES})
def justice_extract_fit(context: dg.AssetExecutionContext, **tables: pl.LazyFrame) -> pl.DataFrame:
    """How much of every reference is found, and of every list of words known: counts and shares."""
    needed = {name: columns_needed(JUSTICE_REFERENCES, name) for name in TABLES}
    fits = judge_references(JUSTICE_REFERENCES, {name: table.select(needed[name]) for name, table in tables.items()})
    fits += judge_lists(JUSTICE_LISTS, tables)
    context.add_output_metadata({"said of": [fit.name for fit in fits if fit.problem]})  # how many: in the table
    return fit_table(fits)


@zone_gate(justice_extract_fit, name=EXTRACTS_CHECK)
def justice_extracts_are_accepted(justice_extract_fit: pl.DataFrame) -> list[Measure]:
    """What names a person or a sentence names one that was sent, or it was accepted."""
    return [fit.measure for fit in fits_of(justice_extract_fit)]
