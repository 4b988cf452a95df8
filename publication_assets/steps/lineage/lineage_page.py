"""Writes the page that walks every published table back to the extracts, as one self-contained web page.

Belongs here: the values of its templates. Does not belong here: prose (templates/lineage), what is walked
(run_record.py, resources/lineage).
"""

from collections.abc import Mapping

import polars as pl

from contracts.extracts import SUPPLIERS
from contracts.holdings import ABOUT
from publication_assets.catalogue.tables import by_number
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.documents.write_document import write_document
from publication_assets.steps.lineage.run_record import RunRecord, formulas_of, function_of, linkage_of, steps_of
from publication_assets.steps.open_data.data_dictionary import file_of
from publishing.documents.document import Block, Document, Grid, Heading, Terms
from publishing.documents.fill_template import Value
from publishing.documents.render_document import document_html
from publishing.tables.declared import DeclaredTable
from resources.lineage.walk import Step, extracts_of_steps, sources_of
from resources.receipts.receipts import Receipt
from resources.records.shown_counts import shown_count

SHORT = 12  # of a hash, as much as can be compared by eye; the whole is in prov.json
SYSTEM = "(a sensor or the command line)"


def lineage_html(cells: pl.DataFrame, record: RunRecord, facts: RunFacts) -> str:
    """The page lineage.html. `cells` is published_tables."""
    return document_html(lineage_document(cells, record, facts), facts)


def lineage_document(cells: pl.DataFrame, record: RunRecord, facts: RunFacts) -> Document:
    """The page as a document."""
    return write_document("lineage", lineage_values(cells, record, facts), facts)


def lineage_values(cells: pl.DataFrame, record: RunRecord, facts: RunFacts) -> Mapping[str, Value]:
    """What the templates of the page name."""
    numbers: list[int] = cells["table"].unique().sort().to_list()
    walked = {number: steps_of(record.tables, by_number(number)) for number in numbers}
    linkage = linkage_of([step for steps in walked.values() for step in steps], record.settings)
    return {
        "hash_characters": SHORT,
        "tables_published": len(numbers),
        "tables_made": len(record.tables),
        "linkage_terms": _linkage(linkage),
        "reading_terms": Terms(
            [(engine.name, engine.words) for engine in facts.engines] or [("Contact notes", facts.read_by)]
        ),
        "code_terms": Terms([(_heading(name), said) for name, said in record.code.items()]),
        "table_runs": _runs(record),
        "table_signed": _signed(record),
        "table_accepted": _accepted(record),
        "table_extracts": _extracts(record, walked),
        "walked_tables": [
            block for number in numbers for block in _of_table(by_number(number), cells, walked[number], record, facts)
        ],
        "table_of_tables": _tables(record),
    }


def _heading(name: str) -> str:
    return {"commit": "Commit", "uv.lock": "Lock of the environment (SHA-256)", "python": "Python"}.get(name, name)


def _linkage(linkage: Mapping[str, object] | None) -> Terms:
    if linkage is None:
        return Terms([("Linkage", "no linked table is here")])
    decided: Mapping[str, object] = linkage["decided"]  # type: ignore[assignment]
    said = f"by {decided['decided_by']} on {decided['decided_on']}, from {decided['basis']}: {decided['evidence']}"
    return Terms(
        [
            ("Model", f"{linkage['model']}"),
            ("Content of the model (SHA-256)", f"{linkage['model_sha256']}"),
            ("Threshold", f"match probability {linkage['threshold']}"),
            ("Threshold decided", said.replace("_", " ")),
        ]
    )


def _runs(record: RunRecord) -> Grid:
    found: dict[tuple[str, str, str], list[str]] = {}
    for name, (made_in, receipt) in record.tables.items():
        zone = zone_of(name, made_in)
        found.setdefault((zone, receipt.run, receipt.launched_by), []).append(receipt.made_at)
    rows = [
        [zone, run[:SHORT] or "not stated", who or SYSTEM, str(len(times)), min(times), max(times)]
        for (zone, run, who), times in sorted(found.items(), key=lambda item: (min(item[1]), item[0]))
    ]
    headers = ["Zone", "Run", "Launched by", "Tables", "First made at (UTC)", "Last made at (UTC)"]
    return Grid("Runs that made the tables", headers, rows)


def zone_of(table: str, made_in: str) -> str:
    """What the zone of a table is called for people."""
    return ABOUT[table].zone if table in ABOUT else made_in


