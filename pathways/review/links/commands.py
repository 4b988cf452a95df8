"""`pathways review links ...`: one command per step of a review of justice links. No logic here."""

from typing import Annotated

import typer

from pathways.review.shared.commands import (
    FalseRate,
    Listen,
    MissRate,
    Port,
    Reviewer,
    Reviewers,
    Simulated,
    Stops,
    settings_of,
)
from pathways.webserver.door import LOOPBACK
from resources.process.data_root import data_root
from resources.settings.justice_settings import Justice

HELP = """Clerical review of pairs of justice records by people, on this machine.

In this order: sample, serve and sign (each reviewer), evaluate; the next refresh of the justice records shows what was
found on the page on the quality of their links.
"""
app = typer.Typer(no_args_is_help=True, help=HELP)

Quarter = Annotated[str, typer.Option(help="Quarter whose justice links are reviewed.")]


def _settings(quarter: str) -> Justice:
    return settings_of(quarter).justice


def _folder(quarter: str, simulated: bool = False):
    from pathways.review.links.folder import LinksFolder

    return LinksFolder(data_root(), quarter, simulated)


@app.command()
def sample(quarter: Quarter = "2023Q1") -> None:
    """Draw the pairs to review, in bands of match weight around the three thresholds."""
    from pathways.review.links.draw import draw_sample

    settings = _settings(quarter)
    with Stops():
        receipt = draw_sample(_folder(quarter), settings)
        print(f"The sample has {receipt['pairs']:,} pairs. Review them: `pathways review links serve`.")


@app.command()
def serve(reviewer: Reviewer, quarter: Quarter = "2023Q1", port: Port = 0, listen: Listen = LOOPBACK) -> None:
    """Open the review page of one reviewer on this machine; it goes on where the reviewer stopped."""
    from pathways.review.shared.pairs_session import ReviewSession
    from pathways.review.shared.server import serve as run

    settings, folder = _settings(quarter), _folder(quarter)
    with Stops():
        run(ReviewSession(folder, folder.stage(), reviewer, settings.review.seed), port, listen)


@app.command()
def sign(reviewer: Reviewer, quarter: Quarter = "2023Q1") -> None:
    """Close a reviewer's decisions into a dated, signed file."""
    from pathways.review.shared.signing import sign as close

    _settings(quarter)
    folder = _folder(quarter)
    with Stops():
        print(f"Signed: {close(folder, folder.stage(), reviewer)}")


@app.command()
def evaluate(quarter: Quarter = "2023Q1", simulated: Simulated = False) -> None:
    """Make findings from signed decisions: precision at each threshold, what is missed below, agreement."""
    from pathways.review.links.evaluate import evaluate as make

    settings, folder = _settings(quarter), _folder(quarter, simulated)
    with Stops():
        _show(make(folder, settings))


@app.command()
def simulate(
    quarter: Quarter = "2023Q1", reviewers: Reviewers = 2, miss_rate: MissRate = 0.01, false_rate: FalseRate = 0.01
) -> None:
    """Play reviewers with stated error rates from the truth of synthetic extracts; refused on any other."""
    from pathways.review.links.simulate import simulate as play
    from pathways.review.shared.simulated_pairs import Played

    settings = _settings(quarter)
    with Stops():
        _show(play(data_root(), quarter, settings, Played(reviewers, miss_rate, false_rate))[1])


def _show(findings: dict) -> None:
    from pathways.review.links.evaluate import summary_lines

    print("\n".join(summary_lines(findings)))
