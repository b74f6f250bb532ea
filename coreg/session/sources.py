"""Where the hearts of a session come from: simulated people or recordings.

Both live in the session's own time: `speed` changes how long we wait for the next
quarter of a second, and nothing else.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Iterator,
    Sequence,
)
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Protocol

from coreg.base import clock
from coreg.errors import BadRecordingError
from coreg.facts.both import Both
from coreg.facts.events import (
    Cue,
    FileMarked,
    Input,
    Intervals,
    Notification,
    Opened,
    Partner,
    Source,
    SourceEnded,
    Stream,
    StreamPacket,
    StreamTakenBack,
    Tapped,
    Tick,
)
from coreg.sensors.recordings.inputs import to_inputs
from coreg.sensors.recordings.lines import DATABASE
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.simulation.chest_strap import ChestStrap
from coreg.sensors.simulation.couple import SimulatedCouple, draw_traits
from coreg.sensors.simulation.couple_file import CoupleFile, as_wished
from coreg.sensors.simulation.taps import SimulatedTaps
from coreg.sensors.timing.latency import NO_DELAYS, UNKNOWN_STRAPS, PairDelays
from coreg.session.couple_shelf import USUAL, couple_of
from coreg.session.live import TICK_NS, HeartSource
from coreg.store.reader import read_session
from coreg.words import wrong_and_do

_NS_PER_S = 1_000_000_000

Arrival = Intervals | Notification


NOTHING_MEASURED = Both[frozenset[Stream]](frozenset(), frozenset())
"""Heartbeats, and nothing beside them."""


def _go_on(_measured: Both[frozenset[Stream]]) -> None:
    """Do nothing: nobody's strap measures anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSource:
    """The hearts of one session, and what has to be said of them.

    `streams` describes A's and B's stream in words; `measured` is what A's and B's
    strap may measure beside heartbeats, as each of them agreed to. Without a
    `common_clock` nothing may be said about the time from one heart to the other; with
    one, `delays` says how finely. `stamped` says of each whether its sender stamps
    beats with when they were. `measure_only` ends what is measured beside heartbeats
    and not among what it is given, at once; recordings and simulated people go on.
    """

    kind: Source
    source: HeartSource
    streams: tuple[str, str]
    common_clock: bool
    delays: PairDelays
    seed: int
    ends_with_source: bool
    stamped: tuple[bool, ...] = (False, False)
    measured: Both[frozenset[Stream]] = NOTHING_MEASURED
    measure_only: Callable[[Both[frozenset[Stream]]], None] = _go_on


def taken_back(
    before: Both[frozenset[Stream]], now: Both[frozenset[Stream]], *, t_ns: int
) -> Iterator[StreamTakenBack]:
    """Yield what was to be measured of each and is no more."""
    for partner, streams in before.items():
        for stream in sorted(streams - now[partner]):
            yield StreamTakenBack(t_ns=t_ns, partner=partner, stream=stream)


def simulated_couple(*, seed: int, described: CoupleFile) -> SimulatedCouple:
    """Return a couple as described; whatever is not comes from the seed."""
    traits = {
        partner: as_wished(drawn, described.wishes[partner])
        for partner, drawn in draw_traits(seed).items()
    }
    return SimulatedCouple(seed=seed, traits=traits, script=described.script)


def simulated_hearts(
    *,
    seed: int,
    speed: float,
    couple: str = USUAL,
    measured: Both[frozenset[Stream]] = NOTHING_MEASURED,
) -> SessionSource:
    """Return the simulated couple of this seed, `couple` by its name or its file.

    Of what straps measure beside heartbeats, theirs measure acceleration alone.

    Raises
    ------
    BadCoupleError
        If there is no such couple, or its file has a fault.
    """
    described = couple_of(couple)
    lives = simulated_couple(seed=seed, described=described)
    return hearts_of(
        lives, described=described, seed=seed, speed=speed, measured=measured
    )


