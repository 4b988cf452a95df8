"""Names the local authority of a requirement: where the person lived at sentence, within the probation region.

Belongs here: from the postcode of the address at sentence to an authority. Does not belong here: which address that is
(describe_requirements.py), how a postcode is read (steps/people/locate_places.py), how small authorities are put
together (steps/release/count_by_quarter_and_authority.py).
"""

import polars as pl

from linkage_assets.steps.people.locate_places import GEOGRAPHY, locate
from resources.settings.study_settings import Linkage


def describe_authority(requirement: pl.DataFrame, addresses: pl.DataFrame, settings: Linkage) -> pl.DataFrame:
    """authority, the upper tier local authority of the address on the disposal date, per requirement_id.

    `requirement` has probation_region, `addresses` the postcode of each requirement_id. Empty where no authority
    follows from the postcode, such as of people of no fixed abode, and where it lies in another probation region than
    the requirement: authorities are parts of regions, and nobody is known by living in one and serving in another.
    """
    regions = pl.read_csv(
        GEOGRAPHY / "utla_probation_region.csv", columns=["utla_code", "utla_name", "probation_region"]
    )
    located = locate(addresses.select("requirement_id", "postcode"), "postcode", None, settings)
    return (
        requirement.select("requirement_id", "probation_region")
        .join(located.select("requirement_id", "utla_code"), on="requirement_id", how="left", validate="1:1")
        .join(regions.rename({"probation_region": "lies_in"}), on="utla_code", how="left", maintain_order="left")
        .select("requirement_id", authority=pl.when(pl.col("lies_in") == pl.col("probation_region")).then("utla_name"))
    )
