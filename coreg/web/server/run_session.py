"""One session under the pages: source -> log -> engine -> the evening."""

import asyncio
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from coreg.base import clock
from coreg.base.supervision import apart, once
from coreg.exercises.plan import parse_plan
from coreg.exercises.states.warmth import SharedWarmth
from coreg.facts.codec import CUES
from coreg.facts.events import (
    NS_PER_S,
    BreathSwing,
    Cue,
    Input,
    Link,
    LinkChanged,
    Opened,
    Partner,
    Source,
)
from coreg.facts.opened import LearnedBefore, PracticeChosen
from coreg.session.companion import Learned
from coreg.session.engine import Output
from coreg.session.going_on import Further, further
from coreg.session.live import TICK_NS, Listener, Presses, practise
from coreg.session.opening import identity, knowing, opening
from coreg.session.sources import SessionSource
from coreg.store.library import session_path
from coreg.store.one_hour import sessions_of_hour
from coreg.store.reader import read_session
from coreg.store.session_log import LONGEST_UNSAVED_S, SessionLog, slow_disk
from coreg.web.evening.happenings import (
    Happening,
    Heard,
    LinkIs,
    RecordingIs,
    SessionBegan,
    SessionOver,
    SessionWentOn,
    Warmed,
)
from coreg.web.evening.running import SessionClock
from coreg.web.server.practice_catalogue import in_place

Happened = Callable[[Happening], None]
_Given = TypeVar("_Given")

