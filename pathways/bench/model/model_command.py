"""The options of `pathways bench model`. Does not belong here: the work (model.py)."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pathways.refresh.ending import said_of

HELP = """Fit a logistic model to any file with the study's estimator, and print one
JSON object.

Per term: estimate and standard error in log odds, or "not estimable" with the
reason; of the fit: sd of the random intercept, log likelihood, whether it
converged, what a second engine says. Where there is no fit, "problem" says why
and what to do, and what can still be estimated is given without the random
intercept. "notes" say what else to know: groups that do not differ or are few,
terms that say the same (the later one is left out, as in R), and a Laplace
approximation that is poor, with what quadrature finds instead.

With (1 | group) the model is lme4's glmer(..., binomial, nAGQ = 1), without it
R's glm(..., binomial). Columns of numbers are covariates, text and TRUE/FALSE
are factors, factor(x) makes a number one. The first level, sorted by code
point, is the reference. Blank and NA are missing: those rows are left out.
Groups that are all numbers are compared as numbers (1 and 1.0 are one group);
01 is a code and not 1. A file with a row that cannot be read is refused.

\b
pathways bench model --data people.csv \\
  --formula "engaged ~ sex + age_band + (1 | region)" --reference sex=Male
"""


def model(
    data: Annotated[Path, typer.Option(help="File, CSV or Parquet, with a header.")],
    formula: Annotated[str, typer.Option(help='Such as "y ~ a + b + (1 | g)", or without (1 | g).')],
    reference: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=LEVEL", help=("Reference level of a factor, once per factor. Default: the first level.")
        ),
    ] = None,
    outcome_level: Annotated[
        str | None,
        typer.Option(help=("Value of the outcome that is modelled. Default: 1, TRUE, or the second of two words.")),
    ] = None,
) -> None:
    """Fit the model and print what HELP says."""
    from pathways.bench.model.model import Asked, bench_model

    failure = ""
    references = {part.partition("=")[0]: part.partition("=")[2] for part in reference or ()}
    try:
        print(json.dumps(bench_model(Asked(data, formula, outcome_level, references))))
    except Exception as error:
        failure = said_of(error)
    if failure:
        print(f"pathways bench model: {failure}", file=sys.stderr)
        raise typer.Exit(1)
