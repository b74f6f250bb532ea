"""A therapist's console beside an evening: two hearts as they are, marks and notes.

What it is told goes to its own seat alone, and of each heart only where that one agreed
to be seen by a therapist. What it marks goes to the therapist's own notebook; neither
the evening nor the record of the two learns of it.
"""

import datetime as dt
import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from coreg.base import clock
from coreg.base.supervision import apart, once
from coreg.errors import StorageUnusable
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.session.hearts_watched import HeartNow, HeartsWatched
from coreg.store.clinic.records import About, Heard
from coreg.store.own_things import OwnWishKept
from coreg.store.release import shown_to_therapist
from coreg.web.evening.effects import TellTherapist
from coreg.web.evening.running import Running, SessionClock
from coreg.web.evening.state import Evening
from coreg.web.server.errands import Waiting
from coreg.web.server.heard import heard_shown
from coreg.web.server.page import PageConnection
from coreg.web.server.run_session import now_s
from coreg.web.server.view import names_of
from coreg.web.wire.named import Screen, Seat
from coreg.web.wire.of_clinic import HeardNow
from coreg.web.wire.of_therapist import Mark, Note, OfTherapist
from coreg.web.wire.outgoing import UNSEEN, HeartTraced, State, Watched, encode
from coreg.words import day, say, wrong_and_do


