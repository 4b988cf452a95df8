"""The linkages that find several identifiers of one person within a system: nDelius with itself, NDTMS with itself.

Belongs here: their blocking rules, and how often two identifiers of one person agree. Does not belong here: running
them (find_duplicates.py), and the linkage between the systems (steps/model/linkage_specification.py).

Duplicates are too few to train on: some 90 among a billion pairs of probation identifiers. So how often two identifiers
of one person agree is stated (assumed), and only how often strangers agree is measured.
"""

from linkage_assets.steps.model.linkage_specification import blocking_rules, comparisons
from record_linkage.specification import Comparison, LinkageSpecification, Rule, TrainingPlan, weight_of
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
SURE_RULE: Rule = ("initials", "dob", "sex", "postcode_sector")
SURE_RULE_RECALL = 0.5

OFFENDER_RULES = ["same_initials_and_birth_date", "same_birth_date_and_sector", "same_initials_and_sector"]
# Half a million people share initials and a postcode sector with so many others that the pairs would be worth nothing.
CLIENT_RULES = ["same_initials_and_birth_date", "same_birth_date_and_sector"]


def offender_duplicates(settings: Linkage) -> LinkageSpecification:
    """The deduplication of nDelius."""
    return _deduplication("ndelius", OFFENDER_RULES, settings.dedupe_threshold, settings)


def client_duplicates(settings: Linkage) -> LinkageSpecification:
    """The deduplication of NDTMS."""
    return _deduplication("ndtms", CLIENT_RULES, settings.client_dedupe_threshold, settings)


def deduplication_comparisons(settings: Linkage) -> tuple[Comparison, ...]:
    """The comparisons of the study, with m-probabilities fixed as stated here; highest level first."""
    *others, location = comparisons(settings)
    distances, stated = len(settings.sector_distances_km), AGREEMENT_ON_LOCATION
    within = [stated["distances"] / distances] * distances
    homeless = location.levels[-2].m or 0.0
    m = [stated["same sector"], *within, stated["same authority"], homeless, stated["anything else"]]
    return (*(comparison.stating(AGREEMENT[comparison.name]) for comparison in others), location.stating(m))


def _deduplication(system: str, rules: list[str], threshold: float, settings: Linkage) -> LinkageSpecification:
    training = TrainingPlan(settings.seed, settings.dedupe_sampling_pairs, (SURE_RULE,), SURE_RULE_RECALL)
    compared = deduplication_comparisons(settings)
    return LinkageSpecification(system, compared, blocking_rules(rules), training, weight_of(threshold))
