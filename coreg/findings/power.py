"""How often one evening tells what is there: figures that pages and documents quote.

`python -m benchmarks.power` prints them, of couples that it makes up; docs/measures.md
has the same (a test compares the two).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PART_TOLD: Final[Mapping[float, float]] = MappingProxyType(
    {0.3: 0.34, 0.4: 0.58, 0.5: 0.76}
)
"""By coupling, the share of slow waves that both have in common: how often a part of an
evening of 2 + 8 + 6 minutes is told alike, as a couple reads it."""
PART_TOLD_OF_LOST: Final = 0.38
"""The same at a coupling of .5, where a fifth of the time of each heart was lost."""
LOST_SHARE: Final = 0.1
"""Where more of the tested time than this is not known of both, much was lost."""
