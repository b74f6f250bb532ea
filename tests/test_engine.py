"""One path: the same inputs give the same outputs, to the last bit."""

import itertools
import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings, strategies as st

from coreg.facts import codec
from coreg.facts.events import (
    NS_PER_S,
    BadPacket,
    Beat,
    BlockBegan,
    BlockEnded,
    Breath,
    BreathSwing,
    Continued,
    Ended,
    Ending,
    Gap,
    HeartWindow,
    Input,
    Intervals,
    Notification,
    Opened,
    Partner,
    Press,
    Pressed,
    SignalBack,
    SignalLost,
    Source,
    SourceEnded,
    Tick,
)
from coreg.session.engine import Engine, Output, run
from coreg.store.plans import plan_text
from tests.helpers.openings import changed, opening

TICK_NS = NS_PER_S // 4


def opened(*, breathing_min: float = 0.0, ends_with_source: bool = True) -> Opened:
    return opening(
        session_id="20260101-200000-test",
        opened_utc="2026-01-01T20:00:00.000+00:00",
        source=Source.RECORDINGS,
        streams=("planted A", "planted B"),
        common_clock=True,
        latency_s=(0.0, 0.0),
        lag_resolution_s=2.2,
        seed=0,
        plan_toml=plan_text("relaxed-and-alert"),
        breathing_min=breathing_min,
        steps_wait=False,
        ends_with_source=ends_with_source,
        consent="test",
        versions=(),
    )


def steady(
    partner: Partner, *, until_s: float, rr_ms: float = 800.0, swing_ms: float = 60.0
) -> Iterator[Intervals]:
    """A heart that swings six times a minute, each beat delivered at its time."""
    t_s = 0.0
    while True:
        this_ms = rr_ms + 0.5 * swing_ms * math.sin(2 * math.pi * 0.1 * t_s)
        t_s += this_ms / 1000
        if t_s > until_s:
            return
        yield Intervals(t_ns=round(t_s * NS_PER_S), partner=partner, rr_ms=(this_ms,))


def evening(arrivals: list[Intervals], until_s: float) -> list[Input]:
    """Arrivals and ticks in order, then the end."""
    ticks = [Tick(t_ns=n * TICK_NS) for n in range(int(4 * until_s) + 1)]
    inputs: list[Intervals | Tick] = [*arrivals, *ticks]
    inputs.sort(key=lambda each: each.t_ns)
    return [opened(), *inputs, SourceEnded(t_ns=ticks[-1].t_ns)]


def both(until_s: float) -> list[Intervals]:
    return [
        *steady(Partner.A, until_s=until_s),
        *steady(Partner.B, until_s=until_s, rr_ms=900),
    ]


def of(outputs: list[Output], kind: type) -> list[Output]:
    return [output for output in outputs if isinstance(output, kind)]


def test_the_same_inputs_give_the_same_outputs_to_the_last_bit() -> None:
    inputs = evening(both(400), 400)
    first = [codec.encode(output) for output in run(inputs)]
    again = [codec.encode(output) for output in run(inputs)]
    assert first == again
    assert len(first) > 1000


def test_feeding_one_by_one_is_running_the_whole() -> None:
    inputs = evening(both(200), 200)
    engine = Engine()
    fed = [output for each in inputs for output in engine.feed(each)]
    assert list(map(codec.encode, fed)) == list(map(codec.encode, run(inputs)))


def test_every_clean_beat_comes_out_once_with_its_interval() -> None:
    arrivals = both(200)
    outputs = list(run(evening(arrivals, 200)))
    for partner in Partner:
        sent = [rr for a in arrivals if a.partner is partner for rr in a.rr_ms]
        beats = [b for b in outputs if isinstance(b, Beat) and b.partner is partner]
        assert [b.rr_ms for b in beats] == sent
        assert {b.label for b in beats} == {"normal"}


def test_a_planted_five_second_dropout_is_one_gap_of_that_length() -> None:
    arrivals = [
        a
        for a in both(200)
        if not (a.partner is Partner.A and 100 < a.t_ns / NS_PER_S <= 105)
    ]
    gaps = of(list(run(evening(arrivals, 200))), Gap)
    assert len(gaps) == 1
    gap = gaps[0]
    assert isinstance(gap, Gap)
    assert gap.partner is Partner.A
    assert gap.start_s == pytest.approx(100, abs=1)
    assert gap.end_s - gap.start_s == pytest.approx(5, abs=0.9)


