"""Section 3 of the report: ATRs and DRRs linked to structured treatment in detail (published report, section 3).

Belongs here: its sentences with figures. Does not belong here: prose (templates/report), figures
(figures_linkage.py, figures_status.py). Where figures are withheld and nothing can be compared, nothing is said.
"""

from collections.abc import Mapping

from contracts.vocabulary import NOT_RECORDED, TYPES
from publication_assets.catalogue.measures_of_requirements import STATUS_WORDS
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.clear_differences import clear_differences
from publication_assets.steps.documents.comparisons import capital, listed, row_words
from publication_assets.steps.figures.of_report.figures_by_group import ENGLAND_ROW, FEW
from publication_assets.steps.figures.of_report.figures_linkage import TIME_ROWS
from publication_assets.steps.report.assumptions.missed_links_text import missed_links
from publication_assets.steps.report.assumptions.trend_text import trend_text
from publication_assets.steps.report.report_associations import MODELS_OF_LINKAGE, model_blocks
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.documents.fill_template import Value
from publishing.tables.declared import as_key, noun_of

BY_REGION, BY_ACCOMMODATION, BY_LENGTH = "linked_by_region", "linked_by_accommodation", "linked_by_length"
OF_ALL, ALREADY = "time_to_treatment_of_all", "Already in treatment"
BY_AUTHORITY = "linked_by_authority"
TIME_BY_LENGTH = "time_to_treatment_by_length"
STATUS_TABLES = {"age": "status_by_age", "sex": "status_by_sex", "time": "status_by_time_to_treatment"}
STATUS_NOUNS = {
    "Completed": "Completed treatment",
    "wide dropout": "Dropped out (wide definition)",
    "Remained": "Remained in treatment",
}


def linkage_values(cells: ShownCells, figures: dict[str, Figure]) -> Mapping[str, Value]:
    """Values of sections 3.1 to 3.7; those by requirement type end in "_atr" and "_drr"."""
    return {
        "models_of_linkage": model_blocks(cells, figures, MODELS_OF_LINKAGE),
        "trend_of_linkage": trend_text(cells, "linked"),
        "already_in_treatment": already_text(cells, "Linked does not mean that treatment began with the sentence: "),
        "already_in_short": already_text(cells),
        "linked_by_authority": BY_AUTHORITY in cells.tables,
        "linkage_by_region": capital(_types_by_region(cells)),
        **{
            f"linkage_by_region_{kind.lower()}": region_text(
                cells, BY_REGION, f"linked_share/{kind}", f"{noun_of(kind)} were linked"
            )
            for kind in TYPES
        },
        "linkage_by_accommodation": _compared(cells, BY_ACCOMMODATION, NOT_RECORDED),
        "missed_by_accommodation": missed_links(cells),
        "missed_in_short": " ".join(missed_links(cells)),
        "accommodation_not_recorded": _not_recorded(cells),
        "linkage_by_length": _compared(cells, BY_LENGTH, FEW),
        "time_to_treatment": [_time(cells, kind) for kind in TYPES],
        "time_to_treatment_of_all": [_time_of_all(cells, kind) for kind in TYPES],
        **{
            f"status_by_{name}_{kind.lower()}": _status(cells, table, kind)
            for name, table in STATUS_TABLES.items()
            for kind in TYPES
        },
    }


def region_text(cells: ShownCells, table: str, measure: str, did: str) -> str:
    """Where something happened clearly more and less often than in England; e.g. `did`: "ATRs were linked"."""
    found = clear_differences(cells, table, cells.levels(table), measure, ENGLAND_ROW)
    if found is None:
        return ""
    among = "" if found.complete else "of the regions shown, "
    if not found.above and not found.below:
        none = f"{among}none" if among else "no region"
        return capital(f"{none} differs clearly from England as a whole in how often {did} ({found.whole} in England).")
    return capital(f"{among}{did} {found.in_words('in England as a whole', 'in ')}.")


def already_text(cells: ShownCells, lead: str = "") -> str:
    """Beside "linked": how many were in treatment before the sentence. lead: what the sentence begins with."""
    shares = {kind: cells.percent("time_to_treatment", ALREADY, f"reached_share_of_linked/{kind}") for kind in TYPES}
    said = [f"{share} of linked {noun_of(kind)}" for kind, share in shares.items() if not share.startswith("[")]
    if not said:
        return ""
    table = TABLES["time_to_treatment"].name.lower()
    return f"{lead}{listed(said)} were already in structured treatment when sentenced ({table})."


