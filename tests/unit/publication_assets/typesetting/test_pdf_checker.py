"""The checker of PDFs passes one that has every part of a document, and refuses it once its tags are damaged."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf

from tests.pdf_checker import pdf_faults
from tests.unit.publication_assets.typesetting.parts_of_documents import LINE, PARTS


@pytest.fixture(scope="module")
def sound(typeset) -> bytes:
    return typeset(*PARTS.values())


def parts(pdf: Pdf, *kinds: str) -> Iterator:
    """The parts of the structure of these kinds."""
    return (each for each in pdf.objects if isinstance(each, Dictionary) and str(each.get(Name.S, "")) in kinds)


def no_title(pdf: Pdf):
    del pdf.docinfo[Name.Title]
    metadata = pdf.Root.Metadata
    metadata.write(metadata.read_bytes().replace(b"dc:title", b"dc:source"))


def no_language(pdf: Pdf):
    del pdf.Root[Name.Lang]


def title_not_shown(pdf: Pdf):
    pdf.Root.ViewerPreferences.DisplayDocTitle = False


def no_mark_of_pdf_ua(pdf: Pdf):
    metadata = pdf.Root.Metadata
    metadata.write(metadata.read_bytes().replace(b"pdfuaid:part", b"pdfuaid:some"))


def no_tags(pdf: Pdf):
    del pdf.Root[Name.StructTreeRoot]


def no_alternative(pdf: Pdf):
    for drawn in parts(pdf, "/Figure"):
        del drawn[Name.Alt]


def no_headers(pdf: Pdf):
    for cell in parts(pdf, "/TH", "/TD"):
        cell[Name.S] = Name.TD
        del cell[Name.A]


def no_scope(pdf: Pdf):
    for cell in parts(pdf, "/TH", "/TD"):
        del cell[Name.A]


def a_heading_skipped(pdf: Pdf):
    for heading in parts(pdf, "/H3", "/H2"):
        heading[Name.S] = Name.H5


def words_without_tags(pdf: Pdf):
    page = pdf.pages[1]
    page.Contents.write(b"q 1 0 0 1 50 50 cm BT /f0 9 Tf <0001> Tj ET Q " + page.Contents.read_bytes())


def links_without_words(pdf: Pdf):
    for page in pdf.pages:
        for link in page.get(Name.Annots, []):
            del link[Name.Contents]


def links_in_no_order(pdf: Pdf):
    for page in pdf.pages:
        if Name.Tabs in page:
            del page[Name.Tabs]


def letters_that_are_no_text(pdf: Pdf):
    for font in pdf.objects:
        if isinstance(font, Dictionary) and font.get(Name.Type) == Name.Font and Name.ToUnicode in font:
            del font[Name.ToUnicode]


def letters_not_within(pdf: Pdf):
    for said in pdf.objects:
        if isinstance(said, Dictionary) and said.get(Name.Type) == Name.FontDescriptor:
            for name in (Name.FontFile, Name.FontFile2, Name.FontFile3):
                if name in said:
                    del said[name]


DAMAGE = {
    no_title: "DOC-010",
    no_language: "DOC-013",
    title_not_shown: "DOC-011",
    no_mark_of_pdf_ua: "DOC-012",
    no_tags: "DOC-002",
    no_alternative: "FIG-001",
    no_headers: "TBL-001",
    no_scope: "TBL-002",
    a_heading_skipped: "HDG-001",
    words_without_tags: "TAG-001",
    links_without_words: "LNK-002",
    links_in_no_order: "LNK-005",
    letters_that_are_no_text: "TXT-002",
    letters_not_within: "TXT-001",
}


def test_a_pdf_with_every_part_of_a_document_is_sound(sound, tmp_path):
    (tmp_path / "sound.pdf").write_bytes(sound)
    assert pdf_faults(tmp_path / "sound.pdf") == []


@pytest.mark.parametrize(("damage", "rule"), DAMAGE.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_a_damaged_pdf_is_refused(sound, tmp_path, damage, rule):
    with pikepdf.open(BytesIO(sound)) as pdf:
        damage(pdf)
        pdf.save(tmp_path / "damaged.pdf")
    assert [fault for fault in pdf_faults(tmp_path / "damaged.pdf") if fault.startswith(rule)] != []


def test_what_is_no_pdf_is_no_sound_one(tmp_path):
    (tmp_path / "page.pdf").write_text(LINE, encoding="utf-8")
    with pytest.raises(AssertionError, match="could not read"):
        pdf_faults(tmp_path / "page.pdf")
