"""How late straps deliver their beats, and how finely two may therefore be compared.

A strap's constant delay cannot be seen in what it sends, and models differ by more
than two seconds. So a lag between two hearts is only as good as what is known of the
two straps: most of the difference cancels for one model on both, all of it is measured
by a calibration (both straps on one person, `coreg calibrate`), and otherwise it comes
from the table below.
"""

import math
from dataclasses import dataclass

SAME_MODEL_S = 0.5
"""Two straps of one model, never calibrated: what their delays may differ by.

Half of one H10's deliveries lie within 0.6 s of one another (interquartile range, doi
10.1088/1361-6579/adece4), so what two share is not known to a tenth of a second.
"""

CALIBRATED_S = 0.1
"""Two straps measured on one person: beat times still differ by tens of ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long after a heartbeat its RR interval arrives.

    `uncertainty_s` is half of what the figure may be off by: within one model, delays
    differ with firmware, radio and host.
    """

    latency_s: float
    uncertainty_s: float
    source: str


_MEASURED = "median RR delivery, doi 10.1088/1361-6579/adece4"

MODELS: dict[str, Latency] = {
    "movesense": Latency(latency_s=0.4, uncertainty_s=0.5, source=_MEASURED),
    "hrm-dual": Latency(latency_s=0.7, uncertainty_s=0.5, source=_MEASURED),
    "trackr": Latency(latency_s=2.1, uncertainty_s=0.5, source=_MEASURED),
    "h10": Latency(latency_s=2.6, uncertainty_s=0.5, source=_MEASURED),
}
"""By what a strap's name or model contains, in lower case."""

UNKNOWN = Latency(
    latency_s=1.5, uncertainty_s=1.1, source="any strap of the table: 0.4 to 2.6 s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What two straps on one person showed: A's delay less B's."""

    difference_s: float
    uncertainty_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDelays:
    """What to take off A's and B's arrivals, and the finest lag then worth naming."""

    latency_s: tuple[float, ...]
    lag_resolution_s: float


def latency_of(model: str) -> Latency:
    """Return what is known of a model, by its name on the air or in its own words.

    Examples
    --------
    >>> latency_of("Polar H10 12345678").latency_s
    2.6
    """
    words = model.lower().replace("hrm dual", "hrm-dual")
    return next((known for name, known in MODELS.items() if name in words), UNKNOWN)


def pair_delays(model_a: str, model_b: str) -> PairDelays:
    """Return the delays of two straps that were never calibrated.

    Examples
    --------
    >>> pair_delays("Polar H10", "Polar H10").lag_resolution_s
    0.5
    >>> pair_delays("Polar H10", "Movesense").lag_resolution_s
    1.0
    """
    a, b = latency_of(model_a), latency_of(model_b)
    same = bool(model_a) and model_a.lower() == model_b.lower()
    return PairDelays(
        latency_s=(a.latency_s, b.latency_s),
        lag_resolution_s=SAME_MODEL_S if same else a.uncertainty_s + b.uncertainty_s,
    )


def calibrated_delays(
    model_a: str, model_b: str, calibration: Calibration
) -> PairDelays:
    """Return the delays of two straps whose difference was measured.

    The table gives their mean, the calibration their difference.

    Examples
    --------
    >>> measured = Calibration(difference_s=0.5, uncertainty_s=0.05)
    >>> calibrated_delays("Polar H10", "Polar H10", measured).latency_s
    (2.85, 2.35)
    """
    a, b = latency_of(model_a), latency_of(model_b)
    mean_s = (a.latency_s + b.latency_s) / 2
    half_s = calibration.difference_s / 2
    return PairDelays(
        latency_s=(mean_s + half_s, mean_s - half_s),
        lag_resolution_s=max(CALIBRATED_S, calibration.uncertainty_s),
    )


NO_DELAYS = PairDelays(latency_s=(0.0, 0.0), lag_resolution_s=math.nan)
"""Two clocks: nothing may be claimed."""

UNKNOWN_STRAPS = PairDelays(
    latency_s=(0.0, 0.0), lag_resolution_s=2 * UNKNOWN.uncertainty_s
)
"""One clock, but nothing is known of the straps: arrivals are taken as they are."""
