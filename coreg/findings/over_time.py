"""How two hearts went together over a session, as arrays that a chart can draw."""

from collections.abc import Sequence

import numpy as np

from coreg.analysis.crosscorrelation import (
    GRID_RATE_HZ,
    LagSurface,
    masked_beyond_half_breath,
    windowed_cross_correlation,
)
from coreg.analysis.stretches import stretch_means
from coreg.analysis.wavelet import (
    WaveletCoherence,
    frequencies_hz,
    wavelet_coherence,
)
from coreg.facts.events import Source
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import Span, breath_s_at
from coreg.findings.turns import quiet_hr_bpm

LOWEST_HZ, HIGHEST_HZ = 0.01, 0.35
_SURROGATES = 24
_LEAST_KNOWN_S = 120
_PER_S = 4


def lag_surface(
    summary: SessionSummary, unquiet: Sequence[Span] = ()
) -> LagSurface | None:
    """Compare both hearts window by window; None where that cannot be done.

    Its times are those of the session. Blank is where it was not quiet, and lags that a
    paced breath only repeats; hearts from recordings did not breathe with the pace, so
    theirs are kept.
    """
    if not summary.opened.straps.common_clock:
        return None
    surface = windowed_cross_correlation(
        *(quiet_hr_bpm(summary, heart, unquiet) for heart in (summary.a, summary.b)),
        rate_hz=GRID_RATE_HZ,
    )
    if not np.isfinite(surface.r).any():
        return None
    if summary.opened.couple.source is Source.RECORDINGS:
        return surface
    breath_s = breath_s_at(summary.pace, summary.start_s + surface.t_s)
    return masked_beyond_half_breath(surface, breath_s)


def coherence_of(
    summary: SessionSummary, seed: int, unquiet: Sequence[Span] = ()
) -> WaveletCoherence | None:
    """Return the coherence of both heart rates; None where too little is known."""
    if not summary.opened.straps.common_clock:
        return None
    a, b = (
        stretch_means(np.log(quiet_hr_bpm(summary, heart, unquiet)), _PER_S)
        for heart in (summary.a, summary.b)
    )
    if np.count_nonzero(np.isfinite(a) & np.isfinite(b)) < _LEAST_KNOWN_S:
        return None
    return wavelet_coherence(
        a,
        b,
        rate_hz=1.0,
        hz=frequencies_hz(LOWEST_HZ, HIGHEST_HZ),
        surrogates=_SURROGATES,
        rng=np.random.default_rng(seed),
    )
