"""The code locations in the order in which a refresh runs them. Publication is of the modelling zone."""

ZONES = ("linkage_assets", "nlp_assets", "modelling_assets", "publication_assets")
