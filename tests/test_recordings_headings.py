"""What a heading says settles what its values alone leave open, or refuses them."""

import pytest

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.recordings.source import Wanted

# A heart at 74 a minute, and a slower one; typed by hand.
ONE = (812, 837, 859, 841, 806, 779, 791, 823, 848, 835, 802, 784)
OTHER = (905, 921, 944, 938, 917, 896, 889, 902, 926, 941, 930, 908)


def read(text: str) -> Recording:
    return parse_recording(text.encode(), name="planted")


def table(head: str, *columns: tuple[object, ...], sep: str = ",") -> str:
    rows = [sep.join(map(str, row)) for row in zip(*columns, strict=True)]
    return "\n".join([*([head] if head else []), *rows])


@pytest.mark.parametrize(
    "name",
    ["visit", "session", "subject", "id", "n", "min", "label", "valid", "Status"],
)
def test_a_heading_with_as_many_names_as_commas_make_columns_settles_the_comma(
    name: str,
) -> None:
    assert read(table(f"{name},rr", (1,) * 12, ONE)).rr_ms == ONE
    assert read(table(f"# {name},rr", (1,) * 12, ONE)).rr_ms == ONE


def test_the_number_of_a_session_before_the_comma_is_no_second_of_an_interval() -> None:
    with pytest.raises(BadRecordingError, match="recordings, by 'session': 1, 2"):
        read(table("session,rr", (1,) * 6 + (2,) * 6, ONE))


def test_without_a_heading_a_comma_that_can_be_two_things_is_refused() -> None:
    with pytest.raises(BadRecordingError, match="comma in it can part"):
        read(table("", (1,) * 12, ONE))


@pytest.mark.parametrize(
    "head",
    [
        "HRV_A,HRV_B",
        "ECG1,ECG2",
        "accX,accZ",
        "altitude,heart_rate",
        "power,cadence",
        "Mean RR,RMSSD",
        "QT,QRS",
    ],
)
def test_two_named_columns_of_whole_numbers_are_no_decimals_of_one(head: str) -> None:
    with pytest.raises(BadRecordingError):
        read(table(head, ONE, OTHER))


@pytest.mark.parametrize("head", ["RR,s", "RR, s", "Anna, at rest", "RR (s)"])
def test_a_title_with_a_comma_leaves_decimal_commas_as_they_are(head: str) -> None:
    in_s = "\n".join(f"0,{each}" for each in ONE)
    assert read(f"{head}\n{in_s}").rr_ms == ONE


NOTES_OF_RATE = [
    *("Sampling rate: 500 Hz", "fs: 500", "# fs: 500", "ECG recorded at 500 Hz"),
    *("Device: Bittium Faros 500 Hz", "RR from an ECG sampled at 500 Hz"),
]


@pytest.mark.parametrize("note", NOTES_OF_RATE)
def test_a_note_on_the_rate_of_the_ecg_is_no_unit_of_the_list_below(note: str) -> None:
    with pytest.raises(BadRecordingError, match="ms or samples at 500 Hz"):
        read(table(note, ONE))
    with pytest.raises(BadRecordingError, match="ms or samples at 500 Hz"):
        read(table(f"RR\n{note}", ONE))


def test_a_note_on_the_rate_is_the_unit_where_only_samples_can_be_heartbeats() -> None:
    samples = tuple(round(each / 8) for each in ONE)
    assert read(table("Sampling rate: 125 Hz", samples)).rr_ms[:2] == (816.0, 840.0)


def test_a_heading_that_says_samples_is_the_unit() -> None:
    halves = tuple(each / 2 for each in ONE)
    assert read(table("RR (samples, fs=500)", halves)).rr_ms == ONE


def test_a_single_s_behind_a_name_is_an_initial() -> None:
    assert read(table("anna s", ONE)).rr_ms == ONE


@pytest.mark.parametrize(
    "head",
    [
        *("ECG", "respiration", "QT interval [ms]", "PR interval", "EEG", "GSR", "CO2"),
        *("Acceleration", "Altitude (m)", "Power (W)", "pressure hPa", "reaction time"),
        *("steps", "calories", "glucose", "ln RMSSD", "LF/HF", "SDNN", "mean RR"),
        *("successive differences RR", "mean RR per minute", "Blutdruck (mmHg)"),
        *("lnRR", "log10(RR)", "RR relative", "RR [%]", "1/RR", "RR (5-beat mean)"),
        *("frequency [Hz]", "ihr [beats/s]", "pNN50", "AVNN", "RR threshold", "ratio"),
        *(
            "stride interval [ms]",
            "gait cycle (ms)",
            "fixation duration",
            "VO2 [ml/min]",
        ),
        *("saccade latency", "tap interval [ms]", "ping (ms)", "PM2.5", "LVET"),
    ],
)
def test_a_list_whose_heading_says_something_else_is_refused(head: str) -> None:
    with pytest.raises(BadRecordingError, match="says that it holds no RR intervals"):
        read(table(head, ONE))
    with pytest.raises(BadRecordingError):
        read(f'{{"{head}": {list(ONE)}}}')


