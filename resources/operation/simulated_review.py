"""A job that has simulated reviewers judge a sample of a synthetic quarter, for whoever works in Dagster's pages.

Belongs here: the job, and refusing extracts that are not synthetic before anything is drawn. Does not belong here: the
review, which `pathways review simulate` and `pathways review-notes simulate` play, each in a process of its own; what
is made of its findings, which starts by itself as they change (starts.py).

No sensor and no schedule starts it: whoever wants a review played asks for it, as with the commands.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any, cast

import dagster as dg

from resources.extracts.extract_declaration import Extract
from resources.extracts.extract_place import extracts_of
from resources.extracts.synthetic_mark import synthetic_mark
from resources.process.child_processes import run_child
from resources.process.data_root import REPOSITORY, data_root
from resources.process.shield import shielded
from resources.zone.dagster_partitions import quarters


class ReviewNotPlayed(Exception):
    """Reviewers were not simulated; says why, and what to do."""


def simulated_review(name: str, extracts: Sequence[Extract], commands: str, people: str) -> dg.JobDefinition:
    """The job `name`, for one quarter. `extracts`: of the zone; `commands`: module and command of its command line that
    people's reviews have, such as "pathways.zone_commands.linkage review". `people`: what people type instead.
    """

    # The zone's store is asked for its lock of the quarter: nothing is made of the tables while they are sampled.
    @dg.op(
        name=f"{name}_is_played",
        out=dg.Out(cast("Any", dg.Nothing)),
        required_resource_keys={"io_manager"},
        config_schema={},
    )
    @shielded
    def play(context: dg.OpExecutionContext) -> None:
        quarter, root = context.partition_key, data_root()
        if synthetic_mark(extracts_of(root, quarter), extracts) is None:
            raise ReviewNotPlayed(
                f"The extracts of {quarter} are not synthetic, so nobody knows the answers. People review them: "
                f"`{people} --quarter {quarter}`."
            )
        module, command = commands.split()
        words = [sys.executable, "-m", module, command, "simulate", "--quarter", quarter]
        if run_child(words, REPOSITORY, {**os.environ, "PATHWAYS_VAR": str(root)}).returncode != 0:
            raise ReviewNotPlayed(
                f"No review of {quarter} was played. This step's log says why, under stderr: as a rule, the quarter "
                "has to be refreshed first."
            )

    @dg.job(  # pyright: ignore[reportUnknownMemberType]
        name=name,
        partitions_def=quarters,
        description="Plays two reviewers with stated error rates from the truth of SYNTHETIC extracts, once the "
        f"quarter is refreshed; refused on any other. What people do instead: {people}.",
    )
    def job() -> None:
        play()

    return job
