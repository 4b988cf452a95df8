"""The command line. Each command calls one function of this package; no logic here."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from pathways.bench.command import HELP, linkage
from pathways.review.commands import app as review_app
from resources.partitions import quarter_end
from resources.progress import say
from resources.study_settings import StudySettingsError, load_study_settings
from resources.zone_definitions import REPOSITORY, data_root
from synthetic_extracts.write_extracts import TableFormat, write_extracts

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
bench = typer.Typer(invoke_without_command=True, help="Benchmarks: all of them, or linkage of any two files.")
bench.command(help=HELP)(linkage)
app.add_typer(bench, name="bench")
app.add_typer(review_app, name="review")

Quarter = Annotated[str, typer.Option(help="Quarter to run, e.g. 2023Q1: the quarter that ends on 31 March 2023.")]


def _stop(message: str) -> None:
    print(message, file=sys.stderr)
    raise typer.Exit(1)


def _known(quarter: str) -> str:
    try:
        quarter_end(quarter)
        load_study_settings()
    except (ValueError, StudySettingsError) as error:
        _stop(str(error))
    return quarter


@app.command()
def extracts(
    quarter: Quarter = "2023Q1",
    scale: Annotated[float, typer.Option(min=0.001, max=1, help="1 is the published size.")] = 0.1,
    seed: Annotated[int, typer.Option(help="Same seed, same extracts.")] = 1,
    table_format: Annotated[
        TableFormat, typer.Option("--format", help="default: contact notes as Parquet, the rest as CSV")
    ] = "default",
) -> None:
    """Write synthetic extracts with known truth into var/extracts and var/truth."""
    write_extracts(data_root(), _known(quarter), scale, seed, table_format, say)


@app.command()
def check(
    extracts: Annotated[Path, typer.Option(help="Folder of a quarter's extracts, or one file with --table.")],
    table: Annotated[str | None, typer.Option(help="Check this table only.")] = None,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON line per file.")] = False,
    quarter: Annotated[str | None, typer.Option(help="Quarter of the extracts; else the folder's name.")] = None,
) -> None:
    """Say what a refresh would make of extracts, without running it. Exit code 0: a refresh would start."""
    from pathways.check import check_command

    raise typer.Exit(check_command(extracts, table, json_lines, quarter))


@app.command()
def refresh(quarter: Quarter = "2023Q1") -> None:
    """Run the whole analysis for a quarter: linkage, notes, modelling, publication."""
    _refresh(_known(quarter), simulate_review=False)


def _refresh(quarter: str, simulate_review: bool) -> None:
    from pathways.refresh import RefreshStopped
    from pathways.refresh import refresh as run

    try:
        run(quarter, simulate_review)
    except RefreshStopped as stopped:
        _stop(str(stopped))


@app.command()
def train_linkage(
    name: Annotated[str, typer.Option(help="Name to keep the model under; an existing one is not overwritten.")],
    quarter: Quarter = "2023Q1",
) -> None:
    """Train a linkage model on a quarter's extracts, for approval in study.toml. A refresh never trains."""
    from pathways.refresh import RefreshStopped, train

    try:
        lines = train(_known(quarter), name)
    except RefreshStopped as stopped:
        _stop(str(stopped))
    print("\n".join(lines))


@app.command()
def demo(
    quarter: Quarter = "2023Q1",
    scale: Annotated[float, typer.Option(envvar="SCALE", min=0.001, max=1, help="1 is the published size.")] = 0.1,
    seed: Annotated[int, typer.Option(help="Same seed, same extracts.")] = 1,
) -> None:
    """Write synthetic extracts and run the whole analysis on them."""
    # A process of its own: the generator's memory is given back before the zones start.
    command = [sys.executable, "-m", "pathways", "extracts", "--quarter", _known(quarter), "--scale", str(scale),
               "--seed", str(seed)]
    if subprocess.run(command, cwd=REPOSITORY).returncode != 0:
        _stop("The synthetic extracts could not be written.")
    _refresh(quarter, simulate_review=True)


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000) -> None:
    """Open Dagster on what the refresh made: http://127.0.0.1:3000."""
    from pathways.refresh import prepare_dagster_home

    root = data_root()
    environment = {**os.environ, "PATHWAYS_VAR": str(root), "DAGSTER_HOME": str(prepare_dagster_home(root))}
    dagster = str(Path(sys.executable).parent / "dagster")
    command = [dagster, "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    raise typer.Exit(subprocess.run(command, env=environment, cwd=REPOSITORY).returncode)


@bench.callback()
def run_benchmarks(context: typer.Context) -> None:
    """Run every benchmark of `benchmarks/`, each printing JSON lines; or `linkage`, on any two files."""
    if context.invoked_subcommand:
        return
    environment = {**os.environ, "PATHWAYS_VAR": str(data_root()), "PYTHONPATH": str(REPOSITORY)}
    for script in sorted((REPOSITORY / "benchmarks").glob("*.py")):
        if subprocess.run([sys.executable, str(script)], env=environment, cwd=REPOSITORY).returncode != 0:
            _stop(f"benchmarks/{script.name} failed.")
