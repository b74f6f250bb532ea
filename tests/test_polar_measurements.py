"""Polar measurement data: bytes printed in the vendor's specification."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from coreg.errors import BadPacketError
from coreg.facts.kinds import Stream
from coreg.sensors.decoding import delta_frames, polar_control as control
from coreg.sensors.decoding.polar_control import (
    Answer,
    Features,
    Kind,
    Op,
    Request,
    Setting,
    Status,
    Stopped,
)
from coreg.sensors.decoding.polar_frames import (
    AccelerationFrame,
    EcgFrame,
    Form,
    decode_frame,
    encode_acceleration,
    encode_ecg,
    was_cut,
)

H10_OFFERS = (
    "F0 01 02 00 00 00 04 19 00 32 00 64 00 C8 00 01 01 10 00 02 03 02 00 04 00 08 00"
)
VERITY_STARTED = "F0 02 02 00 00 05 01 40 DA 7F 39"
VERITY_FACTOR_G = 0.000243999995291  # printed beside it
VERITY_FRAME = "02 64 6C 76 C4 3C C6 7F 07 80 D0 FF 65 01 E4 0F"
ECG_HEAD = "00 EA 54 A2 42 8B 45 52 08 00"

numbers = st.integers(0, 255)
settings = st.lists(
    st.sampled_from(Kind).flatmap(
        lambda kind: st.builds(
            lambda values: Setting(kind=kind, values=tuple(values)),
            st.lists(
                st.integers(0, 256 ** [2, 2, 2, 4, 1, 4, 16][kind] - 1), max_size=5
            ),
        )
    ),
    max_size=4,
).map(tuple)
answers = st.builds(
    Answer,
    op=numbers,
    measurement=numbers,
    status=numbers,
    more=st.booleans(),
    parameters=st.binary(max_size=30),
)
said_by_straps = st.one_of(
    answers,
    st.builds(Features, bitmap=st.binary(min_size=1, max_size=16)),
    st.builds(Stopped, measurements=st.lists(numbers, min_size=1).map(tuple)),
    st.builds(
        Answer,
        op=numbers,
        measurement=numbers,
        status=numbers,
        more=st.none(),
        parameters=st.just(b""),
    ),
)
times_ns = st.integers(0, 2**64 - 1)
ecg_frames = st.builds(
    EcgFrame,
    last_ns=times_ns,
    ecg_uv=st.lists(st.integers(-(2**23), 2**23 - 1), min_size=1, max_size=80).map(
        tuple
    ),
)


def steps(bits: int) -> st.SearchStrategy[list[tuple[int, int, int]]]:
    one = st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return st.lists(st.tuples(one, one, one), min_size=1, max_size=300)


def read(text: str) -> bytes:
    return bytes.fromhex(text)


# --- what is asked, and answered ----------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        (control.get_settings(Stream.ACCELERATION), "01 02"),
        (control.get_settings(Stream.ECG), "01 00"),
        (
            control.start(Stream.ECG, control.settings_wanted(Stream.ECG)),
            "02 00 00 01 82 00 01 01 0E 00",
        ),
        (
            control.start(
                Stream.ACCELERATION,
                (
                    Setting(kind=Kind.RANGE, values=(8,)),
                    Setting(kind=Kind.RATE_HZ, values=(200,)),
                    Setting(kind=Kind.RESOLUTION_BITS, values=(16,)),
                ),
            ),
            "02 02 02 01 08 00 00 01 C8 00 01 01 10 00",
        ),
        (control.stop(Stream.ACCELERATION), "03 02"),
        (control.stop(Stream.ECG), "03 00"),
    ],
)
def test_requests_are_the_bytes_printed_in_the_specification(
    asked: bytes, printed: str
) -> None:
    assert asked == read(printed)


def test_an_h10_says_what_acceleration_it_offers() -> None:
    answer = control.decode_control(read(H10_OFFERS))
    assert isinstance(answer, Answer)
    assert (answer.op, answer.status, answer.more) == (1, Status.SUCCESS, False)
    assert control.stream_of(answer.measurement) is Stream.ACCELERATION
    offered = control.decode_settings(answer.parameters)
    assert {one.kind: one.values for one in offered} == {
        Kind.RATE_HZ: (25, 50, 100, 200),
        Kind.RESOLUTION_BITS: (16,),
        Kind.RANGE: (2, 4, 8),
    }


def test_a_verity_sense_is_asked_for_what_it_offers_and_not_for_what_an_h10_does() -> (
    None
):
    answer = control.decode_control(
        read("F0 01 02 00 00 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03")
    )
    assert isinstance(answer, Answer)
    offered = control.decode_settings(answer.parameters)
    chosen = control.settings_chosen(Stream.ACCELERATION, offered)
    assert control.start(Stream.ACCELERATION, chosen) == read(
        "02 02 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03"
    )


def test_of_several_offers_the_wanted_is_chosen_or_the_next_above_or_the_highest() -> (
    None
):
    def chosen(*rates_hz: int) -> int:
        offered = (Setting(kind=Kind.RATE_HZ, values=rates_hz),)
        return control.settings_chosen(Stream.ACCELERATION, offered)[0].values[0]

    assert chosen(25, 50, 100, 200) == 50
    assert chosen(208, 104, 52, 26) == 52
    assert chosen(13, 26) == 26


def test_features_tell_which_streams_there_are() -> None:
    verity = control.decode_control(read("0F 6E" + " 00" * 15))
    assert isinstance(verity, Features)
    assert control.streams_of(verity) == {Stream.ACCELERATION}
    h10 = control.decode_control(read("0F 05 00"))
    assert isinstance(h10, Features)
    assert control.streams_of(h10) == {Stream.ECG, Stream.ACCELERATION}


def test_a_verity_sense_says_how_large_a_step_is_and_an_h10_needs_none() -> None:
    verity, h10 = (
        control.decode_control(read(answer))
        for answer in (VERITY_STARTED, "F0 02 02 00 00 01")
    )
    assert isinstance(verity, Answer)
    assert isinstance(h10, Answer)
    assert control.factor_started(verity) == pytest.approx(VERITY_FACTOR_G, rel=1e-9)
    assert control.factor_started(h10) is None


@pytest.mark.parametrize("bits", ["00 00 C0 7F", "00 00 80 7F", "00 00 00 00", "00 80"])
def test_a_factor_that_is_no_size_of_a_step_is_refused(bits: str) -> None:
    answer = control.decode_control(read("F0 02 02 00 00 05 01 " + bits))
    assert isinstance(answer, Answer)
    with pytest.raises(BadPacketError):
        control.factor_started(answer)


def test_a_refusal_ends_with_its_status_and_has_the_name_of_the_specification() -> None:
    refused = control.decode_control(read("F0 02 00 0A"))
    assert isinstance(refused, Answer)
    assert refused.status == Status.INVALID_MTU
    assert (control.said(refused.status), refused.more) == ("INVALID_MTU", None)
    assert control.said(200) == "UNKNOWN_200"


def test_a_strap_says_that_it_stopped_and_of_what() -> None:
    stopped = control.decode_control(read("01 00 01 02"))
    assert isinstance(stopped, Stopped)
    assert control.streams_stopped(stopped) == {Stream.ECG, Stream.ACCELERATION}


@pytest.mark.parametrize("data", ["", "0F", "01", "F0", "F0 02 00", "07 01 02"])
def test_what_is_no_answer_is_refused(data: str) -> None:
    with pytest.raises(BadPacketError):
        control.decode_control(read(data))


@pytest.mark.parametrize(
    "data", ["00", "00 01", "00 02 82 00 82", "07 01 00", "05 01 00"]
)
def test_settings_that_end_too_early_or_of_no_known_kind_are_refused(data: str) -> None:
    with pytest.raises(BadPacketError):
        control.decode_settings(read(data))


@given(said_by_straps)
def test_what_a_strap_says_is_read_as_it_was_said(
    said: Answer | Features | Stopped,
) -> None:
    assert control.decode_control(control.encode_control(said)) == said


@given(st.sampled_from(Op), numbers, settings)
def test_a_request_is_read_as_it_was_asked(
    op: Op, measurement: int, asked: tuple[Setting, ...]
) -> None:
    request = Request(op=op, measurement=measurement, settings=asked)
    assert control.decode_request(control.encode_request(request)) == request


@given(st.binary(max_size=40))
def test_no_bytes_at_all_bring_anything_but_a_value_or_the_named_error(
    data: bytes,
) -> None:
    for reader in (
        control.decode_control,
        control.decode_request,
        control.decode_settings,
        lambda some: decode_frame(some, 0.001),
        lambda some: decode_frame(read(VERITY_FRAME) + some, 0.001),
        lambda some: decode_frame(read(ECG_HEAD) + some),
    ):
        with suppress(BadPacketError):
            reader(data)  # any other exception fails


# --- frames -------------------------------------------------------------------------


def test_an_ecg_frame_holds_24_bit_microvolts_and_the_time_of_its_last_sample() -> None:
    frame = decode_frame(read(ECG_HEAD + "68 00 00 58 00 00 FF FF FF 00 00 80"))
    assert frame == EcgFrame(
        last_ns=599618164814402794,  # printed in the specification for these bytes
        ecg_uv=(104, 88, -1, -(2**23)),
    )


def test_a_frame_of_acceleration_as_printed_for_an_h10() -> None:
    frame = decode_frame(
        read("02 EA 54 A2 42 8B 45 52 08 01 45 FF E4 FF B5 03 45 FF E4 FF B8 03")
    )
    # The specification says -184 of the bytes 45 FF, which are -187: the rest agrees.
    assert frame == AccelerationFrame(
        last_ns=599618164814402794,
        form=Form.MG_16_BIT,
        acceleration_mg=((-187, -28, 949), (-187, -28, 952)),
    )


def test_a_packed_frame_as_printed_for_a_verity_sense() -> None:
    frame = decode_frame(
        read(VERITY_FRAME + "08 02 FC 07 FF 0C 13 F2"), VERITY_FACTOR_G
    )
    assert isinstance(frame, AccelerationFrame)
    assert frame.last_ns == 540368444604181604
    g = [
        [axis / 1000 / VERITY_FACTOR_G for axis in xyz] for xyz in frame.acceleration_mg
    ]
    assert g == [
        pytest.approx([-48, 357, 4068]),
        pytest.approx([-52, 364, 4067]),
        pytest.approx([-40, 383, 4053]),
    ]
    # At rest, and gravity is on z: what says that the factor is one of G, not of mG.
    assert frame.acceleration_mg[0][2] == pytest.approx(992.6, abs=0.1)


def test_differences_are_packed_with_the_least_significant_bit_first() -> None:
    # By hand: +1, -1, +2, then -4, +3, 0 in three bits each, from the lowest bit up:
    # 001 111 010 100 011 000 -> 0b000_011_100_010_111_001.
    packed = 0b000_011_100_010_111_001.to_bytes(3, "little")
    body = struct.pack("<3h", 10, 20, 30) + bytes([3, 2]) + packed
    assert delta_frames.unpacked(body, channels=3, bits=16) == [
        (10, 20, 30),
        (11, 19, 32),
        (7, 22, 32),
    ]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "00",
        ECG_HEAD,
        ECG_HEAD + "01 02",
        ECG_HEAD + "01 02 03 04",
        "00" + "00" * 8 + "80" + "01 02 03",  # ECG, packed: no strap is known to
        "00" + "00" * 8 + "01" + "01 02 03",  # ECG of a type that is not described
        "01" + "00" * 8 + "00" + "01 02 03" * 4,  # light, not read
        "02" + "00" * 8 + "03" + "01 02 03",
        "02" + "00" * 8 + "01" + "01 02 03 04 05",
        VERITY_FRAME[:-3],
        VERITY_FRAME + "08",
        VERITY_FRAME + "08 02 FC 07 FF 0C 13",
        VERITY_FRAME + "00 02",
        VERITY_FRAME + "21 01" + "00" * 13,
        VERITY_FRAME + "10 01 FF 7F FF 7F FF 7F",  # 4068 + 32767: beyond 16 bit
    ],
)
def test_a_frame_that_is_cut_or_not_described_is_refused_whole(frame: str) -> None:
    with pytest.raises(BadPacketError):
        decode_frame(read(frame), VERITY_FACTOR_G)


def test_a_packed_frame_is_refused_where_nobody_said_how_large_a_step_is() -> None:
    frame = read(VERITY_FRAME)
    decode_frame(frame, VERITY_FACTOR_G)  # with the size of a step it is read
    with pytest.raises(BadPacketError, match="how large a step"):
        decode_frame(frame)


def test_a_frame_cut_at_a_whole_sample_is_told_by_the_small_mtu_that_it_fills() -> None:
    whole = encode_ecg(EcgFrame(last_ns=0, ecg_uv=(7,) * 73))
    assert len(whole) == 232 - 3
    for_mtu_58 = whole[:55]
    decode_frame(for_mtu_58)  # 15 samples of 73, and nothing in it says so
    assert was_cut(for_mtu_58, 58)
    assert not was_cut(whole, 232)
    assert not was_cut(whole[:40], 58)


@given(ecg_frames)
def test_ecg_is_read_as_it_was_written(frame: EcgFrame) -> None:
    assert decode_frame(encode_ecg(frame)) == frame


@given(times_ns, st.sampled_from([(Form.MG_8_BIT, 8), (Form.MG_16_BIT, 16)]), st.data())
def test_acceleration_is_read_as_it_was_written(
    last_ns: int, form: tuple[Form, int], data: st.DataObject
) -> None:
    frame = AccelerationFrame(
        last_ns=last_ns,
        form=form[0],
        acceleration_mg=tuple(data.draw(steps(form[1]))),
    )
    assert decode_frame(encode_acceleration(frame)) == frame


@given(times_ns, steps(24))
def test_acceleration_of_24_bit_is_read_as_it_was_written(
    last_ns: int, mg: list[tuple[int, int, int]]
) -> None:
    frame = AccelerationFrame(
        last_ns=last_ns, form=Form.MG_24_BIT, acceleration_mg=tuple(mg)
    )
    assert decode_frame(encode_acceleration(frame)) == frame


@given(st.sampled_from([3, 8, 16]).flatmap(steps))
def test_packed_samples_are_read_as_they_were_written(
    samples: list[tuple[int, int, int]],
) -> None:
    body = delta_frames.packed(list(samples), bits=16)
    assert delta_frames.unpacked(body, channels=3, bits=16) == samples


@given(
    steps(16),
    st.sampled_from([(Form.PACKED_G, 1000.0), (Form.PACKED_MG, 1.0)]),
    st.floats(2**-17, 8, width=32),
)
def test_a_packed_frame_is_read_as_it_was_written(
    raw: list[tuple[int, int, int]], form: tuple[Form, float], factor: float
) -> None:
    started = Answer(
        op=Op.START,
        measurement=2,
        status=0,
        more=False,
        parameters=control.encode_settings((control.factor_setting(factor),)),
    )
    answered = control.factor_started(started)
    assert answered == factor
    step_mg = factor * form[1]
    frame = AccelerationFrame(
        last_ns=1,
        form=form[0],
        acceleration_mg=tuple(
            (x * step_mg, y * step_mg, z * step_mg) for x, y, z in raw
        ),
    )
    assert decode_frame(encode_acceleration(frame, factor), answered) == frame


def test_what_cannot_be_written_is_a_mistake_of_the_caller() -> None:
    for frame in (
        EcgFrame(last_ns=0, ecg_uv=()),
        EcgFrame(last_ns=0, ecg_uv=(2**23,)),
    ):
        with pytest.raises(ValueError, match=r"sample|bytes"):
            encode_ecg(frame)
    nothing = AccelerationFrame(last_ns=0, form=Form.MG_8_BIT, acceleration_mg=())
    much = AccelerationFrame(
        last_ns=0, form=Form.MG_8_BIT, acceleration_mg=((128, 0, 0),)
    )
    packed = AccelerationFrame(
        last_ns=0, form=Form.PACKED_G, acceleration_mg=((1, 0, 0),)
    )
    for motion, factor in (
        (nothing, None),
        (much, None),
        (packed, None),
        (packed, 1e-9),
    ):
        with pytest.raises(ValueError, match=r"sample|bytes|step|bits"):
            encode_acceleration(motion, factor)
    with pytest.raises(ValueError, match="takes 1 bytes"):
        control.encode_settings((Setting(kind=Kind.CHANNELS, values=(256,)),))
    with pytest.raises(ValueError, match="short form"):
        control.encode_control(
            Answer(op=1, measurement=0, status=0, more=None, parameters=b"1")
        )
