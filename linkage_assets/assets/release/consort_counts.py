"""Asset: records kept and removed at every step, and the check that they add up. Counting itself is in steps/."""

import dagster as dg
import polars as pl

from linkage_assets.steps.requirements.count_consort import count_consort, find_broken_chains
from resources.zone.dagster_resources import StudyResource
from resources.zone.zone_asset import zone_asset
from resources.zone.zone_check import zone_check


@zone_asset(group_name="anonymising")
def consort_counts(
    context: dg.AssetExecutionContext,
    offender: pl.DataFrame,
    probation_pseudonyms: pl.DataFrame,
    adult_community: pl.DataFrame,
    yp_community: pl.DataFrame,
    adult_secure: pl.DataFrame,
    yp_secure: pl.DataFrame,
    cjit: pl.DataFrame,
    standardised_clients: pl.DataFrame,
    treatment_pseudonyms: pl.DataFrame,
    person_key: pl.DataFrame,
    requirement: pl.DataFrame,
    combined_requirements: pl.DataFrame,
    quarantined_rows: pl.DataFrame,
    treatment_episodes: pl.DataFrame,
    study: StudyResource,
) -> pl.DataFrame:
    """How many records each step kept and removed: the consort diagram (methodology figure M1). Counts only."""
    clients = [adult_community, yp_community, adult_secure, yp_secure, cjit]
    return count_consort(
        offender,
        probation_pseudonyms,
        clients,
        standardised_clients,
        treatment_pseudonyms,
        person_key,
        requirement,
        combined_requirements,
        quarantined_rows,
        treatment_episodes,
        study.settings(context.partition_key).study,
    )


@zone_check(consort_counts, additional_ins={"analysed_requirements": dg.AssetIn("analysed_requirements")})
def consort_counts_reconcile(consort_counts: pl.DataFrame, analysed_requirements: pl.DataFrame) -> dg.AssetCheckResult:
    """Every step starts with what the step before it left; the last ones leave what is analysed, and its people."""
    people = analysed_requirements["person_pseudonym"].n_unique()
    faults = find_broken_chains(consort_counts, analysed_requirements.height, people)
    return dg.AssetCheckResult(passed=not faults, metadata={"faults": "; ".join(faults) or "none"})
