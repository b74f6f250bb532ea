"""One pace for two: listens to both hearts, leaves neither behind.

Strategy (docs/pacing.md has it with figures):

1. **Glide** from the slower partner's own rate, where Arrive has shown it, or from
   12/min, and wait while one does not follow, for at most `LONGEST_WAIT_S` in all.
2. **Listen.** Each breath, once it is out and its beats are known, gives one answer a
   heart (`coreg.exercises.pacing.response`), which moves the belief about that heart
   (`coreg.exercises.pacing.belief`).
3. **Choose** by what each rate is worth to the partner it suits less
   (`coreg.exercises.pacing.fairness`), as the evening's policy says
   (`coreg.exercises.pacing.policy`).
4. **Be safe**: after the glide at most .25/min a breath, within 4.5-7/min; no change
   while a heart cannot be measured or breathes otherwise; six, for `UNLED_S`, where one
   answers out of step or is seen to go their own way, so that nobody is led by noise;
   nothing below what somebody called too slow tonight.
5. **Be led**, where a therapist who is there says how fast: by the same steps, within
   the same bounds, and no slower while somebody does not follow. Hearts are learned
   from as ever; what is chosen by hand teaches no preference.

There is no chance in it and no clock: the same beats give the same breaths.
"""

import cmath
import math
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from coreg.base.bounds import shown
from coreg.exercises.pacing.belief import Belief, RateMemory
from coreg.exercises.pacing.chest_seen import ChestSeen
from coreg.exercises.pacing.follow import (
    STEP_ANSWERS,
    breathes_otherwise,
    is_out_of_step,
    own_rate_per_min,
)
from coreg.exercises.pacing.glide import STEP_PER_MIN, UNKNOWN_START_PER_MIN, Glide
from coreg.exercises.pacing.pace_limits import FASTEST_PER_MIN, SLOWEST_PER_MIN
from coreg.exercises.pacing.policy import (
    Believed,
    FixedPace,
    Policy,
    SearchBest,
    StayAtBest,
    Steady,
)
from coreg.exercises.pacing.response import is_answer_in, plausible, response_ms
from coreg.facts.arrays import Floats
from coreg.facts.events import InStep, Pacing, Partner

FORMAT: Final = 1
_MOST_EVENINGS: Final = 1_000_000
LONGEST_WAIT_S: Final = 60.0
# Above this the glide is fast and a breath has too few beats to measure an answer.
MEASURED_BELOW_PER_MIN: Final = 8.5
UNMEASURED_FOR_S: Final = 45.0

JUDGED_BREATHS: Final = 6
# So long the hearts lead no more once one of them was out of step: at six a minute, as
# many new answers as the next judgement rests on.
UNLED_S: Final = 240.0

TOO_SLOW_BY_PER_MIN: Final = 0.5
BY_HAND_PER_MIN: Final = 0.25

# As long it waits, and no more, for somebody whose chest shows that they breathe their
# own way: that is certain, where a heart leaves it open.
LONGEST_SEEN_WAIT_S: Final = 240.0

_KEPT_BEATS: Final = 256
_KEPT_BREATHS: Final = 16


class _Breath(NamedTuple):
    """A breath that was guided, and the swing each candidate foretells for it."""

    start_s: float
    rate_per_min: float
    swing: Floats

    @property
    def period_s(self) -> float:
        return 60 / self.rate_per_min

    @property
    def end_s(self) -> float:
        return self.start_s + self.period_s


