"""How many people are told to be named in the tradition that they are: by the lists of ours, on SYNTHETIC records.

    python benchmarks/justice/name_traditions.py FOLDER

FOLDER as persons_at_size.py wrote it. Each person counts once, by the first record that they have in a source. Prints a
JSON line: of each tradition in the truth the people, and the shares told right, told to be of another, and not told.
British names are in no list, so of these nothing told is right.
"""

import argparse
import json
from pathlib import Path

import polars as pl

from justice_assets.steps.quality.tell_name_traditions import UNLISTED, tradition_of_names

NO_LIST = "british"


def main() -> None:
    """Tell, and hold against the truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    files = sorted((given.folder / "persons").glob("*.parquet"))
    names = pl.concat(
        pl.scan_parquet(file)
        .filter(name_form=0)
        .select("person", "forename", "middle_names", "surname")
        .unique("person", keep="first", maintain_order=True)
        for file in files
    ).unique("person", keep="first", maintain_order=True)
    truth = given.folder / "justice_sources" / "truth"
    people = pl.concat(pl.scan_parquet(part) for part in sorted(truth.glob("*/justice_people.parquet/*.parquet")))
    known = people.select("name_tradition", person="person_id").unique("person")
    told = tradition_of_names(names.rename({"person": "whose"})).rename({"name_tradition": "told"})
    both = told.join(known, left_on="whose", right_on="person").collect()
    of_list = pl.col("told").str.to_lowercase().str.replace(" ", "_")
    unlisted = (pl.col("told") == UNLISTED).fill_null(value=True)
    counted = (
        both.with_columns(right=(of_list == pl.col("name_tradition")).fill_null(value=False), unlisted=unlisted)
        .group_by("name_tradition")
        .agg(people=pl.len(), right=pl.col("right").mean(), not_told=pl.col("unlisted").mean())
        .with_columns(another=1 - pl.col("right") - pl.col("not_told"))
        .sort("name_tradition")
    )
    shares = {
        row["name_tradition"]: {"people": row["people"]}
        | {name: round(row[name], 3) for name in ("right", "another", "not_told")}
        for row in counted.to_dicts()
    }
    # Shares by tradition of made-up names, no row of any.
    print(json.dumps({"benchmark": "name_traditions", "in_no_list": NO_LIST, "traditions": shares}))


if __name__ == "__main__":
    main()
