"""The hall of a clinic: before an evening, its therapist chooses whose it is.

Strategy.

1. While no couple is here, the therapist's pages are told the list of couples, and
   every other page that all is locked: nobody else learns who comes here.
2. A couple's folder is opened with its own key, out of the book, and an evening begins
   in it as in any data folder. One couple at a time; leaving it forgets its key, and
   so does going over what lies there: only the couple that is here lies open.
3. Whoever was here with a couple is let in no more: its phones, its lights and its
   windows of this computer. The next couple's are let in anew.
4. Locking closes the couple and the book: the passphrase leads back to the list, and
   so does the recovery key with another passphrase. Both are given at the therapist's
   seat, on this computer, where the first one is chosen, too: where nobody has a
   terminal, the pages come before the clinic is open, or there is one.
5. Heartbeats are corrected by hand while no couple is here: for as long as that editor
   is open, so is the folder of whose they are, and no longer.
6. A couple's folder keeps its lock: it is chosen and changed with the clinic's, and
   from no page of an evening.
"""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from coreg.base import clock
from coreg.base.local_time import local
from coreg.base.supervision import apart, once
from coreg.errors import CoregError, StorageUnusable
from coreg.facts.events import Partner
from coreg.store import keys
from coreg.store.clinic.book import (
    Book,
    choose_passphrase_anew,
    close_clinic,
    close_couples,
    is_clinic,
    open_clinic,
    recover,
    set_up,
)
from coreg.store.clinic.ready_now import ready_now
from coreg.store.clinic.records import Couple, Done, Ready
from coreg.store.folder import library_lock
from coreg.store.library import began_utc, find_session
from coreg.store.passcode import USUAL_COST, Cost
from coreg.store.session_corrections import THERAPIST, KeptBesideSession
from coreg.web.server import home_plans
from coreg.web.server.beat_editor import BeatEditor
from coreg.web.server.errands import Waiting
from coreg.web.server.evening_service import EveningService
from coreg.web.server.hall import LOCKS_AFTER_S, Hall
from coreg.web.server.heard import heard_shown
from coreg.web.server.hours import PastHours, hour_told, hours_of
from coreg.web.server.page import PageConnection
from coreg.web.server.session_editor import SessionEditor
from coreg.web.wire.incoming import Message
from coreg.web.wire.named import ClinicIs, Seat
from coreg.web.wire.of_clinic import (
    AddCouple,
    ClinicTold,
    CoupleShown,
    EditBeats,
    EditorTold,
    EndHomePlan,
    HoldBack,
    KeepHomePlan,
    LabelMark,
    LeaveCouple,
    LogLineShown,
    OfClinic,
    OpenCouple,
    ReviewHour,
    SawAlone,
    ShowHomePlan,
)
from coreg.web.wire.of_own import ChoosePassphrase, NoLock, Recover, Unlock
from coreg.web.wire.outgoing import (
    PROTOCOL,
    EndedTold,
    LockedTold,
    RefusedTold,
    Told,
    encode,
)
from coreg.web.words import say
from coreg.words import day

BeginEvening = Callable[[Couple, Path], EveningService]
_LOCKED = encode(LockedTold(v=PROTOCOL))
_ENDED = encode(EndedTold(v=PROTOCOL))
_LOG_SHOWN = 50


