"""One heart during a practice: beats, gaps, heart rate, levels, signal."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coreg.analysis.crosscorrelation import GRID_RATE_HZ, instantaneous_hr_bpm
from coreg.analysis.hrv import FLOORS, extent
from coreg.analysis.timedomain import mean_hr_bpm, rmssd_ms, with_gaps
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import (
    BadPacket,
    Beat,
    BeatLabel,
    BreathSwing,
    Gap,
    IrregularRhythm,
    OverCounted,
    Partner,
    RepeatedPacket,
    SamplesUntimed,
    Stream,
)
from coreg.findings.timeline import BlockSpan, Break, Facts, Span
from coreg.sensors.timing.silence import SILENT_S

LEAST_FOR_HR_S: Final = 10.0
SLOW_S: Final = 30.0
SLOW_BREATHS: Final = 9
CALM_S: Final = 120.0
RMSSD_FLOOR: Final = FLOORS["rmssd_ms"]
# Where beats cannot all be true, or their rhythm says nothing.
_LEFT_OUT: Final = (OverCounted, IrregularRhythm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One heart during one phase, pauses left out; NaN below the floors."""

    mean_hr_bpm: float
    rmssd_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """How well one strap was heard during the practice.

    A silence that lasts to the end is no gap, for nothing came after it: it began at
    `silent_from_s`, which is NaN where the heart was heard to the end. Nor is it the
    strap's where nothing was recorded at all. `heard_share` is for what share of what
    was recorded the heart rate is known. For
    `over_counted_s` more time was in its beats than passed, for `irregular_s` the
    rhythm was irregular: no figure is taken of either. `untimed` are its streams of
    samples that nothing was told from, for nobody knows when they were taken.
    """

    beats: int
    clean_beats: int
    gaps: int
    gap_s: float
    silent_from_s: float
    heard_share: float
    over_counted_s: float
    irregular_s: float
    bad_packets: int
    repeated_packets: int
    untimed: tuple[Stream, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Swings:
    """RSA of one heart, a row a paced breath; NaN where a breath was not measured."""

    start_s: Floats
    period_s: Floats
    rsa_bpm: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeartFigures:
    """One partner: beats, the stretches without, and the heart rate on the grid.

    `beat_t_s`, `rr_ms`, `nn_ms`, `labels` and `after_gap` have one entry a beat; a
    beat that cleaning calls normal has no `nn_ms` where beats cannot all be true or
    their rhythm says nothing. `gaps_s` is (n, 2), and of these `lost_s` are where beats
    were lost, `untrue_s` where they say nothing, and `over_counted_s` where that is
    because they cannot all be true. `hr_bpm` is one value a grid point and NaN wherever
    it is not known. `levels` follows the session's phases. `by_hand` are the places of
    beats that somebody decided.
    """

    partner: Partner
    beat_t_s: Floats
    rr_ms: Floats
    nn_ms: Floats
    labels: tuple[BeatLabel, ...]
    after_gap: Flags
    gaps_s: Floats
    lost_s: Floats
    untrue_s: Floats
    over_counted_s: Floats
    hr_bpm: Floats
    swings: Swings
    levels: tuple[Level, ...]
    signal: Signal
    by_hand: frozenset[int] = frozenset()


def heart_of(
    partner: Partner,
    facts: Facts,
    session: Span,
    grid_s: Floats,
    phases: tuple[BlockSpan, ...],
    pauses: tuple[Span, ...],
    breaks: tuple[Break, ...],
) -> HeartFigures:
    """Gather what the facts say of one partner, cut to the practice."""
    own = tuple(f for f in facts if getattr(f, "partner", None) is partner)
    beats = tuple(f for f in own if isinstance(f, Beat))
    beat_t_s = np.array([beat.t_s for beat in beats], dtype=np.float64)
    rr_ms = np.array([beat.rr_ms for beat in beats], dtype=np.float64)
    nn_ms = np.array([beat.nn_ms for beat in beats], dtype=np.float64)
    after_gap = np.array([beat.label is BeatLabel.GAP for beat in beats], dtype=bool)
    gaps_s = _spans_s(own, Gap, session)
    left_out_s = [_spans_s(own, kind, session) for kind in _LEFT_OUT]
    untrue_s = merged(np.concatenate(left_out_s).tolist(), session)
    nn_ms = np.where(within(beat_t_s, untrue_s), np.nan, nn_ms)
    blank_s = merged([*gaps_s.tolist(), *untrue_s.tolist()], session)
    in_order = forward(beat_t_s)
    hr_bpm = instantaneous_hr_bpm(beat_t_s[in_order], nn_ms[in_order], blank_s, grid_s)
    return HeartFigures(
        partner=partner,
        beat_t_s=beat_t_s,
        rr_ms=rr_ms,
        nn_ms=nn_ms,
        labels=tuple(beat.label for beat in beats),
        after_gap=after_gap,
        gaps_s=blank_s,
        lost_s=gaps_s,
        untrue_s=untrue_s,
        over_counted_s=left_out_s[0],
        hr_bpm=hr_bpm,
        swings=_swings(own, untrue_s, session),
        levels=tuple(
            level_of(beat_t_s, nn_ms, after_gap, during(beat_t_s, phase, pauses))
            for phase in phases
        ),
        signal=_signal(
            own,
            beat_t_s,
            nn_ms,
            _without_breaks(gaps_s, breaks),
            session,
            heard_share(hr_bpm, grid_s, breaks),
        ),
    )


def forward(t_s: Floats) -> Flags:
    """Say which beats are later than all before: a strap's clock may be set back."""
    if not t_s.size:
        return np.zeros(0, dtype=bool)
    latest_s = np.maximum.accumulate(t_s)
    forward: Flags = np.concatenate(([True], t_s[1:] > latest_s[:-1]))
    return forward


def _spans_s(
    own: Facts, kind: type[Gap | OverCounted | IrregularRhythm], session: Span
) -> Floats:
    """Return where facts of one kind lasted, as merged spans of the practice."""
    return merged([[f.start_s, f.end_s] for f in own if isinstance(f, kind)], session)


def within(t_s: Floats, spans_s: Floats) -> Flags:
    """Say which times lie in one of these spans, their edges too."""
    inside = np.zeros(t_s.size, dtype=np.bool_)
    for start_s, end_s in spans_s:
        inside |= (t_s >= start_s) & (t_s <= end_s)
    return inside


def merged(spans: list[list[float]], session: Span) -> Floats:
    """Return spans cut to the practice, those that touch as one, shape (n, 2)."""
    found: list[list[float]] = []
    for start, end in sorted(spans):
        start_s, end_s = max(start, session.start_s), min(end, session.end_s)
        if end_s <= start_s:
            continue
        if found and start_s <= found[-1][1]:
            found[-1][1] = max(found[-1][1], end_s)
        else:
            found.append([start_s, end_s])
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _without_breaks(gaps_s: Floats, breaks: tuple[Break, ...]) -> Floats:
    """Return what of the gaps is the strap's: breaks are nobody's.

    Between the last beat and a break, and after it, is no gap but a beat's own length.
    """
    kept: list[list[float]] = []
    for start_s, end_s in gaps_s.tolist():
        within = [b for b in breaks if start_s < b.end_s and b.start_s < end_s]
        if not within:
            kept.append([start_s, end_s])
            continue
        edges_s = [start_s, *(t for b in within for t in (b.start_s, b.end_s)), end_s]
        pieces = zip(edges_s[::2], edges_s[1::2], strict=True)
        kept += [[a, b] for a, b in pieces if b - a >= SILENT_S]
    return np.array(kept, dtype=np.float64).reshape(-1, 2)


def heard_share(hr_bpm: Floats, grid_s: Floats, breaks: tuple[Break, ...]) -> float:
    """Return for what share of what was recorded a heart's rate is known."""
    recorded = np.ones(grid_s.size, dtype=np.bool_)
    for each in breaks:
        recorded &= (grid_s < each.start_s) | (grid_s > each.end_s)
    return float(np.isfinite(hr_bpm[recorded]).mean()) if recorded.any() else 0.0


def _signal(
    own: Facts,
    beat_t_s: Floats,
    nn_ms: Floats,
    gaps_s: Floats,
    session: Span,
    heard: float,
) -> Signal:
    practised = (beat_t_s >= session.start_s) & (beat_t_s <= session.end_s)
    last_s = beat_t_s[practised].max(initial=-math.inf)
    at_end = gaps_s[:, 0] >= last_s
    return Signal(
        beats=int(practised.sum()),
        clean_beats=int(np.isfinite(nn_ms[practised]).sum()),
        gaps=int((~at_end).sum()),
        gap_s=float(np.diff(gaps_s[~at_end], axis=1).sum()),
        silent_from_s=next(iter(gaps_s[at_end, 0].tolist()), math.nan),
        heard_share=heard,
        over_counted_s=_lasted_s(own, OverCounted, session),
        irregular_s=_lasted_s(own, IrregularRhythm, session),
        bad_packets=_packets(own, BadPacket, session),
        repeated_packets=_packets(own, RepeatedPacket, session),
        untimed=_untimed(own, session),
    )


def _untimed(own: Facts, session: Span) -> tuple[Stream, ...]:
    """Return which streams could not be timed during the practice, in their order."""
    said = {
        f.stream
        for f in own
        if isinstance(f, SamplesUntimed) and f.t_s <= session.end_s
    }
    return tuple(each for each in Stream if each in said)


def _lasted_s(
    own: Facts, kind: type[OverCounted | IrregularRhythm], session: Span
) -> float:
    return float(np.diff(_spans_s(own, kind, session), axis=1).sum())


def _packets(own: Facts, kind: type[BadPacket | RepeatedPacket], session: Span) -> int:
    """Return how many packets of a kind came during the practice."""
    came_s = [f.t_s for f in own if isinstance(f, kind)]
    return sum(session.start_s <= t_s <= session.end_s for t_s in came_s)


def _swings(own: Facts, untrue_s: Floats, session: Span) -> Swings:
    kept = [
        f
        for f in own
        if isinstance(f, BreathSwing)
        and session.start_s <= f.breath_start_s <= session.end_s
    ]
    start_s = np.array([f.breath_start_s for f in kept], dtype=np.float64)
    period_s = np.array([f.breath_period_s for f in kept], dtype=np.float64)
    rsa_bpm = np.array([f.rsa_bpm for f in kept], dtype=np.float64)
    untrue = within(start_s, untrue_s) | within(start_s + period_s, untrue_s)
    return Swings(
        start_s=start_s,
        period_s=period_s,
        rsa_bpm=np.where(untrue, np.nan, rsa_bpm),
    )


def during(t_s: Floats, phase: BlockSpan, pauses: tuple[Span, ...]) -> Flags:
    """Say which beats belong to a phase and to none of the pauses."""
    during: Flags = (t_s >= phase.start_s) & (t_s < phase.end_s)
    for pause in pauses:
        during &= (t_s < pause.start_s) | (t_s >= pause.end_s)
    return during


def level_of(
    beat_t_s: Floats,
    nn_ms: Floats,
    after_gap: Flags,
    during: Flags,
) -> Level:
    """Return mean heart rate, and RMSSD over truly adjacent intervals."""
    practised_ms = np.where(during, nn_ms, np.nan)
    t_s, clean_ms = with_gaps(beat_t_s, practised_ms, after_gap)
    have = extent(t_s, clean_ms)
    hr_bpm = rmssd = math.nan
    if have.clean_s >= LEAST_FOR_HR_S:
        hr_bpm = mean_hr_bpm(clean_ms)
    if have.clean_s >= RMSSD_FLOOR.clean_s and (
        have.differences >= RMSSD_FLOOR.differences
    ):
        rmssd = rmssd_ms(clean_ms)
    return Level(mean_hr_bpm=hr_bpm, rmssd_ms=rmssd)


def slow_hr_bpm(hr_bpm: Floats) -> Floats:
    """Return the running median over `SLOW_S`, each point in the middle of its own.

    Parameters
    ----------
    hr_bpm : ndarray, shape (n,) with n > 0, beats per minute
        Heart rate on the grid of `GRID_RATE_HZ`; NaN where it is not known.

    Returns
    -------
    ndarray, shape (n,), beats per minute
        NaN where the rate itself is not known, so that no gap is bridged, and where
        less than half of the window is known.

    Examples
    --------
    >>> slow_hr_bpm(np.concatenate((np.full(200, 60.0), [np.nan, 90.0])))[-3:]
    array([60., nan, 60.])
    """
    half = round(SLOW_S * GRID_RATE_HZ / 2)
    around = np.pad(hr_bpm, half, constant_values=np.nan)
    windows = np.sort(sliding_window_view(around, 2 * half + 1), axis=1)  # NaN last
    known = np.isfinite(windows).sum(axis=1)
    rows = np.arange(hr_bpm.size)
    middles = windows[rows, (known - 1) // 2] + windows[rows, known // 2]
    slow_bpm: Floats = np.where(known >= half, middles / 2, np.nan)
    slow_bpm[np.isnan(hr_bpm)] = np.nan
    return slow_bpm


def slow_range_bpm(hr_bpm: Floats) -> tuple[float, float]:
    """Return the lowest and the highest of the running median; NaN where none is known.

    Examples
    --------
    >>> slow_range_bpm(np.repeat([60.0, 64.0], 200))
    (60.0, 64.0)
    """
    slow_bpm = slow_hr_bpm(hr_bpm)
    known = slow_bpm[np.isfinite(slow_bpm)]
    if not known.size:
        return math.nan, math.nan
    return float(known.min()), float(known.max())


def slow_swing_bpm(swings: Swings) -> Floats:
    """Return the mean of `SLOW_BREATHS` breaths around each, its own in the middle.

    No mean reaches across a pause: breaths that did not follow one another are apart.

    Parameters
    ----------
    swings : Swings
        One heart's, a row a paced breath.

    Returns
    -------
    ndarray, shape (n,), beats per minute
        NaN where the breath itself was not measured, and where less than half of those
        around it were.

    Examples
    --------
    >>> swings = Swings(
    ...     start_s=10.0 * np.arange(9),
    ...     period_s=np.full(9, 10.0),
    ...     rsa_bpm=np.array([8.0, 4.0, 8.0, 4.0, 8.0, 4.0, 8.0, 4.0, 6.0]),
    ... )
    >>> float(slow_swing_bpm(swings)[4])
    6.0
    """
    slow_bpm = np.full(swings.rsa_bpm.size, math.nan)
    half = SLOW_BREATHS // 2
    for run in apart(swings):
        around = np.pad(swings.rsa_bpm[run], half, constant_values=np.nan)
        windows = sliding_window_view(around, SLOW_BREATHS)
        known = np.isfinite(windows)
        count = known.sum(axis=1)
        sums = np.where(known, windows, 0.0).sum(axis=1)
        is_told = (count > half) & np.isfinite(swings.rsa_bpm[run])
        slow_bpm[run] = np.where(is_told, sums / np.maximum(count, 1), math.nan)
    return slow_bpm


def apart(swings: Swings) -> list[slice]:
    """Return the runs of breaths that followed one another without a pause."""
    ends_s = swings.start_s[:-1] + swings.period_s[:-1]
    breaks = (np.flatnonzero(swings.start_s[1:] > ends_s + 1.0) + 1).tolist()
    edges = [0, *breaks, swings.start_s.size]
    return [slice(*each) for each in pairwise(edges) if each[0] < each[1]]


def calm_hr_bpm(hr_bpm: Floats) -> Floats:
    """Return a mean over the two minutes around each point, its middle weighing most.

    Parameters
    ----------
    hr_bpm : ndarray, shape (n,), beats per minute
        Heart rate on the grid of `GRID_RATE_HZ`; NaN where it is not known.

    Returns
    -------
    ndarray, shape (n,), beats per minute
        NaN where the rate itself is not known, and where less than half of the weight
        is. No breath and no single moment is left in it.

    Notes
    -----
    Hann's window, whose weight lies within a minute: a plain mean of a minute lets
    waves of 20-40 s through, turned over, which would show a turn where none was.

    Examples
    --------
    >>> calm_hr_bpm(np.repeat([60.0, 90.0], 480))[[0, 479, 959]].round(1).tolist()
    [60.0, 74.9, 90.0]
    """
    half = round(CALM_S * GRID_RATE_HZ / 2)
    weight = np.hanning(2 * half + 1)
    known = np.isfinite(hr_bpm)
    total, seen = (
        np.convolve(x, weight)[half : half + hr_bpm.size]
        for x in (np.where(known, hr_bpm, 0.0), known.astype(np.float64))
    )
    enough = known & (seen >= weight.sum() / 2 - 1e-9)
    calm_bpm: Floats = np.where(enough, total / np.maximum(seen, 1e-9), np.nan)
    return calm_bpm


def around_own_mean(hr_bpm: Floats) -> Floats:
    """Return a rate less its own mean, NaN where it is not known.

    Examples
    --------
    >>> around_own_mean(np.array([60.0, np.nan, 64.0]))
    array([-2., nan,  2.])
    """
    known = hr_bpm[np.isfinite(hr_bpm)]
    around: Floats = hr_bpm - known.mean() if known.size else hr_bpm.copy()
    return around


def median_hr_bpm(heart: HeartFigures, grid_s: Floats, edges_s: Floats) -> Floats:
    """Return the median rate between successive edges; NaN where half is not known."""
    rates = np.full(edges_s.size - 1, np.nan)
    for row, (start_s, end_s) in enumerate(pairwise(edges_s)):
        part = heart.hr_bpm[(grid_s >= start_s) & (grid_s < end_s)]
        if part.size and np.isfinite(part).mean() >= 0.5:
            rates[row] = np.nanmedian(part)
    return rates
