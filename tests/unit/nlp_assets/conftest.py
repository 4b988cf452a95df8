"""A quirky endpoint, and `pathways label` through it."""

import json

import pytest

from nlp_assets.serving import connection
from pathways.notes.label import label_command
from tests.unit.nlp_assets.quirky_endpoint import QuirkyEndpoint


@pytest.fixture
def endpoint(monkeypatch):
    """A running endpoint without quirks; nobody waits for it."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(connection, "FIRST_WAIT_SECONDS", 0.0)
    endpoint = QuirkyEndpoint()
    yield endpoint
    endpoint.shutdown()
    endpoint.server_close()


@pytest.fixture
def label_through(endpoint, tmp_path, capfdbinary):
    """Function: texts, or a file, through the command and the endpoint -> exit code, a line per note, what was said."""

    def run(*texts, file=None, **environment):
        path = file or tmp_path / "notes.csv"
        if file is None:
            quoted = [text.replace('"', '""') for text in texts]
            path.write_text("id,text\n" + "".join(f'{n},"{text}"\n' for n, text in enumerate(quoted)), encoding="utf-8")
        code = label_command(path, None, None, True, None, tmp_path / "var", endpoint.environment | environment)
        printed, said = capfdbinary.readouterr()
        assert "k3y" not in said.decode() and not any(text in said.decode() for text in texts if len(text) > 8)
        return code, [json.loads(line) for line in printed.splitlines()], said.decode()

    return run
