"""Taps: glints while breathing is paced, and how soon each answers them.

Experimental, and off unless a session was opened with them. Strategy:

1. **Glints** come after the glide, for both at once, 20 to 40 s apart; only the first
   twelve about ten seconds, where it is not known yet how soon either usually answers.
   How far apart follows from their number, by the golden ratio, so that nobody can
   wait for them and a replay gives them again. None
   comes near a turn of the breath, where answers are slowest (Gallego et al. 1991):
   one that would is moved to the nearest moment that is not.
2. **Answers**: the first tap of each within 1.5 s, else a miss; a tap sooner than
   anybody can have seen the glint is neither (Basner & Dinges 2011).
3. **Reference**: what each usually answered on earlier evenings, and where that is not
   known what each answered of the first twelve; **recent** are the last ten of those
   that are no reference. Counts are of glints, not of time, so a pause costs none.
4. While somebody may be flooded both are asked whether all is right, and nothing else:
   no glint comes, and one that is under way is void.
5. What the evening teaches of each is for the next one
   (`exercises/states/usual_taps.py`).

Nothing here moves the pacer, and nothing is said of it before the evening is over.
"""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from coreg.exercises.states.awake import MISSED_AFTER_S, awake_gates, wakefulness
from coreg.exercises.states.gates import Gate
from coreg.exercises.states.usual_taps import (
    AN_EVENING,
    EVENINGS_SD,
    Seconds,
    first_usual,
    is_known,
    next_usual,
)
from coreg.facts.events import (
    NS_PER_S,
    AwakeWindow,
    Breath,
    Feature,
    FloodingPassed,
    Glint,
    PacerStopped,
    Partner,
    PossibleFlooding,
    Tapped,
    Wakefulness,
)
from coreg.session.companion import Companion, Glided, Learned, Told

OFF_TURNS_S: Final = 0.7
REFERENCE_GLINTS: Final = AN_EVENING
RECENT_GLINTS: Final = 10
SOONEST_S: Final = 0.1  # a false start: Basner & Dinges, Sleep 34 (2011) 581
LEAD_S: Final = 1.0

