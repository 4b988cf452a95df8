"""What a person reads of a deletion. Does not belong here: deleting (delete.py)."""

from collections import Counter
from pathlib import Path

from contracts.deletion import KEPT_TABLES
from pathways.deletion.delete import NotDeleted, sign_off_number
from pathways.deletion.preceding_files import files_of_quarter
from pathways.studies import TREATMENT, Study
from resources.deletion.certificates import Certificate
from resources.deletion.deleted_quarters import deleted


def listed_lines(root: Path, quarter: str, study: Study = TREATMENT) -> list[str]:
    """What would be deleted and what is kept, and whether it may be. Raises NotAQuarter, RolesRefused."""
    if said := deleted(root, quarter, study.name):
        return [said]
    files = files_of_quarter(root, quarter, study)
    megabytes = sum(path.lstat().st_size for path in files.deleted) / 1e6
    notes = ", and the labels of its notes" if study is TREATMENT else ""
    lines = [f"To be deleted of {quarter}: {len(files.deleted)} files, {megabytes:,.1f} MB{notes}"]
    lines += [f"  {place}: {count} files" for place, count in _by_place(root, files.deleted)]
    places = (*study.zones, "crossings") if study is TREATMENT else study.zones
    lines += [f"Kept: {len(files.kept)} files, which are receipts, the {study.released_as} and these tables"]
    lines += [f"  {zone}: {', '.join(tables)}" for zone, tables in KEPT_TABLES.items() if zone in places]
    try:
        number = sign_off_number(root, quarter, study)
    except NotDeleted as refused:
        return [*lines, str(refused)]
    why = f"sign-off {number} allows it" if number else "its extracts are SYNTHETIC, and need no sign-off"
    return [*lines, f"It may be deleted: {why}. pathways delete{study.option} --quarter {quarter} --by NAME"]


def certified_lines(made: Certificate) -> list[str]:
    """What was done."""
    return [
        f"Certificate {made.number}: of {made.quarter}, {len(made.files)} files and {made.labels} labels were deleted "
        f"by {made.by} on {made.at[:10]}, and none of them is there. {made.kept} files are kept.",
        "Delete the copies that backups and snapshots hold, too.",
    ]


def _by_place(root: Path, files: list[Path]) -> list[tuple[str, int]]:
    return sorted(Counter(path.relative_to(root).parts[0] for path in files).items())