class Notebook(Protocol):
    """A therapist's own notes, which nobody else reads."""

    @property
    def marks(self) -> tuple[str, ...]:
        """What the keys 1 to 5 stand for; none while it is closed."""
        ...

    @property
    def seen_alone(self) -> Both[dt.date | None]:
        """When each of the two was seen alone last, as it stood when it was opened."""
        ...

    def mark(self, session_id: str, t_s: float, key: int) -> None:
        """Keep that something of this kind happened at this time of a session (s).

        Raises
        ------
        StorageUnusable
            If it cannot be kept.
        """
        ...

    def note(self, session_id: str, t_s: float, text: str) -> None:
        """Keep words for this time of a session (s).

        Raises
        ------
        StorageUnusable
            If they cannot be kept.
        """
        ...

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What the two told their therapist, as it came."""
        ...

    def hear(self, *heard: Heard) -> None:
        """Keep what one of the two told.

        Raises
        ------
        StorageUnusable
            If it cannot be kept.
        """
        ...

    def retell(self, partner: Partner, about: About, *heard: Heard) -> None:
        """Keep these in the place of all that one told of something, in one step.

        Raises
        ------
        EnoughTold, StorageUnusable
            If it cannot be kept; all stays as it was.
        """
        ...


class Console:
    """What a therapist's pages are told while two practise, and what they ask."""

    def __init__(self) -> None:
        self.notebook: Notebook | None = None
        self._hearts = HeartsWatched()
        # The last beat of each heart that a page was told of, in the session's time.
        self._last_s: dict[PageConnection, dict[Partner, float]] = {}
        self._heard: dict[PageConnection, tuple[Heard, ...]] = {}  # as a page knows it
        self._in_view: tuple[str, ...] = ()  # as it stood when they sat down
        self._running: Running | None = None
        self._before: Running | None = None  # what of the hour came before that

    @property
    def marks(self) -> tuple[str, ...]:
        """What a therapist's own keys stand for."""
        return () if self.notebook is None else self.notebook.marks

    def with_own(self, told: State, evening: Evening) -> State:
        """Return what is told with what is the therapist's own, for no other seat."""
        return replace(told, marks=self.marks, for_therapist=self.in_view(evening))

    def in_view(self, evening: Evening) -> tuple[str, ...]:
        """Return what a therapist keeps in view, in sentences.

        Only what both agreed to is named: what either did not, or took back, reads the
        same, and not at all while somebody is asked about it. While they practise it
        stays as it was before: whoever takes something back is not given away by it.
        """
        if evening.running is not None and evening.turn is None:
            return self._in_view
        if evening.screen is not Screen.HOME or not evening.is_real:
            return ()
        self._in_view = self._told_at_home(evening)
        return self._in_view

    def _told_at_home(self, evening: Evening) -> tuple[str, ...]:
        called = names_of(evening)
        seen = () if self.notebook is None else self.notebook.seen_alone.items()
        return (
            *(_both_agreed(evening, key) for key in CONSENTS),
            *(
                say("pages.server.seen-alone", name=called[partner], day=day(on))
                if on is not None
                else say("pages.server.not-seen-alone", name=called[partner])
                for partner, on in seen
            ),
        )

    def begin(self) -> HeartsWatched:
        """Begin with another session; what listens to it is returned."""
        self._hearts = HeartsWatched()
        self._last_s = {}
        return self._hearts

    def tell(self, pages: Collection[PageConnection], evening: Evening) -> None:
        """Tell consoles how both hearts are now, each what is new to it."""
        running = evening.running
        if running is not None:
            self._sits(running)
        consoles = [page for page in pages if page.seat is Seat.THERAPIST]
        self._tell_heard(consoles)
        self._last_s = {
            page: last_s for page, last_s in self._last_s.items() if page in consoles
        }
        if running is None:
            return
        seen = _seen(evening)
        for page in consoles:
            anew = page not in self._last_s
            last_s = self._last_s.setdefault(page, {})
            hearts = {
                partner: self._traced(partner, running.clock, last_s)
                if partner in seen
                else UNSEEN
                for partner in Partner
            }
            page.tell(encode(Watched(anew=anew, hearts=hearts)))

    def _tell_heard(self, consoles: Collection[PageConnection]) -> None:
        """Tell consoles what the two told, where more was told than they know."""
        heard = () if self.notebook is None else self.notebook.heard
        for page in consoles:
            if self._heard.get(page) != heard:
                page.tell(encode(HeardNow(heard=heard_shown(heard))))
        self._heard = dict.fromkeys(consoles, heard)

    def hear(self, told: TellTherapist) -> None:
        """Keep what one of the two tells the therapist; it waits for the disk.

        Raises
        ------
        StorageUnusable
            If it cannot be kept.
        """
        if self.notebook is None:
            raise StorageUnusable(*wrong_and_do("errors.clinic.no-notebook"))
        self.notebook.hear(
            Heard(
                partner=told.partner,
                about=told.about,
                on=clock.today(),
                session_id=told.session_id,
                asked=told.asked,
                value=told.value,
                text=told.text,
            )
        )

    @property
    def hears(self) -> bool:
        """Whether what somebody tells the therapist can be kept."""
        return self.notebook is not None

    def knows_wish(self, partner: Partner) -> bool:
        """Whether the therapist is shown what one wishes for."""
        return bool(self._told_of(partner, About.WISH))

    def brought(self, partner: Partner) -> tuple[str, ...]:
        """Return the lines that one brings to an hour."""
        return tuple(each.text for each in self._told_of(partner, About.LINE))

    def bring(self, partner: Partner, texts: Sequence[str]) -> None:
        """Bring the therapist these lines and no others; it waits for the disk.

        Raises
        ------
        StorageUnusable
            If that cannot be kept.
        """
        since = {each.text: each.on for each in self._told_of(partner, About.LINE)}
        lines = (
            Heard(
                partner=partner,
                about=About.LINE,
                on=since.get(text, clock.today()),
                text=text,
            )
            for text in texts
        )
        self._retell(partner, About.LINE, tuple(lines))

    def show_wishes(self, partner: Partner, wishes: Sequence[OwnWishKept]) -> None:
        """Show the therapist these and no others; it waits for the disk.

        Raises
        ------
        StorageUnusable
            If that cannot be kept.
        """
        by_day = {each.on: _heard(partner, each) for each in wishes}
        self._retell(partner, About.WISH, tuple(by_day.values()))

    def _retell(self, partner: Partner, about: About, heard: Sequence[Heard]) -> None:
        if self.notebook is not None and self._told_of(partner, about) != heard:
            self.notebook.retell(partner, about, *heard)

    def _told_of(self, partner: Partner, about: About) -> tuple[Heard, ...]:
        """Return what one told of something, of whichever couple the book says it."""
        heard = () if self.notebook is None else self.notebook.heard
        return tuple(
            replace(each, couple_id="")
            for each in heard
            if (each.partner, each.about) == (partner, about)
        )

    def _traced(
        self, partner: Partner, clock: SessionClock, last_s: dict[Partner, float]
    ) -> HeartTraced:
        """Return one heart with what is new of its line, and note what was told."""
        heart = self._hearts.now(partner, after_s=last_s.get(partner, -math.inf))
        if heart.line:
            last_s[partner] = heart.line[-1][0]
        return _traced(heart, clock)

    def _sits(self, running: Running) -> None:
        """Take note of the session under way, and of the one that it came after."""
        known = self._running
        if known is None or known.session_id != running.session_id:
            self._before, self._running = known, running

    def ask(self, asked: OfTherapist, evening: Evening, waiting: Waiting) -> None:
        """Keep a mark or a note at its time; the page hears once it is kept."""
        running, notebook = evening.running, self.notebook
        if notebook is None or not notebook.marks:
            waiting.refuse("no-notebook")
        elif running is None:
            waiting.refuse("no-session")
        else:
            self._sits(running)
            keep = partial(_keep, notebook, asked, running, self._before, now_s())

            async def kept() -> None:
                await apart("a therapist's note", keep)
                waiting.take()

            once(
                "keeping a therapist's note",
                kept,
                failed=lambda _error: waiting.refuse("not-kept"),
            )


