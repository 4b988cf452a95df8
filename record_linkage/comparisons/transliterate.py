"""One name in two spellings of another script or tongue: Mohammed and Muhammad, Aleksandr and Alexander, Yusuf, Юсуф.

Belongs here: letters that Latin has no accent for, and what is left of a name when its spelling is taken off. Does not
belong here: accents, which standardising takes off.
"""

import polars as pl

# What Unicode does not take apart into a letter and an accent; Cyrillic and Greek as British authorities write them.
CYRILLIC = "А:A Б:B В:V Г:G Д:D Е:E Ж:ZH З:Z И:I Й:Y К:K Л:L М:M Н:N О:O П:P Р:R С:S Т:T У:U Ф:F Х:KH Ц:TS Ч:CH Ш:SH"
FURTHER_CYRILLIC = "Щ:SHCH Ъ: Ы:Y Ь: Э:E Ю:YU Я:YA І:I Ї:I Є:YE Ґ:G Ё:E"
GREEK = "Α:A Β:V Γ:G Δ:D Ε:E Ζ:Z Η:I Θ:TH Ι:I Κ:K Λ:L Μ:M Ν:N Ξ:X Ο:O Π:P Ρ:R Σ:S Τ:T Υ:Y Φ:F Χ:CH Ψ:PS Ω:O"
NORTHERN = "Ø:O Æ:AE Œ:OE Ł:L Đ:D Þ:TH ẞ:SS"
LETTERS = {
    letter[0]: letter[2:] for letters in (CYRILLIC, FURTHER_CYRILLIC, GREEK, NORTHERN) for letter in letters.split(" ")
}

# In this order: letters that are written in several ways for one sound.
SOUNDS = [
    (r"[^A-Z]", ""),
    (r"SCH|SZ|CZ|TCH|TSH|CH|SH", "S"),
    (r"PH|[VW]", "F"),
    (r"DJ|DZH|ZH|G([EIY])", "J$1"),
    (r"X", "KS"),
    (r"C([EIY])", "S$1"),
    (r"CK|KH|GH|Q|C", "K"),
    (r"TH|DH", "T"),
    (r"TZ|TS|Z", "S"),
    (r"^OU|^OO", "U"),
    (r"^Y", "I"),
]

DOUBLED = "BDFGJKLMNPRST"
# Each of them once, in one go: of the groups, only that of the letter that is doubled has something.
ONCE = "|".join(f"({letter}){letter}+" for letter in DOUBLED), "".join(f"${{{n}}}" for n in range(1, len(DOUBLED) + 1))


def latin(series: pl.Series) -> pl.Series:
    """Capitals in Latin letters."""
    return series.str.replace_many(list(LETTERS), list(LETTERS.values()))


def sounding(column: str) -> pl.Expr:
    """<column>_sounding: the first letter and the consonants after it, one for each sound; null if under three."""
    sound = pl.col(column)
    for written, heard in SOUNDS:
        sound = sound.str.replace_all(written, heard)
    sound = sound.str.replace_all(*ONCE)
    first, rest = sound.str.slice(0, 1), sound.str.slice(1).str.replace_all(r"[AEIOUYH]", "")
    whole = pl.concat_str(first.replace({"E": "A", "O": "A", "U": "A", "I": "A"}), rest)
    return pl.when(whole.str.len_chars() > 2).then(whole).alias(f"{column}_sounding")
