"""Reduces records of probation, prisons and courts to the same terms: one row per record and name.

Belongs here: which columns of a source say what, and what is void. Does not belong here: names (clean_names.py),
postcodes (clean_postcodes.py), comparing two records.

Each function takes the extracts of a source, as frames or lazily, and returns the columns of StandardisedPersons,
sorted by record_key and name_form.
"""

import polars as pl

from justice_assets.steps.people.clean_names import clean_names, per_distinct
from justice_assets.steps.people.clean_postcodes import clean_postcode, no_fixed_abode
from resources.extracts.values.identity_numbers import criminal_record_number, police_number, prison_number
from resources.settings.justice_settings import Justice

Frame = pl.DataFrame | pl.LazyFrame
# Codes that are no value, and codes that stand for another (reference/code_lists/ethnicity_18plus1.csv, column note).
_NO_ETHNICITY = ["NS", "Z1", "ETH04", "ETH05", "MERGE", "UN"]
_SAME_ETHNICITY = {"O1": "A4", "W4": "W3", "W8": "W3", "ETH03": "O9"}
_OF_FIVE_GROUPS = {"W": "W9", "M": "M9", "A": "A9", "B": "B9", "O": "O9"}  # of courts: no more is known
ADDRESS_ORDER = {"M": 0, "B": 1, "S": 2, "P": 3, "PO": 4}  # which of several that are in force is the latest
COLUMNS = (
    "source",
    "record_key",
    "name_form",
    "forename",
    "middle_names",
    "surname",
    "birth_date",
    "sex",
    "ethnicity",
    "postcode",
    "postcodes",
    "no_fixed_abode",
    "pnc",
    "cro",
    "prison_number",
    "crn",
    "sentence_dates",
)


def standardise_probation(
    probation_person: Frame,
    probation_alias: Frame,
    probation_address: Frame,
    probation_disposal: Frame,
    settings: Justice,
) -> pl.DataFrame:
    """People on probation by CRN, with a row more for each alias; places from their addresses."""
    sentences = (
        probation_disposal.lazy()
        .group_by("crn")
        .agg(sentence_dates=pl.col("disposal_date").unique().sort(), first_event=pl.col("disposal_date").min())
    )
    people = probation_person.lazy().select(
        "crn",
        "forename",
        "middle_names",
        "surname",
        "dob",
        "sex",
        "ethnicity",
        "noms_number",
        "pnc_number",
        "cro_number",
    )
    details = people.drop("forename", "middle_names", "surname", "dob")
    aliases = (
        probation_alias.lazy()
        .select("crn", "forename", "middle_names", "surname", "dob")
        .unique()
        .sort("crn", "forename", "middle_names", "surname", "dob", nulls_last=True)
        .with_columns(name_form=pl.int_range(1, pl.len() + 1).over("crn"))
        .join(details, on="crn", how="inner")
    )
    records = (
        pl.concat([people.with_columns(name_form=pl.lit(0, pl.Int64)), aliases], how="diagonal")
        .join(sentences, on="crn", how="left")
        .join(_probation_places(probation_address.lazy(), settings), on="crn", how="left")
        .with_columns(record_key="crn", no_fixed_abode=pl.col("no_fixed_abode").fill_null(False))
    )
    return _standardised(records, "probation", settings)


def standardise_prison(prison_person: Frame, custodial_journey: Frame, settings: Justice) -> pl.DataFrame:
    """People in prison by prison number."""
    journeys = (
        custodial_journey.lazy()
        .group_by("noms_number")
        .agg(
            sentence_dates=pl.col("sentence_date").drop_nulls().unique().sort(),
            first_event=pl.col("reception_date").min(),
        )
    )
    records = (
        prison_person.lazy()
        .select(
            "noms_number",
            "forename",
            "middle_names",
            "surname",
            "dob",
            "sex",
            "ethnicity",
            "postcode",
            "pnc_number",
            "cro_number",
        )
        .join(journeys, on="noms_number", how="left")
        .with_columns(
            sentence_dates=pl.when(pl.col("sentence_dates").list.len() > 0).then("sentence_dates"),
            record_key="noms_number",
            crn=pl.lit(None, pl.String),
            name_form=pl.lit(0, pl.Int64),
        )
    )
    return _standardised(_with_one_postcode(records, settings), "prison", settings)


def standardise_crown(crown_defendant_case: Frame, settings: Justice) -> pl.DataFrame:
    """Defendants of Crown Court cases by their key on the case."""
    return _standardised_court(crown_defendant_case.lazy(), "crown", "receipt_date", settings)


def standardise_magistrates(magistrates_defendant_case: Frame, settings: Justice) -> pl.DataFrame:
    """Defendants of magistrates' court cases by their key on the case."""
    return _standardised_court(magistrates_defendant_case.lazy(), "magistrates", "first_hearing_date", settings)


