#!/bin/sh
# Writes Dagster's records to standard output, as their owner; docs/operator-handbook.md says when, and how they come back.
# The server is named by PGHOST, PGDATABASE and PGUSER. Roles are no part of it: `database` makes them, with their secrets.
set -eu
exec pg_dump --format=custom
