"""FEBRL4 as the study would see it: initials, date of birth, postcode and state. Prints four JSON lines.

FEBRL4 is synthetic (reference/febrl4/README.md). The same as `pathways bench linkage` on its two files.
"""

import json
from pathlib import Path

from pathways.bench.linkage.linkage import Asked, bench_linkage
from resources.settings.study_settings import load_study_settings

FOLDER = Path(__file__).resolve().parents[2] / "reference" / "febrl4"
MAPPING = ["forename=given_name", "surname=surname", "dob=date_of_birth", "postcode=postcode", "area=state"]


def main() -> None:
    """Link the two files and print cost and rightness."""
    asked = Asked(
        FOLDER / "dataset4a.csv",
        FOLDER / "dataset4b.csv",
        MAPPING,
        ids="rec_id",
        truth_pattern=r"^rec-(\d+)-",
        name="linkage_febrl4",
    )
    for line in bench_linkage(asked, load_study_settings().linkage):
        print(json.dumps(line))


if __name__ == "__main__":
    main()