def _heard(partner: Partner, wish: OwnWishKept) -> Heard:
    return Heard(
        partner=partner,
        about=About.WISH,
        on=dt.date.fromisoformat(wish.on),
        value=wish.near,
        text=wish.text,
    )


CONSENTS = {
    "recorded": "record",
    "see-partner": "show_partner",
    "see-therapist": "show_therapist",
}
"""What both may have agreed to, by the key of its words: nothing of a body is in it."""


def _both_agreed(evening: Evening, key: str) -> str:
    both = all(one and getattr(one, CONSENTS[key]) for one in evening.agreed)
    return say(f"pages.server.{'both-agreed' if both else 'not-both-agreed'}-{key}")


def _seen(evening: Evening) -> frozenset[Partner]:
    def agrees(partner: Partner) -> bool:
        agreed = evening.agreed_by(partner)
        return agreed is not None and agreed.show_therapist

    return shown_to_therapist(evening.source, agrees)


def _traced(heart: HeartNow, clock: SessionClock) -> HeartTraced:
    return HeartTraced(
        is_seen=True,
        signal=heart.signal,
        t_s=tuple(round(clock.server_s(t_s), 3) for t_s, _ in heart.line),
        bpm=tuple(_known(bpm) for _, bpm in heart.line),
        level_bpm=_known(heart.level_bpm),
        swing_bpm=_known(heart.swing_bpm),
    )


def _known(value: float) -> float | None:
    return round(value, 1) if math.isfinite(value) else None


def _keep(
    notebook: Notebook,
    asked: OfTherapist,
    running: Running,
    before: Running | None,
    server_s: float,
) -> None:
    """Keep it in the session in which it was, or where its writing began."""
    match asked:
        case Mark(key=key):
            t_s = running.clock.session_s(server_s)
            notebook.mark(running.session_id, t_s, key)
        case Note(text=text, ago_s=ago_s):
            began_s = server_s - ago_s
            if running.clock.session_s(began_s) < 0 and before is not None:
                running = before
            t_s = running.clock.session_s(began_s)
            notebook.note(running.session_id, max(0.0, t_s), text)
