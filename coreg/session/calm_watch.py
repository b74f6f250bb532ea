"""What is watched over each heart: rest, possible flooding, and *settled*.

Strategy. One watch a partner, fed with the beats as they were heard.

1. **Rest**: the median heart rate of Arrive. The fixed reference of the flooding watch
   is the lower of it and what earlier evenings knew, so that arriving stirred does not
   become what is normal.
2. **Possible flooding** is watched all the time and told only while two sit together
   in quiet: with the laptop in one's hands, or in the middle of words, a heart races
   for many reasons. What is told names nobody.
3. **Settled**, at each whole breath, or each stretch of ten seconds where nobody is
   paced, against tonight's own first two minutes: after the glide, or of quiet where
   nobody is led. Somebody who arrives stirred is held against the usual rest.

Nothing here moves the pacer.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from coreg.analysis.beat_hypotheses import LONGEST_MS, SHORTEST_MS
from coreg.analysis.cleaning_causal import CleanedBeat
from coreg.exercises.blocks import UNKNOWN as NO_BLOCK, Meaning, meaning_of
from coreg.exercises.pacing.response import (
    UNKNOWN,
    is_answer_in,
    plausible,
    response_ms,
)
from coreg.exercises.states.flooding import FloodingWatch, hr_between
from coreg.exercises.states.gates import (
    WARM_UP_S,
    arrives_stirred,
    rest_bpm,
    settled_gates,
)
from coreg.exercises.states.settled import SettledBelief, heart_reference
from coreg.facts.both import Both
from coreg.facts.events import (
    Arrived,
    BlockBegan,
    Breath,
    Cue,
    Feature,
    FloodingPassed,
    Partner,
    Paused,
    PossibleFlooding,
    Resumed,
    SettledWindow,
)
from coreg.session.companion import Companion, Glided, Learned, Told

ExpectedSwing = Callable[[Partner, float], float]

FREE_SPAN_S: Final = 10.0
JUDGED_BREATHS: Final = 6
FEWEST_AT_REST: Final = 30

_KEPT_S: Final = 60.0
_MOST_AT_REST: Final = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """A breath, or a stretch without a pacer, that is to be measured."""

    start_s: float
    length_s: float
    is_paced: bool

    @property
    def end_s(self) -> float:
        return self.start_s + self.length_s


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What one heart did in one span."""

    span: _Span
    hr_bpm: float
    covered_share: float
    answer_ms: complex


