# Code server of the nlp zone. The image holds the code of this zone only.
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm
FROM ${PYTHON_IMAGE}
COPY deploy/uv-itself.lock /tmp/uv-itself.lock
RUN groupadd --gid 10002 pathways && useradd --uid 10002 --gid 10002 --create-home pathways \
 && pip install --no-cache-dir --no-deps --require-hashes -r /tmp/uv-itself.lock
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --group deploy
COPY study.toml ./
COPY reference reference
COPY contracts contracts
COPY resources resources
COPY nlp_assets nlp_assets
COPY fixture_model/weights fixture_model/weights
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
ENV PATH=/srv/pathways/.venv/bin:$PATH PATHWAYS_VAR=/srv/var DAGSTER_HOME=/srv/dagster PYTHONPATH=/srv/pathways
USER 10002
EXPOSE 4000
CMD ["dagster", "api", "grpc", "-h", "0.0.0.0", "-p", "4000", "-m", "nlp_assets.definitions"]
