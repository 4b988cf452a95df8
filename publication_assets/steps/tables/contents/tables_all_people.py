"""Table 38: linked requirements beside all people in treatment, where official statistics have a figure.

Belongs here: our counterparts of the published figures, on their bases. Does not belong here: the published figures and
their sources (all_people_in_treatment.py), titles, notes, disclosure control. Readers of the 2023 round asked for it.
"""

import polars as pl

from contracts.vocabulary import ALL, TYPES
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue.measures_of_requirements import AS_PUBLISHED, OUR_BASE, OUR_SHARE
from publication_assets.steps.comparison.all_people_in_treatment import PublishedOfAll, all_people_in_treatment
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.declared import Row, Types, shown_kinds

# Of each row, the name of its count and of its base, after the type.
OURS = {
    "P1": ("linked/Completed", "linked/left treatment"),
    "P2": ("linked/Died", "linked"),
    "P3": ("linked/substance_group/Opiates", "linked"),
    "P4": ("linked/substance_group/Alcohol only", "linked"),
}


def beside_all_people(
    frame: pl.DataFrame, published: list[PublishedOfAll] | None = None, types: Types = TYPES
) -> PublishedTable:
    """Table 38: shares of the linked, on the bases of the published figures of all people in treatment.

    Those that left treatment are the linked whose journey had ended by the end of observation. `published` is the
    file's content unless given.
    """
    table = PublishedTable("beside_all_people")
    for kind in (ALL, *types):
        table.counts |= _counts(of_type(frame, kind).filter("linked_structured"), kind)
        table.add_up(f"{kind}/linked", f"{kind}/linked/left treatment", f"{kind}/linked/Remained")
    for name in [name.removeprefix(f"{ALL}/") for name in table.counts if name.startswith(f"{ALL}/")]:
        table.add_up(f"{ALL}/{name}", *(f"{kind}/{name}" for kind in types))
    for figure in all_people_in_treatment() if published is None else published:
        name, base = OURS[figure.id]
        row = Row(figure.id, figure.label, figure.group)
        table.words(row, AS_PUBLISHED, f"{figure.published}% of {figure.base}")
        for kind in shown_kinds(types):
            table.count(row, OUR_BASE.of_type(kind), f"{kind}/{base}")
            table.percent(row, OUR_SHARE.of_type(kind), f"{kind}/{name}", f"{kind}/{base}")
    return table


def _counts(linked: pl.DataFrame, kind: str) -> dict[str, int]:
    status, substances = pl.col("treatment_status"), pl.col("substance_group")
    remained = count_where(linked, status == "Remained")
    return {
        f"{kind}/linked": linked.height,
        f"{kind}/linked/Remained": remained,
        f"{kind}/linked/left treatment": linked.height - remained,
        f"{kind}/linked/Completed": count_where(linked, status == "Completed"),
        f"{kind}/linked/Died": count_where(linked, status == "Died"),
        f"{kind}/linked/substance_group/Opiates": count_where(linked, substances == "Opiates"),
        f"{kind}/linked/substance_group/Alcohol only": count_where(linked, substances == "Alcohol only"),
    }
