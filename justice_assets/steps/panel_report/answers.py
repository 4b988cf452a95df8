"""Tables with which the panel's report answers, by the names that its templates have for them.

Belongs here: which cells belong to which question. Does not belong here: figures (figures.py), prose
(templates/panel_report), what may be shown (publishing/disclosure).
"""

from collections.abc import Mapping, Sequence

from justice_assets.catalogue.tables_of_models import TABLES_OF_MODELS
from justice_assets.steps.panel_report.shown_views import ShownViews
from publishing.documents.document import Grid

RECALLED = (("Yes", "Recalled within {recall_time}"),)
AGAIN = (("Yes", "Convicted again within {reconviction_time}"),)
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
WAITED = tuple(
    (part, part) for part in ("Within 2 weeks", "Over 2 to 4 weeks", "Over 4 to 8 weeks", "Over 8 weeks", "Not started")
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
    "table_waited": ("services_waited", ("service",), WAITED),
    "table_delivered": ("reports_delivered", ("asked",), TYPES),
    "table_as_asked": ("reports_as_asked", ("region", "court"), (("Yes", "Delivered as asked"),)),
    "table_concordance": ("concordance", ("delivered", "days", "region", "court"), PROPOSED),
    "table_contacts": ("contacts_in_community", ("sentence",), CONTACTS),
    "table_contacts_custody": ("contacts_in_custody", ("length_band",), CONTACTS),
    "table_officers": ("officers", ("sentence",), OFFICERS),
    "table_methods": ("contact_methods", ("phase",), METHODS),
}
ODDS = (("odds_ratio", "Odds ratio"), ("odds_ratio_lower", "Lower limit"), ("odds_ratio_upper", "Upper limit"))
_BALANCE = tuple(
    (f"{of}/{arm}", f"{arm}, {words} (%)")
    for of, words in (("all", "all"), ("matched", "matched"))
    for arm in ("Community order", "Custody under 12 months")
)
# The same for tables with columns of their own: table, rows, and columns with their words.
OF_MODELS: Mapping[str, tuple[str, Sequence[str], Sequence[tuple[str, str]]]] = {
    "table_custody_model": (
        "custody_model",
        tuple(column for column, _ in TABLES_OF_MODELS[0].rows),
        (("all", "Convicted defendants"), ("share/yes", "Immediate custody (%)"), *ODDS),
    ),
    "table_matched": (
        "matched",
        ("given",),
        (
            ("all", "People"),
            ("share/yes", "Convicted again (%)"),
            ("matched", "Matched people"),
            ("matched_share", "Convicted again, matched (%)"),
        ),
    ),
    "table_balance": ("balance", tuple(column for column, _ in TABLES_OF_MODELS[2].rows), _BALANCE),
}

# Name in the templates to table, column and part: the share of the part in every row, beside each other.
BESIDE: Mapping[str, tuple[str, str, str]] = {
    "reached_by_sex": ("people_reached", "sex", "Started a service"),
    "reached_by_ethnic_group": ("people_reached", "ethnic_group", "Started a service"),
    "custody_by_sex": ("court_outcomes", "sex", "Immediate custody"),
    "custody_by_ethnic_group": ("court_outcomes", "ethnic_group", "Immediate custody"),
    "recall_by_length": ("recall", "length_band", "Yes"),
    "recall_by_support": ("recall", "support_in_custody", "Yes"),
    "recall_by_gate": ("recall", "through_the_gate", "Yes"),
    "recall_by_licence": ("recall", "licence_band", "Yes"),
    "recall_by_conditions": ("recall", "conditions", "Yes"),
    "again_by_kind": ("reconvictions", "kind", "Yes"),
    "completed_by_kind": ("orders_ended", "sentence", "Completed"),
    "completed_by_report": ("orders_ended", "report", "Completed"),
    "few_in_custody": ("contacts_in_custody", "length_band", "Under 1 a month"),
    "few_in_community": ("contacts_in_community", "sentence", "Under 1 a month"),
    "one_officer": ("officers", "sentence", "One"),
    "office_by_phase": ("contact_methods", "phase", "Office appointment"),
    "followed_by_type": ("concordance", "delivered", "Yes"),
}
# The same where rows are many: the lowest and the highest share.
RANGES: Mapping[str, tuple[str, str, str]] = {
    "reached_between_groups": ("people_reached", "ethnic_group", "Started a service"),
    "recall_between_lengths": ("recall", "length_band", "Yes"),
    "recall_between_conditions": ("recall_by_condition", "condition", "Yes"),
    "again_between_risks": ("reconvictions", "ogrs_band", "Yes"),
    "completed_between_regions": ("orders_ended", "region", "Completed"),
    "completed_between_ages": ("orders_ended", "age_band", "Completed"),
    "completed_between_requirements": ("requirements_ended", "requirement", "Completed"),
    "as_asked_between_regions": ("reports_as_asked", "region", "Yes"),
    "followed_between_regions": ("concordance", "region", "Yes"),
    "followed_between_days": ("concordance", "days", "Yes"),
    "waited_between_services": ("services_waited", "service", "Within 2 weeks"),
    "services_never_started": ("services", "service", "Referred, never started"),
    "video_between_phases": ("contact_methods", "phase", "Video call"),
}
# Name in the templates to table, row and part.
SHARES: Mapping[str, tuple[str, str, str]] = {
    "waited_within": ("services_waited", "all", "Within 2 weeks"),
    "recall_all": ("recall", "all", "Yes"),
    "type_not_recorded": ("recall_types", "all", "Not recorded"),
    "completed": ("orders_ended", "all", "Completed"),
    "standard_given": ("reports_delivered", "asked/Standard", "Standard"),
    "standard_of_all": ("reports_delivered", "all", "Standard"),
    "none_given": ("reports_delivered", "all", "None, or none recorded"),
    "as_asked": ("reports_as_asked", "all", "Yes"),
    "followed": ("concordance", "all", "Yes"),
    "gate_never_started": ("services", "service/Through the Gate", "Referred, never started"),
    "gate_completed": ("services", "service/Through the Gate", "Completed"),
}


def grids(views: ShownViews) -> dict[str, Grid]:
    """Every table of the report."""
    shares = {name: views.grid(table, columns, parts) for name, (table, columns, parts) in GRIDS.items()}
    return shares | {name: views.measures(*asked) for name, asked in OF_MODELS.items()}
