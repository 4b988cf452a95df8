"""Reduces both systems to the linkage view: one row per person and place, in the same terms (methodology 2.3, 2.5.1).

Belongs here: cleaning of initials, dates of birth, sex and ethnicity, and which addresses count. Does not belong here:
where a postcode lies (locate_places.py), comparing two people.
"""

from pathlib import Path

import polars as pl

from linkage_assets.steps.people.locate_places import locate
from resources.settings.study_settings import Linkage

REFERENCE = Path(__file__).resolve().parents[3] / "reference"
YOUNGEST_YEARS = 10  # age of criminal responsibility, at the first sentence or referral: a later birth is a slip
HOMELESS_ACCOMMODATION = ["A08", "A08A", "A08C"]  # reference/code_lists/accommodation.csv, tag "none"
UNKNOWN_ETHNICITY = "Z"
STATUS_ORDER = {"M": 0, "P": 1, "B": 2, "S": 3}  # a previous address was the main one while it lasted
NOT_SENT = pl.lit(None, pl.String)
FIELDS = ["forename_initial", "surname_initial", "dob", "sex", "ethnicity"]
VIEW = [
    "source",
    "record_id",
    "person_id",
    "forename_initial",
    "surname_initial",
    "initials",
    "dob",
    "dob_swapped",
    "dob_month_day",
    "dob_year",
    "dob_year_month",
    "sex",
    "ethnicity",
    "ethnic_group5",
    "postcode_sector",
    "utla_code",
    "easting",
    "northing",
    "no_fixed_abode",
    "linkable",
]


def standardise_offenders(
    offender: pl.DataFrame, offender_address: pl.DataFrame, requirement: pl.DataFrame, settings: Linkage
) -> pl.DataFrame:
    """One row per person on probation and place, sorted by both; deleted records are left out.

    The place is the address in force on the person's latest sentence: the main one, else bail, else secondary, else
    (none in force) the last known. A second row exists only for a second main or bail address in force that day:
    the study has 43,139 rows of 43,100 people, so nearly one each (methodology 2.5.1).
    """
    sentences = requirement.group_by("crn").agg(
        seen_on=pl.col("disposal_date").max(), first_seen=pl.col("disposal_date").min()
    )
    people = (
        offender.filter(pl.col("soft_deleted") != "1")
        .join(sentences, on="crn", how="left")
        .join(_probation_ethnicity(), on="ethnicity", how="left")
        .select(
            pl.col("crn").alias("person_id"),
            "forename_initial",
            "surname_initial",
            "dob",
            "sex",
            "first_seen",
            pl.col("letter").alias("ethnicity"),
        )
    )
    places = offender_places(offender_address, sentences.drop("first_seen"), settings)
    records = people.join(places.rename({"crn": "person_id"}), on="person_id", how="left")
    return _linkage_view(records, "ndelius", settings)


def offender_places(offender_address: pl.DataFrame, sentences: pl.DataFrame, settings: Linkage) -> pl.DataFrame:
    """The place of each person on probation on `seen_on` (columns crn, seen_on): crn, sector, utla, position, NFA."""
    addresses = (
        offender_address.filter(pl.col("address_status") != "PO")
        .join(sentences, on="crn", how="left")
        .with_columns(
            pl.col("address_status").replace_strict(STATUS_ORDER, return_dtype=pl.Int8).alias("order"),
            (
                (pl.col("start_date") <= pl.col("seen_on"))
                & (pl.col("end_date").is_null() | (pl.col("end_date") >= pl.col("seen_on")))
            )
            .fill_null(False)
            .alias("in_force"),
        )
    )
    located = locate(addresses, "postcode", None, settings).with_columns(
        (
            pl.col("no_fixed_abode_postcode")
            | (pl.col("no_fixed_abode") == "Y").fill_null(False)
            | pl.col("address_type").is_in(HOMELESS_ACCOMMODATION).fill_null(False)
        ).alias("no_fixed_abode")
    )
    # Out of force, the last known address is the best guess whatever its status; in force, its status decides.
    ranked = located.sort(
        "crn",
        pl.col("in_force").not_(),
        pl.when("in_force").then("order").otherwise(0),
        pl.col("end_date").is_not_null(),
        pl.col("start_date").dt.epoch("d").neg(),
        "order",
        "postcode_sector",
        "no_fixed_abode",
        nulls_last=True,
    ).with_columns(pl.int_range(pl.len()).over("crn").alias("rank"))
    first = pl.col("rank") == 0
    main_or_bail = pl.col("address_status").is_in(["M", "B"])
    also_in_force = pl.col("in_force") & main_or_bail & pl.col("postcode_sector").is_not_null()
    return ranked.filter(first | also_in_force).select(
        "crn", "postcode_sector", "utla_code", "easting", "northing", "no_fixed_abode"
    )


