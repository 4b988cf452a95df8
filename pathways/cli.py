"""The command line. Each command calls one function of this package; no logic here.

A command loads what it needs when it is called: `pathways --help` is not to wait for polars.
"""

import os
import socket
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from nlp_assets.steps.labels.note_engine import ENGINE_NAMES
from pathways.accept_command import accept
from pathways.bench.command import HELP, linkage
from pathways.bench.labels.labels_command import HELP as LABELS_HELP
from pathways.bench.labels.labels_command import labels
from pathways.bench.model.model_command import HELP as MODEL_HELP
from pathways.bench.model.model_command import model
from pathways.bench.of_ours import scripts
from pathways.check.command import check
from pathways.command_line import Commands, Quarter, StudyOption, known, stop
from pathways.deletion.command import delete
from pathways.duties.commands import app as sign_off_app
from pathways.justice.overrides_commands import app as overrides_app
from pathways.lineage.command import diff, lineage, verify
from pathways.review.links.commands import app as review_links_app
from pathways.review.notes.commands import app as review_notes_app
from pathways.review.pairs.commands import app as review_app
from resources.process.child_processes import run_child
from resources.process.data_root import REPOSITORY, data_root
from resources.settings.study_settings import StudySettingsError

PATHWAYS = """Pathways between probation and addiction treatment: makes the statistics anew, every quarter.

`pathways demo` tries it on synthetic extracts. `pathways COMMAND --help` says what a command takes.
"""

SMALLEST_JUSTICE_DEMO = 0.001  # with a fifth of that, one in twelve seeds could not be trained on

DEFAULT_JUSTICE_SCALE = 0.005
JusticeSeed = Annotated[
    int | None, typer.Option(help="Same seed, same extracts. Left out: as last quarter's extracts, else 1.")
]

app = Commands(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=PATHWAYS)
bench = typer.Typer(invoke_without_command=True, help="Benchmarks: all of them, or one: linkage, labels, model.")
bench.command(help=HELP)(linkage)
bench.command(help=LABELS_HELP)(labels)
bench.command(help=MODEL_HELP)(model)
app.add_typer(bench, name="bench")
app.command()(check)
app.command()(accept)
app.command()(lineage)
app.command()(verify)
app.command()(diff)
app.command()(delete)
review_app.add_typer(review_links_app, name="links")
app.add_typer(review_app, name="review")
app.add_typer(sign_off_app, name="sign-off")
app.add_typer(review_notes_app, name="review-notes")
app.add_typer(overrides_app, name="overrides")


