"""What is said of what was estimated, in the order the data flows. No Dagster here: assets/ call these functions.

tables        the published tables: their counts, and what adds up to what
disclosure    what of it may be shown
figures       charts
documents     what all documents share: blocks, rendering to HTML and PDF, facts of the run
report, methodology, quality, comparison    the documents
governance    who allowed that these data are linked and published
release       what the release says of itself, and what has changed since the last one
workbook      the tables as spreadsheets
open_data     the tables as tidy CSV files with metadata
"""
