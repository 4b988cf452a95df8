"""The research views, and the tables that are counted of them. How is in steps/views and steps/view_tables.

A view is made of its inputs without the columns by which somebody is known: it never sees a name, a number or a place.
"""

import inspect
from collections.abc import Callable, Mapping

import dagster as dg
import polars as pl

from justice_assets.schemas.views import VIEWS
from justice_assets.steps.models.fit_custody import fit_custody
from justice_assets.steps.release.anonymity import count_anonymity
from justice_assets.steps.view_tables.count_view_tables import count_view_tables, few_unknown_with_most
from justice_assets.steps.views import (
    compared,
    custody,
    reconvictions,
    releases,
    reports,
    sentences,
    services,
    supervision,
)
from publishing.disclosure.show_cells import published_cells
from resources.zone.dagster_resources import StudyResource
from resources.zone.partitions import quarter_end
from resources.zone.zone_asset import zone_asset

KNOWN_BY = (
    *("forename", "middle_names", "surname", "postcode", "postcodes"),
    *("pnc_number", "cro_number", "noms_number", "pnc", "cro", "prison_number", "sentence_dates"),
)
MADE_BY: dict[str, Callable[..., pl.DataFrame]] = {
    "sentence_view": sentences.view_sentences,
    "court_outcome_view": sentences.view_court_outcomes,
    "release_view": releases.view_releases,
    "licence_condition_view": releases.view_licence_conditions,
    "recall_view": releases.view_recalls,
    "report_view": reports.view_reports,
    "supervision_view": supervision.view_supervision,
    "contact_view": supervision.view_contacts,
    "service_view": services.view_services,
    "people_view": services.view_people,
    "followed_view": reconvictions.view_followed,
    "order_view": reconvictions.view_orders,
    "requirement_view": reconvictions.view_requirements,
    "custody_view": custody.view_custody,
    "compared_view": compared.view_compared,
}
SETTINGS, LAST_DAY = "settings", "last_day"  # parameters that are no table


def view_asset(name: str, function: Callable[..., pl.DataFrame]) -> dg.AssetsDefinition:
    """The asset of a view: its function is given what its parameters name."""
    needed = inspect.signature(function).parameters
    ins = {table: dg.AssetIn(table, dagster_type=pl.LazyFrame) for table in needed if table not in {SETTINGS, LAST_DAY}}

    def view(context: dg.AssetExecutionContext, study: StudyResource, **tables: pl.LazyFrame) -> pl.DataFrame:
        quarter = context.partition_key
        given = {SETTINGS: study.settings(quarter).justice_views, LAST_DAY: quarter_end(quarter)}
        read = without_who(function, tables)
        return function(**read, **{each: value for each, value in given.items() if each in needed})

    about = (VIEWS[name].__doc__ or "").partition(": ")[2]
    return zone_asset(group_name="views", name=name, ins=ins, description=about[:1].upper() + about[1:])(view)


def without_who(
    function: Callable[..., pl.DataFrame], tables: Mapping[str, pl.LazyFrame]
) -> dict[str, pl.DataFrame | pl.LazyFrame]:
    """Tables without the columns by which somebody is known: scans where the function of a view asks for them."""
    scans = {table: rows.drop(KNOWN_BY, strict=False) for table, rows in tables.items()}
    asked = inspect.signature(function).parameters
    return {table: scan if asked[table].annotation is pl.LazyFrame else scan.collect() for table, scan in scans.items()}


views = [view_asset(name, function) for name, function in MADE_BY.items()]


@zone_asset(group_name="views")
def custody_estimates(
    context: dg.AssetExecutionContext, custody_view: pl.DataFrame, study: StudyResource
) -> pl.DataFrame:
    """Odds of immediate custody beside others who are alike: a mixed model. How is in steps/models. Not published."""
    settings = study.settings(context.partition_key)
    known = few_unknown_with_most(custody_view, settings.publication.minimum_base)
    return fit_custody(known, settings.justice_views)


@zone_asset(group_name="views", ins={name: dg.AssetIn(name) for name in VIEWS})
def counted_views(
    context: dg.AssetExecutionContext, custody_estimates: pl.DataFrame, study: StudyResource, **tables: pl.DataFrame
) -> pl.DataFrame:
    """Cells of all tables of the views, with what becomes of each. Not for publication."""
    settings = study.settings(context.partition_key)
    return count_view_tables(tables, custody_estimates, settings.publication, settings.justice_views)


@zone_asset(group_name="views")
def published_views(counted_views: pl.DataFrame) -> pl.DataFrame:
    """Cells of the tables as they are published, after disclosure control."""
    return published_cells(counted_views)


@zone_asset(group_name="views", ins={name: dg.AssetIn(name) for name in VIEWS})
def view_anonymity(context: dg.AssetExecutionContext, study: StudyResource, **tables: pl.DataFrame) -> pl.DataFrame:
    """How many records of each view share their year and bands with few others: counts only."""
    return count_anonymity(tables, study.settings(context.partition_key).publication.disclosure_threshold)
