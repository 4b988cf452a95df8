import polars as pl
import pytest

from contracts.crossings import LinkageQuality
from modelling_assets.schemas.imputation import ImputationConvergence
from publication_assets.steps.governance.governance_entries import governance_entries
from publication_assets.steps.methodology.methodology_appendices import PARTS, settings_grid
from publication_assets.steps.methodology.methodology_departures import effect_in_words
from publication_assets.steps.methodology.methodology_fits import fits_blocks
from publication_assets.steps.methodology.methodology_values import formula
from publication_assets.steps.methodology.study_statements import METHODOLOGY, REPORT, departures, study_statements
from publication_assets.steps.methodology.write_methodology import (
    RunRecords,
    methodology,
    methodology_files,
    methodology_values,
)
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publishing.documents.document import Drawing, Grid
from resources.settings.governance_settings import Governance
from resources.settings.study_settings import StudySettings

COLUMNS = [
    "order",
    "section",
    "row_group",
    "row_label",
    "measure",
    "unit",
    "value",
    "lower",
    "upper",
    "words",
    "status",
]
COLUMNS = [*COLUMNS, "synthetic"]


def fits(sd: tuple[float | None, ...], shift: float = 0.01, agree: bool = True) -> pl.DataFrame:
    """The table model_fits of one model: a fit per sd, without the columns that the paper does not read."""
    return pl.DataFrame(
        {
            "model": ["linked_atr"] * len(sd),
            "imputation": range(1, len(sd) + 1),
            "random_intercept_sd": sd,
            "quadrature_shift": [None if each is None else shift for each in sd],
            "engines_agree": [None if each is None else agree for each in sd],
        },
        schema_overrides={
            "random_intercept_sd": pl.Float64,
            "quadrature_shift": pl.Float64,
            "engines_agree": pl.Boolean,
        },
    )


@pytest.fixture(scope="module")
def records(consort, reading):
    rows = [
        (1, "model", "Sex", "Same sex", "m, among matches (%)", "probability", 0.991, None, None, None, "shown", False),
        (
            2,
            "blocking",
            "",
            "Same initials and birth date",
            "Of these, links",
            "count",
            215.0,
            None,
            None,
            None,
            "shown",
            False,
        ),
    ]
    assert set(COLUMNS) == set(LinkageQuality.to_schema().columns)
    chains = pl.DataFrame(schema=dict.fromkeys(ImputationConvergence.to_schema().columns, pl.String))
    return RunRecords(
        consort,
        pl.DataFrame(rows, schema=COLUMNS, orient="row"),
        reading(),
        chains,
        fits(sd=(0.2, 0.3)),
        governance_entries(Governance(), synthetic=False),
    )


@pytest.fixture(scope="module")
def paper(cells, records, facts, settings):
    return methodology(cells, records, facts, settings)


@pytest.fixture(scope="module")
def text(paper):
    return "\n".join(str(block) for block in paper.blocks() if not isinstance(block, Drawing))


def test_the_paper_states_the_settings_of_the_run(text, settings):
    assert f"match probability of {settings.linkage.threshold} or more are links" in text
    assert f"imputed {settings.modelling.imputation.imputations} times" in text
    assert settings.notes.labels.prompt in text


def test_every_value_that_the_paper_is_given_stands_in_a_template(cells, records, facts, settings, unused):
    assert unused("methodology", methodology_values(cells, records, facts, settings)) == set()


def test_another_setting_makes_another_paper(cells, records, facts, settings):
    modelling = settings.modelling.model_copy(
        update={"imputation": settings.modelling.imputation.model_copy(update={"imputations": 17})}
    )
    other = methodology(cells, records, facts, settings.model_copy(update={"modelling": modelling}))
    assert "imputed 17 times" in "\n".join(str(block) for block in other.blocks())


def test_the_paper_lists_every_setting_with_its_meaning(paper, settings):
    rows = {row[-1]: row for block in paper.blocks() if isinstance(block, Grid) for row in block.rows}
    assert rows["combining.prison_months"][1] == str(settings.combining.prison_months)
    assert rows["notes.labels.label_threshold"][1] == f"{settings.notes.labels.label_threshold:g}"
    assert all(rows[name][0] for name in rows if str(name).startswith("linkage."))


def test_the_appendix_has_every_section_of_the_settings():
    # The first two have sections of their own; the others decide nothing that is published here.
    elsewhere = {"governance", "release", "operation", "duties", "justice", "justice_views", "justice_drift"}
    assert {*PARTS, *elsewhere} == set(StudySettings.model_fields)