class HeartWatch:
    """Watches one partner's heart. `stored_rest_bpm` is NaN where none is known."""

    def __init__(
        self, partner: Partner, stored_rest_bpm: float, flooding: FloodingWatch
    ) -> None:
        self.arrived_bpm = math.nan
        self._partner = partner
        self._stored_rest_bpm = stored_rest_bpm
        self._flooding = flooding
        self._beats: deque[CleanedBeat] = deque()
        self._at_rest_ms: deque[float] | None = None
        self._ahead: deque[_Span] = deque()
        self._covered: deque[float] = deque(maxlen=JUDGED_BREATHS)
        self._free_from_s = math.inf
        self._settles_from_s = math.inf
        self._is_led = False
        self._is_stirred = False
        self._early_hr_bpm: list[float] = []
        self._belief: SettledBelief | None = None
        self._believed_s = 0.0

    @property
    def is_flooded(self) -> bool:
        """Whether this heart is possibly flooded."""
        return self._flooding.is_flooded

    def hear(self, beats: Iterable[CleanedBeat]) -> None:
        """Take beats as they become known."""
        for beat in beats:
            self._flooding.beat(beat.t_s, beat.nn_ms)
            self._beats.append(beat)
            is_of_a_heart = SHORTEST_MS <= beat.nn_ms <= LONGEST_MS  # no NaN is
            if self._at_rest_ms is not None and is_of_a_heart:
                self._at_rest_ms.append(beat.nn_ms)
        while self._beats and self._beats[0].t_s < self._beats[-1].t_s - _KEPT_S:
            self._beats.popleft()

    def arrive(self) -> None:
        """Begin to take the heart rate at rest."""
        self._at_rest_ms = deque(maxlen=_MOST_AT_REST)

    def has_arrived(self, t_s: float) -> list[Feature]:
        """Return the heart rate at rest, where it was being taken."""
        rest_ms, self._at_rest_ms = self._at_rest_ms, None
        if rest_ms is None:
            return []
        if len(rest_ms) >= FEWEST_AT_REST:
            self.arrived_bpm = 60_000 / float(np.median(rest_ms))
        self._flooding.rests_at(rest_bpm(self.arrived_bpm, self._stored_rest_bpm))
        self._is_stirred = arrives_stirred(self.arrived_bpm, self._stored_rest_bpm)
        arrived = Arrived(
            t_s=t_s,
            partner=self._partner,
            rest_bpm=self.arrived_bpm,
            is_stirred=self._is_stirred,
        )
        return [arrived]

    def on_breath(self, breath: Breath) -> None:
        """Take a breath of the shared pacer."""
        self._is_led = True
        self._flooding.breathe(breath.t_s, breath.period_s)
        self._ahead.append(
            _Span(start_s=breath.t_s, length_s=breath.period_s, is_paced=True)
        )

    def glided(self, t_s: float) -> None:
        """Learn that the glide is over from now on; told again, nothing changes."""
        self._settles_from_s = min(self._settles_from_s, t_s)

    def rest(self, t_s: float) -> None:
        """Measure stretches without a pacer from now on."""
        self._free_from_s = t_s
        if not self._is_led:
            self._settles_from_s = min(self._settles_from_s, t_s)

    def stop(self, t_s: float) -> None:
        """Forget what is not over: a pause, or the end of a block."""
        self._ahead = deque(span for span in self._ahead if span.end_s <= t_s)
        self._free_from_s = math.inf
        self._covered.clear()

    def tick(self, t_s: float, expected_ms: ExpectedSwing) -> list[Feature]:
        """Return *settled* at each breath of which enough is known by now."""
        while self._free_from_s + FREE_SPAN_S <= t_s:
            self._ahead.append(
                _Span(start_s=self._free_from_s, length_s=FREE_SPAN_S, is_paced=False)
            )
            self._free_from_s += FREE_SPAN_S
        features: list[Feature] = []
        while self._ahead and self._is_known(self._ahead[0], t_s):
            features += self._judge(self._measured(self._ahead.popleft()), expected_ms)
        return features

    def _is_known(self, span: _Span, t_s: float) -> bool:
        last_s = self._beats[-1].t_s if self._beats else -math.inf
        return is_answer_in(span.end_s, span.length_s, last_beat_s=last_s, t_s=t_s)

    def _measured(self, span: _Span) -> _Measured:
        heard_s, heard_ms = (
            np.array([getattr(beat, name) for beat in self._beats], dtype=np.float64)
            for name in ("t_s", "nn_ms")
        )
        t_s, nn_ms = plausible(heard_s, heard_ms)
        counted_s = frozenset(t_s.tolist())
        counted = [beat for beat in self._beats if beat.t_s in counted_s]
        over = hr_between(counted, from_s=span.start_s, until_s=span.end_s)
        answer_ms = UNKNOWN
        if span.is_paced and t_s.size:
            answer_ms = response_ms(t_s, nn_ms, span.start_s, span.length_s)
        return _Measured(
            span=span,
            hr_bpm=over.hr_bpm,
            covered_share=over.share,
            answer_ms=answer_ms,
        )

    def _judge(self, now: _Measured, expected_ms: ExpectedSwing) -> list[Feature]:
        self._refer(now)
        self._believe(now, expected_ms)
        self._covered.append(now.covered_share)
        if len(self._covered) < JUDGED_BREATHS:
            return []
        known_for_s = now.span.end_s - self._settles_from_s
        gates = settled_gates(
            is_flooded=self.is_flooded,
            covered_share=float(np.mean(self._covered)),
            since_reference_s=known_for_s if self._belief is not None else 0.0,
        )
        settled = math.nan
        if self._belief is not None and not gates:
            settled = self._belief.probability
        window = SettledWindow(
            t_s=now.span.end_s,
            partner=self._partner,
            start_s=now.span.start_s,
            length_s=now.span.length_s,
            settled=settled,
            gates=tuple(gate.name for gate in gates),
        )
        return [window]

    def _refer(self, now: _Measured) -> None:
        """Take tonight's own reference from the first two minutes."""
        if self._belief is not None or now.span.start_s < self._settles_from_s:
            return
        is_early = now.span.end_s <= self._settles_from_s + WARM_UP_S
        reference = None if is_early else heart_reference(self._early_hr_bpm)
        if reference is None:  # also where a strap was silent: a little later, then
            self._early_hr_bpm.append(now.hr_bpm)
            return
        if self._is_stirred:
            usual_bpm = rest_bpm(reference.hr_bpm, self._stored_rest_bpm)
            reference = replace(reference, hr_bpm=usual_bpm)
        self._belief = SettledBelief(reference)
        self._believed_s = now.span.start_s

    def _believe(self, now: _Measured, expected_ms: ExpectedSwing) -> None:
        if self._belief is None:
            return
        expected = expected_ms(self._partner, 60 / now.span.length_s)
        swing_ms = 2 * abs(now.answer_ms)
        is_known = swing_ms > 0 and expected > 0
        self._belief.breath(
            hr_bpm=now.hr_bpm,
            wider=math.log(swing_ms / expected) if is_known else math.nan,
            length_s=now.span.end_s - self._believed_s,
        )
        self._believed_s = now.span.end_s


