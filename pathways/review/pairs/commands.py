"""`pathways review ...`: one command per step of a clerical review. No logic here."""

from datetime import date
from pathlib import Path
from typing import Annotated

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
from resources.settings.study_settings import SETTINGS_FILE, Linkage

HELP = """Clerical review of pairs by people, on this machine (methodology 2.5.3).

In this order: sample, serve and sign (each reviewer), evaluate; then sample --second, serve, sign, evaluate;
then adopt.
"""
app = typer.Typer(no_args_is_help=False, help=HELP)


def _settings(quarter: str) -> Linkage:
    return settings_of(quarter).linkage


def _folder(quarter: str, simulated: bool = False):
    from pathways.review.pairs.folder import PairsFolder

    return PairsFolder(data_root(), quarter, simulated)


def _session(quarter: str, reviewer: str):
    from pathways.review.shared.pairs_session import ReviewSession

    folder = _folder(quarter)
    return ReviewSession(folder, folder.stage(), reviewer, _settings(quarter).review.seed)


@app.callback(invoke_without_command=True)
def review(
    context: typer.Context,
    simulated: Annotated[bool, typer.Option("--simulate", help="The same as `review simulate`.")] = False,
    quarter: Quarter = "2023Q1",
    reviewers: Reviewers = 2,
    miss_rate: MissRate = 0.01,
    false_rate: FalseRate = 0.01,
) -> None:
    """Clerical review of pairs by people, on this machine (methodology 2.5.3)."""
    if context.invoked_subcommand is None:
        if simulated:
            simulate(quarter, reviewers, miss_rate, false_rate)
        else:
            print(context.get_help())


@app.command()
def sample(
    quarter: Quarter = "2023Q1",
    second: Annotated[
        bool, typer.Option("--second", help="Near the first disagreement, after the first is signed.")
    ] = False,
) -> None:
    """Draw the pairs to review: over the whole range of weights, or with --second near the first disagreement."""
    from pathways.review.pairs.draw import draw_first_sample
    from pathways.review.pairs.evaluate import sample_near_disagreement

    settings, folder = _settings(quarter), _folder(quarter)
    with Stops():
        receipt = sample_near_disagreement(folder, settings) if second else draw_first_sample(folder, settings.review)
        print(f"The {receipt['stage']} sample has {receipt['pairs']:,} pairs. Review them: `pathways review serve`.")


add_serve_and_sign(app, _folder, _session)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="Signed file, of a review of pairs or of notes.")],
    key: Annotated[Path, typer.Option(help="Public key of the reviewer, such as review_keys/asha.pub.")],
) -> None:
    """Say whether a signed file is as its reviewer signed it. Needs no secret, and nothing else of the review."""
    from pathways.review.shared.signing import verified_lines

    with Stops():
        print("\n".join(verified_lines(file, key)))


@app.command()
def evaluate(quarter: Quarter = "2023Q1", simulated: Simulated = False) -> None:
    """Make findings from signed decisions: precision, recall, agreement, thresholds."""
    from pathways.review.pairs.evaluate import evaluate as make

    settings, folder = _settings(quarter), _folder(quarter, simulated)
    with Stops():
        _show(make(folder, settings), folder)


@app.command()
def adopt(
    by: Annotated[str, typer.Option(help="Who decides; recorded in study.toml.")],
    quarter: Quarter = "2023Q1",
    threshold: Annotated[float | None, typer.Option(help="Another of the findings' thresholds.")] = None,
    simulated: Simulated = False,
    settings_file: Annotated[Path, typer.Option("--settings", help="File to write.")] = SETTINGS_FILE,
) -> None:
    """Write a threshold of the findings into study.toml, with who decided, when and on what evidence."""
    from pathways.review.pairs.adopt import adopt as record

    _settings(quarter)
    with Stops():
        chosen = record(_folder(quarter, simulated), settings_file, by, date.today(), threshold)
        print(f"linkage.threshold is {chosen} in {settings_file}. Commit it; the next refresh links by it.")


@app.command()
def simulate(
    quarter: Quarter = "2023Q1", reviewers: Reviewers = 2, miss_rate: MissRate = 0.01, false_rate: FalseRate = 0.01
) -> None:
    """Play reviewers with stated error rates from the truth of synthetic extracts; refused on any other."""
    from pathways.review.pairs.simulate import simulate as play

    settings = _settings(quarter)
    with Stops():
        folder, findings = play(data_root(), quarter, settings, reviewers, miss_rate, false_rate)
        _show(findings, folder)


def _show(findings: dict, folder) -> None:
    from pathways.review.pairs.report import summary_lines

    for line in summary_lines(findings):
        print(line)
    print(f"  {folder.findings.with_suffix('.html')}")