class Reception(Hall):
    """Where pages are in a clinic: at the list of couples, or in an evening of one.

    `begin` begins an evening of a couple in its folder, which lies open. `passphrase`
    is what opened the clinic, and locks the folders of couples that are entered from
    now on; empty where it is still to be opened, or made, by a therapist's page.
    """

    def __init__(
        self,
        book: Book,
        begin: BeginEvening,
        passphrase: str = "",
        *,
        passphrase_cost: Cost = USUAL_COST,
        locks_after_s: float = LOCKS_AFTER_S,
    ) -> None:
        super().__init__(
            book.clinic,
            _no_evening,
            passphrase_cost=passphrase_cost,
            locks_after_s=locks_after_s,
            begins=False,
            front=Seat.THERAPIST,
        )
        self._book = book
        self._begin = begin
        self._passphrase = passphrase
        self._editor = SessionEditor(self._editor_gone)

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Let evenings, and editors of heartbeats, come and go."""
        async with super().living():
            try:
                yield
            finally:
                await self._editor.end()

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

    def _locked_told(self, page: PageConnection) -> str:
        if self._is_open or not _leads(page):
            return _LOCKED
        is_there = is_clinic(self._book.clinic)
        clinic = ClinicIs.LOCKED if is_there else ClinicIs.NONE_YET
        return encode(LockedTold(v=PROTOCOL, clinic=clinic))

    def _why_not(self, message: Message, seat: Seat) -> str | None:
        if isinstance(message, Recover):
            return None if seat is Seat.THERAPIST else "not-at-this-seat"
        if isinstance(message, ChoosePassphrase) and seat is Seat.THERAPIST:
            return None
        return super()._why_not(message, seat)

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
                    case ReviewHour() | ShowHomePlan() | KeepHomePlan() | EndHomePlan():
                        await self._of_one_couple(message, waiting)
                        return
                    case EditBeats():
                        await self._edit(message, waiting)
                        return
                    case _:
                        await apart("writing in the book", partial(self._note, message))
                        waiting.take()
            except CoregError:
                waiting.refuse("not-kept")
            finally:
                self._let_go_of_others()
        if self._service is None:
            self._tell_couples()

    async def _edit(self, asked: EditBeats, waiting: Waiting) -> None:
        """Begin an editor of one heart, and tell the page that asked where it is."""
        if self._service is not None:  # it might be read over a shoulder
            waiting.refuse("not-now")
            return
        await self._editor.end()
        editing = await apart("reading heartbeats", partial(self._editing, asked))
        link = await self._editor.open(*editing)
        waiting.take()
        waiting.page.tell(encode(EditorTold(v=PROTOCOL, link=link)))

    def _editor_gone(self) -> None:
        """Close the folder that an editor needed, once nothing else is under way."""
        once("closing a couple's folder", self._close_behind, failed=_is_said)

    async def _close_behind(self) -> None:
        async with self._one_at_a_time:
            self._let_go_of_others()

    def _editing(self, asked: EditBeats) -> tuple[BeatEditor, Path, Path]:
        # What recomputes a session takes time to load: a list does not wait for it.
        from coreg.findings.reading import correctable_heart  # noqa: PLC0415

        couple = self._book.find(asked.couple)
        folder = self._book.open_couple(couple.id_)
        path = find_session(folder, asked.session_id)
        kept = KeptBesideSession(path, asked.partner, by=THERAPIST, utc=_now_utc)
        editor = BeatEditor(
            correctable_heart(path, asked.partner),
            kept,
            called=_called(couple, path, asked.partner),
            used=self.used,
        )
        return editor, kept.place, folder

    def _note(self, message: AddCouple | SawAlone | HoldBack | LabelMark) -> None:
        """Keep what the list of couples or the book's keys become by this."""
        match message:
            case AddCouple(a=a, b=b):
                self._book.add_couple(a, b, self._passphrase, cost=self._cost)
            case SawAlone(couple=couple, partner=partner):
                self._book.saw_alone(couple, partner, clock.today())
            case HoldBack(couple=couple, on=on):
                self._book.hold_back(couple, is_held_back=on)
            case LabelMark(key=key, words=words):
                self._book.label(key, words)

    async def _of_one_couple(
        self,
        asked: ReviewHour | ShowHomePlan | KeepHomePlan | EndHomePlan,
        waiting: Waiting,
    ) -> None:
        """Tell what is one couple's, to the page that asked and to no other."""
        if self._service is not None:  # it might be read over a shoulder
            waiting.refuse("not-now")
            return
        told = await apart("reading a couple's own", partial(self._told_of, asked))
        if isinstance(told, str):
            waiting.refuse(told)
            return
        waiting.take()
        waiting.page.tell(encode(told))

    def _told_of(
        self, asked: ReviewHour | ShowHomePlan | KeepHomePlan | EndHomePlan
    ) -> Told | str:
        """Do what is asked for one couple; return what is told of it, or why not."""
        couple = self._book.find(asked.couple)
        match asked:
            case ReviewHour(session_id=session_id):
                return hour_told(self._book, couple, session_id) or "no-such-session"
            case KeepHomePlan() if not ready_now(self._book, couple).may_practise:
                return "not-set-up"
            case KeepHomePlan():
                home_plans.keep(self._book, couple, asked)
            case EndHomePlan():
                home_plans.end(self._book, couple)
        return home_plans.home_plan_told(self._book, couple)

    # --- in and out -------------------------------------------------------------

    async def _open(self, couple_id: str, waiting: Waiting) -> None:
        if self._service is not None:
            waiting.refuse("not-now")
            return
        await self._editor.end()  # nobody reads another couple's over a shoulder
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
                page.tell(self._locked_told(page))
            else:
                page.send_away(_ENDED)
        self._pages = {page for page in self._pages if _leads(page)}
        self.parted()

    def _let_go_of_others(self) -> None:
        """Keep no couple's folder open but of who is here, or corrected by hand."""
        here = self._folder if self._service is not None else None
        needed = [each for each in (here, self._editor.folder) if each is not None]
        close_couples(self._book.clinic, but=needed)

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
                await self._editor.end()
                if service is not None:
                    await self._part_from(service)
            finally:
                self._passphrase = ""
                close_clinic(self._book.clinic)
                self._send_all_away()

    # --- the passphrase ---------------------------------------------------------

    async def _unlock(self, message: Unlock | Recover, waiting: Waiting) -> None:
        """Open the book, by its passphrase or by its recovery key."""
        recovery_key = None
        if isinstance(message, Recover) and self._is_open:
            waiting.refuse("not-now")
            return
        if not self._is_open:
            try:
                recovery_key = await apart(
                    "a passphrase", partial(self._open_by, message)
                )
            except CoregError as error:
                close_clinic(self._book.clinic)
                if isinstance(error, StorageUnusable):
                    clinic = ClinicIs.LOCKED if _leads(waiting.page) else None
                    locked = LockedTold(v=PROTOCOL, words=error.wrong, clinic=clinic)
                    waiting.page.tell(encode(locked))
                raise
            self._passphrase = message.passphrase
        waiting.take(recovery_key=recovery_key)
        if self._service is None:
            self._tell_couples()

    def _open_by(self, message: Unlock | Recover) -> str | None:
        """Open the book; return another recovery key, where the old one did it."""
        clinic = self._book.clinic
        if isinstance(message, Recover):
            return recover(
                clinic, message.recovery_key, message.passphrase, cost=self._cost
            )
        open_clinic(clinic, message.passphrase)
        with suppress(StorageUnusable):  # a full disk keeps nobody from reading
            self._book.note_done(Done.OPENED)
        return None

    async def _choose(
        self, message: ChoosePassphrase | NoLock, waiting: Waiting
    ) -> None:
        """Make the clinic with its first passphrase, or choose another one."""
        if isinstance(message, NoLock):  # it is asked at no seat of a clinic
            waiting.refuse("lock-stays")
            return
        if message.old is not None and not self._is_open:
            waiting.refuse("locked")
            return
        if self._service is not None:
            waiting.refuse("not-now")
            return
        try:
            chosen = partial(self._chosen, message)
            recovery_key = await apart("choosing a passphrase", chosen)
        finally:
            self._let_go_of_others()
        self._passphrase = message.passphrase
        waiting.take(recovery_key=recovery_key)
        self._tell_couples()

    def _chosen(self, message: ChoosePassphrase) -> str:
        clinic = self._book.clinic
        if message.old is None:
            return set_up(clinic, message.passphrase, cost=self._cost)
        keys.need_passphrase(message.passphrase)
        keys.opened_with(clinic, message.old)
        return choose_passphrase_anew(clinic, message.passphrase, cost=self._cost)

    # --- the list ---------------------------------------------------------------

    def _tell_couples(self) -> None:
        once("telling couples", self._told_couples, failed=_is_said)

    async def _told_couples(self) -> None:
        async with self._one_at_a_time:  # what is read here is open for so long alone
            if self._service is not None or not self._is_open:
                return
            try:
                shown = await apart("listing couples", partial(clinic_told, self._book))
            finally:
                self._let_go_of_others()
            told = encode(shown)
            for page in self._pages:
                if _leads(page):
                    page.tell(told)


def clinic_told(book: Book) -> ClinicTold:
    """Return what a therapist's page shows while no couple is here."""
    lines = reversed(book.log()[-_LOG_SHOWN:])
    log = tuple(LogLineShown(utc=each.utc, what=each.what) for each in lines)
    return ClinicTold(
        v=PROTOCOL,
        couples=couples_shown(book),
        labels=tuple(book.labels().values()),
        log=log,
    )


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
        held_back=couple.is_held_back,
        heard=heard_shown(book.heard(couple.id_)),
        alone=tuple(partner for partner, days in couple.seen_alone.items() if days),
    )


def _leads(page: PageConnection) -> bool:
    return page.seat is Seat.THERAPIST


def _called(couple: Couple, session: Path, partner: Partner) -> str:
    """Return what an editor calls a heart: whose it is, and of which day."""
    began = local(began_utc(session.stem) or "", clock.HERE)
    name = couple.names[partner]
    return name if began is None else f"{name}, {day(began.date())}"


def _now_utc() -> str:
    return clock.utc_now().isoformat(timespec="seconds")


def _no_evening() -> EveningService:
    raise RuntimeError("an evening begins once a couple is chosen")


def _is_said(_error: Exception) -> None:
    """Do no more: its traceback is written, and the pages go on."""
