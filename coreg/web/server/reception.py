"""The hall of a clinic: before an evening, its therapist chooses whose it is.

Strategy.

1. While no couple is here, the therapist's pages are told the list of couples, and
   every other page that all is locked: nobody else learns who comes here.
2. A couple's folder is opened with its own key, out of the book, and an evening begins
   in it as in any data folder. One couple at a time; leaving it forgets its key, and
   so does going over what lies there: only the couple that is here lies open.
3. Whoever was here with a couple is let in no more: its phones, its lights and its
   windows of this computer. The next couple's are let in anew.
4. Locking closes the couple and the book: the passphrase leads back to the list.
5. A couple's folder keeps its lock: it is chosen and changed with the clinic's, and
   from no page of an evening.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path

from coreg.base import clock
from coreg.base.supervision import apart, once
from coreg.errors import CoregError
from coreg.store import keys
from coreg.store.clinic.book import Book, close_clinic, close_couples
from coreg.store.clinic.ready_now import ready_now
from coreg.store.clinic.records import Couple, Ready
from coreg.store.folder import library_lock
from coreg.web.server.errands import Waiting
from coreg.web.server.evening_service import EveningService
from coreg.web.server.hall import LOCKS_AFTER_S, Hall
from coreg.web.server.heard import heard_shown
from coreg.web.server.hours import PastHours, hour_told, hours_of
from coreg.web.server.page import PageConnection
from coreg.web.wire.incoming import Message
from coreg.web.wire.named import Seat
from coreg.web.wire.of_clinic import (
    AddCouple,
    ClinicTold,
    CoupleShown,
    LeaveCouple,
    OfClinic,
    OpenCouple,
    ReviewHour,
    SawAlone,
)
from coreg.web.wire.of_own import Recover, Unlock
from coreg.web.wire.outgoing import (
    PROTOCOL,
    EndedTold,
    LockedTold,
    RefusedTold,
    encode,
)
from coreg.web.words import say

BeginEvening = Callable[[Couple, Path], EveningService]
_LOCKED = encode(LockedTold(v=PROTOCOL))
_ENDED = encode(EndedTold(v=PROTOCOL))


class Reception(Hall):
    """Where pages are in a clinic: at the list of couples, or in an evening of one.

    `begin` begins an evening of a couple in its folder, which lies open. The clinic
    lies open, too, when this is made; `passphrase` is what opened it, and locks the
    folders of couples that are entered from now on.
    """

    def __init__(
        self,
        book: Book,
        begin: BeginEvening,
        passphrase: str,
        *,
        locks_after_s: float = LOCKS_AFTER_S,
    ) -> None:
        super().__init__(
            book.clinic,
            _no_evening,
            locks_after_s=locks_after_s,
            begins=False,
            front=Seat.THERAPIST,
        )
        self._book = book
        self._begin = begin
        self._passphrase = passphrase

    def came(self, page: PageConnection) -> bool:
        """Let a page in; a therapist's is told the couples, while none is here."""
        came = super().came(page)
        if came and self._service is None and self._is_open and _leads(page):
            self._tell_couples()
        return came

    def ask(
        self, message: Message, page: PageConnection, number: int | None = None
    ) -> None:
        """Take a page's message; what is asked of the clinic is answered here."""
        if not isinstance(message, OfClinic):
            super().ask(message, page, number)
            return
        if not _leads(page):
            page.tell(encode(RefusedTold(why="not-at-this-seat", id=number)))
            return
        self.used()
        if number is not None:
            waiting = Waiting(page=page, number=number)
            once(
                "asking of a clinic",
                partial(self._answer_of_clinic, message, waiting),
                failed=lambda _error: waiting.refuse("not-kept"),
            )

    @property
    def _is_open(self) -> bool:
        return bool(self._passphrase)

    @property
    def _has_nothing_open(self) -> bool:
        return not self._is_open

    async def _answer_of_clinic(self, message: OfClinic, waiting: Waiting) -> None:
        async with self._one_at_a_time:
            if not self._is_open:
                waiting.refuse("locked")
                return
            try:
                match message:
                    case OpenCouple(couple=couple):
                        await self._open(couple, waiting)
                    case LeaveCouple():
                        await self._leave(waiting)
                    case AddCouple(a=a, b=b):
                        add = partial(self._book.add_couple, a, b, self._passphrase)
                        await apart("entering a couple", add)
                        waiting.take()
                    case ReviewHour():
                        await self._review(message, waiting)
                        return
                    case SawAlone(couple=couple, partner=partner):
                        saw = partial(
                            self._book.saw_alone, couple, partner, clock.today()
                        )
                        await apart("noting a day", saw)
                        waiting.take()
            except CoregError:
                waiting.refuse("not-kept")
            finally:
                self._let_go_of_others()
        if self._service is None:
            self._tell_couples()

    # --- in and out -------------------------------------------------------------

    async def _open(self, couple_id: str, waiting: Waiting) -> None:
        if self._service is not None:
            waiting.refuse("not-now")
            return
        couple = await apart("finding a couple", partial(self._book.find, couple_id))
        seeing = partial(ready_now, self._book, couple)
        state = await apart("seeing who is ready", seeing)
        if not state.may_practise:
            waiting.refuse("not-set-up")
            return
        folder = await apart(
            "opening a couple's folder", partial(self._book.open_couple, couple.id_)
        )
        try:
            self._inside.enter_context(library_lock(folder))
            service = await apart(
                "opening a couple's evening", partial(self._begin, couple, folder)
            )
        except CoregError:
            await self._closed(folder)
            raise
        self._folder = folder
        waiting.take()
        await self._enter(service)

    async def _review(self, asked: ReviewHour, waiting: Waiting) -> None:
        """Tell one hour, to the page that asked and to no other."""
        if self._service is not None:  # it might be read over a shoulder
            waiting.refuse("not-now")
            return
        couple = await apart("finding a couple", partial(self._book.find, asked.couple))
        read = partial(hour_told, self._book, couple, asked.session_id)
        told = await apart("going over an hour", read)
        if told is None:
            waiting.refuse("no-such-session")
            return
        waiting.take()
        waiting.page.tell(encode(told))

    async def _leave(self, waiting: Waiting) -> None:
        service = self._service
        if service is None or service.evening.is_busy:
            waiting.refuse("not-now")
            return
        await self._part_from(service)
        waiting.take()

    async def _part_from(self, service: EveningService) -> None:
        """Close the evening and the folder of the couple that is here."""
        self._service = None
        for page in self._pages:
            service.left(page)
        self._send_all_away()
        try:
            await service.finish()
            self._recorded += service.recorded
        finally:
            await self._closed(self._folder)
            self._folder = self._book.clinic
            self.locked()

    def _send_all_away(self) -> None:
        """Have nobody here any more, and let in, but the therapist."""
        for page in self._here_or_coming():
            if _leads(page):
                page.tell(_LOCKED)
            else:
                page.send_away(_ENDED)
        self._pages = {page for page in self._pages if _leads(page)}
        self.parted()

    def _let_go_of_others(self) -> None:
        """Keep no couple's folder open but that of the couple that is here."""
        close_couples(
            self._book.clinic, but=self._folder if self._service is not None else None
        )

    async def _closed(self, folder: Path) -> None:
        try:
            await self._inside.aclose()
        finally:
            keys.let_go(folder)

    async def _lock(self) -> None:
        """Close the couple and the book until the passphrase is given again."""
        async with self._one_at_a_time:
            service = self._service
            if not self._is_open or (service is not None and service.evening.is_busy):
                return
            try:
                if service is not None:
                    await self._part_from(service)
            finally:
                self._passphrase = ""
                close_clinic(self._book.clinic)
                self._send_all_away()

    async def _unlock(self, message: Unlock | Recover, waiting: Waiting) -> None:
        """Open the book; the recovery key does it at a terminal, with all couples."""
        if isinstance(message, Recover):
            waiting.refuse("recovery-wrong")
            return
        if not self._is_open:
            opened = partial(keys.opened_with, self._book.clinic, message.passphrase)
            keys.hold(self._book.clinic, await apart("a passphrase", opened))
            self._passphrase = message.passphrase
        waiting.take()
        if self._service is None:
            self._tell_couples()

    # --- the list ---------------------------------------------------------------

    def _tell_couples(self) -> None:
        once("telling couples", self._told_couples, failed=_is_said)

    async def _told_couples(self) -> None:
        async with self._one_at_a_time:  # what is read here is open for so long alone
            if self._service is not None or not self._is_open:
                return
            try:
                shown = await apart(
                    "listing couples", partial(couples_shown, self._book)
                )
            finally:
                self._let_go_of_others()
            told = encode(ClinicTold(v=PROTOCOL, couples=shown))
            for page in self._pages:
                if _leads(page):
                    page.tell(told)


