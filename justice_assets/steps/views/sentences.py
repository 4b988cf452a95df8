"""Views of sentences: what probation carries out, and how courts ended cases.

Belongs here: who was sentenced to what. Does not belong here: what followed (releases.py, reconvictions.py).
"""

import polars as pl

from contracts.vocabulary import NOT_RECORDED
from justice_assets.steps.views.bands import age_band, combinations, ethnic_group, length_band, one_of, sex, year
from justice_assets.steps.views.convictions import CONVICTED

COMMUNITY, SUSPENDED, CUSTODY, OTHER = "Community order", "Suspended sentence order", "Custody", "Other"
SENTENCES = {
    "CO": COMMUNITY,
    "SSO": SUSPENDED,
    **dict.fromkeys(("DSC", "YOI", "EXT", "LIFE"), CUSTODY),
    **dict.fromkeys(("YRO", "PSS"), OTHER),
}
COURTS = {"crown": "Crown Court", "magistrates": "Magistrates' court"}
OUTCOMES = {
    "CUSTODY": "Immediate custody",
    "SUSPENDED": "Suspended sentence",
    "COMMUNITY": "Community sentence",
    "FINE": "Fine",
    "DISCHARGE": "Discharge",
    "OTHER": "Otherwise dealt with",
}
SENTENCE_COLUMNS = ("year", "sentence", "court", "sex", "age_band", "ethnic_group", "region", "offence_group")
OUTCOME_COLUMNS = ("year", "court", "sex", "age_band", "ethnic_group", "offence_group", "outcome")


def described(disposals: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Sentences of probation with the bands that every view of them has; of each, still its keys and dates."""
    of_people = people.select("crn", "dob", "sex", "ethnicity")
    return disposals.join(of_people, on="crn", how="left", maintain_order="left").with_columns(
        year("disposal_date"),
        sex(),
        ethnic_group(),
        age_band("dob", "disposal_date"),
        length_band("sentence_days"),
        sentence=one_of("disposal_type", SENTENCES),
        court=one_of("sentencing_court_type", COURTS),
        region=pl.col("probation_region").fill_null(NOT_RECORDED),
        offence_group=pl.col("offence_group").fill_null(NOT_RECORDED),
    )


def view_sentences(probation_disposal: pl.DataFrame, probation_person: pl.DataFrame) -> pl.DataFrame:
    """schemas/views.py SentenceView: sentences that probation carries out."""
    return combinations(described(probation_disposal, probation_person), *SENTENCE_COLUMNS)


def view_court_outcomes(crown_defendant_case: pl.DataFrame, magistrates_defendant_case: pl.DataFrame) -> pl.DataFrame:
    """schemas/views.py CourtOutcomeView: defendants convicted, one per case, by how the court dealt with them."""
    rows = convicted_defendants(crown_defendant_case, magistrates_defendant_case)
    return combinations(rows.with_columns(outcome=one_of("outcome", OUTCOMES)), *OUTCOME_COLUMNS)


def convicted_defendants(crown: pl.DataFrame, magistrates: pl.DataFrame) -> pl.DataFrame:
    """Defendants convicted and sentenced, one per case, with the bands that every view of them has; source and
    record_key of each, court_code, outcome and sentence_date.
    """
    columns = ("sex", "ethnicity", "dob", "offence_group", "outcome", "sentence_date", "court_code")
    both = pl.concat(
        [
            cases.select(
                *columns, record_key="defendant_on_case_id", source=pl.lit(source), court=pl.lit(COURTS[source])
            )
            for source, cases in (("crown", crown), ("magistrates", magistrates))
        ]
    ).filter(pl.col("outcome").is_in(CONVICTED) & pl.col("sentence_date").is_not_null())
    return both.with_columns(
        year("sentence_date"),
        sex(),
        ethnic_group(),
        age_band("dob", "sentence_date"),
        offence_group=pl.col("offence_group").fill_null(NOT_RECORDED),
    )
