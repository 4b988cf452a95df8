"""Short documents that are typeset as those of a publication are."""

from collections.abc import Callable

import pytest

from publication_assets.steps.documents.typeset_document import document_pdf
from publishing.documents.document import Block, Document, Section


@pytest.fixture(scope="session")
def typeset(facts) -> Callable[..., bytes]:
    """Function: the PDF of a document of one section with these blocks."""

    def write(*blocks: Block) -> bytes:
        section = Section("part", "1. Part", [*blocks])
        return document_pdf(
            Document("Paper", "Title of a paper", "Of a quarter", "2023Q1", ["Made up."], [section]), facts
        )

    return write
