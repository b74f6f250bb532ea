"""What arrays of numbers are called everywhere."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
"""Doubles; the shape and the unit stand where each is spoken of."""

Flags: TypeAlias = NDArray[np.bool_]
"""Yes or no of each."""
