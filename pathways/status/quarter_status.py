"""Where a quarter stands: its extracts, the tables of each zone, what holds them, decisions, and the publication.

Belongs here: reading receipts and folders. Does not belong here: how it is shown (status_lines.py).
It runs nothing and reads no extract but for its hash. Whether new code would make a table anew only the zone itself can
say: `pathways refresh` asks it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from contracts.zones import MADE_BY
from pathways.duties.give import needs_none, to_sign
from pathways.duties.lines import in_words as sign_off_in_words
from pathways.refresh.receipts_of_run import believed_table, receipts_of
from pathways.refresh.stale_tables import stale_tables
from pathways.status.status_records import ExtractsStatus, PublicationStatus, QuarterStatus, ZoneStatus
from pathways.studies import TREATMENT, Study
from resources.deletion.deleted_quarters import deleted
from resources.duties.roles import RolesRefused
from resources.duties.sign_offs import NotSignedOff
from resources.operation.delivery import day_after, in_words, not_there, quarters_begun, quarters_expected
from resources.receipts.receipts import Receipt, file_hash
from resources.settings.study_settings import StudySettings, load_study_settings
from resources.zone.gates import DecisionsFolder, DecisionsNotReadable
from resources.zone.partitions import QUARTER_NAMES, known_quarter
from resources.zone.zone_tables import TableNotUsable


def quarters_shown(root: Path, today: date, study: Study = TREATMENT) -> list[str]:
    """Quarters of which something is there, and the one that ended last."""
    made = [name for name in QUARTER_NAMES if any((root / zone / name).is_dir() for zone in study.zones)]
    return quarters_expected([*quarters_begun(root / study.sources), *made], today)


def quarter_status(root: Path, quarter: str, today: date, study: Study = TREATMENT) -> QuarterStatus:
    """Where a quarter of a study stands. Raises NotAQuarter, StudySettingsError; KeyNotUsable for a damaged key."""
    settings, receipts = load_study_settings(), list(receipts_of(root, known_quarter(quarter), study.zones))
    by_table = {receipt.table: receipt for _, receipt in receipts}
    zone_of = {receipt.table: MADE_BY.get(receipt.table, folder) for folder, receipt in receipts}
    gone = deleted(root, quarter, study.name)
    stale = set() if gone else stale_tables(root, quarter, receipts, settings, study.sources)
    zones, open_now = [], {f"{table}: {check}" for table, check in _unjudged(by_table.values())}
    for zone in study.zones:
        own = [receipt for receipt in by_table.values() if zone_of[receipt.table] == zone]
        crossing = [table for table, maker in MADE_BY.items() if maker == zone]
        waits = sorted(table for table in crossing if table not in by_table)
        changed, held, unjudged = sorted(stale & {each.table for each in own}), _held(own, open_now), _unjudged(own)
        last = max(own, key=lambda each: each.made_at, default=None)
        made = (last.made_at, last.launched_by) if last else ("", "")
        zones.append(ZoneStatus(zone, len(own), changed, held, waits, len({each for each, _ in unjudged}), *made))
    return QuarterStatus(
        quarter,
        _extracts(root / study.sources, quarter, settings, today, study),
        zones,
        _publication(root, quarter, by_table, settings, today, study),
        _accepted(root, quarter),
        _sign_offs(root, quarter, study, gone),
        gone,
    )


def _extracts(root: Path, quarter: str, settings: StudySettings, today: date, study: Study) -> ExtractsStatus:
    missing = not_there(root, quarter, study.extracts, besides=False)
    there = len(study.extracts) - len(not_there(root, quarter, study.extracts, besides=True))
    due = day_after(quarter, settings.operation.extracts_due_days)
    return ExtractsStatus(there, len(study.extracts), missing, in_words(due) if missing and today > due else "")


def _sign_offs(root: Path, quarter: str, study: Study, gone: str) -> list[str]:
    """What real extracts need signed off, or once they are `gone`, what was; nothing of synthetic ones."""
    try:
        asked = [] if needs_none(root, quarter, study) else to_sign(root, quarter, study)
        return [sign_off_in_words(each) for each in asked if each.by or not gone]
    except (RolesRefused, NotSignedOff, DecisionsNotReadable) as refused:
        return [str(refused)]


def _unjudged(receipts: Iterable[Receipt]) -> list[tuple[str, str]]:
    """Table and check, of each that has not judged yet."""
    return [(each.table, check) for each in receipts for check, record in each.checks.items() if record is None]


def _held(receipts: Iterable[Receipt], unjudged: set[str]) -> dict[str, int]:
    """Check that refused to the number of tables that it holds."""
    held = Counter(check for receipt in receipts for check in receipt.open_checks() if check not in unjudged)
    return dict(sorted(held.items()))


def _publication(
    root: Path, quarter: str, receipts: dict[str, Receipt], settings: StudySettings, today: date, study: Study
) -> PublicationStatus:
    lacks, files = [f"what {table} writes" for table in study.listing if table not in receipts], 0
    for table in (table for table in study.listing if table in receipts):
        try:
            written = believed_table(root, study.publisher, table, quarter)
        except TableNotUsable:
            lacks.append(f"what {table} writes")
            continue
        files += written.height
        for name, content in written.select("file", "sha256").iter_rows():
            path = root / study.released.format(quarter=quarter) / name
            if not path.is_file() or file_hash(path) != content:
                lacks.append(name)
    held = any(receipts[table].open_checks() for table in study.listing if table in receipts)
    due, complete = day_after(quarter, settings.operation.published_due_days), not lacks and not held
    late = in_words(due) if not complete and today > due else ""
    return PublicationStatus(complete, files, sorted(lacks), late, study.released_as)


def _accepted(root: Path, quarter: str) -> list[dict[str, str]]:
    try:
        decisions = DecisionsFolder(root).of_quarter(quarter).accepted
    except DecisionsNotReadable as error:
        return [{"check": "", "measure": str(error), "by": "", "on": ""}]
    return [
        {"check": each.check, "measure": each.measure, "by": each.by, "on": each.on.isoformat()} for each in decisions
    ]
