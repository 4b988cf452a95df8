"""Command line of the generator: `python -m synthetic_extracts --scale 0.1 --quarter 2023Q1 --root var --seed 1`.

Belongs here: arguments only.
"""

import argparse
from pathlib import Path
from typing import get_args

from synthetic_extracts.write_extracts import TableFormat, scale_and_seed, write_extracts


def main() -> None:
    """Read the arguments and write the extracts."""
    parser = argparse.ArgumentParser(
        prog="python -m synthetic_extracts", description="Write synthetic extracts with known truth."
    )
    parser.add_argument("--scale", type=float, help="1 is the published size; left out: as last quarter's, else 0.1")
    parser.add_argument("--quarter", default="2023Q1", help="e.g. 2023Q1, the quarter of the published study")
    parser.add_argument("--root", type=Path, default=Path("var"), help="folder that holds extracts/ and truth/")
    parser.add_argument("--seed", type=int, help="left out: as last quarter's, else 1")
    parser.add_argument(
        "--format", choices=get_args(TableFormat), default="default", help="default: CSV, notes Parquet"
    )
    parser.add_argument("--without-notes", action="store_true", help="write an empty contact_note")
    parser.add_argument("--besides", action="store_true", help="send also columns that are not asked for")
    given = parser.parse_args()
    try:
        scale, seed = scale_and_seed(given.root, given.quarter, given.scale, given.seed)
    except ValueError as error:
        parser.error(str(error))
    write_extracts(given.root, given.quarter, scale, seed, given.format, print, not given.without_notes, given.besides)


if __name__ == "__main__":
    main()