class SharedPacer:
    """Chooses the rate of each breath from both partners' beats.

    Three constructors: `steady` for a couple that has not asked for more than six a
    minute, `finding` for one that wants to find its pace, `at` for one that set it. All
    of them learn, and take what was learned on earlier evenings.
    """

    __slots__ = (
        "_breaths",
        "_ears",
        "_evenings",
        "_floor_per_min",
        "_glide",
        "_hand_per_min",
        "_memory",
        "_pacing",
        "_policy",
        "_waited_s",
    )

    def __init__(
        self,
        policy: Policy,
        beliefs: Mapping[Partner, Belief],
        evenings: int,
        *,
        unled_s: float = 0.0,
        until_back: bool = False,
    ) -> None:
        self._policy = policy
        self._ears = {
            partner: _Ear(beliefs[partner], unled_s, until_back=until_back)
            for partner in Partner
        }
        self._evenings = evenings
        self._memory = RateMemory()
        self._breaths: deque[_Breath] = deque(maxlen=_KEPT_BREATHS)
        self._glide: Glide | None = None
        self._hand_per_min = math.nan
        self._waited_s = 0.0
        self._floor_per_min = SLOWEST_PER_MIN
        self._pacing = Pacing.GLIDING

    @property
    def pacing(self) -> Pacing:
        """What it is doing, since it last chose a rate or was told of one too slow."""
        return self._pacing

    @property
    def is_gliding(self) -> bool:
        """Whether the glide is under way, or has not begun."""
        return self._glide is None or not self._glide.is_over

    @property
    def has_learned(self) -> bool:
        """Whether enough was measured tonight to change what is believed of anybody."""
        return any(ear.belief.is_informative for ear in self._ears.values())

    @classmethod
    def steady(cls, *, belief: Mapping[str, Any] | None = None) -> "SharedPacer":
        """Return a pacer that keeps to six unless earlier evenings speak against it.

        Raises
        ------
        ValueError
            If `belief` is not what `belief()` returned on an earlier evening.
        """
        beliefs, evenings = _restored(belief)
        return cls(Steady(_believed(beliefs)), beliefs, evenings)

    @classmethod
    def finding(
        cls,
        *,
        belief: Mapping[str, Any] | None = None,
        unled_s: float = UNLED_S,
        until_back: bool = True,
    ) -> "SharedPacer":
        """Return a pacer that looks for the pace that suits both.

        Parameters
        ----------
        belief : mapping, optional
            What `belief()` returned on an earlier evening.
        unled_s : float, seconds
            How long it keeps to six once a heart was out of step; 0: it never does.
        until_back : bool
            Whether whose chest went its own way leads again only once it is seen to go
            along; in sessions from before the time alone decided.

        Raises
        ------
        ValueError
            If `belief` is not what `belief()` returned on an earlier evening.
        """
        beliefs, evenings = _restored(belief)
        policy = StayAtBest(_believed(beliefs)) if evenings else SearchBest()
        return cls(policy, beliefs, evenings, unled_s=unled_s, until_back=until_back)

    @classmethod
    def at(
        cls, rate_per_min: float, *, belief: Mapping[str, Any] | None = None
    ) -> "SharedPacer":
        """Return a pacer that leads to one rate and stays there.

        Raises
        ------
        ValueError
            If `belief` is not what `belief()` returned on an earlier evening.
        """
        beliefs, evenings = _restored(belief)
        return cls(FixedPace(rate_per_min), beliefs, evenings)

    def observe(self, partner: Partner, beat_t_s: float, nn_ms: float) -> None:
        """Take one beat, in the order in which beats become known.

        `nn_ms` is the interval that ended with it; NaN where cleaning rejected it.
        """
        self._ears[partner].beats.append((beat_t_s, nn_ms))

    def see(
        self, partner: Partner, t_s: float, own_per_min: float, seen_s: float
    ) -> None:
        """Take how fast a chest breathes, once a second where that is known.

        Parameters
        ----------
        own_per_min : float, breaths per minute
            NaN where it is not known.
        seen_s : float, seconds
            How long a stretch up to `t_s` it is the rate of.
        """
        self._ears[partner].chest.see(t_s, own_per_min, seen_s)

    def see_beside(self, partner: Partner, t_s: float, in_step: InStep) -> None:
        """Take, once it is known, whether a chest went along with one paced breath."""
        self._ears[partner].chest.see_beside(t_s, in_step)

    def rate_per_min(self, t_s: float) -> float:
        """Return the rate of the breath that starts at `t_s`; asked once a breath."""
        for ear in self._ears.values():
            ear.listen(t_s)
        rate = self._next_rate(t_s)
        breath = _Breath(t_s, rate, self._memory.breathe(rate))
        self._breaths.append(breath)
        for ear in self._ears.values():
            ear.unheard.append(breath)
        return rate

    def too_slow(self, t_s: float) -> None:  # noqa: ARG002
        """Go no slower tonight than a little above the pace that is now too slow."""
        if not self._breaths:
            return
        now_per_min = self._breaths[-1].rate_per_min
        floor = min(now_per_min + TOO_SLOW_BY_PER_MIN, FASTEST_PER_MIN)
        self._floor_per_min = max(self._floor_per_min, floor)
        is_quicker = self._floor_per_min > now_per_min
        if self._glide is not None and self.is_gliding:
            self._glide.end_at(self._floor_per_min)
            is_quicker = False
        self._pacing = Pacing.QUICKER if is_quicker else Pacing.NO_SLOWER

    def led_by_hand(self, change_per_min: float) -> None:
        """Go to a pace a little away from now, or from what was asked for just before.

        Parameters
        ----------
        change_per_min : float, breaths per minute
            Below 0 is slower; 0 holds the pace that is there now.
        """
        if not self._breaths:
            return
        now_per_min = self._breaths[-1].rate_per_min
        is_asked_more = change_per_min and not math.isnan(self._hand_per_min)
        asked = (self._hand_per_min if is_asked_more else now_per_min) + change_per_min
        fastest = max(FASTEST_PER_MIN, now_per_min)
        self._hand_per_min = min(max(asked, self._floor_per_min), fastest)
        self._pacing = Pacing.BY_HAND

    def led_by_itself(self) -> None:
        """Choose by both hearts again, from the pace that is there now."""
        if math.isnan(self._hand_per_min):
            return
        self._hand_per_min = math.nan
        if self._breaths and self.is_gliding:
            now_per_min = self._breaths[-1].rate_per_min
            to_per_min = min(now_per_min, self._policy.glides_to_per_min)
            self._glide = Glide(now_per_min, to_per_min)

    def stopped(self, t_s: float) -> None:
        """Forget the breaths that were not breathed out by `t_s`: the pacer stopped."""
        while self._breaths and self._breaths[-1].end_s > t_s:
            self._breaths.pop()
        for ear in self._ears.values():
            ear.stopped(t_s)
        self._memory = RateMemory()

    def belief(self) -> dict[str, Any]:
        """Return what was learned, for the next evening: only what JSON knows."""
        return {
            "format": FORMAT,
            "evenings": self._evenings + 1,
            "partners": {
                partner.value: [round(w, 7) for w in ear.belief.weights.tolist()]
                for partner, ear in self._ears.items()
            },
        }

    def expected_swing_ms(self, partner: Partner, rate_per_min: float) -> float:
        """Return a partner's usual swing once settled at a rate; NaN until known."""
        believed = self._ears[partner].belief
        if not believed.is_informative:
            return math.nan
        return believed.expected_swing_ms(rate_per_min)

    def _next_rate(self, t_s: float) -> float:
        if self._glide is None:
            self._glide = Glide(
                self._start_per_min(t_s), self._policy.glides_to_per_min
            )
            return self._glide.rate_per_min
        if not math.isnan(self._hand_per_min):
            return self._toward_hand(self._now_per_min(self._glide), t_s)
        if not self._glide.is_over:
            return self._glided(self._glide, t_s)
        now_per_min = self._now_per_min(self._glide)
        aim = self._aim_per_min(now_per_min, t_s)
        if aim < self._floor_per_min:
            aim = self._floor_per_min
            self._pacing = Pacing.NO_SLOWER
        if now_per_min < self._floor_per_min:
            self._pacing = Pacing.QUICKER
        step = min(max(aim - now_per_min, -STEP_PER_MIN), STEP_PER_MIN)
        fastest = max(FASTEST_PER_MIN, self._policy.glides_to_per_min)
        return min(max(now_per_min + step, SLOWEST_PER_MIN), fastest)

    def _toward_hand(self, now_per_min: float, t_s: float) -> float:
        """Return the next rate on the way to what was asked for, which nobody loses."""
        aim = max(self._hand_per_min, self._floor_per_min)
        self._pacing = Pacing.BY_HAND
        if aim < now_per_min and not self._all_follow(t_s):
            self._pacing = Pacing.HOLDING
            return now_per_min
        return now_per_min + min(max(aim - now_per_min, -STEP_PER_MIN), STEP_PER_MIN)

    def _now_per_min(self, glide: Glide) -> float:
        return self._breaths[-1].rate_per_min if self._breaths else glide.rate_per_min

    def _glided(self, glide: Glide, t_s: float) -> float:
        """Move the glide on by the last breath, or wait for the slower partner."""
        spent_s = self._breaths[-1].period_s if self._breaths else 0.0
        is_eased = self._floor_per_min > SLOWEST_PER_MIN
        self._pacing = Pacing.NO_SLOWER if is_eased else Pacing.GLIDING
        is_seen = any(
            ear.chest.keeps_pace(self._breaths, t_s) is False
            for ear in self._ears.values()
        )
        longest_s = LONGEST_SEEN_WAIT_S if is_seen else LONGEST_WAIT_S
        if self._waited_s < longest_s and not self._all_follow(t_s):
            self._waited_s += spent_s
            self._pacing = Pacing.HOLDING
        else:
            glide.go_on(spent_s)
        return glide.rate_per_min

    def _aim_per_min(self, now_per_min: float, t_s: float) -> float:
        self._pacing = Pacing.HOLDING
        if any(ear.is_unmeasured(t_s) for ear in self._ears.values()):
            if any(ear.was_never_measured for ear in self._ears.values()):
                self._pacing = Pacing.STAYING
                return self._policy.unheard_per_min
            return now_per_min
        believed = _believed({p: ear.belief for p, ear in self._ears.items()})
        for ear in self._ears.values():
            ear.notice_own_way(t_s)
        if any(ear.is_unled(t_s) for ear in self._ears.values()):
            self._policy.look_no_further(believed)
            self._pacing = Pacing.STAYING
            return self._policy.unheard_per_min
        aim = self._policy.aim_per_min(now_per_min, believed)
        if aim != now_per_min and not self._all_follow(t_s):
            return now_per_min
        is_looking = self._policy.is_looking
        self._pacing = Pacing.FINDING if is_looking else Pacing.STAYING
        return aim

    def _start_per_min(self, t_s: float) -> float:
        """Return the slower partner's own rate; an unknown one is taken to be 12."""
        rates = [ear.own_rate_per_min(t_s) for ear in self._ears.values()]
        return min(UNKNOWN_START_PER_MIN if math.isnan(r) else r for r in rates)

    def _all_follow(self, t_s: float) -> bool:
        return all(ear.follows(self._breaths, t_s) for ear in self._ears.values())


