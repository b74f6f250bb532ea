"""A measure of one's own, held to the same chance as coreg's.

    python examples/custom_measure.py

The measure: the share of seconds in which both hearts quicken or both slow down. It
looks convincing and is nothing by itself: half would be chance, and a shared breath or
start raises it in strangers. So it goes the way of the data: what the session does to
anybody is taken out of both, then B's rhythm is drawn anew many times, taken through
the same regression, and measured again. The couple is simulated; its hearts share
nothing.

It goes through private rooms of coreg, which may change from one version to the next.
"""

import numpy as np
from numpy.typing import NDArray

import coreg
from coreg.analysis.session_regressors import (
    NO_PACER,
    phase_filter,
    regressors,
    residual,
    slow_part,
)
from coreg.analysis.surrogates import p_value, phase_randomised
from coreg.analysis.synchrony_channels import ComparedHeart, channels

MINUTES = 8
SURROGATES = 999
SEED = 11

Floats = NDArray[np.float64]


def quicken_together(a: Floats, b: Floats) -> float:
    """Return the share of seconds in which both series change the same way."""
    return float(np.mean(np.sign(np.diff(a)) == np.sign(np.diff(b))))


def main() -> None:
    couple = coreg.simulate_couple(MINUTES, seed=3)
    a, b = (
        channels(of_beats(heart.true_beat_s), start_s=10.0, seconds=450)
        for heart in (couple.a, couple.b)
    )
    t_s = 10.5 + np.arange(450.0)
    nuisance = regressors(NO_PACER, t_s, onset_s=0.0)
    pass_a, pass_b = phase_filter(nuisance, a.known), phase_filter(nuisance, b.known)
    left_b = residual(pass_b, b.ln_ibi)
    drawn = phase_randomised(
        left_b[np.newaxis], SURROGATES, np.random.default_rng(SEED)
    )[0]
    slow_a = slow_part(pass_a, residual(pass_a, a.ln_ibi))
    seen = quicken_together(slow_a, slow_part(pass_b, left_b))
    null = np.array(
        [quicken_together(slow_a, slow_part(pass_b, each)) for each in drawn]
    )
    low, high = np.quantile(null, (0.025, 0.975))
    print(f"both quicken or both slow down: {seen:.2f} of the seconds")
    print(f"chance: {low:.2f} to {high:.2f} ({SURROGATES} surrogates, seed {SEED})")
    print(f"p {p_value(seen, null):.3f}")


def of_beats(beat_t_s: Floats) -> ComparedHeart:
    return ComparedHeart(
        beat_t_s=beat_t_s[1:], nn_ms=1000 * np.diff(beat_t_s), gaps_s=np.empty((0, 2))
    )


if __name__ == "__main__":
    main()
