"""Where identities stand in a sorted list of identities, which are hashes: evenly spread, so nearly known beforehand.

Belongs here: finding their rows. Does not belong here: what identities are (condense.py).
"""

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.uint64]
NOWHERE = np.uint32(2**32 - 1)


def places_of(ids: Ids, among: Ids) -> npt.NDArray[np.uint32]:
    """The row of each of `ids` in `among`, which is sorted; NOWHERE where it has none."""
    place = np.full(ids.size, NOWHERE, dtype=np.uint32)
    if not among.size:
        return place
    bits = int(among.size).bit_length()
    shift = np.uint64(64 - bits)
    starts = np.concatenate([[0], np.cumsum(np.bincount((among >> shift).astype(np.int64), minlength=1 << bits))])
    drawer = (ids >> shift).astype(np.int64)
    at, end = starts[drawer].astype(np.uint32), starts[drawer + 1].astype(np.uint32)
    waiting = np.flatnonzero(at < end)
    while waiting.size:
        found = among[at[waiting]]
        sought = ids[waiting]
        here = waiting[found == sought]
        place[here] = at[here]
        waiting = waiting[found < sought]
        at[waiting] += np.uint32(1)
        waiting = waiting[at[waiting] < end[waiting]]
    return place
