"""Beat times of a whole recording: the belief of the offset, forward and backward.

What waits are likely, how fast the two clocks drift apart, how far an interval lies
from its neighbours' mean and how often a hole means nothing are all unknown at first.
They are learned from the recording by going over it a few times (expectation
maximisation; Dempster, Laird & Rubin, J. R. Stat. Soc. B 1977), from "any wait up to
1.5 s is as likely" to the strap's own habits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coreg.facts.arrays import Flags, Floats
from coreg.sensors.timing.cadence import CadenceArrival, in_parts
from coreg.sensors.timing.clock_skew import MAX_SKEW, Point, shrunk_slope
from coreg.sensors.timing.delay_belief import (
    BIN_S,
    BINS,
    INDEX,
    Filter,
    Grid,
    Loss,
    Packet,
    Step,
    WaitProfile,
    bin_of,
    drifted,
    moved,
)
from coreg.sensors.timing.delays import Delays
from coreg.sensors.timing.surplus import overcounted
from coreg.sensors.timing.ticks import released, usual_pause_s

_LONGEST_WAIT_S = 1.5
_PASSES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Times of all beats (s), and which of them come after a loss."""

    t_s: Floats
    after_gap: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class _Road:
    """The packets of a recording at one skew, with the sums of RR of their beats."""

    packets: list[Packet]
    sums_s: list[tuple[float, ...]]
    losses: list[Loss | None]


def smoothed(arrived: Sequence[CadenceArrival]) -> Path:
    """Return the times of all beats, each inferred from the packets on both sides."""
    period_s = usual_pause_s(np.array([each.arrival_s for each in arrived]))
    arrived = [part for each in released(arrived) for part in in_parts(each)]
    profile = WaitProfile(_LONGEST_WAIT_S)
    # Beats that are too many look like a clock that runs far too fast.
    is_steady = not overcounted((each.arrival_s, each.rr_ms) for each in arrived)
    skew = _first_skew(_road(arrived, skew=0.0, none=0.2)) if is_steady else 0.0
    road = _road(arrived, skew=skew, none=0.2)
    offset_s, lost = _both_ways(road, profile)
    for _ in range(_PASSES - 1 if road.packets else 0):
        skew = _corrected(skew, offset_s, road) if is_steady else 0.0
        road = _road(arrived, skew=skew, none=_chance_of_none(road, lost))
        offset_s, lost = _both_ways(road, profile)
    offset_s = offset_s + profile.zero_s(period_s)
    t_s = [
        sum_s + offset
        for offset, sums_s in zip(offset_s, road.sums_s, strict=True)
        for sum_s in sums_s
    ]
    after_gap = np.zeros(len(t_s), dtype=np.bool_)
    firsts = np.cumsum([0, *map(len, road.sums_s)])[:-1]
    is_marked = np.array([packet.is_marked for packet in road.packets], dtype=np.bool_)
    after_gap[firsts[(lost > 0.9) | is_marked]] = True
    return Path(t_s=np.array(t_s, dtype=np.float64), after_gap=after_gap)


def _road(arrived: Sequence[CadenceArrival], *, skew: float, none: float) -> _Road:
    delays = Delays()
    delays.skew, delays.none = skew, none
    road = _Road(packets=[], sums_s=[], losses=[])
    for each in arrived:
        taken = delays.packet(each)
        if taken is not None:
            road.packets.append(taken[0])
            road.sums_s.append(taken[1])
            road.losses.append(delays.loss(taken[0]))
    return road


def _both_ways(road: _Road, profile: WaitProfile) -> tuple[Floats, Floats]:
    """Return every packet's offset (s) and the chance of a loss before it.

    The profile then holds the waits found on the way.
    """
    filter_ = Filter(profile)
    steps = []
    for packet, loss in zip(road.packets, road.losses, strict=True):
        filter_.kept = None
        steps.append(filter_.step(packet, loss or filter_.made_up(packet)))
    offset_s, lost = np.zeros(len(steps)), np.zeros(len(steps))
    evidence: Grid = np.ones(BINS)
    profile.forget()
    for i in reversed(range(len(steps))):
        step, packet = steps[i], road.packets[i]
        belief = step.belief * evidence
        total = float(belief.sum())
        belief /= total
        offset_s[i] = BIN_S * (step.base + float((belief * INDEX).sum()))
        if step.kept is not None:
            lost[i] = 1 - float((step.kept * evidence).sum()) / total
        last, first = bin_of(packet.last_s), bin_of(packet.first_s)
        for delay in {last, first}:
            profile.count(belief, delay, step.base)
        likely = profile.likelihood(last, step.base)
        if first != last:
            likely = likely * profile.likelihood(first, step.base)
        evidence = _before(step, evidence * likely)
    profile.learn()
    return offset_s, lost


def _before(step: Step, evidence: Grid) -> Grid:
    """Return the evidence of all later packets as seen one packet earlier."""
    floor = 1e-13 * float(evidence.sum())
    if step.loss is None:
        evidence = moved(evidence, -step.shift) if step.shift else evidence
    else:
        evidence = step.loss.backward(evidence, step.shift)
    before: Grid = drifted(evidence + floor)
    before /= before.max()
    return before


def _first_skew(road: _Road) -> float:
    """Return the slope of the hull under the longest stretch without a hole.

    Without it the first goings-over would take the drift for a wider range of waits.
    """
    stretches: list[list[Point]] = [[]]
    for packet, sums_s, loss in zip(
        road.packets, road.sums_s, road.losses, strict=True
    ):
        if loss is not None:
            stretches.append([])
        stretches[-1].append((sums_s[-1], packet.last_s))
    longest = max(
        stretches, key=lambda points: points[-1][0] - points[0][0] if points else -1.0
    )
    return shrunk_slope(longest) if longest else 0.0


def _corrected(skew: float, offset_s: Floats, road: _Road) -> float:
    """Return the skew with which the offset would not have drifted."""
    lasts_s = np.array([sums_s[-1] for sums_s in road.sums_s])
    whole = np.array([loss is None for loss in road.losses[1:]], dtype=np.bool_)
    passed_s = float(np.diff(lasts_s)[whole].sum())
    if passed_s <= 0:
        return skew
    drift = float(np.diff(offset_s)[whole].sum()) / passed_s
    return min(max(skew + drift, -MAX_SKEW), MAX_SKEW)


def _chance_of_none(road: _Road, lost: Floats) -> float:
    """Return how often a hole of one notification meant nothing."""
    single = [
        chance
        for chance, packet in zip(lost, road.packets, strict=True)
        if 0.5 < packet.missing_s / packet.rr_s < 1.8
    ]
    return (0.4 + len(single) - float(sum(single))) / (2 + len(single))
