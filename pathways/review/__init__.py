"""Clerical review of record pairs by people, on this machine only (methodology 2.5.3).

Belongs here: the folder of a review, the page, decisions and signatures, the commands. Does not belong here: how pairs
are sampled and what decisions mean for the linkage (linkage_assets/steps), and the settings (resources).
"""
