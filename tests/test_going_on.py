"""A session that broke off goes on where it was, and nothing reaches across the gap."""

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings, strategies as st

from coreg.errors import SessionError
from coreg.facts.codec import CUES, INPUTS, decode, encode
from coreg.facts.events import (
    NS_PER_S,
    Beat,
    BeatLabel,
    BlockBegan,
    BlockEnded,
    Breath,
    BreathSwing,
    Continued,
    Ended,
    Gap,
    HeartWindow,
    Input,
    Notification,
    Opened,
    PacerStopped,
    Partner,
    Paused,
    Press,
    Pressed,
    Resumed,
    SettledWindow,
    SignalBack,
    SignalLost,
    Tick,
    WentOn,
)
from coreg.findings.timeline import Span, pauses_of
from coreg.session.engine import Engine, Output, run
from coreg.session.going_on import away_s, continued, stood
from coreg.session.replay import compare
from coreg.store.rows import Logged, Recorded
from tests.helpers.living import TICK_NS, couple_of, live, opened
from tests.helpers.sessions import rounds
from tests.helpers.short_plans import BREATHING

BEGAN = dt.datetime(2026, 3, 1, 19, 30, tzinfo=dt.UTC)
BROKE_OFF_S, AWAY_S, WAITED_S = 171.0, 600.0, 20.0  # 51 s into breathing together
BACK_S = BROKE_OFF_S + AWAY_S
ON_S = BACK_S + WAITED_S


def begins() -> Opened:
    return opened(plan_toml=BREATHING, opened_utc=BEGAN.isoformat())


def until(end_s: float, *, presses: dict[float, Press] | None = None) -> list[Input]:
    """What came in until the recording broke off."""
    lived = live(couple_of(3), begins(), until_s=end_s, presses=presses)
    return list(lived.inputs)


def logged(inputs: Iterable[Input]) -> list[Recorded]:
    """What a log holds of these inputs: them, and each cue after its input."""
    engine, facts = Engine(), list[tuple[int, Logged]]()
    for each in inputs:
        facts.append((each.t_ns, each))
        outputs = engine.feed(each)
        facts += [(each.t_ns, cue) for cue in outputs if isinstance(cue, CUES)]
    return [
        Recorded(seq=seq, t_ns=t_ns, fact=fact)
        for seq, (t_ns, fact) in enumerate(facts, start=1)
    ]


def going_on(
    inputs: Sequence[Input],
    *,
    away_s: float = AWAY_S,
    monotonic_ns: int = 5 * NS_PER_S,
    resumes: bool = True,
    until_s: float = 200.0,
    silent: frozenset[Partner] = frozenset(),
) -> list[Input]:
    """The same and what came in afterwards: other beats, by a clock of their own."""
    utc = BEGAN + dt.timedelta(seconds=inputs[-1].t_ns / NS_PER_S + away_s)
    first = continued(logged(inputs), utc=utc, monotonic_ns=monotonic_ns)
    later: list[Input] = [first]
    couple = couple_of(4)
    for t_ns in range(0, round(until_s * NS_PER_S), TICK_NS):
        now_ns = first.t_ns + t_ns
        later += [
            replace(packet, t_ns=packet.t_ns + first.t_ns)
            for packet in couple.advance(t_ns)
            if packet.partner not in silent
        ]
        if resumes and t_ns == round(WAITED_S * NS_PER_S):
            later.append(Pressed(t_ns=now_ns, press=Press.RESUME))
        later.append(Tick(t_ns=now_ns))
    return [*inputs, *later]


def of(outputs: Iterable[Output], kind: type[Output]) -> list:  # type: ignore[type-arg]
    return [each for each in outputs if isinstance(each, kind)]


@pytest.fixture(scope="module")
def lived() -> list[Output]:
    return list(run(going_on(until(BROKE_OFF_S))))


# --- the practice ---------------------------------------------------------------


def test_it_goes_on_paused_and_what_remained_of_the_block_remains(
    lived: list[Output],
) -> None:
    (went_on,) = of(lived, WentOn)
    assert went_on == WentOn(
        t_s=BACK_S - 0.25, since_s=BROKE_OFF_S - 0.25, is_timed=True
    )
    (paused,), (resumed,) = of(lived, Paused), of(lived, Resumed)
    assert paused.t_s == went_on.since_s
    assert resumed.t_s == went_on.t_s + WAITED_S
    (ended,) = of(lived, Ended)
    # Two minutes of arriving and two of breathing, breathed out, and no more.
    practised_s = ended.t_s - (resumed.t_s - paused.t_s)
    longest_breath_s = max(each.period_s for each in of(lived, Breath))
    assert 240.0 <= practised_s < 240.0 + longest_breath_s + 2.0
    assert [each.number for each in of(lived, BlockBegan)] == [0, 1]


