"""`coreg straps` and `coreg calibrate` with straps on the virtual air."""

import itertools
import random
from collections.abc import Iterator

import pytest

from coreg.cli.straps import line, look_around, measure
from coreg.errors import RadioError
from coreg.facts.events import Partner
from coreg.sensors.decoding.heart_rate import decode, encode
from coreg.sensors.straps.radio import Radio
from coreg.store.calibrations import StrapPair
from coreg.testing.virtual_radio.air import Air, RadioModel
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.computer import Computer
from coreg.testing.virtual_radio.couple import ADDRESSES, virtual_couple
from coreg.testing.virtual_radio.straps import VirtualStrap, packets


def test_a_strap_in_the_air_is_one_line_with_all_that_one_wants_to_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> list[str]:
        async with virtual_couple() as couple:
            seen = await look_around(couple.radio, 5.0)
            return sorted(line(strap, info) for strap, info in seen)

    first, second = run_in_no_time(scene(), monkeypatch)
    for words in ("Polar H10 A", ADDRESSES[Partner.A], "-50 dBm", "battery  80 %"):
        assert words in first
    assert first.endswith("heart rate, battery")
    assert "Polar H10 B" in second


def test_a_strap_that_another_program_holds_is_listed_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene() -> list[str]:
        async with virtual_couple() as couple:
            couple.computer.fail_next("connect", TimeoutError(), TimeoutError())
            seen = await look_around(couple.radio, 5.0)
            return [line(strap, info) for strap, info in seen]

    lines = run_in_no_time(scene(), monkeypatch)
    assert len(lines) == 2
    assert all("battery    ?" in each for each in lines)
    assert "Another app may be using it" in capsys.readouterr().err


def test_what_a_strap_calls_itself_gives_a_terminal_no_orders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> tuple[str, str]:
        air = Air(RadioModel(interval_s=0.03), random.Random(1))  # noqa: S311
        computer = Computer(air)
        await computer.start()
        strap = VirtualStrap(
            air,
            name="strap \x1b[2J\nB",
            address=ADDRESSES[Partner.A],
            heart=packets(3),
            about={0x2A24: b"\x1b]0;model\x07" + b"x" * 300},
        )
        await strap.put_on()
        ((found, info),) = await look_around(Radio(computer.backends), 5.0)
        await strap.take_off()
        assert info is not None
        return line(found, info), info.model

    told, model = run_in_no_time(scene(), monkeypatch)
    assert told.isprintable()
    assert told.startswith("strap \N{REPLACEMENT CHARACTER}[2J")
    assert model.isprintable()
    assert len(model) == 100


def a_second_late(heart: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same packets one second, so one packet, later."""
    first = next(heart)
    nothing_yet = encode(decode(bytes([0x00, 71])))
    return itertools.chain([nothing_yet, first], heart)


def test_a_minute_on_one_person_measures_the_difference_of_two_straps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> StrapPair:
        model = RadioModel(interval_s=0.03)
        air = Air(model, random.Random(1))  # noqa: S311 - no secret
        computer = Computer(air)
        await computer.start()
        hearts = {Partner.A: packets(3), Partner.B: a_second_late(packets(3))}
        straps = [
            VirtualStrap(air, name=f"strap {partner}", address=address, heart=heart)
            for (partner, heart), address in zip(
                hearts.items(), ADDRESSES.values(), strict=True
            )
        ]
        for strap in straps:
            await strap.put_on()
        pair = await measure(Radio(computer.backends), "strap A", "strap B")
        for strap in straps:
            await strap.take_off()
        return pair

    pair = run_in_no_time(scene(), monkeypatch)
    assert (pair.a, pair.b) == ("strap A 12345678", "strap B 12345678")
    assert pair.difference_s == pytest.approx(-1.0, abs=0.05)
    assert pair.uncertainty_s < 0.1


def test_a_calibration_with_a_strap_that_is_not_there_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> None:
        async with virtual_couple() as couple:
            with pytest.raises(RadioError, match="nobody was not found"):
                await measure(couple.radio, "H10 A", "nobody")

    run_in_no_time(scene(), monkeypatch)
