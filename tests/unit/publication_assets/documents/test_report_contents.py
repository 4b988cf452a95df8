"""The report has the sections of the published report, its aims and its terms."""

import re

import pytest

from publication_assets.steps.comparison.published_study import published_figures
from publication_assets.steps.report.report_glossary import GLOSSARY, glossary_terms

# Contents of the report of March 2026, as it writes them (Crown copyright, Open Government Licence v3.0).
PUBLISHED_CONTENTS = """
Executive summary
1. Introduction
1.1 Community sentence treatment requirements
1.2 Aims
1.3 Methodology
1.4 Summary data linking details
1.5 Natural Language Processing dataset
2. Main findings: Identification in any treatment
2.1 Estimated percentage of ATRs and DRRs engaging in any treatment
2.2 Probabilistic linkage to structured treatment of ATRs and DRRs
2.3 Probabilistic linkage to structured treatment and treatment outcomes for ATRs
2.4 Probabilistic linkage to structured treatment and treatment outcomes for DRRs
2.5 Probation contact note analysis
2.6 Probation contact note engagement analysis
3. Detailed analysis of ATRs and DRRs linked to structured treatment
3.1 Factors and characteristics associated with linkage to structured treatment
3.2 Linkage to structured treatment by region
3.3 Accommodation status for ATRs and DRRs linked to structured treatment
3.4 ATRs and DRRs linked to structured treatment, by requirement length
3.5 Time to access structured treatment after sentencing
3.6 Treatment engagement status at the end of the observation period
3.7 Treatment outcomes for ATRs and DRRs linked to structured treatment based on time to engage with treatment
4. Main findings: Reconvictions
4.1 Identified reconvictions for ATRs and DRRs
4.2 Factors and characteristics associated with being reconvicted after an ATR or DRR
4.3 Identified reconvictions for ATRs and DRRs, by region
4.4 Identified reconvictions, by requirement length
4.5 Identified reconvictions, by structured treatment engagement status
5. Conclusion
6. Suggested improvements
6.1 Completeness of data
6.2 Common identifier
6.3 Use of AI
7. Linked publications
7.1 The impact of being sentenced with a community sentence treatment requirement (CSTR) on proven reoffending
7.2 Independent Sentencing Review
7.3 Long-term outcomes of people treated for substance misuse in Wales
7.4 Policy Lab - Lived Experience Report
8. Glossary
9. Further information
10. Enquiries or feedback
""".strip().splitlines()
PUBLISHED_TERMS = [
    "ATR",
    "CJIT",
    "CO",
    "Common Platform",
    "CSTR",
    "Department of Health and Social Care (DHSC)",
    "DRR",
    "Dropped out of treatment",
    "End of observation period",
    "Libra",
    "Ministry of Justice (MoJ)",
    "nDelius",
    "NDTMS",
    "NLP",
    "OHID",
    "p-NOMIS",
    "Reconviction",
    "Remaining in treatment",
    "Requirement completed",
    "Sentence",
    "Structured treatment",
    "SSO",
    "Treatment completion",
    "Unstructured treatment",
    "Xhibit",
]


@pytest.fixture(scope="module")
def text(release):
    return " ".join(map(str, release.blocks()))


def test_sections_have_the_numbers_titles_and_order_of_the_published_report(release):
    titles = [title for section in release.sections for title in (section.title, *(h.text for h in section.headings))]
    assert [title for title in titles if title in PUBLISHED_CONTENTS] == PUBLISHED_CONTENTS
    numbers = [title.split(" ")[0] for title in titles if title[0].isdigit()]
    assert len(set(numbers)) == len(numbers)


def test_the_glossary_has_every_term_of_the_published_one():
    terms = [term.term for term in glossary_terms() if term.source == "report"]
    assert sorted(terms) == sorted(PUBLISHED_TERMS) and {term.source for term in glossary_terms()} == {"report", "ours"}
    assert all(term.meaning.endswith(".") for term in glossary_terms())


@pytest.mark.parametrize(
    "words",
    [
        "no longer needs structured drug or alcohol treatment",
        "a clinician agrees that they have stopped using heroin, other opioids, crack cocaine or alcohol",
        "some use of other illegal drugs, but it is not causing problems or requiring structured treatment",
    ],
)
def test_treatment_completion_means_what_the_published_report_says(words, text):
    meaning = next(term.meaning for term in glossary_terms() if term.term == "Treatment completion")
    assert words in meaning and words in text


def test_the_phrases_of_the_glossary_are_filled_in(release):
    pairs = dict(pair for block in release.blocks() if block.kind == "terms" for pair in block.pairs)
    assert pairs["End of observation period"] == "The discharge date from NDTMS or 31 March 2023, whichever is sooner."
    assert "within 12 months" in pairs["Reconviction"]
    assert not [term for term, meaning in pairs.items() if re.search(r"\{\w", meaning)]


def test_no_term_of_the_study_is_defined_a_second_time():
    developers = GLOSSARY.parents[1] / "GLOSSARY.md"
    rows = re.findall(r"^\| (.+?) \|", developers.read_text(encoding="utf-8"), flags=re.MULTILINE)
    names = {name.strip().lower() for row in rows for name in row.split(",")}
    assert len(names) > 20 and names & {term.term.lower() for term in glossary_terms()} == set()


def test_the_aims_of_the_study_are_stated(text):
    aims = (
        "the treatment outcomes of people with an ATR or DRR",
        "a lack of treatment or a missed link",
        "associated with being linked to structured treatment",
        "the reconviction outcomes of people with an ATR or DRR",
        "associated with being reconvicted within 12 months",
    )
    assert [aim for aim in aims if aim not in text] == []


def test_what_is_quoted_of_other_studies_is_what_the_published_report_quotes(text):
    figures = published_figures()
    for words in (
        f"({figures['F297']:.2f} days longer",
        f"({figures['F298']:.0f}% compared with {figures['F299']:.0f}%)",
        f"({figures['F300']:.0f}% compared with {figures['F301']:.0f}%",
        f"({figures['F302']:.2f} compared with {figures['F303']:.2f} on average)",
        f"{figures['F304']:.0f} people with a requirement and {figures['F305']:.0f} practitioners",
    ):
        assert words in text


def test_no_address_on_the_web_is_invented(release):
    assert "http" not in " ".join(map(str, [block for block in release.blocks() if block.kind != "drawing"]))
