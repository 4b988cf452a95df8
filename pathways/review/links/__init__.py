"""Clerical review of pairs of justice records, in the justice zone: full names, which nothing else reads.

Belongs here: which zone and tables, drawing, findings and commands. Does not belong here: what it shares with the
review of the study's pairs (pathways/review/shared), strata and estimates (justice_assets/steps/review,
resources/review).
"""
