"""Who launched a run: the person whom the login proxy names, the sensor that started it, or the user of a command.

Belongs here: the tags of a run that say so, in words. Does not belong here: reading the proxy's header
(login_coordinator.py).
"""

from collections.abc import Mapping

from resources.process.user_name import user_name

LAUNCHED_BY = "pathways/launched_by"  # tag of a run: who launched it, as the login proxy or the command says
SENSOR, BACKFILL, BACKFILL_BEFORE = "dagster/sensor_name", "dagster/backfill", "dagster/parent_backfill_id"


def launched_by(tags: Mapping[str, str]) -> str:
    """Who launched a run with these tags, in words."""
    return tags.get(LAUNCHED_BY) or f"not said; run as {user_name()}"
