"""What is published says nothing that a setting has made false: every text of a run with other settings is read.

A row of CHANGES is a setting, another value of it, words that are false then and words that must be there instead.
The rows of one run are applied together, so that a run is made once.
"""

import html
import re
from datetime import date
from typing import Any

import polars as pl
import pytest

from modelling_assets.schemas.imputation import ImputationConvergence
from modelling_assets.steps.engagement.estimate_engagement import estimate_engagement
from modelling_assets.steps.models.fit_models import FIT_COLUMNS
from modelling_assets.steps.sensitivity.pool_alternatives import SENSITIVITY_COLUMNS
from publication_assets.steps.comparison.compare_with_published import (
    NOT_COMPARED,
    OUTSIDE,
    WITHIN,
    compare_with_published,
)
from publication_assets.steps.comparison.write_comparison import comparison_html
from publication_assets.steps.documents.run_facts import run_facts
from publication_assets.steps.governance.governance_entries import governance_entries
from publication_assets.steps.methodology.write_methodology import RunRecords, methodology
from publication_assets.steps.quality.write_linkage_quality import linkage_quality_html
from publication_assets.steps.quality.write_note_reading import note_reading_html
from publication_assets.steps.report.write_report import report
from publication_assets.steps.tables.make_tables import TableInputs, make_tables
from publication_assets.steps.workbook.write_workbook import workbook_sheets
from publishing.disclosure.show_cells import published_cells
from publishing.documents.document import Drawing
from resources.settings.study_settings import StudySettings, load_study_settings

# Figures of the published study, and levels that no setting decides.
NOT_OURS = re.compile(
    r"(longer than|Over|10 to) 12 months|(6 to|More than|Within) 12 weeks|"
    r"here, [^.:]{1,120} in the published study|in the published study|"
    r"published rule is that one note labelled engaged|and one labelled engaged is enough|"
    r"sentences from August 2018 to March 2023"
)
NOT_OF_THIS_RUN = re.compile(r"All people in treatment, as published|as published\W+\w+ \d{4}")
CHANGES = {
    "another study": [
        ("study.cohort_start", date(2019, 2, 1), r"August 2018", r"1 February 2019"),
        ("linkage.threshold", 0.97, r"of (at least )?0\.985", r"0\.97 or more"),
        ("linkage.threshold_decision.threshold", 0.97, r"of 0\.985", r"threshold of 0\.97 was decided on"),
        (
            "linkage.threshold_decision.basis",
            "clerical_review",
            r"threshold of \S+ is that of",
            r"Basis: clerical review of linked pairs",
        ),
        ("linkage.dedupe_threshold", 0.98, r"probability of (at least )?0\.99\b", r"0\.98 in nDelius"),
        ("linkage.earliest_birth_date", date(1910, 6, 15), r"before (1 January )?1903", r"before 15 June 1910"),
        (
            "combining.reconviction_months",
            9,
            r"reconvict\w* within 12 months|less than 12 months|12 months of sentence",
            r"Reconvicted within 9 months",
        ),
        (
            "combining.reconviction_date_basis",
            "offence_date",
            r"for an offence after sentence",
            r"for an offence committed within 9 months of sentence",
        ),
        (
            "combining.reconviction_outcome_set",
            "convictions_only",
            r"Every outcome in this list counts",
            r"in this list counts only if",
        ),
        ("combining.reconviction_index_case_counts", True, r"sentenced do not count", r"sentenced count"),
        (
            "combining.exclude_mental_health_orders",
            False,
            r"requirement are excluded",
            r"mental health treatment requirement are included",
        ),
        (
            "combining.outcome_forms.days_from_start",
            17,
            r"at most 14 days (away|from the start)",
            r"at most 17 days away",
        ),
        (
            "combining.outcome_forms.days_from_discharge",
            13,
            r"at most 14 days from (its|the) end",
            r"at most 13 days from the end of the journey",
        ),
        ("combining.outcome_forms.days_apart", 31, r"at least 28 days (after|later)", r"at least 31 days after"),
        ("combining.prison_months", 7, r"prison within 12 months", r"ntered prison \(not on remand\) within 7 months"),
        ("combining.prison_legal_status", "sentenced_or_recalled", r"(prison|reception) within", r"not on remand"),
        ("combining.journey_gap_days", 28, r"21 days", r"28 days or less apart"),
        ("combining.journey_within_months", 6, r"started after it\b", r"started within 6 months after it"),
        (
            "combining.journey_choice",
            "first_after",
            r"the one open at sentence, or",
            r"or otherwise from the one open then",
        ),
        (
            "combining.structured_data_sets",
            ["adult_community", "adult_secure"],
            r"structured community treatment",
            r"structured community or secure treatment of adults",
        ),
        (
            "combining.transferred_counts_as",
            "completed",
            r"left treatment, or the journey ended in a transfer",
            r"crack cocaine or alcohol, or the journey ended in a transfer",
        ),
        (
            "notes.contacts_of",
            "requirement",
            r"All contact notes of the person",
            r"under the requirement or under none",
        ),
        ("notes.termination_weeks", 8, r"last 12 weeks|last weeks", r"last 8 weeks"),
        ("notes.linked_decoy_share", 0.0, r"included as positive controls, so", r"No linked requirement was included"),
        (
            "notes.requirement_rule.minimum_notes",
            2,
            r"(One|one|any) note (that indicates|labelled engaged)",
            r"At least two notes indicate engagement",
        ),
        ("notes.filter.whole_words", False, r"matched as whole words", r"also within words"),
        ("modelling.confidence_level", 0.975, r"\b95%? (limit|confidence|CI)|cover 95%", r"97\.5% confidence interval"),
        ("modelling.imputation.imputations", 7, r"\b(5 imputed|imputed 5 times|5 chains)", r"7 imputed data sets"),
        ("modelling.minimum_level_count", 14, r"fewer than 10 records", r"fewer than 14 records"),
        ("modelling.strong_odds_ratio", 3.0, r"strong from an odds ratio of 2\b", r"ratio of 3"),
        (
            "modelling.models.linked_atr.requirement_type",
            "DRR",
            r"linkage to structured treatment, ATRs, adjusted",
            r"Table 16: Factors associated with linkage to structured treatment, DRRs",
        ),
        (
            "modelling.factors.treatment_status.excluded",
            ["Died"],
            r"ended when the person entered prison or ended",
            r"treatment ended when the person died are left out",
        ),
        ("publication.disclosure_threshold", 8, r"from 1 to 4\b", r"Counts from 1 to 7 are not shown"),
        ("publication.minimum_base", 40, r"fewer than 30\b", r"fewer than 40 (records|requirements)"),
        ("publication.rounding_base", 5, r"unrounded|Counts are not rounded", r"nearest multiple of 5"),
    ],
    "one of each": [
        ("combining.reconviction_months", 1, r"\b1 months", r"within 1 month\b"),
        (
            "combining.reconviction_date_basis",
            "appearance_date",
            r"for an offence after sentence",
            r"whenever the offence was committed",
        ),
        ("publication.disclosure_threshold", 1, r"from 1 to 0", r"Counts below 1 \(there are none\)"),
        ("combining.prison_months", 1, r"\b1 months", r"prison within 1 month of"),
        ("notes.termination_weeks", 1, r"\b1 weeks", r"last 1 week\b"),
        ("combining.structured_data_sets", ["yp_secure"], r"community treatment", r"secure treatment of young people"),
        ("linkage.term_frequencies", [], r"weight for: \.", r"weight for: nothing"),
        ("notes.requirement_rule.minimum_p1", 0.8, r"probability of 0\.5 or more", r"probability of 0\.8 or more"),
        ("linkage.sector_distances_km", [2.0], r"0\.5, 1, 6 km", r"within 2 km"),
    ],
}
ROWS = [(run, *row) for run, rows in CHANGES.items() for row in rows]