def standardise_clients(
    adult_community: pl.DataFrame,
    yp_community: pl.DataFrame,
    adult_secure: pl.DataFrame,
    yp_secure: pl.DataFrame,
    cjit: pl.DataFrame,
    settings: Linkage,
) -> pl.DataFrame:
    """One row per NDTMS person and place over all five data sets, sorted by both; CONSENT N is left out.

    Where episodes of a person differ in an initial, date of birth, sex or ethnicity, the most frequent value stands,
    the earliest referred on a tie. Historic places are rows of their own (methodology 2.5.1). A row that says less
    than another of the same person (same authority without a sector, or no place at all) is left out. So is an
    identifier with more dates of birth than `most_birth_dates`: it stands for many people, and so for nobody.
    """
    postcode, need = pl.col("PC"), pl.col("ACCMNEED")
    episodes = pl.concat(
        [
            *(_episode_details(frame, postcode, need) for frame in (adult_community, yp_community)),
            *(_episode_details(frame, NOT_SENT, need) for frame in (adult_secure, yp_secure)),
            _episode_details(cjit, postcode, NOT_SENT),
        ]
    )
    many = clients_of_many(episodes, settings.most_birth_dates)
    episodes = episodes.join(many, on="person_id", how="anti", maintain_order="left")
    episodes = episodes.with_columns(pl.when(pl.col("sex").is_in(["M", "F"])).then("sex").alias("sex"))
    records = _people(episodes).join(client_places(episodes, settings), on="person_id", how="left")
    return _linkage_view(records, "ndtms", settings)


def _episode_details(frame: pl.DataFrame, postcode: pl.Expr, accommodation_need: pl.Expr) -> pl.DataFrame:
    """What consented rows of a data set say of a person, under one set of names."""
    return frame.filter(pl.col("CONSENT") != "N").select(
        person_id="CLIENTID",
        forename_initial="FINITIAL",
        surname_initial="SINITIAL",
        dob="DOB",
        sex=pl.col("SEX").replace({"1": "M", "2": "F"}),
        ethnicity=pl.when(pl.col("ETHNIC") != UNKNOWN_ETHNICITY).then("ETHNIC"),
        referred="REFLD",
        postcode=postcode,
        utla="UTLA",
        accommodation_need=accommodation_need,
    )


def clients_of_many(episodes: pl.DataFrame, most: int) -> pl.DataFrame:
    """person_id of each NDTMS identifier that has more than `most` dates of birth in `episodes` (person_id, dob)."""
    births = episodes.drop_nulls("dob").group_by("person_id").agg(births=pl.col("dob").n_unique())
    return births.filter(pl.col("births") > most).select("person_id")


def client_places(episodes: pl.DataFrame, settings: Linkage) -> pl.DataFrame:
    """Distinct places of each NDTMS person (columns person_id, postcode, utla, accommodation_need of each episode)."""
    located = locate(episodes, "postcode", "utla", settings).with_columns(
        (
            pl.col("no_fixed_abode_postcode")
            | (pl.col("postcode_sector").is_null() & (pl.col("accommodation_need") == "1").fill_null(False))
        ).alias("no_fixed_abode")
    )
    places = located.group_by("person_id", "postcode_sector", "utla_code", "easting", "northing").agg(
        pl.col("no_fixed_abode").any()
    )
    has_sector, has_authority = pl.col("postcode_sector").is_not_null(), pl.col("utla_code").is_not_null()
    says_less = (
        pl.when(has_sector)
        .then(False)
        .when(has_authority)
        .then(has_sector.any().over("person_id", "utla_code"))
        .otherwise((has_sector | has_authority).any().over("person_id"))
    )
    return places.filter(~says_less)


