"""What of a quarter is kept when its preceding files are deleted (methodology 3.3): everything else goes.

Belongs here: the tables that are kept, each with why. Does not belong here: deleting (pathways/deletion).

Receipts of all tables are kept as well, and what zones told of theirs: they hold hashes and counts, so that a published
figure can still be walked back to the hash of an extract.
"""

from contracts.zones import JUSTICE_FILES, PUBLISHED_FILES, RECEIPTS

COMPARED = "counts and shares that the next quarter is compared with"
PUBLISHED = "what was published, or lists its files"
TOLD = "hashes and rounded counts of the tables of the zone"

KEPT_TABLES = {
    "linkage": dict.fromkeys(
        ("linkage_profile", "linkage_model", "linkage_drift", "source_profile", "source_drift"), COMPARED
    ),
    "nlp": dict.fromkeys(("note_profile", "note_drift"), COMPARED),
    "modelling": dict.fromkeys(
        ("published_tables", "published_comparison", "information_governance", *PUBLISHED_FILES), PUBLISHED
    ),
    "justice": dict.fromkeys(
        (
            *("person_link", "id_change_counts", "justice_linkage_model"),
            *("justice_source_profile", "justice_source_drift", "justice_linkage_profile", "justice_linkage_drift"),
        ),
        COMPARED,
    )
    | dict.fromkeys(("published_views", *JUSTICE_FILES), PUBLISHED),
    "crossings": dict.fromkeys(RECEIPTS.values(), TOLD),
}
RELEASE_SECRET = "linkage/secrets/release_{quarter}.key"  # noqa: S105  # the place of one
