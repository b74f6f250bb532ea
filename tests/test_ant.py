"""Straps that speak ANT+: every beat and every loss here was planted."""

import asyncio
import random
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from coreg.base import clock
from coreg.cli import main
from coreg.cli.ant import hearts_over_ant
from coreg.errors import AntError, BadPacketError
from coreg.facts.arrays import Floats
from coreg.facts.events import NS_PER_S, Intervals
from coreg.sensors.ant.stick import usb_stick
from coreg.sensors.decoding.ant_heart_rate import AntHeartRate, decode, encode
from coreg.sensors.decoding.heart_rate import is_beat
from coreg.sensors.timing.counted_beats import BeatCounter, CountedBeats
from coreg.sensors.timing.samples import LOST_MS
from coreg.sensors.timing.stamped_clock import StampedClock, are_beat_times
from coreg.testing.ant_stick import FakeStick, broadcasts

HOST_S = 7000.0


def planted_s(seed: int, count: int = 600) -> Floats:
    """Beats of a breathing heart: some nine minutes, so that times and counts wrap."""
    rng = np.random.default_rng(seed)
    rr_s = 0.85 + 0.06 * np.sin(np.arange(count) / 2) + rng.normal(0, 0.015, count)
    return np.asarray(np.cumsum(rr_s) + 3.0)


def counted(
    beats_s: Floats, seed: int, *, loss_share: float = 0.0, has_pages: bool = True
) -> list[CountedBeats]:
    counter, told = BeatCounter(), []
    sent = broadcasts(
        beats_s.tolist(),
        random.Random(seed),  # noqa: S311 - no secret
        loss_share=loss_share,
        has_pages=has_pages,
        fast_ppm=40.0,
    )
    for arrival_s, data in sent:
        known = counter.feed(HOST_S + arrival_s, decode(data))
        told += [known] if known is not None else []
    return told


@given(
    st.builds(
        AntHeartRate,
        page=st.integers(0, 127),
        toggle=st.booleans(),
        of_page=st.binary(min_size=3, max_size=3),
        beat_ticks=st.integers(0, 65535),
        beat_count=st.integers(0, 255),
        hr_bpm=st.integers(0, 255),
    )
)
def test_what_is_written_is_read_again(said: AntHeartRate) -> None:
    assert decode(encode(said)) == said


def test_a_broadcast_reads_as_the_profile_lays_it_out() -> None:
    # Page 4 with its toggle bit set; the last beat 3.5 s and the one before it 2.75 s
    # after the clock began; 17 beats; 80 beats/min.
    said = decode(bytes([0x84, 0xFF, 0x00, 0x0B, 0x00, 0x0E, 17, 80]))
    assert said.previous_ticks == 2.75 * 1024
    assert said.beat_ticks == 3.5 * 1024
    assert (said.page, said.toggle, said.beat_count, said.hr_bpm) == (4, True, 17, 80)


@pytest.mark.parametrize("length", [0, 7, 9])
def test_a_broadcast_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(BadPacketError, match=f"{length} bytes"):
        decode(bytes(length))


@pytest.mark.parametrize("has_pages", [True, False])
def test_each_beat_is_given_once_with_its_interval_and_time(has_pages: bool) -> None:
    beats_s = planted_s(1)
    told = counted(beats_s, 1, has_pages=has_pages)
    rr_ms = np.array([rr for each in told for rr in each.rr_ms])
    wanted_ms = 1000 * np.diff(beats_s)[-rr_ms.size - 1 : -1]
    assert rr_ms.size > 570  # less the first ones, by which the clock is learnt
    assert np.abs(rr_ms - wanted_ms).max() <= 1000 / 1024
    off_s = np.array([each.t_s for each in told]) - HOST_S
    off_s -= beats_s[-rr_ms.size - 1 : -1]
    assert np.abs(off_s - np.median(off_s)).max() < 0.030
    assert 0 <= np.median(off_s) < 0.025  # the air and the quickest broadcast
    assert off_s[60:].std() < 0.005


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("has_pages", [True, False])
def test_beats_lost_on_the_air_are_marked_and_none_is_made_up(
    seed: int,
    has_pages: bool,
) -> None:
    beats_s = planted_s(seed)
    told = counted(beats_s, seed, loss_share=0.6, has_pages=has_pages)
    every = [rr for each in told for rr in each.rr_ms]
    lost = every.count(LOST_MS)
    assert 5 < lost < 300
    # Marks and intervals together are all beats from the first that is given on.
    first = int(np.argmin(np.abs(beats_s + HOST_S - told[0].t_s)))
    last = int(np.argmin(np.abs(beats_s + HOST_S - told[-1].t_s)))
    assert len(every) == last - first + len(told[0].rr_ms)
    wanted_ms = 1000 * np.diff(beats_s)
    for each in told:
        at = int(np.argmin(np.abs(beats_s + HOST_S - each.t_s)))
        if each.rr_ms[-1] != LOST_MS:
            assert abs(each.rr_ms[-1] - wanted_ms[at - 1]) <= 1000 / 1024