@pytest.mark.parametrize(
    "head",
    [
        *("anna", "HRV", "HRV data", "session 1", "Rest, second session", "x"),
        *("RR from ECG [ms]", "Heartbeats of the participant at rest without power"),
        *("RR log", "Pam", "Isi", "RR, 60 % of maximum", "PM"),
    ],
)
def test_a_title_over_a_list_is_no_reason_to_refuse_it(head: str) -> None:
    assert read(table(head, ONE)).rr_ms == ONE


def test_heart_rates_without_a_heading_are_called_so() -> None:
    with pytest.raises(BadRecordingError, match="look like heart rates"):
        read("\n".join(map(str, (72, 74, 75, 73, 71, 70, 72, 75, 76, 74))))


@pytest.mark.parametrize(
    "name", ["rr_raw_1024", "RR raw 1024", "rr_ticks", "RR (ticks)", "rr_tick"]
)
def test_a_name_that_counts_is_not_taken_for_milliseconds(name: str) -> None:
    values = "\n".join(str(871 + i * i % 23) for i in range(60))
    with pytest.raises(BadRecordingError):
        parse_recording(f"{name}\n{values}".encode(), name="planted")


# --- units that are parts of others, rates, and prints that were cut ----------------


@pytest.mark.parametrize(
    ("head", "per_ms"),
    [
        *(("RR (cs)", 0.1), ("RR_cs", 0.1), ("IBI [cs]", 0.1), ("RR, cs", 0.1)),
        *(("RR (1/10 ms)", 10), ("RR [1/10 ms]", 10), ("RR [0.1 ms]", 10)),
        *(("RR [0,1 ms]", 10), ("RR [10 ms]", 0.1), ("RR (1/100 s)", 0.1)),
        *(("RR (1/2 ms)", 2), ("RR [1/10ms]", 10), ("RR [1/1000 s]", 1)),
    ],
)
def test_a_unit_that_is_part_of_another_is_read(head: str, per_ms: float) -> None:
    text = "\n".join([head, *(f"{rr * per_ms:g}" for rr in ONE)])
    assert read(text).rr_ms == pytest.approx(ONE)


@pytest.mark.parametrize("head", ["RR_bpm", "RR [bpm]", "RR (1/min)", "rr beats/min"])
def test_a_rate_below_the_name_of_an_interval_is_said_to_be_one(head: str) -> None:
    rates = [f"{60_000 / rr:.1f}" for rr in ONE]
    with pytest.raises(BadRecordingError, match="holds heart rates in beats a minute"):
        read("\n".join([head, *rates]))


@pytest.mark.parametrize(
    "text",
    [
        "[812. 837. 859. ... 802. 784. 791.]\n",
        "array([812., 837., 859., ..., 802., 784., 791.])\n",
        "0  812.0\n1  837.0\n    ...\n198  802.0\n199  784.0\n",
        "    rr  flag\n0  812     0\n..  ...   ...\n199  784     0\n",
        "[812, 837,\n 859,\n ...,\n 802, 784]\n",
        "812\n837\n…\n802\n784\n",
    ],
)
def test_a_print_without_its_middle_is_said_to_be_cut(text: str) -> None:
    with pytest.raises(BadRecordingError, match="printed only the first and the last"):
        read(text)


@pytest.mark.parametrize("text", ["\n".join(["a note ..."] + [str(r) for r in ONE])])
def test_dots_behind_words_cut_nothing(text: str) -> None:
    assert read(text).rr_ms == ONE


@pytest.mark.parametrize(
    "text",
    [
        "t,rr\n" + "".join(f"{i},{r}\n" for i, r in enumerate(ONE)),
        "\n".join(map(str, ONE)),
    ],
)
def test_a_person_that_nothing_in_the_file_is_called_is_said_to_be_none(
    text: str,
) -> None:
    with pytest.raises(BadRecordingError, match="it names no people or parts"):
        parse_recording(text.encode(), name="x", wanted=Wanted(person="baseline"))


def test_one_column_is_called_one_column() -> None:
    rows = "\n".join(f"2026-12-{day:02d}" for day in range(1, 20))
    with pytest.raises(BadRecordingError, match="one column without a heading"):
        read(rows)


@pytest.mark.parametrize(
    "head", ["RR_detrended", "RR (normalized)", "RR [normalised]", "RR trendbereinigt"]
)
def test_intervals_that_were_changed_as_a_whole_are_none(head: str) -> None:
    with pytest.raises(BadRecordingError, match="holds no RR intervals"):
        read("\n".join([head, *map(str, ONE)]))


@pytest.mark.parametrize("step", [1, -1])
def test_values_that_were_sorted_are_no_recording(step: int) -> None:
    with pytest.raises(BadRecordingError, match="sorted"):
        read("\n".join(map(str, [700 + i * i // 5 for i in range(60)][::step])))
