"""Words by which the sender of alerts knows the sensors that watch what is late; no more than that is shared.

Belongs here: names. Imports nothing: the sender runs where no code of a zone is (pathways/alerts).
"""

WATCHES = "watches_"  # the name of a sensor that watches begins so
PUBLICATION = "publication"  # of the one that watches quarters, the name ends so
NOTHING_LATE = "Nothing is late."  # what it says then; else what is late, and since when
