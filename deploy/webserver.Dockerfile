# Dagster webserver and daemon. The image holds no code of any zone and no data.
FROM python:3.11-slim-bookworm
RUN useradd --uid 10000 --create-home pathways && pip install --no-cache-dir uv==0.13.9
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --extra deploy
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
COPY deploy/workspace.docker.yaml /srv/dagster/workspace.yaml
ENV PATH=/srv/pathways/.venv/bin:$PATH DAGSTER_HOME=/srv/dagster
USER 10000
