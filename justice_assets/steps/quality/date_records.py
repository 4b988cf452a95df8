"""The day that a record is of: the first hearing, receipt, reception or sentence that it stands for.

Belongs here: which date of a source that is. Does not belong here: what is measured by it (describe_records.py).
"""

import polars as pl


def date_records(
    probation_disposal: pl.LazyFrame,
    custodial_journey: pl.LazyFrame,
    crown_defendant_case: pl.LazyFrame,
    magistrates_defendant_case: pl.LazyFrame,
) -> pl.LazyFrame:
    """source, record_key and recorded_on. Of people on probation and in prison, who have several, the first."""
    return pl.concat(
        [
            _first(probation_disposal, "probation", "crn", "disposal_date"),
            _first(custodial_journey, "prison", "noms_number", "reception_date"),
            _dated(crown_defendant_case, "crown", "defendant_on_case_id", "receipt_date"),
            _dated(magistrates_defendant_case, "magistrates", "defendant_on_case_id", "first_hearing_date"),
        ]
    )


def _first(events: pl.LazyFrame, source: str, key: str, day: str) -> pl.LazyFrame:
    return _dated(events.group_by(key).agg(pl.col(day).min()), source, key, day)


def _dated(records: pl.LazyFrame, source: str, key: str, day: str) -> pl.LazyFrame:
    return records.select(pl.lit(source).alias("source"), pl.col(key).alias("record_key"), recorded_on=day)
