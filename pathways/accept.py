"""`pathways accept`: records that a person lets a quarter go on although a measure lies outside its band.

Belongs here: which refusals may be accepted, and writing the decision. Does not belong here: what a decision does
(resources/zone/gates.py).

A decision is about what the last run left refused: its value is taken from the record of the check, never typed. It
counts for that quarter, that check, that measure and that value.
"""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import tomlkit

from contracts.extracts import JUSTICE_EXTRACT_BY_NAME
from contracts.references import EXTRACTS_CHECK
from contracts.zones import JUSTICE_SOURCES_FOLDER
from pathways.refresh.receipts_of_run import receipts_of
from pathways.refresh.refusals import NOT_ACCEPTABLE, lines_of, refused
from pathways.studies import OF_JUSTICE, TREATMENT, Study
from resources.duties.roles import a_role
from resources.process.child_processes import guarded
from resources.process.data_root import REPOSITORY
from resources.receipts.receipts import CheckRecord
from resources.secrets.private_files import make_folder, only_one, put_in_place
from resources.settings.study_settings import load_study_settings
from resources.zone.gates import Acceptance, DecisionsFolder, decisions_file

LONGEST_NAME, LONGEST_REASON = 100, 500
HEADER = "Decisions to go on with this quarter although a check refused it. Written by `pathways accept`."


class NotAccepted(Exception):
    """Nothing was recorded; says why and what can be accepted."""


def refused_lines(root: Path, quarter: str) -> list[str]:
    """What is refused in a quarter and how to accept it; one line that says so when nothing is."""
    found = refused(root, quarter) or refused_extracts(root, quarter)
    lines = [line for refusal in found for line in lines_of(*refusal, quarter)]
    return lines or [f"No check refuses anything in {quarter}. Checks judge in `pathways refresh --quarter {quarter}`."]


def refused_extracts(root: Path, quarter: str) -> list[tuple[str, str, CheckRecord]]:
    """As refusals.refused, of the extracts. They are judged before any table is written: so here again.

    In a process of its own, which has the memory that reading every extract takes.
    """
    return [each for folder in (root, root / JUSTICE_SOURCES_FOLDER) for each in _refused_in(root, folder, quarter)]


def _refused_in(root: Path, sources: Path, quarter: str) -> list[tuple[str, str, CheckRecord]]:
    folder = sources / "extracts" / quarter
    if not folder.is_dir():
        return []
    command = [sys.executable, "-m", "pathways.check", "--extracts", str(folder), "--quarter", quarter, "--json"]
    environment = os.environ | {"PATHWAYS_VAR": str(root)}
    done = subprocess.run(
        guarded(command), cwd=REPOSITORY, env=environment, capture_output=True, process_group=0, check=False
    )
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    measures = {report["table"]: report["refused"] for report in reports if report["refused"]}
    return [
        (table, EXTRACTS_CHECK, CheckRecord(passed=False, judged={}, acceptable=True, refused=refused_here))
        for table, refused_here in measures.items()
    ]


def accept(root: Path, quarter: str, check: str, measure: str, by: str, reason: str, today: date) -> Acceptance:
    """Record the acceptance of a measure that the last run refused, and return it.

    Raises NotAccepted when nothing of that name is refused, it may not be accepted, or nobody or no reason is given;
    DecisionsNotReadable when the file of decisions is damaged.
    """
    by, reason = _said(by, "--by", LONGEST_NAME), _said(reason, "--reason", LONGEST_REASON)
    value = _refused_value(root, quarter, check, measure)
    decision = Acceptance(quarter=quarter, check=check, measure=measure, value=value, by=by, on=today, reason=reason)
    path = root / decisions_file(quarter)
    make_folder(root, path.parent)
    with only_one(path.with_suffix(".lock")):
        for earlier in DecisionsFolder(root).recorded(quarter):  # a damaged file is not added to
            if earlier.is_about(check, measure, value):
                raise NotAccepted(f"{earlier.by} accepted this value on {earlier.on} already. Run the refresh.")
        _write(root, path, decision)
    return decision


def how_to_go_on(root: Path, quarter: str, check: str, measure: str) -> str:
    """What comes after a decision: that it is signed off, where study.toml asks for it, and the run of the study whose
    check it was."""
    duties, run = load_study_settings().duties, _study_of(root, quarter, check, measure).refresh(quarter)
    role = duties.required.get("acceptance") if duties.appointed_by else None
    if role is None:
        return f"To go on, run: {run}"
    give = f'pathways sign-off give --quarter {quarter} --what acceptance --by "NAME"'
    return f"It counts once {a_role(role)} has signed it off: {give}. Then run: {run}"


def _study_of(root: Path, quarter: str, check: str, measure: str) -> Study:
    """Whose check refuses a measure. One of an extract of the justice records begins with the name of the extract."""
    of_extract = check == EXTRACTS_CHECK and measure.partition(".")[0] in JUSTICE_EXTRACT_BY_NAME
    judged = {name for _, receipt in receipts_of(root, quarter, OF_JUSTICE.zones) for name in receipt.checks}
    return OF_JUSTICE if of_extract or (check != EXTRACTS_CHECK and check in judged) else TREATMENT


def _said(text: str, option: str, longest: int) -> str:
    text = " ".join(text.split())
    if not text:
        raise NotAccepted(f"{option} is empty. Say who decides and why: both are shown in the linkage quality report.")
    if len(text) > longest or not text.isprintable():
        raise NotAccepted(f"{option} has more than {longest} characters, or some that cannot be printed. Shorten it.")
    return text


def _refused_value(root: Path, quarter: str, check: str, measure: str) -> float | None:
    left = refused(root, quarter)
    if check == EXTRACTS_CHECK:  # judged as they are now, before what a run recorded
        left = [*refused_extracts(root, quarter), *left]
    found = [record for _, name, record in left if name == check]
    if not found:
        raise NotAccepted(
            f"{check} refuses nothing in {quarter}, so there is nothing to accept. What is refused: "
            f"pathways accept --quarter {quarter}"
        )
    for record in found:
        for entry in record.refused:
            if entry["name"] == measure and record.acceptable:
                return entry["value"]
    if not any(record.acceptable for record in found):
        raise NotAccepted(f"{check} guards the data themselves. {NOT_ACCEPTABLE}")
    names = "; ".join(entry["name"] for record in found for entry in record.refused)
    raise NotAccepted(f"{check} refuses no measure {measure!r}. It refuses: {names}.")


def _write(root: Path, path: Path, decision: Acceptance) -> None:
    if path.is_file():
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    else:
        document = tomlkit.document()
        document.add(tomlkit.comment(HEADER))
    entry = tomlkit.table()
    for name, value in decision.model_dump().items():
        if value is not None:
            entry[name] = value
    document.setdefault("accepted", tomlkit.aot()).append(entry)
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(tomlkit.dumps(document))
        file.flush()
        os.fsync(file.fileno())
    put_in_place(root, partial, path)
