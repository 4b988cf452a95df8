"""Which test files begin first: those that take longest, so that no worker is left with one when the others have ended.

Where files are given to pytest in that order by name, it leaves them out beside the folder that they are in.
"""

from collections.abc import Sequence

import pytest

# The first makes the small quarter, which the next three do not need. Of these the third waits more than it computes,
# and leaves its core to others.
LONGEST = (
    "flow/test_two_quarters_in_a_row.py",
    "faults/test_labelling_survives_kills.py",
    "flow/test_a_quarter_runs_by_itself.py",
    "faults/test_the_daemon_keeps_its_limits.py",
    "faults/test_refresh_survives_a_kill.py",
    "faults/test_commands_end_in_order.py",
    "flow/test_encoder_reads_alike_here_and_served.py",
    "flow/test_fixture_reads_the_quarter.py",
    "flow/test_documents_are_accessible.py",
    "unit/linkage_assets/links/test_spark_cluster.py",
    "flow/test_justice_two_releases.py",
)


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Tests in the order that they have, but those of the files named above before all others."""
    return sorted(items, key=_place)


def _place(item: pytest.Item) -> int:
    file = item.path.as_posix()
    return next((place for place, name in enumerate(LONGEST) if file.endswith(f"/tests/{name}")), len(LONGEST))