def _types_by_region(cells: ShownCells) -> str:
    """In which regions linkage differs clearly by type: where the limits of ATRs and of DRRs do not overlap."""
    found: dict[str, list[str]] = {"more": [], "less": [], "unclear": []}
    for region in cells.levels(BY_REGION):
        atr, drr = (cells.estimate(BY_REGION, region, f"linked_share/{kind}")[1:] for kind in TYPES)
        if atr[0] is None or atr[1] is None or drr[0] is None or drr[1] is None:
            return ""
        which = "more" if atr[0] > drr[1] else "less" if atr[1] < drr[0] else "unclear"
        found[which].append(cells.label(BY_REGION, region))
    said = [
        f"{word} common for ATRs than for DRRs in {listed(regions)}"
        for word, regions in (("more", found["more"]), ("less", found["less"]))
        if regions
    ]
    if not said:
        return "In no region does linkage differ clearly between ATRs and DRRs."
    others = ". In the other regions there is no clear difference" if found["unclear"] else ""
    return f"Linkage was {' and '.join(said)}{others}."


def _compared(cells: ShownCells, table: str, but: str) -> list[str]:
    found = []
    for kind in TYPES:
        differences = clear_differences(cells, table, cells.levels(table, but), f"linked_share/{kind}", "all")
        if differences:
            found.append(f"{noun_of(kind)} linked: {differences.in_words('overall', 'for ')}.")
    return found


def _not_recorded(cells: ShownCells) -> str:
    if as_key(NOT_RECORDED) not in cells.levels(BY_ACCOMMODATION):
        return ""
    counts = {kind: cells.text(BY_ACCOMMODATION, NOT_RECORDED, f"requirements/{kind}") for kind in TYPES}
    if any(number.startswith("[") for number in counts.values()):
        return ""
    said = listed([f"{number} {noun_of(kind)}" for kind, number in counts.items()])
    return f"Accommodation is not recorded for {said}. They are shown as a separate row."


def _time(cells: ShownCells, kind: str) -> str:
    said = [
        f"{share} {'were already in treatment' if row == ALREADY else row_words(written)}"
        for row, written in TIME_ROWS.items()
        if not (share := cells.percent("time_to_treatment", row, f"reached_share_of_linked/{kind}")).startswith("[")
    ]
    already, *started = said or [""]
    if not started:
        return ""
    told = f"Of linked {noun_of(kind)}, {already} when sentenced. With these, {listed(started)} had started."
    return f"{told}{_days(cells, kind)}"


def _days(cells: ShownCells, kind: str) -> str:
    """Median before mean: a few that started late draw the mean up."""
    median = cells.text(TIME_BY_LENGTH, f"{kind}/linked", "median_days")
    mean = cells.text("time_to_treatment", "linked", f"mean_days_of_type/{kind}")
    if median.startswith("["):
        return ""
    beside = "" if mean.startswith("[") else f" (mean {mean} days)"
    return f" Of those not already in treatment, half had started within {median} days{beside}."


def _time_of_all(cells: ShownCells, kind: str) -> str:
    """From the second row of its table: shares of all requirements, which the round of 2023 reports at 3 weeks."""
    said = [
        f"{share} {row_words(written)}"
        for row, written in list(TIME_ROWS.items())[1:]
        if not (share := cells.percent(OF_ALL, row, f"reached_share_of_all/{kind}")).startswith("[")
    ]
    told = (
        f"Of all {noun_of(kind)}, linked or not, {listed(said)} had started structured treatment or were already in it"
    )
    return f"{told} (table {TABLES[OF_ALL].number})." if said else ""


def _status(cells: ShownCells, table: str, kind: str) -> list[str]:
    rows = cells.levels(table, NOT_RECORDED)
    return [
        f"{noun_of(kind)}, {row_words(STATUS_NOUNS[status])}: {found.in_words('overall', 'for ')}."
        for status in STATUS_WORDS
        if (found := clear_differences(cells, table, rows, f"status_share/{status}/{kind}", "linked"))
    ]
