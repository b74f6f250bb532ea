"""Pictures of two hearts compared: each shows where chance is, and where these two are.

Chance is grey and the pair is ink: neither has a partner's colour, and what is told
from chance is filled while what is not is hollow, so that no colour carries a meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coreg.analysis.lagged_correlation import LAGS_S
from coreg.analysis.synchrony import PhaseSynchrony, Synchrony
from coreg.findings.together import (
    BEYOND_CHANCE,
    Answer,
    Doing,
    Stretch,
    Together,
    answer,
)
from coreg.report.charts.frame import LABEL_PT, height_in, width_in
from coreg.report.charts.theme import (
    CHANCE,
    CHANCE_MIDDLE,
    HAIRLINE,
    INK,
    QUIET,
    SAND,
    bare,
    fitting,
    text_width_in,
    wrapped,
)
from coreg.report.words import together as words
from coreg.report.words.numbers import signed_s
from coreg.words import say

ROW_IN, GROUP_IN, LINE_IN = 0.34, 0.24, 0.14
_BAND_IN = 0.11
_FAR = 0.74
_LAG_TICKS_S = (-10, -5, 0, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One part of the practice beside chance, in correlation without its sign.

    Beyond `edge` it is told from chance, and only there: the edge allows for how many
    parts were looked at (Holm). NaN where there is no answer.
    """

    stretch: Stretch
    phase: PhaseSynchrony
    seen: float
    low: float
    quarter: float
    three_quarters: float
    edge: float


def strips(together: Together) -> list[Strip]:
    """Return the parts that were tested, breathing together before free time."""
    if together.found is None:
        return []
    phases = together.found.per_phase
    edges = _edges(phases)
    found = [
        _strip(stretch, phase, edge)
        for stretch, phase, edge in zip(together.stretches, phases, edges, strict=True)
    ]
    return sorted(found, key=lambda strip: strip.stretch.doing is Doing.FREE)


def _strip(stretch: Stretch, phase: PhaseSynchrony, edge: float) -> Strip:
    low, quarter, three_quarters = np.tanh(np.quantile(phase.hr.null, (0, 0.25, 0.75)))
    return Strip(
        stretch=stretch,
        phase=phase,
        seen=float(np.tanh(phase.hr.statistic)),
        low=float(low),
        quarter=float(quarter),
        three_quarters=float(three_quarters),
        edge=edge,
    )


def _edges(phases: Sequence[PhaseSynchrony]) -> list[float]:
    """Return for each part the largest likeness that is still not told from chance.

    Holm goes from the smallest p upwards, each time with one part less to allow for,
    and stops at the first that fails: the rest is held to the same allowance.
    """
    edges = [float("nan")] * len(phases)
    made = sorted(
        (at for at, phase in enumerate(phases) if phase.missing is None),
        key=lambda at: phases[at].hr.p,
    )
    looks, failed = len(made), False
    for at in made:
        null = np.sort(phases[at].hr.null)[::-1]
        reached = int(np.ceil(BEYOND_CHANCE / looks * (null.size + 1))) - 1
        edges[at] = float(np.tanh(null[max(min(reached, null.size) - 1, 0)]))
        failed = failed or phases[at].p_hr_holm >= BEYOND_CHANCE
        looks -= 0 if failed else 1
    return edges


def strips_in(found: Sequence[Strip], width_in: float) -> float:
    """Return how high the strips are at this width."""
    groups = len({strip.stretch.doing for strip in found})
    below_in = sum(
        LINE_IN * len(_answer(each, width_in))
        for each in found
        if not _is_beside(each, width_in)
    )
    return max(ROW_IN, ROW_IN * len(found) + below_in + GROUP_IN * groups)


def _is_beside(strip: Strip, width_in: float) -> bool:
    """Say whether a strip's name and its answer have room on one line."""
    texts = (words.stretch_name(strip.stretch), words.told(strip.phase))
    return sum(text_width_in(each, LABEL_PT) for each in texts) + 0.15 <= width_in


def _answer(strip: Strip, width_in: float) -> list[str]:
    return wrapped(words.told(strip.phase), width_in, LABEL_PT)


def draw_strips(axes: Axes, found: Sequence[Strip]) -> None:
    """Draw each part's grey range and its mark over the scale of correlation."""
    bare(axes)
    axes.set(xlabel=say("report.together.strip_axis"), yticks=[])
    high = max(
        (max(s.seen, s.edge) for s in found if s.phase.missing is None), default=1
    )
    axes.set_xlim(0, min(1.1 * high, 1.02))
    axes.set_ylim(strips_in(found, width_in(axes)), 0)
    y_in = 0.0
    for before, strip in zip([None, *found], found, strict=False):
        if before is None or before.stretch.doing is not strip.stretch.doing:
            y_in += GROUP_IN
            doing = (
                say("report.together.paced")
                if strip.stretch.doing is Doing.PACED
                else say("report.together.free")
            )
            _write(axes, 0.0, y_in - 0.06, doing, "left", QUIET)
            axes.axhline(y_in - 0.02, color=HAIRLINE, linewidth=0.8)
        _draw_strip(axes, strip, y_in)
        y_in += ROW_IN
        if not _is_beside(strip, width_in(axes)):
            for line in _answer(strip, width_in(axes)):
                y_in += LINE_IN
                _write(axes, 0.0, y_in - 0.03, line, "left", INK)
    axes.xaxis.set_major_locator(MaxNLocator(6))


