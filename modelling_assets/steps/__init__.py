"""What the modelling zone computes, in the order the data flows. No Dagster here: assets/ call these functions.

records       requirements with their outcome; who is in which model
imputation    missing values filled in, several times, and what that is judged by
models        mixed logistic models: fit, cross-check, pool
sensitivity   the same under other assumptions
treatment     by when people drop out of treatment, with other ends
engagement    what the contact notes say, with the uncertainty of sample and labels
tables        the published tables: their counts, and what adds up to what
disclosure    what of it may be shown
figures       charts
documents     what all documents share: blocks, rendering to HTML and PDF, facts of the run
report, methodology, quality, comparison    the documents
workbook      the tables as spreadsheets
"""
