"""Dagster's workspace as the webserver has it, which writes into a backfill who launched it.

Does not belong here: who that is (resources/records/login_coordinator.py), runs that are launched one by one (there).

The daemon submits the runs of a backfill, long after the request and without its headers. The tags that Dagster asks a
request for are put over those that a browser sent, and each run of the backfill has them.
"""

from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext
from typing_extensions import override

from resources.records.launched_by import LAUNCHED_BY
from resources.records.login_coordinator import who_asks


class LoginRequest(WorkspaceRequestContext):
    """A request that knows who sent it."""

    @override
    def get_viewer_tags(self) -> dict[str, str]:
        """Tags of what this request launches later."""
        headers = getattr(self.source, "headers", {})
        return {LAUNCHED_BY: who_asks(headers.get)}


class LoginWorkspace(WorkspaceProcessContext):
    """The workspace, whose requests know who sent them."""

    @override
    def create_request_context(self, source: object | None = None) -> WorkspaceRequestContext:
        """The context of one request."""
        return LoginRequest(
            instance=self.instance,
            current_workspace=self.get_current_workspace(),
            process_context=self,
            version=self.version,
            source=source,
            read_only=self.read_only,
        )
