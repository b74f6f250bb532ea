"""A session sent over LSL: what is sent, at which time, and what never is."""

import math
from typing import Any

import numpy as np
import pytest

from coreg.cli import main
from coreg.facts.events import (
    NS_PER_S,
    Beat,
    BeatLabel,
    BlockBegan,
    Breath,
    BreathSeen,
    Ended,
    Ending,
    Input,
    PacerStopped,
    Partner,
    Paused,
    PossibleFlooding,
    Press,
    Pressed,
    Resumed,
    Stream,
    StreamPacket,
    StreamStarted,
    Tick,
)
from coreg.sensors.decoding.polar_control import settings_wanted, start
from coreg.sensors.lsl.library import Reach
from coreg.sensors.lsl.outlets import open_outlets
from coreg.session.engine import Output
from coreg.session.lsl_out import PACE, PRACTICE, SessionSender, rr_stream, streams_of
from coreg.testing.polar_streams import PolarStreams
from tests.helpers.lsl import lsl_or_skip
from tests.helpers.openings import opening

A, B = Partner.A, Partner.B
BEFORE_S = 5000.0  # what LSL's clock says when the session begins


class Air:
    """A clock that the test moves, and what was sent."""

    def __init__(self) -> None:
        self.clock_s = BEFORE_S
        self.sent: list[tuple[str, tuple[Any, ...], float]] = []

    def now_s(self) -> float:
        return self.clock_s

    def push(self, stream: str, values: tuple[Any, ...], stamp_s: float) -> None:
        self.sent.append((stream, values, stamp_s))

    def of(self, stream: str) -> list[tuple[tuple[Any, ...], float]]:
        return [(values, at) for name, values, at in self.sent if name == stream]


def beat(t_s: float, partner: Partner = A, *, nn_ms: float = 800.0) -> Beat:
    label = BeatLabel.NORMAL if math.isfinite(nn_ms) else BeatLabel.EXTRA
    return Beat(t_s=t_s, partner=partner, rr_ms=800.0, nn_ms=nn_ms, label=label)


def tick(t_s: float) -> Tick:
    return Tick(t_ns=round(t_s * NS_PER_S))


def heard(air: Air, told: list[tuple[Input, list[Output], float]]) -> None:
    """Tell a sender of inputs, each so many seconds late."""
    sender = SessionSender(air)
    for given, outputs, late_s in told:
        air.clock_s = BEFORE_S + given.t_ns / NS_PER_S + late_s
        sender(given, outputs)


def test_a_beat_is_stamped_with_when_it_beat_and_not_when_it_was_known() -> None:
    air = Air()
    heard(air, [(tick(0), [], 0.0), (tick(9.0), [beat(6.4, B)], 0.125)])
    assert air.of("coreg RR B") == [((800.0, 800.0), BEFORE_S + 6.4)]


def test_a_tick_that_came_late_moves_no_beat() -> None:
    air = Air()
    heard(
        air,
        [
            (tick(0), [], 0.25),
            (tick(0.25), [], 0.0),
            (tick(0.5), [beat(0.4)], 2.0),
        ],
    )
    ((_, at),) = air.of("coreg RR A")
    assert at == BEFORE_S + 0.4


def test_after_sleep_beats_have_the_times_of_a_clock_that_stood_still() -> None:
    air = Air()
    asleep_s = 600.0
    heard(
        air,
        [
            (tick(0), [], 0.0),
            (tick(700.0), [], -asleep_s),
            (tick(710.0), [beat(708.0)], -asleep_s),
        ],
    )
    ((_, at),) = air.of("coreg RR A")
    assert at == BEFORE_S + 108.0


def test_an_interval_that_cleaning_leaves_out_is_sent_as_none() -> None:
    air = Air()
    heard(air, [(tick(0), [beat(0.0, nn_ms=math.nan)], 0.0)])
    (((rr_ms, nn_ms), _),) = air.of("coreg RR A")
    assert rr_ms == 800.0
    assert math.isnan(nn_ms)
    assert air.of("coreg beat labels A") == [(("extra",), BEFORE_S)]


def test_a_breath_is_sent_when_it_begins_and_one_that_is_called_off_never_is() -> None:
    air = Air()
    first = Breath(t_s=2.0, period_s=10.0, inhale_s=4.0)
    void = Breath(t_s=12.0, period_s=10.0, inhale_s=4.0)
    told: list[tuple[Input, list[Output], float]] = [
        (tick(0), [first, void], 0.0),
        (tick(1.75), [], 0.0),
    ]
    heard(air, told)
    assert air.of(PACE) == []
    air.sent.clear()
    stopped = PacerStopped(t_s=8.0)
    heard(air, [*told, (tick(2), [], 0), (tick(8), [stopped], 0), (tick(20), [], 0)])
    assert air.of(PACE) == [((10.0, 4.0), BEFORE_S + 2.0)]


def test_parts_and_pauses_are_told_and_never_who_pressed_nor_whose_heart_races() -> (
    None
):
    air = Air()
    pressed = Pressed(t_ns=3 * NS_PER_S, press=Press.PAUSE)
    began = BlockBegan(t_s=0.0, number=1, name="breathe", kind="breathe", length_s=60.0)
    heard(
        air,
        [
            (tick(0), [began], 0),
            (tick(2), [PossibleFlooding(t_s=2.0)], 0),
            (pressed, [Paused(t_s=3.0)], 0),
            (tick(5), [Resumed(t_s=5.0)], 0),
            (tick(9), [Ended(t_s=9.0, ending=Ending.FINISHED_EARLY)], 0),
        ],
    )
    assert [(values[0], at - BEFORE_S) for values, at in air.of(PRACTICE)] == [
        ("part 2: breathe", 0.0),
        ("pause", 3.0),
        ("pause over", 5.0),
        ("end", 9.0),
    ]
    assert len(air.sent) == 4


