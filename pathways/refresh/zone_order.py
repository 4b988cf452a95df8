"""The zones in the order in which a refresh runs them."""

ZONES = ("linkage_assets", "nlp_assets", "modelling_assets")
