"""Twelve simulated couples: sessions whose coupling was planted beat by beat.

Slow waves of known coupling, lag and sign, a breath with the pacer, and what a session
does to anybody, as in `two_hearts`; the cues around them as in `report_sessions`.
Nothing of coreg's analysis is used to make them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coreg.facts.events import Beat, BeatLabel, Breath, Gap, Opened, Partner, Source
from tests.helpers.openings import changed
from tests.helpers.report_sessions import Fact, opened, session

Floats = NDArray[np.float64]

BLOCKS = (
    ("arrive", "arrive", 120.0),
    ("breathe together", "breathe", 420.0),
    ("just be", "rest", 420.0),
)
SHORT_BLOCKS = (("arrive", "arrive", 40.0), ("just be", "rest", 60.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """What was put into a couple, and nothing else is in it."""

    seed: int
    coupling: float
    lag_s: float = 0.0
    sign: float = 1.0
    upset_of_a: bool = False
    noise_of_b: bool = False
    lost: tuple[tuple[Partner, float, float], ...] = ()
    blocks: tuple[tuple[str, str, float], ...] = BLOCKS


def couple(planted: Planted) -> list[Fact]:
    """Return a session's features and cues."""
    cues = session(bodies=(None, None), blocks=planted.blocks, lost=())
    cues = [f for f in cues if not isinstance(f, Gap)]
    end_s = sum(length_s for *_, length_s in planted.blocks)
    breaths = [fact for fact in cues if isinstance(fact, Breath)]
    rng = np.random.default_rng(planted.seed)
    grid_s = np.arange(-10.0, end_s + 10.0, 0.25)
    of_a, own = _slow_wave(rng, grid_s.size), _slow_wave(rng, grid_s.size)
    of_b = np.interp(grid_s - planted.lag_s, grid_s, of_a)
    of_b = planted.coupling * of_b + np.sqrt(1 - planted.coupling**2) * own
    response = _session_response(grid_s, breaths)
    facts: list[Fact] = list(cues)
    for partner, wave, free_hz in (
        (Partner.A, of_a, 0.23),
        (Partner.B, planted.sign * of_b, 0.27),
    ):
        free = 0.02 * np.sin(2 * np.pi * free_hz * grid_s)
        ln_ibi = 0.03 * wave + free + response + 0.004 * rng.normal(size=grid_s.size)
        if planted.upset_of_a and partner is Partner.A:
            since_s = grid_s - 700.0
            ln_ibi -= np.where(since_s > 0, 0.3 * np.exp(-since_s / 40), 0.0)
        holes = [(start, end) for who, start, end in planted.lost if who is partner]
        noisy = planted.noise_of_b and partner is Partner.B
        facts += _beats(partner, grid_s, ln_ibi, (end_s, noisy), holes)
    return facts


def opened_by(number: int, *, lag_resolution_s: float = 2.2) -> Opened:
    """Return the beginning of one of a couple's evenings, with straps."""
    return changed(
        opened(Source.STRAPS),
        session_id=f"202611{number:02d}-201400-7f3a",
        opened_utc=f"2026-11-{number:02d}T20:14:00+00:00",
        lag_resolution_s=lag_resolution_s,
    )


def _slow_wave(rng: np.random.Generator, size: int) -> Floats:
    """Draw noise of 0.01-0.06 Hz, unit variance, four values a second."""
    hz = np.fft.rfftfreq(size, 0.25)
    drawn = rng.normal(size=hz.size) + 1j * rng.normal(size=hz.size)
    wave = np.fft.irfft(drawn * ((hz > 0.01) & (hz < 0.06)), size)
    return np.asarray(wave / wave.std())


def _session_response(grid_s: Floats, breaths: list[Breath]) -> Floats:
    """Return what the session does to both, in ln(IBI): settling and the breath."""
    wave = np.asarray(-0.05 * np.exp(-(grid_s + 10) / 100))
    for breath in breaths:
        during = (grid_s >= breath.t_s) & (grid_s < breath.t_s + breath.period_s)
        phase = (grid_s[during] - breath.t_s) / breath.period_s
        wave[during] -= 0.05 * np.sin(2 * np.pi * phase)
    return wave


def _beats(
    partner: Partner,
    grid_s: Floats,
    ln_ibi: Floats,
    until: tuple[float, bool],
    holes: list[tuple[float, float]],
) -> list[Fact]:
    end_s, noisy = until
    facts: list[Fact] = [
        Gap(start_s=start, end_s=min(end, end_s), partner=partner)
        for start, end in holes
    ]
    t_s, after_hole = -5.0, False
    while t_s < end_s:
        rr_s = 0.9 * float(np.exp(np.interp(t_s, grid_s, ln_ibi)))
        t_s += rr_s
        if t_s > end_s or t_s < 0:
            continue
        if any(start < t_s and t_s - rr_s < end for start, end in holes):
            after_hole = True
            continue
        label = BeatLabel.GAP if after_hole else BeatLabel.NORMAL
        after_hole = False
        facts.append(
            Beat(
                t_s=t_s,
                partner=partner,
                rr_ms=1000 * rr_s,
                nn_ms=float("nan") if noisy else 1000 * rr_s,
                label=BeatLabel.EXTRA if noisy else label,
            )
        )
    return facts
