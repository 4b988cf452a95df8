"""Table 40: linkage by accommodation, corrected for the links that are estimated to be missed there (ours).

Belongs here: laying out the estimates of linkage and what they make of the shares linked. Does not belong here: the
estimates (linkage_assets/steps/quality), assumed errors (tables_missed_links.py), titles, notes, disclosure control.
"""

import polars as pl

from contracts.vocabulary import ACCOMMODATION, TYPES
from modelling_assets.steps.engagement.correct_for_label_error import corrected_share
from modelling_assets.steps.records.requirements_where import count_where, of_type
from publication_assets.catalogue.declared import Row, Types
from publication_assets.catalogue.measures_of_models import CORRECTED_FOR_MISSED, MISSED
from publication_assets.catalogue.measures_of_requirements import LINKED_SHARE
from publication_assets.catalogue.rows import ALL_BY_REVIEW, ALL_REQUIREMENTS
from publication_assets.steps.tables.contents.tables_breakdowns import count_few_unknown_with_most
from publication_assets.steps.tables.declared_table import Cell, PublishedTable
from publication_assets.steps.tables.estimates.quality_tables import QualityTables

GROUPING, EVERYBODY = "Accommodation at sentence", "All people"
EXPECTED = "Expected missed (% of expected true)"
RECALL, RESULTS, ESTIMATE = "Recall among scored pairs", "Results", "Estimate (%)"


def linked_with_missed_by_accommodation(
    frame: pl.DataFrame, linkage_quality: pl.DataFrame, types: Types = TYPES
) -> PublishedTable:
    """Table 40: share linked, and share in structured treatment if links are missed as estimated for the group.

    `linkage_quality` is the crossing table. Its rates are of people on their latest sentence. The last row has the rate
    of clerical review, where there was one.
    """
    table, quality = PublishedTable("missed_links_by_accommodation"), QualityTables(linkage_quality)
    counted = count_few_unknown_with_most(frame, "accommodation")
    rates = {Row(level, level): quality.value("groups", level, EXPECTED, GROUPING) for level in ACCOMMODATION}
    rates |= dict(zip((ALL_REQUIREMENTS, ALL_BY_REVIEW), missed_of_all(quality), strict=True))
    for row, missed in rates.items():
        table.cells.append(Cell(row, MISSED, "percent", missed, text="[x]"))
        of_group = pl.col("accommodation") == row[1] if row[1] in ACCOMMODATION else pl.lit(True)
        for kind in types:
            members = of_type(counted, kind).filter(of_group)
            _shares(table, row, kind, members, missed)
    return table


def missed_of_all(quality: QualityTables) -> tuple[float | None, float | None]:
    """Percentage of links missed of all people: as the linkage model expects, and as clerical review found."""
    recall = quality.value("review", RECALL, ESTIMATE, RESULTS)
    return quality.value("groups", EVERYBODY, EXPECTED, EVERYBODY), None if recall is None else 100 - recall


def _shares(table: PublishedTable, row: Row, kind: str, members: pl.DataFrame, missed: float | None) -> None:
    base = f"{kind}/accommodation/{row[1]}" if row[1] in ACCOMMODATION else kind
    linked = f"{base}/linked"
    table.counts |= {base: members.height, linked: count_where(members, pl.col("linked_structured"))}
    table.percent(row, LINKED_SHARE.of_type(kind), linked, base)
    corrected = None
    if missed is not None and missed < 100 and members.height:
        # Rounding and other people than those of the rate may put it above all: then the two contradict each other.
        share = float(corrected_share(table.counts[linked] / members.height, 1 - missed / 100, 1.0))
        corrected = 100 * share if share <= 1 else None
    measure = CORRECTED_FOR_MISSED.of_type(kind)
    table.cells.append(Cell(row, measure, "percent", corrected, depends_on=(linked, base), text="[x]"))
