"""One session under the pages: source -> log -> engine -> the evening."""

import asyncio
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coreg.base import clock
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
)
from coreg.facts.opened import LearnedBefore, PracticeChosen
from coreg.session.companion import Learned
from coreg.session.engine import Output
from coreg.session.live import Presses, practise
from coreg.session.opening import identity, knowing, opening
from coreg.session.sources import SessionSource
from coreg.store.library import session_path
from coreg.store.session_log import SessionLog
from coreg.web.evening.happenings import (
    Happening,
    Heard,
    LinkIs,
    RecordingIs,
    SessionBegan,
    SessionOver,
    Warmed,
)
from coreg.web.evening.state import SessionClock
from coreg.web.server.practice_catalogue import block_words

Happened = Callable[[Happening], None]

_LOST = frozenset({Link.SEARCHING, Link.LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """What a sitting needs: the hearts, the words, and whether it is kept."""

    hearts: SessionSource
    plan_toml: str
    breathing_min: float
    speed: float
    consent: str
    kept: bool
    finds_pace: bool
    taps: bool
    known: LearnedBefore


async def run_session(
    folder: Path, plan: SessionPlan, presses: Presses, happened: Happened
) -> Learned:
    """Run one session to its end, and close its log whatever happens.

    Returns what the session taught.

    Raises
    ------
    StorageUnusable
        If the session cannot be recorded; nothing has begun then.
    """
    opened = _opened(plan)
    log = await _log(folder, opened) if plan.kept else None
    try:
        began = SessionBegan(
            session_id=opened.identity.session_id,
            clock=SessionClock(origin_s=now_s(), speed=plan.speed),
            kept=plan.kept,
            blocks=block_words(plan.plan_toml),
        )
        happened(began)
        listener = _Listener(log, happened)
        return await practise(
            opened, plan.hearts.source, log or _Unkept(), presses, [listener]
        )
    finally:
        if log is not None:
            await asyncio.to_thread(log.close)
            if log.trouble is not None:
                happened(RecordingIs(trouble=log.trouble))
        happened(SessionOver())


def now_s() -> float:
    """Return the server's own clock, as pages know it."""
    return clock.monotonic_ns() / NS_PER_S


async def _log(folder: Path, opened: Opened) -> SessionLog:
    path = session_path(folder, opened.identity.session_id)
    return await asyncio.to_thread(SessionLog.create, path, opened)


def _opened(plan: SessionPlan) -> Opened:
    begins = opening(
        identity(clock.utc_now(), secrets.token_hex(2), consent=plan.consent),
        plan.hearts,
        PracticeChosen(
            plan_toml=plan.plan_toml,
            breathing_min=plan.breathing_min,
            steps_wait=True,
            ends_with_source=plan.hearts.ends_with_source,
            finds_pace=plan.finds_pace,
            taps=plan.taps,
        ),
    )
    return knowing(begins, plan.known)


class _Unkept:
    """A recorder for an evening of which nothing is kept."""

    def append(self, fact: Input | Cue, t_ns: int) -> None:
        """Forget it."""


class _Listener:
    """Passes on what pages need: cues, one warmth, and trouble with recording."""

    def __init__(self, log: SessionLog | None, happened: Happened) -> None:
        self._log = log
        self._happened = happened
        self._warmth = SharedWarmth()
        self._trouble = ""

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
        trouble = (self._log.trouble or "") if self._log else ""
        if trouble != self._trouble:
            self._trouble = trouble
            self._happened(RecordingIs(trouble=trouble))

    def _warm(self, swing: BreathSwing) -> None:
        value = self._warmth.observe(swing)
        if value is not None:
            known = None if math.isnan(value) else round(value, 3)
            self._happened(Warmed(value=known))
