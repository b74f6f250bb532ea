"""How often an address may try something, and all addresses together.

Each has a burst, and then one every so often. An address that has used up its own takes
nothing from what all of them may, so it keeps nobody else out.

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


@dataclass(slots=True)
class _Left:
    """What is left of an allowance."""

    left: float
    at_s: float

    def takes_one(self, allowance: Allowance, now_s: float) -> bool:
        """Say whether one more may be tried now, and count it."""
        grown = self.left + (now_s - self.at_s) / allowance.again_s
        self.left, self.at_s = min(float(allowance.at_once), grown), now_s
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass(slots=True)
class Budget:
    """What each address may, and what all may."""

    of_one: Allowance
    of_all: Allowance
    _each: OrderedDict[str, _Left] = field(default_factory=OrderedDict)
    _all: _Left | None = None

    def allows(self, address: str, now_s: float) -> bool:
        """Say whether this address may try once more, and count it for all, too."""
        return self.allows_one(address, now_s) and self.allows_all(now_s)

    def allows_one(self, address: str, now_s: float) -> bool:
        """Say whether this address may, whatever the others do."""
        left = self._each.setdefault(address, _Left(float(self.of_one.at_once), now_s))
        self._each.move_to_end(address)
        while len(self._each) > ADDRESSES:
            self._each.popitem(last=False)
        return left.takes_one(self.of_one, now_s)

    def allows_all(self, now_s: float) -> bool:
        """Say whether all of them together may."""
        if self._all is None:
            self._all = _Left(float(self.of_all.at_once), now_s)
        return self._all.takes_one(self.of_all, now_s)
