"""What databases and programs print around a list, and rates in the name of a file."""

import pytest

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.recognise import parse_recording

# Typed by hand: a heart at 74 a minute.
RR_MS = [812, 837, 859, 841, 806, 779, 791, 823, 848, 835, 802, 784, 795, 826, 851, 838]


def rr_of(text: str, name: str = "planted") -> list[float]:
    return list(parse_recording(text.encode(), name=name).rr_ms)


def refusal(text: str, name: str = "planted") -> str:
    with pytest.raises(BadRecordingError) as refused:
        rr_of(text, name)
    return str(refused.value)


@pytest.mark.parametrize("last", ["", "16 rows in set (0.00 sec)\n"])
def test_a_table_in_a_frame_is_the_table_in_it(last: str) -> None:
    rule = "+----+-------+\n"
    rows = "".join(f"| {i:2d} | {rr:5d} |\n" for i, rr in enumerate(RR_MS, 1))
    assert rr_of(f"{rule}| id | rr_ms |\n{rule}{rows}{rule}{last}") == RR_MS
    rule = "+-------+\n"
    rows = "".join(f"| {rr:5d} |\n" for rr in RR_MS)
    assert rr_of(f"{rule}| rr_ms |\n{rule}{rows}{rule}{last}") == RR_MS


def test_a_value_missing_in_a_frame_is_refused_or_a_gap_and_never_closed_up() -> None:
    rule = "+-------+\n"
    rows = "".join(f"| {rr:5d} |\n" for rr in RR_MS)
    text = f"{rule}| rr_ms |\n{rule}{rows}{rule}".replace("  841", " NULL")
    got = parse_recording(text.encode(), name="planted")
    assert [rr for rr in got.rr_ms if rr] == [rr for rr in RR_MS if rr != 841]
    assert "values-missing" in got.remarks


@pytest.mark.parametrize("footer", ["N=16", "n = 16", "N: 16"])
@pytest.mark.parametrize("head", ["", "RR [ms]\n"])
def test_a_count_below_a_list_that_is_right_is_a_note(footer: str, head: str) -> None:
    listed = head + "\n".join(map(str, RR_MS))
    assert rr_of(f"{listed}\n{footer}\n") == RR_MS
    assert "is no number" in refusal(f"{listed}\n{footer.replace('6', '7')}\n")


@pytest.mark.parametrize(
    "name", ["ecg_fs256.csv", "rr-FS1024.txt", "p3_fs500_rest.csv"]
)
def test_a_rate_in_the_name_of_a_file_is_asked_about(name: str) -> None:
    rate_hz = int("".join(filter(str.isdigit, name.lower().split("fs")[1][:4])))
    samples = [round(rr * rate_hz / 1000) for rr in RR_MS]
    listed = "\n".join(map(str, samples))
    assert "which" in refusal(listed, name) or "samples of an ECG" in refusal(
        listed, name
    )
    told = rr_of(f"RR (samples, fs={rate_hz})\n{listed}", name)
    assert told == pytest.approx(RR_MS, abs=2)
    assert rr_of("RR [ms]\n" + "\n".join(map(str, RR_MS)), name) == RR_MS


@pytest.mark.parametrize("name", ["rr_fs1000.csv", "offs256.csv", "rr.csv"])
def test_a_name_without_another_rate_says_nothing(name: str) -> None:
    assert rr_of("\n".join(map(str, RR_MS)), name) == RR_MS


@pytest.mark.parametrize(
    "heading",
    [
        *("systolic", "Illuminance [lx]", "Luftfeuchte", "adc", "voltage", "angle"),
        *("force (N)", "Helligkeit", "tidal volume", "Strom [mA]"),
    ],
)
def test_a_list_of_something_else_is_not_read_as_intervals(heading: str) -> None:
    listed = "\n".join(map(str, RR_MS))
    assert "says that it holds no RR intervals" in refusal(f"{heading}\n{listed}")
    beside = "\n".join(f"{600 + i},{rr}" for i, rr in enumerate(RR_MS))
    assert rr_of(f"{heading},RR\n{beside}") == RR_MS
