"""The values of the methodology paper: settings and counts of the run by the names that its templates use.

Belongs here: one function for each part of the published methodology. Does not belong here: prose
(templates/methodology), the long tables of the appendices (methodology_appendices.py), results.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from publication_assets.catalogue.wording import model_in_words, percent
from publication_assets.steps.documents.run_facts import RunFacts
from publication_assets.steps.methodology.methodology_appendices import published_grid
from publication_assets.steps.quality.court_coverage_text import court_coverage
from publication_assets.steps.quality.linkage_quality_text import decision
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.documents.document import Block, Bullets, Drawing, Grid, text_of
from publishing.documents.fill_template import Value
from resources.settings.governance_settings import Governance
from resources.settings.modelling_settings import Model, Modelling
from resources.settings.study_settings import Combining, Notes, StudySettings

LABEL_ERRORS, MISSING_VALUES = "label_errors", "missing_values"
ENGINE_HEADERS = ["Engine", "Model", "Weights (hash)", "Prompt (hash)", "Software"]


def data_values(quality: QualityTables, consort: Figure, settings: StudySettings) -> Mapping[str, Value]:
    """Section 2: sources, coverage, records at each stage."""
    return {
        "requirement_types": " and ".join(settings.study.requirement_types),
        "excluded_regions": ", ".join(settings.study.exclude_regions) or "none",
        "without_mental_health_orders": settings.combining.exclude_mental_health_orders,
        "figure_consort": Drawing(consort),
        "court_coverage": " ".join(court_coverage(quality, settings.drift.court_results_fall)),
    }


def linkage_values(quality: QualityTables, settings: StudySettings) -> Mapping[str, Value]:
    """Section 3: comparisons, blocking, the model's parameters, the threshold."""
    linkage = settings.linkage
    rules: list[Block] = [Bullets([spoken([rule]).capitalize() for rule in linkage.blocking_rules])]
    return {
        "dedupe_threshold": str(linkage.dedupe_threshold),
        "client_dedupe_threshold": str(linkage.client_dedupe_threshold),
        "largest_cluster": linkage.largest_cluster,
        "minimum_identifiers": linkage.minimum_identifiers,
        "term_frequencies": spoken(linkage.term_frequencies) or "nothing",
        "birth_date_years": linkage.birth_date_year_tolerance,
        "sector_distances": ", ".join(f"{distance:g}" for distance in linkage.sector_distances_km),
        "table_model": quality.grid(
            "model", "Comparison levels and parameters of the linkage model", "Comparison and level"
        ),
        "table_prior": quality.grid("prior", "Prior of the linkage model", "Prior"),
        "blocking_rules": quality.grid("blocking", "Blocking rules", "Rule") or rules,
        "threshold_decision": decision(linkage),
        "table_thresholds": quality.grid("thresholds", "People linked at other thresholds", "Score and threshold"),
    }


def combining_values(rules: Combining) -> Mapping[str, Value]:
    """Section 4: from links to the records of the analysis."""
    return {
        "journey_gap_days": rules.journey_gap_days,
        "open_journey_first": rules.journey_choice == "open_else_first_after",
        "transfers_count_as": spoken([rules.transferred_counts_as]),
        "index_case_counts": rules.reconviction_index_case_counts,
    }


def notes_values(
    cells: ShownCells, quality: QualityTables, facts: RunFacts, notes: Notes, replicates: int
) -> Mapping[str, Value]:
    """Section 5: sample, filter, engines, the rule for a requirement, errors of labels, the estimate."""
    engines = [
        [engine.name, engine.model, engine.weights or "not stated", engine.prompt or "none", engine.version]
        for engine in facts.engines
    ]
    contacts = {text_of(row[0]): text_of(row[1]) for row in quality.table("selection", "", "").rows}
    sensitive = [number for label, number in contacts.items() if label.startswith("marked sensitive")]
    return {
        "unlinked_share": percent(notes.unlinked_sample_share),
        "control_share": percent(notes.linked_decoy_share) if notes.linked_decoy_share else "",
        "sensitive_notes": sensitive[0] if sensitive else "",
        "whole_words": notes.filter.whole_words,
        "acronyms_in_capitals": notes.filter.case_sensitive_acronyms,
        "any_white_space": notes.filter.any_white_space,
        "label_threshold": str(notes.labels.label_threshold),
        "engaged_probability": f"{notes.engaged_p1:.12g}",
        "prompt": notes.labels.prompt,
        "reasons_without_a_language_model": " ".join(filter(None, (engine.reason for engine in facts.engines))),
        "table_engines": [Grid("Engines of this run", ENGINE_HEADERS, engines)] if engines else [],
        "table_label_errors": published_grid(cells, LABEL_ERRORS, facts),
        "table_reviewers": quality.grid("reviewer agreement", "Agreement of reviewers", "Reviewers"),
        "bootstrap_replicates": replicates,
    }


def models_values(
    cells: ShownCells, facts: RunFacts, modelling: Modelling, diagnostics: Sequence[Figure], fits: list[Block]
) -> Mapping[str, Value]:
    """Section 6. diagnostics: figures on the imputation, if any. fits: how the fits went."""
    formulas = [
        [model_in_words(name, facts.wording), formula(model, modelling)] for name, model in modelling.models.items()
    ]
    return {
        "rare_level_records": modelling.rare_level_records,
        "imputations": modelling.imputation.imputations,
        "iterations": modelling.imputation.iterations,
        "seed": str(modelling.seed),
        "by_forests": modelling.imputation.method == "miceforest_pmm",
        "table_missing_values": published_grid(cells, MISSING_VALUES, facts),
        "figures_imputation": [Drawing(figure) for figure in diagnostics],
        "table_formulas": Grid("Models of this run", ["Outcome and requirements", "Factors"], formulas),
        "minimum_level_count": modelling.minimum_level_count,
        "largest_log_odds": f"{modelling.largest_log_odds:g}",
        "largest_standard_error": f"{modelling.largest_standard_error:g}",
        "fits": fits,
        "strong_odds_ratio": f"{modelling.strong_odds_ratio:g}",
        "moderate_odds_ratio": f"{modelling.moderate_odds_ratio:g}",
    }


def formula(model: Model, settings: Modelling) -> str:
    """The right side of a model's formula in words."""
    factors = ", ".join(settings.factors[name].label for name in model.factors)
    return f"{factors}; random intercept for {spoken([settings.random_intercept])}"


def governance_values(entries: pl.DataFrame, governance: Governance, facts: RunFacts) -> Mapping[str, Value]:
    """Section 9. entries: the table information_governance."""
    rows = [[row["item"], row["part"], row["entry"]] for row in entries.iter_rows(named=True)]
    return {
        "table_governance": Grid("Information governance of this release", ["Item", "What", "Entry"], rows),
        "data_contact": facts.contact if facts.synthetic else governance.contact or facts.contact,
    }


def spoken(names: Sequence[str]) -> str:
    """Names of settings as words, in a list."""
    return ", ".join(name.replace("_", " ") for name in names)
