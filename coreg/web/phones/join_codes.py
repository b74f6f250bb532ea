"""Codes by which a phone takes a place: each once, for two minutes, for one place.

Strategy.

1. A code is 256 bits of the system's chance. It is looked up by its digest, so that how
   long that takes tells nothing of one that is good.
2. A place has a code once somebody looks at it, and another one when half of its time
   is over: whoever scans one has at least a minute to open what it leads to. With the
   one that is used, the other one of that place ends.
3. What was used or has ended is remembered for a while by its digest alone, so that
   whoever comes second reads which it was: that somebody else was quicker is worth
   knowing.
4. Tries are counted, by address and over all (budget.py): no address can try for the
   others, and all of them together cannot try often. Nobody could guess a code in the
   age of the world; this keeps the computer quiet. So a right code opens its place
   however often others tried.

Times are arguments: nothing here reads a clock. Chance is an argument, too.
"""

import enum
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from coreg.web.phones.budget import Allowance, Budget

Place = TypeVar("Place")

CODE_BYTES = 32
GOOD_FOR_S = 120.0
REMEMBERED = 256  # codes that were good once
TRIES_OF_ONE = Allowance(at_once=6, again_s=10.0)
TRIES_OF_ALL = Allowance(at_once=30, again_s=1.0)


class Why(enum.StrEnum):
    """Why a code is refused; the key of its words."""

    UNKNOWN = "unknown"
    USED = "used"
    ENDED = "ended"
    TOO_OFTEN = "too-often"


@dataclass(frozen=True, slots=True)
class Code(Generic[Place]):
    """A code for one place, and until when it is good."""

    text: str
    place: Place
    until_s: float


@dataclass(slots=True)
class JoinCodes(Generic[Place]):
    """The codes that are good now, and what becomes of those that are tried.

    `drawn` returns a code that nobody can know, as `secrets.token_urlsafe`.
    """

    drawn: Callable[[int], str]
    _good: dict[bytes, Code[Place]] = field(default_factory=dict)
    _over: OrderedDict[bytes, Why] = field(default_factory=OrderedDict)
    _tries: Budget = field(default_factory=lambda: Budget(TRIES_OF_ONE, TRIES_OF_ALL))

    def code_for(self, place: Place, now_s: float) -> Code[Place]:
        """Return a code for a place that is good for at least half of its time."""
        self._forget_ended(now_s)
        for code in self._good.values():
            if code.place == place and code.until_s - now_s > GOOD_FOR_S / 2:
                return code
        code = Code(self.drawn(CODE_BYTES), place, now_s + GOOD_FOR_S)
        self._good[_digest(code.text)] = code
        return code

    def use(self, text: str, *, address: str, now_s: float) -> Place | Why:
        """Return the place that a code opens, and use it up; or why it opens none."""
        if not self._tries.allows_one(address, now_s):
            return Why.TOO_OFTEN
        self._forget_ended(now_s)
        digest = _digest(text)
        code = self._good.get(digest)
        if code is None:
            if not self._tries.allows_all(now_s):
                return Why.TOO_OFTEN
            return self._over.get(digest, Why.UNKNOWN)
        self._end(digest, Why.USED)
        self.withdraw(code.place)
        return code.place

    def withdraw(self, place: Place) -> None:
        """End whatever code there is for a place."""
        for digest, code in list(self._good.items()):
            if code.place == place:
                self._end(digest, Why.ENDED)

    def withdraw_all(self) -> None:
        """End every code."""
        for digest in list(self._good):
            self._end(digest, Why.ENDED)

    def _forget_ended(self, now_s: float) -> None:
        for digest, code in list(self._good.items()):
            if now_s >= code.until_s:
                self._end(digest, Why.ENDED)

    def _end(self, digest: bytes, why: Why) -> None:
        del self._good[digest]
        self._over[digest] = why
        while len(self._over) > REMEMBERED:
            self._over.popitem(last=False)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
