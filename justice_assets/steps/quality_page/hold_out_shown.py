"""Links made without identity numbers as the quality page shows them: recall and precision by group, in rounded counts.

Belongs here: the tables of the hold-out, and which groups are behind. Does not belong here: the measures
(steps/quality), the rest of the page (write_quality_page.py).
"""

import polars as pl

from contracts.vocabulary import ETHNIC_GROUPS
from justice_assets.steps.quality.describe_records import DECADE, FIRST, LAST
from justice_assets.steps.quality_page.shown_shares import share
from justice_assets.steps.views.bands import AGES
from publishing.documents.document import Grid
from resources.records.shown_counts import rounded

COMPARED_IN = 10  # of so many times the base of a percentage, a point or two is less likely to be chance
POINTS_BEHIND = 3  # of recall under the best group of a kind: from there on a group is named with what may be why
NUMBERS = {"pnc": "police number", "cro": "criminal record number"}
KINDS = {
    "pair of sources": "Sources",
    "sex": "Sex",
    "ethnicity": "Ethnic group",
    "age": "Age",
    "birth_decade": "Born",
    "name_tradition": "Names",
}
SOURCES = {
    "crown": "Crown Court",
    "magistrates": "magistrates' courts",
    "prison": "prisons",
    "probation": "probation",
}
# What groups are called, in the order in which they are shown.
LEVELS = {
    "pair of sources": SOURCES
    | {f"{one} and {other}": f"{SOURCES[one]} and {SOURCES[other]}" for one in SOURCES for other in SOURCES},
    "age": {age: age for age in AGES},
    "sex": {"M": "Male", "F": "Female"},
    "ethnicity": {group[0]: group for group in ETHNIC_GROUPS},
    "birth_decade": {f"{FIRST}": f"before {FIRST + DECADE}"}
    | {f"{decade}": f"{decade} to {decade + DECADE - 1}" for decade in range(FIRST + DECADE, LAST, DECADE)}
    | {f"{LAST}": f"{LAST} and later"},
}
# What may be why a group is behind. It is a presumption: the records do not say why a link was missed.
MAY_BE_WHY = {
    "pair of sources": "courts record less of somebody, and the postcode may be that of a prison or solicitor",
    "sex": "women change their surname more often, and that most people before courts are men, so that more others "
    "share a man's name and date of birth",
    "ethnicity": "names that whoever types them does not know are spelt in more ways, and that many people share the "
    "names of the largest group, so that a name in common says less",
    "age": "children share an address with brothers and sisters, that the young move more often, and that most people "
    "before courts are young, so that more others share their date of birth; of the old, dates of birth are guessed "
    "more often",
    "birth_decade": "dates of birth are guessed or missing more often, that addresses have changed more often since, "
    "and that more people before courts share a date of birth in the years when most of them were born",
    "name_tradition": "names are written from another alphabet in several ways, that they stand in another order, and "
    "that many people share them, so that a name in common says less",
}


def hold_out_grid(hold_out: pl.DataFrame, number: str, mark: str, base: int, least: int) -> Grid:
    """Recall and precision of the links made without numbers, by group; groups without a pair are left out."""
    rows: list[list[str]] = []
    for kind, heading in KINDS.items():
        of_kind = _in_order(hold_out.filter(number=number, kind=kind).filter(pl.col("true_pairs") > 0), kind)
        for group, true, found, linked in of_kind.select(
            "group", "true_pairs", "found_pairs", "linked_pairs"
        ).iter_rows():
            label = f"{heading}: {LEVELS.get(kind, {}).get(group, group)}"
            shares = [share(found, whole, base, least) for whole in (true, linked)]
            rows.append([label, f"{rounded(true, base):,}", *shares])
    headers = ["Group", "Pairs with the same number", "Found (%)", "Right of linked (%)"]
    return Grid(f"Links made without numbers, held against the {NUMBERS[number]}{mark}", headers, rows)


def groups_behind(hold_out: pl.DataFrame, base: int, least: int) -> list[str]:
    """A sentence for each kind of group that names those found POINTS_BEHIND points less often than the best one, by
    police number, with what may be why. Groups of fewer than COMPARED_IN times `least` pairs are not compared.
    """
    said: list[str] = []
    for kind, heading in KINDS.items():
        rows = _in_order(hold_out.filter(number="pnc", kind=kind), kind)
        shown = {
            LEVELS.get(kind, {}).get(group, group): share(found, true, base, COMPARED_IN * least)
            for group, true, found in rows.select("group", "true_pairs", "found_pairs").iter_rows()
        }
        found = {group: float(percent) for group, percent in shown.items() if not percent.startswith("[")}
        best = max(found, key=lambda group: found[group], default="")
        behind = {group: found[best] - percent for group, percent in found.items()}
        named = [f"{group} ({points:.1f} points)" for group, points in behind.items() if points > POINTS_BEHIND]
        if named:
            said.append(f"{heading}. Under {best}: {', '.join(named)}. It may be that {MAY_BE_WHY[kind]}.")
        elif found:
            said.append(f"{heading}. No group is more than {POINTS_BEHIND} points under the best.")
    return said


def _in_order(groups: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Groups of a kind as LEVELS has them, others after them by name."""
    place = {group: number for number, group in enumerate(LEVELS.get(kind, {}))}
    return groups.sort(pl.col("group").replace_strict(place, default=len(place)), "group")
