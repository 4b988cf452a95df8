import re
from dataclasses import replace

import polars as pl
import pytest
from markupsafe import escape

from publication_assets.publication_folder import PublicationFolder
from publication_assets.steps.documents.typeset_document import document_pdf
from publication_assets.steps.figures.of_report.consort_diagram import consort_diagram, shown_steps
from publication_assets.steps.report.write_report import report, report_files
from publishing.documents.document import Finding, Grid
from tests.page_outline import Outline
from tests.unit.publication_assets.tried_alternatives import with_alternatives

PUBLISHED_FIGURES = {"M1", *map(str, range(1, 23))}
ADDED_FIGURES = {"F1", "F2", "F3", "F4", "F5", "T16", "T19", "U1", "U2"}


@pytest.fixture(scope="module")
def files(cells, consort, facts):
    return report_files(cells, consort, facts)


@pytest.fixture(scope="module")
def page(files):
    return files["report.html"].decode()


@pytest.fixture(scope="module")
def outline(page):
    return Outline(page)


def key_findings(release) -> list[Finding]:
    return [block for block in release.blocks() if isinstance(block, Finding)]


def _hidden(cells: pl.DataFrame, *tables: int) -> pl.DataFrame:
    covered = pl.col("table").is_in(list(tables)) & (pl.col("unit") != "text")
    return cells.with_columns(
        shown=pl.when(covered).then(pl.lit("[c]")).otherwise("shown"),
        status=pl.when(covered).then(pl.lit("[c]")).otherwise("status"),
    )


def test_the_report_has_every_figure_of_the_published_study_once(release):
    numbers = [number for figure in release.figures for number in figure.number.split(" and ")]
    assert set(numbers) - ADDED_FIGURES == PUBLISHED_FIGURES
    assert len(numbers) == len(set(numbers))


def test_the_page_loads_nothing_from_anywhere(page, outline):
    assert outline.loads == []
    assert "url(http" not in page and "@import" not in page


def test_every_picture_has_a_text_alternative_and_its_data_as_a_table(page, outline, release):
    assert all(figure.narrow for figure in release.figures)
    assert len(outline.pictures) == 2 * len(release.figures)  # for a wide page and for a phone
    assert all(picture["role"] == "img" and 40 < len(picture["aria-label"]) <= 300 for picture in outline.pictures)
    tables = sum(isinstance(block, Grid) for block in release.blocks())
    assert page.count("<summary>Data of ") == page.count("<caption>") - tables == len(release.figures)
    assert all(
        figure.headers and all(len(row) == len(figure.headers) for row in figure.rows) for figure in release.figures
    )


def test_what_an_alternative_leaves_out_stands_beside_the_figure(page, outline, release):
    long = [figure for figure in release.figures if len(figure.alt) > 300]
    assert long and page.count("<summary>Description of ") == len(long)
    assert all(f"<p>{escape(figure.alt)}</p>" in page for figure in long)
    whole = {figure.alt for figure in release.figures if len(figure.alt) <= 300}
    assert whole <= {picture["aria-label"] for picture in outline.pictures}


def test_headings_descend_one_level_at_a_time_and_links_within_the_page_lead_somewhere(outline):
    assert outline.leads_through_the_page()


def test_the_same_tables_make_the_same_bytes(cells, consort, facts, files):
    assert report_files(cells, consort, facts) == files


def test_synthetic_data_and_a_fixture_model_are_named_in_a_banner_and_in_titles(
    cells, consort, facts, page, fixture_engine
):
    assert 'class="banner"' not in page and "SYNTHETIC" not in page
    marked = report_files(cells, consort, replace(facts, synthetic=True, engines=(fixture_engine,)))
    text = marked["report.html"].decode()
    assert 'class="banner"' in text and "(synthetic data)</title>" in text
    assert text.count("[SYNTHETIC DATA] [NOTES READ BY A TEST MODEL]</strong><span") == 3


def test_every_value_that_the_report_is_given_stands_in_a_template(values_of_release, unused):
    assert unused("report", values_of_release) == set()


def test_key_findings_are_written_from_the_tables(release):
    findings = key_findings(release)
    assert findings[0].heading == "An estimated 82% (78% to 87%) of ATRs and DRRs had some form of treatment"
    assert findings[0].sentences[0].startswith("Of 480 requirements, 50% were linked to structured treatment. Of those")
    assert findings[1].heading.startswith("39% (35% to 44%) of ATRs and DRRs that were observed for 12 months had a")


def test_every_key_finding_has_a_definition_a_base_a_period_an_interval_a_caveat_and_a_source(release):
    for finding in key_findings(release):
        assert all(said for _, said in finding.labelled)
        assert "Sentences from" in finding.period and "interval" in finding.interval
        assert finding.source.startswith("Table")


def test_a_finding_on_who_was_linked_carries_what_links_miss_and_that_treatment_was_often_there_before(release):
    of_linkage = [
        finding
        for finding in key_findings(release)
        if re.search(
            r"linked to structured treatment|were linked|of linked", " ".join([finding.heading, *finding.sentences])
        )
        and "measured after the reconviction" not in finding.heading
    ]
    assert len(of_linkage) >= 3
    for finding in of_linkage:
        assert re.search("[Ll]inkage error", finding.interval), finding.heading
        assert "were already in structured treatment when sentenced" in " ".join(finding.sentences), finding.heading
    first, second = of_linkage[:2]
    assert "not linked, and some links are wrong" in first.caveat
    assert "Links are missed" in second.caveat


