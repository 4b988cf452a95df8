"""Deletes the files of a quarter that precede its publication, sees that they are gone, and certifies it.

Belongs here: the order of it, so that a deletion that was killed goes on. Does not belong here: which files
(preceding_files.py), the form of a certificate (resources/deletion/certificates.py), options (command.py).

Copies that backups and snapshots hold are not within reach: whoever keeps them deletes them.
"""

import json
import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contracts.deletion import RELEASE_SECRET
from pathways.deletion.labels import delete_labels
from pathways.deletion.preceding_files import SENT, files_of_quarter, tables_deleted
from pathways.duties.give import needs_none, to_sign
from pathways.duties.people import current_roles, key_of, make_key
from pathways.studies import TREATMENT, Study
from resources.deletion.certificates import Certificate, write_certificate, write_plan
from resources.deletion.deleted_quarters import deleted, plan_file
from resources.operation.quarter_lock import alone
from resources.receipts.receipts import file_hash
from resources.store.kept_files import KeptFiles
from resources.zone.partitions import known_quarter


class NotDeleted(Exception):
    """Nothing was deleted, or something is left; says why and what to do."""


def sign_off_number(root: Path, quarter: str, study: Study = TREATMENT) -> int:
    """Number of the sign-off of what is published, which comes before its files are deleted; 0 for synthetic extracts.

    Raises NotDeleted; RolesRefused, NotSignedOff.
    """
    plan = plan_file(root, quarter, study.name)
    if plan.exists():  # it was there when the deletion began
        return int(json.loads(plan.read_text(encoding="utf-8"))["sign_off"])
    if needs_none(root, quarter, study):
        return 0
    (asked,) = [each for each in to_sign(root, quarter, study) if each.what == "publication"] or [None]
    if asked is None or asked.by is None:
        raise NotDeleted(
            f"The {study.released_as} of {quarter} is not signed off, so its files are still needed: "
            f"pathways sign-off list{study.option} --quarter {quarter}"
        )
    return asked.by.number


def delete_quarter(root: Path, quarter: str, by: str, study: Study = TREATMENT) -> Certificate:
    """Delete all that precedes the publication of a quarter, or go on with it, and certify that it is gone.

    Raises NotDeleted, QuarterIsRun; RolesRefused, NotSignedOff, SecretNotReadable, NotAQuarter.
    """
    with alone(root, study.zones, known_quarter(quarter), "pathways delete"):
        if not plan_file(root, quarter, study.name).exists() and (said := deleted(root, quarter, study.name)):
            raise NotDeleted(f"{said} There is nothing of it left to delete.")
        number, seed = sign_off_number(root, quarter, study), _key(root, quarter, by, study)
        plan = _planned(root, quarter, by, number, study)
        if plan["labels"] is None:
            plan["labels"] = delete_labels(root, quarter) if study is TREATMENT else 0
            write_plan(root, quarter, plan, study.name)
        _delete(root, files_of_quarter(root, quarter, study).deleted, quarter, study)
        left = files_of_quarter(root, quarter, study)
        if left.deleted:
            raise NotDeleted(f"{len(left.deleted)} files of {quarter} are still there. Run the same command again.")
        at = datetime.now(UTC).isoformat(timespec="seconds")
        said = {"quarter": quarter, "study": study.name, "by": by, "at": at, "kept": len(left.kept)}
        made = write_certificate(root, plan | said, seed)
        plan_file(root, quarter, study.name).unlink()
    return made


def _key(root: Path, quarter: str, by: str, study: Study) -> bytes:
    """The key of who deletes: an approver, or anybody where the extracts are synthetic."""
    if plan_file(root, quarter, study.name).exists() or needs_none(root, quarter, study):
        make_key(root, by)
    elif "approver" not in current_roles(root).of(by):
        raise NotDeleted(
            f"{by} is no approver, who must delete: pathways sign-off list{study.option} --quarter {quarter}"
        )
    return key_of(root, by)


def _planned(root: Path, quarter: str, by: str, sign_off: int, study: Study) -> dict[str, Any]:
    """The plan, with the hash of every file that is still there: of one that has begun, those of its beginning too."""
    path = plan_file(root, quarter, study.name)
    plan = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"files": {}, "labels": None}
    now = {str(file.relative_to(root)): _hash(file) for file in files_of_quarter(root, quarter, study).deleted}
    plan |= {"files": now | plan["files"], "sign_off": sign_off}
    if not plan["files"]:
        raise NotDeleted(f"There is nothing of {quarter} to delete.")
    write_plan(root, quarter, plan, study.name)
    return plan


def _hash(path: Path) -> str:
    return "" if path.is_symlink() else file_hash(path)


def _delete(root: Path, files: Sequence[Path], quarter: str, study: Study) -> None:
    """Delete files, the secret of the release last and overwritten, and folders that are empty then."""
    secret = root / RELEASE_SECRET.format(quarter=quarter)
    for path in files:
        if path == secret:
            _overwrite(path)
        path.unlink(missing_ok=True)
    for zone, table in tables_deleted(root, quarter, study):  # in a bucket too, where tables lie in one
        KeptFiles(root, zone).remove(table)
    places = [root / study.sources / place / quarter for place in SENT]
    places += [root / zone / quarter for zone in study.zones]
    places += sorted((root / "crossings").glob(f"*/{quarter}")) if study is TREATMENT else []
    for place in places:
        for folder in sorted((each for each in place.rglob("*") if each.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()


def _overwrite(path: Path) -> None:
    """Write other bytes over a secret before it is unlinked. On some storage the old ones stay until it is reused."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(size))
        file.flush()
        os.fsync(file.fileno())