def test_page_four_tells_the_interval_before_which_a_beat_was_lost() -> None:
    beats_s = planted_s(2)
    known = [
        sum(is_beat(rr) for each in told for rr in each.rr_ms)
        for told in (
            counted(beats_s, 2, loss_share=0.7, has_pages=has_pages)
            for has_pages in (True, False)
        )
    ]
    assert known[0] > known[1] + 30


@pytest.mark.parametrize("silence_s", [20.0, 64.0, 700.0])
def test_after_a_silence_the_count_goes_on_or_begins_anew_after_a_gap(
    silence_s: float,
) -> None:
    beats_s = planted_s(3)
    counter, told = BeatCounter(), []
    for arrival_s, data in broadcasts(beats_s.tolist(), random.Random(3)):  # noqa: S311
        hidden = 200 < arrival_s < 200 + min(silence_s, 64.0)
        later_s = max(silence_s - 64.0, 0.0) * (arrival_s > 200)
        if not hidden:
            known = counter.feed(HOST_S + arrival_s + later_s, decode(data))
            told += [known] if known is not None else []
    before = [each for each in told if each.t_s < HOST_S + 200]
    after = [each for each in told if each.t_s > HOST_S + 201]
    assert before
    assert LOST_MS in after[0].rr_ms
    assert all(LOST_MS not in each.rr_ms for each in after[1:])
    wraps = silence_s >= 60
    hole_s = after[0].t_s - before[-1].t_s
    assert hole_s == pytest.approx(silence_s + (15 if wraps else 0), abs=3)


@given(
    st.lists(
        st.tuples(st.floats(0, 200), st.binary(min_size=8, max_size=8)), max_size=60
    )
)
def test_whatever_is_broadcast_makes_no_beat_that_no_heart_has(
    sent: list[tuple[float, bytes]],
) -> None:
    counter, arrival_s, clock_ = BeatCounter(warm_up_beats=0), 0.0, StampedClock()
    times_s = list[float]()
    for waited_s, data in sent:
        arrival_s += waited_s
        known = counter.feed(arrival_s, decode(data))
        if known is None:
            continue
        assert len(known.rr_ms) <= 4.2 * 70
        assert np.isfinite(known.t_s)
        times_s += [beat.t_s for beat in clock_.feed(known.t_s, known.rr_ms)]
    assert np.all(np.diff(times_s) > 0)


def test_counted_beats_are_taken_for_the_times_of_beats() -> None:
    told = counted(planted_s(1), 1)
    assert are_beat_times([(each.t_s, each.rr_ms) for each in told[:5]])


@contextmanager
def on_air(*numbers: int) -> Iterator[FakeStick]:
    """Straps of these numbers, at the pace of life, for as long as it takes."""
    stick, is_over = FakeStick(), threading.Event()
    start_ns = clock.monotonic_ns()

    def send(number: int) -> None:
        beats = planted_s(number).tolist()
        for arrival_s, data in broadcasts(beats, random.Random(number)):  # noqa: S311
            wait_s = start_ns / NS_PER_S + arrival_s - clock.monotonic_ns() / NS_PER_S
            if is_over.wait(max(wait_s, 0.0)):
                return
            stick.broadcast(number, data)

    threads = [threading.Thread(target=send, args=(each,)) for each in numbers]
    for thread in threads:
        thread.start()
    try:
        yield stick
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def test_two_straps_of_one_stick_are_the_hearts_of_a_session() -> None:
    async def scene(stick: FakeStick) -> list[Intervals]:
        heard = []

        @contextmanager
        def plugged_in() -> Iterator[FakeStick]:
            yield stick

        async with hearts_over_ant((11, 12), plugged_in) as hearts:
            assert hearts.streams == ("ANT+ 11", "ANT+ 12")
            assert hearts.common_clock
            async for each in hearts.source.inputs():
                if isinstance(each, Intervals):
                    heard.append(each)
                if len(heard) >= 12:
                    return heard
        return heard

    with on_air(11, 12) as stick:
        heard = asyncio.run(scene(stick))
    assert {each.partner for each in heard} == {"A", "B"}
    for each in heard:
        wanted_ms = 1000 * np.diff(planted_s(11 if each.partner == "A" else 12))
        for rr in each.rr_ms:
            assert rr == LOST_MS or np.abs(wanted_ms - rr).min() < 1


