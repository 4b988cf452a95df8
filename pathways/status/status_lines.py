"""Where quarters stand, as lines for a person, as JSON, and as a page. Does not belong here: finding it out."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from html import escape

from pathways.status.status_records import QuarterStatus, ZoneStatus
from resources.operation.delivery import in_words

NAMES = {"nlp": "notes"}  # of zones, where people call them otherwise
TITLE = "Pathways: where each quarter stands"
STYLE = (
    "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}"
    "dl{display:grid;grid-template-columns:10rem 1fr;gap:.3rem}dt{font-weight:bold}dd{margin:0}"
)


def facts(status: QuarterStatus) -> list[tuple[str, str]]:
    """What is to be said of a quarter: name and words."""
    extracts, publication = status.extracts, status.publication
    said = [f"{extracts.there} of {extracts.of} are there"]
    if extracts.missing:
        late = f" since {extracts.late_since}" if extracts.late_since else ""
        said.append(f"{'late' if late else 'missing'}{late}: {', '.join(extracts.missing)}")
    found = [("deleted", status.deleted)] if status.deleted else [("extracts", "; ".join(said))]
    for zone in status.zones if not status.deleted else ():
        words = [_made(zone)]
        if zone.stale:
            words.append(f"{len(zone.stale)} made of what has changed since: {', '.join(zone.stale)}")
        if zone.unjudged:
            words.append(f"{zone.unjudged} not judged yet")
        words += [f"{count} held by {check}" for check, count in zone.held.items()]
        if zone.tables and zone.waits_for:
            words.append(f"not handed on yet: {', '.join(zone.waits_for)}")
        found.append((f"{NAMES.get(zone.zone, zone.zone)} zone", "; ".join(words)))
    words = f"complete, {publication.files} files" if publication.complete else "not complete"
    if publication.lacks and publication.files:
        words += f"; lacking, or changed since: {', '.join(publication.lacks)}"
    if publication.late_since:
        words += f"; late since {publication.late_since}"
    found.append((publication.called, words))
    found += [("sign-off", words) for words in status.sign_offs]
    return found + [
        ("accepted", f"{each['check']}: {each['measure']}, by {each['by']} on {each['on']}") for each in status.accepted
    ]


def _made(zone: ZoneStatus) -> str:
    if not zone.tables:
        return "not started"
    day = f", the newest of {in_words(datetime.fromisoformat(zone.newest).date())}" if zone.newest else ""
    return f"{zone.tables} tables{day}{f' (launched by {zone.launched_by})' if zone.launched_by else ''}"


def text_lines(statuses: Iterable[QuarterStatus]) -> list[str]:
    """Lines for a person."""
    lines: list[str] = []
    for status in statuses:
        lines.append(f"{status.quarter}  {status.stands}")
        lines += [f"  {name:16s} {words}" for name, words in facts(status)]
    return lines


def json_lines(statuses: Iterable[QuarterStatus]) -> list[str]:
    """A line of JSON per quarter."""
    return [json.dumps({**asdict(status), "stands": status.stands}) for status in statuses]


def page(statuses: Iterable[QuarterStatus], made_at: str) -> str:
    """A page that needs no other file. `made_at`: when, in words."""
    parts = []
    for status in statuses:
        listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in facts(status))
        parts.append(f"<section><h2>{escape(status.quarter)}: {escape(status.stands)}</h2><dl>{listed}</dl></section>")
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{TITLE}</title><style>{STYLE}</style>'
        f"</head><body><main><h1>{TITLE}</h1><p>As of {escape(made_at)}. From receipts: it holds no value of the data."
        f"</p>{''.join(parts)}</main></body></html>\n"
    )
