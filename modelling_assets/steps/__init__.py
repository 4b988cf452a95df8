"""What is estimated, in the order the data flows. No Dagster here: assets/ call these functions.

records       requirements with their outcome; who is in which model
imputation    missing values filled in, several times, and what that is judged by
models        mixed logistic models: fit, cross-check, pool
sensitivity   the same under other assumptions
engagement    what the contact notes say, with the uncertainty of sample and labels
"""
