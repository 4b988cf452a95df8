# Code server of the modelling zone. The image holds the code of this zone only.
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm
FROM ${PYTHON_IMAGE}
COPY deploy/uv-itself.lock /tmp/uv-itself.lock
RUN groupadd --gid 10003 pathways && useradd --uid 10003 --gid 10003 --create-home pathways \
 && pip install --no-cache-dir --no-deps --require-hashes -r /tmp/uv-itself.lock
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --group deploy
COPY study.toml ./
COPY reference reference
COPY contracts contracts
COPY resources resources
COPY modelling_assets modelling_assets
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
ENV PATH=/srv/pathways/.venv/bin:$PATH PATHWAYS_VAR=/srv/var DAGSTER_HOME=/srv/dagster PYTHONPATH=/srv/pathways
USER 10003
EXPOSE 4000
CMD ["dagster", "api", "grpc", "-h", "0.0.0.0", "-p", "4000", "-m", "modelling_assets.definitions"]
