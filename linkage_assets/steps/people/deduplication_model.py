"""The models that find several identifiers of one person within a system: nDelius with itself, NDTMS with itself.

Belongs here: their blocking rules, and how often two identifiers of one person agree. Does not belong here: running
them (find_duplicates.py), and the model between the systems (splink_model.py).

Duplicates are too few to train on: some 90 among a billion pairs of probation identifiers. So how often two identifiers
of one person agree is stated (assumed), and only how often strangers agree is measured.
"""

from dataclasses import dataclass
from typing import Any

from linkage_assets.steps.model.splink_model import comparisons
from resources.settings.study_settings import Linkage

# Highest level first. The distance levels share theirs equally, however many there are; both of no fixed abode keeps
# its fixed value.
AGREEMENT = {
    "initials": [0.93, 0.03, 0.03, 0.01],
    "birth_date": [0.93, 0.03, 0.01, 0.01, 0.02],
    "sex": [0.99, 0.01],
    "ethnicity": [0.9, 0.04, 0.06],
}
AGREEMENT_ON_LOCATION = {"same sector": 0.5, "distances": 0.2, "same authority": 0.15, "anything else": 0.15}


@dataclass(frozen=True)
class Deduplication:
    """How one system is searched for duplicates: rules that find pairs, and a rule that finds sure ones."""

    system: str
    blocking_rules: tuple[str, ...]
    sure_rule: tuple[str, ...] = ("initials", "dob", "sex", "postcode_sector")
    sure_rule_recall: float = 0.5


OFFENDERS = Deduplication(
    "ndelius", ("same_initials_and_birth_date", "same_birth_date_and_sector", "same_initials_and_sector")
)
# Half a million people share initials and a postcode sector with so many others that the pairs would be worth nothing.
CLIENTS = Deduplication("ndtms", ("same_initials_and_birth_date", "same_birth_date_and_sector"))


def deduplication_comparisons(settings: Linkage) -> list[dict[str, Any]]:
    """The comparisons of the study, with m-probabilities fixed as stated here; highest level first."""
    fixed = comparisons(settings)
    for comparison in fixed:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        if comparison["output_column_name"] == "location":
            distances = len(settings.sector_distances_km)
            stated = AGREEMENT_ON_LOCATION
            homeless = levels[-2]["m_probability"]
            within = [stated["distances"] / distances] * distances
            m = [stated["same sector"], *within, stated["same authority"], homeless, stated["anything else"]]
        else:
            m = AGREEMENT[comparison["output_column_name"]]
        for level, probability in zip(levels, m, strict=True):
            level |= {"m_probability": probability, "fix_m_probability": True}
    return fixed