def changed(settings: Any, path: list[str], value: object) -> Any:
    """`settings` with another value of the setting at `path`."""
    name, *rest = path
    if isinstance(settings, dict):
        return settings | {name: changed(settings[name], rest, value) if rest else value}
    return settings.model_copy(update={name: changed(getattr(settings, name), rest, value) if rest else value})


def inputs(
    frame: pl.DataFrame, use: pl.DataFrame, pooled: pl.DataFrame, reviewed: dict, settings: StudySettings
) -> TableInputs:
    frame = frame.with_columns(linked_up_to_threshold=pl.when("linked_structured").then(0.9))
    alternatives = pl.DataFrame(schema=SENSITIVITY_COLUMNS)
    estimates = estimate_engagement(frame, reviewed, settings.modelling)
    return TableInputs(frame, pooled, estimates, alternatives, substance_use=use)


def texts_of(frame, use, pooled, reviewed, reading, consort, quality, settings) -> dict[str, str]:
    """What each file of the publication says, without markup; drawings included."""
    cells = published_cells(make_tables(inputs(frame, use, pooled, reviewed, settings), settings))
    facts = run_facts(frame, "2023Q1", settings, reading)
    chains = pl.DataFrame(schema=dict.fromkeys(ImputationConvergence.to_schema().columns, pl.String))
    records = RunRecords(
        consort,
        quality,
        reading,
        chains,
        pl.DataFrame(schema=FIT_COLUMNS),
        governance_entries(settings.governance, synthetic=False),
    )
    paper = methodology(cells, records, facts, settings)
    comparison = compare_with_published(cells, consort, quality, settings)
    sheets = workbook_sheets(cells, facts)
    return {
        "tables": " ".join(
            cells.select(pl.concat_str("row_group", "row_label", "measure", "shown", separator=" | ")).to_series()
        ),
        "workbook": " ".join(str((sheet.lines, sheet.table)) for sheet in sheets),
        "report": " ".join(map(str, report(cells, consort, facts).blocks())),
        "methodology": " ".join(str(block) for block in paper.blocks() if not isinstance(block, Drawing)),
        "note page": note_reading_html(cells, reading, facts),
        "linkage page": linkage_quality_html(quality, consort, facts, settings),
        "comparison": comparison_html(comparison, facts, settings),
    }