class CalmWatch(Companion):
    """The watch over both hearts, or over none (`partners` empty)."""

    def __init__(
        self,
        partners: Iterable[Partner],
        stored_rest_bpm: tuple[float, ...],
        expected_ms: ExpectedSwing,
        flooding: type[FloodingWatch],
    ) -> None:
        rest = dict(Both(*stored_rest_bpm).items())
        self._hearts = {
            p: HeartWatch(p, rest[p], flooding(rest_bpm=rest[p])) for p in partners
        }
        self._expected_ms = expected_ms
        self._block = NO_BLOCK
        self._told: set[Partner] = set()
        self._paused = False

    def taught(self, learned: Learned) -> Learned:
        """Hand on the heart rate of A and B at rest tonight; NaN where not known."""
        known = {p: heart.arrived_bpm for p, heart in self._hearts.items()}
        arrived_bpm = tuple(known.get(partner, math.nan) for partner in Partner)
        return replace(learned, arrived_bpm=arrived_bpm)

    def hear(
        self, partner: Partner, beats: Sequence[CleanedBeat], *, readable: bool
    ) -> None:
        """Take one partner's beats, where they can be believed."""
        if readable and partner in self._hearts:
            self._hearts[partner].hear(beats)

    def follow(self, told: Told) -> list[Feature]:
        """Follow the practice; return what the block before showed of rest."""
        match told:
            case BlockBegan(t_s=t_s, kind=kind):
                return self._begin(meaning_of(kind), t_s)
            case Breath():
                for heart in self._hearts.values():
                    heart.on_breath(told)
            case Glided(t_s=t_s):
                for heart in self._hearts.values():
                    heart.glided(t_s)
            case Paused(t_s=t_s):
                self._pause(t_s)
            case Resumed(t_s=t_s):
                self._resume(t_s)
        return []

    def _begin(self, block: Meaning, t_s: float) -> list[Feature]:
        self._block = block
        features: list[Feature] = []
        for heart in self._hearts.values():
            heart.stop(t_s)
            features += heart.has_arrived(t_s)
            if block.is_arrival:
                heart.arrive()
            if block.is_quiet:
                heart.rest(t_s)
        return features

    def _pause(self, t_s: float) -> None:
        """Stand still: nothing is told, and nothing measured goes across a pause."""
        self._paused = True
        for heart in self._hearts.values():
            heart.stop(t_s)

    def _resume(self, t_s: float) -> None:
        self._paused = False
        for heart in self._hearts.values():
            if self._block.is_quiet:
                heart.rest(t_s)

    def features(self, t_s: float) -> list[Feature]:
        """Return what is known by now of how settled both are."""
        return [
            feature
            for heart in self._hearts.values()
            for feature in heart.tick(t_s, self._expected_ms)
        ]

    def notice(self, t_s: float) -> list[Cue]:
        """Say when a heart becomes possibly flooded, and when none is any more."""
        if self._paused or not self._block.is_warned:
            return []
        flooded = {p for p, heart in self._hearts.items() if heart.is_flooded}
        begun, was_told = flooded - self._told, bool(self._told)
        self._told = flooded
        if begun:
            return [PossibleFlooding(t_s=t_s)]
        return [FloodingPassed(t_s=t_s)] if was_told and not flooded else []
