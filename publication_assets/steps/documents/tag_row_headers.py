"""Tags the first cell of each row of a table in a typeset PDF as the header of that row, as on the page.

Belongs here: what the typesetter cannot be told. It tags column headers alone, and writes into each cell which headers
it has; a cell that names some has no others. Does not belong here: typesetting (typeset_document.py).
"""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Object, String


def with_row_headers(content: bytes) -> bytes:
    """The same PDF, in which a reader of tables says of each cell which row it is in; the same bytes for the same PDF.

    Raises pikepdf.PdfError when the content is no PDF.
    """
    with pikepdf.open(BytesIO(content)) as pdf:
        tables = [part for part in pdf.objects if isinstance(part, Dictionary) and part.get(Name.S) == Name.Table]
        if not tables:
            return content
        identifiers = NameTree(pdf.Root.StructTreeRoot.IDTree)
        for number, table in enumerate(tables, start=1):
            rows = (row for body in _parts(table, Name.TBody) for row in _parts(body, Name.TR))
            for place, row in enumerate(rows, start=1):
                first, *others = _parts(row, Name.TD)
                name = f"R{number}.{place}"
                identifiers[name] = _as_header(first, name)
                for cell in others:
                    _of_table(cell)[Name.Headers].append(String(name))
        written = BytesIO()
        # Nothing of the day or of this machine: the library would tell the time in the identifier of the file
        pdf.save(written, deterministic_id=True, fix_metadata_version=False)
    return written.getvalue()


def _parts(part: Object, kind: Name) -> Iterator[Object]:
    """The parts of one kind that a part of the structure has, in order."""
    held = part.get(Name.K, Array())
    for each in held if isinstance(held, Array) else [held]:
        if isinstance(each, Dictionary) and each.get(Name.S) == kind:
            yield each


def _as_header(cell: Object, name: str) -> Object:
    """The cell as header of its row, which others name."""
    cell[Name.S] = Name.TH
    cell[Name.ID] = String(name)
    _of_table(cell)[Name.Scope] = Name.Row
    return cell


def _of_table(cell: Object) -> Object:
    """What the typesetter says of a cell as part of a table."""
    return next(said for said in cell[Name.A].as_list() if said.get(Name.O) == Name.Table)
