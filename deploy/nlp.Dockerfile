# Code server of the nlp zone. The image holds the code of this zone only.
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm
FROM ${PYTHON_IMAGE}
COPY deploy/uv-itself.lock /tmp/uv-itself.lock
RUN groupadd --gid 10002 pathways && useradd --uid 10002 --gid 10002 --create-home pathways \
 && pip install --no-cache-dir --no-deps --require-hashes -r /tmp/uv-itself.lock
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --extra notes --extra commands --extra pages --group deploy
COPY study.toml ./
COPY reference reference
COPY contracts contracts
COPY resources resources
COPY nlp_assets nlp_assets
COPY note_models/fixture/weights note_models/fixture/weights
# The commands of this zone, for who checks its extracts, reviews and decides
COPY pathways/__init__.py pathways/command_line.py pathways/accept.py pathways/accept_command.py pathways/studies.py pathways/
COPY pathways/check/__init__.py pathways/check/__main__.py pathways/check/check.py pathways/check/command.py \
  pathways/check/file_report.py pathways/check/files_to_check.py pathways/check/refused_fits.py \
  pathways/check/show_reports.py pathways/check/
COPY pathways/zone_commands/__init__.py pathways/zone_commands/notes.py pathways/zone_commands/
COPY pathways/refresh/__init__.py pathways/refresh/ending.py pathways/refresh/receipts_of_run.py \
  pathways/refresh/refusals.py pathways/refresh/stale_tables.py pathways/refresh/zone_order.py pathways/refresh/
COPY pathways/review/__init__.py pathways/review/
COPY pathways/review/shared pathways/review/shared
COPY pathways/review/notes pathways/review/notes
COPY pathways/webserver/__init__.py pathways/webserver/door.py pathways/webserver/headers.py \
  pathways/webserver/requests.py pathways/webserver/
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
COPY --chmod=0755 deploy/with-secrets.sh /usr/local/bin/with-secrets
ENV PATH=/srv/pathways/.venv/bin:$PATH PATHWAYS_VAR=/srv/var DAGSTER_HOME=/srv/dagster PYTHONPATH=/srv/pathways
# Docker gives a volume, when it is new, the owner and mode of the folder that it is mounted on. A crossing is its maker's;
# its readers have the group that it belongs to (docs/deployment.md)
RUN install -d -o 10002 -g 10002 -m 0700 /srv/var/nlp /srv/dagster/storage \
 && install -d -o 10001 -g 10011 -m 2750 \
    /srv/var/crossings/note_request \
 && install -d -o 10002 -g 10012 -m 2750 \
    /srv/var/crossings/requirement_engagement \
    /srv/var/crossings/reviewed_requirements \
    /srv/var/crossings/note_reading_quality \
    /srv/var/crossings/notes_receipts
USER 10002:10002
EXPOSE 4000
ENTRYPOINT ["with-secrets"]
