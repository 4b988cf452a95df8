# Code server of the justice zone. The image holds the code of this zone only.
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm
FROM ${PYTHON_IMAGE}
COPY deploy/uv-itself.lock /tmp/uv-itself.lock
RUN groupadd --gid 10005 pathways && useradd --uid 10005 --gid 10005 --create-home pathways \
 && pip install --no-cache-dir --no-deps --require-hashes -r /tmp/uv-itself.lock
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --extra justice --extra commands --extra pages --group deploy
COPY study.toml ./
COPY reference reference
COPY contracts contracts
COPY resources resources
COPY record_linkage record_linkage
COPY mixed_models mixed_models
COPY drawing drawing
COPY publishing publishing
COPY justice_assets justice_assets
# The commands of this zone, for who checks its extracts, reviews, decides and signs
COPY pathways/__init__.py pathways/command_line.py pathways/accept.py pathways/accept_command.py pathways/studies.py pathways/
COPY pathways/check/__init__.py pathways/check/__main__.py pathways/check/check.py pathways/check/command.py \
  pathways/check/file_report.py pathways/check/files_to_check.py pathways/check/refused_fits.py \
  pathways/check/show_reports.py pathways/check/
COPY pathways/duties pathways/duties
COPY pathways/status pathways/status
COPY pathways/zone_commands/__init__.py pathways/zone_commands/justice.py pathways/zone_commands/
COPY pathways/justice/__init__.py pathways/justice/overrides.py pathways/justice/overrides_commands.py pathways/justice/
COPY pathways/refresh/__init__.py pathways/refresh/ending.py pathways/refresh/receipts_of_run.py \
  pathways/refresh/refusals.py pathways/refresh/stale_tables.py pathways/refresh/zone_order.py pathways/refresh/
COPY pathways/review/__init__.py pathways/review/
COPY pathways/review/shared pathways/review/shared
COPY pathways/review/links pathways/review/links
COPY pathways/webserver/__init__.py pathways/webserver/door.py pathways/webserver/headers.py \
  pathways/webserver/requests.py pathways/webserver/
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
COPY --chmod=0755 deploy/with-secrets.sh /usr/local/bin/with-secrets
ENV PATH=/srv/pathways/.venv/bin:$PATH PATHWAYS_VAR=/srv/var DAGSTER_HOME=/srv/dagster PYTHONPATH=/srv/pathways
# Docker gives a volume, when it is new, the owner and mode of the folder that it is mounted on
RUN install -d -o 10005 -g 10005 -m 0700 /srv/var/justice /srv/dagster/storage
USER 10005:10005
EXPOSE 4000
ENTRYPOINT ["with-secrets"]
