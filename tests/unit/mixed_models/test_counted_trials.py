"""Records that are the same in all that a model looks at may be counted: the fit is that of the records one by one."""

import numpy as np
import polars as pl
import pytest

from mixed_models.fit_mixed_logistic import fit_mixed_logistic

COLUMNS = ["one", "first", "second"]


def records(spread: float) -> pl.DataFrame:
    rng = np.random.default_rng(7)
    frame = pl.DataFrame({"one": 1.0, "first": rng.integers(0, 2, 3000), "second": rng.integers(0, 3, 3000)})
    court = rng.integers(0, 25, 3000)
    eta = -1 + 0.7 * frame["first"].to_numpy() - 0.4 * frame["second"].to_numpy() + spread * rng.normal(size=25)[court]
    return frame.with_columns(court=pl.Series(court), yes=pl.Series(rng.random(3000) < 1 / (1 + np.exp(-eta))))


@pytest.mark.parametrize("spread", [0.0, 0.6])
def test_a_fit_of_counted_records_is_that_of_the_records(spread):
    each = records(spread)
    counted = each.group_by(*COLUMNS, "court").agg(pl.col("yes").sum(), records=pl.len()).sort("court", *COLUMNS)

    one_by_one = fit_mixed_logistic(
        each.select(COLUMNS).to_numpy(), each["yes"].to_numpy(), each["court"].cast(pl.String).to_list()
    )
    together = fit_mixed_logistic(
        counted.select(COLUMNS).to_numpy(),
        counted["yes"].to_numpy(),
        counted["court"].cast(pl.String).to_list(),
        counted["records"].to_numpy(),
    )

    assert counted.height < each.height / 5
    assert one_by_one.converged and together.converged
    assert together.estimate == pytest.approx(one_by_one.estimate, abs=1e-9)
    assert together.std_error == pytest.approx(one_by_one.std_error, rel=1e-7)
    assert together.random_intercept_sd == pytest.approx(one_by_one.random_intercept_sd, abs=1e-6)
    assert together.log_likelihood == pytest.approx(one_by_one.log_likelihood, rel=1e-12)
