"""Going on with a session that broke off, where it was.

Strategy.

1. The inputs that reached the disk are replayed: the engine then stands where it stood,
   to the last bit. Where a cue comes out otherwise than it was logged, this is another
   coreg than the one that broke off, and nothing goes on.
2. Cues of the last inputs may have been lost with the crash. They are logged first, so
   that a replay of the whole finds each of them.
3. The new segment begins with `Continued`. Its sources count from zero, as ever; what
   they say is moved to where the session's time goes on.
4. What was agreed to be measured when it began and is not any more was taken back
   meanwhile. That is said first, or what is missing would be a strap's silence.
5. Only the time of day counts through a reboot, so it says how far the log's time goes
   on. Where it says less than before, nobody can tell: then it is a minute.
"""

import datetime as dt
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from coreg.errors import SessionError
from coreg.facts.both import Both
from coreg.facts.codec import CUES, INPUTS
from coreg.facts.events import (
    NS_PER_S,
    Continued,
    Cue,
    Input,
    Opened,
    StreamTakenBack,
    WentOn,
)
from coreg.session.companion import Learned
from coreg.session.engine import Engine
from coreg.session.live import HeartSource, Listener, Presses, Recorder, go_on
from coreg.session.sources import SessionSource, taken_back
from coreg.store.rows import Recorded
from coreg.words import wrong_and_do

UNKNOWN_AWAY_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A session as it stood when it broke off: what was said, and its engine.

    `cues` are all that the couple was told, `unlogged` those of the last inputs that
    did not reach the disk, each with the time of its input. `since_s` is when the last
    input came.
    """

    engine: Engine
    cues: tuple[Cue, ...]
    unlogged: tuple[tuple[int, Cue], ...]
    since_s: float


def stood(recorded: Sequence[Recorded]) -> Standing:
    """Replay what was recorded of a session.

    Raises
    ------
    SessionError
        If that says anything else than what was logged.
    """
    engine = Engine()
    said = [
        (each.t_ns, output)
        for each in recorded
        if isinstance(each.fact, INPUTS)
        for output in engine.feed(each.fact)
        if isinstance(output, CUES)
    ]
    logged = [each.fact for each in recorded if isinstance(each.fact, CUES)]
    cues = tuple(cue for _, cue in said)
    if list(cues[: len(logged)]) != logged:
        raise SessionError(*wrong_and_do("errors.session.other-version"))
    inputs_ns = [each.t_ns for each in recorded if isinstance(each.fact, INPUTS)]
    return Standing(
        engine=engine,
        cues=cues,
        unlogged=tuple(said[len(logged) :]),
        since_s=inputs_ns[-1] / NS_PER_S,
    )


def need_same_straps(opened: Opened, hearts: SessionSource) -> None:
    """Raise unless these hearts come by the straps that a session was begun with.

    Raises
    ------
    SessionError
        If they do not: other hearts would be in it, or as if they beat at other times.
    """
    worn = opened.straps
    delays = (hearts.delays.latency_s, repr(hearts.delays.lag_resolution_s))
    if (
        hearts.kind is opened.couple.source
        and hearts.streams == worn.streams
        and delays == (worn.latency_s, repr(worn.lag_resolution_s))
    ):
        return
    raise SessionError(*wrong_and_do("faults.other-straps"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """A session that broke off, about to go on with these hearts.

    `first` begins its new segment, and `went_on` is what that will mean.
    """

    opened: Opened
    standing: Standing
    first: Continued
    went_on: WentOn
    source: HeartSource

    async def run(
        self, recorder: Recorder, presses: Presses, listeners: Sequence[Listener]
    ) -> Learned:
        """Run it to its end and return what all of it taught."""
        for t_ns, cue in self.standing.unlogged:
            recorder.append(cue, t_ns)
        return await go_on(
            self.standing.engine,
            self.opened,
            self.first,
            self.source,
            recorder,
            presses,
            listeners,
        )


def further(
    recorded: Sequence[Recorded],
    hearts: SessionSource,
    *,
    utc: dt.datetime,
    monotonic_ns: int,
) -> Further:
    """Return how a session goes on from what was recorded, at this time.

    Raises
    ------
    SessionError
        If it does not: it is another coreg's, or these are other straps.
    """
    opened = _opened(recorded)
    need_same_straps(opened, hearts)
    standing = stood(recorded)
    agreed = Both(*map(frozenset, opened.straps.measured))
    first = continued(recorded, utc=utc, monotonic_ns=monotonic_ns)
    went_on = WentOn(
        t_s=first.t_ns / NS_PER_S,
        since_s=standing.since_s,
        is_timed=first.is_timed,
    )
    return Further(
        opened=opened,
        standing=standing,
        first=first,
        went_on=went_on,
        source=LaterSource(
            hearts.source,
            since_ns=first.t_ns,
            taken_back=tuple(taken_back(agreed, hearts.measured, t_ns=0)),
        ),
    )


def _opened(recorded: Sequence[Recorded]) -> Opened:
    (opened,) = (each.fact for each in recorded if isinstance(each.fact, Opened))
    return opened


def away_s(recorded: Sequence[Recorded], utc: dt.datetime) -> float | None:
    """Return for how long nothing was recorded until then; None: nobody can tell.

    By the time of day, which each segment notes once. After a clock was set back that
    may be less than nothing.
    """
    began_utc, began_ns = _anchor(recorded)
    if began_utc is None:
        return None
    recorded_s = (recorded[-1].t_ns - began_ns) / NS_PER_S
    away = (utc - began_utc).total_seconds() - recorded_s
    return away if away >= 0 else None


def continued(
    recorded: Sequence[Recorded], *, utc: dt.datetime, monotonic_ns: int
) -> Continued:
    """Return the input that begins a new segment of a session at this time."""
    away = away_s(recorded, utc)
    on_by_s = UNKNOWN_AWAY_S if away is None else away
    return Continued(
        t_ns=recorded[-1].t_ns + round(on_by_s * NS_PER_S),
        monotonic_ns=monotonic_ns,
        utc=utc.isoformat(timespec="milliseconds"),
        is_timed=away is not None,
    )


def _anchor(recorded: Sequence[Recorded]) -> tuple[dt.datetime | None, int]:
    """Return the time of day that the last segment noted, and when in the session."""
    for each in reversed(recorded):
        if isinstance(each.fact, Continued):
            return _time_of_day(each.fact.utc), each.t_ns
        if isinstance(each.fact, Opened):
            return _time_of_day(each.fact.identity.opened_utc), each.t_ns
    raise ValueError("a session begins with Opened")


def _time_of_day(text: str) -> dt.datetime | None:
    try:
        told = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return told if told.tzinfo is not None else None


class LaterSource:
    """Hearts that count from zero, in a session that goes on later.

    `taken_back` is what was agreed to before and is no more.
    """

    def __init__(
        self,
        source: HeartSource,
        *,
        since_ns: int,
        taken_back: Sequence[StreamTakenBack] = (),
    ) -> None:
        self._source = source
        self._taken_back = taken_back
        self._since_ns = since_ns

    def hear(self, cue: Cue) -> None:
        """Pass on what is of this segment, by its own time."""
        t_s = cue.t_s - self._since_ns / NS_PER_S
        if t_s >= 0:
            self._source.hear(replace(cue, t_s=t_s))

    async def inputs(self) -> AsyncGenerator[Input, None]:
        """Yield inputs by the session's time."""
        for each in self._taken_back:
            yield replace(each, t_ns=self._since_ns)
        async with aclosing(self._source.inputs()) as inputs:
            async for given in inputs:
                yield replace(given, t_ns=given.t_ns + self._since_ns)