def hearts_of(
    couple: SimulatedCouple,
    *,
    described: CoupleFile,
    seed: int,
    speed: float,
    measured: Both[frozenset[Stream]] = NOTHING_MEASURED,
) -> SessionSource:
    """Return the hearts of a simulated couple."""
    of = "" if described.name == USUAL else f" of the couple {described.name}"
    events = {partner: person.events for partner, person in couple.people.items()}
    taps = SimulatedTaps(seed=seed, events=events)
    chests = [
        ChestStrap(partner, couple.people[partner], seed)
        for partner, streams in measured.items()
        if Stream.ACCELERATION in streams
    ]
    return SessionSource(
        kind=Source.SIMULATED,
        source=SimulatedSource(couple, speed, taps, chests),
        streams=(f"simulated person A{of}", f"simulated person B{of}"),
        common_clock=True,
        delays=UNKNOWN_STRAPS,
        seed=seed,
        ends_with_source=False,
        measured=measured,
    )


def without_straps(*, speed: float) -> SessionSource:
    """Return the source of an evening of which nothing is heard, and nothing kept."""
    return SessionSource(
        kind=Source.NOBODY,
        source=NobodySource(speed),
        streams=("no strap", "no strap"),
        common_clock=False,
        delays=NO_DELAYS,
        seed=0,
        ends_with_source=False,
    )


