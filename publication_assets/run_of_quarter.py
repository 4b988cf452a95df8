"""The record of a quarter's run, from the receipts of this zone and those that other zones told of.

Does not belong here: what is made of it (steps/lineage, steps/transparency).
"""

import json
from pathlib import Path
from typing import Any

import polars as pl

from contracts.zones import MADE_BY
from publication_assets.steps.lineage.run_record import RunRecord
from resources.duties.roles import read_roles
from resources.duties.sign_offs import read_sign_offs
from resources.lineage.code_now import code_now
from resources.receipts.told_receipts import receipts_told, told_receipts
from resources.settings.study_settings import StudySettings
from resources.zone.zone_store import ZoneStore


def run_of_quarter(
    store: ZoneStore, quarter: str, told: dict[str, pl.DataFrame], settings: StudySettings, synthetic: bool
) -> RunRecord:
    """The record as it is now. `told`: zone to what crossed of its receipts.

    Raises RolesRefused and NotSignedOff for a list of roles, or a sign-off, that was changed.
    """
    base = settings.publication.disclosure_threshold
    own = told_receipts(store.zone.receipts_of(quarter), {}, base)
    tables: dict[str, Any] = {}
    accepted: list[dict[str, Any]] = []
    for zone, frame in {**told, store.zone.name: own}.items():
        tables |= {receipt.table: (MADE_BY.get(receipt.table, zone), receipt) for receipt in receipts_told(frame)}
        accepted += [decision for each in frame["accepted"] for decision in json.loads(each)]
    return RunRecord(
        quarter,
        tables,
        settings,
        code_now(),
        tuple(accepted),
        _signed(store.zone.root, quarter, settings),
        synthetic,
        base=base,
    )


def _signed(root: Path, quarter: str, settings: StudySettings) -> tuple[tuple[str, str, str, str], ...]:
    """Sign-offs for a quarter: what, in which role, who, when."""
    if not settings.duties.appointed_by:
        return ()
    signed = read_sign_offs(root, read_roles(root, settings.duties.appointed_by))
    return tuple((each.what, each.role, each.by, each.at) for each in signed if each.quarter in {"", quarter})
