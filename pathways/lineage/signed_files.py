"""Whether what is signed or sealed apart from receipts is as it was, whatever quarter it is of: the list of roles,
every sign-off and certificate of deletion, the keys that zones publish, and readings of notes.

Does not belong here: receipts (verify.py), and what each of these files says.
"""

from collections.abc import Callable
from pathlib import Path

from contracts.zones import MADE_BY
from nlp_assets.labels.labels_file import labels_file
from nlp_assets.steps.labels.label_store import LabelStore, LabelStoreUnusable
from pathways.duties.people import current_roles
from pathways.refresh.zone_order import ZONE_NAMES
from resources.deletion.certificates import CertificateRefused, read_certificates
from resources.duties.roles import RolesRefused, roles_file
from resources.duties.sign_offs import NotSignedOff, read_sign_offs
from resources.receipts.receipt_book import ReceiptBook
from resources.secrets.kept_secret import SecretNotReadable, read_secret


def changed_signed_files(root: Path) -> tuple[int, list[str]]:
    """How many there are, and what is not as it was signed or published; names files."""
    keys = [(root / "crossings" / table / f"{maker}.pub", maker) for table, maker in sorted(MADE_BY.items())]
    published = [(path, maker) for path, maker in keys if path.is_file()]
    faults = [
        f"file {path.relative_to(root)} is not the key that another zone knows of the {maker} zone."
        for path, maker in published
        if any(known != path.read_bytes() for known in _known(root, maker))
    ]
    certificates = _looked_at(lambda: len(read_certificates(root)), faults)
    people = _looked_at(lambda: len(read_sign_offs(root, current_roles(root))), faults)
    readings = _changed_readings(root)
    faults += [fault for fault in readings if fault]
    return len(published) + certificates + people + roles_file(root).is_file() + len(readings), faults


def _changed_readings(root: Path) -> list[str]:
    """A fault, or an empty text, of the file of readings, where there is one."""
    file, key = labels_file(root), root / "nlp" / "secrets" / "note_hash.key"
    if not (file.is_file() and key.is_file()):
        return []
    try:
        with LabelStore(file, read_secret(key)) as store:
            changed = store.changed()
    except (LabelStoreUnusable, SecretNotReadable) as fault:
        return [str(fault)]
    said = "has readings that were changed since they were written. A refresh reads those notes again."
    return [f"file {file.relative_to(root)} {said}" if changed else ""]


def _known(root: Path, maker: str) -> list[bytes]:
    known = [ReceiptBook(root, zone).known(maker) for zone in ZONE_NAMES]
    return [path.read_bytes() for path in known if path.is_file()]


def _looked_at(count: Callable[[], int], faults: list[str]) -> int:
    """What `count` gives; 0 and a fault where that is refused."""
    try:
        return count()
    except (CertificateRefused, NotSignedOff, RolesRefused) as fault:
        faults.append(str(fault))
        return 0
