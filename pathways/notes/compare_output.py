"""Prints a comparison of engines for people. Does not belong here: any figure of it (compare.py)."""

from typing import TextIO

from rich.console import Console
from rich.table import Table

WIDTH = 200


def print_tables(results: list[dict], origin: str, output: TextIO) -> None:
    """Engines, pairs, reliability and errors by meaning, as tables."""
    console = Console(file=output, width=WIDTH, highlight=False)
    console.print(f"Reviewed notes: {origin}")
    engines = [result for result in results if result["kind"] == "engine"]
    if not engines:
        return
    console.print(_engines(engines))
    if pairs := [result for result in results if result["kind"] == "pair"]:
        console.print(_pairs(pairs))
    console.print(_reliability([engine for engine in engines if engine["subset"] == "all"]))
    if meanings := [result for result in results if result["kind"] == "meaning"]:
        console.print(_meanings(meanings))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=True)
    return table


def _engines(engines: list[dict]) -> Table:
    table = _table(
        "Engines",
        "engine",
        "notes",
        "sensitivity",
        "specificity",
        "kappa",
        "Brier",
        "ECE",
        "requirements",
        "sensitivity",
        "specificity",
        "no label",
        "notes/s",
        "£/1,000",
    )
    for engine in engines:
        notes, requirements, fit, cost = (engine[key] for key in ("notes", "requirements", "calibration", "cost"))
        of = engine["subset"] == "all"
        table.add_row(
            engine["name"] if of else f"  {engine['subset'].replace('_', '-')} wordings",
            f"{notes['notes']:,}",
            _interval(notes["sensitivity"]),
            _interval(notes["specificity"]),
            _number(notes["kappa"]["value"]),
            _number(fit["brier"]),
            _number(fit["expected_calibration_error"]),
            f"{requirements['requirements']:,}",
            _interval(requirements["sensitivity"]),
            _interval(requirements["specificity"]),
            f"{notes['unlabelled']:,}",
            f"{cost['notes_per_second']:,.0f}" if of and cost["notes_per_second"] else "",
            _number(cost["gbp_per_1000_notes"], 5) if of else "",
        )
    return table


def _pairs(pairs: list[dict]) -> Table:
    table = _table(
        "Pairs: differences are first minus second, of notes",
        "first",
        "second",
        "sensitivity",
        "specificity",
        "notes only one has right",
        "p",
        "requirements",
        "p",
    )
    for pair in pairs:
        notes, requirements = pair["notes"], pair["requirements"]
        table.add_row(
            pair["first"],
            pair["second"],
            *(_interval(pair["differences"].get(name)) for name in ("sensitivity", "specificity")),
            f"{notes['only_first_right']} : {notes['only_second_right']}",
            f"{notes['p_value']:.2g}",
            f"{requirements['only_first_right']} : {requirements['only_second_right']}",
            f"{requirements['p_value']:.2g}",
        )
    return table


def _reliability(engines: list[dict]) -> Table:
    table = _table("Reliability: share engaged where p1 was about", "engine", *(f".{tenth}" for tenth in range(10)))
    for engine in engines:
        bins = {round(10 * row["p1_from"]): row for row in engine["calibration"]["reliability"]}
        table.add_row(
            engine["name"],
            *(
                f"{bins[tenth]['share_engaged']:.2f} ({bins[tenth]['notes']:,})" if tenth in bins else "-"
                for tenth in range(10)
            ),
        )
    return table


def _meanings(meanings: list[dict]) -> Table:
    names = list(dict.fromkeys(row["name"] for row in meanings))
    table = _table("Notes read wrongly, by what they show", "meaning", "notes", *names)
    for meaning in sorted({row["meaning"] for row in meanings}):
        of = {row["name"]: row for row in meanings if row["meaning"] == meaning}
        notes = max(row["notes"] for row in of.values())
        table.add_row(meaning, f"{notes:,}", *(f"{of[name]['errors']:,}" if name in of else "-" for name in names))
    return table


def _interval(share: dict | None) -> str:
    if not share or share["value"] is None:
        return "-"
    return f"{share['value']:.3f} ({_number(share['lower'])}, {_number(share['upper'])})"


def _number(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