def _signed(record: RunRecord) -> list[Grid]:
    headers = ["What", "Role", "Who", "When (UTC)"]
    return [Grid("Sign-offs", headers, [list(each) for each in record.signed])] if record.signed else []


def _accepted(record: RunRecord) -> list[Grid]:
    rows = [[f"{each['measure']}", f"{each['by']}", f"{each['on']}", f"{each['reason']}"] for each in record.accepted]
    headers = ["Measure", "Accepted by", "On", "Reason"]
    return [Grid("Decisions to go on against a check", headers, rows)] if rows else []


def _extracts(record: RunRecord, walked: Mapping[int, list[Step]]) -> Grid:
    used: dict[str, list[int]] = {}
    content: dict[str, str] = {}
    for number, steps in walked.items():
        for name, sha256 in extracts_of_steps(steps).items():
            used.setdefault(name, []).append(number)
            content[name] = sha256
    rows = []
    for name in sorted(used):
        system, _, file = name.partition("/")
        read = record.tables.get(file)
        when = read[1].made_at if read else ""
        rows.append(
            [
                name,
                SUPPLIERS.get(system, system),
                content[name] or "was not there",
                when or "not stated",
                _numbers(used[name]),
            ]
        )
    return Grid(
        "Extracts behind the published tables",
        ["Extract", "Sent by", "Content (SHA-256)", "Read at (UTC)", "Tables made from it"],
        rows,
    )


def _numbers(numbers: list[int]) -> str:
    """Numbers in order, those that follow each other as a range: "1 to 15, 20"."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in ranges)


def _of_table(
    declared: DeclaredTable, cells: pl.DataFrame, steps: list[Step], record: RunRecord, facts: RunFacts
) -> list[Block]:
    own = cells.filter(pl.col("table") == declared.number)
    withheld = own.filter(pl.col("status").is_in(["[c]", "[u]"])).height
    function, said = function_of(declared)
    nearest = [step for step in steps if step.distance == 2]  # beyond published_tables and counted_tables
    formulas = formulas_of(record.settings, declared)
    modelled = [
        ("Models", "; ".join(f"{name}: {formula}" for name, formula in formulas.items())),
        ("Imputed data sets", f"{facts.imputations}, pooled by Rubin's rules"),
    ]
    linked = any(step.receipt.table == "scored_pairs" for step in steps)
    return [
        Heading(f"table-{declared.number}", f"{declared.name}: {facts.wording(declared.title)}"),
        Terms(
            [
                ("Cells", f"{own.height}, of which {withheld} withheld"),
                ("Largest count in it", _largest(own)),
                ("Counted by", function),
                ("What the code says", said.replace("`", "")),
                *(modelled if formulas else []),
                ("Counted from", _named(nearest, record)),
                (
                    "Linkage",
                    f"model {record.settings.linkage.model.name}, threshold {facts.threshold:g}"
                    if linked
                    else "not used",
                ),
                ("Tables on the way", f"{len(steps)}, back to {len(extracts_of_steps(steps))} extracts"),
                ("As data", f"open_data/{file_of(declared.number)}"),
            ]
        ),
    ]


def _largest(cells: pl.DataFrame) -> str:
    largest = cells.filter((pl.col("unit") == "count") & pl.col("value").is_not_null())["value"].max()
    return f"{largest:,.0f}" if isinstance(largest, float) else "no count is shown"


def _named(steps: list[Step], record: RunRecord) -> str:
    return ", ".join(f"{step.receipt.table} ({_rows(step.receipt.rows, record)} rows)" for step in steps) or "not here"


def _rows(rows: int, record: RunRecord) -> str:
    shown = shown_count(rows, record.base, f"fewer than {record.base}")
    return f"{shown:,}" if isinstance(shown, int) else shown


def _passed(receipt: Receipt) -> str:
    passed = sum(check is not None and check.passed for check in receipt.checks.values())
    return f"{passed} of {len(receipt.checks)}"


def _tables(record: RunRecord) -> Grid:
    rows = [
        [
            name,
            zone_of(name, zone),
            _rows(receipt.rows, record),
            receipt.sha256[:SHORT],
            receipt.code[:SHORT],
            ", ".join(source.name for source in sources_of(receipt) if source.kind in {"table", "extract"})
            or "settings",
            _passed(receipt),
        ]
        for name, (zone, receipt) in sorted(
            record.tables.items(), key=lambda item: (zone_of(item[0], item[1][0]), item[0])
        )
    ]
    headers = ["Table", "Zone", "Rows", "Content", "Code", "Made from", "Checks passed"]
    return Grid("Every table that was made, by zone", headers, rows)
