"""What is to be kept or erased: one errand after another, beside the evening.

An errand is all that one step asked to keep. A page that waits for it hears once all
of it is on the disk, or that it is not.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from coreg.base.supervision import noted
from coreg.errors import CoregError, EnoughTold
from coreg.web.evening.effects import (
    Effect,
    EraseAtEnd,
    ForgetLine,
    ForgetRead,
    Keep,
    KeepAnswer,
    KeepAside,
    KeepConsent,
    KeepDays,
    KeepHappened,
    KeepHarder,
    KeepInQuiet,
    KeepLearned,
    KeepLine,
    KeepLooseEnd,
    KeepNames,
    KeepPace,
    KeepPractised,
    KeepRating,
    KeepRest,
    KeepSat,
    KeepSettings,
    KeepTimes,
    KeepWish,
    KeepWords,
    KeepWorn,
    LeaveUnfinished,
    Refuse,
    Remove,
    Reveal,
    TellTherapist,
    Withdraw,
)
from coreg.web.evening.happenings import (
    Erased,
    Happening,
    LooseEndsAre,
    NamesKept,
    NotKept,
)
from coreg.web.evening.state import Agreed
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.own_access import OwnAccess, Visit
from coreg.web.server.page import PageConnection
from coreg.web.wire.of_own import (
    DeleteOwnLine,
    ForgetPasscode,
    OfferLooseEnd,
    OfOwnThings,
)
from coreg.web.wire.outgoing import RefusedTold, Taken, Told, encode
from coreg.web.words import say

MOST_WAITING = 64
"""How many errands of one page may wait for the disk."""
_MOVES_LOOSE_ENDS = DeleteOwnLine | ForgetPasscode | OfferLooseEnd
UNKEPT: dict[type[Keep | Remove], str] = {
    KeepNames: "not-kept-names",
    KeepWorn: "not-kept-straps",
    **dict.fromkeys((KeepLearned, KeepSat), "not-kept-learned"),
    Remove: "not-erased",
    # Nobody learns from these words what the other one chose or wrote.
    **dict.fromkeys((KeepConsent, Withdraw, EraseAtEnd), "not-kept-choice"),
    **dict.fromkeys(
        (KeepSettings, KeepPace, KeepPractised, KeepTimes, KeepDays), "not-kept-choice"
    ),
    **dict.fromkeys(
        (LeaveUnfinished, KeepRest, KeepHarder, KeepLooseEnd), "not-kept-choice"
    ),
    **dict.fromkeys((KeepRating, KeepAside, KeepWords, KeepWish), "not-kept-answers"),
    **dict.fromkeys(
        (KeepAnswer, KeepHappened, KeepInQuiet, KeepLine), "not-kept-answers"
    ),
    **dict.fromkeys((ForgetLine, ForgetRead), "not-erased"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A page that waits to hear what became of its message, and the message's number.

    `agreed` is what it asked to see, if it did.
    """

    page: PageConnection
    number: int
    agreed: Agreed | None = None

    def refuse(self, why: str) -> None:
        """Say that it came to nothing."""
        self._tell(RefusedTold(why=why, id=self.number))

    def take(self, *, recovery_key: str | None = None) -> None:
        """Say that it is done; a recovery key is told this once."""
        self._tell(Taken(id=self.number, agreed=self.agreed, recovery_key=recovery_key))

    def _tell(self, told: Told) -> None:
        self.page.tell(encode(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfOwn:
    """What one person asks of what is theirs, and during which visit."""

    asked: OfOwnThings
    visit: Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    what: tuple[Keep | Remove | TellTherapist, ...]
    waiting: Waiting | None
    of_own: _OfOwn | None = None
    page: PageConnection | None = None  # whose it is, where a page asked for it

    @property
    def tells_therapist(self) -> bool:
        """Whether something of it goes to a therapist's book."""
        return any(isinstance(each, TellTherapist) for each in self.what)


class Errands:
    """Keeps what steps ask for, in the order in which they did."""

    def __init__(
        self,
        evening_store: EveningStore,
        own_access: OwnAccess,
        happened: Callable[[Happening], object],
        tell_therapist: Callable[[TellTherapist], None],
    ) -> None:
        self._evening_store = evening_store
        self._own_access = own_access
        self._happened = happened
        self._tell_therapist = tell_therapist
        self._errands: asyncio.Queue[_Errand] = asyncio.Queue()
        self._of_page: Counter[PageConnection] = Counter()  # how many wait
        self._telling: Counter[PageConnection] = Counter()  # and tell a therapist

    def has_room(self, page: PageConnection, effects: Iterable[Effect]) -> bool:
        """Whether a page may have this kept now.

        What goes to a therapist's book is told one after another: a book is written
        whole each time, and no page makes everybody else wait for it.
        """
        what = _to_do(effects)
        tells = any(isinstance(each, TellTherapist) for each in what)
        if tells and self._telling[page]:
            return False
        return not what or self._of_page[page] < MOST_WAITING

    def add(
        self,
        effects: Iterable[Effect],
        waiting: Waiting | None = None,
        *,
        page: PageConnection | None = None,
    ) -> None:
        """Have this kept; `waiting` hears of it, unless it was refused.

        `page` is the one that asked for it, whether it waits to hear or not.
        """
        effects = tuple(effects)
        if any(isinstance(each, Refuse) for each in effects):
            return
        for each in effects:
            if isinstance(each, Reveal) and waiting is not None:
                waiting = replace(waiting, agreed=each.agreed)
        what = _to_do(effects)
        if what or waiting:
            self._put(_Errand(what=what, waiting=waiting, page=page))

    def add_own(self, asked: OfOwnThings, waiting: Waiting) -> None:
        """Have this answered, after all that was said before it is kept."""
        if self._of_page[waiting.page] >= MOST_WAITING:
            waiting.refuse("too-fast")
            return
        visit = self._own_access.visit(waiting.page)
        of_own = _OfOwn(asked=asked, visit=visit)
        self._put(_Errand(what=(), waiting=waiting, of_own=of_own, page=waiting.page))

    async def all_done(self) -> None:
        """Wait until everything so far is on the disk."""
        await self._errands.join()

    async def run(self) -> None:
        """Do one errand after another."""
        while True:
            errand = await self._errands.get()
            try:
                await self._do(errand)
            finally:
                self._count(errand, -1)
                self._errands.task_done()

    def _put(self, errand: _Errand) -> None:
        self._count(errand, 1)
        self._errands.put_nowait(errand)

    def _count(self, errand: _Errand, more: int) -> None:
        if errand.page is None:
            return
        self._of_page[errand.page] += more
        self._telling[errand.page] += more * errand.tells_therapist
        # A page that has nothing waiting is not remembered.
        self._of_page, self._telling = +self._of_page, +self._telling

    async def _do(self, errand: _Errand) -> None:
        waiting = errand.waiting
        if errand.of_own is not None and waiting is not None:
            await self._answer(errand.of_own, waiting)
            return
        why_not = [await self._why_not_kept(what) for what in errand.what]
        if waiting is None:
            return
        why = next(filter(None, why_not), "")
        if why:
            waiting.refuse(why)
        else:
            waiting.take()

    async def _answer(self, of_own: _OfOwn, waiting: Waiting) -> None:
        """Answer what one person asks of what is theirs, to the page that asked."""

        def failed(_error: Exception) -> None:
            # In words on the page itself: a notice would tell the other of it.
            waiting.refuse("not-kept")

        with noted("own things", failed=failed):
            told, happening = await asyncio.to_thread(
                self._own_access.answer,
                of_own.asked,
                waiting.page,
                of_own.visit,
                waiting.number,
            )
            if happening is not None:
                self._happened(happening)
            waiting.page.tell(encode(told))
            if isinstance(of_own.asked, _MOVES_LOOSE_ENDS):
                await self._tell_loose_ends()

    async def _tell_loose_ends(self) -> None:
        now = await asyncio.to_thread(self._evening_store.offered.all)
        self._happened(LooseEndsAre(loose_ends=now))

    async def _why_not_kept(self, what: Keep | Remove | TellTherapist) -> str:
        """Keep it or erase it; return why that is not done, nothing where it is."""
        if isinstance(what, TellTherapist):
            return await self._why_not_told(what)
        key = UNKEPT[type(what)]
        with noted("keeping", failed=lambda error: self._happened(unkept(key, error))):
            if isinstance(what, Remove) and what.partner is not None:
                await asyncio.to_thread(self._own_access.show_nothing, what.partner)
            await asyncio.to_thread(self._keep, what)
            if isinstance(what, KeepNames):
                renamed = await asyncio.to_thread(self._evening_store.renamed)
                self._happened(NamesKept(renamed=renamed))
            if isinstance(what, Remove):
                self._happened(Erased(what=what.what, partner=what.partner))
                await self._tell_loose_ends()
            return ""
        return "not-kept"

    async def _why_not_told(self, what: TellTherapist) -> str:
        """Tell it; that it could not be, hears the page that asked, and nobody else."""
        with noted("telling a therapist", failed=_is_the_pages):
            try:
                await asyncio.to_thread(self._tell_therapist, what)
            except EnoughTold:
                return "told-enough"
            return ""
        return "not-kept"

    def _keep(self, what: Keep | Remove) -> None:
        if isinstance(what, Remove):
            self._evening_store.remove(what)
        else:
            self._evening_store.keep(what)


def _to_do(effects: Iterable[Effect]) -> tuple[Keep | Remove | TellTherapist, ...]:
    errands = Keep | Remove | TellTherapist
    return tuple(each for each in effects if isinstance(each, errands))


def _is_the_pages(_error: Exception) -> None:
    """Say nothing to the two: a notice would tell one what the other did."""


def unkept(key: str, error: Exception) -> NotKept:
    """Return what says so; what to do about a disk is for the command line."""
    words = error.wrong if isinstance(error, CoregError) else say("fault")
    return NotKept(key=key, words=words)
