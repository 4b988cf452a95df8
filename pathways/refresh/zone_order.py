"""The code locations in the order in which a refresh runs them, and the zones. Publication is of the modelling zone."""

ZONES = ("linkage_assets", "nlp_assets", "modelling_assets", "publication_assets")
ZONE_NAMES = ("linkage", "nlp", "modelling")
JUSTICE_ZONE = "justice"
JUSTICE = "justice_assets"  # of no study: it is run by itself (pathways/justice)
