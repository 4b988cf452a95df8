"""Reads the Markdown of a document as the blocks that it is made of.

Belongs here: which Markdown a document may use, and what it means. Does not belong here: filling in values
(fill_template.py), how a block looks (render_document.py, typeset_document.py).

`# ` is the title, `## ` a section, `### ` a heading in it; both end in `{#anchor}`. A quotation that begins with a
heading is a key finding, one that begins with bold words a box. A line "Table: caption" stands before a table.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from publishing.documents.document import (
    FINDING_LABELS,
    Block,
    Box,
    Bullets,
    Finding,
    Grid,
    Heading,
    Link,
    Paragraph,
    Section,
    Strong,
    Words,
    text_of,
)
from publishing.documents.fill_template import TemplateFault, where

ANCHOR = re.compile(r"\s*\{#([a-z0-9-]+)\}$")
TARGET = re.compile(r"mailto:[^/]+|#[a-z0-9-]+|[\w-]+\.(html(#[a-z0-9-]+)?|pdf|ods|xlsx|json|zip)")
CAPTION = "Table: "
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass
class Read:
    """What a template says: a title with what stands below it, if it has one, and sections."""

    title: str = ""
    front: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


def read_markdown(text: str, placed: dict[str, list[Block]], file: Path) -> Read:
    """The title and sections of a filled template. placed: what stands where it is named. Raises TemplateFault."""
    reader, read = _Reader(placed, file), Read()
    into, caption = read.front, ""
    for node in SyntaxTreeNode(_PARSER.parse(text)).children:
        if node.type == "heading" and node.tag == "h1":
            read.title = reader.heading(node, anchored=False).text
        elif node.type == "heading" and node.tag == "h2":
            heading, into = reader.heading(node), []
            read.sections.append(Section(heading.anchor, heading.text, into))
        elif node.type == "paragraph" and node.children[0].content.startswith(CAPTION):
            caption = text_of(reader.words(node.children[0]))[len(CAPTION) :]
        else:
            into += reader.table(node, caption) if node.type == "table" else reader.blocks(node)
            caption = ""
    return read


class _Reader:
    def __init__(self, placed: dict[str, list[Block]], file: Path):
        self._placed, self._file = placed, file

    def blocks(self, node: SyntaxTreeNode) -> list[Block]:
        match node.type:
            case "heading" if node.tag == "h3":
                return [self.heading(node)]
            case "paragraph":
                return self._paragraph(node.children[0])
            case "bullet_list":
                return [Bullets(items)] if (items := self._items(node)) else []
            case "blockquote":
                return [self._set_apart(node)]
        raise self._fault(node, f"a document has no {node.type} of this kind")

    def heading(self, node: SyntaxTreeNode, anchored: bool = True) -> Heading:
        content = node.children[0].content
        found = ANCHOR.search(content)
        if anchored and not found:
            raise self._fault(node, "a heading needs a name, such as {#summary}, at its end")
        bare = content[: found.start()] if found else content
        inline = SyntaxTreeNode(_PARSER.parseInline(bare)).children[0]
        return Heading(found[1] if found else "", text_of(self.words(inline)))

    def words(self, inline: SyntaxTreeNode) -> Words:
        parts: list[str | Strong | Link] = []
        for child in _parts(inline):
            part = self._part(child, inline)
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)
        return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else tuple(parts)

    def table(self, node: SyntaxTreeNode, caption: str) -> list[Block]:
        if not caption:
            raise self._fault(node, f'a table needs a line "{CAPTION}what it shows" before it')
        rows = [
            [self.words(cell.children[0]) if cell.children else "" for cell in row.children]
            for part in node.children
            for row in part.children
        ]
        return [Grid(caption, [text_of(header) for header in rows[0]], rows[1:])]

    def _part(self, child: SyntaxTreeNode, inline: SyntaxTreeNode) -> str | Strong | Link:
        match child.type:
            case "text":
                return child.content
            case "softbreak":
                return " "
            case "strong":
                return Strong(text_of(self.words(child)))
            case "link":
                target = str(child.attrs["href"])
                if not TARGET.fullmatch(target):
                    raise self._fault(inline, "a link leads to a file beside the document, a heading or a mailto:")
                return Link(text_of(self.words(child)), target)
            case "image" if child.attrs["src"] in self._placed:
                raise self._fault(inline, f"{child.attrs['src']} must stand on a line of its own between empty lines")
        raise self._fault(inline, f"a document has no {child.type}")

    def _paragraph(self, inline: SyntaxTreeNode) -> list[Block]:
        first, *others = _parts(inline)
        if not others and first.type == "image" and first.attrs["src"] in self._placed:
            return self._placed[str(first.attrs["src"])]
        words = self.words(inline)
        return [Paragraph(words)] if text_of(words).strip() else []

    def _items(self, node: SyntaxTreeNode) -> list[Words]:
        items = []
        for item in node.children:
            if not item.children:
                continue  # its value is empty in this run
            if [part.type for part in item.children] != ["paragraph"]:
                raise self._fault(item, "an item of a list is one paragraph")
            items.append(self.words(item.children[0].children[0]))
        return items

    def _set_apart(self, node: SyntaxTreeNode) -> Box | Finding:
        first, *others = node.children
        if first.type == "heading":
            return self._finding(node, first, others)
        strong = _parts(first.children[0]) if first.type == "paragraph" else []
        if len(strong) != 1 or strong[0].type != "strong":
            raise self._fault(node, "a box begins with a line of bold words, a key finding with a heading")
        bullets = [block for other in others for block in self.blocks(other) if isinstance(block, Bullets)]
        return Box(text_of(self.words(first.children[0])), [item for block in bullets for item in block.items])

    def _finding(self, node: SyntaxTreeNode, heading: SyntaxTreeNode, others: list[SyntaxTreeNode]) -> Finding:
        blocks = [block for other in others for block in self.blocks(other)]
        said = [text_of(block.words) for block in blocks if isinstance(block, Paragraph)]
        *points, last = [block.items for block in blocks if isinstance(block, Bullets)] or [[]]
        labelled = {label: said for label, _, said in (text_of(item).partition(": ") for item in last)}
        if tuple(labelled) != FINDING_LABELS or not all(labelled.values()):
            raise self._fault(
                node, f"a key finding ends with a list of {', '.join(FINDING_LABELS)}, none of them empty"
            )
        listed = [text_of(item) for items in points for item in items]
        return Finding(self.heading(heading, anchored=False).text, said, *labelled.values(), points=listed)

    def _fault(self, node: SyntaxTreeNode, wrong: str) -> TemplateFault:
        line = (node.map or (node.parent.map if node.parent else None) or (0, 0))[0] + 1
        return TemplateFault(f"{where(self._file, line)}: {wrong}.")


def _parts(inline: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    """What a line is made of, without the empty text that the parser leaves beside emphasis."""
    return [child for child in inline.children if child.type != "text" or child.content]