def recorded_hearts(files: Sequence[str], *, speed: float) -> SessionSource:
    """Return the hearts of two recordings, or of both partners of one session.

    Raises
    ------
    BadRecordingError
        If a file cannot be used, or their number is not one session or two files.
    SessionError
        If a session file cannot be read.
    """
    if len(files) == 1 and _is_session_file(Path(files[0])):
        files = (files[0], files[0])
    if len(files) != 2:
        told = wrong_and_do("errors.session.two-or-one", n=len(files))
        raise BadRecordingError(*told)
    first, second = map(_stream, files, Partner)
    arrivals = [*first.arrivals, *second.arrivals]
    one_session = files[0] == files[1] and first.is_session
    common_clock = one_session or (
        first.has_clock and second.has_clock and first.clock == second.clock
    )
    return SessionSource(
        kind=Source.RECORDINGS,
        source=RecordedSource(arrivals, speed),
        streams=(first.words, second.words),
        common_clock=common_clock,
        delays=_recorded_delays(first, common_clock=common_clock),
        seed=0,
        ends_with_source=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stream:
    """One partner's arrivals out of a file."""

    words: str
    arrivals: tuple[Arrival, ...]
    has_clock: bool
    clock: str
    delays: PairDelays | None

    @property
    def is_session(self) -> bool:
        return self.delays is not None


def _recorded_delays(first: _Stream, *, common_clock: bool) -> PairDelays:
    """Return what an earlier session knew of its straps; else nothing is known."""
    if not common_clock:
        return NO_DELAYS
    return first.delays or UNKNOWN_STRAPS


def _stream(file: str, partner: Partner) -> _Stream:
    path = Path(file)
    if _is_session_file(path):
        return _session_stream(path, partner)
    recording = read_recording(path)
    return _Stream(
        words=f"{recording.name} ({recording.kind})",
        arrivals=tuple(to_inputs(recording, partner)),
        has_clock=recording.has_clock,
        clock=recording.clock,
        delays=None,
    )


def _origin(opened: Opened, partner: Partner) -> str:
    """Say where a session's stream came from: simulated stays simulated."""
    first = opened.straps.streams[list(Partner).index(partner)]
    return f"session {opened.identity.session_id}, partner {partner}: {first}"


def _is_session_file(path: Path) -> bool:
    """Whether this looks like one of our session files, by its first bytes."""
    try:
        with path.open("rb") as file:
            return file.read(len(DATABASE)) == DATABASE
    except OSError:
        return False  # reading it as a recording says what is wrong


def _session_stream(path: Path, partner: Partner) -> _Stream:
    """Return what one partner's strap sent in an earlier session."""
    session = read_session(path)
    arrivals = tuple(
        event.fact
        for event in session.events
        if isinstance(event.fact, Arrival) and event.fact.partner is partner
    )
    if not arrivals:
        told = wrong_and_do(
            "errors.session.not-of-partner", name=path.name, partner=partner
        )
        raise BadRecordingError(*told)
    return _Stream(
        words=_origin(session.opened, partner),
        arrivals=arrivals,
        clock="",
        has_clock=False,  # two sessions have two clocks; one has one, see the caller
        delays=PairDelays(
            latency_s=session.opened.straps.latency_s,
            lag_resolution_s=session.opened.straps.lag_resolution_s,
        ),
    )


class Couple(Protocol):
    """People who live in the session's own time, not in the computer's."""

    def hear(self, cue: Cue) -> None:
        """Take a cue before the time it takes effect."""
        ...

    def advance(self, until_ns: int) -> list[Notification]:
        """Return what their straps sent since the last call, up to this moment."""
        ...


class SimulatedSource:
    """A simulated couple, in their own time: `speed` changes only how long we wait.

    Without `taps` they answer no glint; `chests` are seen to breathe.
    """

    def __init__(
        self,
        couple: Couple,
        speed: float,
        taps: SimulatedTaps | None = None,
        chests: Sequence[ChestStrap] = (),
    ) -> None:
        self._couple = couple
        self._taps = taps
        self._chests = chests
        self._speed = speed

    def hear(self, cue: Cue) -> None:
        """Let the simulated couple breathe with the pacer, and see glints."""
        self._couple.hear(cue)
        if self._taps is not None:
            self._taps.hear(cue)

    async def inputs(self) -> AsyncGenerator[Input, None]:
        """Yield notifications, taps and ticks, for ever."""
        for chest in self._chests:
            yield chest.started()
        async for t_ns in _ticks(self._speed):
            tapped = self._taps.until(t_ns) if self._taps is not None else []
            arrived: list[Notification | Tapped | StreamPacket] = [
                *self._couple.advance(t_ns),
                *tapped,
                *(frame for chest in self._chests for frame in chest.frames(t_ns)),
            ]
            for each in sorted(arrived, key=attrgetter("t_ns")):
                yield each
            yield Tick(t_ns=t_ns)


class NobodySource:
    """Two people without straps: time goes on, and no heart is heard."""

    def __init__(self, speed: float) -> None:
        self._speed = speed

    def hear(self, cue: Cue) -> None:
        """Do nothing: real people need no telling."""

    async def inputs(self) -> AsyncGenerator[Input, None]:
        """Yield ticks, for ever."""
        async for t_ns in _ticks(self._speed):
            yield Tick(t_ns=t_ns)


class RecordedSource:
    """Recordings in their own time, ended with the longer one."""

    def __init__(
        self, arrived: Sequence[Intervals | Notification | FileMarked], speed: float
    ) -> None:
        self._arrived = sorted(arrived, key=lambda each: (each.t_ns, each.partner))
        self._speed = speed

    def hear(self, cue: Cue) -> None:
        """Do nothing: recorded people hear no more."""

    async def inputs(self) -> AsyncGenerator[Input, None]:
        """Yield the recorded arrivals and ticks, then the end."""
        waiting = deque(self._arrived)
        async for t_ns in _ticks(self._speed):
            while waiting and waiting[0].t_ns <= t_ns:
                yield waiting.popleft()
            yield Tick(t_ns=t_ns)
            if not waiting:
                yield SourceEnded(t_ns=t_ns)
                return


async def _ticks(speed: float) -> AsyncIterator[int]:
    """Yield 0, 0.25 s, 0.5 s ... in nanoseconds, `speed` times as fast as life."""
    start_ns = clock.monotonic_ns()
    for number in itertools.count():
        t_ns = number * TICK_NS
        wait_ns = start_ns + round(t_ns / speed) - clock.monotonic_ns()
        await asyncio.sleep(max(0.0, wait_ns / _NS_PER_S))
        yield t_ns
