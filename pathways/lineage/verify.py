"""Whether a quarter is what its receipts say: tables, what they were made from, extracts, files that were read besides,
and files that are published; and whether what people signed is as it was signed (signed_files.py).

Belongs here: looking at every byte that a receipt names. Does not belong here: the receipts (resources/receipts).

A receipt is signed, has a number and the hash of the one before it. So one changed byte is found, wherever it is: in a
table, a receipt, an extract, a model, findings of a review, a sign-off or a file of the publication. The record of the
release lists every table of every zone, and its own hash is signed: it is the head of the quarter. So a table that was
taken away with its receipt is missed.

Not looked at: what can be made again without changing a table (readings of extracts, charts of a model),
locks, logs and Dagster's own records.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from contracts.zones import CROSSING_TABLES, JUSTICE_SOURCES_FOLDER, MADE_BY
from pathways.lineage.signed_files import changed_signed_files
from pathways.refresh.receipts_of_run import believed_table
from pathways.studies import TREATMENT, Study
from publication_assets.steps.lineage.prov_tables import PROV_FILE, RECORD, tables_of_prov
from resources.deletion.certificates import certificate_of
from resources.deletion.deleted_quarters import deleted
from resources.extracts.extract_place import extract_file
from resources.extracts.files.extract_parts import extract_hash
from resources.lineage.walk import MISSING, Source, sources_of
from resources.receipts.receipt_book import ReceiptRefused
from resources.receipts.receipts import Receipt, file_hash
from resources.receipts.signed_statement import KeyNotUsable
from resources.secrets.kept_secret import SecretNotReadable
from resources.zone.partitions import known_quarter, previous_quarter
from resources.zone.zone_tables import TableNotUsable, Zone

SENT = ("extracts/", "truth/", f"{JUSTICE_SOURCES_FOLDER}/")


def faults_of_quarter(root: Path, quarter: str, study: Study = TREATMENT) -> tuple[int, list[str]]:
    """How many tables, extracts, files and sign-offs were looked at, and what is not as a receipt says, sorted.

    Of what was deleted, receipts and certificate must agree, and no file be there. Faults name files and tables, and
    hold no value. Raises NotAQuarter, CertificateRefused.
    """
    receipts: dict[str, Receipt] = {}
    faults: list[str] = []
    certificate = certificate_of(root, known_quarter(quarter), study.name)
    gone = certificate.files if certificate else {}
    for zone, table in _tables(root, quarter, study):
        found = Zone(zone, root, "", "", CROSSING_TABLES)
        try:
            was_deleted = str(found.table_path(table, quarter).relative_to(root)) in gone
            receipts[table] = (found.signed if was_deleted else found.written)(table, quarter)
        except (TableNotUsable, ReceiptRefused, SecretNotReadable, KeyNotUsable) as fault:
            faults.append(str(fault))
    faults += _not_as_certified(root, receipts, gone, quarter)
    faults += _changed_inputs(receipts, quarter)
    faults += _not_as_recorded(root, quarter, receipts)
    extracts = {source.name for each in receipts.values() for source in sources_of(each) if source.kind == "extract"}
    faults += [] if gone else _changed_extracts(root / study.sources, quarter, receipts.values())
    read = {(source.name, source.sha256) for each in receipts.values() for source in files_read(each)}
    faults += [] if gone else _changed_files(root, quarter, receipts.values(), study)
    published = list(_published(root, quarter, receipts, study))
    faults += [fault for fault in published if fault]
    signed, changed = changed_signed_files(root)
    looked_at = len(receipts) + len(extracts) + len({name for name, _ in read}) + len(published) + signed
    return looked_at, sorted({*faults, *changed})


def files_read(receipt: Receipt) -> list[Source]:
    """Files, besides extracts, that a table was made from: a model, findings, a mark, a secret."""
    return [source for source in sources_of(receipt) if source.kind == "file" and source.sha256 != MISSING]


def _not_as_certified(root: Path, receipts: dict[str, Receipt], gone: dict[str, str], quarter: str) -> Iterator[str]:
    """Deleted files that are there again, and tables of which another file was deleted than their receipt says."""
    for place, sha256 in gone.items():
        receipt = receipts.get(Path(place).stem) if place.endswith(".parquet") and not place.startswith(SENT) else None
        if (root / place).exists():
            yield f"file {place} of {quarter} was deleted, as its certificate says, and is there again."
        if receipt and receipt.sha256 != sha256:
            yield f"table {receipt.table} of {quarter}: another file of it was deleted than its receipt says."


def _not_as_recorded(root: Path, quarter: str, receipts: dict[str, Receipt]) -> Iterator[str]:
    """Tables of which the record of the release tells, and that are gone, older or other than it says."""
    path = root / "publication" / quarter / PROV_FILE
    if RECORD not in receipts or not path.is_file():
        return  # nothing is published, or the file is missed as such
    try:
        recorded = dict(tables_of_prov(json.loads(path.read_bytes())))
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # it was changed, which its hash says
    for table, (number, sha256) in sorted(recorded.items()):
        now = receipts.get(table)
        if now is None:
            yield (
                f"table {table} of {quarter} is in the record of the release, and neither the table nor a receipt that "
                "its zone signed is here."
            )
        elif now.number < number or (now.number == number and now.sha256 != sha256):
            yield f"table {table} of {quarter} is older or other than the record of the release says."


def _tables(root: Path, quarter: str, study: Study) -> Iterator[tuple[str, str]]:
    """Zone and name of every table of which there is a file or a receipt."""
    for zone in study.zones:
        names = {path.stem for path in (root / zone / quarter).glob("*.*") if path.suffix in {".json", ".parquet"}}
        yield from ((zone, name) for name in sorted(names))
    for table, zone in sorted(MADE_BY.items()):
        if zone in study.zones and any((root / "crossings" / table / quarter).glob(f"{table}.*")):
            yield zone, table


def _changed_inputs(receipts: dict[str, Receipt], quarter: str) -> Iterator[str]:
    for table, receipt in receipts.items():
        for source in sources_of(receipt):
            if source.kind == "table" and source.sha256 != MISSING:
                now = receipts.get(source.name)
                if now is None or now.sha256 != source.sha256:
                    yield f"table {table} of {quarter} was made from another {source.name} than is there now."


def _changed_extracts(root: Path, quarter: str, receipts: Iterable[Receipt]) -> Iterator[str]:
    now: dict[str, str] = {}
    for receipt in receipts:
        for source in sources_of(receipt):
            if source.kind != "extract":
                continue
            if source.name not in now:
                path = extract_file(root, quarter, source.name)
                now[source.name] = extract_hash(path) if path else MISSING
            if now[source.name] != source.sha256:
                yield f"extract {source.name} of {quarter} is not the one that table {receipt.table} was made from."


def _changed_files(root: Path, quarter: str, receipts: Iterable[Receipt], study: Study) -> Iterator[str]:
    """Of a quarter before that is deleted nothing is looked for: its certificate says what became of it."""
    before = previous_quarter(quarter)
    for receipt in receipts:
        for source in files_read(receipt):
            if "{before}" in source.name and (before is None or deleted(root, before, study.name)):
                continue
            path = root / source.name.format(quarter=quarter, before=before)
            if not path.is_file() or file_hash(path) != source.sha256:
                name = path.relative_to(root)
                yield f"file {name} is not the one that table {receipt.table} of {quarter} was made from."


def _published(root: Path, quarter: str, receipts: dict[str, Receipt], study: Study) -> Iterator[str]:
    """A fault, or an empty text, for each file of the publication, or release, that a table lists."""
    of = f"the {study.released_as} of {quarter}"
    for table in (name for name in study.listing if name in receipts):
        for name, _, sha256 in believed_table(root, study.publisher, table, quarter).iter_rows():
            path = root / study.released.format(quarter=quarter) / name
            same = path.is_file() and file_hash(path) == sha256
            yield "" if same else f"file {name} of {of} is not the one that was written."
