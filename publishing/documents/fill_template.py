"""Fills a Markdown template of a document with the values of a run.

Belongs here: which names a template may use, and how a value becomes Markdown that shows it as it is. Does not belong
here: what Markdown means (read_markdown.py), which values there are (the documents' own modules).

A template holds prose, `{{ name }}` and `{% if name %}`, and nothing else of Jinja; `<!-- -->` is a comment. A name is
a value of the document or a phrase that settings decide (wording.py): there is one way to name both.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, nodes

from publishing.documents.document import Block, Bullets, filled
from publishing.documents.wording import Wording

Value = str | int | bool | Block | Sequence[Block] | Sequence[str] | None
_PUNCTUATION, _BLANKS = re.compile(r"([!-/:-@\[-`{-~])"), re.compile(r"[ \t\r\n]+")
_SIMPLE = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not, nodes.And, nodes.Or)


class TemplateFault(Exception):
    """A template cannot be used; names its file, the line, what is wrong and what to do. Holds no value."""


@dataclass(frozen=True)
class Placed:
    """Blocks that stand where a template names them, such as a figure, a table or a list; none when `blocks` is empty.

    In Markdown it is a picture without words, which no value can be: values are escaped.
    """

    name: str
    blocks: list[Block]

    def __bool__(self) -> bool:
        return bool(self.blocks)

    def __str__(self) -> str:
        return f"![]({self.name})" if self.blocks else ""


def fill_template(file: Path, values: Mapping[str, Value], wording: Wording) -> tuple[str, dict[str, list[Block]]]:
    """The Markdown of a template, and the blocks that stand in it by name. Raises TemplateFault."""
    if twice := wording.phrases.keys() & values.keys():
        raise TemplateFault(f"{file.parent.name}: a value has the name of a phrase of settings: {', '.join(twice)}.")
    known, source = {**wording.phrases, **values}, file.read_text(encoding="utf-8")
    placed = {name: Placed(name, _blocks(value, wording)) for name, value in values.items() if _is_placed(value)}
    environment = _environment(wording)
    for line, name in names_in(file):
        if name not in known:
            raise TemplateFault(f"{where(file, line)}: there is no value called {name}. {_near(name, known)}")
    text = environment.from_string(source).render({**known, **placed})
    return text, {name: each.blocks for name, each in placed.items()}


def names_in(file: Path) -> Iterator[tuple[int, str]]:
    """The names that a template uses, with their lines. Raises TemplateFault for anything but names and simple ifs."""
    try:
        tree = _environment(Wording({})).parse(file.read_text(encoding="utf-8"))
    except TemplateSyntaxError as fault:
        raise TemplateFault(f"{where(file, fault.lineno)}: {fault.message}") from None
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _SIMPLE):
            raise TemplateFault(
                f"{where(file, node.lineno)}: only {{{{ name }}}} and {{% if name %}} can be used. Let a function make "
                "the sentence and name its result."
            )
        if isinstance(node, nodes.Name):
            yield node.lineno, node.name


def templates_of(document: str, folder: Path) -> list[Path]:
    """The templates of a document, in the order in which they are read."""
    return sorted((folder / document).glob("*.md"))


def where(file: Path, line: int) -> str:
    """A place in a template, for a message."""
    return f"templates/{file.parent.name}/{file.name}, line {line}"


def as_text(value: str) -> str:
    """Text as Markdown that shows exactly it: every sign that could mean something is escaped, and it stays in line."""
    return _PUNCTUATION.sub(r"\\\1", _BLANKS.sub(" ", value))


def _environment(wording: Wording) -> Environment:
    def shown(value: object) -> str:
        if isinstance(value, Placed):
            return str(value)
        if value is None or isinstance(value, bool):
            raise TypeError("A value that is only for {% if %} stands in the text of a template.")
        return as_text(wording(f"{value:,}" if isinstance(value, int) else str(value)))

    return Environment(  # noqa: S701  # Markdown is made, which render_document.py escapes
        undefined=StrictUndefined,
        finalize=shown,
        comment_start_string="<!--",
        comment_end_string="-->",
        keep_trailing_newline=True,
    )


def _is_placed(value: Value) -> bool:
    return isinstance(value, (list, tuple, Block))


def _blocks(value: Value, wording: Wording) -> list[Block]:
    parts = value if isinstance(value, (list, tuple)) else [value]
    sentences = [part for part in parts if isinstance(part, str) and part]
    blocks = [Bullets([*sentences])] if sentences else [part for part in parts if isinstance(part, Block)]
    return filled(blocks, wording)


def _near(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, known, 3)
    return f"Names like it: {', '.join(near)}." if near else "The functions of the document say which there are."
