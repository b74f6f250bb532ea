"""How often an address may try something, and all addresses together.

Each has a burst, and then one every so often. An address that has used up its own takes
nothing from what all of them may. Its first burst takes nothing from that either: one
device can have many addresses, and whatever all of those used up, a phone that comes
for the first time has its whole page. How many addresses come for the first time is
bounded in turn; one that is too many of them is asked again at its next try.

Times are arguments: nothing here reads a clock.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

ADDRESSES = 256  # that are counted; of more, those that tried last


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """So many at once, and then one each `again_s`."""

    at_once: int
    again_s: float


NEW_ADDRESSES = Allowance(at_once=24, again_s=0.25)
"""More than a laptop gives itself at once; every address of a house within a minute."""


@dataclass(slots=True)
class _Left:
    """What is left of an allowance."""

    left: float
    at_s: float

    @classmethod
    def whole(cls, allowance: Allowance, now_s: float) -> "_Left":
        """Return what is left of one that nobody used yet."""
        return cls(float(allowance.at_once), now_s)

    def takes_one(self, allowance: Allowance, now_s: float) -> bool:
        """Say whether one more may be tried now, and count it."""
        grown = self.left + (now_s - self.at_s) / allowance.again_s
        self.left, self.at_s = min(float(allowance.at_once), grown), now_s
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass(slots=True)
class _Known:
    """An address that tried, and what of its first burst it has yet to use.

    That is None until there is room for one more that comes for the first time.
    """

    left: _Left
    first: int | None = None


@dataclass(slots=True)
class Budget:
    """What each address may, what all may, and how many may have a first burst."""

    of_one: Allowance
    of_all: Allowance
    of_new: Allowance = NEW_ADDRESSES
    _each: OrderedDict[str, _Known] = field(default_factory=OrderedDict)
    _all: _Left | None = None
    _new: _Left | None = None

    def allows(self, address: str, now_s: float) -> bool:
        """Say whether this address may try once more; count it for all after its first.

        Examples
        --------
        >>> once = Allowance(at_once=1, again_s=9)
        >>> never = Allowance(at_once=0, again_s=9)
        >>> budget = Budget(of_one=once, of_all=never, of_new=once)
        >>> [budget.allows(address, 0.0) for address in "aab"]
        [True, False, False]
        """
        if not self.allows_one(address, now_s):
            return False
        return self._is_of_first_burst(address, now_s) or self.allows_all(now_s)

    def allows_one(self, address: str, now_s: float) -> bool:
        """Say whether this address may, whatever the others do."""
        known = self._each.setdefault(address, _Known(_Left.whole(self.of_one, now_s)))
        self._each.move_to_end(address)
        while len(self._each) > ADDRESSES:
            self._each.popitem(last=False)
        return known.left.takes_one(self.of_one, now_s)

    def allows_all(self, now_s: float) -> bool:
        """Say whether all of them together may."""
        if self._all is None:
            self._all = _Left.whole(self.of_all, now_s)
        return self._all.takes_one(self.of_all, now_s)

    def _is_of_first_burst(self, address: str, now_s: float) -> bool:
        """Say whether a try is of its address's first burst, and count it there."""
        known = self._each[address]
        if known.first is None:
            if self._new is None:
                self._new = _Left.whole(self.of_new, now_s)
            if not self._new.takes_one(self.of_new, now_s):
                return False
            known.first = self.of_one.at_once
        known.first -= 1
        return known.first >= 0
