"""Heart Rate Measurement 0x2A37: flag table and field order of the Bluetooth spec."""

import itertools
import math

import pytest
from hypothesis import given, strategies as st

from coreg.errors import BadPacketError
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, decode, encode

PAYLOAD_BYTES = 20  # the default ATT_MTU of 23 less three bytes of header


def measurement(
    *,
    hr_bpm: int = 60,
    wide_hr: bool = False,
    contact: bool | None = None,
    energy_kj: int | None = None,
    rr_ms: tuple[float, ...] = (),
) -> HeartRateMeasurement:
    return HeartRateMeasurement(
        hr_bpm=hr_bpm,
        wide_hr=wide_hr,
        contact=contact,
        energy_kj=energy_kj,
        rr_ms=rr_ms,
    )


def rr_of_ticks(ticks: list[int]) -> tuple[float, ...]:
    return tuple(1000 * tick / 1024 for tick in ticks)


measurements = st.builds(
    lambda hr, contact, energy, ticks: measurement(
        hr_bpm=hr[0],
        wide_hr=hr[1],
        contact=contact,
        energy_kj=energy,
        rr_ms=rr_of_ticks(ticks),
    ),
    st.one_of(
        st.integers(0, 255).map(lambda bpm: (bpm, False)),
        st.integers(0, 65535).map(lambda bpm: (bpm, True)),
    ),
    st.sampled_from([None, False, True]),
    st.none() | st.integers(0, 65535),
    st.lists(st.integers(0, 65535), max_size=12),
)

# The wire format, written a second time from the flag table: (flags, bytes) -> packet.
CANONICAL_FLAGS = [
    wide | contact | energy | rr
    for wide, contact, energy, rr in itertools.product(
        (0x00, 0x01), (0x00, 0x04, 0x06), (0x00, 0x08), (0x00, 0x10)
    )
]


@st.composite
def well_formed_packets(draw: st.DrawFn) -> bytes:
    flags = draw(st.sampled_from(CANONICAL_FLAGS))
    size = 1 + (flags & 0x01) + (2 if flags & 0x08 else 0)
    if flags & 0x10:
        size += 2 * draw(st.integers(1, 12))
    return bytes([flags]) + draw(st.binary(min_size=size, max_size=size))


@pytest.mark.parametrize(
    ("packet", "meaning"),
    [
        # Worked by hand; 0x0400 ticks are 1 s, 0x0200 half a second.
        ("00 48", measurement(hr_bpm=72)),
        ("01 48 01", measurement(hr_bpm=328, wide_hr=True)),
        ("01 48 00", measurement(hr_bpm=72, wide_hr=True)),
        ("04 48", measurement(hr_bpm=72, contact=False)),
        ("06 48", measurement(hr_bpm=72, contact=True)),
        ("08 48 2c 01", measurement(hr_bpm=72, energy_kj=300)),
        ("10 3c 00 04", measurement(rr_ms=(1000.0,))),
        ("10 3c 00 04 00 02", measurement(rr_ms=(1000.0, 500.0))),
        (
            "1f 3c 00 05 00 00 04 01 00",
            measurement(
                wide_hr=True, contact=True, energy_kj=5, rr_ms=(1000.0, 0.9765625)
            ),
        ),
    ],
)
def test_a_packet_says_what_the_flag_table_says(
    packet: str, meaning: HeartRateMeasurement
) -> None:
    assert decode(bytes.fromhex(packet)) == meaning
    assert encode(meaning) == bytes.fromhex(packet)


def test_a_packet_seen_on_a_real_strap_is_read() -> None:
    # Public question 33917836: flags 0x16, HR 0x78, RR 511, 511 and 268 ticks.
    seen = decode(bytes.fromhex("16 78 ff 01 ff 01 0c 01"))
    assert seen.hr_bpm == 120
    assert seen.contact is True
    assert seen.rr_ms == (511 / 1.024, 511 / 1.024, 268 / 1.024)


def test_an_interval_is_not_rounded_to_milliseconds() -> None:
    assert decode(bytes.fromhex("10 3c 01 03")).rr_ms == (769 * 1000 / 1024,)


def test_contact_without_support_is_not_known_rather_than_lost() -> None:
    assert decode(bytes.fromhex("02 48")).contact is None
    assert decode(bytes.fromhex("10 48 00 04")).contact is None  # as the H10 sends


def test_an_odd_tail_byte_is_ignored() -> None:
    assert decode(bytes.fromhex("10 3c 00 04 7f")).rr_ms == (1000.0,)
    assert decode(bytes.fromhex("10 3c 7f")).rr_ms == ()
    assert decode(bytes.fromhex("00 3c 7f")) == measurement()


def test_reserved_flag_bits_and_unannounced_bytes_change_nothing() -> None:
    assert decode(bytes.fromhex("e0 3c")) == measurement()
    assert decode(bytes.fromhex("00 3c 00 04 00 04")) == measurement()


@pytest.mark.parametrize(
    "packet", ["", "00", "10", "01 48", "08 48", "08 48 01", "09 48 00 01", "1f 3c"]
)
def test_a_packet_shorter_than_its_flags_is_refused_with_its_bytes(packet: str) -> None:
    with pytest.raises(BadPacketError) as refused:
        decode(bytes.fromhex(packet))
    assert (packet or "(empty)") in str(refused.value)


@pytest.mark.parametrize(
    ("wide_hr", "energy_kj", "fits"),
    [(False, None, 9), (True, None, 8), (False, 1, 8), (True, 1, 7)],
)
def test_as_many_intervals_fit_into_twenty_bytes_as_the_specification_says(
    *, wide_hr: bool, energy_kj: int | None, fits: int
) -> None:
    def size(intervals: int) -> int:
        return len(
            encode(
                measurement(
                    wide_hr=wide_hr, energy_kj=energy_kj, rr_ms=(1000.0,) * intervals
                )
            )
        )

    assert size(fits) <= PAYLOAD_BYTES < size(fits + 1)


@given(measurements)
def test_decoding_undoes_encoding(sent: HeartRateMeasurement) -> None:
    assert decode(encode(sent)) == sent


@given(well_formed_packets())
def test_encoding_undoes_decoding(packet: bytes) -> None:
    assert encode(decode(packet)) == packet


def test_every_one_of_the_256_flag_bytes_is_read() -> None:
    for flags in range(256):
        decode(bytes([flags]) + bytes(19))


@given(st.binary(max_size=40))
def test_any_bytes_give_a_measurement_or_a_bad_packet(data: bytes) -> None:
    try:
        seen = decode(data)
    except BadPacketError:
        return
    assert decode(encode(seen)) == seen


@pytest.mark.parametrize(
    "wrong",
    [
        measurement(hr_bpm=256),
        measurement(hr_bpm=-1),
        measurement(hr_bpm=70_000, wide_hr=True),
        measurement(energy_kj=65_536),
        measurement(rr_ms=(64_000.0,)),
        measurement(rr_ms=(-1.0,)),
        measurement(rr_ms=(math.nan,)),
        measurement(rr_ms=(math.inf,)),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_the_callers_mistake(
    wrong: HeartRateMeasurement,
) -> None:
    with pytest.raises(ValueError, match=r"takes 0 to|is a number"):
        encode(wrong)
