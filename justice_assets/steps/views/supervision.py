"""Views of supervision: how often officers met somebody, in which way, and how many officers it were.

Belongs here: contacts that took place or were missed, without their notes. Does not belong here: what was said.

There are more contacts than of all else, and each meets every sentence of its person: some are looked at together.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from contracts.sources.justice.codes import CONTACT_METHODS
from justice_assets.steps.views.bands import RECORDS, combinations, in_bands, one_of
from justice_assets.steps.views.sentences import CUSTODY, described

IN_CUSTODY, IN_COMMUNITY = "In custody", "In the community"
CONTACTS = ("None", "Under 1 a month", "1 to under 2 a month", "2 and more a month")
OFFICERS = ("None recorded", "One", "Two", "Three", "Four and more")
METHODS = {code: words[:1].upper() + words[1:] for code, words in CONTACT_METHODS.items()}
ATTENDED = {"Y": "Attended", "N": "Not attended"}
AT_ONCE = 500_000  # contacts
DAYS_OF_A_MONTH, SHORTEST = 30.44, 30
SUPERVISION_COLUMNS = ("year", "phase", "sentence", "length_band", "region", "contacts", "officers")
CONTACT_COLUMNS = ("year", "phase", "method", "attended")


def view_supervision(
    probation_disposal: pl.DataFrame,
    release_and_recall: pl.DataFrame,
    supervision_contact: pl.LazyFrame,
    last_day: date,
) -> pl.DataFrame:
    """The schema SupervisionView: sentences by their contacts a month, of each phase of 30 days or more."""
    phases = _phases(probation_disposal, release_and_recall, last_day, "year", "length_band", "region")
    by_officer = pl.concat(
        met.group_by("phase_id", "staff_key").agg(n=pl.len()) for met in _contacts_of(phases, supervision_contact)
    )
    counted = by_officer.group_by("phase_id").agg(pl.col("n").sum(), staff=pl.col("staff_key").drop_nulls().n_unique())
    rows = phases.join(counted, on="phase_id", how="left", maintain_order="left")
    a_month = pl.col("n").fill_null(0) / (pl.col("days") / DAYS_OF_A_MONTH)
    return combinations(
        rows.with_columns(
            contacts=in_bands(a_month, (1e-9, 1, 2), CONTACTS),
            officers=in_bands(pl.col("staff").fill_null(0), (1, 2, 3, 4), OFFICERS),
        ),
        *SUPERVISION_COLUMNS,
    )


def view_contacts(
    probation_disposal: pl.DataFrame,
    release_and_recall: pl.DataFrame,
    supervision_contact: pl.LazyFrame,
    last_day: date,
) -> pl.DataFrame:
    """The schema ContactView: contacts of the same sentences; of one in two sentences' time, the later one's."""
    phases = _phases(probation_disposal, release_and_recall, last_day)
    counted: list[pl.DataFrame] = []
    for met in _contacts_of(phases, supervision_contact):
        latest = met.sort("contact_id", "from", descending=[False, True])
        rows = latest.unique("contact_id", keep="first", maintain_order=True).with_columns(
            year=pl.col("contact_date").dt.year().cast(pl.String),
            method=one_of("method", METHODS),
            attended=one_of("attended", ATTENDED),
        )
        counted.append(combinations(rows, *CONTACT_COLUMNS))
    together = pl.concat(counted).group_by(CONTACT_COLUMNS).agg(pl.col(RECORDS).sum())
    return together.select(*CONTACT_COLUMNS, RECORDS).sort(CONTACT_COLUMNS)


def _phases(disposals: pl.DataFrame, releases: pl.DataFrame, last_day: date, *bands: str) -> pl.DataFrame:
    """A row per sentence and phase: to release in custody, else to its end or the last day. With `bands`."""
    first_release = releases.group_by("disposal_id").agg(released=pl.col("release_date").min())
    rows = described(disposals, "sentence", *bands).join(
        first_release, on="disposal_id", how="left", maintain_order="left"
    )
    end = pl.min_horizontal(
        pl.coalesce("termination_date", pl.col("disposal_date") + pl.duration(days=pl.col("sentence_days"))).fill_null(
            last_day
        ),
        pl.lit(last_day),
    )
    custody = pl.col("sentence") == CUSTODY
    inside = rows.filter(custody).with_columns(
        pl.min_horizontal(pl.col("released").fill_null(last_day), pl.lit(last_day)).alias("to"),
        pl.col("disposal_date").alias("from"),
        phase=pl.lit(IN_CUSTODY),
    )
    outside = rows.filter(~custody | pl.col("released").is_not_null()).with_columns(
        end.alias("to"), pl.coalesce("released", "disposal_date").alias("from"), phase=pl.lit(IN_COMMUNITY)
    )
    both = pl.concat([inside, outside]).with_columns(
        days=(pl.col("to") - pl.col("from")).dt.total_days(), phase_id=pl.concat_str("disposal_id", "phase")
    )
    return both.filter(pl.col("days") >= SHORTEST)


def _contacts_of(phases: pl.DataFrame, contacts: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Contacts in the phases that they are in, some contacts at a time."""
    times = phases.select("phase_id", "crn", "from", "to", "phase")
    for start in range(0, max(1, contacts.select(pl.len()).collect().item()), AT_ONCE):
        both = times.join(contacts.slice(start, AT_ONCE).collect(), on="crn")
        yield both.filter((pl.col("contact_date") >= pl.col("from")) & (pl.col("contact_date") < pl.col("to")))
