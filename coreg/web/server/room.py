"""Who makes room where too many connections are open: whoever opened too many.

A house's network has no NAT: each device has an address of its own. So many connections
are kept of one address, so many of all that have not joined, and so many in all;
whoever opens more loses the oldest of their own. Where it is too many in all, the
address that has most makes room.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """One connection: whose it is, and whether it can be let go just now."""

    address: str
    may_go: bool


def _everybody(_address: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many connections there are room for. `has_joined` says of whom."""

    most: int
    of_one: int
    of_strangers: int
    has_joined: Callable[[str], bool] = _everybody

    def leaves(self, there: Sequence[Here]) -> int | None:
        """Return which of these makes room, where there is one too many; else None.

        They stand in the order in which they would be let go.

        Examples
        --------
        >>> room = Room(most=3, of_one=2, of_strangers=3)
        >>> a, b = (Here(address=name, may_go=True) for name in "ab")
        >>> room.leaves([b, a, a]), room.leaves([b, a, a, a]), room.leaves([b, b, a, a])
        (None, 1, 0)
        """
        counts = Counter(each.address for each in there)
        strangers = {name for name in counts if not self.has_joined(name)}
        crowded = {name for name, count in counts.items() if count > self.of_one}
        if crowded:
            return _first(there, crowded)
        if sum(counts[name] for name in strangers) > self.of_strangers:
            return _first_of_most(there, counts, strangers)
        if len(there) > self.most:
            return _first_of_most(there, counts, set(counts))
        return None


def room_for_all(most: int) -> Room:
    """Return room where all come from this computer: nobody's address is another."""
    return Room(most=most, of_one=most, of_strangers=most)


def _first(there: Sequence[Here], names: set[str]) -> int | None:
    for number, each in enumerate(there):
        if each.may_go and each.address in names:
            return number
    return None


def _first_of_most(
    there: Sequence[Here], counts: Counter[str], names: set[str]
) -> int | None:
    may = {each.address for each in there if each.may_go} & names
    if not may:
        return None
    most = max(counts[name] for name in may)
    return _first(there, {name for name in may if counts[name] == most})
