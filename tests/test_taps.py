"""Taps: glints off the turns of the breath, answers in bands, all from the log."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from coreg.codec import CUES, decode, encode
from coreg.engine import Engine, Output, run
from coreg.events import (
    NS_PER_S,
    AwakeWindow,
    Breath,
    Glint,
    Input,
    Opened,
    Partner,
    Press,
    Pressed,
    Tapped,
    Tick,
    Wakefulness,
)
from coreg.exercises.plan import with_set_pace
from coreg.replay import compare
from coreg.sensors.simulated_events import Event, EventKind, usual_event
from coreg.sensors.simulated_taps import SimulatedTaps
from coreg.taps import off_turns_s
from tests.helpers.living import TICK_NS, opened

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
    plan = with_set_pace(WITH_TAPS.plan_toml, per_min)
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


def test_two_misses_among_the_latest_are_drowsy_and_one_is_not() -> None:
    def missing(*numbers: int) -> Answering:
        return lambda _partner, number: math.nan if number in numbers else 0.30

    once = Evening(missing(19), WITH_TAPS).bands(Partner.A)
    assert Wakefulness.DROWSY not in once
    twice = Evening(missing(19, 21), WITH_TAPS).bands(Partner.A)
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


# --- simulated people ---------------------------------------------------------------


def test_simulated_people_answer_slower_by_what_their_drowsiness_says() -> None:
    drowsy = usual_event(EventKind.DROWSINESS, 600.0)
    height_s = 600.0 + drowsy.rise_s + drowsy.hold_s / 2

    def answers_s(events: dict[Partner, tuple[Event, ...]]) -> list[float]:
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
