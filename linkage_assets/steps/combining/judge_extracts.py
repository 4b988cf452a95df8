"""Judges how the extracts of a quarter fit together, before anything is made of them: `pathways check` and the
refresh use this one list.

Belongs here: all that is judged of several extracts, as one list, one table and measures. Does not belong here: the
references (contracts/extracts.py), lists and numbers (steps/combining/judge_values.py), and reading files.
"""

from collections.abc import Iterable, Sequence

import polars as pl

from contracts.extracts import AGREEMENTS, REFERENCES
from linkage_assets.steps.combining.judge_values import COLUMNS, judge_values
from resources.extract_references import Fit, Frames, columns_needed, judge
from resources.gates import Measure
from resources.study_settings import Combining

CHECK = "extracts_fit_together"


def extract_columns(table: str) -> list[str]:
    """Columns of an extract that are needed to judge it beside others, sorted; none for a table that is not judged."""
    return sorted({*columns_needed((*REFERENCES, *AGREEMENTS), table), *COLUMNS.get(table, ())})


def judge_extracts(frames: Frames, settings: Combining) -> list[Fit]:
    """Everything that can be judged with the extracts in `frames`: table to a frame with its `extract_columns`."""
    return [*judge((*REFERENCES, *AGREEMENTS), frames), *judge_values(frames, settings)]


def fit_table(fits: Sequence[Fit]) -> pl.DataFrame:
    """The fits as schemas/extracts.py ExtractFit: one row each, in order, counts and shares only."""
    columns = {"measure": pl.String, "extract": pl.String, "column": pl.String, "rows": pl.Int64, "fitting": pl.Int64,
               "share": pl.Float64, "least": pl.Float64, "stops": pl.Boolean, "problem": pl.String,
               "remedy": pl.String}
    rows = [
        (fit.name, fit.table, fit.column, fit.rows, fit.fitting, fit.share, fit.least, fit.stops, fit.problem,
         fit.remedy)
        for fit in fits
    ]
    return pl.DataFrame(rows, schema=columns, orient="row")


def fit_measures(extract_fit: pl.DataFrame) -> list[Measure]:
    """One measure per row of `fit_table`: outside its band where it stops a refresh."""
    return [
        Measure(
            row["measure"], row["share"], f"at least {row['least']:g}", not row["stops"],
            f"{row['problem']}. {row['remedy']}" if row["problem"] else row["remedy"],
        )
        for row in extract_fit.iter_rows(named=True)
    ]


def measures_of(fits: Iterable[Fit]) -> list[Measure]:
    """The measures of fits, as `fit_measures` of their table."""
    return fit_measures(fit_table(list(fits)))