def test_silence_at_either_end_is_a_gap_too() -> None:
    late_and_short = [a for a in both(120) if 30 < a.t_ns / NS_PER_S < 90]
    outputs = list(run(evening([*late_and_short], 120)))
    gaps = [g for g in outputs if isinstance(g, Gap) and g.partner is Partner.A]
    heard_s = [a.t_ns / NS_PER_S for a in late_and_short if a.partner is Partner.A]
    assert len(gaps) == 2
    assert gaps[0].start_s == 0
    assert gaps[0].end_s == pytest.approx(heard_s[0] - 0.8, abs=0.2)
    assert gaps[1].start_s == pytest.approx(heard_s[-1], abs=0.2)
    assert gaps[1].end_s == 120


def test_a_strap_that_never_sends_is_one_gap() -> None:
    outputs = list(run(evening([*steady(Partner.A, until_s=60)], 60)))
    assert [g for g in outputs if isinstance(g, Gap)] == [
        Gap(start_s=0, end_s=60, partner=Partner.B)
    ]


def test_heart_rate_and_rmssd_are_those_of_the_planted_heart() -> None:
    outputs = list(run(evening(both(150), 150)))
    windows = [
        w for w in outputs if isinstance(w, HeartWindow) and w.partner is Partner.A
    ]
    # A whole breath of 10 s averages the swing out: 60 000 / 800.
    assert windows[-1].hr_bpm == pytest.approx(75, rel=0.01)
    # Difference of neighbours of a sine of amplitude 30 ms: 2 * 30 sin(pi f RR),
    # and its mean square is half the squared amplitude.
    amplitude_ms = 2 * 30 * math.sin(math.pi * 0.1 * 0.8)
    assert windows[-1].rmssd_ms == pytest.approx(amplitude_ms / math.sqrt(2), rel=0.02)


def test_the_swing_of_a_breath_is_the_planted_one() -> None:
    outputs = list(run(evening(both(500), 500)))
    swings = [
        s
        for s in outputs
        if isinstance(s, BreathSwing)
        and s.partner is Partner.A
        and s.breath_period_s == 10
    ]
    assert len(swings) > 8
    for swing in swings:
        assert swing.rsa_ms == pytest.approx(60, rel=0.08)


def test_bytes_that_are_no_packet_are_named_and_the_stream_goes_on() -> None:
    arrivals: list[Input] = [*steady(Partner.A, until_s=30)]
    bad = Notification(t_ns=10 * NS_PER_S, partner=Partner.A, data=b"\x16")
    good = Notification(t_ns=29 * NS_PER_S, partner=Partner.B, data=b"\x10\x46\x00\x04")
    ticks = [Tick(t_ns=n * NS_PER_S) for n in range(31)]
    inputs = sorted([*arrivals, bad, good, *ticks], key=lambda each: each.t_ns)
    outputs = list(run([opened(), *inputs]))
    named = of(outputs, BadPacket)
    assert len(named) == 1
    beats = [b for b in outputs if isinstance(b, Beat)]
    assert sum(b.partner is Partner.A for b in beats) == len(arrivals)
    assert [b.rr_ms for b in beats if b.partner is Partner.B] == [1000.0]


def test_a_silent_strap_is_said_once_and_its_return_once_and_the_other_goes_on() -> (
    None
):
    arrivals = [
        a
        for a in both(120)
        if not (a.partner is Partner.B and 40 < a.t_ns / NS_PER_S < 80)
    ]
    outputs = list(run(evening(arrivals, 120)))
    lost, back = of(outputs, SignalLost), of(outputs, SignalBack)
    assert [(o.partner, round(o.t_s)) for o in lost if isinstance(o, SignalLost)] == [
        (Partner.B, 45)
    ]
    first_again_s = min(
        a.t_ns / NS_PER_S
        for a in arrivals
        if a.partner is Partner.B and a.t_ns >= 80 * NS_PER_S
    )
    assert len(back) == 1
    assert isinstance(back[0], SignalBack)
    assert back[0].partner is Partner.B
    assert 0 <= back[0].t_s - first_again_s <= 0.25
    during = [
        b
        for b in outputs
        if isinstance(b, Beat) and b.partner is Partner.A and 45 < b.t_s < 75
    ]
    assert len(during) > 30


def test_breaths_follow_without_a_seam_and_glide_to_six() -> None:
    breaths = [b for b in run(evening(both(700), 700)) if isinstance(b, Breath)]
    for one, after in itertools.pairwise(breaths):
        assert after.t_s == one.t_s + one.period_s
        assert abs(60 / after.period_s - 60 / one.period_s) < 1.0
    assert breaths[0].period_s == 5.0
    assert breaths[-1].period_s == 10.0


