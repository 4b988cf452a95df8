import numpy as np

class McNemarResult:
    pvalue: float
    statistic: float

def mcnemar(table: np.ndarray | list[list[int]], exact: bool = True, correction: bool = True) -> McNemarResult: ...
