"""The refresh of the justice zone: looks for the extracts, runs the zone in a process of its own, says what was made.

Belongs here: running it. Does not belong here: what the zone does (justice_assets), the refresh of the study, of which
it is no part (pathways/refresh).
"""

import sys
from pathlib import Path
from time import time

from contracts.extracts import JUSTICE_EXTRACTS
from contracts.zones import JUSTICE_SOURCES_FOLDER
from pathways.justice.compare_with_truth import compare_with_truth
from pathways.refresh.refresh import only_run, prepare_dagster_home, zone_environment
from pathways.refresh.stopped import RefreshStopped
from pathways.refresh.usable_extracts import require_same_extracts
from pathways.refresh.zone_order import JUSTICE
from resources.extracts.extract_place import extracts_of
from resources.extracts.files.extract_parts import hashes_under
from resources.operation.delivery import not_there
from resources.process.child_processes import run_child
from resources.process.data_root import REPOSITORY, data_root
from resources.settings.settings_of_run import settings_of_run


def refresh_justice(quarter: str) -> Path:
    """Make every table of the justice zone for a quarter. Returns the folder of its tables.

    Raises RefreshStopped where extracts are missing, change meanwhile or are refused, or the zone fails; what was
    computed is kept.
    """
    started, root = time(), data_root()
    sources, home = root / JUSTICE_SOURCES_FOLDER, prepare_dagster_home(root)
    with only_run(home, quarter, "pathways refresh --study justice", ("justice",)), settings_of_run(root / "settings"):
        if missing := not_there(sources, quarter, JUSTICE_EXTRACTS, besides=False):
            raise RefreshStopped(
                f"{len(missing)} of {len(JUSTICE_EXTRACTS)} extracts of {quarter} are not in "
                f"{extracts_of(sources, quarter)}: {', '.join(missing)}. Put them there, as .csv or .parquet."
            )
        files = hashes_under(extracts_of(sources, quarter))
        command = [sys.executable, "-m", "pathways.refresh.run_zone", JUSTICE, quarter]
        if run_child(command, REPOSITORY, zone_environment(root, home)).returncode != 0:
            raise RefreshStopped  # the zone has said why
        require_same_extracts(sources, quarter, files)
    folder = root / "justice" / quarter
    compare_with_truth(root, quarter)
    print(f"\nDone in {time() - started:.0f} s. The tables are in {folder}", flush=True)
    print(f"The report for the user panel is {folder / 'report' / 'panel_report.html'}", flush=True)
    print(f"How good the links are: {folder / 'quality' / 'linkage_quality.html'}", flush=True)
    print(f"The lookups that are released, with their catalogue, are in {folder / 'release'}", flush=True)
    return folder
