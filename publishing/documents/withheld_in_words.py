"""Keeps shorthand for withheld figures out of sentences: a reader of prose does not know what "[c] of ATRs" says.

Belongs here: what becomes of a sentence whose figure is withheld. Does not belong here: which figures are withheld
(publishing/disclosure), shorthand in tables and figures, where it belongs.
"""

import re
from dataclasses import replace

from publishing.disclosure.disclosure_control import LOW
from publishing.documents.document import (
    Block,
    Box,
    Bullets,
    Document,
    Finding,
    Link,
    Paragraph,
    Strong,
    Words,
    parts_of,
)

MARK = re.compile(r"\[[cuxz]\](?!\()")
# A mark that is itself what a sentence is about
EXPLAINED = re.compile(r"(?i)\b(?:shown as|marked|mark|withheld|not reliable)\s*\(?\[[cuxz]\]\)?|^\[[cuxz]\](?::|$)")
NUMBER_IN_BRACKETS = re.compile(r"\[[cuxz]\] \((\d[\d,.]*%?)\)")
BRACKETS = re.compile(r" \(([^()]*\[[cuxz]\][^()]*)\)")
SENTENCE = re.compile(r"(?<=\.)\s+(?=[A-Z\[\d])")
# A sentence that begins so says more of what stood before it
SAYS_MORE = re.compile(
    r"(?:That|This|These|Those|They|It|Its|Of these|Of them|With these|A further|The (?:rest|others|other numbers))\b"
)
LEFT_OUT = "Figures that are withheld are left out here. The tables mark them."


def withheld_in_words(document: Document) -> Document:
    """The document without shorthand in its paragraphs, lists, boxes and findings.

    What is withheld within brackets is taken out of them. A sentence that needs a withheld figure is left out, with
    those that say more of it, and the block says that figures are left out.
    """
    sections = [replace(section, blocks=[_block(block) for block in section.blocks]) for section in document.sections]
    return replace(document, sections=sections)


def without_marks(text: str) -> str:
    """Sentences without shorthand: cleaned or left out; empty where none is left."""
    if not MARK.search(text) and LOW not in text:
        return text
    kept: list[str] = []
    dropped = False
    for sentence in SENTENCE.split(text):
        said = _cleaned(sentence)
        dropped = bool(MARK.search(EXPLAINED.sub("", said))) or (dropped and bool(SAYS_MORE.match(said)))
        if not dropped:
            kept.append(said)
    return " ".join(kept)


def _cleaned(sentence: str) -> str:
    sentence = re.sub(rf"^{re.escape(LOW)}", "Almost 0", sentence).replace(LOW, "almost 0")
    sentence = NUMBER_IN_BRACKETS.sub(r"\1", sentence)
    return BRACKETS.sub(_shown_parts, sentence)


def _shown_parts(found: re.Match[str]) -> str:
    """What is left within brackets: the parts between commas that show their figure; limits go as a pair."""
    if EXPLAINED.search(found[0]) or EXPLAINED.search(found.string[: found.end()][-30:]):
        return found[0]
    parts = [part for part in re.split(r", (?!\d{3})|; ", found[1]) if not MARK.search(part)]
    return f" ({', '.join(parts)})" if parts else ""


def _block(block: Block) -> Block:
    match block:
        case Paragraph(words):
            return Paragraph(_with_note(words, _words(words)))
        case Bullets(items):
            return Bullets(_items(items))
        case Box(heading, items):
            return Box(heading, _items(items))
        case Finding():
            labelled = {name: without_marks(getattr(block, name)) for name in ("base", "caveat")}
            return replace(block, sentences=_texts(block.sentences), points=_texts(block.points), **labelled)
        case _:
            return block


def _words(words: Words) -> Words:
    """A part of words that stands between links is read by itself."""
    if isinstance(words, str):
        return without_marks(words)
    return tuple(_part(part) for part in words)


def _part(part: str | Strong | Link) -> str | Strong | Link:
    if not isinstance(part, str):
        return part
    before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return before + without_marks(part.strip()) + after


def _with_note(before: Words, after: Words) -> Words:
    """Words, and that figures are left out where a whole sentence is."""
    if _sentences(before) == _sentences(after):
        return after
    return (*parts_of(after), f" {LEFT_OUT}") if _sentences(after) else LEFT_OUT


def _sentences(words: Words) -> int:
    return sum(len(SENTENCE.split(part.strip())) for part in parts_of(words) if isinstance(part, str) and part.strip())


def _items(items: list[Words]) -> list[Words]:
    found = [_words(item) for item in items]
    kept = [item for item in found if _sentences(item)]
    return kept if sum(map(_sentences, found)) == sum(map(_sentences, items)) else [*kept, LEFT_OUT]


def _texts(texts: list[str]) -> list[str]:
    found = [without_marks(text) for text in texts]
    kept = [text for text in found if text]
    return kept if sum(map(_sentences, found)) == sum(map(_sentences, texts)) else [*kept, LEFT_OUT]
