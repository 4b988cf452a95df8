# Code server of the linkage zone. The image holds the code of this zone only.
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm
FROM ${PYTHON_IMAGE}
COPY deploy/uv-itself.lock /tmp/uv-itself.lock
RUN groupadd --gid 10001 pathways && useradd --uid 10001 --gid 10001 --create-home pathways \
 && pip install --no-cache-dir --no-deps --require-hashes -r /tmp/uv-itself.lock
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --extra linkage --extra commands --extra pages --group deploy
COPY study.toml ./
COPY reference reference
COPY contracts contracts
COPY resources resources
COPY drawing drawing
COPY record_linkage record_linkage
COPY linkage_assets linkage_assets
# The commands of this zone, for who checks its extracts, reviews and decides
COPY pathways/__init__.py pathways/command_line.py pathways/accept.py pathways/accept_command.py \
  pathways/linkage_model.py pathways/studies.py pathways/
COPY pathways/check pathways/check
COPY pathways/zone_commands/__init__.py pathways/zone_commands/linkage.py pathways/zone_commands/
COPY pathways/refresh/__init__.py pathways/refresh/ending.py pathways/refresh/receipts_of_run.py \
  pathways/refresh/refusals.py pathways/refresh/stale_tables.py pathways/refresh/zone_order.py pathways/refresh/
COPY pathways/review/__init__.py pathways/review/
COPY pathways/review/shared pathways/review/shared
COPY pathways/review/pairs pathways/review/pairs
COPY pathways/webserver/__init__.py pathways/webserver/door.py pathways/webserver/headers.py \
  pathways/webserver/requests.py pathways/webserver/
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
COPY --chmod=0755 deploy/with-secrets.sh /usr/local/bin/with-secrets
ENV PATH=/srv/pathways/.venv/bin:$PATH PATHWAYS_VAR=/srv/var DAGSTER_HOME=/srv/dagster PYTHONPATH=/srv/pathways
# Docker gives a volume, when it is new, the owner and mode of the folder that it is mounted on. A crossing is its maker's;
# its readers have the group that it belongs to (docs/deployment.md)
RUN install -d -o 10001 -g 10001 -m 0700 /srv/var/linkage /srv/dagster/storage \
 && install -d -o 10001 -g 10011 -m 2750 \
    /srv/var/crossings/anonymised_requirements \
    /srv/var/crossings/consort_counts \
    /srv/var/crossings/linkage_quality \
    /srv/var/crossings/substance_use \
    /srv/var/crossings/requirement_counts \
    /srv/var/crossings/linkage_receipts \
    /srv/var/crossings/note_request
USER 10001:10001
EXPOSE 4000
ENTRYPOINT ["with-secrets"]
