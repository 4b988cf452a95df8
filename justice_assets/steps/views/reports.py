"""View of pre-sentence reports: what courts asked for, what they were given, and whether the sentence followed it.

Belongs here: type, time and proposal. Does not belong here: how good a report was, which is not recorded.
"""

import polars as pl

from contracts.vocabulary import NOT_RECORDED
from justice_assets.steps.views.bands import NO, YES, combinations, in_bands, one_of, yes_or_no
from justice_assets.steps.views.sentences import SENTENCES, described
from resources.settings.justice_settings import JusticeViews

TYPES = {"CJS": "Standard", "CJF": "Fast", "CJO": "Oral"}
NOT_DELIVERED = "None, or none recorded"
DAYS = ("Same day", "1 to 7 days", "8 to 21 days", "Over 21 days")
FEW = "Courts that asked for few reports"
NO_PROPOSAL = "No proposal recorded"
COLUMNS = ("year", "region", "court", "court_asking", "asked", "delivered", "as_asked", "days", "proposal", "followed")


def view_reports(
    court_report: pl.DataFrame,
    probation_disposal: pl.DataFrame,
    settings: JusticeViews,
) -> pl.DataFrame:
    """The schema ReportView: reports that courts asked for before a sentence that probation holds.

    followed: whether the sentence is of the kind that the report proposed (concordance).
    """
    sentences = described(probation_disposal, "sentence", "region", "court").select(
        "event_id", "sentence", "region", "court"
    )
    of_event = sentences.unique("event_id", keep="first", maintain_order=True)
    rows = court_report.join(of_event, on="event_id", how="inner", maintain_order="left").with_columns(
        asked=one_of("type_requested", TYPES),
        delivered=one_of("type_delivered", TYPES).replace(NOT_RECORDED, NOT_DELIVERED),
        proposed=one_of("proposed_disposal", SENTENCES),
        waited=(pl.col("completed_date") - pl.col("date_requested")).dt.total_days(),
    )
    # Each court of a few reports would have counts that are withheld, and take larger ones along.
    unknown = pl.when(pl.col("court_code").is_null()).then(pl.lit(NOT_RECORDED))
    many = unknown.when(pl.len().over("court_code") >= settings.fewest_reports_of_court)
    given = pl.col("delivered") != NOT_DELIVERED
    as_asked = pl.when(~given).then(pl.lit(NOT_DELIVERED)).when(pl.col("asked") == pl.col("delivered"))
    followed = pl.when(pl.col("proposed") == NOT_RECORDED).then(pl.lit(NO_PROPOSAL))
    return combinations(
        rows.with_columns(
            year=pl.col("date_requested").dt.year().cast(pl.String),
            court_asking=many.then(pl.col("court_code")).otherwise(pl.lit(FEW)),
            as_asked=as_asked.then(pl.lit(YES)).otherwise(pl.lit(NO)),
            proposal=yes_or_no(pl.col("proposed") != NOT_RECORDED),
            days=in_bands(pl.col("waited"), (1, 8, 22), DAYS),
            followed=followed.when(pl.col("proposed") == pl.col("sentence")).then(pl.lit(YES)).otherwise(pl.lit(NO)),
        ),
        *COLUMNS,
    )