_GOLDEN: Final = (math.sqrt(5) - 1) / 2
# Being moved off a turn takes or gives up to .7 s.
_EARLY_S: Final = (8.0, 12.0)
_LATER_S: Final = (21.0, 39.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualTaps:
    """How soon one partner answered: on the first evening, and over the last ones."""

    first_s: Seconds
    usual_s: Seconds


def gap_s(number: int, early: int) -> float:
    """Return how long after the one before it glint `number` (from 0) is wanted.

    `early` is how many come densely before the others.

    Examples
    --------
    >>> [round(gap_s(number, 12), 1) for number in (0, 1, 2, 12, 13)]
    [8.0, 10.5, 8.9, 28.5, 21.6]
    >>> [round(gap_s(number, 0), 1) for number in (0, 1, 2)]
    [21.0, 32.1, 25.2]
    """
    shortest_s, longest_s = _EARLY_S if number < early else _LATER_S
    return shortest_s + (longest_s - shortest_s) * (number * _GOLDEN % 1)


def off_turns_s(breath: Breath, wanted_s: float) -> float:
    """Return the moment of a breath nearest to the wanted one that is off its turns.

    NaN where a breath is too short to have one.

    Examples
    --------
    >>> breath = Breath(t_s=100.0, period_s=10.0, inhale_s=4.0)
    >>> [off_turns_s(breath, 100.0 + into_s) for into_s in (0.0, 2.0, 4.1, 9.9)]
    [100.7, 102.0, 104.7, 109.3]
    """
    top_s = breath.t_s + breath.inhale_s
    allowed = (
        (breath.t_s + OFF_TURNS_S, top_s - OFF_TURNS_S),
        (top_s + OFF_TURNS_S, breath.t_s + breath.period_s - OFF_TURNS_S),
    )
    moments = [
        min(max(wanted_s, from_s), until_s)
        for from_s, until_s in allowed
        if from_s <= until_s
    ]
    return min(moments, key=lambda t_s: abs(t_s - wanted_s), default=math.nan)


class Alertness(Companion):
    """The glints of one session and what both answered, or nothing (nobody's usual)."""

    def __init__(self, usual: Mapping[Partner, UsualTaps]) -> None:
        is_everybody_known = all(is_known(one.usual_s) for one in usual.values())
        self._early = 0 if is_everybody_known else REFERENCE_GLINTS
        self._people = [
            _Answers(partner, known, self._early) for partner, known in usual.items()
        ]
        self._breaths: deque[Breath] = deque(maxlen=2)
        self._is_glided = False
        self._is_mute = False
        self._given = 0
        self._since_s = math.nan  # the glint before, or where breathing went on
        self._shown_s = math.nan  # the glint that may still be answered

    def taught(self, learned: Learned) -> Learned:
        """Hand on how soon A and B usually answer, after this evening."""
        learned_s = {person.partner: person.learned_s for person in self._people}
        usual_s = tuple(learned_s.get(partner, ()) for partner in Partner)
        return replace(learned, usual_taps_s=usual_s)

    def follow(self, told: Told) -> list[Feature]:
        """Follow the breath; nothing glints in a pause, or while something is asked."""
        match told:
            case Breath():
                self._on_breath(told)
            case Glided():
                self._is_glided = True
            case PacerStopped():
                self._breaths.clear()
                self._discard()
            case PossibleFlooding():
                self._is_mute = True
                self._discard()
            case FloodingPassed():  # it counts from the next breath
                self._is_mute = False
        return []

    def _on_breath(self, breath: Breath) -> None:
        """Take a breath of the shared pacer, before it begins."""
        self._breaths.append(breath)
        if self._is_glided and not self._is_mute and math.isnan(self._since_s):
            self._since_s = breath.t_s

    def take(self, tapped: Tapped) -> None:
        """Take a tap; one that answers nothing is nothing."""
        after_s = tapped.t_ns / NS_PER_S - self._shown_s
        for person in self._people:
            if person.partner is tapped.partner and after_s >= 0:
                person.take(after_s)

    def features(self, t_s: float) -> list[Feature]:
        """Return what is known of both once a glint cannot be answered any more."""
        if not t_s >= self._shown_s + MISSED_AFTER_S:  # NaN: none is shown
            return []
        windows: list[Feature] = [
            person.judged(self._given, self._since_s, self._shown_s)
            for person in self._people
        ]
        self._since_s, self._shown_s = self._shown_s, math.nan
        return windows

    def cues(self, t_s: float) -> list[Glint]:
        """Return the glint that has to be announced by now."""
        due_s = self._due_s()
        if not t_s < due_s <= t_s + LEAD_S:
            return []
        self._given += 1
        self._shown_s = due_s
        return [Glint(t_s=due_s)]

    def _discard(self) -> None:
        """Forget the glint that is under way, and when there was one."""
        self._since_s = self._shown_s = math.nan
        for person in self._people:
            person.discard()

    def _due_s(self) -> float:
        """Return when the next glint comes, as far as its breath is known; else NaN."""
        if not self._people or not math.isnan(self._shown_s):
            return math.nan
        wanted_s = self._since_s + gap_s(self._given, self._early)
        for breath in self._breaths:
            if wanted_s < breath.t_s + breath.period_s:
                return off_turns_s(breath, max(wanted_s, breath.t_s))
        return math.nan


class _Answers:
    """What one partner answered; a miss counts as `MISSED_AFTER_S`."""

    def __init__(self, partner: Partner, known: UsualTaps, early: int) -> None:
        self.partner = partner
        self._early = early
        self._known = known
        self._has_usual = is_known(known.usual_s)
        self._answer_s = MISSED_AFTER_S
        self._tonight_s: list[float] = []  # tonight's reference
        self._recent_s: deque[float] = deque(maxlen=RECENT_GLINTS)
        self._awake_s: list[float] = []

    @property
    def learned_s(self) -> Seconds:
        """How soon this one usually answers, after tonight; empty: as before."""
        if not self._has_usual:
            return first_usual(self._tonight_s)
        return next_usual(
            self._awake_s, usual_s=self._known.usual_s, first_s=self._known.first_s
        )

    def take(self, after_s: float) -> None:
        """Take a tap so long after the glint; only the first one answers it."""
        if self._answer_s == MISSED_AFTER_S and after_s < MISSED_AFTER_S:
            self._answer_s = after_s if after_s >= SOONEST_S else math.nan

    def discard(self) -> None:
        """Forget the answer to a glint that was cut short."""
        self._answer_s = MISSED_AFTER_S

    def judged(self, number: int, since_s: float, shown_s: float) -> AwakeWindow:
        """Take the answer to the glint of this number (from 1) and judge the latest."""
        answer_s, is_early = self._answer_s, number <= self._early
        self.discard()
        self._keep(answer_s, is_early=is_early)
        reference_s = self._known.usual_s if self._has_usual else self._tonight_s
        gates = awake_gates(
            reference_taps=len(reference_s),
            recent_taps=len(self._recent_s),
        )
        if is_early:
            gates = (Gate.WARMING_UP, *gates)
        band = wakefulness(
            self._recent_s,
            reference_s,
            evenings_sd=EVENINGS_SD if self._has_usual else 0.0,
        )
        if not gates and band is Wakefulness.AWAKE and answer_s < MISSED_AFTER_S:
            self._awake_s.append(answer_s)
        return AwakeWindow(
            t_s=shown_s + MISSED_AFTER_S,
            partner=self.partner,
            start_s=since_s,
            length_s=shown_s - since_s,
            band=Wakefulness.UNKNOWN if gates else band,
            gates=tuple(gate.name for gate in gates),
        )

    def _keep(self, answer_s: float, *, is_early: bool) -> None:
        if math.isnan(answer_s):
            return
        if self._has_usual or not is_early:
            self._recent_s.append(answer_s)
        elif answer_s < MISSED_AFTER_S:
            self._tonight_s.append(answer_s)
