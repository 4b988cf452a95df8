"""Fellegi-Sunter record linkage over Splink, for any two sets of records. It knows no table of the study.

specification   what a linkage is: comparisons, blocking rules, training plan, thresholds
comparisons     levels of names, dates, places, codes and text, and the columns that they need
training        prior, u and m from the records themselves; whether the result can be used
model           the model as an artefact, its page of charts, levels in words
scoring         candidate pairs with match weights, in chunks that resume; the profile of a linkage and its drift
identities      equal records of one set condensed to identities, their candidate pairs and weights
entities        duplicates of one side, clusters, nested clusters, posteriors among competing candidates
planning        a specification for two files that nobody has seen before
splink_*        the database under Splink: DuckDB, or Spark
"""
