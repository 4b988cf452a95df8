"""Tables and figures with which the panel's report answers, by the names that its templates have for them.

Belongs here: which cells belong to which question. Does not belong here: prose (templates/panel_report), what may be
shown (publishing/disclosure), how a figure looks (publishing/charts).
"""

from collections.abc import Mapping, Sequence

from drawing.svg import DARK_BLUE, GREY, TURQUOISE, to_svg
from justice_assets.steps.panel_report.shown_views import ShownViews
from publishing.charts.bar_charts import labelled_bars, stacked_bars
from publishing.charts.charts import Figure
from publishing.documents.document import Drawing, Grid

RECALLED = (("Yes", "Recalled within 12 months"),)
AGAIN = (("Yes", "Convicted again within 12 months"),)
PROPOSED = (("Yes", "Sentence of the kind proposed"),)
ENDED = (("Completed", "Completed"), ("Revoked", "Revoked"))
OUTCOMES = tuple((part, part) for part in ("Immediate custody", "Suspended sentence", "Community sentence", "Fine"))
REACHED = tuple((part, part) for part in ("Started a service", "On probation, started none", "Not on probation"))
TYPES = tuple((part, part) for part in ("Standard", "Fast", "Oral", "None, or none recorded"))
CONTACTS = tuple((part, part) for part in ("None", "Under 1 a month", "1 to under 2 a month", "2 and more a month"))
OFFICERS = tuple((part, part) for part in ("None recorded", "One", "Two", "Three", "Four and more"))
SERVICE = tuple(
    (part, part) for part in ("Completed", "Started, not completed", "Referred, never started", "Referral withdrawn")
)
RECALL_TYPES = tuple(
    (part, part) for part in ("Fixed term, 14 days", "Fixed term, 28 days", "Standard", "Not recorded")
)
METHODS = tuple(
    (part, part)
    for part in (
        "Office appointment",
        "Home visit",
        "Visit in prison",
        "Telephone",
        "Video call",
        "Letter, text or e-mail",
    )
)
GROUPS = ("sex", "age_band", "ethnic_group")
# Name in the templates to table, columns of the view whose levels are rows, and parts that are columns.
GRIDS: Mapping[str, tuple[str, Sequence[str], Sequence[tuple[str, str]]]] = {
    "table_reached": ("people_reached", GROUPS, REACHED),
    "table_outcomes": ("court_outcomes", (*GROUPS, "court"), OUTCOMES),
    "table_recall_length": ("recall", ("length_band",), RECALLED),
    "table_recall_support": ("recall", ("support_in_custody", "through_the_gate"), RECALLED),
    "table_recall_licence": ("recall", ("licence_band", "conditions"), RECALLED),
    "table_recall_condition": ("recall_by_condition", ("condition",), RECALLED),
    "table_recall_types": ("recall_types", ("length_band", "reason"), RECALL_TYPES),
    "table_again": ("reconvictions", ("kind", "ogrs_band"), AGAIN),
    "table_orders": ("orders_ended", ("sentence", "age_band", "region"), ENDED),
    "table_orders_report": ("orders_ended", ("report",), ENDED),
    "table_requirements": ("requirements_ended", ("requirement",), ENDED),
    "table_services": ("services", ("service",), SERVICE),
    "table_delivered": ("reports_delivered", ("asked",), TYPES),
    "table_as_asked": ("reports_as_asked", ("region", "court"), (("Yes", "Delivered as asked"),)),
    "table_concordance": ("concordance", ("delivered", "days", "region", "court"), PROPOSED),
    "table_contacts": ("contacts_in_community", ("sentence",), CONTACTS),
    "table_contacts_custody": ("contacts_in_custody", ("length_band",), CONTACTS),
    "table_officers": ("officers", ("sentence",), OFFICERS),
    "table_methods": ("contact_methods", ("phase",), METHODS),
}


def grids(views: ShownViews) -> dict[str, Grid]:
    """Every table of the report."""
    return {name: views.grid(table, columns, parts) for name, (table, columns, parts) in GRIDS.items()}


def figures(views: ShownViews, mark: str) -> dict[str, Drawing]:
    """The figures of the report, each with its words for who does not see it."""
    bars = views.bars("people_reached", "ethnic_group", REACHED)
    colours: dict[str, str] = dict(zip((part for part, _ in REACHED), (DARK_BLUE, TURQUOISE, GREY), strict=True))
    said = views.beside("people_reached", "ethnic_group", "Started a service")
    alternative = f"Bars of people with a record of a court, by ethnic group. Share that started a service: {said}."
    reached = Figure(
        "1",
        f"Who of the people before courts reaches a service{mark}",
        alternative,
        to_svg(stacked_bars(bars, colours, "% of people"), "reached", alternative),
        ["Ethnic group", *(words for _, words in REACHED)],
        _rows(views, "people_reached", "ethnic_group", REACHED),
        "Table 16",
        "People with a record of a court, by ethnic group, percentages",
        to_svg(stacked_bars(bars, colours, "% of people", narrow=True), "reached-narrow", alternative),
    )
    lengths = views.bars("recall", "length_band", (("Yes", ""),))
    blue = {"": DARK_BLUE}
    told = views.beside("recall", "length_band", "Yes")
    words = f"Bars of first releases recalled within 12 months, by length of sentence: {told}."
    recall = Figure(
        "2",
        f"Recall within 12 months, by length of sentence{mark}",
        words,
        to_svg(labelled_bars(lengths, blue, "% of first releases"), "recall", words),
        ["Length of sentence", "Recalled within 12 months"],
        _rows(views, "recall", "length_band", RECALLED),
        "Table 3",
        "First releases from custody, percentages",
        to_svg(labelled_bars(lengths, blue, "% of first releases", narrow=True), "recall-narrow", words),
    )
    return {"figure_reached": Drawing(reached), "figure_recall": Drawing(recall)}


def _rows(views: ShownViews, table: str, column: str, parts: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [
        [label, *(views.percent(table, row, part) for part, _ in parts)] for row, label in views.labels(table, column)
    ]
