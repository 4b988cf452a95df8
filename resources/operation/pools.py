"""The limit of the pool of runs that read notes by a served model, from the first run on.

Belongs here: writing it down. Does not belong here: the limit (dagster.yaml), tables of the pool (nlp_assets).
"""

from dagster import DagsterInstance

SERVED_MODEL = "gpu"


def hold_pool(instance: DagsterInstance) -> None:
    """Have the pool's limit hold before its first run.

    Dagster writes a pool's default limit down when a run of it first waits, and lets begin all that wait at that time.
    """
    instance.event_log_storage.initialize_concurrency_limit_to_default(SERVED_MODEL)
