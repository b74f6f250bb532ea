"""Cleaning live: each beat is labelled `LOOKAHEAD` beats after it came.

The rules are those of `cleaning.clean`, asked with what is known by then. The two
differ only where a recording begins (the live cleaner does not know yet how lively
this heart is, and believes it more) and ends.
"""

from dataclasses import dataclass, replace
from math import inf, isfinite, nan

from coreg.analysis.beat_evidence import (
    CLIP_MS,
    LOOKAHEAD,
    MEMORY,
    RECENT,
    Tape,
    stands_out,
    verdict,
)
from coreg.analysis.beat_hypotheses import Explanation, displacement_ms

KEPT = MEMORY + RECENT  # more than any rule looks back


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanedBeat:
    """A beat, its raw interval, and what cleaning says of it.

    `nn_ms` is the interval if its label is `normal`, NaN otherwise.
    """

    t_s: float
    rr_ms: float
    nn_ms: float
    label: str


class CausalCleaner:
    """Cleans one heart, beat by beat; each answer is `LOOKAHEAD` beats late.

    Examples
    --------
    >>> cleaner = CausalCleaner()
    >>> fed = [800.0] * 10 + [1600.0] + [800.0] * 10
    >>> beats = [
    ...     beat
    ...     for i, rr in enumerate(fed)
    ...     for beat in cleaner.feed(t_s=float(i), rr_ms=rr, after_gap=False)
    ... ]
    >>> [(beat.t_s, beat.label) for beat in beats if beat.label != "normal"]
    [(10.0, 'missed')]
    >>> len(fed) - len(beats)
    3
    """

    def __init__(self) -> None:
        self._tape = Tape(rr_ms=[], displaced_ms=[], ordinary_ms=[], rejected=[])
        self._beats: list[CleanedBeat] = []  # one for each interval on the tape
        self._start = 0  # of the stretch without a loss
        self._next = 0  # the first beat that is not answered
        self._was_lost = False

    def feed(
        self, *, t_s: float, rr_ms: float, after_gap: bool
    ) -> tuple[CleanedBeat, ...]:
        """Take a beat; return the beats that are certain now, in order.

        `after_gap` says that beats were lost before this one. What came before is
        then answered at once. An interval that is no number, or not longer than
        nothing, counts as lost itself.
        """
        is_known = isfinite(rr_ms) and rr_ms > 0
        is_gap = after_gap or self._was_lost or not is_known
        self._was_lost = not is_known
        answered = self.flush() if is_gap else ()
        self._forget()
        self._append(min(rr_ms, CLIP_MS) if is_known else 0.0)
        nn_ms, label = (nan, "gap") if is_gap else (rr_ms, "normal")
        self._beats.append(CleanedBeat(t_s=t_s, rr_ms=rr_ms, nn_ms=nn_ms, label=label))
        return answered + self._answers(len(self._beats) - LOOKAHEAD)

    def flush(self) -> tuple[CleanedBeat, ...]:
        """Return every beat not answered yet: no more will come, or some were lost."""
        size = len(self._beats)
        for k in range(max(self._start, size - 3), size - 1):
            self._displace(k)
        answered = self._answers(size)
        self._start = size
        return answered

    def _append(self, rr_ms: float) -> None:
        tape = self._tape
        tape.rr_ms.append(rr_ms)
        tape.displaced_ms.append(0.0)
        tape.ordinary_ms.append(0.0)
        tape.rejected.append(False)
        if len(tape.rr_ms) - 4 >= self._start:
            self._displace(len(tape.rr_ms) - 4)

    def _displace(self, k: int) -> None:
        """Measure the beat between intervals k and k + 1, both of one stretch."""
        known = range(self._start, len(self._tape.rr_ms))
        displaced_ms = displacement_ms(
            [self._tape.rr_ms[j] if j in known else nan for j in range(k - 2, k + 4)]
        )
        self._tape.displaced_ms[k] = displaced_ms
        if self._tape.ordinary_ms[k] != inf:
            self._tape.ordinary_ms[k] = abs(displaced_ms)

    def _answers(self, stop: int) -> tuple[CleanedBeat, ...]:
        """Decide on each interval before `stop`; an event may take more with it."""
        first = self._next
        while self._next < stop:
            i = self._next
            explanation = self._verdict(i)
            self._next = i + (len(explanation.labels) if explanation else 1)
            if explanation:
                self._reject(i, explanation.labels)
        return tuple(self._beats[first : self._next])

    def _verdict(self, i: int) -> Explanation | None:
        stretch = range(self._start, len(self._beats))
        if not stands_out(self._tape, i, stretch, 0.0):
            return None
        past = i + LOOKAHEAD - 2  # a displacement needs three intervals after its own
        return verdict(self._tape, i, stretch, self._tape.spread_ms(past))

    def _reject(self, first: int, labels: tuple[str, ...]) -> None:
        self._tape.reject(first, first + len(labels))
        for i, label in enumerate(labels, start=first):
            beat = self._beats[i]
            gap_or_label = "gap" if beat.label == "gap" else label
            self._beats[i] = replace(beat, nn_ms=nan, label=gap_or_label)

    def _forget(self) -> None:
        """Drop what no rule looks back to, once in a while."""
        cut = self._next - KEPT
        if cut < KEPT:
            return
        tape = self._tape
        for row in (tape.rr_ms, tape.displaced_ms, tape.ordinary_ms, tape.rejected):
            del row[:cut]
        del self._beats[:cut]
        self._next -= cut
        self._start = max(0, self._start - cut)
