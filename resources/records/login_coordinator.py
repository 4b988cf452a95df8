"""Who launched a run, as the login proxy in front of the webserver says: written into the run when it is submitted.

Belongs here: reading the header. Does not belong here: the words for it (launched_by.py), who is let in (the proxy).

The proxy must set the header itself and pass on none that a browser sent. Which header it is, PATHWAYS_LOGIN_HEADER of
the webserver says: without that no header is believed. A tag of that name which a launch brings is taken off. What the
daemon submits comes from no request: a run that it starts again keeps its name, and the runs of a backfill have the
name that the webserver wrote into the backfill (pathways/webserver/login_workspace.py).
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

from dagster._core.run_coordinator.base import SubmitRunContext
from dagster._core.run_coordinator.queued_run_coordinator import QueuedRunCoordinator
from dagster._core.storage.dagster_run import DagsterRun
from typing_extensions import override

from resources.process.user_name import user_name
from resources.records.launched_by import BACKFILL, BACKFILL_BEFORE, LAUNCHED_BY, SENSOR

HEADER = "PATHWAYS_LOGIN_HEADER"
LONGEST_NAME = 100
NOT_NAMED = "somebody in the UI, whom the login proxy does not name"
NOBODY_SAYS = "a backfill, of which Dagster does not say by whom"
AGAIN = ", whose backfill was launched again: Dagster does not say by whom"


class LoginCoordinator(QueuedRunCoordinator[Any]):
    """Queues runs as Dagster does, each with a tag that says who launched it."""

    @override
    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        """Write down who launched the run, and queue it."""
        run = context.dagster_run
        is_asked = getattr(context.workspace, "source", None) is not None
        who = who_asks(context.get_request_header) if is_asked else _whom_the_daemon_runs_for(run.tags)
        self._instance.add_run_tags(run.run_id, {LAUNCHED_BY: who})
        return super().submit_run(context)


def who_asks(header_of: Callable[[str], str | None]) -> str:
    """Who sent a request with these headers, in words."""
    header = os.environ.get(HEADER, "")
    if not header:
        return f"{user_name()}, in the UI of this machine" if _is_local() else NOT_NAMED
    name = " ".join((header_of(header) or "").split())
    return name[:LONGEST_NAME] if name and name.isprintable() else NOT_NAMED


def _whom_the_daemon_runs_for(tags: Mapping[str, str]) -> str:
    if SENSOR in tags:
        return f"sensor {tags[SENSOR]}"
    name = tags.get(LAUNCHED_BY, NOBODY_SAYS if BACKFILL in tags else "Dagster's daemon")
    return f"{name.removesuffix(AGAIN)}{AGAIN}" if BACKFILL_BEFORE in tags else name


def _is_local() -> bool:
    """Whether Dagster runs for one user on this machine (`pathways ui`), who is then the only one let in."""
    return os.environ.get("PATHWAYS_UI_HOSTS") is None