def _standardised_court(cases: pl.LazyFrame, source: str, first_event: str, settings: Justice) -> pl.DataFrame:
    sentence = pl.col("sentence_date")
    records = cases.select(
        "forename",
        "middle_names",
        "surname",
        "dob",
        "sex",
        "postcode",
        "pnc_number",
        "cro_number",
        "crn",
        record_key="defendant_on_case_id",
        ethnicity=pl.col("ethnicity").replace_strict(_OF_FIVE_GROUPS, return_dtype=pl.String),
        first_event=first_event,
        sentence_dates=pl.when(sentence.is_not_null()).then(pl.concat_list(sentence)),
        noms_number=pl.lit(None, pl.String),
        name_form=pl.lit(0, pl.Int64),
    )
    return _standardised(_with_one_postcode(records, settings), source, settings)


def _with_one_postcode(records: pl.LazyFrame, settings: Justice) -> pl.LazyFrame:
    """Records with postcode, postcodes and no_fixed_abode from the one postcode that they have, as typed."""
    dummies = settings.no_fixed_abode_postcodes
    places = (
        records.select(typed="postcode")
        .drop_nulls()
        .unique()
        .with_columns(
            read=clean_postcode(pl.col("typed"), dummies), no_fixed_abode=no_fixed_abode(pl.col("typed"), dummies)
        )
        .with_columns(postcodes=pl.when(pl.col("read").is_not_null()).then(pl.concat_list("read")))
    )
    return (
        records.join(places, left_on="postcode", right_on="typed", how="left")
        .drop("postcode")
        .rename({"read": "postcode"})
        .with_columns(pl.col("no_fixed_abode").fill_null(False))
    )


def _probation_places(addresses: pl.LazyFrame, settings: Justice) -> pl.LazyFrame:
    """crn, postcode (of the latest address), postcodes (of all), no_fixed_abode (of the latest)."""
    dummies = settings.no_fixed_abode_postcodes
    typed = addresses.select(typed="postcode").drop_nulls().unique()
    read = typed.with_columns(
        postcode=clean_postcode(pl.col("typed"), dummies), homeless=no_fixed_abode(pl.col("typed"), dummies)
    )
    order = pl.col("address_status").replace_strict(ADDRESS_ORDER, return_dtype=pl.Int8)
    return (
        addresses.rename({"postcode": "typed"})
        .join(read, on="typed", how="left")
        .with_columns(homeless=pl.col("homeless").fill_null(False) | (pl.col("no_fixed_abode") == "Y").fill_null(False))
        .sort(
            "crn",
            pl.col("end_date").is_not_null(),
            pl.col("start_date").dt.epoch("d").neg(),
            order,
            "postcode",
            nulls_last=True,
        )
        .group_by("crn", maintain_order=True)
        .agg(
            pl.col("postcode").drop_nulls().first(),
            postcodes=pl.col("postcode").drop_nulls().unique().sort(),
            no_fixed_abode=pl.col("homeless").first(),
        )
        .with_columns(postcodes=pl.when(pl.col("postcodes").list.len() > 0).then("postcodes"))
    )


def _standardised(lazily: pl.LazyFrame, source: str, settings: Justice) -> pl.DataFrame:
    # As a frame from here on: what is read once for each distinct value would else be worked out anew each time.
    records = clean_names(lazily.collect(), settings)
    for column, read in (("pnc_number", police_number), ("cro_number", criminal_record_number)):
        records = per_distinct(records, column, read(pl.col(column)))
    return (
        records.with_columns(
            source=pl.lit(source),
            name_form=pl.col("name_form").cast(pl.Int8),
            birth_date=_birth_date(settings),
            sex=pl.when(pl.col("sex").is_in(["M", "F"])).then("sex"),
            ethnicity=pl.when(~pl.col("ethnicity").is_in(_NO_ETHNICITY)).then(
                pl.col("ethnicity").replace(_SAME_ETHNICITY)
            ),
            prison_number=prison_number(pl.col("noms_number")),
        )
        .rename({"pnc_number": "pnc", "cro_number": "cro"})
        .select(COLUMNS)
        .sort("record_key", "name_form")
    )


def _birth_date(settings: Justice) -> pl.Expr:
    """The date of birth, null where it is a placeholder, or nobody of that age could have been in court."""
    born = pl.col("dob")
    grown = pl.col("first_event").dt.offset_by(f"-{settings.youngest_years}y")
    void = born.is_in(settings.placeholder_birth_dates) | (born < settings.earliest_birth_date)
    return pl.when(~(void | (born > grown).fill_null(False))).then(born)
