"""The arithmetic that fits share, against the plain way of working it out."""

import numpy as np
import pytest
from scipy import sparse
from scipy.special import expit

from mixed_models.centred_columns import orthogonal_columns
from mixed_models.weighted_products import ROWS_AT_A_TIME, logistic, weighted_products


@pytest.mark.parametrize("records", [0, 1, ROWS_AT_A_TIME, 2 * ROWS_AT_A_TIME + 7])
@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_weighted_products_are_the_matrix_product_whatever_the_sign_of_the_weights(records, form):
    random = np.random.default_rng(records)
    design, weight = random.normal(size=(records, 4)), random.normal(size=records)

    assert weighted_products(form(design), weight) == pytest.approx(design.T @ np.diag(weight) @ design, abs=1e-10)


def test_logistic_functions_are_exact_at_both_ends_and_never_overflow():
    eta = np.array([-800.0, -40.0, -1.5, 0.0, 1e-9, 1.5, 40.0, 800.0])

    with np.errstate(over="raise", invalid="raise", divide="raise"):
        p, softplus = logistic(eta)

    assert p == pytest.approx(expit(eta), rel=1e-14)
    assert softplus == pytest.approx(np.logaddexp(0, eta), rel=1e-14)


@pytest.mark.parametrize("apart", [1.0, 1e-3, 1e-5])
def test_columns_are_orthogonal_however_near_to_each_other_they_were(apart):
    random = np.random.default_rng(3)
    number = random.normal(size=3000)
    design = np.column_stack([np.ones(3000), number, number + apart * random.normal(size=3000)])

    columns, back = orthogonal_columns(design)

    assert columns.T @ columns / 3000 == pytest.approx(np.eye(3), abs=1e-9)
    assert design @ back == pytest.approx(columns, abs=1e-8)