def test_settings_that_change_no_figure_are_left_out(settings):
    names = [row[-1] for row in settings_grid("Linkage", settings.linkage, "linkage").rows]
    assert "linkage.threshold" in names and not any(str(name).startswith("linkage.backend") for name in names)


def test_the_paper_has_the_linkage_models_parameters_and_every_formula(text, settings):
    assert "Sex: Same sex" in text and "99.1" in text and "Same initials and birth date" in text
    assert all(formula(model, settings.modelling) in text for model in settings.modelling.models.values())


def test_the_variable_sheet_and_the_lists_of_the_study_are_appendices(paper, settings):
    grids = {block.caption: block for block in paper.blocks() if isinstance(block, Grid)}
    assert len(grids["Variables of the models"].rows) == len(settings.modelling.factors)
    assert len(grids["Keywords"].rows) == 45 and len(grids["Outcomes of the published study"].rows) == 70


def test_page_and_pdf_are_written_and_the_same_twice(cells, records, facts, settings):
    files = methodology_files(cells, records, facts, settings)
    assert files == methodology_files(cells, records, facts, settings)
    assert b"<script" not in files["methodology.html"] and b"pdfuaid" in files["methodology.pdf"]


@pytest.mark.parametrize(
    ("model_fits", "row", "remark"),
    [
        (fits((0.2, 0.3)), ["2", "0", "0.25", "0", "0.01", "agrees"], None),
        (
            fits((0.0, 0.2)),
            ["2", "0", "0.10", "1", "0.01", "agrees"],
            "the standard deviation of",
        ),
        (
            fits((2.0, 2.0), shift=0.4),
            ["2", "0", "2.00", "0", "0.40", "agrees"],
            "is poor",
        ),
        (
            fits((None, 0.2)),
            ["2", "1", "0.20", "0", "0.01", "agrees"],
            "1 of 2 fits have no result",
        ),
        (
            fits((None, None)),
            ["2", "2", "[x]", "0", "[x]", "[x]"],
            "2 of 2 fits have no result",
        ),
    ],
)
def test_a_fit_that_is_less_than_it_seems_is_said(model_fits, row, remark, facts):
    _, grid, *remarks = fits_blocks(model_fits, facts.wording)
    assert isinstance(grid, Grid)
    assert grid.rows == [["Linkage to structured treatment, ATRs", *row]]
    assert len(remarks) == int(remark is not None) and all(remark in str(block) for block in remarks)


def test_every_departure_of_the_list_is_in_the_paper_with_why_and_with_what_effect(paper):
    rows = {row[0]: row for block in paper.blocks() if isinstance(block, Grid) for row in block.rows}
    listed = departures(study_statements(), METHODOLOGY, REPORT)
    assert len(listed) > 20
    for each in listed:
        _, statement, here, effect = rows[f"{each.section} ({each.id})"]
        assert statement == each.statement and each.because in here and effect


def test_the_effect_of_a_choice_is_told_with_the_figures_of_the_run():
    setting, figure = "combining.exclude_unlinkable", "Requirements analysed"
    rows = [
        (1, "choices", setting, figure, "true (this release)", "count", 5010.0, None, None, None, "shown", False),
        (2, "choices", setting, figure, "false", "count", 5140.0, None, None, None, "shown", False),
        (
            3,
            "choices",
            setting,
            "With a pre-sentence report",
            "false",
            "percent",
            50.0,
            None,
            None,
            None,
            "shown",
            False,
        ),
        (
            4,
            "choices",
            "combining.exclude_duplicates",
            "Any headline figure",
            "false",
            "words",
            None,
            None,
            None,
            "no change",
            "shown",
            False,
        ),
    ]
    quality = QualityTables(pl.DataFrame(rows, schema=COLUMNS, orient="row"))
    assert effect_in_words("choice_effects: combining.exclude_unlinkable, exclude_duplicates", quality) == (
        "Whether people without enough identifiers to be linked are left out: requirements analysed, 5,010 with yes "
        "(this release), 5,140 with no. Whether a second requirement of the same type on an order is left out: no "
        "headline figure changes"
    )
    assert effect_in_words("table 25", quality) == "table 25"


def test_a_setting_that_defines_something_else_than_the_study_is_a_departure(cells, records, facts, settings):
    text = "\n".join(str(block) for block in methodology(cells, records, facts, settings).blocks())
    assert "Every setting that decides what is counted is as in the published study" in text
    combining = settings.combining.model_copy(update={"prison_months": 7})
    other = methodology(cells, records, facts, settings.model_copy(update={"combining": combining}))
    said = "\n".join(str(block) for block in other.blocks())
    assert "is looked for: 7 months here, 12 months in the published study" in said
