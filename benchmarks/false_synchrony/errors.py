"""How certain a share is, where the same people stand in many pairs.

Pairs that have a person in common are not independent of one another: somebody whose
slow waves look like everybody's is called in all of theirs. Counting pairs as if each
were two new people makes the error too small.
"""

import math

import numpy as np
from numpy.typing import NDArray


def counted(called: NDArray[np.bool_]) -> float:
    """Return the standard error of a share of independent evenings.

    Where all or none were called it is that of one evening among them, not nought.
    """
    share = float(called.mean())
    return math.sqrt(max(share * (1 - share), 1 / called.size**2) / called.size)


def over_people(called: NDArray[np.bool_], people: list[tuple[str, str]]) -> float:
    """Return the standard error by leaving out one person at a time (jackknife).

    With the person go all their pairs. It is never less than the error of as many
    independent pairs; of fewer than three people nothing can be said, and it is NaN.
    """
    everybody = sorted({person for pair in people for person in pair})
    without = []
    for person in everybody:
        stays = np.array([person not in pair for pair in people])
        if not stays.any():
            return math.nan
        without.append(float(called[stays].mean()))
    count = len(everybody)
    spread = np.array(without) - np.mean(without)
    by_person = math.sqrt((count - 1) / count * float(spread @ spread))
    return max(by_person, counted(called))
