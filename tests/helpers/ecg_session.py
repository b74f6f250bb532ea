"""A session of straps that send their ECG as well, made from planted heartbeats.

What a strap reports and what its ECG shows are given apart: so either can be wrong.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.ecg_beside_rr import labelled_ecg
from benchmarks.made_ecg import CALM, Motion
from coreg.facts.codec import CUES
from coreg.facts.events import (
    NS_PER_S,
    Input,
    Notification,
    Partner,
    Source,
    Stream,
    StreamPacket,
    StreamStarted,
    Tick,
)
from coreg.sensors.decoding import heart_rate
from coreg.sensors.decoding.polar_control import settings_wanted, start
from coreg.sensors.decoding.polar_frames import EcgFrame, encode_ecg
from coreg.session.engine import Engine
from coreg.store.plans import plan_text
from coreg.store.rows import Logged
from tests.helpers.living import opened

Array = NDArray[np.float64]
FRAME: Final = 73
LATE_S: Final = 1.2  # beside the .5 s that the beginning says of this strap
NAME: Final = "20260301-193000-7f3a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """One strap: the beats it reports, and its ECG where it sends one."""

    beats_s: Array
    ecg: tuple[Array, Array] | None = None


def breathing_beats(
    seconds: float, seed: int, *, bpm: float = 64.0, swing_s: float = 0.04
) -> Array:
    """Return beats that swing with ten breaths in a minute and a half, and a little."""
    rng = np.random.default_rng(seed)
    at_s, beats = 0.6, []
    while at_s < seconds:
        beats.append(at_s)
        rr_s = 60 / bpm + swing_s * np.sin(2 * np.pi * at_s / 9) + rng.normal(0, 0.008)
        at_s += rr_s
    return np.array(beats)


def with_early(beats_s: Array, at: list[int], by: float = 0.35) -> Array:
    """Return beats some of which come early and are repaid."""
    moved = beats_s.copy()
    for k in at:
        moved[k] -= by * (beats_s[k] - beats_s[k - 1])
    return moved


def ecg_of(
    beats_s: Array, wide: list[int], seed: int, motion: Motion = CALM
) -> tuple[Array, Array]:
    """Return an ECG in which the beats `wide` run another way."""
    is_wide = np.isin(np.arange(beats_s.size), wide)
    return labelled_ecg(beats_s, is_wide, motion, np.random.default_rng(seed))


def logged(a: Worn, b: Worn, until_s: float) -> list[tuple[Logged, int]]:
    """Return what is logged of the two, and when: inputs and the cues that follow."""
    begins = opened(
        session_id=NAME,
        source=Source.STRAPS,
        latency_s=(0.5, 0.5),
        plan_toml=plan_text("relaxed-and-alert"),
    )
    inputs: list[Input] = [begins]
    for partner, worn in ((Partner.A, a), (Partner.B, b)):
        inputs += _reported(partner, worn.beats_s)
        if worn.ecg is not None:
            inputs += _streamed(partner, *worn.ecg)
    inputs += [Tick(t_ns=round(k * NS_PER_S / 4)) for k in range(round(4 * until_s))]
    last_ns = round(until_s * NS_PER_S)
    inputs = [each for each in inputs if each.t_ns <= last_ns]
    inputs[1:] = sorted(inputs[1:], key=lambda each: each.t_ns)
    engine, rows = Engine(), list[tuple[Logged, int]]()
    for given in inputs:
        rows.append((given, given.t_ns))
        rows += [(o, given.t_ns) for o in engine.feed(given) if isinstance(o, CUES)]
    return rows


def _reported(partner: Partner, beats_s: Array) -> list[Input]:
    """Return a packet a second with the intervals that ended in it."""
    rr_ms = np.round(np.diff(beats_s) * 1024) / 1.024
    packets: list[Input] = []
    for second in range(1, int(beats_s[-1]) + 2):
        in_it = (beats_s[1:] > second - 1) & (beats_s[1:] <= second)
        told = heart_rate.HeartRateMeasurement(
            hr_bpm=64,
            wide_hr=False,
            contact=None,
            energy_kj=None,
            rr_ms=tuple(rr_ms[in_it].tolist()),
        )
        packets.append(
            Notification(
                t_ns=round((second + LATE_S) * NS_PER_S),
                partner=partner,
                data=heart_rate.encode(told),
            )
        )
    return packets


def _streamed(partner: Partner, t_s: Array, ecg_uv: Array) -> list[Input]:
    asked = start(Stream.ECG, settings_wanted(Stream.ECG))
    given: list[Input] = [
        StreamStarted(
            t_ns=1, partner=partner, stream=Stream.ECG, asked=asked, answer=b""
        )
    ]
    for first in range(0, t_s.size - FRAME + 1, FRAME):
        last_s = float(t_s[first + FRAME - 1])
        frame = EcgFrame(
            last_ns=600_000_000_000_000_000 + round(last_s * NS_PER_S),
            ecg_uv=tuple(int(uv) for uv in ecg_uv[first : first + FRAME]),
        )
        given.append(
            StreamPacket(
                t_ns=round((last_s + 0.3) * NS_PER_S),
                partner=partner,
                stream=Stream.ECG,
                data=encode_ecg(frame),
            )
        )
    return given
