"""Taps: glints off the turns of the breath, answers in bands, all from the log."""

import json
import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from coreg.exercises.plan import with_set_pace
from coreg.exercises.states.awake import wakefulness
from coreg.exercises.states.usual_taps import next_usual
from coreg.facts.codec import CUES, decode, encode
from coreg.facts.events import (
    NS_PER_S,
    AwakeWindow,
    Breath,
    FloodingPassed,
    Glint,
    Input,
    Opened,
    Partner,
    PossibleFlooding,
    Press,
    Pressed,
    Tapped,
    Tick,
    Wakefulness,
)
from coreg.sensors.simulation.events import EventKind, ScriptedEvent, usual_event
from coreg.sensors.simulation.taps import SimulatedTaps
from coreg.session.alertness import Alertness, UsualTaps, off_turns_s
from coreg.session.companion import Glided
from coreg.session.engine import Engine, Output, run
from coreg.session.replay import compare
from tests.helpers.living import TICK_NS, Upset, couple_of, live, opened
from tests.helpers.openings import changed

# Seconds after the glint of this number (from 0) at which somebody taps; NaN: never.
Answering = Callable[[Partner, int], float]


def steadily(_partner: Partner, number: int) -> float:
    return 0.30 + 0.01 * (number % 3)


def never(_partner: Partner, _number: int) -> float:
    return math.nan


class Evening:
    """Ticks, taps and presses through the engine; nobody wears a strap."""

    def __init__(
        self,
        answering: Answering,
        begins: Opened,
        *,
        minutes: float = 25.0,
        presses: Sequence[tuple[float, Press]] = (),
    ) -> None:
        self.inputs: list[Input] = []
        self.outputs: list[Output] = []
        self._engine = Engine()
        self._answering = answering
        self._waiting: list[tuple[int, Partner]] = []
        self._given = 0
        self._take(begins)
        due = sorted(presses, reverse=True)
        for t_ns in range(0, round(minutes * 60 * NS_PER_S), TICK_NS):
            self._taps_until(t_ns)
            while due and due[-1][0] * NS_PER_S <= t_ns:
                self._take(Pressed(t_ns=t_ns, press=due.pop()[1]))
            self._take(Tick(t_ns=t_ns))
            if self._engine.is_ended:
                break

    def _taps_until(self, t_ns: int) -> None:
        ready = sorted(each for each in self._waiting if each[0] <= t_ns)
        self._waiting = [each for each in self._waiting if each[0] > t_ns]
        for tap_ns, partner in ready:
            self._take(Tapped(t_ns=tap_ns, partner=partner))

    def _take(self, given: Input) -> None:
        self.inputs.append(given)
        for output in self._engine.feed(given):
            self.outputs.append(output)
            if isinstance(output, Glint):
                self._see(output)

    def _see(self, glint: Glint) -> None:
        for partner in Partner:
            after_s = self._answering(partner, self._given)
            if not math.isnan(after_s):
                tap_ns = round((glint.t_s + after_s) * NS_PER_S)
                self._waiting.append((tap_ns, partner))
        self._given += 1

    @property
    def taught_s(self) -> tuple[tuple[float, ...], ...]:
        return self._engine.learned.usual_taps_s

    @property
    def glints_s(self) -> list[float]:
        return [each.t_s for each in self.outputs if isinstance(each, Glint)]

    @property
    def breaths(self) -> list[Breath]:
        return [each for each in self.outputs if isinstance(each, Breath)]

    def windows(self, partner: Partner) -> list[AwakeWindow]:
        return [
            each
            for each in self.outputs
            if isinstance(each, AwakeWindow) and each.partner is partner
        ]

    def bands(self, partner: Partner) -> list[Wakefulness]:
        return [each.band for each in self.windows(partner)]


WITH_TAPS = opened(taps=True, breathing_min=15.0)


def test_without_asking_there_is_no_glint_and_a_tap_says_nothing() -> None:
    plain = Evening(never, opened(breathing_min=15.0))
    assert plain.glints_s == []
    tapped = [*plain.inputs[:900], Tapped(t_ns=225 * NS_PER_S, partner=Partner.A)]
    assert list(run([*tapped, *plain.inputs[901:]])) == list(run(plain.inputs))


