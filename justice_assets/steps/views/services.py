"""Views of services: what became of referrals, and who of those before courts reaches a service.

Belongs here: interventions, and people as they are linked. Does not belong here: services before release (releases.py).
"""

import polars as pl

from contracts.sources.justice.codes import INTERVENTION_OUTCOMES, INTERVENTIONS
from contracts.vocabulary import NOT_RECORDED
from justice_assets.steps.views.bands import age_band, combinations, ethnic_group, in_bands, one_of, sex

OPEN = "Open"
STARTED_A_SERVICE, ON_PROBATION, COURT_ALONE = (
    "Started a service",
    "On probation, started none",
    "Not on probation",
)
TYPES = {
    code: words.partition(":")[0][:1].upper() + words.partition(":")[0][1:] for code, words in INTERVENTIONS.items()
}
OUTCOMES = {code: words[:1].upper() + words[1:] for code, words in INTERVENTION_OUTCOMES.items()}
WAITED = ("Within 2 weeks", "Over 2 to 4 weeks", "Over 4 to 8 weeks", "Over 8 weeks")
NEVER_STARTED = "Not started"
SERVICE_COLUMNS = ("year", "service", "outcome", "waited", "sex", "age_band", "ethnic_group")
PEOPLE_COLUMNS = ("sex", "age_band", "ethnic_group", "reached")


def view_services(intervention: pl.DataFrame, probation_person: pl.DataFrame) -> pl.DataFrame:
    """The schema ServiceView: referrals to services, by what became of them."""
    people = probation_person.select("crn", "dob", "sex", "ethnicity")
    days = (pl.col("start_date") - pl.col("referral_date")).dt.total_days()
    rows = intervention.join(people, on="crn", how="left", maintain_order="left").with_columns(
        sex(),
        ethnic_group(),
        age_band("dob", "referral_date"),
        year=pl.col("referral_date").dt.year().cast(pl.String),
        service=one_of("intervention_type", TYPES),
        outcome=one_of("outcome", OUTCOMES).replace(NOT_RECORDED, OPEN),
        waited=in_bands(days, (15, 29, 57), WAITED).replace(NOT_RECORDED, NEVER_STARTED),
    )
    return combinations(rows, *SERVICE_COLUMNS)


def view_people(
    person_link: pl.LazyFrame,
    standardised_persons: pl.LazyFrame,
    intervention: pl.DataFrame,
    crown_defendant_case: pl.LazyFrame,
    magistrates_defendant_case: pl.LazyFrame,
) -> pl.DataFrame:
    """The schema PeopleView: people with a record of a court, by whether they reach a service.

    People are those of the middle threshold. Age is that at their last hearing; sex and ethnic group are those that
    most of their records have.
    """
    link = person_link.select("source", "record_key", person="person_medium")
    keys = ["source", "record_key"]
    hearings = pl.concat(
        [
            crown_defendant_case.select(record_key="defendant_on_case_id", seen="receipt_date", source=pl.lit("crown")),
            magistrates_defendant_case.select(
                record_key="defendant_on_case_id", seen="first_hearing_date", source=pl.lit("magistrates")
            ),
        ]
    )
    last = link.join(hearings, on=keys).group_by("person").agg(pl.col("seen").max())
    people = last.with_row_index("number").collect()
    persons = standardised_persons.filter(pl.col("name_form") == 0)
    records = link.join(people.lazy(), on="person").select(*keys, "number").join(persons, on=keys, how="left")
    described = records.select("number", "birth_date", "sex", pl.col("ethnicity").str.head(1)).collect()
    on_probation = link.filter(source="probation").collect()
    started = intervention.drop_nulls("start_date").select("crn").unique()
    reached = on_probation.join(started, left_on="record_key", right_on="crn", how="semi")["person"]
    people = people.select(
        "number",
        "seen",
        reached=pl.when(pl.col("person").is_in(reached.implode()))
        .then(pl.lit(STARTED_A_SERVICE))
        .when(pl.col("person").is_in(on_probation["person"].implode()))
        .then(pl.lit(ON_PROBATION))
        .otherwise(pl.lit(COURT_ALONE)),
    )
    for column in ("birth_date", "sex", "ethnicity"):
        people = people.join(_most_often(described, column), on="number", how="left")
    return combinations(
        people.with_columns(sex(), ethnic_group(), age_band("birth_date", "seen")),
        *PEOPLE_COLUMNS,
    )


def _most_often(records: pl.DataFrame, column: str) -> pl.DataFrame:
    """number and the value that most of their records have; of as many, the first in order."""
    counted = records.drop_nulls(column).group_by("number", column).len()
    ranked = counted.sort("number", "len", column, descending=[False, True, False])
    return ranked.unique("number", keep="first", maintain_order=True).select("number", column)
