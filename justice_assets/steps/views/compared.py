"""View of people given a community order or a short sentence to custody, with all that they are matched by.

Belongs here: who is compared, and from when each is followed. Does not belong here: matching (steps/models).
"""

import polars as pl

from justice_assets.steps.views.bands import LENGTHS, combinations, ogrs_band, year_band
from justice_assets.steps.views.convictions import convictions, first_day_with_history, with_earlier
from justice_assets.steps.views.reconvictions import followed_sentences
from justice_assets.steps.views.sentences import COMMUNITY, CUSTODY
from resources.settings.justice_settings import JusticeViews

SHORT_CUSTODY = "Custody under 12 months"
COMPARED_COLUMNS = (
    "years",
    "sex",
    "age_band",
    "offence_group",
    "earlier",
    "ogrs_band",
    "ethnic_group",
    "region",
    "given",
    "reconvicted",
)


def view_compared(
    probation_disposal: pl.DataFrame,
    probation_person: pl.DataFrame,
    release_and_recall: pl.DataFrame,
    person_link: pl.LazyFrame,
    crown_defendant_case: pl.LazyFrame,
    magistrates_defendant_case: pl.LazyFrame,
    settings: JusticeViews,
) -> pl.DataFrame:
    """The schema ComparedView: of each person the first community order or custody under 12 months.

    One of each, so that a row is a person, and nobody stands on both sides.
    """
    convicted = convictions(person_link, crown_defendant_case, magistrates_defendant_case)
    given = (probation_disposal, probation_person, release_and_recall, person_link, convicted)
    followed = followed_sentences(*given, settings, *COMPARED_COLUMNS).filter(
        pl.col("disposal_date") >= first_day_with_history(settings)
    )
    short = (pl.col("sentence") == CUSTODY) & pl.col("length_band").is_in(LENGTHS[:2])
    compared = followed.with_columns(
        given=pl.when(short).then(pl.lit(SHORT_CUSTODY)).when(pl.col("sentence") == COMMUNITY).then(pl.lit(COMMUNITY))
    ).drop_nulls("given")
    first = compared.sort("person", "disposal_date", "disposal_id").unique("person", keep="first", maintain_order=True)
    rows = with_earlier(first, "disposal_date", convicted, settings)
    return combinations(rows.with_columns(ogrs_band("ogrs3_2yr"), years=year_band("disposal_date")), *COMPARED_COLUMNS)