@pytest.mark.parametrize("per_min", [4.5, 6.0, 7.0])
def test_glints_keep_seven_tenths_of_a_second_off_every_turn_of_the_breath(
    per_min: float,
) -> None:
    plan = with_set_pace(WITH_TAPS.practice.plan_toml, per_min)
    evening = Evening(steadily, opened(taps=True, breathing_min=15.0, plan_toml=plan))
    turns = [
        turn
        for breath in evening.breaths
        for turn in (
            breath.t_s,
            breath.t_s + breath.inhale_s,
            breath.t_s + breath.period_s,
        )
    ]
    assert len(evening.glints_s) > 20
    for glint_s in evening.glints_s:
        assert min(abs(glint_s - turn) for turn in turns) > 0.7 - 1e-9


def test_glints_come_ten_seconds_apart_for_two_minutes_and_then_twenty_to_forty() -> (
    None
):
    gaps = [
        after - before for before, after in pairwise(Evening(never, WITH_TAPS).glints_s)
    ]
    early, later = gaps[:11], gaps[11:]
    assert all(7 < gap < 13 for gap in early)
    assert 100 < sum(early) < 125
    assert all(20 < gap < 40 for gap in later)
    assert max(later) - min(later) > 10  # nobody can wait for them


def test_a_breath_too_short_for_a_glint_has_none() -> None:
    panting = Breath(t_s=0.0, period_s=2.0, inhale_s=1.0)
    assert math.isnan(off_turns_s(panting, 1.0))


def test_who_answers_as_at_the_start_is_awake_once_enough_is_known() -> None:
    windows = Evening(steadily, WITH_TAPS).windows(Partner.A)
    assert [each.gates for each in windows[:12]] == [("WARMING_UP", "FEW_TAPS")] * 12
    assert [each.gates for each in windows[12:17]] == [("FEW_TAPS",)] * 5
    assert {each.band for each in windows[17:]} == {Wakefulness.AWAKE}
    assert {each.gates for each in windows[17:]} == {()}


def test_answers_planted_slower_give_the_band_of_that_slowing_to_that_one_alone() -> (
    None
):
    def slower(share: float) -> Answering:
        def answer(partner: Partner, number: int) -> float:
            late = share if partner is Partner.B and number >= 12 else 0.0
            return 0.30 * (1 + late)

        return answer

    # 1 - .2 / .3 = .33 lies between .2 and .5; 1 - .3 / .3 = 0 below.
    for share, band in ((0.2, Wakefulness.BETWEEN), (0.3, Wakefulness.DROWSY)):
        evening = Evening(slower(share), WITH_TAPS)
        assert set(evening.bands(Partner.B)[17:]) == {band}
        assert set(evening.bands(Partner.A)[17:]) == {Wakefulness.AWAKE}


def test_two_misses_in_a_row_are_drowsy_and_two_apart_are_not() -> None:
    def missing(*numbers: int) -> Answering:
        return lambda _partner, number: math.nan if number in numbers else 0.30

    apart = Evening(missing(19, 21), WITH_TAPS).bands(Partner.A)
    assert set(apart[17:]) == {Wakefulness.AWAKE}
    twice = Evening(missing(20, 21), WITH_TAPS).bands(Partner.A)
    assert twice[20] is Wakefulness.AWAKE
    assert twice[21] is Wakefulness.DROWSY


def test_without_eight_answers_at_the_start_nothing_is_said_all_evening() -> None:
    def late(_partner: Partner, number: int) -> float:
        return math.nan if number < 5 else 0.30

    windows = Evening(late, WITH_TAPS).windows(Partner.B)
    assert {each.band for each in windows} == {Wakefulness.UNKNOWN}
    assert all("FEW_TAPS" in each.gates for each in windows)


def test_a_tap_too_soon_to_be_an_answer_is_neither_an_answer_nor_a_miss() -> None:
    def hasty(_partner: Partner, number: int) -> float:
        return 0.05 if number >= 20 else 0.30

    bands = Evening(hasty, WITH_TAPS).bands(Partner.A)
    assert set(bands[17:]) == {Wakefulness.AWAKE}