@app.command()
def extracts(
    quarter: Quarter = "2023Q1",
    scale: Annotated[
        float | None,
        typer.Option(min=0.001, max=1, help="1 is the published size. Left out: as last quarter's extracts, else 0.1."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Same seed, same extracts. Left out: as last quarter's extracts, else 1.")
    ] = None,
    table_format: Annotated[
        Literal["default", "csv", "parquet"],
        typer.Option("--format", help="default: contact notes as Parquet, the rest as CSV"),
    ] = "default",
) -> None:
    """Write synthetic extracts with known truth into var/extracts and var/truth.

    2023Q1 is the first quarter; a later one continues it: the same people and records and what three months add.
    """
    # Here, so that no other command loads the generator.
    from resources.records.progress import say
    from synthetic_extracts.write_extracts import QuarterNotContinued, scale_and_seed, write_extracts

    try:
        world = scale_and_seed(data_root(), known(quarter), scale, seed)
    except QuarterNotContinued as error:
        stop(str(error))
    else:
        write_extracts(data_root(), quarter, *world, table_format, say)


@app.command()
def fetch(quarter: Quarter = "2023Q1", study: StudyOption = "treatment") -> None:
    """Copy the extracts of a quarter from their bucket to where they are read from.

    PATHWAYS_EXTRACTS names the bucket of the study, PATHWAYS_JUSTICE_BUCKET that of the justice records.
    """
    from pathways.studies import STUDIES
    from resources.store.fetch_extracts import fetch_extracts

    of = STUDIES[study]
    copied, there = fetch_extracts(data_root(), known(quarter), of.extracts, of.sources, of.bucket)
    print(f"{copied} files were copied, {there} were here already.")


@app.command()
def compare_models(
    reviewed: Annotated[Path | None, typer.Option(help="CSV file of reviewed notes.")] = None,
    quarter: Annotated[str | None, typer.Option(help="Quarter whose reviewed cases are taken.")] = None,
    engines: Annotated[str, typer.Option(help=f"Of {', '.join(ENGINE_NAMES)}.")] = "encoder,rules,tfidf",
    prompts: Annotated[str, typer.Option(help="Prompt files, with commas; else the study's.")] = "",
    json_lines: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Label reviewed notes with several engines and prompts, and say how well, how fast and at what cost each reads.

    FILE is CSV with the columns id, text and label (0 or 1), and where known requirement_id, meaning and held_out; or
    give --quarter, whose reviewed cases are taken (pathways review-notes). Per engine and prompt: sensitivity,
    specificity and kappa of notes and of requirements with intervals, calibration, notes per second, cost per 1,000
    notes; per pair of them McNemar's exact test and differences with bootstrap intervals. Exit code 1: a message says
    what could not be compared.
    """
    from pathways.notes.compare import compare_command

    raise typer.Exit(compare_command(reviewed, quarter, engines, prompts, json_lines, data_root(), os.environ))


@app.command()
def measure_engine(
    engine: Annotated[str, typer.Option(help=f"{', '.join(ENGINE_NAMES)}; the first two have a file to write.")],
    requirements: Annotated[int, typer.Option(min=2, help="Requirements of each kind of wording.")] = 300,
    seed: Annotated[int, typer.Option(help="Same seed, same notes.")] = 20260319,
) -> None:
    """Measure an engine per requirement, on invented notes, and write it into its metrics.json.

    Requirements have as many keyword notes as in the extracts (18.8 on average); known and held-out wordings are
    measured apart. Every run that uses the engine prints these figures.
    """
    from pathways.notes.requirement_level import measure_engine_command

    raise typer.Exit(measure_engine_command(engine, requirements, seed, data_root(), os.environ))


@app.command()
def refresh(
    quarter: Quarter = "2023Q1",
    study: StudyOption = "treatment",
) -> None:
    """Run a quarter: linkage, notes, modelling and publication of the study, or the linking of justice records."""
    if study == "justice":
        _refresh_justice(known(quarter))
    else:
        _refresh(known(quarter), simulate_review=False)


def _refresh_justice(quarter: str) -> None:
    from pathways.justice.refresh_justice import refresh_justice
    from pathways.refresh.stopped import RefreshStopped

    try:
        refresh_justice(quarter)
    except RefreshStopped as stopped:
        stop(str(stopped))


def _refresh(quarter: str, simulate_review: bool) -> None:
    from pathways.refresh.refresh import refresh as run
    from pathways.refresh.stopped import RefreshStopped

    try:
        run(quarter, simulate_review)
    except RefreshStopped as stopped:
        stop(str(stopped))


@app.command()
def status(
    quarter: Annotated[str | None, typer.Option(help="This quarter only; else every one that has begun.")] = None,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON line per quarter.")] = False,
    html: Annotated[Path | None, typer.Option(help="Also write a page that needs no other file.")] = None,
    study: StudyOption = "treatment",
) -> None:
    """Say where each quarter stands: extracts, tables of each zone, what holds them, decisions, publication.

    From receipts, without running anything. Whether new code makes a table anew, `pathways refresh` says.
    """
    from pathways.status.command import status_command
    from pathways.studies import STUDIES

    try:
        status_command(data_root(), known(quarter) if quarter else None, json_lines, html, STUDIES[study])
    except (OSError, StudySettingsError) as error:
        stop(str(error))


@app.command()
def train_linkage(
    name: Annotated[str, typer.Option(help="Name to keep the model under; an existing one is not overwritten.")],
    quarter: Quarter = "2023Q1",
) -> None:
    """Train a linkage model on a quarter's extracts, for approval in study.toml. A refresh never trains."""
    from pathways.refresh.refresh import train
    from pathways.refresh.stopped import RefreshStopped

    try:
        lines = train(known(quarter), name)
    except RefreshStopped as stopped:
        stop(str(stopped))
    print("\n".join(lines))


@app.command()
def data_request() -> None:
    """Write docs/data-request.md and that of the justice records: every column that is asked for, and for what."""
    from pathways.documents.data_request import write_pages

    print(write_pages())


@app.command()
def study_to_code() -> None:
    """Write docs/quality/study-to-code.md: what the study says, what does it here, and whether as stated."""
    from pathways.documents.study_to_code import NamesNothing, write_page
    from publication_assets.steps.methodology.study_statements import StatementsNotUsable

    try:
        print(write_page())
    except (StatementsNotUsable, NamesNothing) as error:
        stop(str(error))


@app.command()
def demo(
    quarter: Quarter = "2023Q1",
    scale: Annotated[float, typer.Option(envvar="SCALE", min=0.001, max=1, help="1 is the published size.")] = 0.1,
    seed: Annotated[int, typer.Option(help="Same seed, same extracts.")] = 1,
) -> None:
    """Write synthetic extracts and run the whole analysis on them."""
    # A process of its own: the generator's memory is given back before the zones start.
    command = [
        sys.executable,
        "-m",
        "pathways",
        "extracts",
        "--quarter",
        known(quarter),
        "--scale",
        str(scale),
        "--seed",
        str(seed),
    ]
    if run_child(command, REPOSITORY).returncode != 0:
        stop("The synthetic extracts could not be written.")
    _refresh(quarter, simulate_review=True)


@app.command()
def justice_extracts(
    quarter: Quarter = "2023Q1",
    scale: Annotated[
        float | None,
        typer.Option(
            min=0.0001,
            max=4,
            help="1 is 17.3 million records of people. Left out: as last quarter's extracts, else 0.005.",
        ),
    ] = None,
    seed: JusticeSeed = None,
    only_linked: Annotated[bool, typer.Option(help="Leave empty what the linking does not read.")] = False,
) -> None:
    """Write synthetic justice extracts with full names and known truth into var/justice_sources.

    A later quarter continues an earlier one: the same people and records and what three months add.
    """
    from resources.records.progress import say
    from synthetic_extracts.justice.write_justice_extracts import write_justice_extracts

    write_justice_extracts(data_root(), quarter, *_justice_world(quarter, scale, seed), say, only_linked)


@app.command()
def demo_justice(
    quarter: Quarter = "2023Q1",
    scale: Annotated[
        float | None,
        typer.Option(
            envvar="SCALE",
            max=4,
            help="1 is the real size; at least 0.001. Left out: as last quarter's extracts, else 0.005.",
        ),
    ] = None,
    seed: JusticeSeed = None,
) -> None:
    """Write synthetic justice extracts and say which of their records are one person."""
    world = _justice_world(quarter, scale, seed)
    if world[0] < SMALLEST_JUSTICE_DEMO:
        stop(
            f"Give a scale of {SMALLEST_JUSTICE_DEMO:g} or more, about 17,000 records: fewer may hold no two of one "
            "person with different middle names or sexes, and then no linkage model can be trained on them. Nothing "
            "was made."
        )
    command = [sys.executable, "-m", "pathways", "justice-extracts", "--quarter", quarter]
    if run_child([*command, "--scale", str(world[0]), "--seed", str(world[1])], REPOSITORY).returncode != 0:
        stop("The synthetic extracts could not be written.")
    _refresh_justice(quarter)


def _justice_world(quarter: str, scale: float | None, seed: int | None) -> tuple[float, int]:
    """Scale and seed of synthetic justice extracts; stops where an earlier quarter was written with others."""
    from contracts.zones import JUSTICE_SOURCES_FOLDER
    from synthetic_extracts.write_extracts import QuarterNotContinued, scale_and_seed

    try:
        sources = data_root() / JUSTICE_SOURCES_FOLDER
        return scale_and_seed(sources, known(quarter), scale, seed, DEFAULT_JUSTICE_SCALE)
    except QuarterNotContinued as error:
        stop(str(error))


@app.command("filter")
def filter_notes(
    notes: Annotated[Path, typer.Option(help="CSV or Parquet file of notes.")],
    output: Annotated[Path | None, typer.Option(help="File for the lines; else standard output.")] = None,
) -> None:
    """Say of every note of a file which treatment keywords it holds, as JSON lines in the order of the file.

    FILE is CSV or Parquet with the columns id and text (or note_id, contact_id; note_text, notes, note). Every line has
    id, kept, keywords, label, p1 and status: "kept" or "excluded". No model reads a note here, so label and p1 are
    null; see `pathways label`. Counts go to stderr. Exit code 1: a message says why the file, or rows of it, could not
    be read.
    """
    from pathways.notes.filter import filter_command

    raise typer.Exit(filter_command(notes, output))


@app.command()
def label(
    notes: Annotated[Path, typer.Option(help="CSV or Parquet file of notes.")],
    engine: Annotated[str | None, typer.Option(help=f"{', '.join(ENGINE_NAMES)}; else the one due here.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of a Qwen2.5-Instruct model, served on this CPU.")] = None,
    every_note: Annotated[bool, typer.Option("--all", help="Label also the notes without a keyword.")] = False,
    output: Annotated[Path | None, typer.Option(help="File for the lines; else standard output.")] = None,
) -> None:
    """Label every note of a file, as JSON lines in the order of the file.

    FILE is CSV or Parquet with the columns id and text (or note_id, contact_id; note_text, notes, note). Every line has
    id, kept, keywords, label (1 engaged with treatment, 0 not, null when there is none), p1 and status: ok, empty,
    too_long, rejected, off_choice, or "excluded" for a note without a keyword, which is labelled only with --all.
    Progress goes to stderr. The same command, run again after it was stopped, labels only what is left. Exit code 1: a
    message says why.
    """
    from pathways.notes.label import label_command

    raise typer.Exit(label_command(notes, engine, model, every_note, output, data_root(), os.environ))


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port on this machine; 0: any free one.")] = 3000) -> None:
    """Open Dagster on what the refresh made, on this machine only. Prints an address that opens one browser, once.

    To open it anew, stop this (Ctrl-C) and run it again: another address is printed.
    """
    from pathways.refresh.refresh import prepare_dagster_home

    root = data_root()
    environment = {**os.environ, "PATHWAYS_VAR": str(root), "DAGSTER_HOME": str(prepare_dagster_home(root))}
    with socket.socket() as probe:  # raises here, with our message, not from within Dagster
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    raise typer.Exit(run_child([sys.executable, "-m", "pathways.ui", str(port)], REPOSITORY, environment).returncode)


@bench.callback()
def run_benchmarks(context: typer.Context) -> None:
    """Run every benchmark of `benchmarks/` that needs nothing else, each printing JSON lines; `linkage`, `labels` and
    `model` measure what you name.
    """
    if context.invoked_subcommand:
        return
    environment = {**os.environ, "PATHWAYS_VAR": str(data_root()), "PYTHONPATH": str(REPOSITORY)}
    for script in scripts():
        if run_child([sys.executable, str(script)], REPOSITORY, environment).returncode != 0:
            stop(f"{script.relative_to(REPOSITORY)} failed.")
