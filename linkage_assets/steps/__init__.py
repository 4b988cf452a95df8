"""What the linkage zone computes, in the order the data flows. No Dagster here: assets/ call these functions.

people      standardised people, duplicates, pseudonyms
model       the linkage model: training, checks, approval, charts
links       scored pairs, links, the key; the profile of a quarter
sources     how extracts fit together; the profile of a quarter's sources
treatment   episodes of treatment, journeys made of them, substance use
courts      court appearances, prison, outcome forms
requirements    requirements with all that is known of them; exclusions
release     what leaves: anonymised requirements, the note request
quality     linkage quality and error; what each choice changes
review      clerical review
"""
