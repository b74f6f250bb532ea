"""Facts of packets that bring no beats, or beats that nothing can be told from."""

from dataclasses import dataclass
from typing import Final

from coreg.facts.kinds import InStep, Partner, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPacket:
    """A feature: bytes that are no Heart Rate Measurement; counted, never guessed."""

    t_s: float
    partner: Partner
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedPacket:
    """A feature: a packet that had come already; the log keeps it, nothing counts it.

    The input that arrived at `t_s` is meant.
    """

    t_s: float
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class OverCounted:
    """A feature: between these two times there was more time in beats than passed.

    None of its beats is to be believed. It is said when it is over, or at the end.
    """

    start_s: float
    end_s: float
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathSeen:
    """A feature: one chest's own breathing at one second, by its movement.

    `rate_per_min` is in breaths a minute, NaN where it is not known; `quality` the
    share of the chest's slow movement that it explains, 0 to 1, and `seen_s` over how
    long (`coreg.analysis.breath_from_acceleration`).
    """

    t_s: float
    partner: Partner
    rate_per_min: float
    quality: float
    seen_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PacedBreathSeen:
    """A feature: one breath of the pacer beside one chest's own, once it is out.

    `locked_share` (0 to 1) of the chest's slow movement goes with the pacer, and
    `other_share` with the best of other rhythms, which is `other_times` as fast. By
    `lag_rad` the chest comes after the pacer along `axis`, up to half a turn that
    depends on how the strap is worn. All are NaN where the chest was not seen
    throughout (`coreg.analysis.breath_in_step`).
    """

    t_s: float
    partner: Partner
    breath_start_s: float
    breath_period_s: float
    locked_share: float
    other_share: float
    other_times: float
    lag_rad: float
    axis: tuple[float, ...]
    in_step: InStep


BY_HEART_EVERY_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathByHeart:
    """A feature: how fast somebody breathes, by heights and intervals of their ECG.

    Said every `BY_HEART_EVERY_S` where a strap sends its ECG and no acceleration.
    Nothing goes by it; `rate_per_min` is NaN where it is not known, `quality` 0 to 1
    (`coreg.analysis.breath_from_heart`).
    """

    t_s: float
    partner: Partner
    rate_per_min: float
    quality: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLongerMeasured:
    """A feature: from here on a stream is missing because its owner took it back.

    So nothing that is missing then is a strap's silence. No page says it.
    """

    t_s: float
    partner: Partner
    stream: Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesUntimed:
    """A feature: from here on nobody can tell when samples of a stream were taken.

    The strap's clock parts from the computer's, or samples come at another rate than
    was asked for (`coreg.sensors.timing.device_clock`). Nothing is told from them.
    """

    t_s: float
    partner: Partner
    stream: Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgBeat:
    """A feature: one heartbeat by a strap's own ECG.

    `rr_ms` is the interval that ended with it by the strap's clock, NaN after a gap.
    `likeness` (-1 to 1) and `width_ms` tell how usual its shape is
    (`coreg.analysis.r_peaks`).
    """

    t_s: float
    partner: Partner
    rr_ms: float
    likeness: float
    width_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IrregularRhythm:
    """A feature: between these two times the rhythm was no sinus rhythm.

    Or a strap slipped: nobody can tell. It is said when it is over, or at the end.
    """

    start_s: float
    end_s: float
    partner: Partner
