"""`pathways review-notes ...`: one command per step of a review of notes. No logic here."""

from typing import Annotated

import typer

from pathways.review.shared.commands import Quarter, Reviewers, Stops, add_serve_and_sign, settings_of
from resources.process.data_root import data_root
from resources.settings.study_settings import NotesReview

HELP = """Review of contact notes by people, blind to the model, on this machine (report 1.3.2).

In this order: sample, serve and sign (each reviewer), evaluate; the next refresh measures the labels on what was
signed.
"""
app = typer.Typer(no_args_is_help=True, help=HELP)

Rate = Annotated[float, typer.Option(min=0, max=1)]


def _settings(quarter: str) -> NotesReview:
    return settings_of(quarter).notes.review


def _folder(quarter: str):
    from pathways.review.notes.folder import NotesFolder

    return NotesFolder(data_root(), quarter)


def _session(quarter: str, reviewer: str):
    from pathways.review.notes.session import NotesSession

    folder = _folder(quarter)
    folder.stage()
    return NotesSession(folder, reviewer, _settings(quarter))


@app.command()
def sample(quarter: Quarter = "2023Q1") -> None:
    """Draw the requirements whose notes are reviewed, at random from those with a keyword note."""
    from pathways.review.notes.draw import draw_sample

    settings = _settings(quarter)
    with Stops():
        receipt = draw_sample(_folder(quarter), settings)
        print(
            f"The sample has {receipt['requirements']:,} requirements with {receipt['notes']:,} notes. Review them: "
            "`pathways review-notes serve`."
        )


add_serve_and_sign(app, _folder, _session)


@app.command()
def evaluate(quarter: Quarter = "2023Q1") -> None:
    """Make the table of reviewed cases from signed decisions; the next refresh measures the labels on it."""
    from pathways.review.notes.evaluate import evaluate as make

    _settings(quarter)
    with Stops():
        _show(make(_folder(quarter)), "people")


@app.command()
def simulate(
    quarter: Quarter = "2023Q1",
    reviewers: Reviewers = 2,
    miss_rate: Rate = 0.01,
    false_rate: Rate = 0.01,
    unsure_rate: Rate = 0.01,
) -> None:
    """Play reviewers with stated error rates from the truth of synthetic extracts; refused on any other."""
    from pathways.review.notes.simulate import ErrorRates
    from pathways.review.notes.simulate import simulate as play

    settings = _settings(quarter)
    with Stops():
        rates = ErrorRates(miss_rate, false_rate, unsure_rate)
        _show(play(data_root(), quarter, settings, reviewers, rates)[1], "SIMULATED reviewers of SYNTHETIC notes")


def _show(counts: dict[str, int], who: str) -> None:
    words = ", ".join(f"{name} {number:,}" for name, number in counts.items())
    print(f"Reviewed cases, by {who}: {words}. `pathways refresh` measures the labels on them.")
