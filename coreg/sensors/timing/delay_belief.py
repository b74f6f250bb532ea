"""What is believed of a strap's offset: where host time and summed RR agree.

A beat's delay is its arrival less the sum of RR up to it. It is the *offset* (the same
for all beats, until some are lost) plus a *wait*: for the sender's next notification,
for the radio, for the host. Waits are never negative and their distribution is steady;
both edges of it tell of the offset. This is the one-way-delay problem of network
measurement (Moon, Skelly & Towsley, INFOCOM 1999; Zhang, Liu & Xia, INFOCOM 2002),
where the offset is the envelope under the delays; here it is a hidden state on a grid
(Rabiner, Proc. IEEE 1989), because beats that were lost move it by an unknown number of
intervals, and a grid holds several answers until the data decide:

1. From packet to packet the offset drifts a little (`drifted`).
2. Where notifications are missing, none to some beats were lost (`Loss`).
3. Each delay weighs the offsets by how likely its wait is (`WaitProfile`).

Only sums, products and roots are used, in a fixed order, so that the same packets give
the same figures to the last bit.
"""

import math
from dataclasses import dataclass

import numpy as np

from coreg.facts.arrays import Floats

Grid = Floats

BIN_S = 0.006
BINS = 420
# A grid is laid so that the newest delay, the highest offset possible, is near its top.
TOP = BINS - 30
INDEX = np.arange(BINS, dtype=np.float64)

_NEGATIVE_BINS = 40
_PROFILE_BINS = _NEGATIVE_BINS + BINS + 60
_UNCOMMON = 0.02
_IMPOSSIBLE = 1e-9
_DRIFT = 0.02
_SOONEST_S = 0.03
_LONGEST_COUNTED_S = 7.0


def moved(belief: Grid, bins: int) -> Grid:
    """Return the belief moved up by whole bins; what leaves the grid is dropped."""
    result = np.zeros(BINS)
    if -BINS < bins < BINS:
        result[max(bins, 0) : BINS + min(bins, 0)] = belief[
            max(-bins, 0) : BINS - max(bins, 0)
        ]
    return result


def drifted(belief: Grid) -> Grid:
    """Return the belief one packet later: a random walk of about 7 ms a minute."""
    result = (1 - 2 * _DRIFT) * belief
    step = _DRIFT * belief
    result[1:] += step[:-1]
    result[:-1] += step[1:]
    return result


def blurred(belief: Grid, sd_s: float) -> Grid:
    """Return the belief convolved with a bell (triweight) of this spread."""
    reach = max(1, math.ceil(3 * sd_s / BIN_S))
    weights = [(1 - (k / (reach + 1)) ** 2) ** 3 for k in range(reach + 1)]
    total = 2 * sum(weights) - weights[0]
    result = weights[0] / total * belief
    for k in range(1, reach + 1):
        part = weights[k] / total * belief
        result[k:] += part[:-k]
        result[:-k] += part[k:]
    return result


