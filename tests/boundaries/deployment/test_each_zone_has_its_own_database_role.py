"""What each role may do in Dagster's database: asked of a real PostgreSQL with the tables that Dagster makes."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import dagster as dg
import psycopg2
import psycopg2.errors
import pytest

from pathways.alerts.what_happened import failures, looked_at
from tests.boundaries.deployment.dagster_database import PREPARE, ROLE_OF, ZONES, Database
from tests.boundaries.deployment.postgres_server import OWNER, programs, running_server

Refused = psycopg2.errors.InsufficientPrivilege


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    bin_folder = programs()
    if bin_folder is None:
        pytest.skip("PostgreSQL's server is not installed: `make postgres-server`")
    with running_server(bin_folder) as server, ExitStack() as stack:
        yield Database(server, tmp_path_factory.mktemp("homes"), stack)


@pytest.fixture(scope="module")
def runs(database):
    return {name: database.run(name) for name in ROLE_OF}


def test_runs_go_to_their_end_with_the_rights_of_their_zone(runs, database):
    ends = {name: run.status.value for name, run in runs.items()}
    assert ends == {
        "linkage": "SUCCESS",
        "nlp": "SUCCESS",
        "modelling": "FAILURE",
        "publication": "SUCCESS",
        "justice": "SUCCESS",
    }
    governance = database.instance("governance")
    for made in ("person_key", "note_labels", "counted_tables"):
        assert governance.get_latest_materialization_event(dg.AssetKey(made))


def event_of(database, run: dg.DagsterRun) -> str:
    """The body of an event that the run has written."""
    cursor = database.connect(OWNER)
    cursor.execute("SELECT event FROM event_logs WHERE run_id = %s ORDER BY id DESC LIMIT 1", (run.run_id,))
    return cursor.fetchone()[0]


def write_event(database, role: str, run_id: str, event: str, asset: str | None = None) -> None:
    key = asset and f'["{asset}"]'
    statement = "INSERT INTO event_logs (run_id, event, dagster_event_type, asset_key) VALUES (%s, %s, %s, %s)"
    database.connect(role).execute(statement, (run_id, event, "ASSET_MATERIALIZATION", key))


def test_a_zone_writes_events_of_its_own_runs_only(runs, database):
    own, other = runs["linkage"], runs["nlp"]
    write_event(database, "linkage", own.run_id, event_of(database, own))
    with pytest.raises(Refused):
        write_event(database, "linkage", other.run_id, event_of(database, other))
    with pytest.raises(Refused):
        write_event(database, "linkage", own.run_id, event_of(database, other))
    with pytest.raises(Refused):
        write_event(database, "linkage", "no run", event_of(database, own))


def test_a_zone_says_of_its_own_assets_only_that_they_were_made(runs, database):
    own = runs["linkage"]
    write_event(database, "linkage", own.run_id, event_of(database, own), "person_key")
    for asset in ("note_labels", "unknown"):
        with pytest.raises(Refused):
            write_event(database, "linkage", own.run_id, event_of(database, own), asset)
        with pytest.raises(Refused):
            database.connect("linkage").execute(
                "INSERT INTO asset_keys (asset_key) VALUES (%s) ON CONFLICT (asset_key) DO UPDATE SET last_run_id = %s",
                (f'["{asset}"]', own.run_id),
            )
        with pytest.raises(Refused):
            database.connect("linkage").execute(
                "INSERT INTO asset_check_executions (asset_key, check_name, run_id) VALUES (%s, 'is_right', %s)",
                (f'["{asset}"]', own.run_id),
            )


def test_a_zone_changes_no_run_of_another_zone(runs, database):
    cursor = database.connect("linkage")
    cursor.execute("UPDATE runs SET status = 'FAILURE' WHERE run_id = %s", (runs["nlp"].run_id,))
    assert cursor.rowcount == 0
    tag = "INSERT INTO run_tags (run_id, key, value) VALUES (%s, 'dagster/will_retry', '')"
    cursor.execute(tag, (runs["linkage"].run_id,))
    with pytest.raises(Refused):
        cursor.execute(tag, (runs["nlp"].run_id,))


@pytest.mark.parametrize(
    "change",
    ["status = 'QUEUED'", "run_body = replace(run_body, 'linkage_assets', 'nlp_assets')"],
    ids=["queue it again", "send it to another zone"],
)
def test_a_zone_cannot_have_its_run_started_again_or_elsewhere(runs, database, change):
    with pytest.raises(Refused):
        database.connect("linkage").execute(f"UPDATE runs SET {change} WHERE run_id = %s", (runs["linkage"].run_id,))


def test_a_zone_cannot_claim_a_run_or_make_one(runs, database):
    cursor = database.connect("linkage")
    claim = "INSERT INTO run_tags (run_id, key, value) VALUES (%s, '.dagster/repository', %s)"
    with pytest.raises(Refused):
        cursor.execute(claim, (runs["nlp"].run_id, "__repository__@linkage_assets"))
    with pytest.raises(Refused):
        cursor.execute("INSERT INTO runs (run_id, status) VALUES ('new', 'QUEUED')")


@pytest.mark.parametrize(("zone", "seen"), [("linkage", {"linkage"}), ("nlp", {"nlp"}), ("governance", set(ROLE_OF))])
def test_a_zone_sees_its_own_runs_and_governance_sees_all(runs, database, zone, seen):
    cursor = database.connect(zone)
    for table in ("runs", "event_logs", "run_tags"):
        cursor.execute(f"SELECT DISTINCT run_id FROM {table}")
        assert {run_id for (run_id,) in cursor.fetchall()} == {runs[name].run_id for name in seen}


@pytest.mark.parametrize("role", PREPARE.ROLES)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event_logs",
        "DELETE FROM runs",
        "UPDATE event_logs SET event = ''",
        "TRUNCATE runs CASCADE",
        "DROP TABLE event_logs",
        "ALTER TABLE runs DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE public.mine (a text)",
        "INSERT INTO pathways.belongings VALUES ('linkage', 'asset', 'note_labels')",
        "SET ROLE dagster",
    ],
)
def test_nobody_deletes_or_changes_what_was_recorded_or_the_rules(runs, database, role, statement):
    with pytest.raises(Refused):
        database.connect(role).execute(statement)


@pytest.mark.parametrize("role", ZONES)
@pytest.mark.parametrize("table", ["instigators", "job_ticks", "bulk_actions", "daemon_heartbeats", "jobs"])
def test_a_zone_does_not_see_what_starts_runs(database, role, table):
    with pytest.raises(Refused):
        database.connect(role).execute(f"SELECT * FROM {table}")


def test_a_zone_does_not_see_where_sensors_are(runs, database):
    database.connect("daemon").execute("INSERT INTO kvs (key, value) VALUES ('cursor', '') ON CONFLICT DO NOTHING")
    cursor = database.connect("linkage")
    cursor.execute("SELECT * FROM kvs")
    assert cursor.fetchall() == []


def test_a_zone_takes_no_place_in_the_pool_of_another(runs, database):
    with pytest.raises(Refused):
        database.connect("linkage").execute("INSERT INTO concurrency_slots (concurrency_key) VALUES ('gpu')")


def test_governance_writes_nothing_and_its_cache_fails_silently(runs, database):
    cursor = database.connect("governance")
    cursor.execute("UPDATE asset_keys SET cached_status_data = 'other'")
    assert cursor.rowcount == 0
    for statement in ("INSERT INTO runs (run_id) VALUES ('new')", "UPDATE runs SET status = 'SUCCESS'"):
        with pytest.raises(Refused):
            cursor.execute(statement)


def test_alerts_reads_what_failed_in_every_zone_and_what_sensors_said_and_writes_nothing(runs, database):
    (found,) = failures(database.instance("alerts"), datetime.now(UTC) - timedelta(hours=1))
    assert found[1].run == runs["modelling"].run_id and "(modelling_assets) failed in analysis_frame" in found[1].text
    assert looked_at(database.instance("alerts")) == {}
    cursor = database.connect("alerts")
    for statement in ("INSERT INTO runs (run_id) VALUES ('new')", "UPDATE runs SET status = 'SUCCESS'"):
        with pytest.raises(Refused):
            cursor.execute(statement)


def test_a_role_is_let_in_with_its_own_password_only(database):
    for role, other in (("linkage", "nlp"), ("daemon", "linkage")):
        with pytest.raises(psycopg2.OperationalError):
            database.server.connect(role, database.passwords[other])


def test_rights_are_given_anew_as_often_as_one_likes(runs, database):
    database.give_rights()
    assert database.run("linkage").status == dg.DagsterRunStatus.SUCCESS


def write_passwords(folder, passwords: dict[str, str]) -> None:
    for role, password in passwords.items():
        (folder / f"{role}_database_password").write_text(f"{password}\n", encoding="utf-8")


def test_every_role_needs_a_password_of_its_own(tmp_path):
    right = {role: f"a long password of {role}" for role in PREPARE.ROLES}
    write_passwords(tmp_path, right)
    assert PREPARE.read_passwords(tmp_path) == right
    write_passwords(tmp_path, {"nlp": right["linkage"]})
    with pytest.raises(ValueError, match="two roles have the same password"):
        PREPARE.read_passwords(tmp_path)
    write_passwords(tmp_path, {"nlp": "short"})
    (tmp_path / "daemon_database_password").unlink()
    with pytest.raises(ValueError, match="into nlp_database_password, daemon_database_password"):
        PREPARE.read_passwords(tmp_path)
