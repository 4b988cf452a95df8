# Puts Dagster's records, as backup.sh wrote them, in place of those that are there: all of them, or none and an error.
# Run it as the owner, after `database` has made the roles on the new server, and run `database` again afterwards.
set -eu
[ -n "${PGPASSWORD:-}" ] || PGPASSWORD=$(cat /run/secrets/owner_database_password)
export PGPASSWORD
exec pg_restore --clean --if-exists --single-transaction --exit-on-error --dbname="$PGDATABASE"
