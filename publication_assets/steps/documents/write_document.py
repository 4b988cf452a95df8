"""Writes a document of the publication from its templates and the values of a run.

Belongs here: what the templates of every document may name. Does not belong here: any words of one (templates/), how
one is put together and looks (publishing/documents, typeset_document.py).
"""

from collections.abc import Mapping
from pathlib import Path

from publication_assets.steps.comparison.published_study import figures_as_written
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.templates_folder import TEMPLATES
from publishing.documents.document import Document
from publishing.documents.fill_template import Value
from publishing.documents.make_document import make_document


def write_document(
    document: str,
    values: Mapping[str, Value],
    facts: RunFacts,
    folder: Path = TEMPLATES,
    warnings: list[str] | None = None,
) -> Document:
    """The document whose templates lie in the folder of its name, filled with `values` and those of every document.

    warnings: what a reader must know first; those of the run if None. Raises TemplateFault.
    """
    return make_document(document, {**common_values(facts), **values}, facts, folder, warnings)


def common_values(facts: RunFacts) -> dict[str, Value]:
    """What the templates of every document may name; of the published study each number by its id."""
    return {
        **figures_as_written(),
        "title": facts.title,
        "series": facts.series,
        "quarter": facts.quarter,
        "edition": facts.edition,
        "contact": facts.contact,
        "has_mailbox": not facts.synthetic,
        "sentence_period": facts.period,
        "observation_end": words(facts.observation_end),
        "requirements": facts.requirements,
        "people": facts.people,
        "minimum_base": facts.minimum_base,
        "disclosure_threshold": facts.disclosure_threshold,
        "threshold": f"{facts.threshold:g}",
        "read_by": facts.read_by,
        "read_by_in_short": facts.read_by_in_short,
        "rounding": facts.rounding,
        "synthetic": facts.synthetic,
        "simulated_review": facts.simulated_review,
    }
