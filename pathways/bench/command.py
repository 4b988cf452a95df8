"""The options of `pathways bench linkage`. Does not belong here: the work (linkage.py)."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pathways.bench.linkage.kinds import KINDS
from pathways.refresh.ending import said_of

KINDS_IN_WORDS = "\n".join(f"  {kind:9s} {meaning}" for kind, meaning in KINDS.items())
HELP = f"""Link any two files, or the records of one, with the study's method, and print JSON lines.

The first line says what was linked, which pairs were looked at and what it
cost; three more how right three scores are: raw (a pair's match probability),
normalised (against the other candidates of the left record) and normalised
two-sided (against those of the right record too). Of one file, raw alone.

The model is trained on the files: prior from agreements that are hardly ever
chance, u from sampled pairs, m by expectation maximisation, term frequencies.
Pairs to look at are chosen from the fields given, within a bound.

Kinds of field for --map:

\b
{KINDS_IN_WORDS}

FEBRL4 as the study would see it:

\b
pathways bench linkage --left dataset4a.csv --right dataset4b.csv \\
  --id rec_id --truth-pattern 'rec-(\\d+)-' --map dob=date_of_birth \\
  --map forename=given_name --map surname=surname \\
  --map postcode=postcode --map area=state
"""


_Left = Annotated[Path, typer.Option(help="First file, CSV or Parquet, with a header.")]
_Right = Annotated[
    Path | None,
    typer.Option(
        help="Second file. Its columns may have other names. Left out: records of the first are linked with each other."
    ),
]
_Mapping = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="KIND=COLUMN",
        help=(
            "A field to compare, once per field: dob=date_of_birth, or dob=birth:date_of_birth where the column "
            f"has another name on the right. Kinds: {', '.join(KINDS)}. Without --map, columns with usual names "
            "are taken."
        ),
    ),
]
_Ids = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="COLUMN",
        help=(
            "Column of ids, or left:right. Rows with the same id are one entity. Default: the first column of "
            "each file."
        ),
    ),
]
_Truth = Annotated[Path | None, typer.Option(help="File of true pairs: an id of the left file, one of the right.")]
_TruthIds = Annotated[
    str | None,
    typer.Option(
        metavar="LEFT:RIGHT", help=("The two id columns of the --truth file, when it has more than two columns.")
    ),
]
_TruthColumn = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help=(
            "Instead of --truth: a column of both files (or left:right) that names the true entity. It is not compared."
        ),
    ),
]
_TruthPattern = Annotated[
    str | None,
    typer.Option(
        metavar="REGEX",
        help=(r"Instead of --truth: where the true entity stands inside the ids, such as 'rec-(\d+)-'."),
    ),
]
_FullNames = Annotated[
    bool,
    typer.Option(
        "--full-names/--initials-only", help=("Compare whole names, or, as the study has to, their initials only.")
    ),
]
_Threshold = Annotated[
    float | None,
    typer.Option(min=0.001, max=0.999999, help=("Match probability of a link. Default: the study's, in study.toml.")),
]


def linkage(
    left: _Left,
    right: _Right = None,
    mapping: _Mapping = None,
    ids: _Ids = None,
    truth: _Truth = None,
    truth_ids: _TruthIds = None,
    truth_column: _TruthColumn = None,
    truth_pattern: _TruthPattern = None,
    full_names: _FullNames = False,
    threshold: _Threshold = None,
) -> None:
    """Link two files, or one with itself, and print the lines of HELP."""
    from pathways.bench.linkage.linkage import Asked, bench_linkage
    from resources.settings.study_settings import load_study_settings

    settings = load_study_settings().linkage
    if threshold is not None:
        settings = settings.model_copy(update={"threshold": threshold})
    asked = Asked(
        left,
        right,
        mapping or (),
        ids,
        truth,
        truth_ids,
        truth_column,
        truth_pattern,
        full_names,
    )
    failure = ""
    try:
        for line in bench_linkage(asked, settings):
            for warning in line.get("warnings", []):
                print(f"warning: {warning}", file=sys.stderr)
            print(json.dumps(line), flush=True)
    except Exception as error:
        failure = said_of(error)
    if failure:
        print(f"pathways bench linkage: {failure}", file=sys.stderr)
        raise typer.Exit(1)
