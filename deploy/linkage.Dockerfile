# Code server of the linkage zone. The image holds the code of this zone only.
FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home pathways && pip install --no-cache-dir uv==0.13.9
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --extra deploy
COPY study.toml ./
COPY reference reference
COPY contracts contracts
COPY resources resources
COPY linkage_assets linkage_assets
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
ENV PATH=/srv/pathways/.venv/bin:$PATH PATHWAYS_VAR=/srv/var DAGSTER_HOME=/srv/dagster PYTHONPATH=/srv/pathways
USER 10001
EXPOSE 4000
CMD ["dagster", "api", "grpc", "-h", "0.0.0.0", "-p", "4000", "-m", "linkage_assets.definitions"]
