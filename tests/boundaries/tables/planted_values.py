"""A thousand values of a quarter's extracts, drawn by kind, and where they stand in files.

Belongs here: which values, in which forms, and the search. Does not belong here: how a file is opened
(opened_files.py), where a value may be (test_planted_values_stay_in_their_zone.py).

A value is drawn only if it can stand elsewhere for no other reason than that somebody wrote it there. Each form has at
least seven characters and more than digits, so that neither random bytes nor a key hold it by chance (fewer than one
search in a hundred would find one). It is in no file of this repository that a refresh reads. No birth date is also the
date of anything else in the extracts, and nothing that other extracts hold is in a note.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import polars as pl

from resources.extracts.values.identity_numbers import criminal_record_number, police_number
from tests.boundaries.tables.opened_files import texts_in

CRN, NUMBER, TREATMENT, POSTCODE, BIRTH, NOTE = KINDS = (
    "CRN",
    "number of police or prison",
    "number of NDTMS",
    "postcode",
    "birth date",
    "piece of a note",
)
REPOSITORY = Path(__file__).resolve().parents[3]
SEED = 20230331
DRAWN = {
    ("ndelius/offender", "crn"): (CRN, 200),
    ("ndelius/offender", "pnc_number"): (NUMBER, 100),
    ("ndelius/offender", "cro_number"): (NUMBER, 50),
    ("ndelius/offender", "noms_number"): (NUMBER, 50),
    ("ndtms/adult_community", "CLIENTID"): (TREATMENT, 100),
    ("ndtms/adult_community", "EPISODID"): (TREATMENT, 100),
    ("ndelius/offender_address", "postcode"): (POSTCODE, 75),
    ("ndtms/adult_community", "PC"): (POSTCODE, 75),
    ("ndelius/offender", "dob"): (BIRTH, 75),
    ("ndtms/adult_community", "DOB"): (BIRTH, 75),
    ("contact_notes/contact_note", "notes"): (NOTE, 100),
}
MEMORY = 1 << 25  # characters that are searched at once
POSTCODE_OF_SEVEN = r"^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$"
PIECE_OF_A_NOTE = r"[A-Za-z]+(?: [A-Za-z]+){3,}"
READ_IN_A_RUN = (
    "resources",
    "contracts",
    "drawing",
    "record_linkage",
    "mixed_models",
    "publishing",
    "pathways",
    "linkage_assets",
    "nlp_assets",
    "modelling_assets",
    "publication_assets",
    "reference",
    "note_models/encoder",
    "deploy",
    "study.toml",
)


@dataclass(frozen=True)
class Planted:
    """Values by their forms: `kind_of` maps each form to the kind of its value; `count` is of values."""

    kind_of: dict[str, str]
    count: int

    def found_in(self, files: Iterable[Path]) -> dict[Path, set[str]]:
        """Kinds of the values that stand in each file, opened; without files in which none stands."""
        found: dict[Path, set[str]] = {}
        patterns = sorted(self.kind_of)
        for batch in _batches(files):
            hits = batch.select("file", form=pl.col("text").str.extract_many(patterns, overlapping=True))
            for file, form in hits.explode("form").drop_nulls().unique().iter_rows():
                found.setdefault(Path(file), set()).add(self.kind_of[form])
        return found


def _batches(files: Iterable[Path]) -> Iterator[pl.DataFrame]:
    """file, text: what stands in the files, as much at once as memory has room for."""
    rows, size = [], 0
    for file in files:
        for text in texts_in(file.read_bytes()):
            rows.append((str(file), text))
            size += len(text)
            if size > MEMORY:
                yield pl.DataFrame(rows, schema=["file", "text"], orient="row")
                rows, size = [], 0
    yield pl.DataFrame(rows, schema={"file": pl.String, "text": pl.String}, orient="row")


def plant(extracts: Path) -> Planted:
    """Draw the values from the extracts of a quarter, the same from the same extracts.

    Raises ValueError when there are not enough that could stand elsewhere for no other reason.
    """
    tables = {name: _read(extracts, name) for name, _ in DRAWN}
    possible = {source: (kind, _forms(tables[source[0]][source[1]], kind)) for source, (kind, _) in DRAWN.items()}
    known = _known_elsewhere(extracts, {form for _, values in possible.values() for forms in values for form in forms})
    drawn: dict[str, str] = {}
    chosen: set[tuple[str, ...]] = set()
    for source, (kind, values) in possible.items():
        fit = [forms for forms in values if forms not in chosen and not known[kind] & set(forms)]
        if len(fit) < DRAWN[source][1]:
            raise ValueError(f"{len(fit)} values of {source} can be told from others; {DRAWN[source][1]} are needed")
        picked = Random(SEED).sample(fit, DRAWN[source][1])
        chosen |= set(picked)
        drawn |= {form: kind for forms in picked for form in forms}
    return Planted(drawn, len(chosen))


def _read(extracts: Path, name: str) -> pl.DataFrame:
    file = extracts / f"{name}.csv"
    return pl.read_csv(file, infer_schema=False) if file.exists() else pl.read_parquet(file.with_suffix(".parquet"))


def _forms(column: pl.Series, kind: str) -> list[tuple[str, ...]]:
    """Each different value in every form in which a program could write it, in order."""
    values = column.drop_nulls().unique().sort()
    if kind == NOTE:
        pieces = {piece[:40].rsplit(" ", 1)[0] for text in values for piece in re.findall(PIECE_OF_A_NOTE, text)}
        return [(piece, piece.replace(" ", "")) for piece in sorted(pieces) if len(piece) >= 20]
    if kind == BIRTH:
        days = pl.select(_day(values)).to_series().drop_nulls().unique().sort()
        return [
            (
                f"{day}",
                f"{day:%d/%m/%Y}",
                f"{day:%d-%m-%Y}",
                f"({day.year}, {day.month}, {day.day}",
                f"{day.day} {day:%B %Y}",
            )
            for day in days
        ]
    if kind == POSTCODE:
        whole = [value for value in values if re.match(POSTCODE_OF_SEVEN, value)]
        return [(f"{each[:-3].strip()} {each[-3:]}", bare) for each in whole if len(bare := each.replace(" ", "")) == 7]
    written = pl.DataFrame({"value": values}).with_columns(
        police=police_number(pl.col("value")),
        criminal=criminal_record_number(pl.col("value")),
        bare=pl.col("value").str.replace_all("[ /-]", ""),
    )
    return [tuple(dict.fromkeys(filter(None, row))) for row in written.iter_rows() if len(row[0]) >= 7]


def _day(values: pl.Series) -> pl.Expr:
    """Days of birth as the extracts write them: year first, or day first."""
    return pl.coalesce(pl.lit(values).str.to_date(pattern, strict=False) for pattern in ("%Y-%m-%d", "%d/%m/%Y"))


def _known_elsewhere(extracts: Path, forms: set[str]) -> dict[str, set[str]]:
    """Forms that stand where they may stand for another reason, by the kind for which they are no use."""
    ours = [file for name in READ_IN_A_RUN for file in _files(REPOSITORY / name)]
    everywhere = _standing_in(ours, forms)
    in_notes = _standing_in(_files(extracts / "contact_notes"), forms)
    dates = {
        value
        for file in _files(extracts)
        if file.suffix == ".csv"
        for column in pl.read_csv(file, infer_schema=False)
        if column.name.lower() != "dob" and column.str.contains(r"^(\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4})").any()
        for value in column.drop_nulls().str.slice(0, 10).unique()
    }
    return {
        kind: everywhere | (set() if kind in (CRN, NOTE) else in_notes) | (dates if kind == BIRTH else set())
        for kind in KINDS
    }


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())


def _standing_in(files: Iterable[Path], forms: set[str]) -> set[str]:
    patterns = sorted(forms)
    return {
        form
        for batch in _batches(file for file in files if file.suffix not in {".pyc", ".safetensors"})
        for form in batch["text"].str.extract_many(patterns, overlapping=True).explode().drop_nulls()
    }
