"""A quarter with nothing but the daemon running: no command is given, and nobody presses anything."""

import shutil

import polars as pl

from tests.alert_receivers import Webhook
from tests.flow.daemon_alone import daemon_on

QUARTER = "2023Q1"
LATE = "ndtms/cjit.csv"
JOBS = ["train_linkage_model", "linkage_zone", "notes_zone", "modelling_zone", "publishing"]


def addresses(told: Webhook) -> dict[str, str]:
    return {"PATHWAYS_ALERT_WEBHOOK": told.address, "PATHWAYS_HEARTBEAT_URL": f"{told.address}/beat"}


def test_extracts_that_are_dropped_into_the_folder_end_as_a_publication_also_when_one_is_late(small_extracts, tmp_path):
    sent = small_extracts / "extracts" / QUARTER
    with Webhook().open() as told, daemon_on(tmp_path, **addresses(told)) as daemon:
        folder = tmp_path / "extracts" / QUARTER
        shutil.copytree(sent, folder, ignore=lambda place, names: [n for n in names if f"{place}/{n}".endswith(LATE)])
        daemon.wait(lambda: "2023Q1 waits for 1 of its 18 extracts" in daemon.said("starts_linkage_zone"))
        daemon.wait(lambda: QUARTER in daemon.said("watches_extracts_of_linkage"))
        late = daemon.said("watches_extracts_of_linkage")
        assert "2023Q1: late since 20 April 2023: ndtms/cjit (1 of 18 extracts)." in late
        daemon.wait(lambda: any(alert["kind"] == "late" and QUARTER in alert["text"] for alert in told.alerts))
        daemon.wait(lambda: told.beats > 0)
        assert daemon.runs() == []
        shutil.copy2(sent / LATE, tmp_path / "sent")
        (tmp_path / "sent").replace(folder / LATE)  # at once: here a file may be read as soon as it is there
        daemon.wait(lambda: daemon.runs() == [(job, QUARTER, "SUCCESS") for job in JOBS])
        daemon.wait(lambda: QUARTER not in daemon.said("watches_publication") != "")
    publication = tmp_path / "publication" / QUARTER
    names = {path.name for path in publication.iterdir()}
    assert {"report.html", "report.pdf", "methodology.html", "tables.ods", "open_data.zip"} <= names
    tables = pl.read_parquet(tmp_path / "modelling" / QUARTER / "published_tables.parquet")
    assert tables.height > 0