class _Ear:
    """One partner's beats, and what was made of them."""

    __slots__ = (
        "_answers_ms",
        "_is_away",
        "_measurable_s",
        "_measured_s",
        "_unled_s",
        "_unled_until_s",
        "_until_back",
        "beats",
        "belief",
        "chest",
        "unheard",
    )

    def __init__(self, belief: Belief, unled_s: float, *, until_back: bool) -> None:
        self.belief = belief
        self.beats: deque[tuple[float, float]] = deque(maxlen=_KEPT_BEATS)
        self.unheard: deque[_Breath] = deque()
        self._measured_s = math.nan
        self._measurable_s = math.nan
        self._answers_ms: deque[complex] = deque(maxlen=STEP_ANSWERS)
        self.chest = ChestSeen()
        self._unled_s = unled_s
        self._unled_until_s = -math.inf
        self._until_back = until_back
        self._is_away = False

    @property
    def was_never_measured(self) -> bool:
        return math.isnan(self._measured_s)

    def is_unmeasured(self, t_s: float) -> bool:
        """Whether nothing usable was measured for too long."""
        since_s = self._measurable_s if self.was_never_measured else self._measured_s
        return t_s - since_s > UNMEASURED_FOR_S

    def own_rate_per_min(self, t_s: float) -> float:
        """Return how fast somebody breathes: by their chest, or else by their heart."""
        seen_per_min = self.chest.own_rate_per_min(t_s)
        if not math.isnan(seen_per_min):
            return seen_per_min
        return own_rate_per_min(*plausible(*self._arrays()))

    def listen(self, t_s: float) -> None:
        """Take the answers to all breaths of which enough is known by now."""
        due = []
        while self.unheard and self._is_known(self.unheard[0], t_s):
            due.append(self.unheard.popleft())
        slow = [b for b in due if b.rate_per_min <= MEASURED_BELOW_PER_MIN]
        if slow:
            beats = plausible(*self._arrays())
            for breath in slow:
                self._hear(breath, *beats)
        if not self.is_unled(t_s) and is_out_of_step(list(self._answers_ms)):
            self._unled_until_s = t_s + self._unled_s

    def is_unled(self, t_s: float) -> bool:
        """Whether it was out of step not long ago, so that its answers are noise."""
        return t_s < self._unled_until_s

    def notice_own_way(self, t_s: float) -> None:
        """Lead no more by a heart whose chest is seen to go its own way."""
        if self.chest.goes_own_way(t_s):
            self._unled_until_s = t_s + self._unled_s
            self._is_away = self._until_back and self._unled_s > 0
        self._is_away = self._is_away and self.chest.stays_away(t_s)
        if self._is_away:
            self._unled_until_s = max(
                self._unled_until_s, math.nextafter(t_s, math.inf)
            )

    def stopped(self, t_s: float) -> None:
        """Forget the breaths that were not breathed out."""
        self.unheard = deque(b for b in self.unheard if b.end_s <= t_s)
        self.chest.stopped()

    def follows(self, breaths: Sequence[_Breath], t_s: float) -> bool:
        """Whether no other rhythm than the pacer's shows in this chest, or heart."""
        seen = self.chest.keeps_pace(breaths, t_s)
        if seen is not None:
            return seen
        last_s = self.beats[-1][0] if self.beats else t_s
        whole = [b for b in breaths if b.end_s <= last_s][-JUDGED_BREATHS:]
        if len(whole) < JUDGED_BREATHS:
            return True
        start_s = np.array([b.start_s for b in whole])
        period_s = np.array([b.period_s for b in whole])
        beats = plausible(*self._arrays())
        return not breathes_otherwise(*beats, start_s, period_s)

    def _is_known(self, breath: _Breath, t_s: float) -> bool:
        last_s = self.beats[-1][0] if self.beats else -math.inf
        return is_answer_in(breath.end_s, breath.period_s, last_beat_s=last_s, t_s=t_s)

    def _hear(self, breath: _Breath, t_s: Floats, rr_ms: Floats) -> None:
        if math.isnan(self._measurable_s):
            self._measurable_s = breath.start_s
        answer_ms = response_ms(t_s, rr_ms, breath.start_s, breath.period_s)
        if not cmath.isnan(answer_ms):
            self.belief.take(answer_ms, breath.swing, breath.period_s)
            self._answers_ms.append(answer_ms)
            self._measured_s = breath.end_s

    def _arrays(self) -> tuple[Floats, Floats]:
        t_s, rr_ms = np.array(self.beats, dtype=np.float64).reshape(-1, 2).T
        return t_s, rr_ms


def _believed(beliefs: Mapping[Partner, Belief]) -> Believed:
    return Believed(
        weights_a=beliefs[Partner.A].weights, weights_b=beliefs[Partner.B].weights
    )


def _restored(belief: Mapping[str, Any] | None) -> tuple[dict[Partner, Belief], int]:
    """Return both beliefs a few days later, and how many evenings made them."""
    if belief is None:
        return {partner: Belief.of_anybody() for partner in Partner}, 0
    told = belief.get("format")
    if type(told) is not int or told != FORMAT:
        raise ValueError(f"a belief of format {FORMAT}, not {shown(told)}")
    try:
        partners = belief["partners"]
        beliefs = {p: Belief.carried_over(partners[p.value]) for p in Partner}
        return beliefs, _evenings(belief["evenings"])
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"a belief without all its parts ({error!r})") from error


def _evenings(told: Any) -> int:
    if type(told) is not int or not 0 <= told < _MOST_EVENINGS:
        raise ValueError(f"a belief of {shown(told)} evenings")
    return told
