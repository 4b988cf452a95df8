"""What of a note can be read at all, decided before any engine sees it.

Belongs here: characters that no engine should meet, and notes without a word. Does not belong here: what a prompt does
with delimiters (prompt.py) and cutting (window_notes.py).
"""

import re

# All control characters but tab, new line and carriage return; a lone surrogate cannot be sent as UTF-8; the last
# group are marks that are not shown, which could hide an instruction or turn the reading direction around.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b\u2028-\u202e\u2060-\u206f\ufeff]")
_MARKUP = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W_]")


def readable(note_text: str) -> str:
    """The note with a space in place of every control character and lone surrogate."""
    return _UNREADABLE.sub(" ", note_text)


def has_words(note_text: str) -> bool:
    """Whether a note says anything: a letter or a digit outside of `<...>` tags and `<|...|>` control tokens."""
    before, left = None, note_text
    while left != before:
        before, left = left, _MARKUP.sub(" ", left)
    return _WORD.search(left) is not None