class WaitProfile:
    """How likely each wait is: a histogram that learns from the strap itself."""

    def __init__(self, longest_s: float) -> None:
        """Begin without knowledge: any wait up to `longest_s` is as likely."""
        waits = (np.arange(_PROFILE_BINS) - _NEGATIVE_BINS) * BIN_S
        rise = np.clip(waits / _SOONEST_S + 0.5, 0.0, 1.0)
        fall = np.clip((longest_s - waits) / (0.1 * longest_s) + 0.5, 0.0, 1.0)
        tail = np.where(waits > 0, 1 / (1 + np.abs(waits)) ** 2, 0.0)
        self._waits_s = waits
        self._tail = _UNCOMMON * tail / tail.sum() + _IMPOSSIBLE
        self.counts: Grid = rise * fall
        self.learn()

    @classmethod
    def within(cls, period_s: float, late_s: float) -> "WaitProfile":
        """Return how likely waits are for a clock's next tick.

        From none to a whole period all are as likely; the radio adds up to `late_s`.
        """
        profile = cls(period_s)
        waits_s = profile._waits_s
        rise = np.clip(waits_s / _SOONEST_S + 0.5, 0.0, 1.0)
        fall = np.clip((period_s + late_s - waits_s) / late_s, 0.0, 1.0)
        profile.counts = rise * fall
        profile.learn()
        return profile

    def learn(self) -> None:
        """Take over what was counted; nothing counted teaches nothing."""
        if not self.counts.any():
            return
        smooth = 0.4 * self.counts
        for k, weight in ((1, 0.2), (2, 0.1)):
            smooth[k:] += weight * self.counts[:-k]
            smooth[:-k] += weight * self.counts[k:]
        likely = (1 - _UNCOMMON) * smooth / smooth.sum() + self._tail
        # Beyond either end it goes on as it ends, so that any delay has its slice.
        self._reversed: Grid = np.pad(likely[::-1], BINS, mode="edge")

    def forget(self) -> None:
        """Begin to count anew; what was learned holds until `learn`."""
        self.counts[:] = 0.0

    def likelihood(self, delay_bin: int, base: int) -> Grid:
        """Return how well each offset of the grid at `base` explains a delay."""
        first = _PROFILE_BINS - 1 - _NEGATIVE_BINS - (delay_bin - base)
        first = min(max(first, -BINS), _PROFILE_BINS) + BINS
        likely: Grid = self._reversed[first : first + BINS]
        return likely

    def count(self, belief: Grid, delay_bin: int, base: int) -> None:
        """Count the wait of a delay, as sure as the offset is believed."""
        top = delay_bin - base + _NEGATIVE_BINS
        first, after = max(0, top + 1 - _PROFILE_BINS), min(BINS, top + 1)
        if first < after:
            counted = self.counts[top + 1 - after : top + 1 - first]
            counted += belief[first:after][::-1]

    def zero_s(self, period_s: float) -> float:
        """Return where no wait lies among what was counted; 0 without beats.

        Waits for a clock's next tick spread evenly over its period: both edges tell
        where their centre is, and it is half a period late. Other waits begin at their
        lower edge.
        """
        if not self.counts.any():
            return 0.0
        share = np.cumsum(self.counts) / self.counts.sum()
        least, most = np.interp((0.01, 0.9), share, self._waits_s)
        if most - least < period_s / 2:
            return float(least)
        # Longer than a period waits only what the radio or the host held up.
        usual = np.where(self._waits_s < least + 1.1 * period_s, self.counts, 0.0)
        if not usual.any():  # packets that came all at once have no period
            return float(least)
        share = np.cumsum(usual) / usual.sum()
        low, high = np.interp((0.01, 0.99), share, self._waits_s)
        return float((low + high - period_s) / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One packet with RR: the delays of its last and first beat, and what is missing.

    `missing_s` is the time that missing notifications and marks of lost beats stand for
    (0 where there is none), `rr_s` the interval that beats lost there would have had.
    `is_marked` says that the strap itself marked beats as lost before this one,
    `is_reconnected` that the connection broke before it.
    """

    last_s: float
    first_s: float
    missing_s: float
    rr_s: float
    is_marked: bool
    is_reconnected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """The step of the offset over missing notifications: no beat lost, or some.

    `parts` has for every number of lost beats its weight, its step in bins and the
    spread of that step; it is empty where the silence is too long to count.
    """

    none: float
    parts: tuple[tuple[float, int, float], ...]

    def kept(self, belief: Grid, shift: int) -> Grid:
        """Return the part of the belief in which no beat was lost."""
        return self.none * moved(belief, shift)

    def forward(self, belief: Grid, shift: int) -> Grid:
        """Return the belief after the missing notifications, on the moved grid."""
        result = self.kept(belief, shift)
        for weight, bins, sd_s in self.parts:
            result += weight * blurred(moved(belief, bins + shift), sd_s)
        if not self.parts:
            result += (1 - self.none) / BINS * belief.sum()
        return result

    def backward(self, evidence: Grid, shift: int) -> Grid:
        """Return the evidence as seen before the missing notifications."""
        result = self.none * moved(evidence, -shift)
        for weight, bins, sd_s in self.parts:
            result += weight * moved(blurred(evidence, sd_s), -bins - shift)
        if not self.parts:
            result += (1 - self.none) / BINS * evidence.sum()
        return result


MADE_UP = Loss(none=0.0, parts=())
"""Not beats but belief is lost: an interval was longer than the time that passed."""


def loss_over(packet: Packet, *, none: float, sd_s: float) -> Loss:
    """Return what the missing notifications before a packet may have cost.

    Parameters
    ----------
    packet : Packet
    none : float
        The chance that one missing notification held no beat.
    sd_s : float
        How far one interval is from what its neighbours let expect.
    """
    expected = packet.missing_s / packet.rr_s
    if expected > 1.8:
        none = min(none, 0.02)
    elif expected < 0.5:
        none = max(none, 0.95)
    if packet.missing_s > _LONGEST_COUNTED_S:
        return Loss(none=none, parts=())
    numbers = range(1, int(expected) + 4)
    weights = [1 / (1 + 4 * (n - expected) ** 2) for n in numbers]
    scale = (1 - none) / sum(weights)
    return Loss(
        none=none,
        parts=tuple(
            (scale * weight, round(n * packet.rr_s / BIN_S), sd_s * spread(n))
            for n, weight in zip(numbers, weights, strict=True)
        ),
    )


def spread(number: int) -> float:
    """Return n to the power .75: successive intervals are off in the same direction."""
    return math.sqrt(number * math.sqrt(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One packet's step of the filter, kept for the way back.

    `belief` is on the grid at `base`, `shift` bins from the grid before; `kept` is the
    unnormalised part of it in which no beat was lost, `share` of the belief.
    """

    belief: Grid
    base: int
    shift: int
    loss: Loss | None
    kept: Grid | None


class Filter:
    """The belief of one strap's offset, carried forward packet by packet."""

    def __init__(self, profile: WaitProfile) -> None:
        self.profile = profile
        self.base = 0
        self.belief: Grid = np.full(BINS, 1 / BINS)
        self.mean_s = math.nan
        self.kept: Grid | None = None

    def step(self, packet: Packet, loss: Loss | None) -> Step:
        """Take in one packet, after a loss that its missing notifications allow."""
        last, first = bin_of(packet.last_s), bin_of(packet.first_s)
        belief = drifted(self.belief)
        kept = None if self.kept is None else drifted(self.kept)
        if math.isnan(self.mean_s):
            self.base, shift = last - TOP, 0
        elif loss is None:
            shift = self._recentring()
            if shift:
                belief = moved(belief, shift)
                kept = None if kept is None else moved(kept, shift)
        else:
            shift = self.base - (last - TOP)
            kept = None if loss is MADE_UP else loss.kept(belief, shift)
            belief = loss.forward(belief, shift)
        if not math.isnan(self.mean_s):
            self.base -= shift
        likely = self.likelihood(last, first)
        belief = (belief + 1e-13) * likely
        total = belief.sum()
        belief /= total
        self.belief = belief
        self.mean_s = BIN_S * (self.base + float((belief * INDEX).sum()))
        self.kept = None if kept is None else kept * likely / total
        return Step(
            belief=belief, base=self.base, shift=shift, loss=loss, kept=self.kept
        )

    def made_up(self, packet: Packet) -> Loss | None:
        """Return what to believe where the packet came before all that is believed.

        No beat arrives before it comes, so its strap has made up time.
        """
        is_early = not math.isnan(self.mean_s) and bin_of(packet.last_s) < self.base
        return MADE_UP if is_early else None

    def edge_s(self) -> float:
        """Return the offset that the belief is nine in ten sure not to lie above.

        The fastest packets alone decide it: it stays put where the longest wait is
        not known yet, while the mean would move.
        """
        place = int(np.searchsorted(np.cumsum(self.belief), 0.9))
        return BIN_S * (self.base + place)

    def likeliest(self, width_s: float) -> tuple[int, int, float]:
        """Return the stretch of this width that holds most of the belief, and how much.

        Its first bin and the one after its last, on the grid.
        """
        bins = min(max(1, round(width_s / BIN_S)), BINS)
        until = np.concatenate(([0.0], np.cumsum(self.belief)))
        held = until[bins:] - until[:-bins]
        first = int(np.argmax(held))
        return first, first + bins, float(held[first])

    def settle(self, first: int, after: int) -> None:
        """Believe in nothing outside of a stretch of the grid any more."""
        belief = np.zeros(BINS)
        belief[first:after] = self.belief[first:after]
        self.belief = belief / belief.sum()
        self.mean_s = BIN_S * (self.base + float((self.belief * INDEX).sum()))
        self.kept = None

    def rise_to(self, offset_s: float) -> None:
        """Believe in no offset below this one any more, if anything is left then."""
        first = min(max(bin_of(offset_s) - self.base, 0), BINS)
        if self.belief[first:].sum() > _UNCOMMON:
            self.settle(first, BINS)

    def chance_of_loss(self) -> float:
        """Return the chance that beats were lost at the last hole still in doubt."""
        return 0.0 if self.kept is None else 1 - float(self.kept.sum())

    def likelihood(self, last: int, first: int) -> Grid:
        """Return how well each offset explains the delays of a packet."""
        likely = self.profile.likelihood(last, self.base)
        if first != last:
            likely = likely * self.profile.likelihood(first, self.base)
        return likely

    def _recentring(self) -> int:
        """Return how far the grid has to move for the offset to stay well inside."""
        place = self.mean_s / BIN_S - self.base
        return 0 if 0.5 * BINS < place < 0.9 * BINS else int(0.7 * BINS - place)


def bin_of(delay_s: float) -> int:
    """Return the whole bin of a delay."""
    return math.floor(delay_s / BIN_S + 0.5)
