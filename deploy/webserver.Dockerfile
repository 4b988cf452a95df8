# Dagster webserver and daemon. The image holds no code of any zone and no data.
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm
FROM ${PYTHON_IMAGE}
COPY deploy/uv-itself.lock /tmp/uv-itself.lock
RUN groupadd --gid 10000 pathways && useradd --uid 10000 --gid 10000 --create-home pathways \
 && pip install --no-cache-dir --no-deps --require-hashes -r /tmp/uv-itself.lock
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --group deploy
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
COPY deploy/workspace.docker.yaml /srv/dagster/workspace.yaml
ENV PATH=/srv/pathways/.venv/bin:$PATH DAGSTER_HOME=/srv/dagster
USER 10000
