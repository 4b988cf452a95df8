#!/bin/sh
# Runs a command with its secrets in its environment: Dagster reads passwords from nowhere else. A file of /run/secrets
# whose name is in capitals becomes the variable of that name. What the command writes is private to its user.
set -eu
umask 077
for file in /run/secrets/[A-Z]*; do
  [ -e "$file" ] || continue
  value=$(cat "$file")
  export "${file##*/}=$value"
done
exec "$@"
