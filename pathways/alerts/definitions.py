"""Alerts: a code location that reads Dagster's records of all others and tells people. It sees no data of any zone.

Belongs here: the sensor, and its cursor. A failure sensor of Dagster's own forgets what could not be sent; here the
cursor stays where the last alert went out. Each look ends with the heartbeat: when looking, sending or the daemon
fails, whoever listens for it hears nothing, and that is the alarm.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from pathways.alerts.send import READERS, SENDER, SERVER, WEBHOOK, Addresses, NotSent
from pathways.alerts.what_happened import Alert, failures, looked_at

SECONDS_BETWEEN_LOOKS = 60
NOBODY = f"Nobody is told: set {WEBHOOK}, or {SERVER}, {SENDER} and {READERS} (docs/deployment.md)."


class Told:
    """What has been told: failures up to a time, and of each sensor what its last look called for, by subject: an
    extract of a late quarter that has come, or a table that was made since, is no news.
    """

    def __init__(self, cursor: str | None, now: datetime):
        kept = json.loads(cursor) if cursor else {}
        self.until = datetime.fromisoformat(kept.get("until", now.isoformat()))
        self.looks: dict[str, list[str]] = kept.get("looks", {})

    def cursor(self) -> str:
        """As Dagster keeps it."""
        return json.dumps({"until": self.until.isoformat(), "looks": self.looks})

    def new(self, instance: dg.DagsterInstance) -> Iterator[Alert]:
        """What is to be told. Each counts as told when the next one is asked for."""
        for time, alert in failures(instance, self.until):
            yield alert
            self.until = max(self.until, time if time.tzinfo else time.replace(tzinfo=UTC))
        for sensor, alerts in looked_at(instance).items():
            still = {alert.subject for alert in alerts}
            self.looks[sensor] = [subject for subject in self.looks.get(sensor, []) if subject in still]
            for alert in alerts:
                if alert.subject not in self.looks[sensor]:
                    yield alert
                    self.looks[sensor].append(alert.subject)


def look(instance: dg.DagsterInstance, addresses: Addresses, cursor: str | None, now: datetime) -> tuple[str, str]:
    """Tell what is new since `cursor`. Returns what to show, and the cursor of what was told."""
    told, sent, failed = Told(cursor, now), 0, []
    try:
        for alert in told.new(instance):
            if addresses.ways:
                failed += addresses.tell(alert)
                sent += 1
        if not failed:
            addresses.beat()
    except NotSent as error:
        return str(error), told.cursor()
    if failed:
        return f"{sent} alerts sent, but not by every way: {', '.join(sorted(set(failed)))}.", told.cursor()
    return (f"{sent} alerts sent." if addresses.ways else NOBODY), told.cursor()


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells of runs that failed, of quarters that are late and of sensors that cannot look, by webhook and "
    "e-mail, without a value; and calls the heartbeat.",
)
def alerts(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Tells what is new since the last look."""
    try:
        addresses = Addresses.of(os.environ)
    except NotSent as error:
        return dg.SensorResult(skip_reason=str(error), cursor=context.cursor)
    said, cursor = look(context.instance, addresses, context.cursor, datetime.now(UTC))
    return dg.SensorResult(skip_reason=said, cursor=cursor)


defs = dg.Definitions(sensors=[alerts])