def _draw_strip(axes: Axes, strip: Strip, top_in: float) -> None:
    # One part of a group bears the group's name already where a block has no other.
    text_in, band_in = top_in + 0.12, top_in + 0.24
    name = fitting(words.stretch_name(strip.stretch), width_in(axes), LABEL_PT)
    _write(axes, 0.0, text_in, name, "left", INK)
    if _is_beside(strip, width_in(axes)):
        _write(axes, 1.0, text_in, words.told(strip.phase), "right", INK)
    if strip.phase.missing is not None:
        axes.axhline(band_in, color=HAIRLINE, linewidth=0.8, linestyle=(0, (1, 3)))
        return
    for left, right, color in (
        (strip.low, strip.edge, CHANCE),
        (strip.quarter, strip.three_quarters, CHANCE_MIDDLE),
    ):
        axes.barh(band_in, right - left, _BAND_IN, left=left, color=color, linewidth=0)
    beyond = answer(strip.phase) in {Answer.ALIKE, Answer.OPPOSITE}
    axes.plot(
        [strip.seen],
        [band_in],
        marker="o",
        markersize=6.5,
        markeredgewidth=1.3,
        markeredgecolor=INK,
        color=INK if beyond else "none",
        linestyle="none",
        clip_on=False,
        gid=f"pair {words.stretch_name(strip.stretch)}",
    )


def _write(axes: Axes, x: float, y_in: float, text: str, side: str, color: str) -> None:
    axes.text(
        x,
        1 - y_in / float(axes.get_ylim()[0]),
        text,
        transform=axes.transAxes,
        ha=side,
        va="baseline",
        fontsize=LABEL_PT,
        color=color,
    )


def draw_null(axes: Axes, found: Synchrony) -> None:
    """Draw what chance gives over the whole practice, and where this pair lies."""
    bare(axes)
    null, seen = found.hr.null, found.hr.statistic
    edge = float(np.quantile(null, 0.95))
    right = 1.08 * max(float(null.max()), seen)
    axes.hist(null, bins=np.linspace(0, right, 45).tolist(), color=CHANCE_MIDDLE)
    top = 1.65 * float(axes.dataLim.y1)
    axes.set(
        xlim=(0, right),
        ylim=(0, top),
        yticks=[],
        xlabel=say("report.together.null_axis"),
    )
    axes.plot((edge, edge), (0, 0.85 * top), color=QUIET, lw=0.9, ls=(0, (2, 2)))
    axes.plot((seen, seen), (0, 0.72 * top), color=INK, lw=1.6, gid="this pair")
    # Each label has a height of its own. The pair's is away from the edge's line, but
    # where it would run off the paper.
    edge_side = "left" if edge < 0.35 * right else "right"
    for x, y, text, side, color in (
        (edge, 0.87 * top, say("report.together.null_edge"), edge_side, QUIET),
        (
            seen,
            0.74 * top,
            say("report.together.null_pair"),
            "right" if seen < edge or seen > _FAR * right else "left",
            INK,
        ),
    ):
        axes.text(x, y, text, ha=side, va="bottom", fontsize=LABEL_PT, color=color)


def draw_profile(axes: Axes, found: Synchrony, lag_resolution_s: float) -> None:
    """Draw the correlation shift by shift in the band of chance."""
    bare(axes)
    low, high = found.hr.chance_r
    if np.isfinite(lag_resolution_s):
        axes.axvspan(
            -lag_resolution_s, lag_resolution_s, color=SAND, linewidth=0, zorder=0
        )
    axes.fill_between(LAGS_S, low, high, color=CHANCE, linewidth=0)
    axes.axhline(0, color=HAIRLINE, linewidth=0.8)
    axes.axvline(0, color=HAIRLINE, linewidth=0.8)
    axes.plot(LAGS_S, found.hr.profile_r, color=INK, linewidth=1.5, gid="profile")
    reach = min(1.15 * float(np.abs((low, high, found.hr.profile_r)).max()), 1.0)
    axes.set(xlim=(-10, 10), ylim=(-1.05 * reach, 1.2 * reach))
    axes.set_xticks(_LAG_TICKS_S, [signed_s(lag) for lag in _LAG_TICKS_S])
    ticks = MaxNLocator(4).tick_values(-reach, reach)
    axes.set_yticks([tick for tick in ticks if abs(tick) < 0.95 * reach])
    axes.set(
        xlabel=say("report.session.lag_axis"),
        ylabel=say("report.together.profile_axis"),
    )
    if np.isfinite(lag_resolution_s):
        raised = 1 - 0.02 / height_in(axes)
        axes.text(
            0,
            raised,
            say("report.together.profile_straps"),
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="top",
            fontsize=LABEL_PT,
            color=QUIET,
        )
