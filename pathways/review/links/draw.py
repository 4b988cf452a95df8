"""Draws the sample of a review of justice links once, and keeps with it what it was drawn from.

Does not belong here: which pairs are drawn (justice_assets/steps/review/sample_links.py), the files
(ScoredPairsFolder.store).
"""

from justice_assets.steps.review.link_records import link_records
from justice_assets.steps.review.sample_links import sample_links
from pathways.review.links.folder import STAGE, LinksFolder
from resources.settings.justice_settings import Justice

READ = ("scored_identities", "justice_members", "justice_identities", "standardised_persons", "justice_linkage_model")


def draw_sample(folder: LinksFolder, settings: Justice) -> dict:
    """Draw the sample once and return its receipt; one that is drawn from the same pairs is kept.

    Raises ReviewNotPossible when the tables are not there, or stale; NothingToReview.
    """
    if folder.sample(STAGE).exists():
        folder.require_same_pairs(STAGE)
        return folder.receipt(STAGE)
    scored, members = folder.table("scored_identities"), folder.table("justice_members")
    folder.require_current(*READ)
    drawn = sample_links(scored, members, settings.linkage, settings.review)
    records = link_records(drawn.sample, folder.scanned("justice_identities"), folder.scanned("standardised_persons"))
    said = {"thresholds_bits": settings.linkage.by_name, "strata": drawn.strata, "pairs_at": drawn.pairs_at}
    return folder.store(STAGE, drawn.sample, records, said, settings.review)
