"""The light goes between both breaths, favours neither, and never stops."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from coreg.exercises.pacing.both_light import CALM_PER_MIN, MOST_CHANGE, BothLight
from coreg.exercises.plan import parse_plan
from coreg.facts.codec import CUES, INPUTS, decode, encode
from coreg.facts.events import (
    BlockBegan,
    Breath,
    BreathSwing,
    Cue,
    Glow,
    PacerStopped,
    PaceTurned,
    Pacing,
    Partner,
    Press,
    Pressed,
    Tick,
)
from coreg.session.engine import Engine, Output, run
from coreg.store.plans import plan_names, plan_text
from coreg.store.reader import read_session
from coreg.store.session_log import SessionLog
from tests.helpers.once import once_a_run
from tests.helpers.two_chests import LIGHT_PLAN, Chest, chest, light_session, opened

A, B = Partner.A, Partner.B
ARRIVE_S = 120.0


def swells(rates: dict[Partner, list[float]]) -> list[float]:
    """Rates of the light while each chest is seen, second by second, at these."""
    light, said, due_s = BothLight(), list[float](), 0.0
    for second in range(len(rates[A])):
        for partner, of in rates.items():
            light.see(partner, float(second), of[second])
        if second >= due_s:
            said.append(light.per_min(due_s))
            due_s += 60 / said[-1]
    return said


def lived(chests: dict[Partner, Chest], length_s: int = 480) -> list[Output]:
    return list(run(light_session(chests, length_s)))


@once_a_run
def of_nine_and_twelve() -> list[Output]:
    """What follows where one breathes at nine a minute and the other at twelve."""
    return lived({A: chest(9), B: chest(12)})


def rates_of(outputs: list[Output]) -> list[tuple[float, float]]:
    return [
        (each.t_s, 60 / each.period_s) for each in outputs if isinstance(each, Glow)
    ]


def turns_of(outputs: list[Output]) -> list[tuple[float, Pacing]]:
    return [(o.t_s, o.pacing) for o in outputs if isinstance(o, PaceTurned)]


def test_two_who_breathe_at_nine_and_twelve_get_what_is_as_far_from_either() -> None:
    rates = rates_of(of_nine_and_twelve())
    late = [rate for t_s, rate in rates if t_s > ARRIVE_S + 120]
    between = math.sqrt(9 * 12)
    assert between / 9 == pytest.approx(12 / between)
    assert len(late) > 15
    assert np.abs(np.array(late) - between).max() < 0.15
    assert all(
        pacing is Pacing.FOLLOWING for _, pacing in turns_of(of_nine_and_twelve())
    )


def test_with_a_and_b_swapped_the_light_is_the_same_to_the_bit() -> None:
    one = lived({A: chest(9), B: chest(12.5, still_from_s=300)})
    other = lived({A: chest(12.5, still_from_s=300), B: chest(9)})
    told = (Glow, PaceTurned, PacerStopped)
    assert [repr(o) for o in one if isinstance(o, told)] == [
        repr(o) for o in other if isinstance(o, told)
    ]


def test_any_two_courses_of_breath_get_one_light_whoever_has_which() -> None:
    rng = np.random.default_rng(20)
    for _ in range(50):
        one, other = (
            np.where(rng.random(300) < 0.3, np.nan, rng.uniform(3, 26, 300)).tolist()
            for _ in range(2)
        )
        assert swells({A: one, B: other}) == swells({B: other, A: one})
        assert swells({A: one, B: other}) == swells({A: other, B: one})


def test_where_one_is_no_longer_seen_the_light_goes_by_itself_and_never_stops() -> None:
    outputs = lived({A: chest(9), B: chest(14, still_from_s=240)})
    rates = rates_of(outputs)
    for (t_s, rate), (next_s, _) in itertools.pairwise(rates):
        assert next_s == pytest.approx(t_s + 60 / rate)  # one after the other, no hole
    assert [pacing for _, pacing in turns_of(outputs)] == [
        Pacing.FOLLOWING,
        Pacing.CALM,
    ]
    lost_s = turns_of(outputs)[1][0]
    assert 240 + 30 <= lost_s < 240 + 75
    assert [rate for t_s, rate in rates if t_s > lost_s + 90] == pytest.approx(
        [CALM_PER_MIN] * len([0 for t_s, _ in rates if t_s > lost_s + 90])
    )


def test_it_never_goes_by_one_alone() -> None:
    outputs = lived({A: chest(14)})
    assert {rate for _, rate in rates_of(outputs)} == {CALM_PER_MIN}
    assert [pacing for _, pacing in turns_of(outputs)] == [Pacing.CALM]


def test_without_straps_that_see_it_goes_by_itself() -> None:
    assert {rate for _, rate in rates_of(lived({}))} == {CALM_PER_MIN}


def test_it_never_jumps_whatever_is_seen() -> None:
    rng = np.random.default_rng(21)
    for _ in range(50):
        seen = {p: rng.uniform(3, 26, 400).tolist() for p in Partner}
        for one, other in itertools.pairwise(swells(seen)):
            assert one / other <= MOST_CHANGE * (1 + 1e-12)
            assert other / one <= MOST_CHANGE * (1 + 1e-12)


@pytest.mark.parametrize(("rate", "shown"), [(3.0, 4.0), (26.0, 18.0)])
def test_it_stays_slow_enough_to_be_calm(rate: float, shown: float) -> None:
    assert swells({A: [rate] * 300, B: [rate] * 300})[-1] == shown


def test_a_breath_that_hides_for_a_moment_still_counts() -> None:
    seen = [12.0] * 100 + [math.nan] * 25 + [12.0] * 100
    light, said = BothLight(), set[Pacing]()
    for second, rate in enumerate(seen):
        light.see(A, float(second), rate)
        light.see(B, float(second), 9.0)
        said.add(light.pacing(float(second)))
    assert said == {Pacing.FOLLOWING}


def test_nobody_is_measured_by_a_light_that_leads_nobody() -> None:
    outputs = of_nine_and_twelve()
    assert not [each for each in outputs if isinstance(each, Breath | BreathSwing)]


def test_a_pause_stops_it_and_it_goes_on_as_fast_as_it_was() -> None:
    engine, said = Engine(), list[Cue]()

    def feed(given: Tick | Pressed) -> None:
        said.extend(o for o in engine.feed(given) if isinstance(o, CUES))

    for given in light_session({A: chest(10), B: chest(10)}, 330):
        said.extend(o for o in engine.feed(given) if isinstance(o, CUES))
    before = rates_of([*said])[-1][1]
    feed(Pressed(t_ns=330 * 10**9, press=Press.PAUSE))
    assert isinstance(said[-2], PacerStopped)
    feed(Pressed(t_ns=334 * 10**9, press=Press.RESUME))
    count = len(rates_of([*said]))
    for quarter in range(4 * 334 + 1, 4 * 340):
        feed(Tick(t_ns=quarter * 10**9 // 4))
    after = rates_of([*said])[count][1]
    assert before / MOST_CHANGE <= after <= before * MOST_CHANGE


def test_it_replays_from_a_file_to_the_bit(tmp_path: Path) -> None:
    path = tmp_path / "20260301-193000-7f3a.coreg"
    inputs = list(light_session({A: chest(9), B: chest(13, still_from_s=300)}, 900))
    live = list(run(inputs))
    with SessionLog.create(path, opened()) as log:
        for given in inputs[1:]:
            log.append(given, given.t_ns)
    kept = [each.fact for each in read_session(path).events]
    again = list(run(each for each in kept if isinstance(each, INPUTS)))
    assert [repr(each) for each in again] == [repr(each) for each in live]
    kinds = {each.kind for each in live if isinstance(each, BlockBegan)}
    assert kinds == {"arrive", "light", "rest", "words"}


def test_a_swell_is_written_and_read_back() -> None:
    glow = Glow(t_s=12.25, period_s=5.773502691896258, rise_s=2.886751345948129)
    assert decode("Glow", encode(glow)) == glow


def test_of_all_practices_that_ship_this_one_alone_needs_to_see_breaths() -> None:
    needing = {n for n in plan_names() if parse_plan(plan_text(n)).follows_breaths}
    assert needing == {LIGHT_PLAN}