def test_each_block_has_a_hash_that_any_change_of_a_heart_changes() -> None:
    arrivals = both(400)
    hashes = [b for b in run(evening(arrivals, 400)) if isinstance(b, BlockEnded)]
    assert [b.number for b in hashes] == [0, 1, 2]
    assert all(b.features > 0 for b in hashes)
    moved = list(arrivals)
    late = next(i for i, a in enumerate(moved) if a.t_ns > 100 * NS_PER_S)
    moved[late] = Intervals(
        t_ns=moved[late].t_ns,
        partner=moved[late].partner,
        rr_ms=(math.nextafter(moved[late].rr_ms[0], 0),),
    )
    other = [b for b in run(evening(moved, 400)) if isinstance(b, BlockEnded)]
    same = [a == b for a, b in zip(hashes, other, strict=True)]
    assert same == [True, False, True]


def test_finishing_early_lets_every_held_beat_go_before_the_last_hash() -> None:
    arrivals = [*steady(Partner.A, until_s=30)]
    inputs = evening(arrivals, 30)[:-1]
    inputs.append(Pressed(t_ns=30 * NS_PER_S, press=Press.FINISH))
    outputs = list(run(inputs))
    assert sum(isinstance(o, Beat) for o in outputs) == len(arrivals)
    assert isinstance(outputs[-2], BlockEnded)
    assert outputs[-1] == Ended(t_s=30, ending=Ending.FINISHED_EARLY)


def test_an_interrupted_log_still_gives_every_beat() -> None:
    arrivals = [*steady(Partner.A, until_s=30)]
    outputs = list(run(evening(arrivals, 30)[:-1]))
    assert sum(isinstance(o, Beat) for o in outputs) == len(arrivals)
    assert of(outputs, Ended) == []


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("latency_s", [0.0, 0.5])
def test_beats_that_all_arrive_at_time_zero_end_no_practice(latency_s: float) -> None:
    """Around zero, doubles lie so near to one another that no curve can be drawn."""
    engine = Engine()
    engine.feed(changed(opened(), latency_s=(latency_s, latency_s)))
    first_ns = round(latency_s * NS_PER_S)
    outputs = [
        output
        for number in range(12)
        for partner in Partner
        for output in engine.feed(
            Intervals(t_ns=first_ns, partner=partner, rr_ms=(800.0 + number,))
        )
    ]
    for number in range(20):
        outputs += engine.feed(Tick(t_ns=first_ns + number * TICK_NS))
    outputs += engine.close()
    beats = [each for each in outputs if isinstance(each, Beat)]
    assert len(beats) == 24
    for partner in Partner:
        own_s = [each.t_s for each in beats if each.partner is partner]
        assert all(b - a >= 2.0**-53 for a, b in itertools.pairwise(own_s))


def test_inputs_before_the_opening_or_a_second_opening_are_a_bug() -> None:
    with pytest.raises(ValueError, match="Opened"):
        list(run([Tick(t_ns=0)]))
    with pytest.raises(ValueError, match="once"):
        list(run([opened(), opened()]))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 60 * NS_PER_S),
            st.sampled_from(list(Partner)),
            st.one_of(
                st.binary(max_size=20),
                st.lists(st.floats(-1e6, 1e9), max_size=4),
                st.sampled_from(list(Press)),
                st.none(),  # it broke off and went on
            ),
        ),
        max_size=60,
    )
)
def test_whatever_arrives_the_engine_goes_on_and_repeats_itself(
    given_: list[tuple[int, Partner, bytes | list[float] | Press | None]],
) -> None:
    inputs: list[Input] = [Tick(t_ns=n * NS_PER_S) for n in range(61)]
    for t_ns, partner, what in given_:
        if isinstance(what, bytes):
            inputs.append(Notification(t_ns=t_ns, partner=partner, data=what))
        elif isinstance(what, Press):
            inputs.append(Pressed(t_ns=t_ns, press=what))
        elif what is None:
            inputs.append(Continued(t_ns=t_ns, monotonic_ns=0, utc="", is_timed=False))
        else:
            inputs.append(Intervals(t_ns=t_ns, partner=partner, rr_ms=tuple(what)))
    inputs.sort(key=lambda each: each.t_ns)
    outputs = list(run([opened(), *inputs]))
    again = list(run([opened(), *inputs]))
    assert list(map(codec.encode, outputs)) == list(map(codec.encode, again))
    assert isinstance(outputs[0], BlockBegan)
