"""The methodology paper on variables, missing data, models, pooling, disclosure and limits (published methodology, 2.8
to 2.10).

Belongs here: text that the settings of the run fill in. Does not belong here: diagnostics of imputation and their
figures, which are handed in, nor results.
"""

from modelling_assets.steps.documents.document import Block, Bullets, Drawing, Grid, Heading, Link, Paragraph, Section
from modelling_assets.steps.documents.run_facts import RunFacts
from modelling_assets.steps.figures.charts import Figure
from modelling_assets.steps.methodology.methodology_appendices import published_grid
from modelling_assets.steps.tables.declared_table import KIND_LABELS
from modelling_assets.steps.tables.shown_cells import ShownCells
from resources.modelling_settings import Model, Modelling
from resources.study_settings import StudySettings

METHODS = {
    "miceforest_pmm": "predictive mean matching (miceforest), as in the published study: trees predict a factor from "
    "all others, the outcome and the region, and a missing value takes the level of one of the five records whose "
    "predictions are nearest. The published study does not give its settings; these are ours. Table 27 has the odds "
    "ratios with chained logistic regressions instead",
    "regressions": "chained logistic regressions whose parameters are drawn anew for each data set, given all other "
    "factors, the outcome and the region. The published study used predictive mean matching, with which table 27 has "
    "the odds ratios",
}
MISSING_VALUES = 28


def models_section(
    cells: ShownCells, facts: RunFacts, settings: StudySettings, diagnostics: list[Figure], fits: list[Block]
) -> Section:
    """Section 6. diagnostics: figures on the imputation, if any. fits: how the fits went."""
    modelling = settings.modelling
    imputation = modelling.imputation
    blocks: list[Block] = [
        Heading("variables", "6.1 Variables"),
        Paragraph(
            "Predictors are categorical, with the reference levels of appendix B. Records whose value is excluded "
            f"there leave the model. A level recorded fewer than {modelling.rare_level_records} times is rare; the "
            "sheet says whether it is kept."
        ),
        Heading("missing", "6.2 Missing data"),
        Paragraph(
            f"Missing predictors are imputed {imputation.imputations} times with {imputation.iterations} iterations "
            f"(seed {modelling.seed}) by {METHODS[imputation.method]}. Records without an outcome are left out. "
            "ATRs and DRRs are completed apart, so that what goes with what may differ between them. Models of both "
            "have these completed records."
        ),
        *published_grid(cells, MISSING_VALUES, facts),
        Paragraph("Recorded and imputed shares of every level are in table 29 of the data tables."),
        *(Drawing(figure) for figure in diagnostics),
        Heading("formulas", "6.3 Models"),
        Paragraph(
            "Logistic regression with a random intercept, by maximum likelihood (Laplace approximation), fitted to "
            "each completed data set. Each fit is made again by another engine, GPBoost's mixed model; a fit that it "
            "contradicts stops the run."
        ),
        Grid(
            "Formulas of this run",
            ["Model", "Requirements", "Formula"],
            [[name.replace("_", " "), KIND_LABELS[model.requirement_type], formula(model, modelling)]
             for name, model in modelling.models.items()],
        ),
        Paragraph(
            f"A level is not estimable, and has no number, with fewer than {modelling.minimum_level_count} records in "
            f"either outcome, a log odds beyond {modelling.largest_log_odds:g}, or a standard error beyond "
            f"{modelling.largest_standard_error:g}; nor when it is a combination of others, or predicts the outcome "
            "perfectly."
        ),
        *fits,
        Heading("pooling", "6.4 Pooling"),
        Paragraph(
            "Estimates are pooled by Rubin's rules with Barnard-Rubin degrees of freedom; intervals cover "
            "{level}. An association whose interval does not hold 1 is significant. It is "
            f"called strong from an odds ratio of {modelling.strong_odds_ratio:g} (or its inverse), moderate from "
            f"{modelling.moderate_odds_ratio:g}, else weak."
        ),
        Paragraph(
            "Regions are the groups of the random intercept. Shown is the conditional mode of each, as an odds ratio "
            "beside the average region, drawn towards 1 the more the fewer records the region has. Modes are pooled in "
            "the same way: the variance within a completed data set is the conditional variance of the mode, and the "
            "degrees of freedom without missing values are those of the model's other terms. The conditional variance "
            "takes the fixed effects and the sd of the random intercept as known, so the intervals are somewhat too "
            "narrow. Where that sd is 0 in every completed data set, regions are said not to differ. Table 27 has "
            "regions as fixed effects, each against their unweighted average."
        ),
        Heading("dropout", "6.5 Time to dropout"),
        Paragraph(
            "By when people drop out (table 36) is the cumulative incidence with competing events of Aalen and "
            "Johansen, as statsmodels estimates it: completion, and prison or death, end the chance to drop out. Time "
            "runs from the start of the journey that answers, or from sentence for those already in treatment. How "
            "long treatment that goes on was followed is known to the analysis in bands only, so every journey is "
            "followed up to the last of 3, 6 and 12 weeks, 6 and 12 months that was observed in full. {level} limits "
            "use the transformation log(-log) and treat requirements as independent, so they are somewhat narrow where "
            "people have several."
        ),
    ]  # fmt: skip
    return Section("models", "6. Imputation and models", blocks)


def formula(model: Model, settings: Modelling) -> str:
    """The formula of a model as study.toml writes it."""
    return f"{model.outcome} ~ {' + '.join(model.factors)} + (1 | {settings.random_intercept})"


def disclosure_section(facts: RunFacts) -> Section:
    """Section 7: what may be shown."""
    return Section(
        "disclosure",
        "7. Disclosure control and rounding",
        [
            Bullets(
                [
                    "Counts {small} are not shown: [c].",
                    "Counts from which such a count could be worked out are not shown either. All tables are "
                    "protected together, as the same count stands in several.",
                    "A percentage or estimate made from a count that is not shown is not shown.",
                    "An odds ratio, its interval and every word on it are not shown where a count of its level or of "
                    "its reference level is not: they would tell it.",
                    f"Percentages of fewer than {facts.minimum_base} records are not shown: [u].",
                    f"A count of zero is shown. {facts.rounding} Halves are rounded up.",
                    "Figures and sentences are made from what the tables show and from nothing else.",
                ]
            ),
        ],
    )


def limits_section() -> Section:
    """Section 8: limits."""
    return Section(
        "limits",
        "8. Limits",
        [
            Bullets(
                [
                    "Linkage rests on initials and few other details. Links are missed where details changed or were "
                    "recorded wrongly, so the share linked is a lower bound; some links are wrong.",
                    "Courts take months or years, and changed their record system: reconvictions are minimum "
                    "estimates. For recent sentences there was less time to start or finish treatment.",
                    "Labels of contact notes carry errors, and reviewed cases are few.",
                    "Models hold the characteristics that are recorded. Associations are not causal.",
                ]
            ),
            Paragraph(
                (
                    "How far headline figures move under other choices is in the boxes of the ",
                    Link("report", "report.html"),
                    "; how they compare with the published ones in ",
                    Link("against the published study", "against_published.html"),
                    ".",
                )
            ),
        ],
    )
