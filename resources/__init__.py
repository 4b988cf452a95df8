"""What all zones share. It knows no zone and no table.

settings    study.toml and the variable sheet: one model for each section
extracts    what an extract is, reading it, and how extracts fit together; files/ by format, values/ by kind of value
store       where tables are kept besides this machine: a bucket; extracts from one
zone        tables of a zone on disk and in Dagster: store, schema, checks, gates, definitions
operation   when zones start by themselves, what is late, and the lock of a quarter
duties      who has which role, and what is signed off
deletion    certificates: which quarter is deleted
receipts    what a table was made from, signed; which code decides it
lineage     walking from table to table by receipts, and what the catalogue says of a table
records     what Dagster's records and the console say: rounded counts, progress
secrets     files that only one user reads: private folders, keys, keyed hashes
drift       a quarter beside the quarter before and beside training
process     processes, temporary files, and what an error may say

Whatever process imports it writes files that its own user alone can read. This is the one place that sets that: code
servers, run workers, commands and their children all come through here, and Dagster has no door for it that is opened
before a zone is loaded. What others may read is widened where it is written (secrets/private_files.py).
"""

import os

os.umask(0o077)
