# Dagster's webservers behind the guard, its daemon, alerts, and what prepares the database. No code of any zone, no data.
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm
FROM ${PYTHON_IMAGE}
COPY deploy/uv-itself.lock /tmp/uv-itself.lock
RUN groupadd --gid 10000 pathways && useradd --uid 10000 --gid 10000 --create-home pathways \
 && pip install --no-cache-dir --no-deps --require-hashes -r /tmp/uv-itself.lock
WORKDIR /srv/pathways
COPY pyproject.toml uv.lock LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project --extra webserver --group deploy
COPY pathways/__init__.py pathways/__init__.py
COPY pathways/webserver pathways/webserver
COPY pathways/alerts pathways/alerts
COPY resources/__init__.py resources/__init__.py
COPY resources/records/__init__.py resources/records/json_log.py resources/records/launched_by.py \
  resources/records/login_coordinator.py resources/records/
COPY resources/process/__init__.py resources/process/user_name.py resources/process/
COPY resources/operation/__init__.py resources/operation/sensor_words.py resources/operation/
COPY deploy/postgres/prepare.py deploy/postgres/rights.sql deploy/postgres/zones.csv deploy/postgres/
COPY deploy/dagster.yaml /srv/dagster/dagster.yaml
COPY deploy/workspace.docker.yaml /srv/dagster/workspace.yaml
COPY --chmod=0755 deploy/with-secrets.sh /usr/local/bin/with-secrets
ENV PATH=/srv/pathways/.venv/bin:$PATH DAGSTER_HOME=/srv/dagster PYTHONPATH=/srv/pathways
RUN install -d -o 10000 -g 10000 -m 0700 /srv/dagster/storage
USER 10000:10000
ENTRYPOINT ["with-secrets"]
