"""What the report says of staying in treatment, and its answers to what readers asked."""

import polars as pl

from publication_assets.steps.report.report_treatment import staying_values
from tests.seen_cells import SeenCells as ShownCells


def test_the_report_says_who_stays_who_drops_out_and_how_treatment_stood_at_the_end(cells, facts):
    shown = ShownCells(cells, facts.wording)
    text = str(staying_values(shown))
    # Of 240 of a type 120 are linked: in treatment 10 days after sentence, for 100 days, 20 of them for longer.
    assert "Of ATRs observed for 12 months, in structured treatment: 0% at sentence, 50% 3 weeks after" in text
    assert "Of linked DRRs, estimated to have dropped out: 0% by 3 weeks" in text
    assert "of linked {types}, 46% of adults who left treatment in the year" in text


def test_nothing_is_said_of_what_is_withheld(cells, facts):
    covered = pl.col("table").is_in([35, 36, 37, 38])
    hidden = cells.with_columns(
        pl.when(covered).then(pl.lit("[c]")).otherwise(name).alias(name) for name in ("shown", "status")
    )
    shown = ShownCells(hidden, facts.wording)
    text = str(staying_values(shown))
    assert "%" not in text and "[c]" not in text


def test_readers_questions_are_answered_with_the_tables_that_hold_the_figures(release, facts):
    section = release.sections[-1]
    assert section.headings[0].text == "Questions from readers"
    answers = " ".join(map(str, section.blocks))
    assert {f"table {number}" for number in (3, 26, 34, 35, 36, 37)} <= {
        f"table {number}" for number in range(1, 40) if f"able {number}" in answers
    }
    assert "Table 38 puts completion" in answers and f"{facts.requirements:,} requirements" in answers