def _probation_ethnicity() -> pl.DataFrame:
    codes = pl.read_csv(REFERENCE / "code_lists" / "ethnicity_18plus1.csv", columns=["hmpps_code", "ndtms_2001_code"])
    return codes.filter(pl.col("ndtms_2001_code") != UNKNOWN_ETHNICITY).rename(
        {"hmpps_code": "ethnicity", "ndtms_2001_code": "letter"}
    )


def _group_of_letter() -> pl.DataFrame:
    codes = pl.read_csv(REFERENCE / "code_lists" / "ethnicity_18plus1.csv", columns=["ndtms_2001_code", "group5"])
    return codes.unique("ndtms_2001_code", keep="first", maintain_order=True).rename(
        {"ndtms_2001_code": "ethnicity", "group5": "ethnic_group5"}
    )


def _people(episodes: pl.DataFrame) -> pl.DataFrame:
    """Each person with first_seen and one value per field: the most frequent where episodes differ, as few do."""
    people = episodes.group_by("person_id").agg(
        pl.col("referred").min().alias("first_seen"),
        *(pl.col(field).min() for field in FIELDS),
        *(pl.col(field).max().name.suffix("_other") for field in FIELDS),
    )
    for field in FIELDS:
        several = people.filter(pl.col(field) != pl.col(f"{field}_other"))
        chosen = _most_frequent(episodes.join(several, on="person_id", how="semi"), field)
        people = people.update(chosen, on="person_id").drop(f"{field}_other")
    return people


def _most_frequent(episodes: pl.DataFrame, field: str) -> pl.DataFrame:
    counts = (
        episodes.drop_nulls(field).group_by("person_id", field).agg(pl.len().alias("times"), pl.col("referred").min())
    )
    return (
        counts.sort("person_id", "times", "referred", field, descending=[False, True, False, False], nulls_last=True)
        .unique("person_id", keep="first", maintain_order=True)
        .select("person_id", field)
    )


def _dates_as_text(dates: pl.Series) -> pl.DataFrame:
    dob = pl.col("dob")
    return (
        dates.alias("dob")
        .drop_nulls()
        .unique()
        .to_frame()
        .with_columns(
            dob.dt.to_string("%Y-%m-%d").alias("text"),
            pl.when(dob.dt.day() <= 12).then(dob.dt.to_string("%Y-%d-%m")).alias("dob_swapped"),
            dob.dt.to_string("%m-%d").alias("dob_month_day"),
            dob.dt.year().cast(pl.Int32).alias("dob_year"),
            dob.dt.to_string("%Y-%m").alias("dob_year_month"),
        )
    )


def _linkage_view(records: pl.DataFrame, source: str, settings: Linkage) -> pl.DataFrame:
    dob = pl.col("dob")
    void = (
        dob.is_in(settings.placeholder_birth_dates)
        | (dob < settings.earliest_birth_date)
        | (dob > pl.col("first_seen").dt.offset_by(f"-{YOUNGEST_YEARS}y")).fill_null(False)
    )
    records = records.with_columns(pl.when(~void).then(dob).alias("dob"))
    identifiers = ("initials", "dob", "utla_code")
    return (
        records.join(_dates_as_text(records["dob"]), on="dob", how="left")
        .join(_group_of_letter(), on="ethnicity", how="left")
        .with_columns(
            pl.lit(source).alias("source"),
            pl.concat_str("forename_initial", "surname_initial").alias("initials"),
            pl.col("text").alias("dob"),
            pl.when(pl.col("sex").is_in(["M", "F"])).then("sex").alias("sex"),
            pl.col("no_fixed_abode").fill_null(False),
        )
        .with_columns(
            (
                pl.sum_horizontal(pl.col(name).is_not_null() for name in identifiers) >= settings.minimum_identifiers
            ).alias("linkable")
        )
        .sort("person_id", "postcode_sector", "utla_code", "no_fixed_abode", nulls_last=True)
        .unique(["person_id", "postcode_sector", "utla_code"], keep="first", maintain_order=True)
        .with_columns(
            pl.format("{}:{}:{}", pl.lit(source), "person_id", pl.int_range(1, pl.len() + 1).over("person_id")).alias(
                "record_id"
            )
        )
        .select(VIEW)
    )
