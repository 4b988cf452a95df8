"""What of a note can be read at all, decided before any engine sees it.

Belongs here: characters that no engine should meet, and notes without a word. Does not belong here: what a prompt does
with delimiters (prompt.py) and cutting (window_notes.py).
"""

import re

from nlp_assets.steps.notes.control_tokens import repeated, take_out_control_tokens

# All control characters but tab, new line and carriage return; a lone surrogate cannot be sent as UTF-8; the last
# group are marks that are not shown, which could hide an instruction or turn the reading direction around.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b\u2028-\u202e\u2060-\u206f\ufeff]")
# Tags that a record system writes around text. Prose in angle brackets, such as <attended CGL>, is no markup.
_HTML = (
    r"a|abbr|article|b|big|blockquote|body|br|button|center|code|col|dd|div|dl|dt|em|figure|font|footer|form|h[1-6]|"
    r"head|header|hr|html|i|img|input|label|li|link|main|meta|nav|ol|option|p|pre|section|select|small|span|strike|"
    r"strong|style|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|o:p"
)
_ATTRIBUTE = r"""\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)"""
_MARKUP = re.compile(rf"</?(?:{_HTML})(?:{_ATTRIBUTE})*\s*/?>|<!--.*?-->|<!doctype[^<>]*>", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r"[^\W_]")


def readable(note_text: str) -> str:
    """The note with a space in place of every control character and lone surrogate."""
    return _UNREADABLE.sub(" ", note_text)


def has_words(note_text: str) -> bool:
    """Whether a note says anything: a letter or a digit outside of HTML tags and control tokens of models."""
    left = repeated(lambda text: _MARKUP.sub(" ", take_out_control_tokens(text)), note_text)
    return _WORD.search(left) is not None
