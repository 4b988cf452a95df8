"""Reads the forms of the Treatment Outcomes Profile under pseudonyms: what was asked, when, and in which episode.

Belongs here: forms and episodes of the extracts in, forms of treated people out. Does not belong here: which form
stands for the start or the end of treatment (steps/combining/compare_substance_use.py).
"""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from contracts.sources.ndtms import STAGES, USE_COLUMNS
from linkage_assets.steps.requirements.combining_code_lists import form_substance
from linkage_assets.steps.treatment.read_episodes import treated_episodes
from resources.settings.study_settings import Combining

STAGE_NAMES = dict(zip(STAGES, ["Start", "Review", "Exit", "After exit"], strict=True))
EPISODE = ["AGNCY", "CLIENTID", "EPISODID"]
COLUMNS = ["client_pseudonym", "episode_start", "form_date", "stage", "main_substance", *USE_COLUMNS]


def read_outcome_forms(
    outcome_profile: pl.DataFrame,
    structured: Mapping[str, pl.DataFrame],
    treatment_pseudonyms: pl.DataFrame,
    settings: Combining,
    observation_end: date,
) -> pl.DataFrame:
    """One row per form of a treated episode (data dictionary 2.3), sorted by all columns.

    `structured` maps the name of each data set with care-planned episodes to its rows; those of the setting
    `structured_data_sets` count. Columns: client_pseudonym, episode_start (triage), form_date, stage ("Start",
    "Review", "Exit", "After exit"), main_substance of the episode (a value of USE_COLUMNS; null when its first drug is
    none of them) and days used in the last 28 by substance (0 to 28; null when not answered).

    A form counts only with the consented episode of the same service, client and key; one after `observation_end` does
    not exist. Where a service gives several episodes one key, a form is of the last that had begun by then.
    """
    episodes = pl.concat(
        treated_episodes(structured[name]).select(
            *EPISODE, episode_start="TRIAGED", main_substance=form_substance(pl.col("DRUG1"))
        )
        for name in settings.structured_data_sets
    ).unique()
    people = treatment_pseudonyms.select("client_id", "client_pseudonym")
    forms = outcome_profile.filter(pl.col("TOPDATE") <= observation_end).with_row_index("form")
    begun_by = pl.col("TOPDATE") + timedelta(days=settings.outcome_forms.days_from_start)
    of_episodes = (
        forms.join(episodes, on=EPISODE)
        .filter(pl.col("episode_start") <= begun_by)
        .sort("form", "episode_start", "main_substance")
        .unique("form", keep="last", maintain_order=True)
    )
    return (
        of_episodes.join(people, left_on="CLIENTID", right_on="client_id", validate="m:1")
        .with_columns(
            pl.col(list(USE_COLUMNS)).cast(pl.Int32),
            form_date="TOPDATE",
            stage=pl.col("TRSTAGE").replace_strict(STAGE_NAMES, return_dtype=pl.String),
        )
        .select(COLUMNS)
        .unique()
        .sort(COLUMNS)
    )


def count_outcome_forms(outcome_profile: pl.DataFrame, outcome_forms: pl.DataFrame) -> dict[str, int]:
    """How many forms were sent, and how many are of treated episodes: counts for the run's record."""
    starts = outcome_profile.filter(TRSTAGE="S").select(pl.struct(EPISODE).is_duplicated()).to_series()
    return {
        "forms_sent": outcome_profile.height,
        "forms_of_treated_episodes": outcome_forms.height,
        "start_forms_of_episodes_with_several": int(starts.sum()),
    }