def test_the_breath_under_way_is_void_and_the_next_comes_gently_after_they_go_on(
    lived: list[Output],
) -> None:
    (went_on,), (resumed,) = of(lived, WentOn), of(lived, Resumed)
    assert PacerStopped(t_s=went_on.since_s) in lived
    breaths = [each.t_s for each in of(lived, Breath)]
    assert not [t_s for t_s in breaths if went_on.t_s <= t_s < resumed.t_s]
    assert min(t_s for t_s in breaths if t_s > went_on.t_s) == resumed.t_s + 2.0


def test_a_practice_that_was_paused_stays_paused_since_then() -> None:
    inputs = going_on(until(BROKE_OFF_S, presses={150.0: Press.PAUSE}))
    outputs = list(run(inputs))
    (paused,) = of(outputs, Paused)
    assert paused.t_s == 150.0
    (pause,) = pauses_of(tuple(outputs), Span(start_s=0.0, end_s=1e6))
    assert pause.start_s == 150.0
    assert pause.end_s == pytest.approx(BACK_S + WAITED_S, abs=0.3)


def test_nobody_goes_on_by_oneself(
    lived: list[Output],
) -> None:
    outputs = list(run(going_on(until(BROKE_OFF_S), resumes=False)))
    assert of(outputs, Resumed) == of(outputs, Ended) == []
    assert len(of(outputs, Breath)) < len(of(lived, Breath))


def test_one_that_is_over_does_not_begin_again() -> None:
    inputs = until(BROKE_OFF_S, presses={150.0: Press.FINISH})
    assert of(list(run(going_on(inputs))), WentOn) == []


# --- the hearts -----------------------------------------------------------------


def test_no_two_beats_across_the_gap_are_neighbours(lived: list[Output]) -> None:
    for partner in Partner:
        own = [each for each in lived if getattr(each, "partner", None) is partner]
        beats = of(own, Beat)
        before = [each for each in beats if each.t_s <= BROKE_OFF_S]
        after = [each for each in beats if each.t_s > BROKE_OFF_S]
        assert len(before) > 100
        assert len(after) > 50
        assert after[0].label is BeatLabel.GAP
        assert math.isnan(after[0].nn_ms)
        (gap,) = [g for g in of(own, Gap) if g.end_s > BROKE_OFF_S]
        assert gap.start_s == before[-1].t_s
        assert gap.end_s == pytest.approx(after[0].t_s - after[0].rr_ms / 1000)
        assert gap.end_s >= BACK_S - 2.0
        windows = [w for w in of(own, HeartWindow) if w.t_s >= after[0].t_s]
        assert math.isnan(windows[0].hr_bpm)
        early = [w for w in windows if w.t_s < after[0].t_s + 25]
        assert all(math.isnan(w.rmssd_ms) for w in early)


def test_no_breath_and_no_settled_minute_reaches_into_the_gap(
    lived: list[Output],
) -> None:
    for swing in of(lived, BreathSwing):
        end_s = swing.breath_start_s + swing.breath_period_s
        assert end_s <= BROKE_OFF_S or swing.breath_start_s >= ON_S
    for window in of(lived, SettledWindow):
        end_s = window.start_s + window.length_s
        assert end_s <= BROKE_OFF_S or window.start_s >= ON_S


def test_beats_from_before_the_segment_are_of_no_clock_and_left_out() -> None:
    inputs = until(BROKE_OFF_S)
    utc = BEGAN + dt.timedelta(seconds=BROKE_OFF_S + 600)
    first = continued(logged(inputs), utc=utc, monotonic_ns=0)
    late = [  # what waited in the strap since long before coreg came back
        Notification(t_ns=first.t_ns, partner=Partner.A, data=b"\x10\x3c" + 8 * b"\0\4")
    ]
    beats = of(list(run([*inputs, first, *late])), Beat)
    assert all(each.t_s < BROKE_OFF_S for each in beats)


def test_each_strap_is_waited_for_anew() -> None:
    both = list(run(going_on(until(BROKE_OFF_S), until_s=60.0)))
    assert of(both, SignalLost) == []
    silent = frozenset({Partner.B})
    one = list(run(going_on(until(BROKE_OFF_S), until_s=60.0, silent=silent)))
    (lost,) = of(one, SignalLost)
    assert lost.partner is Partner.B
    assert lost.t_s > BACK_S + 4.0
    assert of(one, SignalBack) == []


# --- to the bit -----------------------------------------------------------------


def test_a_replay_of_one_that_went_on_twice_is_identical() -> None:
    once = going_on(until(BROKE_OFF_S), until_s=40.0)
    twice = going_on(once, away_s=AWAY_S + 700.0, monotonic_ns=NS_PER_S)
    assert len(of(list(run(twice)), WentOn)) == 2
    recorded = [each.fact for each in logged(twice)]
    again = [_through_the_disk(fact) for fact in recorded]
    compared = compare(again, is_whole=True)
    assert compared.difference == ""
    assert len(of(recorded, BlockEnded)) == 2  # type: ignore[arg-type]


