"""The options of `pathways accept`. Does not belong here: recording a decision (accept.py)."""

from datetime import date
from typing import Annotated

import typer

from pathways.command_line import Quarter, known, stop
from resources.process.data_root import data_root


def accept(
    quarter: Quarter = "2023Q1",
    check: Annotated[str, typer.Option(help="The check that refuses; without it, what is refused is listed.")] = "",
    measure: Annotated[str, typer.Option(help="The measure, as the refresh named it.")] = "",
    by: Annotated[str, typer.Option(help="Who decides. Shown in the linkage quality report.")] = "",
    reason: Annotated[str, typer.Option(help="Why. Shown in the linkage quality report: name nobody.")] = "",
) -> None:
    """Record that a quarter may go on although a drift or quality gate refused it: that measure, that value only."""
    from pathways.accept import NotAccepted, how_to_go_on, refused_lines
    from pathways.accept import accept as record
    from resources.zone.gates import DecisionsNotReadable

    root = data_root()
    if not check:
        print("\n".join(refused_lines(root, known(quarter))))
        return
    try:
        decision = record(root, known(quarter), check, measure, by, reason, date.today())
    except (NotAccepted, DecisionsNotReadable, OSError) as error:
        stop(str(error))
    else:
        to_go_on = how_to_go_on(root, quarter, check, decision.measure)
        print(f"Recorded: {decision.measure} of {quarter} is accepted by {decision.by}. {to_go_on}")
