"""Requirements with random factors, for tests of imputing and fitting."""

import numpy as np
import polars as pl


def requirements(n: int = 400, **columns) -> pl.DataFrame:
    """`n` ATRs, half of them linked by chance; `columns` replace or add columns."""
    random = np.random.default_rng(3)
    values = {
        "requirement_key": [f"r{number:04d}" for number in range(n)],
        "requirement_type": ["ATR"] * n,
        "linked_structured": (random.random(n) < 0.5).tolist(),
        "region": random.choice(["North East", "North West", "South West"], n).tolist(),
        "sex": random.choice(["Male", "Female"], n).tolist(),
        "rsr_band": random.choice(["Low", "Medium", "High"], n).tolist(),
    }
    return pl.DataFrame({**values, **columns})
