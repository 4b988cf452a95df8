"""Writes the two algorithmic transparency records and the fact sheet of the impact assessment, each as one web page.

Belongs here: the values of their templates. Does not belong here: prose (templates/transparency_linkage,
transparency_notes, impact_assessment), what only people can say (gaps.py).

Source of the order of fields: Algorithmic Transparency Recording Standard, and records of MoJ for Splink
(gov.uk/algorithmic-transparency-records). Of the fact sheet: ICO, data protection impact assessments.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from contracts.crossings import CROSSINGS
from contracts.extracts import ALL_EXTRACTS, EXTRACT_BY_NAME, SUPPLIERS
from contracts.holdings import ABOUT, CARE, HOLDINGS, TABLES
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.documents.write_document import write_document
from publication_assets.steps.lineage.run_record import RunRecord
from publication_assets.steps.quality.linkage_quality_text import review_title, simulated_review
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publication_assets.steps.transparency.gaps import gaps_of, words_of
from publishing.documents.document import Grid
from publishing.documents.fill_template import Value
from publishing.documents.render_document import document_html
from resources.records.shown_counts import rounded

RECORDS = {
    "transparency_linkage.html": "transparency_linkage",
    "transparency_notes.html": "transparency_notes",
    "impact_assessment.html": "impact_assessment",
}
OF_THE_STUDY = ("linkage_assets", "nlp_assets", "modelling_assets", "publication_assets")


@dataclass(frozen=True)
class Quality:
    """How well the two tools do: the crossing tables linkage_quality and note_reading_quality, and who allowed it all:
    information_governance.
    """

    linkage: pl.DataFrame
    notes: pl.DataFrame
    governance: pl.DataFrame


def transparency_files(record: RunRecord, quality: Quality, facts: RunFacts) -> dict[str, bytes]:
    """The three pages as files."""
    pages = {
        "transparency_linkage": linkage_values(record, quality, facts),
        "transparency_notes": notes_values(record, quality, facts),
        "impact_assessment": impact_values(record, quality, facts),
    }
    return {
        file: document_html(write_document(name, pages[name], facts), facts).encode("utf-8")
        for file, name in RECORDS.items()
    }


def linkage_values(record: RunRecord, quality: Quality, facts: RunFacts) -> Mapping[str, Value]:
    """What the templates of the record of the linkage model name."""
    tables, linkage = QualityTables(quality.linkage, facts.synthetic_mark), record.settings.linkage
    model, decided = record.tables.get("linkage_model"), linkage.threshold_decision
    return {
        **_shared(record, "linkage_model", facts),
        "model_name": linkage.model.name,
        "model_sha256": model[1].sha256 if model else "not here",
        "code": _code(record, "scored_pairs"),
        "threshold_decided": f"{decided.decided_by} on {decided.decided_on}, from {decided.evidence}",
        "table_people": tables.grid("people", "Records, identifiers and people", "System"),
        "table_model": tables.grid("model", "m, u and weight of every level", "Comparison and level"),
        "tables_groups": [
            grid
            for group in tables.groups("groups")
            for grid in tables.grid("groups", f"Linkage and expected errors: {group}", group, group)
        ],
        "table_review": tables.grid("review", review_title(tables), "Measure", "Results"),
        "simulated_pair_review": tables.has("review") and simulated_review(tables),
        "tables_completeness": [
            grid
            for group in tables.groups("completeness")
            for grid in tables.grid("completeness", f"Identifiers recorded: {group}", "Field", group)
        ],
    }


def notes_values(record: RunRecord, quality: Quality, facts: RunFacts) -> Mapping[str, Value]:
    """What the templates of the record of the note classifier name."""
    tables = QualityTables(quality.notes, facts.synthetic_mark)
    headers = ["Engine", "Model", "Weights (hash)", "Prompt (hash)", "Software"]
    rows = [
        [engine.name, engine.model, engine.weights, engine.prompt or "none", engine.version] for engine in facts.engines
    ]
    return {
        **_shared(record, "note_classifier", facts),
        "code": _code(record, "requirement_engagement"),
        "label_threshold": f"{record.settings.notes.labels.label_threshold:g}",
        "table_engines": [Grid(facts.marked("Classifiers of this run"), headers, rows)] if rows else [],
        "table_selection": tables.grid("selection", "Contacts during the sampled requirements", "Recorded under"),
        "tables_reviewed": [
            tables.measures(
                "reviewed requirements", f"Reviewed requirements{f': {group}' if group else ''}", label, group
            )
            for group in tables.groups("reviewed requirements")
            for label in tables.labels("reviewed requirements", group)
        ],
        "table_phenomena": tables.grid(
            "errors by phenomenon", "Errors, by what reviewers found in notes", "Phenomenon"
        ),
        "simulated_reviewers": facts.simulated_review,
    }


def impact_values(record: RunRecord, quality: Quality, facts: RunFacts) -> Mapping[str, Value]:
    """What the templates of the fact sheet name."""
    given = quality.governance.select("item", "part", "entry").rows()
    return {
        **_shared(record, "impact_assessment", facts),
        "table_governance": Grid(
            facts.marked("Who allowed this release"), ["Item", "Part", "Entry"], [list(row) for row in given]
        ),
        "requirements_rounded": rounded(facts.requirements, record.base),
        "people_rounded": rounded(facts.people, record.base),
        "table_sources": _sources(),
        "table_held": _held(),
        "table_crossings": Grid(
            "What crosses from zone to zone, and nothing else",
            ["Table", "From", "To", "What it is"],
            [
                [name, CARE[each.made_by].zone, ", ".join(CARE[reader].zone for reader in each.read_by), each.purpose]
                for name, each in CROSSINGS.items()
                if each.made_by in OF_THE_STUDY
            ],
        ),
    }


def _shared(record: RunRecord, tool: str, facts: RunFacts) -> dict[str, Value]:
    words = words_of(record.settings.release.transparency)
    said = dict(facts.release)
    return {
        **{name: text for name, text in words.items() if "." not in name},
        **{name.partition(".")[2]: text for name, text in words.items() if name.startswith(f"{tool}.")},
        "organisation": said.get("Publisher")
        or "Not given. It is the publisher, under release.publisher in study.toml.",
        "open_gaps": gaps_of(record.settings.release.transparency, tool),
        "edition": facts.edition,
    }


def _code(record: RunRecord, table: str) -> str:
    """The code that a table was made with, as its receipt says. A day or a commit would differ between two runs that
    make the same of the same; lineage.html, which is of one run, has both.
    """
    made = record.tables.get(table)
    return (made[1].code if made else "") or "not stated"


def _sources() -> Grid:
    rows = [
        [name, SUPPLIERS[extract.system], f"{len(extract.columns)}", extract.meaning]
        for extract in ALL_EXTRACTS
        if (name := f"{extract.system}/{extract.name}") and extract.name in EXTRACT_BY_NAME
    ]
    return Grid("Files that are asked for", ["File", "Sent by", "Columns", "What it is"], rows)


def _held() -> Grid:
    """What each zone holds, by kind of content, with basis and retention."""
    rows = []
    for package in OF_THE_STUDY:
        for content, names in TABLES[package].items():
            about = ABOUT[names[0]]
            rows.append(
                [
                    CARE[package].zone,
                    HOLDINGS[content].words,
                    f"{len(names)}",
                    about.owner,
                    about.legal_basis,
                    about.retention,
                ]
            )
    return Grid("What each zone holds", ["Zone", "Holds", "Tables", "Answered for by", "Basis", "Kept"], rows)
