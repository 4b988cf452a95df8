"""The record of a run as W3C PROV in JSON: what each table is, what it was made of, by what, when and for whom.

Belongs here: the vocabulary of PROV. Does not belong here: what happened (run_record.py).

Source: PROV-DM (https://www.w3.org/TR/prov-dm/) and PROV-JSON (https://www.w3.org/submissions/prov-json/). An entity is
a table, an extract or a published file, an activity the making of one table, an agent a person, a program or a team.
"""

import json
from typing import Any
from urllib.parse import quote

import polars as pl
from prov.model import ProvDocument

from contracts.extracts import SUPPLIERS
from contracts.holdings import ABOUT
from publication_assets.steps.lineage.prov_tables import CONTENT, NUMBER, TABLE
from publication_assets.steps.lineage.run_record import RunRecord
from resources.lineage.walk import MISSING, Source, sources_of
from resources.receipts.receipts import Receipt
from resources.records.shown_counts import shown_count

NAMESPACE = "urn:pathways:"
SOFTWARE = "pathways:software"


def prov_json(record: RunRecord, files: pl.DataFrame) -> bytes:
    """The file prov.json. `files`: published files with the table that lists each (table, file,
    sha256).

    The same receipts give the same bytes.
    """
    document = ProvDocument()
    document.add_namespace("pathways", NAMESPACE)
    code = {f"pathways:{name}": said for name, said in record.code.items()}
    document.agent(SOFTWARE, {"prov:type": "prov:SoftwareAgent", "prov:label": "Pathways", **code})
    for name, (zone, receipt) in sorted(record.tables.items()):
        _made(document, record, zone, name, receipt)
    for table, file, sha256 in files.select("table", "file", "sha256").sort("file").iter_rows():
        entity = f"pathways:file/{file}"
        document.entity(entity, {"prov:type": "pathways:file", "pathways:sha256": sha256})
        document.wasGeneratedBy(entity, f"pathways:making/{table}")
    written = json.loads(document.serialize(format="json") or "{}")
    return (json.dumps(_in_order(written), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _made(document: ProvDocument, record: RunRecord, zone: str, name: str, receipt: Receipt) -> None:
    entity, activity = f"{TABLE}{name}", f"pathways:making/{name}"
    document.entity(
        entity,
        {
            "prov:type": "pathways:table",
            "pathways:quarter": record.quarter,
            "pathways:zone": zone,
            CONTENT: receipt.sha256,
            "pathways:rows": str(shown_count(receipt.rows, record.base, f"fewer than {record.base}")),
            NUMBER: str(receipt.number),
        },
    )
    said = {"pathways:run": receipt.run, "pathways:code": receipt.code, "pathways:settings": receipt.settings}
    document.activity(activity, endTime=receipt.made_at or None, other_attributes=said)
    document.wasGeneratedBy(entity, activity)
    document.wasAssociatedWith(activity, SOFTWARE)
    if receipt.launched_by:
        person = f"pathways:launched-by/{quote(receipt.launched_by, safe='')}"
        document.agent(person, {"prov:label": receipt.launched_by})
        document.wasAssociatedWith(activity, person)
    if name in ABOUT:
        _attributed(document, entity, ABOUT[name].owner)
    for source in sources_of(receipt):
        if source.sha256 != MISSING and source.kind in {"table", "extract"}:
            used = _source(document, source)
            document.used(activity, used)
            document.wasDerivedFrom(entity, used, activity)


def _source(document: ProvDocument, source: Source) -> str:
    entity = f"pathways:{source.kind}/{source.name}"
    if source.kind == "extract":
        document.entity(entity, {"prov:type": "pathways:extract", "pathways:sha256": source.sha256})
        _attributed(document, entity, SUPPLIERS[source.name.partition("/")[0]])
    return entity


def _attributed(document: ProvDocument, entity: str, owner: str) -> None:
    agent = f"pathways:team/{owner.replace(' ', '-')}"
    document.agent(agent, {"prov:type": "prov:Organization", "prov:label": owner})
    document.wasAttributedTo(entity, agent)


def _in_order(written: dict[str, Any]) -> dict[str, Any]:
    """The record with everything in one order, and whatever was stated twice once."""
    return {kind: _once(written[kind]) for kind in sorted(written)}


def _once(stated: dict[str, Any]) -> dict[str, Any]:
    named = {name: _single(said) for name, said in sorted(stated.items()) if not name.startswith("_:")}
    relations = {json.dumps(said, sort_keys=True) for name, said in stated.items() if name.startswith("_:")}
    numbered = {f"_:r{number}": json.loads(said) for number, said in enumerate(sorted(relations), 1)}
    return named | numbered


def _single(said: Any) -> Any:
    return said[0] if isinstance(said, list) and all(each == said[0] for each in said) else said
