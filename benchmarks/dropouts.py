"""How far lost beats bend RMSSD, by what a file's own stamps say of them.

A made-up heart is written in each stamped text format, stretches of it are left out,
and what is read is held against the whole heart. Run: python -m benchmarks.dropouts
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.facts.arrays import Flags, Floats
from coreg.findings.recording import RecordingFigures, measured
from coreg.sensors.recordings.recognise import parse_recording

BEATS: Final = 600
BEGUN: Final = dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)
LOSSES: Final = ("2 s", "5 s", "60 s", "half in one", "half in ten")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """One format with one loss: RMSSD of all beats (ms), what was read, its gaps."""

    truth_ms: float
    parts: int
    figures: RecordingFigures

    @property
    def off(self) -> float:
        """How far RMSSD is off, as a share of the truth."""
        return self.figures.hrv.rmssd_ms / self.truth_ms - 1

    @property
    def gaps(self) -> int:
        """How many intervals were labelled as after lost beats."""
        return self.figures.label_counts.get("gap", 0)


def heart_ms(seed: int) -> Floats:
    """Return intervals in whole ms of a heart that swings with the breath."""
    rng = np.random.default_rng(seed)
    beat = np.arange(BEATS)
    usual_ms = rng.uniform(650, 1000)
    breath = rng.uniform(20, 60) * np.sin(2 * np.pi * beat / rng.uniform(4, 7))
    slow = 30 * np.sin(2 * np.pi * beat / rng.uniform(90, 200))
    return np.asarray(
        np.round(usual_ms + breath + slow + rng.normal(0, 8, BEATS)), dtype=np.float64
    )


def kept_of(loss: str, t_s: Floats) -> Flags:
    """Return which beats are left."""
    if loss == "half in one":
        return np.asarray((t_s < t_s[-1] / 4) | (t_s > 3 * t_s[-1] / 4))
    if loss == "half in ten":
        return np.asarray((np.floor(20 * t_s / (t_s[-1] + 1)) % 2) == 0)
    lost_s = float(loss.split(maxsplit=1)[0])
    return np.asarray((t_s < 100) | (t_s > 100 + lost_s))


def _stamp(t_s: float, pattern: str) -> str:
    return (BEGUN + dt.timedelta(seconds=round(t_s, 3))).strftime(pattern)[:-3]


ISO, DAY = "%Y-%m-%dT%H:%M:%S.%f", "%H:%M:%S.%f"
FORMATS: Final[dict[str, tuple[str, Callable[[float, float], str]]]] = {
    "arrival_s,rr_ms": ("arrival_s,rr_ms", lambda t, rr: f"{t:.3f},{rr:.0f}"),
    "Polar Sensor Logger": (
        "Phone timestamp;RR-interval [ms]",
        lambda t, rr: f"{_stamp(t, ISO)};{rr:.0f}",
    ),
    "HRV Logger": (
        "date,rr,since start",
        lambda t, rr: f"{_stamp(t, ISO)},{rr:.0f},{1000 * t:.0f}",
    ),
    "HRV Logger, whole seconds": (
        "date,rr",
        lambda t, rr: f"{_stamp(t, ISO)[:-4]},{rr:.0f}",
    ),
    "Polar Flow": ("", lambda t, rr: f"{t:.3f}\t{rr:.0f}"),
    "Kubios, both in s": ("", lambda t, rr: f"{t:.3f} {rr / 1000:.3f}"),
    "Unix ms": (
        "Timestamp RR-interval",
        lambda t, rr: f"{1_750_000_000_000 + 1000 * t:.0f} {rr:.0f}",
    ),
    "h:m:s": ("", lambda t, rr: f"{_stamp(t, DAY)}\t{rr:.0f}"),
    "1/256 s": (
        "time [s/256],RR_interval [s/256]",
        lambda t, rr: f"{256 * t:.0f},{0.256 * rr:.0f}",
    ),
}


def dropped(form: str, loss: str, seed: int) -> Dropped:
    """Write a heart with a loss in it in one format, and read it."""
    rr_ms = heart_ms(seed)
    t_s = np.cumsum(rr_ms) / 1000
    heading, row = FORMATS[form]
    kept = kept_of(loss, t_s)
    rows = [
        row(float(t), float(rr)) for t, rr in zip(t_s[kept], rr_ms[kept], strict=True)
    ]
    text = "\n".join([heading, *rows] if heading else rows)
    return Dropped(
        truth_ms=float(np.sqrt(np.mean(np.diff(rr_ms) ** 2))),
        parts=int(np.sum(np.diff(np.flatnonzero(kept)) > 1)),
        figures=measured(parse_recording(text.encode(), name=form)),
    )


def main() -> None:
    print(f"{'format':26} {'loss':12} {'median':>8} {'worst':>8}  gaps of parts")
    for form in FORMATS:
        for loss in LOSSES:
            found = [dropped(form, loss, seed) for seed in range(8)]
            off = np.abs([each.off for each in found])
            gaps = sum(each.gaps for each in found), sum(each.parts for each in found)
            print(
                f"{form:26} {loss:12} {np.median(off):8.2%} {off.max():8.2%}"
                f"  {gaps[0]} of {gaps[1]}"
            )


if __name__ == "__main__":
    main()
