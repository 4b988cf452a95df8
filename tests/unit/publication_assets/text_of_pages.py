"""What a reader of a page meets: the sentences outside tables and figures, the numbers in them, and code by mistake."""

import re
from collections.abc import Iterator
from itertools import chain

from publishing.documents.document import Box, Bullets, Document, Finding, Heading, Paragraph, Terms, text_of

# A percentage, a number from 100 on, or one with decimals; and what only names a place or a day
NUMBER = re.compile(r"(?<![\w.,\d-])(?:\d+(?:\.\d+)?(?=%)|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{3,}|\d+\.\d+)(?![\w])")
PLACE = re.compile(
    r"(?i)\b(?:(?:tables?|figures?|sections?|footnotes?|appendix|articles?|methodology|guild|record)\s+[a-z]?[\d.]+"
    r"(?:(?:, | and | to | or )(?:\d[\d.]*|[a-z]\d+)(?!\w))*"
    r"|(?:\d{1,2} )?(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"(?: \d{4})?|(?:19|20)\d\d(?:q\d)?)\b"
)


def sentences(document: Document) -> Iterator[str]:
    for section in document.sections:
        yield section.title.partition(" ")[2]
        for block in section.blocks:
            match block:
                case Heading():
                    yield block.text.partition(" ")[2] if block.text[0].isdigit() else block.text
                case Paragraph(words):
                    yield text_of(words)
                case Bullets(items) | Box(_, items):
                    yield from map(text_of, items)
                case Finding():
                    yield from (block.heading, *block.sentences, *block.points, *(said for _, said in block.labelled))
                case Terms(pairs):
                    yield from chain.from_iterable(pairs)


def numbers(text: str) -> set[str]:
    return {*NUMBER.findall(PLACE.sub("", text).replace("\N{MINUS SIGN}", ""))}


# Names of files, and of settings where the methodology lists what each is called in study.toml
NAMES = re.compile(
    r"\b[\w-]+\.(?:ods|xlsx|zip|html|json|csv|toml)\b|<td[^>]*>(?:study|extracts|linkage|combining|drift|notes|modelling|"
    r"publication)\.[\w.]+</td>|<td[^>]*>treatment_engagement_v\d+</td>|language models is treatment_engagement_v\d+"
)
CODE = re.compile(r"\b[A-Za-z0-9]+_\w+\b|>\s*(?:True|False|None|nan|null|true|false)(?: \([^<]*)?<|[\[{(]&#39;")


def code_in(page: str) -> set[str]:
    """What a programmer would write in the text of a page: names with underscores, values of Python."""
    text = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", "", page)
    return {*CODE.findall(re.sub(r"<[^<>]*>", "<>", NAMES.sub("", text)))}
