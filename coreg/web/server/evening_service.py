"""The service of one evening: steps it, and does what the steps ask for.

Everything happens in one event loop, one thing after another: a page's message or
what the session says goes through the pure step, the pages hear of it, and what has
to be kept waits for the disk in a thread of its own.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from coreg.base import clock
from coreg.base.supervision import again, ended, noted, once
from coreg.errors import CoregError
from coreg.exercises.plan import OpenedBy, with_fixed_pace
from coreg.facts.both import Both
from coreg.facts.events import Partner, Press, Stream
from coreg.facts.opened import LearnedBefore
from coreg.session.live import Presses
from coreg.session.sources import SessionSource, without_straps
from coreg.store.library import session_path
from coreg.web.evening.effects import (
    Begin,
    Do,
    Effect,
    GoOnWith,
    KeepWorn,
    Refuse,
    TapAt,
    Tell,
)
from coreg.web.evening.happenings import (
    Erased,
    Fault,
    Happening,
    InTheAir,
    Leaving,
    PageCame,
    QuietOne,
    RecordingIs,
    SessionBegan,
    SessionStopped,
    SessionWentOn,
    Warmed,
)
from coreg.web.evening.on_answers import kept_on_leaving
from coreg.web.evening.state import Evening
from coreg.web.evening.step import step
from coreg.web.evening.strap_seen import StrapSeen
from coreg.web.server.console import Console, Notebook
from coreg.web.server.errands import Errands, Waiting, unkept
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.hearts import HomeStraps, SimulatedHome
from coreg.web.server.own_access import OwnAccess
from coreg.web.server.page import PageConnection
from coreg.web.server.phones import Phones
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.run_session import (
    SessionPlan,
    go_on_with,
    now_s,
    run_session,
)
from coreg.web.server.seats import as_heard, seen_from, why_not
from coreg.web.server.session_facts import consent_of, couple_of, taught
from coreg.web.server.view import HEARTS_ARE_SHOWN, state_of, straps_of
from coreg.web.wire.incoming import (
    Answer,
    Consent,
    Erase,
    Gate,
    Hold,
    Look,
    Message,
    Onward,
    Start,
)
from coreg.web.wire.named import Screen
from coreg.web.wire.of_own import (
    AskHere,
    ForgetPasscode,
    LockAgain,
    OfOwnThings,
)
from coreg.web.wire.of_therapist import OfTherapist
from coreg.web.wire.outgoing import (
    Hearts as HeartsTold,
    RefusedTold,
    Told,
    encode,
)
from coreg.web.words import say

MOST_PAGES = 16
HEARTS_EVERY_S = 0.5
_CONSOLE_EVERY_S = 1.0
HEARTS_ARE_WAITED_FOR = HEARTS_ARE_SHOWN | {Screen.GATE}


def one_in_six() -> bool:
    """Return whether tonight is a quiet one by itself."""
    return secrets.randbelow(6) == 0


class EveningService:
    """One evening with its pages, its straps, its session and its library.

    `straight_to` are hearts that a first page finds practising, instead of a Home.
    `lot` says whether an evening of two people is a quiet one by itself.
    """

    def __init__(
        self,
        folder: Path,
        *,
        evening_store: EveningStore,
        evening: Evening,
        at_home: HomeStraps,
        catalogue: PracticeCatalogue,
        straight_to: SessionSource | None,
        lot: Callable[[], bool] = one_in_six,
    ) -> None:
        self._folder = folder
        self._evening_store = evening_store
        is_straight = straight_to is not None
        plans = catalogue.plans
        self._evening = replace(evening, straight=is_straight, plans=plans)
        self._at_home = at_home
        self._straight_to = straight_to
        self._lot = lot
        self._left = self._evening  # what is shown while a session begins
        self._simulated: SimulatedHome | None = None
        self._hearts_now: SessionSource | None = None
        self._catalogue = catalogue
        self._pages: set[PageConnection] = set()
        self._console = Console()
        self._phones = Phones()
        self._held: frozenset[Partner] = frozenset()  # as pages know it
        self._presses = Presses()
        self._recorded: list[Path] = []
        self._sitting: asyncio.Task[None] | None = None
        self._begins_nothing = False
        self._own_access = OwnAccess(
            evening_store.own,
            now_s,
            forget=evening_store.forget,
            read=self._read_by,
            loose_ends=evening_store.offered,
            therapist=self._console,
        )
        self._errands = Errands(
            evening_store, self._own_access, self._take, self._console.hear
        )

    @property
    def evening(self) -> Evening:
        """Where the evening stands."""
        return self._evening

    @property
    def folder(self) -> Path:
        """Where sessions are."""
        return self._folder

    @property
    def recorded(self) -> list[Path]:
        """The sessions recorded meanwhile and not erased, oldest first."""
        return [path for path in self._recorded if path.exists()]

    @property
    def evening_store(self) -> EveningStore:
        """What is remembered."""
        return self._evening_store

    @property
    def own_access(self) -> OwnAccess:
        """Who unlocked their own things."""
        return self._own_access

    def open_notebook(self, notebook: Notebook) -> None:
        """Let a therapist who is there keep marks and notes."""
        self._console.notebook = notebook
        self._evening = replace(self._evening, therapist_hears=True)
        self._tell_state()

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Show hearts while they are looked at, and keep what is to be kept."""
        tasks = (
            again(
                "showing hearts",
                self._show_hearts,
                failed=self._hearts_failed,
                after_s=HEARTS_EVERY_S,
            ),
            again(
                "keeping",
                self._errands.run,
                failed=lambda _error: self._take(Fault()),
                after_s=HEARTS_EVERY_S,
            ),
            again(
                "telling a console",
                self._tell_console,
                failed=_is_the_consoles,
                after_s=_CONSOLE_EVERY_S,
            ),
        )
        try:
            yield
        finally:
            await ended(*tasks)

    async def finish(self) -> None:
        """End a session in order, and have everything kept."""
        if self._sitting is not None and not self._sitting.done():
            self._take(Leaving())
            self._presses.press(Press.FINISH)
            await asyncio.wait([self._sitting])
        self._errands.add(kept_on_leaving(self._evening))  # as where both leave
        await self.all_kept()

    async def all_kept(self) -> None:
        """Wait until everything that was said so far is on the disk."""
        await self._errands.all_done()

    def came(self, page: PageConnection) -> bool:
        """Let a page in, unless there are too many."""
        if len(self._pages) >= MOST_PAGES:
            return False
        self._pages.add(page)
        self._phones.came(page)
        self._tell_if_phones_moved()
        self._take(PageCame())
        if not self._evening.is_beginning:  # else what comes next is told in a moment
            self._tell_state(to=(page,))
        return True

    def left(self, page: PageConnection) -> None:
        """Forget a page."""
        self._pages.discard(page)
        self._phones.left(page, now_s())
        self._own_access.lock(page)

    def ask(
        self, message: Message, page: PageConnection, number: int | None = None
    ) -> bool:
        """Take a page's message; what becomes of it goes back to that page alone.

        A message with a number is answered: once all that it asked to keep is on the
        disk, or with why not. Returns whether it was in its place.
        """
        waiting = None if number is None else Waiting(page=page, number=number)

        def failed(_error: Exception) -> None:
            self._take(Fault())
            page.tell(encode(RefusedTold(why="fault", id=number)))

        with noted("a page's message", failed=failed):
            why = self._is_not_for(message, page) or self._own_access.why_locked(
                message, page, self._evening
            )
            why = why or self._asked(message, page, waiting)
            if why is None:
                return True
            page.tell(encode(RefusedTold(why=why, id=number)))
        return False

    def _asked(
        self, message: Message, page: PageConnection, waiting: Waiting | None
    ) -> str | None:
        """Take what a page may ask; return why it is out of place, if it is."""
        if isinstance(message, AskHere | LockAgain):
            self._at_once(message, page)  # whatever waits for the disk
            if waiting is not None:
                waiting.take()
            return None
        if isinstance(message, OfOwnThings | OfTherapist):
            self._ask_of_own(message, waiting)
            return None
        if isinstance(message, Start | Gate | Onward) and not self._evening.is_busy:
            self._look()  # what is begun with is what is there now
        effects = self._take(message, waiting, page=page)
        if isinstance(message, Consent | Look | Erase):
            self._own_access.lock(page)  # the page is handed on
        refused = (each.why for each in effects if isinstance(each, Refuse))
        return next(refused, None)

    def _at_once(self, message: AskHere | LockAgain, page: PageConnection) -> None:
        if isinstance(message, LockAgain):
            self._own_access.lock(page)
        else:
            self._phones.ask_at(page, message.partner)
            self._tell_if_phones_moved()

    def _ask_of_own(
        self, asked: OfOwnThings | OfTherapist, waiting: Waiting | None
    ) -> None:
        """Have it answered in its turn, to a page that waits for an answer."""
        if waiting is None:
            return
        if isinstance(asked, OfTherapist):
            self._console.ask(asked, self._evening, waiting)
        elif isinstance(asked, ForgetPasscode) and self._evening.is_busy:
            waiting.refuse("practising")  # it would end the saving for both
        else:
            self._errands.add_own(asked, waiting)

    def _is_not_for(self, message: Message, page: PageConnection) -> str | None:
        """Return why this page's seat may not ask this; None: it may."""
        running = self._evening.running
        return why_not(
            message,
            page.seat,
            turn=self._evening.turn,
            cared_for=None if running is None else running.cared_for,
            held=self._phones.held(now_s()),
        )

    def send_away(self, partner: Partner) -> None:
        """Have a phone be nobody's: what was asked there is asked on the laptop."""
        self._phones.sent_away(partner)
        self._tell_if_phones_moved()

    @contextmanager
    def beginning_nothing(self) -> Iterator[None]:
        """Let no practice begin or go on meanwhile, by whatever message."""
        self._begins_nothing = True
        try:
            yield
        finally:
            self._begins_nothing = False

    def take(self, happening: Happening) -> None:
        """Take note of what happened outside the evening."""
        self._take(happening)

    def _take(
        self,
        given: Message | Happening,
        waiting: Waiting | None = None,
        *,
        page: PageConnection | None = None,
    ) -> tuple[Effect, ...]:
        before = self._evening
        if isinstance(given, Erased):
            self._own_access.lock_all()  # whoever is there now may be another one
        after, effects = step(before, given, server_s=now_s())
        begins = any(isinstance(each, Begin | GoOnWith) for each in effects)
        if begins and self._begins_nothing:
            after, effects = before, (Refuse(why="not-now"),)
        if page is not None and not self._errands.has_room(page, effects):
            after, effects = before, (Refuse(why="too-fast"),)
        self._evening = after
        if after.is_real and self._hearts_now is not None:
            # What somebody took back meanwhile is measured no longer.
            self._hearts_now.measure_only(after.measured)
        for effect in effects:
            self._do(effect)
        self._errands.add(effects, waiting, page=page)
        if self._evening.is_beginning and not before.is_beginning:
            self._left = before
        if self._evening.is_beginning and isinstance(given, RecordingIs):
            shown = replace(self._left, recording_trouble=given.trouble)
            self._tell_state(shown)
        # A session that is about to begin is told of once it has: nothing flashes by.
        # Who holds a button is told to nobody, nor that somebody answered something.
        # How warm a breath was has been told.
        is_told = not (
            isinstance(given, Hold | Answer | Warmed) or self._evening.is_beginning
        )
        if self._evening != before and is_told:
            self._tell_state()
        return effects

    def _do(self, effect: Effect) -> None:
        match effect:
            case Begin():
                self._own_access.lock_all()
                self._presses = Presses()
                self._sitting = once("session", self._sit, failed=self._stopped)
            case GoOnWith(session_id=session_id):
                self._own_access.lock_all()
                self._presses = Presses()
                sit_on = partial(self._sit_on, session_id)
                self._sitting = once("session", sit_on, failed=self._stopped)
            case Do(press=press):
                self._presses.press(press)
            case TapAt(partner=partner, t_s=t_s):
                self._presses.tap(partner, t_s)
            case Tell(told=told):
                self._tell(told)
            case _:
                pass  # kept in its turn, or answered to the page that asked

    def _tell(self, told: Told) -> None:
        for page in self._pages:
            heard = as_heard(page.seat, told)
            if heard is not None:
                page.tell(encode(heard))

    def _tell_state(
        self,
        evening: Evening | None = None,
        *,
        to: Collection[PageConnection] | None = None,
    ) -> None:
        """Tell pages where the evening stands, each what its seat may know of it."""
        straps = self._straps() if self._evening.screen in HEARTS_ARE_SHOWN else ()
        told = state_of(
            evening or self._evening,
            server_s=now_s(),
            catalogue=self._catalogue,
            straps=straps,
        )
        told = self._console.with_own(told, evening or self._evening)
        pages = self._pages if to is None else to
        seen = {
            seat: encode(seen_from(told, seat, self._held))
            for seat in {page.seat for page in pages}
        }
        for page in pages:
            page.tell(seen[page.seat])

    def _tell_if_phones_moved(self) -> None:
        """Tell all where one is asked, if that is another page than it was."""
        held = self._phones.held(now_s())
        if held != self._held:
            self._held = held
            if not self._evening.is_beginning:
                self._tell_state()

    @property
    def _may_be_quiet(self) -> bool:
        """Whether a lot may make a quiet one of it.

        Not of what somebody needs now, nor of an hour that a therapist opens.
        """
        evening, plan = self._evening, self._evening.plan
        is_an_hour = plan is not None and plan.opened_by is OpenedBy.THERAPIST
        is_an_hour = is_an_hour or evening.hour is not None  # or in one
        is_needed = evening.straight or evening.needs_no_gate or is_an_hour
        return evening.is_real and not is_needed

    async def _sit(self) -> None:
        couple = couple_of(self._evening)
        if self._may_be_quiet and self._lot():
            self._take(QuietOne())
        await self.all_kept()  # what an evening taught that just ended
        plan = self._plan(await self._known(couple))
        watch = self._console.begin()
        learned = await run_session(
            self._folder, plan, self._presses, self._happened, watch
        )
        # What somebody took back meanwhile teaches nothing, and is erased.
        if plan.kept and self._evening.may_keep:
            self._errands.add([taught(couple, learned, finds_pace=plan.finds_pace)])

    async def _sit_on(self, session_id: str) -> None:
        """Go on with what broke off; what all of it taught is kept at its end."""
        couple = couple_of(self._evening)
        await self.all_kept()
        gone_on = await go_on_with(
            self._folder,
            session_id,
            self._hearts(self._evening.measured_on),
            speed=self._evening.speed,
            presses=self._presses,
            happened=self._happened,
            watch=self._console.begin(),
        )
        if self._evening.may_keep:
            chosen = gone_on.opened.practice
            found = chosen.finds_pace
            self._errands.add([taught(couple, gone_on.learned, finds_pace=found)])

    def _read_by(self, partner: Partner) -> set[tuple[str, str]]:
        """Return what one shows the other, tonight or before: of which session each."""
        looking = self._evening.looking
        tonight = () if looking is None else looking.read
        return {
            (line.session_id, line.text)
            for line in self._evening_store.lines()
            if line.partner is partner
        } | {
            (looking.session_id, text)
            for whose, text in tonight
            if looking is not None and whose is partner
        }

    def _stopped(self, error: Exception) -> None:
        words = str(error) if isinstance(error, CoregError) else say("fault")
        self._take(SessionStopped(words=words))

    async def _known(self, couple: str) -> LearnedBefore:
        """Return what earlier evenings taught; no practice fails for want of it."""
        with noted(
            "reading what is known",
            failed=lambda error: self._take(unkept("not-known", error)),
        ):
            return await asyncio.to_thread(self._evening_store.known_of, couple)
        return LearnedBefore()

    def _happened(self, happening: Happening) -> None:
        if isinstance(happening, SessionWentOn) or (
            isinstance(happening, SessionBegan) and happening.kept
        ):
            self._recorded.append(session_path(self._folder, happening.session_id))
        self._take(happening)

    def _plan(self, known: LearnedBefore) -> SessionPlan:
        evening = self._evening.tonight
        text, hour = self._catalogue.text_for(evening), evening.hour
        return SessionPlan(
            hearts=self._hearts(evening.measured),
            hour="" if hour is None else hour.session_id,
            # Where no heart is heard, none leads and none is watched.
            plan_toml=with_fixed_pace(text) if self._evening.is_strapless else text,
            breathing_min=self._catalogue.breathing_min(evening),
            speed=evening.speed,
            consent=consent_of(evening),
            kept=evening.may_keep and not self._evening.is_strapless,
            finds_pace=evening.finds_pace,
            taps=evening.taps,
            first=self._evening.first,
            known=known,
        )

    def _hearts(self, measured: Both[frozenset[Stream]]) -> SessionSource:
        """Return the hearts of this session; those gone straight to come once."""
        if self._evening.straight and self._straight_to is not None:
            return self._straight_to
        if self._evening.is_strapless:
            return without_straps(speed=self._evening.speed)
        a, b = self._evening.worn
        identities = {each.id: each.identity for each in self._straps()}
        hearts = self._hearts_now = self._home().open_session(
            a or "", b or "", measured
        )
        if self._evening.is_real:
            worn = Both(identities[a or ""], identities[b or ""])
            self._errands.add([KeepWorn(identities=worn)])
        return hearts

    def _straps(self) -> tuple[StrapSeen, ...]:
        return self._home().straps(clock.monotonic_ns())

    def _home(self) -> HomeStraps:
        evening = self._evening
        if evening.is_real:
            return self._at_home
        wanted = (evening.seed, evening.speed, evening.swapped)
        if self._simulated is None or self._simulated.traits != wanted:
            seed, speed, swapped = wanted
            self._simulated = SimulatedHome(seed=seed, speed=speed, swapped=swapped)
        return self._simulated

    def _hearts_failed(self, _error: Exception) -> None:
        self._take(InTheAir(straps=(), trouble=say("fault-straps")))

    async def _tell_console(self) -> None:
        while True:
            await asyncio.sleep(_CONSOLE_EVERY_S)
            self._console.tell(self._pages, self._evening)

    async def _show_hearts(self) -> None:
        while True:
            await asyncio.sleep(HEARTS_EVERY_S)
            self._own_access.lock_what_is_left_open()
            self._tell_if_phones_moved()  # one that slept for too long
            screen = self._evening.screen
            if not self._pages or screen not in HEARTS_ARE_WAITED_FOR:
                self._take(InTheAir(straps=(), trouble=""))
                continue
            straps = self._look()
            if screen not in HEARTS_ARE_SHOWN:
                continue
            shown = straps_of(self._evening, straps, server_s=now_s())
            self._tell(HeartsTold(straps=shown))

    def _look(self) -> tuple[StrapSeen, ...]:
        """Return the straps that are there now; the evening takes note of them."""
        straps = self._straps()
        self._take(InTheAir(straps=straps, trouble=self._home().trouble))
        return straps


def _is_the_consoles(_error: Exception) -> None:
    """Say nothing to the two: its traceback is written, and it is told anew."""