@pytest.fixture(scope="module")
def runs(study_frame, use_of, pooled, reviewed, reading, consort, linkage_tables):
    """The texts of each run of CHANGES, made once."""
    plain, made = load_study_settings().for_quarter(date(2023, 3, 31)), {}
    for run, rows in CHANGES.items():
        settings = plain
        for name, value, *_ in rows:
            settings = changed(settings, name.split("."), value)
        read = reading(("reviewed requirements", "", "all", "true positives", "count", 200))
        cases, use = reviewed(200, 10, 30, 84), use_of(study_frame)
        said = texts_of(study_frame, use, pooled, cases, read, consort, linkage_tables, settings)
        made[run] = {name: readable(text) for name, text in said.items()}
    return made


def readable(text: str) -> str:
    """Text without tags and without what is of the published study, such as the rows of the comparison."""
    not_ours = r'<style>.*?</style>|<tr[^>]* class="\S+tolerance">.*?</tr>|<tr[^>]* class="(not|with|incons).*?</tr>'
    ours = re.sub(not_ours, " ", text, flags=re.DOTALL)
    words = html.unescape(re.sub(r"<[^>]+>", " ", ours)).split()
    return NOT_OURS.sub("", " ".join(words))


@pytest.mark.parametrize(("run", "setting", "value", "false", "true"), ROWS, ids=[": ".join(row[:2]) for row in ROWS])
def test_no_text_says_what_another_setting_makes_false(runs, run, setting, value, false, true):
    found = {
        name: said[0]
        for name, text in runs[run].items()
        if (said := re.findall(rf".{{0,60}}(?:{false}).{{0,30}}", text))
    }
    assert found == {}
    assert any(re.search(true, text) for text in runs[run].values()), "and nothing says what is true instead"


PRIVATE = {
    r"(?<!linked_)decoys?\b": "the field says positive controls",
    r"\b[Nn]o difference\b": "what is not significant shows no clear difference",
    r"as published(?! \()(?!, in whole)": "what another study published, not this run",
    r"\bp1\b": "a probability",
    r"\brid(es|den) along\b": "added as positive controls",
}


@pytest.mark.parametrize("phrase", PRIVATE)
def test_no_page_of_a_run_says_a_word_of_the_workshop(runs, phrase):
    """Of what is written, and so also of words that come with the tables of other zones."""
    found = {
        name: said[0]
        for name, text in runs["another study"].items()
        if (said := re.findall(rf".{{0,60}}(?:{phrase}).{{0,30}}", NOT_OF_THIS_RUN.sub("", text)))
    }
    assert found == {}, PRIVATE[phrase]


def test_every_phrase_is_filled_in(runs):
    assert {
        name: re.findall(r"\{\w+\}", text)
        for run in runs.values()
        for name, text in run.items()
        if re.search(r"\{[a-zA-Z_]+\}", text)
    } == {}


def test_figures_that_rest_on_a_setting_that_differs_are_not_compared_and_the_reason_is_said(
    study_frame, use_of, pooled, reviewed, consort, linkage_tables, settings
):
    other = changed(settings, ["combining", "reconviction_months"], 9)
    made_of = inputs(study_frame, use_of(study_frame), pooled, reviewed(200, 10, 30, 84), other)
    tables = published_cells(make_tables(made_of, other))
    found = compare_with_published(tables, consort, linkage_tables, other).filter(pl.col("ours") != "[x]")
    reconvicted = found.filter(pl.col("ours_from") == "Table 12")
    assert WITHIN not in set(reconvicted["agreement"]) and OUTSIDE not in set(reconvicted["agreement"])
    said = reconvicted.filter(pl.col("agreement") == NOT_COMPARED)["explanation"]
    why = "Not comparable: How long after sentence a reconviction is looked for: 9 months here, 12 months in the"
    assert said.len() and said.str.contains(why, literal=True).all()
    assert not found.filter(pl.col("ours_from") == "Table 1")["explanation"].str.contains("Not comparable").any()
