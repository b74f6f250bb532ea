"""A strap's ECG of one session, gone over as a whole: beats, shapes, and the samples.

Live, a beat is told as soon as it can be. Here the whole is known: strap and computer
are set to one clock by all frames, and a shape is compared with those after it too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from coreg.analysis.cleaning_with_ecg import rr_of_ms
from coreg.analysis.qrs_shape import QrsShapes, qrs_shapes
from coreg.analysis.r_peaks import r_peaks
from coreg.analysis.two_witnesses import TwoWitnesses
from coreg.errors import BadPacketError
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import (
    NS_PER_S,
    Continued,
    Fact,
    Partner,
    Stream,
    StreamPacket,
    StreamStarted,
    StreamTakenBack,
)
from coreg.sensors.decoding.polar_control import rate_asked_hz
from coreg.sensors.decoding.polar_frames import EcgFrame, decode_frame
from coreg.sensors.timing.device_clock import SampleClock, host_less_strap_s


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EcgSeen:
    """What one strap's ECG shows; times in seconds of the session.

    `t_s`, `rr_ms` (by the strap's own clock, NaN after a gap), `after_gap` and `shapes`
    have one entry a beat; `sample_t_s` and `sample_uv` one a sample. `unreadable_s`,
    shape (n, 2), is where beats may be that nobody can tell.
    """

    t_s: Floats
    rr_ms: Floats
    after_gap: Flags
    shapes: QrsShapes
    sample_t_s: Floats
    sample_uv: Floats
    unreadable_s: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EcgBeside:
    """A strap's ECG beside the beats that the strap reported.

    `both` is None where the two do not go together; nothing follows from it then.
    `strap_t_s` are the strap's beats in its arrays: their times, for somebody may put
    in or delete beats of the heart by hand. `taken` is how many intervals count no more
    because of the ECG.
    """

    seen: EcgSeen
    both: TwoWitnesses | None
    strap_t_s: Floats
    taken: int


@dataclass(slots=True, kw_only=True, eq=False)
class _Run:
    """Samples of one clock of a strap."""

    rate_hz: float
    t_s: list[Floats] = field(default_factory=list)
    uv: list[Floats] = field(default_factory=list)
    arrived_s: list[float] = field(default_factory=list)
    off_time: bool = False


def ecg_seen(facts: Iterable[Fact], partner: Partner) -> EcgSeen | None:
    """Go over the ECG that one partner's strap sent; None where it sent none."""
    parts: list[EcgSeen] = []
    last_s = -np.inf
    for run in _runs(facts, partner):
        part = _later(_seen(run), last_s)
        last_s = float(part.sample_t_s.max(initial=last_s))
        parts.append(part)
    if not parts:
        return None
    return EcgSeen(
        t_s=np.concatenate([each.t_s for each in parts]),
        rr_ms=np.concatenate([each.rr_ms for each in parts]),
        after_gap=np.concatenate([each.after_gap for each in parts]),
        shapes=QrsShapes(
            likeness=np.concatenate([each.shapes.likeness for each in parts]),
            is_early=np.concatenate([each.shapes.is_early for each in parts]),
            is_foreign=np.concatenate([each.shapes.is_foreign for each in parts]),
        ),
        sample_t_s=np.concatenate([each.sample_t_s for each in parts]),
        sample_uv=np.concatenate([each.sample_uv for each in parts]),
        unreadable_s=np.concatenate([each.unreadable_s for each in parts]),
    )


def _later(of: EcgSeen, last_s: float) -> EcgSeen:
    """Return what is after the clock before: what is known of two may overlap."""
    beat, sample = of.t_s > last_s, of.sample_t_s > last_s
    return EcgSeen(
        t_s=of.t_s[beat],
        rr_ms=of.rr_ms[beat],
        after_gap=of.after_gap[beat],
        shapes=QrsShapes(
            likeness=of.shapes.likeness[beat],
            is_early=of.shapes.is_early[beat],
            is_foreign=of.shapes.is_foreign[beat],
        ),
        sample_t_s=of.sample_t_s[sample],
        sample_uv=of.sample_uv[sample],
        unreadable_s=of.unreadable_s,
    )


def _runs(facts: Iterable[Fact], partner: Partner) -> list[_Run]:
    """Return all samples, those of each clock that began anew apart.

    A clock that turned out to part from the computer's was wrong from its first second,
    so nothing is taken from it.
    """
    runs: list[_Run] = []
    clock: SampleClock | None = None
    rate_hz = 0.0
    for fact in facts:
        match fact:
            case Continued():
                clock = None
            case StreamTakenBack(partner=p, stream=Stream.ECG) if p is partner:
                clock = None
            case StreamStarted(partner=p, stream=Stream.ECG, asked=asked) if (
                p is partner
            ):
                asked_hz = rate_asked_hz(asked)
                clock = SampleClock(asked_hz) if asked_hz else None
                rate_hz = asked_hz or 0.0
            case StreamPacket(partner=p, stream=Stream.ECG, data=data) if p is partner:
                if clock is not None:
                    _take(runs, clock, rate_hz, fact.t_ns / NS_PER_S, data)
    return [run for run in runs if run.t_s and not run.off_time]


def _take(
    runs: list[_Run], clock: SampleClock, rate_hz: float, t_s: float, data: bytes
) -> None:
    try:
        frame = decode_frame(data, None)
    except BadPacketError:  # counted where it arrived
        return
    if not isinstance(frame, EcgFrame):
        return
    uv = np.array(frame.ecg_uv, dtype=np.float64)
    timed = clock.feed(arrival_s=t_s, last_ns=frame.last_ns, count=uv.size)
    if not timed.t_s.size:  # it came twice
        return
    if timed.new_clock or not runs:
        runs.append(_Run(rate_hz=rate_hz))
    run = runs[-1]
    run.off_time = timed.off_time
    if timed.untimed:
        return
    run.t_s.append(timed.t_s)
    run.uv.append(uv)
    run.arrived_s.append(t_s)


def _seen(run: _Run) -> EcgSeen:
    strap_s, uv = np.concatenate(run.t_s), np.concatenate(run.uv)
    last_s = np.array([float(each[-1]) for each in run.t_s])
    ahead_s = host_less_strap_s(last_s.tolist(), run.arrived_s)

    def on_session(t_s: Floats) -> Floats:
        on: Floats = t_s + np.interp(t_s, last_s, ahead_s)
        return on

    found = r_peaks(strap_s, uv, rate_hz=run.rate_hz)
    after_gap = found.after_gap.copy()
    after_gap[:1] = True  # what came before belongs to another clock
    dark_s = np.array([[each.start_s, each.end_s] for each in found.unreadable])
    return EcgSeen(
        t_s=on_session(found.t_s),
        rr_ms=rr_of_ms(found.t_s, after_gap),
        after_gap=after_gap,
        shapes=qrs_shapes(strap_s, uv, found.t_s, after_gap, rate_hz=run.rate_hz),
        sample_t_s=on_session(strap_s),
        sample_uv=uv,
        unreadable_s=on_session(dark_s.reshape(-1, 2)),
    )
