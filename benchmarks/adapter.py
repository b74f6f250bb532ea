"""What the acceptance benchmarks call: coreg itself, in the units of the contract."""

import json
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import coreg
from benchmarks.as_live import LivePacer, labelled
from coreg.analysis import rsa, spectrum
from coreg.analysis.hrv import FLOORS
from coreg.analysis.tachogram import elapsed_s
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.exercises.states.flooding import flooded_spans
from coreg.facts.events import Partner
from coreg.sensors.timing import beats


def hrv(rr_ms: ArrayLike) -> dict[str, float]:
    figures = coreg.hrv(rr_ms)
    return {name: getattr(figures, name) for name in FLOORS}


def rsa_ms(rr_ms: ArrayLike, period_s: float) -> float:
    nn_ms = np.asarray(rr_ms, dtype=np.float64)
    beat_t_s = elapsed_s(nn_ms)
    starts_s = np.arange(beat_t_s[0] + period_s / 8, beat_t_s[-1], period_s)
    periods_s = np.full(starts_s.size, period_s)
    return rsa.mean_rsa(beat_t_s, nn_ms, starts_s, periods_s).rsa_ms


def peak_power_ratio(rr_ms: ArrayLike) -> float:
    nn_ms = np.asarray(rr_ms, dtype=np.float64)
    return spectrum.peak_power_ratio(elapsed_s(nn_ms), nn_ms)


def clean(
    rr_ms: ArrayLike, beat_t_s: ArrayLike | None = None
) -> tuple[list[str], NDArray[np.float64]]:
    cleaned = coreg.clean(rr_ms, beat_t_s)
    return list(cleaned.labels), cleaned.corrected_ms


def beat_times(notifications: list[tuple[float, list[float]]]) -> NDArray[np.float64]:
    packets = [
        (arrival_s, tuple(1000 * rr for rr in rr_s))
        for arrival_s, rr_s in notifications
    ]
    return beats.beat_times(packets).t_s


class _PacerOfTheContract:
    """The shared pacer, told apart by letters, with arrival times nobody needs."""

    def __init__(self, pacer: SharedPacer) -> None:
        self._pacer = LivePacer(pacer)

    def observe(
        self, partner: str, arrival_s: float, beat_t_s: float, rr_ms: float
    ) -> None:
        del arrival_s
        self._pacer.observe(Partner(partner), beat_t_s, rr_ms)

    def rate_per_min(self, t_s: float) -> float:
        return self._pacer.rate_per_min(t_s)

    def belief(self) -> dict[str, Any]:
        return dict(json.loads(json.dumps(self._pacer.of.belief())))


def shared_pacer(
    *, seed: int, belief: dict[str, Any] | None = None
) -> _PacerOfTheContract:
    del seed  # there is no chance in it
    return _PacerOfTheContract(SharedPacer.finding(belief=belief))


def flooding(
    beat_t_s: ArrayLike,
    rr_ms: ArrayLike,
    breath_starts_s: ArrayLike,
    *,
    rest_bpm: float,
) -> list[tuple[float, float]]:
    starts_s = np.asarray(breath_starts_s, dtype=np.float64)
    periods_s = np.diff(starts_s)
    breaths = zip(starts_s[:-1].tolist(), periods_s.tolist(), strict=True)
    t_s = np.asarray(beat_t_s, dtype=np.float64)
    nn_ms = labelled(t_s, np.asarray(rr_ms, dtype=np.float64))
    spans = flooded_spans(t_s, nn_ms, breaths, rest_bpm=rest_bpm)
    return [(span.on_s, span.off_s) for span in spans]


def synchrony(
    beats_a_s: ArrayLike,
    beats_b_s: ArrayLike,
    *,
    phases: dict[str, tuple[float, float]],
    pacer: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    n_surrogates: int,
    seed: int,
) -> dict[str, object]:
    t_s, rate_hz, phase_rad, is_on = (np.asarray(column) for column in pacer)
    told = coreg.synchrony(
        np.unique(np.asarray(beats_a_s)),
        np.unique(np.asarray(beats_b_s)),
        phases=phases,
        pacer=coreg.Pacer(t_s=t_s, rate_hz=rate_hz, phase_rad=phase_rad, is_on=is_on),
        surrogates=n_surrogates,
        seed=seed,
    )
    return {
        "p_hr": told.p_hr,
        "p_rsa": told.p_rsa,
        "p_any": told.p_any,
        "lag_s": told.lag_s,
        "sign": told.sign,
        "p_direction": told.p_direction,
        "per_phase": {
            each.name: {"p_hr": each.hr.p, "p_rsa": each.rsa.p}
            for each in told.per_phase
        },
    }
