"""The clock of a Polar strap, set when asked: bytes, a virtual H10, calm words."""

import asyncio
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from coreg.base import clock
from coreg.cli import main
from coreg.cli.strap_hearts import strap_hearts
from coreg.errors import BadPacketError
from coreg.facts.events import Partner, Stream
from coreg.sensors.decoding.polar_time import (
    answer,
    error_answered,
    set_time_packets,
    time_set,
)
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import VirtualCouple, virtual_couple

A, B = Partner.A, Partner.B
NOW = dt.datetime(2026, 12, 2, 9, 30, 15, 250_000, tzinfo=dt.UTC)


@given(st.datetimes(min_value=NOW.replace(tzinfo=None)), st.integers(4, 240))
def test_what_is_told_is_understood_however_small_its_packets(
    at: dt.datetime, packet_bytes: int
) -> None:
    utc = at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=dt.UTC)
    packets = set_time_packets(utc, packet_bytes)
    assert max(map(len, packets)) <= packet_bytes
    assert time_set(packets) == utc


def test_packets_are_numbered_and_say_which_is_first_and_last() -> None:
    packets = set_time_packets(NOW, 4)
    heads = [packet[0] for packet in packets]
    # Bit 0: it goes on; bits 1 and 2: 3 more, 1 last; bits 4 to 7 count, and go round.
    assert heads[:3] == [0b0000_0110, 0b0001_0111, 0b0010_0111]
    assert heads[-1] & 0b111 == 0b011
    assert [head >> 4 for head in heads] == [n % 16 for n in range(len(heads))]


@pytest.mark.parametrize(
    "packets", [[b"\x02\x01\x80"], [b"\x06\x03\x80"], [b"\x02"], [b"\x02\x03\x80\xff"]]
)
def test_what_sets_no_time_is_refused(packets: list[bytes]) -> None:
    with pytest.raises(BadPacketError, match="sets no time"):
        time_set(packets)


@pytest.mark.parametrize("error", [0, 1, 201, 65535])
def test_an_answer_tells_its_error(error: int) -> None:
    assert error_answered(answer(error)) == error


def test_what_comes_before_an_answer_is_none() -> None:
    assert error_answered(b"") is None
    assert error_answered(b"\x06abc") is None


def set_clocks(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    prepare: Callable[[VirtualCouple], object] = str,
) -> dict[Partner, int]:
    """Open two straps with their clocks to be set; return what they stamp then."""
    monkeypatch.setattr(clock, "utc_now", lambda: NOW)
    stamps: dict[Partner, int] = {}

    async def main() -> None:
        async with virtual_couple(measures_more=True) as couple:
            prepare(couple)
            async with strap_hearts((), folder, couple.radio, sets_clocks=True):
                asked_s = asyncio.get_running_loop().time()
                for partner, strap in couple.straps.items():
                    assert strap.polar is not None
                    stamps[partner] = strap.polar.clock_ns + round(1e9 * asked_s)

    run_in_no_time(main(), monkeypatch)
    return stamps


def test_both_straps_are_told_this_computers_time_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stamps = set_clocks(monkeypatch, tmp_path)
    since_2000 = NOW - dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    for stamp_ns in stamps.values():
        off_s = stamp_ns / 1e9 - since_2000.total_seconds()
        assert 0 <= off_s < 2.0  # the way through the air, and what came after
    assert abs(stamps[A] - stamps[B]) < 2e9
    said = capsys.readouterr().err
    assert "The clock of A’s strap is set." in said
    assert "The clock of B’s strap is set." in said


def test_a_strap_that_does_not_take_it_is_said_calmly_and_the_practice_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(couple: VirtualCouple) -> None:
        polar = couple.straps[B].polar
        assert polar is not None
        polar.clock_error = 201

    stamps = set_clocks(monkeypatch, tmp_path, refuse)
    assert stamps[B] < stamps[A]
    said = capsys.readouterr().err
    assert "The clock of A’s strap is set." in said
    assert (
        "B: This strap’s clock can’t be set from here. coreg doesn’t need it." in said
    )


def test_a_strap_without_that_service_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene() -> None:
        async with (
            virtual_couple() as couple,
            strap_hearts((), tmp_path, couple.radio, sets_clocks=True),
        ):
            pass

    run_in_no_time(scene(), monkeypatch)
    assert capsys.readouterr().err.count("can’t be set from here") == 2


def test_nothing_is_written_to_a_strap_unless_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with virtual_couple(measures_more=True) as couple:
            polars = [strap.polar for strap in couple.straps.values()]
            before = [polar.clock_ns for polar in polars if polar is not None]
            streams = frozenset({Stream.ECG})
            async with strap_hearts((), tmp_path, couple.radio, streams=streams):
                await asyncio.sleep(5)
            after = [polar.clock_ns for polar in polars if polar is not None]
            assert before == after

    run_in_no_time(scene(), monkeypatch)


@pytest.mark.parametrize(
    "more", [(), ("--headless", "--simulate"), ("--headless", "--ant", "1", "2")]
)
def test_only_bluetooth_straps_have_clocks_to_set(
    more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["practice", "--set-clocks", *more])
    assert refused.value.code == 2
    assert "--set-clocks is for Bluetooth straps" in capsys.readouterr().err
