"""What the justice zone computes, in the order the data flows. No Dagster here: assets/ call these functions.

drift       a release beside the one before and what the model was trained on
people      records of all four sources in the same terms
identities  records that are the same in all that is compared, once
linking     the model, and weights of pairs of identities
clusters    who is one person at three thresholds, decisions of people, clusters to look at
journeys    the magistrates' case of each Crown Court case
quality     numbers held out, and people who cannot be
release     random ids, and what changed since the last release
"""
