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


_OF_SENTENCES = {
    "year": year("disposal_date"),
    "sentence": one_of("disposal_type", SENTENCES),
    "length_band": length_band("sentence_days"),
    "court": one_of("sentencing_court_type", COURTS),
    "region": pl.col("probation_region").fill_null(NOT_RECORDED),
    "offence_group": pl.col("offence_group").fill_null(NOT_RECORDED),
}
_OF_PEOPLE = {
    "sex": ("sex", sex()),
    "ethnic_group": ("ethnicity", ethnic_group()),
    "age_band": ("dob", age_band("dob", "disposal_date")),
}


def described(disposals: pl.DataFrame, *bands: str, people: pl.DataFrame | None = None) -> pl.DataFrame:
    """Sentences of probation with the bands that are asked for; of each, still its keys and dates.

    people: probation_person, where bands of people are asked for. A view that needs none is given no people, and no
    column that it does not show.
    """
    asked = {band: made for band, made in _OF_SENTENCES.items() if band in bands}
    if people is not None:
        of_people = {band: made for band, made in _OF_PEOPLE.items() if band in bands}
        columns = [column for column, _ in of_people.values()]
        disposals = disposals.join(people.select("crn", *columns), on="crn", how="left", maintain_order="left")
        asked |= {band: made for band, (_, made) in of_people.items()}
    return disposals.with_columns(made.alias(band) for band, made in asked.items())


def view_sentences(probation_disposal: pl.DataFrame, probation_person: pl.DataFrame) -> pl.DataFrame:
    """The schema SentenceView: sentences that probation carries out."""
    rows = described(probation_disposal, *SENTENCE_COLUMNS, people=probation_person)
    return combinations(rows, *SENTENCE_COLUMNS)


def view_court_outcomes(crown_defendant_case: pl.LazyFrame, magistrates_defendant_case: pl.LazyFrame) -> pl.DataFrame:
    """The schema CourtOutcomeView: defendants convicted, one per case, by how the court dealt with them."""
    rows = convicted_defendants(crown_defendant_case, magistrates_defendant_case)
    return combinations(rows.with_columns(outcome=one_of("outcome", OUTCOMES)), *OUTCOME_COLUMNS)


def convicted_defendants(crown: pl.LazyFrame, magistrates: pl.LazyFrame, *more: str) -> pl.LazyFrame:
    """Defendants convicted and sentenced, one per case, with the bands that every view of them has; source, outcome and
    sentence_date of each, and `more` columns of the extracts.
    """
    columns = ("sex", "ethnicity", "dob", "offence_group", "outcome", "sentence_date", *more)
    both = pl.concat(
        [
            cases.select(*columns, source=pl.lit(source), court=pl.lit(COURTS[source]))
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
