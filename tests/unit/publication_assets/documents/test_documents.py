"""A document is its templates, filled with values that are shown as they are, and read as blocks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publication_assets.steps.documents.typeset_document import document_pdf
from publication_assets.steps.documents.write_document import write_document
from publication_assets.templates_folder import TEMPLATES
from publishing.documents.document import Box, Bullets, Finding, Grid, Heading, Link, Paragraph, Strong
from publishing.documents.fill_template import TemplateFault, as_text, names_in, templates_of
from publishing.documents.read_markdown import read_markdown
from publishing.documents.render_document import document_html

# A template of which the words of a test are the end, and how many lines come before them.
TITLE = "# {{ title }}\n\nOf quarter {{ quarter }}.\n\n- [Report](report.html)\n\n## 1. Part {#part}\n\n"
BEFORE = TITLE.count("\n")


@pytest.fixture
def written(tmp_path, facts):
    """Function: a document of one template with these words under a heading, and these values."""

    def write(words: str, **values):
        (tmp_path / "paper").mkdir(exist_ok=True)
        (tmp_path / "paper" / "01_words.md").write_text(TITLE + words, encoding="utf-8")
        return write_document("paper", values, facts, tmp_path)

    return write


def blocks(document) -> list:
    return document.sections[0].blocks


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_a_value_is_shown_as_it_is_whatever_signs_it_has(value):
    for markdown in (as_text(value), f"- {as_text(value)}", f"[{as_text(value)}](report.html)"):
        read = read_markdown(f"## A {{#a}}\n\n{markdown}\n", {}, TEMPLATES / "a" / "b.md")
        (block,) = read.sections[0].blocks
        assert block in (Paragraph(value), Bullets([value]), Paragraph((Link(value, "report.html"),)))


@pytest.mark.parametrize(
    "value",
    [
        "1. one",
        "- x",
        "# x",
        "| a | b |",
        "<b>x</b>",
        "*x* _y_",
        "![](table)",
        "&lt;",
        "Table: x",
        "> x",
        "    x",
        "`x`",
        "[x](http://a.b)",
        "{#x}",
        "{{ x }}",
        "***",
        "a\n\n## b",
        "x\\",
    ],
)
def test_no_value_becomes_markup(written, value):
    document = written("Before {{ value }}\n\n{{ value }}\n\n| a |\n", value=value)
    plain = " ".join(value.split())
    assert [" ".join(block.words.split()) for block in blocks(document)] == [f"Before {plain}", plain, "| a |"]
    assert len(document.sections) == 1


def test_a_template_is_read_as_the_blocks_of_a_document(written):
    document = written(
        "### 1.1 Sources {#sources}\n\nOne **strong** word and [a page](report.html).\nThe same.\n\n- one\n- two\n\n"
        "> **Uncertainty**\n>\n> {{ doubts }}\n\n> ### {{ share }} were linked\n>\n> A sentence.\n>\n"
        "> - **Definition:** what: it is\n> - **Base:** of whom\n> - **Period:** when\n> - **Interval:** how sure\n"
        "> - **Caveat:** but\n> - **Source:** Table 1\n\n"
        "Table: Systems\n\n| System | Field |\n|---|---|\n| A | [B](#sources) |\n\n{{ table }}\n",
        doubts=["first {within_period}", "", "second"],
        share="50%",
        table=Grid("Rows", ["a"], [["{within_period}"]]),
    )
    assert (document.title, document.related) == (document.name, [(Link("Report", "report.html"),)])
    assert document.subtitle == "Of quarter 2023Q1." and document.sections[0].title == "1. Part"
    assert blocks(document) == [
        Heading("sources", "1.1 Sources"),
        Paragraph(("One ", Strong("strong"), " word and ", Link("a page", "report.html"), ". The same.")),
        Bullets(["one", "two"]),
        Box("Uncertainty", ["first within 12 months", "second"]),
        Finding("50% were linked", ["A sentence."], "what: it is", "of whom", "when", "how sure", "but", "Table 1"),
        Grid("Systems", ["System", "Field"], [["A", (Link("B", "#sources"),)]]),
        Grid("Rows", ["a"], [["within 12 months"]]),
    ]


def test_what_is_empty_in_a_run_leaves_nothing(written):
    document = written(
        "{{ sentence }}\n\n- {{ sentence }}\n- two\n\n{{ items }}\n\n{% if items %}never{% else %}none{% endif %}\n",
        sentence="",
        items=[],
    )
    assert blocks(document) == [Bullets(["two"]), Paragraph("none")]


def test_phrases_of_the_settings_are_named_like_values_and_filled_within_values(written):
    document = written("{{ within_period }}, {{ sentence }}, {{ number }}", sentence="{prison_within}!", number=1234)
    assert blocks(document) == [Paragraph("within 12 months, within 12 months!, 1,234")]


@pytest.mark.parametrize(
    ("words", "line", "says"),
    [
        ("a\n\n{{ tresh_old }}\n", 3, "there is no value called tresh_old. Names like it: threshold"),
        ("{% if false_friend %}a{% endif %}", 1, "there is no value called false_friend"),
        ("a\n\n{{ known + 1 }}\n", 3, "only {{ name }} and {% if name %} can be used"),
        ("{% for x in known %}{{ x }}{% endfor %}", 1, "only {{ name }}"),
        ("a\n{% if known %}b\n", 2, "end of template"),
        ("{% if absent %}\na\n\nb\n{% endif %}\n\n### No name\n", 7, "a heading needs a name"),
        ("a\n\n[x](https://example.org)\n", 3, "a link leads to a file beside the document"),
        ("[x](../secret.html)\n", 1, "a link leads to a file beside the document"),
        ("1. one\n", 1, "a document has no ordered_list"),
        ("a *b*\n", 1, "a document has no em"),
        ("```\nx\n```\n", 1, "a document has no fence"),
        ("- a\n  - b\n", 1, "an item of a list is one paragraph"),
        ("> text\n", 1, "a box begins with a line of bold words"),
        ("> ### Finding\n>\n> - **Base:** x\n", 1, "a key finding ends with a list of Definition"),
        (
            "> ### Finding\n>\n> - **Definition:** a\n> - **Base:** b\n> - **Period:** {{ absent }}\n"
            "> - **Interval:** c\n> - **Caveat:** d\n> - **Source:** Table 1\n",
            1,
            "none of them empty",
        ),
        ("| a |\n|---|\n| b |\n", 1, 'a table needs a line "Table: what it shows" before it'),
        ("Table {{ table }} here\n", 1, "table must stand on a line of its own"),
    ],
)
def test_a_fault_of_a_template_names_file_line_and_what_to_do(written, words, line, says):
    values = {"known": "value of the data", "absent": "", "table": Grid("Rows", ["a"], [])}
    with pytest.raises(TemplateFault) as fault:
        written(words, **values)
    assert str(fault.value).startswith(f"templates/paper/01_words.md, line {BEFORE + line}: ")
    assert says in str(fault.value)
    assert "value of the data" not in str(fault.value)


@pytest.mark.parametrize("words", ["[x](#absent)\n", "### a {#twice}\n\n### b {#twice}\n"])
def test_a_link_within_a_document_leads_to_one_heading(written, words):
    with pytest.raises(TemplateFault, match=r"there twice, or not at all: (absent|twice)"):
        written(words)


def test_page_and_paper_show_the_same_words(written, facts):
    document = written("A **b** & [c](report.html)\n\nTable: T\n\n| h |\n|---|\n| [x](#part) |\n")
    page = document_html(document, facts)
    assert '<p>A <strong>b</strong> &amp; <a href="report.html">c</a></p>' in page and '<a href="#part">x</a>' in page
    assert document_pdf(document, facts).startswith(b"%PDF")


@pytest.mark.parametrize("file", sorted(TEMPLATES.glob("*/*.md")), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_templates_name_no_setting_in_braces_but_by_two(file):
    assert list(names_in(file)) is not None
    assert not re.findall(r"(?<!\{)\{\w+\}", file.read_text(encoding="utf-8"))


def test_the_templates_of_a_document_are_read_in_the_order_of_their_names():
    assert [file.name[:2] for file in templates_of("methodology", TEMPLATES)] == [
        f"{number:02}" for number in range(12)
    ]
