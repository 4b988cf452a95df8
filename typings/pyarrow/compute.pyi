from collections.abc import Sequence
from typing import Any

# Arrays or a scalar, as the function gives
def call_function(name: str, args: Sequence[Any]) -> Any: ...
