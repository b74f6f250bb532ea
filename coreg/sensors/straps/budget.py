"""How much a strap may send before coreg listens no further.

Whatever is in range may call itself a strap, and what a strap sends is recorded: one
that floods would fill memory and disk. A real H10 stays below 1.5 kB/s for each of its
streams, and after a hold-up it sends at once what waited.
"""

from typing import Final

from coreg.facts.events import NS_PER_S

MOST_BYTES_PER_S: Final = 4_000
BURST_BYTES: Final = 80_000
"""As much as the fastest stream of an H10 holds in a minute: no radio waits longer."""
_COST_OF_EACH: Final = 60
# What is recorded beside the bytes of each. An empty notification is not for nothing.


class Budget:
    """What may still come, of one kind: it fills with time, up to a burst.

    Once it is spent nothing is taken until half of it is there again, so that a flood
    is one event and not a thousand.

    Examples
    --------
    >>> budget = Budget()
    >>> [budget.takes(79_000, t_ns=0), budget.takes(2_000, t_ns=0)]
    [True, False]
    >>> [budget.takes(20, t_ns=9 * NS_PER_S), budget.takes(20, t_ns=11 * NS_PER_S)]
    [False, True]
    """

    def __init__(self) -> None:
        self._left = float(BURST_BYTES)
        self._since_ns: int | None = None
        self._is_spent = False

    def takes(self, size: int, *, t_ns: int) -> bool:
        """Return whether so many bytes may come now; those that may are spent."""
        since_ns = t_ns if self._since_ns is None else self._since_ns
        passed_s = max(t_ns - since_ns, 0) / NS_PER_S
        self._since_ns = t_ns
        self._left = min(self._left + passed_s * MOST_BYTES_PER_S, BURST_BYTES)
        cost = size + _COST_OF_EACH
        self._is_spent = self._left < (BURST_BYTES / 2 if self._is_spent else cost)
        if self._is_spent:
            return False
        self._left -= cost
        return True
