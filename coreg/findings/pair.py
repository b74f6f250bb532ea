"""Two recordings as one session of rest, so that they go the way that every heart goes.

Nobody paced them and nobody cut them into blocks. What is looked at is the time that
both recordings cover; each begins with the same moment, and where no clock says which
moment that is, they are refused.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace

from coreg.errors import BadRecordingError
from coreg.exercises.plan_blocks import LONGEST_BLOCK_MIN
from coreg.facts.events import (
    NS_PER_S,
    Input,
    Intervals,
    Opened,
    Partner,
    Source,
    SourceEnded,
    Tick,
)
from coreg.facts.opened import Identity, PracticeChosen, StrapsWorn, WhoseHearts
from coreg.findings.summary import SessionSummary, summarise
from coreg.sensors.recordings.inputs import to_inputs
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.timing.latency import UNKNOWN_STRAPS
from coreg.session.engine import run

LEAST_OVERLAP_S = 120.0
TITLE = "Two recordings"
_TICK_NS = NS_PER_S // 4


def pair_summary(a: Recording, b: Recording) -> SessionSummary:
    """Return two recordings as a session: the stretch of time that both cover.

    Raises
    ------
    BadRecordingError
        If they share no clock, or no two minutes, or are one heart twice.
    """
    start_s, end_s = _overlap_s(a, b)
    opened = _opened(a, b, end_s - start_s)
    arrivals = [
        Intervals(
            t_ns=each.t_ns - round(start_s * NS_PER_S),
            partner=each.partner,
            rr_ms=each.rr_ms,
        )
        for recording, partner in ((a, Partner.A), (b, Partner.B))
        for each in to_inputs(recording, partner)
        if start_s <= each.t_ns / NS_PER_S <= end_s
    ]
    inputs = _in_order(arrivals, end_s - start_s)
    return summarise(opened, run([opened, *inputs]))


def moved(recording: Recording, by_s: float) -> Recording:
    """Return a recording whose clock was so far behind, and whose name says so."""
    return replace(
        recording,
        name=f"{recording.name}, moved by {by_s:+g} s",
        packets=tuple((t_s + by_s, rr_ms) for t_s, rr_ms in recording.packets),
    )


def _overlap_s(a: Recording, b: Recording) -> tuple[float, float]:
    for each in (a, b):
        if not each.has_clock:
            raise BadRecordingError(
                f"{each.name} ({each.kind}) does not say when its heartbeats came on a "
                f"clock that {(b if each is a else a).name} shares, so nobody knows "
                "which of them belong together.",
                "Record both with arrival times on one computer (columns arrival_s and "
                "rr_ms), or give a session of coreg.",
            )
    if a.packets == b.packets:
        raise BadRecordingError(
            f"{a.name} and {b.name} hold the same heartbeats: a heart is like itself.",
            "Give the recordings of two people.",
        )
    start_s = max(a.arrivals_s[0], b.arrivals_s[0])
    end_s = min(a.arrivals_s[-1], b.arrivals_s[-1])
    if end_s - start_s < LEAST_OVERLAP_S:
        both_s = max(0.0, end_s - start_s)
        raise BadRecordingError(
            f"{a.name} and {b.name} have {both_s:.0f} s in common, and it takes "
            f"{LEAST_OVERLAP_S:.0f} s.",
            "Choose recordings of the same time.",
        )
    return start_s, end_s


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
            plan_toml=_plan(length_s),
            breathing_min=0.0,
            steps_wait=False,
            ends_with_source=True,
        ),
        straps=StrapsWorn(
            streams=names,
            common_clock=True,
            latency_s=(0.0, 0.0),
            lag_resolution_s=UNKNOWN_STRAPS.lag_resolution_s,
        ),
    )


def _plan(length_s: float) -> str:
    """Return a plan of nothing but rest: a block for each hour begun."""
    hours = max(1, math.ceil(length_s / 60 / LONGEST_BLOCK_MIN))
    minutes = math.ceil(length_s / 60 / hours)
    blocks = "".join(
        f'[[block]]\nname = "{name}"\nkind = "rest"\nminutes = {minutes}\n'
        'words = "Recorded."\ninputs = []\nmeasured = ["hr"]\nshown = []\n'
        for name in (
            ["both recordings"]
            if hours == 1
            else [f"part {part}" for part in range(1, hours + 1)]
        )
    )
    return (
        'format = 1\nname = "two-recordings"\nversion = 1\n'
        f'title = "{TITLE}"\npurpose = "Recorded elsewhere."\nopened_by = "couple"\n'
        f"{blocks}"
    )


def _in_order(arrivals: Sequence[Intervals], length_s: float) -> list[Input]:
    ticks = range(0, round(length_s * NS_PER_S), _TICK_NS)
    inputs: list[Input] = [*arrivals, *(Tick(t_ns=t_ns) for t_ns in ticks)]
    inputs.sort(key=lambda each: each.t_ns)
    return [*inputs, SourceEnded(t_ns=inputs[-1].t_ns)]