def measured_by(stream: Stream, air: Air) -> None:
    """Half a minute of a strap's stream, its frames 80 ms late, into a sender."""
    polar = PolarStreams(fast_ppm=40.0)
    asked = start(stream, settings_wanted(stream))
    sender = SessionSender(air, frozenset(Stream))

    def tell(given: Input, outputs: list[Output]) -> None:
        air.clock_s = BEFORE_S + given.t_ns / NS_PER_S
        sender(given, outputs)

    answer = polar.written(asked, 0.0)
    tell(
        StreamStarted(t_ns=0, partner=B, stream=stream, asked=asked, answer=answer), []
    )
    for number in range(600):
        tell(tick(number / 20), [])
        for data in polar.frames(number / 20 - 0.08):
            t_ns = tick(number / 20).t_ns
            tell(StreamPacket(t_ns=t_ns, partner=B, stream=stream, data=data), [])


def test_each_sample_of_an_ecg_is_sent_at_the_time_at_which_it_was_taken() -> None:
    air = Air()
    measured_by(Stream.ECG, air)
    sent = air.of("coreg ECG B")
    assert len(sent) == pytest.approx(29.5 * 130, abs=80)
    times_s = np.array([at - BEFORE_S for _, at in sent])
    assert np.all(np.diff(times_s) > 0)
    assert not air.of("coreg ECG A")
    # Its R peaks are on the second; what is sent highest within each second is there,
    # later by what the quickest frames took.
    heights = np.array([values[0] for values, _ in sent])
    for second in range(12, 28):
        near = np.abs(times_s - second - 0.1) < 0.4
        peak_s = times_s[near][np.argmax(heights[near])]
        assert 0.07 <= peak_s - second <= 0.14


def test_acceleration_is_sent_as_three_axes_in_thousandths_of_gravity() -> None:
    air = Air()
    measured_by(Stream.ACCELERATION, air)
    sent = air.of("coreg acceleration B")
    assert len(sent) == pytest.approx(29.5 * 50, abs=40)
    assert {len(values) for values, _ in sent} == {3}
    assert {values[1] for values, _ in sent} == {-980.0}


def test_what_is_not_measured_has_no_stream_and_nothing_of_it_is_sent() -> None:
    names = {each.name for each in streams_of(opening())}
    assert not any("ECG" in name or "acceleration" in name for name in names)
    every = {each.name for each in streams_of(opening(), frozenset(Stream))}
    assert every - names == {
        f"coreg {what} {partner}"
        for what in ("ECG", "acceleration", "breath")
        for partner in Partner
    }
    air = Air()
    seen = BreathSeen(t_s=20.0, partner=A, rate_per_min=6.5, quality=0.9, seen_s=30.0)
    heard(air, [(tick(0), [], 0.0), (tick(21.0), [seen], 0.0)])
    assert not air.sent
    sender = SessionSender(air, frozenset(Stream))
    sender(tick(21.0), [seen])
    assert [values for values, _ in air.of("coreg breath A")] == [(6.5, 0.9)]


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        (("--simulate",), "--headless"),
        (("--simulate", "--headless", "--speed", "60"), "real time"),
        (("--replay", "x.csv", "y.csv", "--headless"), "coreg export"),
        (("--go-on", "--headless"), "--go-on"),
    ],
)
def test_hearts_are_sent_only_live_and_where_it_is_said(
    more: tuple[str, ...], seen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["practice", "--lsl-out", "network", *more])
    assert refused.value.code == 2
    assert seen in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        ((), "--headless"),
        (("--headless", "--measure", "ecg"), "--measure"),
        (("--headless", "--lsl-out", "computer"), "--lsl-out network"),
        (("--headless", "--speed", "2"), "--speed"),
    ],
)
def test_hearts_of_lsl_take_nothing_that_only_others_have(
    more: tuple[str, ...], seen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["practice", "--lsl", "a", "b", *more])
    assert refused.value.code == 2
    assert seen in capsys.readouterr().err


def test_another_program_receives_the_beats_with_labels_units_and_times() -> None:
    lsl = lsl_or_skip()
    opened = opening()
    with open_outlets(streams_of(opened), Reach.COMPUTER) as outlets:
        ids = {each.name: each.source_id for each in streams_of(opened)}
        (found,) = lsl.resolve_byprop("source_id", ids[rr_stream(A)], 1, 10.0)
        inlet = lsl.StreamInlet(found, recover=False)
        inlet.open_stream(10.0)
        sender = SessionSender(outlets)
        before_s = lsl.local_clock()
        sender(tick(0), [beat(1.25), beat(2.0)])
        after_s = lsl.local_clock()
        got, stamps_s = [], []
        for _ in range(2):
            values, stamp_s = inlet.pull_sample(10.0)
            got.append(values)
            stamps_s.append(stamp_s)
        info = inlet.info(10.0)
        inlet.close_stream()
    assert got == [[800.0, 800.0], [800.0, 800.0]]
    assert before_s + 1.25 <= stamps_s[0] <= after_s + 1.25
    assert stamps_s[1] - stamps_s[0] == pytest.approx(0.75, abs=1e-9)
    assert info.name() == "coreg RR A"
    assert info.type() == "RR"
    assert info.get_channel_labels() == ["rr_ms", "nn_ms"]
    assert info.get_channel_units() == ["milliseconds", "milliseconds"]
    assert opened.identity.session_id in info.source_id()
