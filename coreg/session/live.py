"""A session under way: source -> log -> engine -> whoever listens.

The order is the promise: an input is handed to the log before anything understands
it, and the engine sees inputs in the order of the log, so that a replay can follow.
"""

import platform
from bisect import insort
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import replace
from operator import attrgetter
from typing import Protocol

import numpy as np
import scipy

from coreg import __version__
from coreg.base.awake import kept_awake
from coreg.facts.codec import CUES
from coreg.facts.events import (
    NS_PER_S,
    Continued,
    Cue,
    Input,
    Opened,
    Partner,
    Press,
    Pressed,
    Source,
    Tapped,
)
from coreg.session.companion import Learned
from coreg.session.engine import Engine, Output

TICK_NS = NS_PER_S // 4
"""Sources tick this often, so that a press or a silence is noticed as soon."""
# Inputs are understood soon after they came; a tap further ahead has a wrong clock.
_FURTHEST_AHEAD_NS = 2 * NS_PER_S


class HeartSource(Protocol):
    """Where inputs come from: straps, recordings, or simulated people."""

    def inputs(self) -> AsyncGenerator[Input, None]:
        """Yield inputs in order, ticks among them, until there are no more."""
        ...

    def hear(self, cue: Cue) -> None:
        """Take what the couple is told; real people need no telling."""
        ...


class Recorder(Protocol):
    """What keeps a session: never blocks, never raises."""

    def append(self, fact: Input | Cue, t_ns: int) -> None:
        """Take one fact, in order."""
        ...


Listener = Callable[[Input, list[Output]], None]


class Presses:
    """What the couple pressed, until it takes its place among the inputs.

    When a press is understood matters little; a tap is timed, so it keeps the time at
    which it came: one that came since the input under way waits for a later one.
    """

    def __init__(self) -> None:
        self._waiting: deque[Press] = deque()
        self._taps: list[Tapped] = []
        self._until_ns = 0

    def press(self, press: Press) -> None:
        """Press; who did is neither asked nor kept."""
        self._waiting.append(press)

    def tap(self, partner: Partner, t_s: float) -> None:
        """Tap on this partner's side, at this moment of the session."""
        latest_ns = self._until_ns + _FURTHEST_AHEAD_NS
        t_ns = min(round(t_s * NS_PER_S), latest_ns)
        insort(self._taps, Tapped(t_ns=t_ns, partner=partner), key=attrgetter("t_ns"))

    def taken(self, t_ns: int) -> Iterator[Pressed | Tapped]:
        """Yield what was tapped and pressed between the last input and this one."""
        while self._taps and self._taps[0].t_ns <= t_ns:
            tap = self._taps.pop(0)
            # One that comes late is moved: inputs stay in the order of their times.
            yield replace(tap, t_ns=max(tap.t_ns, self._until_ns))
        self._until_ns = t_ns
        while self._waiting:
            yield Pressed(t_ns=t_ns, press=self._waiting.popleft())


async def practise(
    opened: Opened,
    source: HeartSource,
    recorder: Recorder,
    presses: Presses,
    listeners: Sequence[Listener],
) -> Learned:
    """Run one session to its end and return what it taught.

    `opened` is in the record already.

    Every input is recorded before it is understood, every cue right after it was
    given. Features are not recorded: they can always be computed again.
    """
    return await _live(Engine(), opened, opened, source, recorder, presses, listeners)


async def go_on(
    engine: Engine,
    opened: Opened,
    continued: Continued,
    source: HeartSource,
    recorder: Recorder,
    presses: Presses,
    listeners: Sequence[Listener],
) -> Learned:
    """Run a session that broke off to its end and return what all of it taught.

    `engine` has taken everything that is in the record.
    """
    recorder.append(continued, continued.t_ns)
    return await _live(engine, opened, continued, source, recorder, presses, listeners)


async def _live(
    engine: Engine,
    opened: Opened,
    first: Opened | Continued,
    source: HeartSource,
    recorder: Recorder,
    presses: Presses,
    listeners: Sequence[Listener],
) -> Learned:
    """Understand the first input, which is recorded, and then all that come."""

    def understand(given: Input) -> None:
        outputs = engine.feed(given)
        for output in outputs:
            if isinstance(output, CUES):
                recorder.append(output, given.t_ns)
                source.hear(output)
        for listener in listeners:
            listener(given, outputs)

    understand(first)
    is_real = opened.couple.source is Source.STRAPS
    with kept_awake() if is_real else nullcontext():
        # Closed whatever happens: a source that nobody asks any more listens no longer.
        async with aclosing(source.inputs()) as inputs:
            async for given in inputs:
                for each in (*presses.taken(given.t_ns), given):
                    recorder.append(each, each.t_ns)
                    understand(each)
                if engine.is_ended:
                    break
    return engine.learned


def versions() -> tuple[tuple[str, str], ...]:
    """Return what a session was recorded with: another version may round otherwise.

    So may another processor with the same version of everything: numpy and its linear
    algebra choose their code by what the processor can do (with and without fused
    multiplication, say), and the last bit of a spectrum follows.
    """
    return (
        ("coreg", __version__),
        ("python", platform.python_version()),
        ("numpy", np.__version__),
        ("scipy", scipy.__version__),
        ("system", platform.system()),
        ("libc", " ".join(platform.libc_ver()).strip() or "not known"),
        ("machine", platform.machine()),
        ("processor", _processor()),
    )


def _processor() -> str:
    """Return which of the extensions that numpy chooses its code by are here."""
    extensions = np.show_config(mode="dicts").get("SIMD Extensions", {})
    here = [*extensions.get("baseline", ()), *extensions.get("found", ())]
    return "+".join(here) or "not known"
