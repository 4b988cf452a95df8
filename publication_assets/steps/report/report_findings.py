"""Values of the key findings of the report, looked up in what the tables show.

Belongs here: figures of a finding by name. Does not belong here: the findings' words (templates/report/00_summary.md),
values that sections name too (report_overview.py). A withheld figure is its shorthand here; a document leaves its
sentence out (publishing/documents/withheld_in_words.py).
"""

from collections.abc import Mapping

from contracts.vocabulary import ALL, TYPES
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.comparisons import listed
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.report.note_text import (
    engaged_text,
    engagement_heading,
    keyword_text,
    not_corrected_text,
    treated_by_type_text,
    worst_text,
)
from publication_assets.steps.report.report_associations import association_values
from publication_assets.steps.report.report_words import (
    OUTCOMES,
    by_status_in_words,
    convictions_text,
    follow_up_text,
    reconvicted_by_linkage_text,
    reconvicted_heading,
    share_with_limits,
    study_measure_text,
)
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.documents.fill_template import Value
from publishing.tables.declared import noun_of


def findings_values(cells: ShownCells, facts: RunFacts) -> Mapping[str, Value]:
    """Values of the key findings; those by requirement type end in "_atrs" and "_drrs"."""
    by_type = {
        "reconvicted": lambda kind: reconvicted_by_linkage_text(cells, kind),
        "by_outcome": lambda kind: by_status_in_words(cells, kind),
        "completed": lambda kind: share_with_limits(cells, "Completed", kind),
        "remained": lambda kind: share_with_limits(cells, "Remained", kind),
    }
    return {
        "engagement_heading": engagement_heading(cells, facts.experimental),
        "completed_known": not any(by_type["completed"](kind).startswith("[") for kind in TYPES),
        "completed_of_all": _completed_of_all(cells),
        "engaged": engaged_text(cells),
        "treated_by_type": treated_by_type_text(cells),
        "outside_keywords": keyword_text(cells),
        "not_corrected": not_corrected_text(cells),
        "worst_known": worst_text(cells),
        "reconvicted_heading": reconvicted_heading(cells),
        "reconvicted_all": reconvicted_by_linkage_text(cells, ALL),
        "study_measure": study_measure_text(cells),
        "convictions_only": convictions_text(cells),
        "follow_up": follow_up_text(cells),
        **{f"{name}_{kind.lower()}s": say(kind) for name, say in by_type.items() for kind in TYPES},
        **association_values(cells),
    }


def _completed_of_all(cells: ShownCells) -> str:
    """The same of all requirements, of which those not linked have no treatment to complete."""
    shares = {noun_of(kind): cells.percent(OUTCOMES, "linked/Completed", f"share_of_all/{kind}") for kind in TYPES}
    said = [f"{share} of all {noun}" for noun, share in shares.items() if not share.startswith("[")]
    return f"That is {listed(said)}, linked or not. ({TABLES[OUTCOMES].name})" if said else ""
