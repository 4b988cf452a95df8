"""Who launched a run, as the login proxy in front of the webserver says: written into the run when it is submitted.

Belongs here: reading the header. Does not belong here: the words for it (launched_by.py), who is let in (the proxy).

The proxy must set the header itself and pass on none that a browser sent. Which header it is, PATHWAYS_LOGIN_HEADER of
the webserver says: without that no header is believed. A tag of that name which a launch brings is taken off. What the
daemon submits comes from no request: a run that it starts again keeps its name, and of a backfill nobody can say.
"""

import os
from typing import Any

from dagster._core.run_coordinator.base import SubmitRunContext
from dagster._core.run_coordinator.queued_run_coordinator import QueuedRunCoordinator
from dagster._core.storage.dagster_run import DagsterRun
from typing_extensions import override

from resources.process.user_name import user_name
from resources.records.launched_by import BACKFILL, LAUNCHED_BY, SENSOR

HEADER = "PATHWAYS_LOGIN_HEADER"
LONGEST_NAME = 100
NOT_NAMED = "somebody in the UI, whom the login proxy does not name"


class LoginCoordinator(QueuedRunCoordinator[Any]):
    """Queues runs as Dagster does, each with a tag that says who launched it."""

    @override
    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        """Write down who launched the run, and queue it."""
        run = context.dagster_run
        self._instance.add_run_tags(run.run_id, {LAUNCHED_BY: _who(context)})
        return super().submit_run(context)


def _who(context: SubmitRunContext) -> str:
    tags = context.dagster_run.tags
    if SENSOR in tags:
        return f"sensor {tags[SENSOR]}"
    if BACKFILL in tags:
        return "a backfill, of which Dagster does not say by whom"
    if getattr(context.workspace, "source", None) is None:  # no request: the daemon runs something again
        return tags.get(LAUNCHED_BY, "Dagster's daemon")
    header = os.environ.get(HEADER, "")
    if not header:
        return f"{user_name()}, in the UI of this machine" if _is_local() else NOT_NAMED
    name = " ".join((context.get_request_header(header) or "").split())
    return name[:LONGEST_NAME] if name and name.isprintable() else NOT_NAMED


def _is_local() -> bool:
    """Whether Dagster runs for one user on this machine (`pathways ui`), who is then the only one let in."""
    return os.environ.get("PATHWAYS_UI_HOSTS") is None
