import numpy as np

class McNemarResult:
    pvalue: float
    statistic: float

def mcnemar(table: np.ndarray | list[list[int]], exact: bool = True, correction: bool = True) -> McNemarResult: ...

class Table2x2:
    oddsratio: float
    def __init__(self, table: np.ndarray) -> None: ...
    def oddsratio_confint(self, alpha: float) -> tuple[float, float]: ...

class StratifiedTable:
    oddsratio_pooled: float
    def __init__(self, tables: list[np.ndarray]) -> None: ...
    def oddsratio_pooled_confint(self, alpha: float) -> tuple[float, float]: ...
