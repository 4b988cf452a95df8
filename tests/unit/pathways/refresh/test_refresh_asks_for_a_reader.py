"""Before a refresh reads any extract it asks whether what would read the notes may."""

import pytest

import pathways.refresh.refresh as module
from pathways.refresh.refresh import require_note_reader
from pathways.refresh.stopped import RefreshStopped
from resources.extracts.synthetic_mark import write_mark

QUARTER = "2023Q1"


@pytest.fixture(autouse=True)
def without_servers(monkeypatch):
    for name in ("VLLM_BASE_URL", "PATHWAYS_MODEL_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_real_extracts_stop_a_refresh_that_would_read_notes_with_the_encoder(tmp_path):
    (tmp_path / "extracts" / QUARTER).mkdir(parents=True)
    with pytest.raises(RefreshStopped, match="without_instruct_model_because"):
        require_note_reader(tmp_path, QUARTER)


def test_a_server_or_synthetic_extracts_let_it_go_on(tmp_path, monkeypatch):
    folder = tmp_path / "extracts" / QUARTER
    folder.mkdir(parents=True)
    with monkeypatch.context() as named:
        named.setenv("VLLM_BASE_URL", "https://gpu")
        require_note_reader(tmp_path, QUARTER)
    write_mark(folder, {"scale": 0.1, "seed": 1})
    require_note_reader(tmp_path, QUARTER)


def test_an_address_that_notes_may_not_be_sent_to_stops_a_refresh_before_it_begins(tmp_path, monkeypatch):
    (tmp_path / "extracts" / QUARTER).mkdir(parents=True)
    monkeypatch.setenv("VLLM_BASE_URL", "http://gpu:8000/v1")
    with pytest.raises(RefreshStopped, match="plain http"):
        require_note_reader(tmp_path, QUARTER)


def test_a_real_extract_beside_synthetic_ones_stops_it_and_is_named(tmp_path, capsys):
    folder = tmp_path / "extracts" / QUARTER
    (folder / "ndelius").mkdir(parents=True)
    write_mark(folder, {"scale": 0.1, "seed": 1})
    (folder / "ndelius" / "offender.csv").write_text("crn\n", encoding="utf-8")
    with pytest.raises(RefreshStopped, match="instruct model"):
        require_note_reader(tmp_path, QUARTER)
    assert "1 of the files of 2023Q1 as they are: ndelius/offender.csv" in capsys.readouterr().out


def test_it_is_asked_before_any_extract_is_looked_at(tmp_path, monkeypatch):
    monkeypatch.setenv("PATHWAYS_VAR", str(tmp_path))
    monkeypatch.setattr(module, "require_usable_extracts", lambda *_: pytest.fail("extracts were read"))
    with pytest.raises(RefreshStopped, match="instruct model"):
        module.refresh(QUARTER)
