"""Made-up sessions for the report's tests: what an engine would have said.

A heart here is an integral that beats at whole numbers (IPFM), so the truth is known:
its level, and how far it swings with the breath. Nothing of coreg's analysis is used.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreg.facts.events import (
    Beat,
    BeatLabel,
    BlockBegan,
    BlockEnded,
    Breath,
    BreathSwing,
    Cue,
    Ended,
    Ending,
    Feature,
    Gap,
    IrregularRhythm,
    Opened,
    OverCounted,
    PacerStopped,
    Partner,
    Paused,
    Resumed,
    SignalLost,
    Source,
)
from tests.helpers.openings import opening

Floats = NDArray[np.float64]
Fact = Feature | Cue

PLAN = 'name = "relaxed-and-alert"\ntitle = "Relaxed and alert"\nversion = 1\n'
BLOCKS = (
    ("arrive", "arrive", 120.0),
    ("breathe together", "breathe", 480.0),
    ("just be", "rest", 360.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """How one made-up heart behaves."""

    level_bpm: float
    swing_bpm: float
    lag_s: float
    seed: int


A = Body(level_bpm=64.0, swing_bpm=12.0, lag_s=0.6, seed=1)
B = Body(level_bpm=78.0, swing_bpm=8.0, lag_s=1.0, seed=2)


STREAMS = {
    Source.SIMULATED: ("simulated person A", "simulated person B"),
    Source.RECORDINGS: ("walk.csv (RR intervals)", "rest.txt (RR intervals)"),
    Source.STRAPS: ("Polar H10", "Garmin HRM-Pro"),
    Source.NOBODY: ("no strap", "no strap"),
}


def opened(
    source: Source = Source.SIMULATED,
    *,
    common_clock: bool = True,
    streams: tuple[str, str] | None = None,
) -> Opened:
    return opening(
        session_id="20261119-201400-7f3a",
        opened_utc="2026-11-19T20:14:00+00:00",
        source=source,
        streams=streams or STREAMS[source],
        common_clock=common_clock,
        latency_s=(0.0, 0.0),
        lag_resolution_s=2.2,
        seed=7 if source is Source.SIMULATED else 0,
        plan_toml=PLAN,
        breathing_min=0.0,
        steps_wait=False,
        ends_with_source=False,
        consent="given on first use",
        versions=(("coreg", "0.1.0"), ("python", "3.11.9")),
    )


def session(
    *,
    bodies: tuple[Body | None, Body | None] = (A, B),
    blocks: tuple[tuple[str, str, float], ...] = BLOCKS,
    pause: tuple[float, float] | None = None,
    lost: tuple[tuple[Partner, float, float], ...] = (),
    ending: Ending = Ending.COMPLETE,
    follows: bool = True,
) -> list[Fact]:
    """Return a session's features and cues in time order.

    `lost` are stretches in which one strap's beats never came. `follows`: the hearts
    swing with the pacer.
    """
    facts, end_s = _blocks(blocks, pause)
    facts += _pauses(pause)
    breaths = _breaths(facts, pause)
    facts += breaths
    for partner, body in zip(Partner, bodies, strict=True):
        holes = [(start, end) for who, start, end in lost if who is partner]
        if body is None:
            facts.append(SignalLost(t_s=10.0, partner=partner))
            facts.append(Gap(start_s=0.0, end_s=end_s, partner=partner))
        else:
            facts += _heart(partner, body, breaths if follows else [], end_s, holes)
            facts += _swings(partner, body, breaths, holes)
    facts.append(Ended(t_s=end_s, ending=ending))
    return sorted(facts, key=_said_s)


def _said_s(fact: Fact) -> float:
    lasting = Gap | OverCounted | IrregularRhythm
    return fact.end_s if isinstance(fact, lasting) else fact.t_s


def _blocks(
    blocks: tuple[tuple[str, str, float], ...], pause: tuple[float, float] | None
) -> tuple[list[Fact], float]:
    facts: list[Fact] = []
    t_s = 0.0
    for number, (name, kind, planned_s) in enumerate(blocks):
        length_s = planned_s
        facts.append(
            BlockBegan(t_s=t_s, number=number, name=name, kind=kind, length_s=planned_s)
        )
        if pause is not None and t_s <= pause[0] < t_s + length_s:
            length_s += pause[1] - pause[0]
        t_s += length_s
        facts.append(BlockEnded(t_s=t_s, number=number, features=0, features_sha256=""))
    return facts, t_s


def _pauses(pause: tuple[float, float] | None) -> list[Fact]:
    if pause is None:
        return []
    return [
        PacerStopped(t_s=pause[0]),
        Paused(t_s=pause[0]),
        Resumed(t_s=pause[1]),
    ]


def _breaths(facts: list[Fact], pause: tuple[float, float] | None) -> list[Breath]:
    began = [f for f in facts if isinstance(f, BlockBegan) and f.kind == "breathe"]
    ended = {f.number: f.t_s for f in facts if isinstance(f, BlockEnded)}
    breaths: list[Breath] = []
    for block in began:
        t_s, per_min = block.t_s, 10.0
        while t_s < ended[block.number]:
            if pause is not None and pause[0] <= t_s < pause[1]:
                t_s = pause[1]
            breaths.append(
                Breath(t_s=t_s, period_s=60 / per_min, inhale_s=24 / per_min)
            )
            t_s += 60 / per_min
            per_min = max(5.6, per_min - (0.25 if per_min > 6.5 else 0.02))
    return breaths


def _heart(
    partner: Partner,
    body: Body,
    breaths: list[Breath],
    end_s: float,
    holes: list[tuple[float, float]],
) -> list[Fact]:
    beat_t_s = _beat_times(body, breaths, end_s)
    facts: list[Fact] = []
    rr_ms = 1000 * np.diff(beat_t_s)
    after_hole = False
    for t_s, rr in zip(beat_t_s[1:], rr_ms, strict=True):
        if any(start <= t_s - rr / 1000 and t_s <= end for start, end in holes) or any(
            start < t_s < end for start, end in holes
        ):
            after_hole = True
            continue
        label = BeatLabel.GAP if after_hole else BeatLabel.NORMAL
        after_hole = False
        facts.append(
            Beat(
                t_s=float(t_s),
                partner=partner,
                rr_ms=float(rr),
                nn_ms=float(rr),
                label=label,
            )
        )
    for start, end in holes:
        facts.append(SignalLost(t_s=start + 5.0, partner=partner))
        facts.append(Gap(start_s=start, end_s=min(end, end_s), partner=partner))
    return facts


def _beat_times(body: Body, breaths: list[Breath], end_s: float) -> Floats:
    rng = np.random.default_rng(body.seed)
    t_s = np.linspace(0, end_s, int(end_s * 50) + 2)
    own_hz = 0.2 + 0.05 * body.seed + 0.03 * np.sin(2 * np.pi * t_s / 47.0 + body.seed)
    angle = 2 * np.pi * np.cumsum(own_hz) * t_s[1]
    swing = 2.2 * np.sin(angle) + 0.3
    for breath in breaths:
        during = (t_s >= breath.t_s + body.lag_s) & (
            t_s < breath.t_s + breath.period_s + body.lag_s
        )
        phase = (t_s[during] - breath.t_s - body.lag_s) / breath.period_s
        swing[during] = _size(body, breath) / 2 * np.sin(2 * np.pi * phase)
    noise = np.convolve(rng.normal(0, 1, t_s.size + 1500), np.ones(1500) / 90, "same")
    wander = noise[: t_s.size]
    rate_hz = (body.level_bpm + swing + wander - 3 * t_s / (t_s[-1] + 1)) / 60
    turns = np.cumsum(rate_hz) * t_s[1]
    beats: Floats = np.interp(np.arange(1, turns[-1]), turns, t_s)
    return beats


def _size(body: Body, breath: Breath) -> float:
    """Peak to trough: largest at six a minute."""
    per_min = 60 / breath.period_s
    return float(body.swing_bpm * np.exp(-0.5 * ((per_min - 5.9) / 1.6) ** 2))


def _swings(
    partner: Partner,
    body: Body,
    breaths: list[Breath],
    holes: list[tuple[float, float]],
) -> list[Fact]:
    rng = np.random.default_rng(body.seed + 10)
    facts: list[Fact] = []
    for breath in breaths:
        end_s = breath.t_s + breath.period_s
        size = _size(body, breath) * float(np.exp(rng.normal(0, 0.12)))
        if any(start < end_s and breath.t_s < end for start, end in holes):
            size = float("nan")
        facts.append(
            BreathSwing(
                t_s=end_s + 1.0,
                partner=partner,
                breath_start_s=breath.t_s,
                breath_period_s=breath.period_s,
                rsa_ms=size * 14,
                rsa_bpm=size,
            )
        )
    return facts
