"""Two recordings as one session of rest, so that they go the way that every heart goes.

Nobody paced them and nobody cut them into blocks. What is looked at is the time that
both recordings cover; each begins with the same moment, and where no clock says which
moment that is, they are refused.
"""

import hashlib
from collections.abc import Sequence

from coreg.errors import BadRecordingError
from coreg.facts.events import (
    NS_PER_S,
    Input,
    Intervals,
    Opened,
    Source,
    SourceEnded,
    Tick,
)
from coreg.facts.opened import Identity, PracticeChosen, StrapsWorn, WhoseHearts
from coreg.findings.summary import SessionSummary, summarise
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.timing.latency import UNKNOWN_STRAPS
from coreg.session.engine import run
from coreg.session.recorded_pair import (
    arrivals_within,
    overlap_s,
    plan_of_rest,
    share_clock,
)

_TICK_NS = NS_PER_S // 4


def pair_summary(a: Recording, b: Recording) -> SessionSummary:
    """Return two recordings as a session: the stretch of time that both cover.

    Raises
    ------
    BadRecordingError
        If they share no clock, or no two minutes, or are one heart twice.
    """
    _expect_clocks(a, b)
    start_s, end_s = overlap_s(a, b)
    opened = _opened(a, b, end_s - start_s)
    arrivals = arrivals_within(a, b, start_s, end_s)
    inputs = _in_order(arrivals, end_s - start_s)
    return summarise(opened, run([opened, *inputs]))


def _expect_clocks(a: Recording, b: Recording) -> None:
    if share_clock(a, b):
        return
    if a.has_clock and b.has_clock:
        raise BadRecordingError(
            f"{a.name} and {b.name} each count their time from a beginning of their "
            "own, so nobody knows which heartbeats belong together.",
            "Give both out of one session; or, if you know how far apart they began: "
            "coreg import A B --offset-s SECONDS, then coreg synchrony last.",
        )
    without = a if not a.has_clock else b
    raise BadRecordingError(
        f"{without.name} ({without.kind}) does not say when its heartbeats came on a "
        f"clock that {(b if without is a else a).name} shares, so nobody knows "
        "which of them belong together.",
        "Record both with arrival times on one computer (columns arrival_s and "
        "rr_ms), or give a session of coreg.",
    )


def _opened(a: Recording, b: Recording, length_s: float) -> Opened:
    names = tuple(f"{each.name} ({each.kind})" for each in (a, b))
    token = hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
    return Opened(
        t_ns=0,
        identity=Identity(
            session_id=f"pair-{token}",
            opened_utc="time of day not known",
            consent="",
            versions=(),
        ),
        couple=WhoseHearts(source=Source.RECORDINGS, seed=0),
        practice=PracticeChosen(
            plan_toml=plan_of_rest(length_s),
            breathing_min=0.0,
            steps_wait=False,
            ends_with_source=True,
            by_labels=True,
        ),
        straps=StrapsWorn(
            streams=names,
            common_clock=True,
            latency_s=(0.0, 0.0),
            lag_resolution_s=UNKNOWN_STRAPS.lag_resolution_s,
        ),
    )


def _in_order(arrivals: Sequence[Intervals], length_s: float) -> list[Input]:
    ticks = range(0, round(length_s * NS_PER_S), _TICK_NS)
    inputs: list[Input] = [*arrivals, *(Tick(t_ns=t_ns) for t_ns in ticks)]
    inputs.sort(key=lambda each: each.t_ns)
    return [*inputs, SourceEnded(t_ns=inputs[-1].t_ns)]
