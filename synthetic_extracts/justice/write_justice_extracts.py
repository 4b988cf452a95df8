"""Writes the extracts of the justice zone at any size, block by block, with the truth about them.

Belongs here: blocks, files and the mark SYNTHETIC.json. Does not belong here: what is in a table (the other files).

A block of people is drawn by itself and written as a part of each file, so that memory does not grow with the size.
The same seed gives the same people in every quarter: a later one holds all that an earlier one did, and what is new.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from contracts.extracts import JUSTICE_EXTRACT_BY_NAME
from contracts.zones import JUSTICE_SOURCES_FOLDER
from resources.extracts.synthetic_mark import write_mark
from resources.zone.partitions import quarter_end
from synthetic_extracts.draws import day_number, day_of
from synthetic_extracts.justice.careers import draw_cases
from synthetic_extracts.justice.court_tables import crown_table, magistrates_table, true_cases, true_courts
from synthetic_extracts.justice.people import People, draw_people
from synthetic_extracts.justice.prison_tables import prison_tables
from synthetic_extracts.justice.probation_tables import draw_caseload, person_tables, sentence_tables
from synthetic_extracts.justice.rates import rates
from synthetic_extracts.justice.sentences import draw_sentences, draw_stays
from synthetic_extracts.justice.supervision_tables import supervision_tables
from synthetic_extracts.justice.truth import true_people
from synthetic_extracts.write_extracts import ReplacedFolder

Tables = dict[str, pl.DataFrame]
# What the linking reads; the others are for research views.
LINKED = (
    "probation_person",
    "probation_alias",
    "probation_address",
    "probation_disposal",
    "prison_person",
    "custodial_journey",
    "crown_defendant_case",
    "magistrates_defendant_case",
)


def write_justice_extracts(
    root: Path,
    quarter: str,
    scale: float,
    seed: int,
    say: Callable[[str], None] = lambda line: None,
    only_linked: bool = False,
) -> dict[str, int]:
    """Write extracts/<quarter> and truth/<quarter> into root/justice_sources; what was there is replaced. Returns rows.

    scale 1 is the real size, about 17.3 million identity records. `only_linked`: tables of events that the linking does
    not read are written without rows. `say` gets progress, counts only.
    Raises ValueError for a scale that is not above 0, or (from quarter_end) an unknown quarter.
    """
    if scale <= 0:
        raise ValueError("scale must be above 0; 1 is the real size")
    last, place = day_number(quarter_end(quarter)), root / JUSTICE_SOURCES_FOLDER
    counts: dict[str, int] = {}
    with ReplacedFolder(place / "extracts" / quarter) as extracts, ReplacedFolder(place / "truth" / quarter) as truth:
        for part, (tables, true) in enumerate(blocks_of(seed, scale, last)):
            for name, table in tables.items():
                kept = _sent(name, table, last)
                kept = kept.clear() if only_linked and name not in LINKED else kept
                _write_part(extracts / JUSTICE_EXTRACT_BY_NAME[name].system / f"{name}.parquet", part, kept)
                counts[name] = counts.get(name, 0) + kept.height
            for name, table in true.items():
                _write_part(truth / f"{name}.parquet", part, table)
            say(f"block {part + 1}: {sum(counts.values()):,} rows so far")
        _write_part(truth / "justice_courts.parquet", 0, true_courts(seed))
        write_mark(extracts, {"scale": scale, "seed": seed})
    return counts


def blocks_of(seed: int, scale: float, last: int) -> Iterator[tuple[Tables, Tables]]:
    """All extracts of each block of people up to day `last`, with later events too, and the truth about records."""
    people, block = round(rates()["people_at_full_size"] * scale), rates()["people_in_block"]
    sizes = [min(block, people - first) for first in range(0, people, block)]
    for number, size in enumerate(sizes):
        yield _tables_of(seed, draw_people(seed, number, size), last)


def _tables_of(seed: int, people: People, last: int) -> tuple[Tables, Tables]:
    """All extracts of a block of people up to day `last`, and the truth about their records."""
    first = day_number(rates()["first_day"])
    cases = draw_cases(seed, people)
    sentences = draw_sentences(seed, people, cases)
    stays = draw_stays(seed, people, cases, sentences)
    magistrates, magistrates_rows = magistrates_table(seed, people, cases, last)
    crown, crown_rows = crown_table(seed, people, cases, last)
    prison, in_prison = prison_tables(seed, people, sentences, stays, first, last)
    load = draw_caseload(seed, people, sentences, first)
    probation, on_probation = person_tables(seed, people, cases, sentences, load, last)
    tables = {
        **probation,
        **sentence_tables(seed, people, cases, sentences, load, last),
        **supervision_tables(seed, people, sentences, stays, load, last),
        **prison,
        "crown_defendant_case": crown,
        "magistrates_defendant_case": magistrates,
    }
    whose = {
        "probation": (probation["probation_person"]["crn"], on_probation),
        "prison": (prison["prison_person"]["noms_number"], in_prison),
        "crown": (crown["defendant_on_case_id"], cases.person[crown_rows]),
        "magistrates": (magistrates["defendant_on_case_id"], cases.person[magistrates_rows]),
    }
    return tables, {
        "justice_people": true_people(people, whose),
        "justice_cases": true_cases(people, cases, magistrates_rows, crown_rows),
    }


def _sent(name: str, table: pl.DataFrame, last: int) -> pl.DataFrame:
    """What is sent of a table on day `last`: the columns in the order of the declaration, and no later event."""
    extract = JUSTICE_EXTRACT_BY_NAME[name]
    happened = pl.col(extract.event_date) <= day_of(last) if extract.event_date else True
    return table.select(extract.column_names).filter(happened)


def _write_part(folder: Path, part: int, table: pl.DataFrame) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    table.write_parquet(folder / f"part-{part:05}.parquet")
