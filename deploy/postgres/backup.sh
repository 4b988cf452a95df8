# Writes Dagster's records to standard output, as their owner (docs/operator-handbook.md). Roles are no part of it:
# the service `database` makes them, with their secrets. The server is named by PGDATABASE and PGUSER.
set -eu
[ -n "${PGPASSWORD:-}" ] || PGPASSWORD=$(cat /run/secrets/owner_database_password)
export PGPASSWORD
exec pg_dump --format=custom