def test_associations_of_a_finding_are_points_and_what_links_miss_stands_with_them(cells, consort, facts):
    tried = key_findings(report(with_alternatives(cells), consort, facts))
    findings = [finding for finding in tried if "is associated with" in finding.heading]
    assert [finding.heading.partition(" is associated")[0] for finding in findings] == [
        "For ATRs, linkage to structured treatment",
        "For DRRs, reconviction within 12 months",
    ]
    for finding in findings:
        assert finding.points and all("Odds ratio 2.50 (2.00 to 3.10) for" in point for point in finding.points)
        assert max(len(sentence.split()) for sentence in finding.sentences) < 80
    assert "Where more links are missed for a group, it is linked less often" in findings[0].caveat


def test_the_first_finding_says_how_sure_it_is_and_whether_it_is_corrected(
    release, consort, facts, tabulate, study_frame, pooled
):
    corrected = " ".join(key_findings(release)[0].sentences)
    assert "The limits of these estimates allow for sampling and classification error." in corrected
    assert "As labelled, without correction, the share of ATRs and DRRs in any treatment is 83% (" in corrected
    uncorrected = " ".join(key_findings(report(tabulate(study_frame, pooled), consort, facts))[0].sentences)
    assert "No corrected estimate can be given: there are no reviewed cases" in uncorrected


def test_a_withheld_headline_appears_as_its_shorthand_only(cells, consort, facts):
    page = report_files(_hidden(cells, 39), consort, facts)["report.html"].decode()
    assert "How many ATRs and DRRs observed for 12 months had a reconviction is withheld ([c])" in page
    assert "39% (35% to 44%)" not in page and "Some figures are withheld and not drawn ([c])" in page


def test_a_report_of_withheld_tables_has_no_number_of_them_anywhere(cells, consort, facts):
    tables = [number for number in cells["table"].unique() if number not in (16, 19)]
    document = report(_hidden(cells, *tables), consort, facts)
    numbers = re.compile(r"\d+%|>\d[\d,]*<")
    for figure in document.figures:
        if figure.number != "M1" and not figure.number.startswith("T"):
            said = {each for row in figure.rows for value in row[2:] for each in re.findall(r"\[.\]|\d+", value)}
            assert said <= {"[c]", "[z]"}
            assert not re.search(r"\d%", figure.alt.replace("95% limits", ""))
            assert not re.search(r">\d+%<|>\d+ \(", figure.svg + figure.narrow)
    findings = " ".join(finding.heading for finding in key_findings(document))
    assert "[c]" in findings and not numbers.search(findings)


def test_the_pdf_is_tagged_and_is_about_the_report(files, facts):
    assert files["report.pdf"].startswith(b"%PDF-1.7") and b"/MarkInfo" in files["report.pdf"]
    assert b"pdfuaid" in files["report.pdf"]


def test_what_the_pdf_says_changes_with_the_findings(cells, consort, facts, files):
    other = document_pdf(report(_hidden(cells, 1), consort, facts), facts)
    assert other != files["report.pdf"]


def test_a_step_that_removed_fewer_than_the_threshold_is_shown_with_the_next(consort):
    steps = shown_steps(consort, 5).filter(pl.col("stream") == "requirements")
    assert steps.rows() == [("requirements", "in Wales; without a length", 500, 60, 440)]


def test_the_last_step_that_removed_too_few_is_shown_with_the_one_before(consort):
    late = pl.DataFrame([(5, "requirements", "of both types", 440, 2, 438)], schema=consort.schema, orient="row")
    steps = shown_steps(pl.concat([consort, late]), 5).filter(pl.col("stream") == "requirements")
    assert steps.rows() == [("requirements", "in Wales; without a length; of both types", 500, 62, 438)]


def test_the_consort_diagram_says_in_words_what_it_draws(consort, facts):
    figure = consort_diagram(consort, facts)
    assert "500 requirements in nDelius; 60 in Wales; without a length, leaving 440" in figure.alt
    assert "440" in figure.svg and ">3 " not in figure.svg


def test_the_consort_diagram_counts_requirements_and_people_in_lanes_of_their_own(consort, facts):
    figure = consort_diagram(consort, facts)
    assert (
        "400 people with an ATR or DRR; 40 no requirement left, the last one was without a length, leaving 360"
        in figure.alt
    )
    for words in ("requirements analysed", "people with an analysed"):
        assert figure.svg.count(f">{words}<") == 1


def test_files_of_a_publication_are_listed_with_size_and_hash(tmp_path):
    files = PublicationFolder(root=str(tmp_path)).write("2023Q1", {"tables.ods": b"x", "report.html": b"yy"})
    assert files.select("file", "bytes").rows() == [("report.html", 2), ("tables.ods", 1)]
    assert (tmp_path / "publication" / "2023Q1" / "report.html").read_bytes() == b"yy"
    assert not list(tmp_path.rglob("*.partial"))


def test_a_folder_of_a_publication_holds_what_was_written_last_and_nothing_older(tmp_path):
    folder, within = PublicationFolder(root=str(tmp_path)), tmp_path / "publication" / "2023Q1"
    folder.write("2023Q1", {"data/old.csv": b"x", "data/kept.csv": b"x", "other/kept.csv": b"x", "report.html": b"x"})
    listed = folder.write("2023Q1", {"data/kept.csv": b"y", "tables.ods": b"y"})
    assert listed["file"].to_list() == ["data/kept.csv", "tables.ods"]
    files = sorted(str(path.relative_to(within)) for path in within.rglob("*") if path.is_file())
    assert files == ["data/kept.csv", "other/kept.csv", "report.html", "tables.ods"]
