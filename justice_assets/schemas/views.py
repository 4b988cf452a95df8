"""Research views: year and bands only, without an id, a date or a name; and the tables that are published of them.

Belongs here: which views there are. Does not belong here: their columns (views_of_...), how they are counted
(steps/views, steps/view_tables).
"""

from justice_assets.schemas.views_of_custody import LicenceConditionView, RecallView, ReleaseView
from justice_assets.schemas.views_of_sentences import (
    ComparedView,
    CourtOutcomeView,
    CustodyView,
    FollowedView,
    OrderView,
    RequirementView,
    SentenceView,
)
from justice_assets.schemas.views_of_support import ContactView, PeopleView, ReportView, ServiceView, SupervisionView
from publishing.disclosure.cell_tables import CountedCells, PublishedCells
from resources.zone.schema_check import Table

VIEWS: dict[str, type[Table]] = {
    "sentence_view": SentenceView,
    "court_outcome_view": CourtOutcomeView,
    "release_view": ReleaseView,
    "licence_condition_view": LicenceConditionView,
    "recall_view": RecallView,
    "report_view": ReportView,
    "supervision_view": SupervisionView,
    "contact_view": ContactView,
    "service_view": ServiceView,
    "people_view": PeopleView,
    "followed_view": FollowedView,
    "order_view": OrderView,
    "requirement_view": RequirementView,
    "custody_view": CustodyView,
    "compared_view": ComparedView,
}
TABLES = {**VIEWS, "counted_views": CountedCells, "published_views": PublishedCells}
