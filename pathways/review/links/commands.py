"""`pathways review links ...`: one command per step of a review of justice links. No logic here."""

import typer

from pathways.review.shared.commands import (
    FalseRate,
    MissRate,
    Quarter,
    Reviewers,
    Simulated,
    Stops,
    add_serve_and_sign,
    settings_of,
)
from resources.process.data_root import data_root
from resources.settings.justice_settings import Justice

HELP = """Clerical review of pairs of justice records by people, on this machine.

In this order: sample, serve and sign (each reviewer), evaluate; the next refresh of the justice records shows what was
found on the page on the quality of their links.
"""
app = typer.Typer(no_args_is_help=True, help=HELP)


def _settings(quarter: str) -> Justice:
    return settings_of(quarter).justice


def _folder(quarter: str, simulated: bool = False):
    from pathways.review.links.folder import LinksFolder

    return LinksFolder(data_root(), quarter, simulated)


def _session(quarter: str, reviewer: str):
    from pathways.review.shared.pairs_session import ReviewSession

    folder = _folder(quarter)
    return ReviewSession(folder, folder.stage(), reviewer, _settings(quarter).review.seed)


@app.command()
def sample(quarter: Quarter = "2023Q1") -> None:
    """Draw the pairs to review, in bands of match weight around the three thresholds."""
    from pathways.review.links.draw import draw_sample

    settings = _settings(quarter)
    with Stops():
        receipt = draw_sample(_folder(quarter), settings)
        print(f"The sample has {receipt['pairs']:,} pairs. Review them: `pathways review links serve`.")


add_serve_and_sign(app, _folder, _session)


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
