"""Alerts: whom they reach, what they say, and that none is lost or said twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import dagster as dg
import pytest
from dagster._core.scheduler.instigation import TickStatus
from dagster._core.storage.tags import WILL_RETRY_TAG

from pathways.alerts.definitions import NOBODY, look
from pathways.alerts.send import Addresses, NotSent
from pathways.alerts.what_happened import Alert
from resources.operation.sensor_words import NOTHING_LATE, WATCHES
from tests.alert_receivers import MailServer, Webhook

SECRET = "X320741"
QUARTER = "2023Q1"
LATE = "2023Q1: late since 20 April 2023: ndtms/cjit (1 of 18 extracts)."
quarters = dg.StaticPartitionsDefinition([QUARTER])


@dg.asset(partitions_def=quarters)
def breaks() -> None:
    raise ValueError(SECRET)


@dg.asset(partitions_def=quarters)
def drifts() -> None:
    """A table that a check refuses."""


@dg.asset_check(asset=drifts, blocking=True)
def quarter_resembles_training() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, metadata={"value": SECRET})


@pytest.fixture
def instance(tmp_path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook().open() as opened:
        yield opened


def run(instance: dg.DagsterInstance, name: str) -> None:
    definitions = dg.Definitions([breaks, drifts], asset_checks=[quarter_resembles_training])
    job = definitions.resolve_implicit_global_asset_job_def().get_subset(asset_selection={dg.AssetKey(name)})
    job.execute_in_process(instance=instance, partition_key=QUARTER, raise_on_error=False)


def before() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


def sensor_says(monkeypatch, instance, said: str, status: TickStatus = TickStatus.SKIPPED) -> None:
    state = SimpleNamespace(instigator_name=f"{WATCHES}extracts", instigator_origin_id="", selector_id="")
    tick = SimpleNamespace(status=status, skip_reason=said)
    monkeypatch.setattr(instance, "all_instigator_state", lambda **_: [state])
    monkeypatch.setattr(instance, "get_ticks", lambda *_, **__: [tick])


def test_a_run_that_fails_is_told_once_with_names_and_without_the_message_of_its_error(instance, hook):
    run(instance, "breaks")
    addresses = Addresses(webhook=hook.address, heartbeat=f"{hook.address}/beat")
    said, cursor = look(instance, addresses, None, before())
    look(instance, addresses, cursor, before())
    (alert,) = hook.alerts
    assert said == "1 alerts sent." and hook.beats == 2
    assert (alert["kind"], alert["quarter"], alert["from"]) == ("failed", QUARTER, "pathways")
    assert "failed in breaks" in alert["text"] and SECRET not in str(alert)


def unfinished(instance: dg.DagsterInstance) -> dg.DagsterRun:
    job = dg.Definitions([breaks]).resolve_implicit_global_asset_job_def()
    return instance.create_run_for_job(job, tags={"dagster/partition": QUARTER}, status=dg.DagsterRunStatus.STARTED)


@pytest.mark.parametrize("process_spoke_last", [True, False])
def test_a_run_that_took_too_long_is_told_once_whether_dagster_lists_it_as_canceled_or_as_failed_and_tried_again(
    instance, hook, process_spoke_last
):
    hung = unfinished(instance)
    instance.report_run_canceling(hung, message="Canceling due to exceeding maximum runtime of 86400 seconds.")
    ends = [instance.report_run_failed, instance.report_run_canceled]
    for end in ends if process_spoke_last else reversed(ends):
        end(hung)
    instance.add_run_tags(hung.run_id, {WILL_RETRY_TAG: "true"})
    _, cursor = look(instance, Addresses(webhook=hook.address), None, before())
    look(instance, Addresses(webhook=hook.address), cursor, before())
    (alert,) = hook.alerts
    assert alert["quarter"] == QUARTER and "took longer than a run may" in alert["text"]


def test_a_run_that_somebody_ended_and_one_that_is_run_again_are_told_to_nobody(instance, hook):
    ended, again = unfinished(instance), unfinished(instance)
    instance.report_run_canceling(ended)
    instance.report_run_canceled(ended)
    instance.report_run_failed(again)
    instance.add_run_tags(again.run_id, {WILL_RETRY_TAG: "true"})
    look(instance, Addresses(webhook=hook.address), None, before())
    assert hook.alerts == []
    instance.add_run_tags(again.run_id, {WILL_RETRY_TAG: "false"})
    look(instance, Addresses(webhook=hook.address), None, before())
    assert [alert["run"] for alert in hook.alerts] == [again.run_id]


def test_what_a_check_refuses_is_told_with_the_command_that_says_what_was_found_and_no_value(instance, hook):
    run(instance, "drifts")
    look(instance, Addresses(webhook=hook.address), None, before())
    (alert,) = hook.alerts
    assert alert["kind"] == "refused" and SECRET not in str(alert)
    assert "quarter_resembles_training of drifts" in alert["text"]
    assert f"pathways accept --quarter {QUARTER}" in alert["text"]


def test_an_alert_that_could_not_be_sent_is_sent_later_and_until_then_there_is_no_heartbeat(instance, hook):
    run(instance, "breaks")
    addresses = Addresses(webhook=f"{hook.address}/token-7", heartbeat=f"{hook.address}/beat")
    hook.status = 503
    said, cursor = look(instance, addresses, None, before())
    assert "could not be sent" in said and "token-7" not in said and hook.beats == 0
    hook.status = 200
    look(instance, addresses, cursor, before())
    assert len(hook.alerts) == 1 and hook.beats == 1


def test_what_is_late_is_told_by_e_mail_once_and_again_when_it_was_not_between(instance, monkeypatch):
    with MailServer().open() as mail:
        addresses = Addresses(server=mail.address, sender="pathways@example.org", readers=("a@example.org",))
        cursor = None
        for said in (NOTHING_LATE, LATE, LATE, NOTHING_LATE, LATE):
            sensor_says(monkeypatch, instance, said)
            _, cursor = look(instance, addresses, cursor, before())
    assert len(mail.messages) == 2
    assert "Subject: Pathways: extracts of 2023Q1 late" in mail.messages[0] and "ndtms/cjit" in mail.messages[0]
    assert "To: a@example.org" in mail.messages[0]


def test_of_a_quarter_that_is_late_nothing_more_is_told_while_the_rest_of_it_comes(instance, hook, monkeypatch):
    late = (f"{QUARTER}: late since 20 April 2023: {what}." for what in ("ndtms/cjit, courts/case", "courts/case"))
    cursor = None
    for said in (*late, f"{LATE}\n2023Q2: late since 20 July 2023: ndtms/cjit (1 of 18 extracts)."):
        sensor_says(monkeypatch, instance, said)
        _, cursor = look(instance, Addresses(webhook=hook.address), cursor, before())
    assert [(alert["kind"], alert["quarter"]) for alert in hook.alerts] == [("late", QUARTER), ("late", "2023Q2")]
    assert "ndtms/cjit, courts/case" in hook.alerts[0]["text"] and QUARTER not in hook.alerts[1]["text"]


def test_a_sensor_that_cannot_look_is_told(instance, hook, monkeypatch):
    sensor_says(monkeypatch, instance, "", TickStatus.FAILURE)
    look(instance, Addresses(webhook=hook.address), None, before())
    assert [alert["kind"] for alert in hook.alerts] == ["blind"]


def test_one_way_that_fails_does_not_keep_the_other_from_being_used_nor_have_it_used_twice(instance, hook):
    run(instance, "breaks")
    closed = "smtp://127.0.0.1:1"
    addresses = Addresses(hook.address, f"{hook.address}/beat", closed, "a@example.org", ("b@example.org",))
    said, cursor = look(instance, addresses, None, before())
    look(instance, addresses, cursor, before())
    assert "PATHWAYS_ALERT_SMTP: ConnectionRefusedError" in said
    assert len(hook.alerts) == 1 and hook.beats == 1


def test_without_an_address_nobody_is_told_and_nothing_is_told_later_of_what_was_before(instance, hook):
    run(instance, "breaks")
    said, cursor = look(instance, Addresses(), None, before())
    assert said == NOBODY
    look(instance, Addresses(webhook=hook.address), cursor, before())
    assert hook.alerts == []


@pytest.mark.parametrize(
    "environment",
    [
        {"PATHWAYS_ALERT_WEBHOOK": "http://alerts.example.org/token-7"},
        {"PATHWAYS_HEARTBEAT_URL": "file:///etc/passwd"},
        {"PATHWAYS_ALERT_SMTP": "smtp://mail.example.org"},
        {"PATHWAYS_ALERT_SMTP": "mail", "PATHWAYS_ALERT_FROM": "a@example.org", "PATHWAYS_ALERT_TO": "b@example.org"},
    ],
)
def test_an_address_in_plain_text_of_another_machine_or_half_given_is_refused_without_being_shown(environment):
    with pytest.raises(NotSent) as refused:
        Addresses.of(environment)
    assert not any(value in str(refused.value) for value in environment.values())


def test_a_password_is_sent_to_no_mail_server_in_plain_text():
    with MailServer().open() as mail:
        server = mail.address.replace("//", "//pathways@")
        addresses = Addresses(server=server, sender="a@example.org", readers=("b@example.org",), password=SECRET)
        with pytest.raises(NotSent):
            addresses.tell(Alert("late", "late", "late"))
    assert mail.messages == []
