"""The hall before the evening: its pages wait here while what is kept is locked.

Strategy.

1. Where a passphrase locks the data folder, nothing of it is read until somebody gives
   it on a page: there is no evening yet, and pages are told that alone.
2. The evening is locked again when somebody asks for it, or when no page asked for
   anything for a quarter of an hour. Never while a practice is going on: then it waits
   for its end. Its pages come back here, and the key is forgotten.
3. A passphrase is chosen, changed and given up here, too: that concerns all that lies
   in the folder, and not the evening.
4. Where the launch leads to a therapist's seat, locking is the therapist's alone, and
   the folder keeps its lock.
5. What counts as use is what somebody asks who may: no light, and nothing refused.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from weakref import WeakSet

from coreg.base.supervision import again, apart, ended, once
from coreg.errors import (
    CoregError,
    PassphraseRefused,
    StorageLocked,
    StorageUnusable,
)
from coreg.store import keys, locking
from coreg.store.passcode import USUAL_COST, Cost
from coreg.web.evening.happenings import LockChosen, NotKept
from coreg.web.server.errands import Waiting
from coreg.web.server.evening_service import MOST_PAGES, EveningService
from coreg.web.server.page import PageConnection
from coreg.web.server.run_session import now_s
from coreg.web.server.seats import OWN_SEATS
from coreg.web.wire.incoming import (
    ForTherapists,
    Message,
    Quit,
)
from coreg.web.wire.named import LockIs, Seat
from coreg.web.wire.of_clinic import OfClinic
from coreg.web.wire.of_own import (
    ChoosePassphrase,
    LockNow,
    NoLock,
    OfLock,
    Recover,
    Unlock,
)
from coreg.web.wire.outgoing import PROTOCOL, LockedTold, RefusedTold, encode
from coreg.words import wrong_and_do

LOCKS_AFTER_S = 15 * 60.0
_LOOKS_EVERY_S = 1.0
_BESIDE = {*OWN_SEATS, Seat.LIGHT}
_MOST_BESIDE = 4  # one that came back may still be counted for a moment
_MOST_TRIES_WAITING = 4  # each takes a third of a second and 128 MB: one at a time
_LOCKED = encode(LockedTold(v=PROTOCOL))
_NOT_HERE = "not-at-this-seat"


class Hall:
    """Where pages are, in an evening or before it.

    `open_evening` begins one, from a folder that lies open: here already, where nothing
    is locked, unless it `begins` later. `locked` is called when one is locked again,
    `parted` when whoever was here is to be let in no more by what they have. `front` is
    the seat that the launch leads to.
    `quit`, where there is one, ends the program, and `for_therapists` begins a
    therapist's own beside it: a page may ask for either, but not while anybody
    practises.
    """

    def __init__(
        self,
        folder: Path,
        open_evening: Callable[[], EveningService],
        *,
        passphrase_cost: Cost = USUAL_COST,
        locks_after_s: float = LOCKS_AFTER_S,
        begins: bool = True,
        front: Seat = Seat.BOTH,
    ) -> None:
        self._folder = folder
        self._front = front
        self._open_evening = open_evening
        self._at_once = open_evening() if begins and _is_open(folder) else None
        self._cost = passphrase_cost
        self._locks_after_s = locks_after_s
        self._service: EveningService | None = None
        self._inside = AsyncExitStack()
        self._pages: set[PageConnection] = set()
        self._coming: WeakSet[PageConnection] = WeakSet()
        self._recorded: list[Path] = []
        self._one_at_a_time = asyncio.Lock()
        self._tries_waiting = 0
        self._left: dict[str, str] = {}
        self._asked_s = now_s()
        self.locked: Callable[[], None] = _nobody
        self.parted: Callable[[], None] = _nobody
        self.quit: Callable[[], None] | None = None
        self.for_therapists: Callable[[], None] | None = None

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._folder

    @property
    def service(self) -> EveningService | None:
        """The evening; None while it is locked."""
        return self._service

    @property
    def has_pages(self) -> bool:
        """Whether a page is open; a light alone is nobody's."""
        return any(page.seat is not Seat.LIGHT for page in self._pages)

    @property
    def is_practising(self) -> bool:
        """Whether a practice is under way or about to be."""
        return self._service is not None and self._service.evening.is_busy

    @property
    def recorded(self) -> list[Path]:
        """The sessions recorded meanwhile and not erased, oldest first."""
        now = self._service.recorded if self._service else []
        return [path for path in self._recorded if path.exists()] + now

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Let evenings come and go."""
        if self._at_once is not None:
            await self._enter(self._at_once)
        watching = again(
            "locking what nobody uses",
            self._lock_when_idle,
            failed=_is_said,
            after_s=_LOOKS_EVERY_S,
        )
        try:
            yield
        finally:
            await ended(watching)
            if self._service is not None:
                self._recorded += self._service.recorded
            await self._inside.aclose()

    async def finish(self) -> None:
        """End a session in order, and have everything kept."""
        async with self._one_at_a_time:
            if self._service is not None:
                await self._service.finish()

    def coming(self, seat: Seat) -> PageConnection:
        """Return a page that the door let in: it may take its time to be here."""
        page = PageConnection(seat)
        self._coming.add(page)
        return page

    def _here_or_coming(self) -> set[PageConnection]:
        return {*self._pages, *self._coming}

    def came(self, page: PageConnection) -> bool:
        """Let a page in, unless there are too many, or it was sent away meanwhile."""
        self._coming.discard(page)
        if page.is_away:
            return False
        if len(self._pages) >= MOST_PAGES or self._has_enough(page.seat):
            return False
        self._pages.add(page)
        if page.seat is not Seat.LIGHT:
            self.used()
        if self._service is not None:
            return self._service.came(page)
        page.tell(self._locked_told(page))
        return True

    def _locked_told(self, _page: PageConnection) -> str:
        """Return what a page is told while all is locked."""
        return _LOCKED

    def _has_enough(self, seat: Seat) -> bool:
        """Whether a phone or a light has all the pages it needs: others need some."""
        of_it = sum(page.seat is seat for page in self._pages)
        return seat in _BESIDE and of_it >= _MOST_BESIDE

    def is_here(self, seat: Seat) -> bool:
        """Whether a page of this seat is there now."""
        return any(page.seat is seat for page in self._pages)

    def send_away(self, seat: Seat) -> None:
        """Let go of the pages of a seat that is freed, and of what it kept."""
        for page in self._here_or_coming():
            if page.seat is seat:
                page.send_away()
        owner = OWN_SEATS.get(seat)
        if owner is not None and self._service is not None:
            self._service.send_away(owner)

    def left(self, page: PageConnection) -> None:
        """Forget a page."""
        if page not in self._pages:  # it was sent away before this evening
            return
        self._pages.discard(page)
        if self._service is not None:
            self._service.left(page)

    def ask(
        self, message: Message, page: PageConnection, number: int | None = None
    ) -> None:
        """Take a page's message; what becomes of it goes back to that page alone."""
        why = self._why_not(message, page.seat)
        if why is not None:
            page.tell(encode(RefusedTold(why=why, id=number)))
        elif isinstance(message, Quit | ForTherapists):
            self._of_programs(message, page, number)
        elif isinstance(message, OfLock):
            self.used()
            self._ask_of_lock(message, page, number)
        elif self._service is not None:
            is_taken = self._service.ask(message, page, number)
            if is_taken and page.seat is not Seat.LIGHT:
                self.used()

    def _why_not(self, message: Message, seat: Seat) -> str | None:
        """Return why this is not asked of a hall, or not at this seat."""
        if isinstance(message, OfClinic):  # there is none here (`Reception`)
            return "no-clinic"
        if not isinstance(message, OfLock | Quit | ForTherapists):
            return "locked" if self._service is None else None
        is_therapists = self._front is Seat.THERAPIST
        if is_therapists and isinstance(message, LockNow | Unlock):
            may = {Seat.THERAPIST}
            if isinstance(message, Unlock):
                may.add(Seat.BOTH)
            return None if seat in may else _NOT_HERE
        if seat is not Seat.BOTH:
            return _NOT_HERE
        if is_therapists and isinstance(message, ChoosePassphrase | NoLock):
            return "lock-stays"
        return None

    @property
    def _has_nothing_open(self) -> bool:
        return self._service is None

    def used(self) -> None:
        """Take note that somebody is here."""
        self._asked_s = now_s()

    def _of_programs(
        self, message: Quit | ForTherapists, page: PageConnection, number: int | None
    ) -> None:
        """End the program, or begin a therapist's; what is going on is kept."""
        does = self.quit if isinstance(message, Quit) else self.for_therapists
        if does is None:
            page.tell(encode(RefusedTold(why="no-app", id=number)))
        elif self.is_practising:
            page.tell(encode(RefusedTold(why="practising", id=number)))
        else:
            does()
            if number is not None and isinstance(message, ForTherapists):
                Waiting(page=page, number=number).take()

    def _ask_of_lock(
        self, message: OfLock, page: PageConnection, number: int | None
    ) -> None:
        """Have it answered, one after another; no page waits for another's disk."""
        waiting = None if number is None else Waiting(page=page, number=number)
        if isinstance(message, LockNow):
            once("locking", self._lock, failed=_is_said)
        elif waiting is None:
            return
        elif self._tries_waiting >= _MOST_TRIES_WAITING:
            waiting.refuse("too-fast")
        else:
            self._tries_waiting += 1
            once(
                "a passphrase",
                partial(self._answer, message, waiting),
                failed=lambda _error: waiting.refuse("not-kept"),
            )

    async def _answer(
        self, message: ChoosePassphrase | NoLock | Unlock | Recover, waiting: Waiting
    ) -> None:
        async with self._one_at_a_time:
            self._tries_waiting -= 1
            try:
                match message:
                    case Unlock() | Recover():
                        await self._unlock(message, waiting)
                    case ChoosePassphrase() | NoLock():
                        await self._choose(message, waiting)
            except PassphraseRefused as error:
                waiting.refuse(error.why)

    # --- in and out -------------------------------------------------------------

    async def _enter(self, service: EveningService) -> None:
        await self._inside.enter_async_context(service.living())
        self._service = service
        for page in list(self._pages):
            service.came(page)

    async def _unlock(self, message: Unlock | Recover, waiting: Waiting) -> None:
        if self._service is not None:  # another page was quicker
            waiting.take()
            return
        recovery_key: str | None = None
        vault = await apart("a passphrase", partial(self._vault, message))
        keys.hold(self._folder, vault)
        try:
            service = await apart("opening what was locked", self._opened)
            if isinstance(message, Recover):  # last: until then the old key is good
                anew = partial(self._anew, vault, message.passphrase)
                recovery_key = await apart("another passphrase", anew)
        except CoregError as error:
            keys.let_go(self._folder)
            if isinstance(error, StorageUnusable):
                locked = LockedTold(v=PROTOCOL, words=error.wrong)
                waiting.page.tell(encode(locked))
            raise
        waiting.take(recovery_key=recovery_key)
        await self._enter(service)
        self._say_left(service)

    def _vault(self, message: Unlock | Recover) -> keys.Vault:
        if isinstance(message, Unlock):
            return keys.opened_with(self._folder, message.passphrase)
        keys.need_passphrase(message.passphrase)
        return keys.recovered_with(self._folder, message.recovery_key)

    def _anew(self, vault: keys.Vault, passphrase: str) -> str:
        return keys.choose_anew(self._folder, vault, passphrase, cost=self._cost)

    def _opened(self) -> EveningService:
        self._left = locking.finish(self._folder)  # what could not be locked before
        return self._open_evening()

    def _say_left(self, service: EveningService) -> None:
        """Say which evenings still lie open, and why."""
        if self._left:
            words = "; ".join(f"{name}: {why}" for name, why in self._left.items())
            service.take(NotKept(key="not-locked", words=words))

    async def _lock_when_idle(self) -> None:
        while True:
            await asyncio.sleep(min(_LOOKS_EVERY_S, self._locks_after_s))
            service = self._service
            is_busy = service is not None and service.evening.is_busy
            if is_busy or self._has_nothing_open:
                self._asked_s = now_s()
            elif now_s() - self._asked_s >= self._locks_after_s:
                await self._lock()

    async def _lock(self) -> None:
        """Close everything until the passphrase is given again."""
        async with self._one_at_a_time:
            service = self._service
            is_over = service is None or service.evening.is_busy
            if service is None or is_over or not keys.is_locked(self._folder):
                return
            self._service = None
            for page in self._pages:
                service.left(page)
                page.tell(_LOCKED)
            try:
                await service.finish()
                self._recorded += service.recorded
                await self._inside.aclose()
            finally:  # whatever the disk says: nothing is open any more
                keys.let_go(self._folder)
                self.locked()

    # --- the passphrase ---------------------------------------------------------

    async def _choose(
        self, message: ChoosePassphrase | NoLock, waiting: Waiting
    ) -> None:
        service = self._service
        if service is None:
            waiting.refuse("locked")
            return
        if service.evening.is_busy:
            waiting.refuse("practising")
            return
        # An evening that began now would lie there under keys that are going.
        with service.beginning_nothing():
            await service.all_kept()
            await self._choose_in(service, message, waiting)

    async def _choose_in(
        self,
        service: EveningService,
        message: ChoosePassphrase | NoLock,
        waiting: Waiting,
    ) -> None:
        if isinstance(message, ChoosePassphrase):
            chosen = partial(self._chosen, message)
            recovery_key = await apart("choosing a passphrase", chosen)
            service.take(LockChosen(lock=LockIs.LOCKED))
            self._say_left(service)
            waiting.take(recovery_key=recovery_key)
            return
        given_up = partial(self._given_up, message, service)
        await apart("giving up a passphrase", given_up)
        service.take(LockChosen(lock=LockIs.OPEN))
        waiting.take()

    def _chosen(self, message: ChoosePassphrase) -> str:
        if message.old is None:
            locked = locking.lock(self._folder, message.passphrase, cost=self._cost)
            self._left = locked.left
            return locked.recovery_key
        keys.need_passphrase(message.passphrase)
        vault = keys.opened_with(self._folder, message.old)
        return keys.choose_anew(
            self._folder, vault, message.passphrase, cost=self._cost
        )

    def _given_up(self, message: NoLock, service: EveningService) -> None:
        if keys.is_locked(self._folder):
            keys.opened_with(self._folder, message.passphrase or "")
            if locking.unlock_for_good(self._folder):
                told = wrong_and_do("errors.lock.stays")
                raise PassphraseRefused(*told, why="lock-stays")
        service.evening_store.keep_no_lock()


def _is_open(folder: Path) -> bool:
    try:
        keys.vault_of(folder)
    except StorageLocked:
        return False
    return True


def _nobody() -> None:
    """Tell nobody."""


def _is_said(_error: Exception) -> None:
    """Do no more: its traceback is written, and the pages go on."""