def test_one_strap_is_not_both_hearts() -> None:
    @contextmanager
    def plugged_in() -> Iterator[FakeStick]:
        yield FakeStick()

    async def scene() -> None:
        async with hearts_over_ant((11, 11), plugged_in):
            pass

    with pytest.raises(AntError, match="11 cannot be both"):
        asyncio.run(scene())


def test_without_the_package_it_is_said_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "openant.easy.node", None)
    with pytest.raises(AntError, match=r'pip install "\.\[ant\]"'), usb_stick():
        pass


class Openant:
    """As much of openant as a stick takes, and what was asked of it."""

    def __init__(self, *, has_stick: bool = True) -> None:
        self.asked: list[tuple[object, ...]] = []
        self._has_stick = has_stick
        self._over = threading.Event()

    def node(self) -> SimpleNamespace:
        if not self._has_stick:
            raise OSError("no driver found")

        def noted(name: str) -> object:
            return lambda *given: self.asked.append((name, *given))

        def channel(*given: object) -> SimpleNamespace:
            self.asked.append(("new_channel", *given))
            names = ("set_period", "set_search_timeout", "set_rf_freq", "set_id")
            self.channel = SimpleNamespace(
                **{name: noted(name) for name in (*names, "open")}
            )
            return self.channel

        return SimpleNamespace(
            set_network_key=noted("set_network_key"),
            new_channel=channel,
            start=self._over.wait,
            stop=self._over.set,
        )

    def put_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        modules: dict[str, dict[str, object]] = {
            "openant": {},
            "openant.easy": {},
            "openant.easy.node": {"Node": self.node},
            "openant.easy.channel": {
                "Channel": SimpleNamespace(
                    Type=SimpleNamespace(BIDIRECTIONAL_RECEIVE=0)
                )
            },
            "openant.devices": {"ANTPLUS_NETWORK_KEY": [1, 2, 3]},
        }
        for name, holds in modules.items():
            module = ModuleType(name)
            vars(module).update(holds)
            monkeypatch.setitem(sys.modules, name, module)


def test_a_stick_listens_as_the_profile_says_and_ends_with_its_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    package, heard = Openant(), list[bytes]()
    package.put_in(monkeypatch)
    with usb_stick() as stick:
        stick.listen(4711, heard.append)
        package.channel.on_broadcast_data([4, 255, 0, 16, 52, 19, 123, 72])
    assert heard == [bytes.fromhex("04ff001034137b48")]
    assert package.asked == [
        ("set_network_key", 0, [1, 2, 3]),
        ("new_channel", 0, 0),
        ("set_period", 8070),
        ("set_search_timeout", 255),
        ("set_rf_freq", 57),
        ("set_id", 4711, 120, 0),
        ("open",),
    ]
    assert not any(each.name == "ANT stick" for each in threading.enumerate())


def test_without_a_stick_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    Openant(has_stick=False).put_in(monkeypatch)
    with pytest.raises(AntError, match="No ANT stick"), usb_stick():
        pass


@pytest.mark.parametrize(
    ("more", "seen"),
    [
        (("--ant", "1", "2"), "--headless"),
        (("--ant", "1", "2", "--headless", "--measure", "ecg"), "--measure"),
        (("--ant", "1", "2", "--headless", "--speed", "2"), "--speed"),
        (("--ant", "0", "2", "--headless"), "between 1 and 65535"),
        (("--ant", "1", "2", "--headless", "--simulate"), "not allowed with"),
    ],
)
def test_ant_takes_nothing_that_only_others_have(
    more: tuple[str, ...], seen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["practice", *more])
    assert refused.value.code == 2
    assert seen in capsys.readouterr().err
