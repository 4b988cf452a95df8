# Code server of the modelling zone. The image holds the code of this zone only.
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm
FROM ${PYTHON_IMAGE}
COPY deploy/uv-itself.lock /tmp/uv-itself.lock
RUN groupadd --gid 10003 pathways && useradd --uid 10003 --gid 10003 --create-home pathways \
 && pip install --no-cache-dir --no-deps --require-hashes -r /tmp/uv-itself.lock
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --extra modelling --group deploy
COPY study.toml ./
COPY reference reference
COPY contracts contracts
COPY resources resources
COPY mixed_models mixed_models
COPY drawing drawing
COPY publishing publishing
COPY modelling_assets modelling_assets
COPY publication_assets publication_assets
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
COPY --chmod=0755 deploy/with-secrets.sh /usr/local/bin/with-secrets
ENV PATH=/srv/pathways/.venv/bin:$PATH PATHWAYS_VAR=/srv/var DAGSTER_HOME=/srv/dagster PYTHONPATH=/srv/pathways
# Docker gives a volume, when it is new, the owner and mode of the folder that it is mounted on. A crossing is its maker's;
# its readers have the group that it belongs to (docs/deployment.md)
RUN install -d -o 10003 -g 10003 -m 0700 /srv/var/modelling /srv/dagster/storage \
 && install -d -o 10001 -g 10011 -m 2750 \
    /srv/var/crossings/anonymised_requirements \
    /srv/var/crossings/consort_counts \
    /srv/var/crossings/linkage_quality \
    /srv/var/crossings/substance_use \
    /srv/var/crossings/requirement_counts \
    /srv/var/crossings/linkage_receipts \
 && install -d -o 10002 -g 10012 -m 2750 \
    /srv/var/crossings/requirement_engagement \
    /srv/var/crossings/reviewed_requirements \
    /srv/var/crossings/note_reading_quality \
    /srv/var/crossings/notes_receipts \
 && install -d -o 10003 -g 10013 -m 2750 /srv/var/publication
USER 10003:10003
EXPOSE 4000
ENTRYPOINT ["with-secrets"]