def test_a_pause_voids_the_glint_it_falls_on_and_costs_no_reference() -> None:
    first_s = Evening(steadily, WITH_TAPS).glints_s[4]
    evening = Evening(
        steadily,
        WITH_TAPS,
        presses=((first_s, Press.PAUSE), (first_s + 60, Press.RESUME)),
        minutes=30.0,
    )
    assert not any(first_s + 1 < glint < first_s + 60 for glint in evening.glints_s)
    assert Wakefulness.AWAKE in evening.bands(Partner.A)
    assert all(each.length_s < 45 for each in evening.windows(Partner.A))


def test_a_replay_of_the_log_gives_every_glint_and_band_again() -> None:
    evening = Evening(steadily, WITH_TAPS)
    cues = [each for each in evening.outputs if isinstance(each, CUES)]
    stored = [
        decode(type(each).__name__, encode(each)) for each in (*evening.inputs, *cues)
    ]
    assert compare(stored, is_whole=True).difference == ""
    assert len(evening.glints_s) > 20
    again = [each for each in run(evening.inputs) if isinstance(each, AwakeWindow)]
    assert again == [each for each in evening.outputs if isinstance(each, AwakeWindow)]


# --- while it may be too much --------------------------------------------------------

UPSET = Upset(
    partner=Partner.A, start_s=480.0, rise_bpm=15.0, rise_s=20.0, hold_s=120.0
)


def test_nobody_is_asked_to_tap_while_it_may_be_too_much_and_breathing_goes_on() -> (
    None
):
    lived = live(couple_of(3, upset=UPSET), opened(taps=True, breathing_min=12.0))
    ((asked_s, _),) = lived.of(PossibleFlooding)
    ((passed_s, _),) = lived.of(FloodingPassed)
    assert passed_s - asked_s > 60  # several glints would have come
    glints_s = [said_s for said_s, _ in lived.of(Glint)]
    assert any(said_s < asked_s for said_s in glints_s)
    assert not any(asked_s < said_s < passed_s for said_s in glints_s)
    assert any(passed_s < said_s < passed_s + 60 for said_s in glints_s)
    assert not any(asked_s < said_s < passed_s for said_s, _ in lived.of(AwakeWindow))
    assert any(asked_s < said_s < passed_s for said_s, _ in lived.of(Breath))
    cues = [out for _, out in lived.outputs if isinstance(out, CUES)]
    stored = [
        decode(type(each).__name__, encode(each)) for each in (*lived.inputs, *cues)
    ]
    assert compare(stored, is_whole=True).difference == ""


def tapped(partner: Partner, t_s: float) -> Tapped:
    return Tapped(t_ns=round(t_s * NS_PER_S), partner=partner)


def breathing(taps: Alertness, from_s: float, until_s: float) -> list[float]:
    """Breathe six times a minute and look every quarter second; return the glints."""
    glints: list[float] = []
    for quarter in range(round(4 * from_s), round(4 * until_s)):
        t_s = quarter / 4
        if t_s % 10 == 0:
            taps.follow(Breath(t_s=t_s, period_s=10.0, inhale_s=4.0))
        glints += [glint.t_s for glint in taps.cues(t_s)]
    return glints