def couples_shown(book: Book) -> tuple[CoupleShown, ...]:
    """Return the couples as a therapist's page lists them: who came last is first.

    Somebody seen alone came, too. Who never came yet is last, in the book's own order.
    """
    listed = [_couple_shown(book, couple) for couple in book.couples()]
    listed.sort(key=lambda each: each[0], reverse=True)
    return tuple(shown for _, shown in listed)


def _couple_shown(book: Book, couple: Couple) -> tuple[dt.date, CoupleShown]:
    """Return when one of a couple came last, and the couple as it is listed."""
    state = ready_now(book, couple)
    is_closed = state is Ready.NO_LOCK
    hours = PastHours() if is_closed else hours_of(book.open_couple(couple.id_))
    came = [hours.last, *couple.last_seen_alone()]
    last = max((each for each in came if each is not None), default=dt.date.min)
    return last, CoupleShown(
        id=couple.id_,
        a=couple.names.a,
        b=couple.names.b,
        may_open=state.may_practise,
        words=say(f"couple-{state.value.replace(' ', '-')}"),
        hours=hours.shown,
        heard=heard_shown(book.heard(couple.id_)),
        alone=tuple(partner for partner, days in couple.seen_alone.items() if days),
    )


def _leads(page: PageConnection) -> bool:
    return page.seat is Seat.THERAPIST


def _no_evening() -> EveningService:
    raise RuntimeError("an evening begins once a couple is chosen")


def _is_said(_error: Exception) -> None:
    """Do no more: its traceback is written, and the pages go on."""
