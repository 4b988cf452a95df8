"""The letter A-Z of an initial, as the machine-readable zone of a passport would write it (ICAO Doc 9303, part 3).

Belongs here: letters with accents, strokes and ligatures. Does not belong here: counting them
(resources/extracts/values/extract_values.py).

Who has an initial must not depend on where a name comes from: every Latin letter has one. Other scripts have several
spellings in Latin letters (Greek, Cyrillic, Arabic), so only who knows the person can say.
"""

import re
import unicodedata

import polars as pl

from resources.extracts import extract_rules as rules

_OWN_SPELLING = {
    "ß": "S",
    "ẞ": "S",
    "Æ": "A",
    "Œ": "O",
    "Þ": "T",
    "Ð": "D",
    "Ŋ": "N",
    "ı": "I",
    "Ə": "E",
    "Ɛ": "E",
    "Ɔ": "O",
    "ĸ": "Q",
    "Ǝ": "E",
    "Ƞ": "N",
    "Ʒ": "Z",
    "Ɣ": "G",
    "Ʃ": "S",
    "Ʊ": "U",
    "Ɩ": "I",
    "Ʀ": "R",
    "Ȝ": "Y",
    "Ƿ": "W",
    "Ɑ": "A",
    "Ɤ": "O",
    "ŉ": "N",
    "ʼN": "N",
}
_LATIN_LETTER = re.compile(r"^LATIN (?:CAPITAL|SMALL) LETTER (?:\w+ )*?([A-Z]{1,2})(?: WITH .*| DIGRAPH.*)?$")


def fold_initials(odd: pl.Series) -> pl.DataFrame:
    """odd, letter and fault of each distinct value that is not a letter A-Z as it stands."""
    texts = odd.drop_nulls().unique().to_list()
    read = [_letter(text) for text in texts]
    return pl.DataFrame(
        {"odd": texts, "letter": [letter for letter, _ in read], "fault": [fault for _, fault in read]},
        schema={"odd": pl.String, "letter": pl.String, "fault": pl.String},
    )


def _letter(text: str) -> tuple[str | None, str | None]:
    letters = [character for character in unicodedata.normalize("NFC", text) if character.isalpha()]
    if len(letters) != 1 or any(character.isdigit() for character in text):
        return None, rules.NOT_A_LETTER
    folded = _fold(letters[0])
    return (folded, None) if folded else (None, rules.OTHER_SCRIPT)


def _fold(letter: str) -> str | None:
    for form in (letter, letter.upper()):
        if form in _OWN_SPELLING:
            return _OWN_SPELLING[form]
    plain = unicodedata.normalize("NFKD", letter.upper())[0]
    if "A" <= plain <= "Z":
        return plain
    if plain in _OWN_SPELLING:
        return _OWN_SPELLING[plain]
    named = _LATIN_LETTER.match(unicodedata.name(plain, ""))
    return named.group(1)[0] if named else None
