"""Values of the release about itself: its entries, what it leaves open, its status.

Belongs here: laying out release_entries.py. Does not belong here: the prose around it (templates/report).
"""

from collections.abc import Mapping

from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.release.release_entries import left_open
from publishing.documents.document import Terms
from publishing.documents.fill_template import Value

IN_SENTENCES = ("revisions_policy", "pre_release_access")  # these stand under headings of their own


def release_values(facts: RunFacts) -> Mapping[str, Value]:
    """Values of the front of the report and of its section 9."""
    said = {entry.setting: entry.said for entry in facts.about}
    rows = [("Edition", facts.edition), ("Sentences", facts.period)]
    rows += [(entry.heading, entry.said or "Not given") for entry in facts.about if entry.setting not in IN_SENTENCES]
    return {
        "first_sentence": words(facts.cohort_start),
        "published_on": said["published_on"],
        "next_release": said["next_release"],
        "statistics_status": said["status"],
        "revisions_policy": said["revisions_policy"],
        "pre_release_access": said["pre_release_access"],
        "release_details": Terms(rows),
        "left_open": [entry.heading for entry in left_open(facts.about)],
    }
