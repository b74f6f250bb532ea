"""From packets to delays: the sum of RR, and what to expect of a lost interval."""

import math

from coreg.sensors.decoding.heart_rate import is_beat
from coreg.sensors.timing.cadence import CadenceArrival
from coreg.sensors.timing.delay_belief import Loss, Packet, loss_over

_SHORTEST_LOST_S = 0.3
_LONGEST_LOST_S = 2.0
_FORGETTING = 0.02
_LONGEST_CADENCE_S = 1.5
# No beat for so long in packets that did come: some were lost, however slow the heart.
_BEATLESS_S = 3.0
_NONE_IF_KNOWN = 0.1


def seconds(rr_ms: float) -> float:
    """Return the time that an RR stands for; 0 for what no strap can mean."""
    return rr_ms / 1000 if is_beat(rr_ms) else 0.0


class Delays:
    """Adds up the RR of one strap on a clock of given skew."""

    def __init__(self) -> None:
        self.skew = 0.0
        self.sum_s = 0.0
        self.raw_sum_s = 0.0
        self.none = 0.97
        self._rr_s = 0.9
        self._before_s = 0.9
        self._surprise_s = 0.03
        self._missing_s = 0.0
        self._marks = 0
        self._is_reconnected = False
        self._last_s = math.inf
        self._beatless_s = 0.0

    def packet(
        self, arrived: CadenceArrival
    ) -> tuple[Packet, tuple[float, ...]] | None:
        """Return the packet's delays and its beats' sums of RR; None without RR."""
        self._missing_s += arrived.missing_s
        self._marks += arrived.marks
        self._is_reconnected |= arrived.is_reconnected
        # A longer pause is a hole, whose packets may be late instead of beatless.
        self._beatless_s += min(
            max(0.0, arrived.arrival_s - self._last_s), _LONGEST_CADENCE_S
        )
        self._last_s = arrived.arrival_s
        if not arrived.rr_ms:
            # This strap notifies without beats too: a hole is a loss.
            self.none = min(self.none, 0.2)
            return None
        rr_s = tuple(map(seconds, arrived.rr_ms))
        lost_rr_s = self._expected_rr_s(rr_s[0])
        spanned_s = max(0.0, rr_s[0] - 1.3 * self._rr_s)
        missing_s, self._missing_s = max(0.0, self._missing_s - spanned_s), 0.0
        is_marked, missing_s = self._marks > 0, missing_s + self._marks * lost_rr_s
        unfilled_s = self._beatless_s - sum(rr_s)
        if unfilled_s > _BEATLESS_S:
            missing_s = max(missing_s, unfilled_s)
        is_reconnected, self._is_reconnected = self._is_reconnected, False
        self._marks, self._beatless_s = 0, 0.0
        had_hole = missing_s > 0 or spanned_s > 0
        sums_s = []
        for each_s in rr_s:
            self.raw_sum_s += each_s
            self.sum_s += each_s * (1 + self.skew)
            sums_s.append(self.sum_s)
            self._learn(each_s, is_neighbour=not had_hole)
            had_hole = False
        packet = Packet(
            last_s=arrived.arrival_s - sums_s[-1],
            first_s=arrived.arrival_s - sums_s[0],
            missing_s=missing_s,
            rr_s=lost_rr_s,
            is_marked=is_marked,
            is_reconnected=is_reconnected,
        )
        return packet, tuple(sums_s)

    def loss(self, packet: Packet) -> Loss | None:
        """Return what may have been lost before the packet; None without a hole."""
        if packet.missing_s <= 0:
            return None
        is_known = packet.is_marked or packet.is_reconnected
        none = min(self.none, _NONE_IF_KNOWN) if is_known else self.none
        return loss_over(packet, none=none, sd_s=max(0.01, self._surprise_s))

    def _expected_rr_s(self, next_s: float) -> float:
        """Return the mean of the intervals on both sides of a hole."""
        is_usual = 0.7 * self._rr_s < next_s < 1.3 * self._rr_s
        expected_s = (self._rr_s + next_s) / 2 if is_usual else self._rr_s
        return min(max(expected_s, _SHORTEST_LOST_S), _LONGEST_LOST_S)

    def _learn(self, rr_s: float, *, is_neighbour: bool) -> None:
        """Learn how far an interval lies from the mean of its neighbours."""
        if not 0.24 <= rr_s <= 3.0:
            return
        if is_neighbour:
            # 1.25 mean absolute deviations make a standard deviation.
            surprise_s = 1.25 * abs(self._rr_s - (self._before_s + rr_s) / 2)
            surprise_s = min(surprise_s, 0.2)
            self._surprise_s += _FORGETTING * (surprise_s - self._surprise_s)
        self._before_s, self._rr_s = self._rr_s, rr_s