def test_a_glint_under_way_when_it_becomes_too_much_is_void() -> None:
    taps = Alertness({each: UsualTaps(first_s=(), usual_s=()) for each in Partner})
    taps.follow(Glided(t_s=0.0))
    (first_s,) = breathing(taps, 0.0, 8.0)
    assert taps.features(first_s + 1.0) == []  # it may still be answered
    taps.take(tapped(Partner.A, first_s + 0.3))
    taps.follow(PossibleFlooding(t_s=first_s + 0.3))
    taps.take(tapped(Partner.B, first_s + 0.4))
    assert taps.features(first_s + 2.0) == []
    assert breathing(taps, 10.0, 100.0) == []
    taps.follow(FloodingPassed(t_s=100.0))
    again_s = breathing(taps, 100.0, 115.0)
    assert len(again_s) == 1
    told = taps.features(again_s[0] + 1.5)
    # What was answered before is forgotten, and time without glints is nobody's.
    assert [each.start_s for each in told if isinstance(each, AwakeWindow)] == [100] * 2


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 900 * NS_PER_S), st.sampled_from(Partner)), max_size=60
    )
)
def test_taps_at_any_time_from_anybody_are_borne(
    taps: list[tuple[int, Partner]],
) -> None:
    ticks: list[Input] = [Tick(t_ns=t * NS_PER_S // 2) for t in range(1800)]
    tapped: list[Input] = [Tapped(t_ns=t_ns, partner=who) for t_ns, who in taps]
    between = sorted([*ticks, *tapped], key=lambda each: each.t_ns)
    told = list(run([WITH_TAPS, *between]))
    glints = [each for each in told if isinstance(each, Glint)]
    windows = [each for each in told if isinstance(each, AwakeWindow)]
    assert glints
    assert len(windows) <= 2 * len(glints)
    assert all(each.length_s > 0 for each in windows)


# --- over evenings --------------------------------------------------------------------

FIRST_S: tuple[float, ...] = (0.29, 0.30, 0.31) * 4


def later(*, first_s: tuple[float, ...] = FIRST_S, **changes: object) -> Opened:
    """An evening of which both usually answer as on their first one."""
    known = {"first_taps_s": (first_s,) * 2, "usual_taps_s": (first_s,) * 2}
    return opened(taps=True, breathing_min=15.0, **(known | changes))


def test_whoever_is_known_needs_no_early_glints_and_is_judged_after_3_min() -> None:
    evening = Evening(steadily, later())
    gaps = [after - before for before, after in pairwise(evening.glints_s)]
    assert all(20 < gap < 40 for gap in gaps)
    windows = evening.windows(Partner.A)
    assert [each.gates for each in windows[:6]] == [("FEW_TAPS",)] * 5 + [()]
    assert {each.band for each in windows[5:]} == {Wakefulness.AWAKE}
    began_s = windows[0].start_s
    assert 120 < windows[5].t_s - began_s < 240


def test_who_begins_an_evening_slower_is_compared_with_other_evenings() -> None:
    def sleepy(partner: Partner, _number: int) -> float:
        return 0.40 if partner is Partner.A else 0.30

    evening = Evening(sleepy, later())
    assert set(evening.bands(Partner.A)[5:]) == {Wakefulness.DROWSY}
    assert set(evening.bands(Partner.B)[5:]) == {Wakefulness.AWAKE}


def test_where_one_of_both_is_not_known_the_first_glints_come_for_both() -> None:
    evening = Evening(steadily, later(usual_taps_s=(FIRST_S, FIRST_S[:7])))
    gaps = [after - before for before, after in pairwise(evening.glints_s)]
    assert all(7 < gap < 13 for gap in gaps[:11])
    known, unknown = evening.windows(Partner.A), evening.windows(Partner.B)
    assert all("WARMING_UP" in each.gates for each in (*known[:12], *unknown[:12]))
    assert known[12].band is Wakefulness.AWAKE
    assert unknown[12].gates == ("FEW_TAPS",)


def test_a_first_evening_teaches_its_first_answers_and_nothing_later() -> None:
    def slowing_down(_partner: Partner, number: int) -> float:
        return 0.30 if number < 12 else 0.90

    taught_s = Evening(slowing_down, WITH_TAPS).taught_s
    assert [pytest.approx(each, abs=1e-6) for each in taught_s] == [[0.30] * 12] * 2
    assert Evening(never, WITH_TAPS).taught_s == ((), ())
    assert Evening(steadily, opened(breathing_min=15.0)).taught_s == ((), ())


def test_a_later_evening_adds_what_was_answered_awake_and_forgets_the_oldest() -> None:
    def dozing_off(_partner: Partner, number: int) -> float:
        return 0.30 if number < 18 else 0.50

    oldest_s = (0.28,) * 4
    usual_s = (*oldest_s, *FIRST_S * 3)
    evening = Evening(dozing_off, later(usual_taps_s=(usual_s,) * 2))
    assert Wakefulness.DROWSY in evening.bands(Partner.A)
    taught_s, _ = evening.taught_s
    assert len(taught_s) == 40
    assert not set(oldest_s) & set(taught_s)
    assert max(taught_s) < 0.32  # nothing of the time asleep


def test_a_sleepy_evening_teaches_nothing() -> None:
    evening = Evening(lambda _partner, _number: 0.36, later())  # 20 % slower
    assert evening.taught_s == ((), ())


def test_who_slows_a_little_every_evening_does_not_drag_the_norm_along() -> None:
    rng = np.random.default_rng(20)
    first_s = tuple(0.30 * np.exp(0.2 * rng.standard_normal(12)))
    usual_s = first_s
    for evening in range(60):
        # 2 % from evening to evening: each seems awake beside the last few.
        now_s = 0.30 * 1.02**evening * np.exp(0.2 * rng.standard_normal(25))
        awake_s = [
            float(tap_s)
            for place, tap_s in enumerate(now_s)
            if place >= 5
            and wakefulness(now_s[max(0, place - 9) : place + 1], usual_s)
            is Wakefulness.AWAKE
        ]
        taught_s = next_usual(awake_s, usual_s=usual_s, first_s=first_s)
        usual_s = taught_s or usual_s
    assert len(usual_s) == 40  # it did learn at first
    norm = np.exp(np.mean(np.log(usual_s)) - np.mean(np.log(first_s)))
    assert norm < 1.15  # and after 60 evenings the person is at 3.2
    assert wakefulness(now_s[-10:], usual_s) is Wakefulness.DROWSY


def test_whoever_gets_quicker_with_practice_takes_the_norm_along() -> None:
    usual_s = FIRST_S
    for _ in range(4):
        usual_s = next_usual([0.25] * 12, usual_s=usual_s, first_s=FIRST_S)
    assert usual_s == (0.25,) * 40


def test_an_older_log_without_the_reference_opens_and_replays_as_it_was() -> None:
    before = changed(WITH_TAPS, by_labels=False)
    evening = Evening(steadily, before)
    older = json.loads(encode(before))[:-2]
    begins = decode("Opened", json.dumps(older).encode())
    assert begins == before
    assert isinstance(begins, Opened)
    again = list(run([begins, *evening.inputs[1:]]))
    assert again[: len(evening.outputs)] == evening.outputs


def test_a_replay_of_a_later_evening_needs_nothing_but_its_log() -> None:
    evening = Evening(steadily, later())
    stored = [decode(type(each).__name__, encode(each)) for each in evening.inputs]
    again = list(run(stored))  # type: ignore[arg-type]
    assert again[: len(evening.outputs)] == evening.outputs


# --- simulated people ---------------------------------------------------------------


def test_simulated_people_answer_slower_by_what_their_drowsiness_says() -> None:
    drowsy = usual_event(EventKind.DROWSINESS, 600.0)
    height_s = 600.0 + drowsy.rise_s + drowsy.hold_s / 2

    def answers_s(events: dict[Partner, tuple[ScriptedEvent, ...]]) -> list[float]:
        taps, found = SimulatedTaps(seed=5, events=events), list[float]()
        taps.hear(Glint(t_s=height_s))
        for tap in taps.until(round((height_s + 60) * NS_PER_S)):
            if tap.partner is Partner.A:
                found.append(tap.t_ns / NS_PER_S - height_s)
        return found

    (awake_s,), (slow_s,) = answers_s({}), answers_s({Partner.A: (drowsy,)})
    assert slow_s / awake_s == pytest.approx(1.4, abs=0.01)  # docs/simulated-couples.md


def simulated(seed: int) -> Answering:
    couple = SimulatedTaps(seed=seed, events={})
    answers_s: dict[Partner, float] = {}

    def answer(partner: Partner, _number: int) -> float:
        if partner is Partner.A:  # asked first
            couple.hear(Glint(t_s=0.0))
            for tap in couple.until(100 * NS_PER_S):
                answers_s[tap.partner] = tap.t_ns / NS_PER_S
        return answers_s[partner]

    return answer


def test_a_simulated_couple_that_stays_awake_is_mostly_said_to_be() -> None:
    told = [
        band
        for seed in range(6)
        for partner in Partner
        for band in Evening(simulated(seed), WITH_TAPS).bands(partner)[17:]
    ]
    assert len(told) > 100
    # The spec allows 10 % false alarms at ten recent taps; from six on there are more.
    assert told.count(Wakefulness.AWAKE) / len(told) > 0.8