_LOST = frozenset({Link.SEARCHING, Link.LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """What a sitting needs: the hearts, the words, and whether it is kept.

    `hour` is the first session of the hour that it goes on with, if of any.
    """

    hearts: SessionSource
    hour: str
    plan_toml: str
    breathing_min: float
    speed: float
    consent: str
    kept: bool
    finds_pace: bool
    taps: bool
    first: Partner
    known: LearnedBefore


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneOn:
    """A session that broke off and went on to its end, and what it taught."""

    opened: Opened
    learned: Learned


async def go_on_with(
    folder: Path,
    session_id: str,
    hearts: SessionSource,
    *,
    speed: float,
    presses: Presses,
    happened: Happened,
    watch: Listener,
) -> GoneOn:
    """Go on with a session that broke off, in the same file, and run it to its end.

    Raises
    ------
    SessionError
        If it cannot go on: it is damaged, at its end, of another coreg, or of other
        straps.
    StorageUnusable
        If it cannot be recorded.
    """
    path = session_path(folder, session_id)
    log = await _reopened(path, happened)
    told = _TroubleTold(lambda: log.trouble or "", happened)
    try:
        gone = await apart("going on", lambda: _further(path, hearts))
        since_s = gone.first.t_ns / NS_PER_S
        earlier = await apart(
            "reading an hour", lambda: earlier_in_hour(folder, gone.opened)
        )
        happened(
            SessionWentOn(
                session_id=session_id,
                clock=SessionClock(origin_s=now_s() - since_s / speed, speed=speed),
                taps=gone.opened.practice.taps,
                plan=parse_plan(gone.opened.practice.plan_toml),
                first=gone.opened.practice.first,
                cues=gone.standing.cues,
                went_on=gone.went_on,
                earlier=earlier,
            )
        )
    except BaseException:
        await _at_the_disk(log.close, told)
        raise
    try:
        learned = await gone.run(log, presses, [_Listener(told, happened), watch])
    finally:
        await _at_the_disk(log.close, told)
        happened(SessionOver())
    return GoneOn(opened=gone.opened, learned=learned)


def earlier_in_hour(folder: Path, opened: Opened) -> tuple[str, ...]:
    """Return the sessions of its hour that were before this one, in their order."""
    own = opened.identity.session_id
    if not opened.identity.hour:
        return ()
    hour = sessions_of_hour(folder, own)
    return tuple(each.session_id for each in hour if each.session_id != own)


def _further(path: Path, hearts: SessionSource) -> Further:
    return further(
        read_session(path).events,
        hearts,
        utc=clock.utc_now(),
        monotonic_ns=clock.monotonic_ns(),
    )


async def run_session(
    folder: Path,
    plan: SessionPlan,
    presses: Presses,
    happened: Happened,
    watch: Listener,
) -> Learned:
    """Run one session to its end, and close its log whatever happens.

    `watch` hears all that the session computes. Returns what the session taught.

    Raises
    ------
    StorageUnusable
        If the session cannot be recorded; nothing has begun then.
    """
    opened = _opened(plan)
    blocks, after = in_place(plan.plan_toml)
    log = await _log(folder, opened, happened) if plan.kept else None
    told = _TroubleTold(lambda: (log.trouble or "") if log else "", happened)
    try:
        began = SessionBegan(
            session_id=opened.identity.session_id,
            clock=SessionClock(origin_s=now_s(), speed=plan.speed),
            kept=plan.kept,
            blocks=blocks,
            first=plan.first,
            after=after,
        )
        happened(began)
        listeners: list[Listener] = [_Listener(told, happened), watch]
        return await practise(
            opened, plan.hearts.source, log or _Unkept(), presses, listeners
        )
    finally:
        if log is not None:
            await _at_the_disk(log.close, told)
        happened(SessionOver())


def now_s() -> float:
    """Return the server's own clock, as pages know it."""
    return clock.monotonic_ns() / NS_PER_S


async def _log(folder: Path, opened: Opened, happened: Happened) -> SessionLog:
    path = session_path(folder, opened.identity.session_id)
    return await _opened_log(lambda: SessionLog.create(path, opened), happened)


async def _reopened(path: Path, happened: Happened) -> SessionLog:
    return await _opened_log(lambda: SessionLog.reopen(path), happened)


async def _opened_log(make: Callable[[], SessionLog], happened: Happened) -> SessionLog:
    since_s = now_s()

    def slow() -> str:
        return slow_disk() if now_s() - since_s > LONGEST_UNSAVED_S else ""

    told = _TroubleTold(slow, happened)
    try:
        return await _at_the_disk(make, told)
    finally:
        told.say("")


async def _at_the_disk(work: Callable[[], _Given], told: "_TroubleTold") -> _Given:
    """Return what work gives that waits for the disk; trouble is said meanwhile."""
    given: list[_Given] = []
    broken: list[Exception] = []

    async def do() -> None:
        given.append(await asyncio.to_thread(work))

    doing = once("waiting for the disk", do, failed=broken.append)
    while not doing.done():
        await asyncio.wait([doing], timeout=TICK_NS / NS_PER_S)
        told.look()
    if broken:
        raise broken[0]
    return given[0]


def _opened(plan: SessionPlan) -> Opened:
    begins = opening(
        identity(
            clock.utc_now(),
            secrets.token_hex(2),
            consent=plan.consent,
            hour=plan.hour,
        ),
        plan.hearts,
        PracticeChosen(
            plan_toml=plan.plan_toml,
            breathing_min=plan.breathing_min,
            steps_wait=True,
            ends_with_source=plan.hearts.ends_with_source,
            finds_pace=plan.finds_pace,
            taps=plan.taps,
            first=plan.first,
            asks_quiet=plan.hearts.kind is Source.STRAPS,
        ),
    )
    return knowing(begins, plan.known)


class _Unkept:
    """A recorder for an evening of which nothing is kept."""

    def append(self, fact: Input | Cue, t_ns: int) -> None:
        """Forget it."""


class _TroubleTold:
    """Says what is wrong with recording, and once it is over, each time it changes."""

    def __init__(self, trouble: Callable[[], str], happened: Happened) -> None:
        self._trouble = trouble
        self._happened = happened
        self._told = ""

    def look(self) -> None:
        """Say what it is now."""
        self.say(self._trouble())

    def say(self, trouble: str) -> None:
        """Say this, if it is not what was said last."""
        if trouble != self._told:
            self._told = trouble
            self._happened(RecordingIs(trouble=trouble))


class _Listener:
    """Passes on what pages need: cues, one warmth, and trouble with recording."""

    def __init__(self, trouble: _TroubleTold, happened: Happened) -> None:
        self._trouble = trouble
        self._happened = happened
        self._warmth = SharedWarmth()

    def __call__(self, given: Input, outputs: list[Output]) -> None:
        if isinstance(given, LinkChanged):
            is_lost = given.link in _LOST
            words = given.detail if is_lost else ""
            self._happened(LinkIs(partner=given.partner, words=words))
        for output in outputs:
            if isinstance(output, CUES):
                self._happened(Heard(cue=output))
            elif isinstance(output, BreathSwing):
                self._warm(output)
        self._trouble.look()

    def _warm(self, swing: BreathSwing) -> None:
        value = self._warmth.observe(swing)
        if value is not None:
            known = None if math.isnan(value) else round(value, 3)
            self._happened(Warmed(value=known))
