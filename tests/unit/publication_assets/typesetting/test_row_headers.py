"""A reader of tables in a PDF is told of each cell in which column and in which row it is, as on the page."""

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Name

from publication_assets.steps.documents.tag_row_headers import with_row_headers
from publishing.documents.document import Grid, Link, Paragraph, Strong

MANY = 60  # rows, of which one sheet holds a part
TABLES = (
    Grid("Sexes", ["Sex", "Requirements", "Linked"], [["Female", "10", "5"], [(Strong("Male"),), "20", "15"]]),
    Paragraph("Between."),
    Grid("Rows", ["Row", "Number"], [[(Link(f"Row {each}", "report.html"),), f"{each}"] for each in range(MANY)]),
    Grid("One column", ["Row"], [["first"], ["second"]]),
)


def cells(content: bytes) -> list[list[list[tuple]]]:
    """Of each table its rows, of each row its cells: kind, scope, own name and the headers that it names."""
    with pikepdf.open(BytesIO(content)) as pdf:
        tables = [part for part in pdf.objects if isinstance(part, pikepdf.Dictionary) and part.get("/S") == "/Table"]
        return [
            [[cell(it) for it in held(row)] for part in held(table) if part.S != "/Caption" for row in held(part)]
            for table in tables
        ]


def held(part) -> list:
    """What a part of the structure has in it, of which one may stand alone."""
    return [*part.K] if isinstance(part.K, pikepdf.Array) else [part.K]


def cell(part) -> tuple:
    (said,) = (said for said in part.A if said.O == "/Table")
    return str(part.S), str(said.get("/Scope", "")), str(part.get("/ID", "")), [str(name) for name in said.Headers]


@pytest.fixture(scope="module")
def typeset_tables(typeset):
    return typeset(*TABLES)


def test_the_first_cell_of_each_row_is_its_header_and_the_others_name_it(typeset_tables):
    sexes, rows, one = cells(typeset_tables)
    assert (len(sexes), len(rows), len(one)) == (3, MANY + 1, 3)
    for head, *body in (sexes, rows, one):
        assert [(kind, scope) for kind, scope, _, _ in head] == [("/TH", "/Column")] * len(head)
        columns = [name for _, _, name, _ in head]
        for (kind, scope, own, named), *others in body:
            assert (kind, scope, named) == ("/TH", "/Row", columns[:1])
            assert others == [("/TD", "", "", [column, own]) for column in columns[1:]]
    names = [name for table in (sexes, rows, one) for row in table for _, _, name, _ in row if name]
    assert len(names) == len({*names}) == 3 + 2 + 2 + MANY + 1 + 2


def test_every_header_is_found_by_its_name(typeset_tables):
    with pikepdf.open(BytesIO(typeset_tables)) as pdf:
        found = pikepdf.NameTree(pdf.Root.StructTreeRoot.IDTree)
        assert all(part.get(Name.ID) == name and part.S == Name.TH for name, part in found.items())
        assert len(found) == sum(1 for table in cells(typeset_tables) for row in table for each in row if each[2])


def test_the_same_document_is_the_same_bytes_and_says_nothing_of_who_tagged_it(typeset, typeset_tables):
    assert typeset(*TABLES) == typeset_tables
    assert typeset_tables.startswith(b"%PDF-1.7") and b"pdfuaid" in typeset_tables
    with pikepdf.open(BytesIO(typeset_tables)) as pdf:
        assert {*pdf.docinfo.keys()} <= {"/Title", "/Creator", "/CreationDate", "/ModDate"}
    assert b"pikepdf" not in typeset_tables.lower() and b"qpdf" not in typeset_tables.lower()


def test_a_document_without_a_table_stays_as_it_is_and_a_table_may_have_no_row(typeset):
    written = typeset(Paragraph("Alone."))
    assert with_row_headers(written) == written
    assert b"/TR" in typeset(Grid("No rows", ["Row", "Number"], []))