def test_the_log_stays_in_order_whatever_the_monotonic_clock_says() -> None:
    inputs = going_on(until(BROKE_OFF_S), monotonic_ns=1)
    assert all(a.t_ns <= b.t_ns for a, b in itertools.pairwise(inputs))
    other = going_on(until(BROKE_OFF_S), monotonic_ns=2**50)
    assert list(map(encode, run(inputs))) == list(map(encode, run(other)))


def test_cues_that_were_lost_with_the_crash_are_found_by_the_replay() -> None:
    recorded = logged(until(BROKE_OFF_S))
    last = max(n for n, each in enumerate(recorded) if isinstance(each.fact, Breath))
    standing = stood(recorded[:last])
    assert standing.unlogged == ((recorded[last].t_ns, recorded[last].fact),)
    assert stood(recorded).unlogged == ()


@cache
def _whole_log() -> tuple[Recorded, ...]:
    paused = {140.0: Press.PAUSE, 150.0: Press.RESUME}
    return tuple(logged(until(190.0, presses=paused)))


@settings(max_examples=rounds(12, thorough=200), deadline=None)
@given(at=st.integers(2, 10_000))
def test_wherever_the_log_was_cut_it_goes_on_and_replays_to_the_bit(at: int) -> None:
    whole = _whole_log()
    cut = list(whole[: 1 + at % len(whole)])
    standing = stood(cut)
    facts = [each.fact for each in cut]
    facts += [cue for _, cue in standing.unlogged]
    inputs = [fact for fact in facts if isinstance(fact, INPUTS)]
    for given_ in going_on(inputs, until_s=30.0)[len(inputs) :]:
        facts.append(given_)
        outputs = standing.engine.feed(given_)
        facts += [each for each in outputs if isinstance(each, CUES)]
    compared = compare(list(map(_through_the_disk, facts)), is_whole=True)
    assert compared.difference == ""
    assert len(of(facts, WentOn)) == 1  # type: ignore[arg-type]


def test_what_another_coreg_would_say_otherwise_does_not_go_on() -> None:
    recorded = logged(until(BROKE_OFF_S))
    at = next(n for n, each in enumerate(recorded) if isinstance(each.fact, Breath))
    breath = recorded[at].fact
    assert isinstance(breath, Breath)
    longer = replace(breath, period_s=math.nextafter(breath.period_s, 60.0))
    recorded[at] = replace(recorded[at], fact=longer)
    with pytest.raises(SessionError, match="another version"):
        stood(recorded)


# --- the time -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("utc", "away"),
    [
        (BEGAN + dt.timedelta(seconds=BROKE_OFF_S + 300), 300.25),
        (BEGAN + dt.timedelta(seconds=10), None),  # set back
        (BEGAN - dt.timedelta(days=400), None),
    ],
)
def test_how_long_nothing_was_recorded_is_told_by_the_time_of_day_or_by_nothing(
    utc: dt.datetime, away: float | None
) -> None:
    recorded = logged(until(BROKE_OFF_S))
    assert away_s(recorded, utc) == pytest.approx(away)
    first = continued(recorded, utc=utc, monotonic_ns=0)
    on_by_s = (first.t_ns - recorded[-1].t_ns) / NS_PER_S
    assert on_by_s == pytest.approx(60.0 if away is None else away)
    assert first.is_timed is (away is not None)


def test_a_second_gap_is_counted_from_the_segment_before_it() -> None:
    # The clock was set back by an hour between the two segments.
    utc = BEGAN - dt.timedelta(hours=1)
    inputs = until(BROKE_OFF_S)
    first = continued(logged(inputs), utc=utc, monotonic_ns=0)
    recorded = logged([*inputs, first, Tick(t_ns=first.t_ns + 10 * NS_PER_S)])
    assert away_s(recorded, utc + dt.timedelta(seconds=40)) == 30.0


def test_a_session_without_a_time_of_day_cannot_tell() -> None:
    begun = opened(plan_toml=BREATHING, opened_utc="yesterday")
    inputs: list[Input] = [begun, Tick(t_ns=0)]
    assert away_s(logged(inputs), BEGAN) is None


def test_going_on_is_kept_to_the_bit() -> None:
    fact = Continued(t_ns=3, monotonic_ns=2, utc=BEGAN.isoformat(), is_timed=False)
    assert _through_the_disk(fact) == fact


def _through_the_disk(fact: Logged) -> Logged:
    again = decode(type(fact).__name__, encode(fact))
    assert isinstance(again, type(fact))
    return again
