"""A series written in any way reads back as itself, or is refused: never as another.

Everything is drawn: the heart, what stands beside its intervals, their unit and the
words for it, and how the table is written. What was drawn is the truth.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypedDict

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.source import Wanted

ROWS: Final = (12, 60, 60, 300, 1500)
# Name in a heading, milliseconds a unit, decimals that are written.
UNITS: Final = (
    ("ms", 1.0, 0),
    ("ms", 1.0, 1),
    ("ms", 1.0, 3),
    ("s", 1000.0, 3),
    ("s", 1000.0, 2),
    ("us", 0.001, 0),
    ("1/1024 s", 1000 / 1024, 0),
    ("s/256", 1000 / 256, 0),
    *((f"samples, fs={hz}", 1000 / hz, 0) for hz in (128, 250, 360, 500, 512, 1000)),
)
SAID_ELSEWHERE: Final = {"ms", "s"}  # all others only a heading can tell


class Style(TypedDict):
    """How numbers are written."""

    decimal: str
    thousands: str
    strips: bool


@dataclass(repr=False)
class Written:
    """A file, and the series in it; `must_refuse` where no reading can be right."""

    text: str
    rr_ms: Floats
    tolerance_ms: float
    must_refuse: bool = False
    shape: str = ""
    encoding: str = "utf-8"
    wanted: Wanted = field(default_factory=Wanted)


def heart(rng: np.random.Generator, rows: int) -> Floats:
    """Return intervals in ms of a heart at 35 to 180 a minute that breathes."""
    usual_ms = 60_000 / rng.uniform(36, 176)
    swing = rng.uniform(0.005, 0.06) * usual_ms
    breath = 2 * np.pi * np.arange(rows) / rng.uniform(3, 9)
    slow = np.cumsum(rng.normal(0, 0.0006 * usual_ms, rows))
    level = usual_ms + slow + swing * np.sin(breath)
    return np.asarray(level + rng.normal(0, 0.004 * usual_ms, rows), dtype=np.float64)


def number(value: float, decimals: int, style: Style) -> str:
    text = f"{value:.{decimals}f}"
    if decimals and style["strips"]:
        text = text.rstrip("0").rstrip(".")
    if (
        style["thousands"]
        and abs(value) >= 1000
        and style["thousands"] != style["decimal"]
    ):
        whole, _, part = text.partition(".")
        text = f"{int(whole):,}".replace(",", style["thousands"]) + (
            f"\0{part}" if part else ""
        )
        return text.replace("\0", style["decimal"])
    return text.replace(".", style["decimal"])


Cells = tuple[str, list[str]]
Drawing = Callable[[np.random.Generator, int], Iterable[float]]
Making = Callable[[np.random.Generator, Floats], Cells]


def shown_rate(_rng: np.random.Generator, rr_ms: Floats) -> Cells:
    """Return heart rates as a strap shows them, smoothed over five beats."""
    rates = 60_000 / rr_ms
    if rates.size > 20:
        padded = np.pad(rates, 2, mode="edge")
        rates = np.convolve(padded, np.full(5, 0.2), "valid")
    return "HR [bpm]", [f"{each:.0f}" for each in rates]


def counted(rng: np.random.Generator, rr_ms: Floats) -> Cells:
    first = int(rng.integers(1, 90_000))
    return "beat", [str(first + i) for i in range(rr_ms.size)]


def near_one(rng: np.random.Generator, rr_ms: Floats) -> Cells:
    other = heart(rng, rr_ms.size)
    return "ben", [f"{each:.3f}" for each in other / np.median(other)]


def drawn(name: str, pattern: str, draw: Drawing) -> Making:
    """Return what makes a column of values that have nothing to do with the heart."""

    def cells(rng: np.random.Generator, rr_ms: Floats) -> Cells:
        return name, [format(float(v), pattern) for v in draw(rng, rr_ms.size)]

    return cells


MAKERS: Final[dict[str, Making]] = {
    "nothing": lambda _rng, rr_ms: ("", [""] * rr_ms.size),
    "empty": lambda _rng, rr_ms: ("", [""] * rr_ms.size),
    "index": lambda _rng, rr_ms: ("", [str(i) for i in range(rr_ms.size)]),
    "index from 1000": counted,
    "heart rate": shown_rate,
    "flags": drawn("flag", ".0f", lambda rng, n: (rng.random(n) < 0.05) * 1.0),
    "other heart": drawn("ben", ".0f", heart),
    "heart near 1 s": near_one,
    "temperature": drawn("temp", ".1f", lambda rng, n: 36.5 + rng.normal(0, 0.1, n)),
    "acceleration": drawn("acc", ".3f", lambda rng, n: 1 + rng.normal(0, 0.03, n)),
    "constant": drawn("session", ".0f", lambda _rng, n: np.ones(n)),
    "label": lambda rng, rr_ms: ("label", list(rng.choice(list("NNNV"), rr_ms.size))),
    "text": lambda _rng, rr_ms: ("note", ["rest"] * rr_ms.size),
    "power": drawn("power", ".0f", lambda rng, n: rng.uniform(90, 420, n)),
    "ecg": drawn("ecg", ".0f", lambda rng, n: rng.normal(0, 900, n)),
    "same in other unit": lambda _rng, rr_ms: (
        "RR [s]",
        [f"{each / 1000:.3f}" for each in rr_ms],
    ),
}
BESIDE: Final = tuple(MAKERS)


STAMPS: Final = {
    "iso": ("date", "%Y-%m-%dT%H:%M:%S.", True),
    "iso space": ("date", "%Y-%m-%d %H:%M:%S.", True),
    "german": ("Zeit", "%d.%m.%Y %H:%M:%S", False),
    "of day": ("time of day", "%H:%M:%S.", True),
}
# Name, seconds at which it begins, a second in its unit, decimals.
NUMBERS: Final = {
    "s": ("time [s]", 0.0, 1.0, 3),
    "ms": ("time [ms]", 0.0, 1000.0, 0),
    "unix ms": ("timestamp", 1_750_000_000.0, 1000.0, 0),
    "unix s": ("timestamp", 1_750_000_000.0, 1.0, 3),
}
TIMES: Final = ("none", *NUMBERS, *STAMPS)


def times(kind: str, rng: np.random.Generator, rr_ms: Floats) -> Cells:
    """Return name and cells of a column of times, cut out of a longer recording."""
    t_s = np.cumsum(rr_ms) / 1000 + rng.choice([0.0, rng.uniform(0, 5000)])
    if kind in NUMBERS:
        name, begun_s, per_s, decimals = NUMBERS[kind]
        return name, [f"{per_s * (begun_s + each):.{decimals}f}" for each in t_s]
    name, pattern, has_ms = STAMPS[kind]
    begun = dt.datetime(2026, 4, 1, 9, 30, tzinfo=dt.UTC)
    stamps = [begun + dt.timedelta(seconds=round(each, 3)) for each in t_s.tolist()]
    ends = [f"{at.microsecond // 1000:03}" if has_ms else "" for at in stamps]
    return name, [f"{at:{pattern}}{end}" for at, end in zip(stamps, ends, strict=True)]


HEADS: Final = (
    "{name} [{unit}]",
    "{name} ({unit})",
    "{name}_{unit}",
    "{name}, {unit}",
    "{name}",
)
RR_NAMES: Final = (
    "RR",
    "rr",
    "RR-interval",
    "IBI",
    "RR interval",
    "Интервал RR",
    "RR-Intervall",
    "NN",
    "anna",
    "x",
    "RRI",
    "value",
)


@st.composite
def written(draw: st.DrawFn) -> Written:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rr_ms = heart(rng, draw(st.sampled_from(ROWS)))
    unit, ms, decimals = draw(st.sampled_from(UNITS))
    rr_ms = np.round(rr_ms / ms, decimals) * ms
    with_heading = draw(st.booleans())
    of_beats = draw(st.sampled_from((False,) * 6 + (True,)))
    side = draw(st.sampled_from(BESIDE)) if not of_beats else "nothing"
    time = draw(st.sampled_from(TIMES)) if not of_beats else "none"
    delimiter = draw(st.sampled_from((",", ";", "\t", " ", "  ", ", ")))
    style: Style = {
        "decimal": draw(st.sampled_from((".", ".", ","))),
        "thousands": draw(st.sampled_from(("", "", "", ",", ".", "'", "\u202f"))),
        "strips": draw(st.booleans()),
    }
    quotes = draw(st.booleans()) or (
        delimiter.strip() == "," and "," in (style["decimal"], style["thousands"])
    )
    values = (
        np.cumsum(rr_ms) / ms + rng.integers(0, 500) * 1000 / ms
        if of_beats
        else rr_ms / ms
    )
    name = draw(
        st.sampled_from(RR_NAMES if not of_beats else ("R peaks", "beat", "peak"))
    )
    pattern = draw(st.sampled_from(HEADS))
    says_unit = with_heading and pattern != "{name}"
    columns = [
        (
            pattern.format(name=name, unit=unit),
            [number(v, decimals, style) for v in values],
        )
    ]
    if side != "nothing":
        title, cells = MAKERS[side](rng, rr_ms)
        title = draw(st.sampled_from((title, title, "foo")))
        cells = [
            each.replace(".", style["decimal"]) if side != "text" else each
            for each in cells
        ]
        columns.insert(draw(st.integers(0, 1)), (title, cells))
    if time != "none":
        title, cells = times(time, rng, rr_ms)
        if time in {"s", "unix s"}:
            cells = [each.replace(".", style["decimal"]) for each in cells]
        columns.insert(0, (title, cells))
    lines = []
    if delimiter == ";" and draw(st.booleans()):
        lines.append("sep=;")
    if draw(st.booleans()):
        lines.append(draw(st.sampled_from(("# exported", "% export", "// an app", ""))))
    between = delimiter
    mark = '"' if quotes and delimiter.strip() else ""
    if with_heading:
        lines.append(between.join(f"{mark}{title}{mark}" for title, _ in columns))
    lines += [
        between.join(f"{mark}{each}{mark}" for each in row)
        for row in zip(*[c for _, c in columns], strict=True)
    ]
    lines += draw(
        st.sampled_from(([], [], [""], ["Mean RR: 812 ms"], ["---", "end of file"]))
    )
    text = draw(st.sampled_from(("\n", "\r\n", "\r"))).join(lines)
    tolerance = (
        0.51 * ms * 10.0**-decimals + 0.01
        if not of_beats
        else 1.1 * ms * 10.0**-decimals + 0.01
    )
    usual = float(np.median(rr_ms)) / ms
    return Written(
        text=text,
        rr_ms=rr_ms[1:] if of_beats else rr_ms,
        # Readings that differ by less are the same: a column of one digit beside
        # intervals, or tenths of them; and one that holds them rounded to ms.
        tolerance_ms=max(tolerance, 1.0),
        must_refuse=not says_unit
        and side != "same in other unit"
        and unit not in SAID_ELSEWHERE
        and usual < 300,
        shape=f"{unit} {decimals}|{side}|{time}|{'head' if with_heading else 'bare'}|"
        f"{name}|{delimiter!r}|{style}|beats={of_beats}|unit={says_unit}",
        encoding=draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le"))),
    )


def is_out_of_reach(one: Written) -> bool:
    """Whether what was drawn says another series than was meant, to any reader.

    Numbers of unknown unit that are a heart in ms say just that.
    """
    unit = one.shape.split(" ")[0].split(",")[0]
    return "unit=False" in one.shape and unit not in SAID_ELSEWHERE


def outcome(one: Written) -> str:
    try:
        got = parse_recording(
            one.text.encode(one.encoding), name="drawn", wanted=one.wanted
        )
    except BadRecordingError as error:
        return f"refused {error}"
    found = np.array(got.rr_ms)
    if one.must_refuse:
        return "WRONG: had to be refused"
    if found.size != one.rr_ms.size:
        return (
            f"WRONG: {found.size} for {one.rr_ms.size}: {found[:4]} for {one.rr_ms[:4]}"
        )
    off = float(np.abs(found - one.rr_ms).max())
    return (
        "read"
        if off <= one.tolerance_ms
        else f"WRONG: off by {off}: {found[:4]} for {one.rr_ms[:4]}"
    )


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(written())
def test_a_series_reads_back_as_itself_or_is_refused(one: Written) -> None:
    if is_out_of_reach(one) and not one.must_refuse:
        return
    said = outcome(one)
    assert not said.startswith("WRONG"), f"{one.shape}\n{said}\n{one.text[:300]}"


@pytest.mark.parametrize("sign", ["\t", ",", ";"])
@pytest.mark.parametrize(("heading_ends", "rows_end"), [(0, 1), (1, 0), (1, 1)])
def test_a_sign_at_the_end_of_rows_or_heading_moves_no_name(
    sign: str, heading_ends: bool, rows_end: bool
) -> None:
    rr_ms = [478 + i * i % 17 for i in range(12)]
    t_s = np.cumsum(rr_ms) / 1000
    head = f"time [s]{sign}RR [ms]" + sign * heading_ends
    rows = [
        f"{at:.3f}{sign}{rr}" + sign * rows_end
        for at, rr in zip(t_s, rr_ms, strict=True)
    ]
    got = parse_recording("\n".join([head, *rows]).encode(), name="planted")
    assert list(got.rr_ms) == rr_ms


def test_names_of_r_without_one_for_its_row_names_stand_above_their_columns() -> None:
    rr_ms = [478 + i * i % 17 for i in range(12)]
    rows = [f'"{i}",{i * 0.5:.1f},{rr}' for i, rr in enumerate(rr_ms, 1)]
    got = parse_recording("\n".join(['"t_s","rr_ms"', *rows]).encode(), name="planted")
    assert list(got.rr_ms) == rr_ms


def test_a_column_of_intervals_without_one_is_named() -> None:
    rows = [f"{i * 0.8:.1f};;{800 + i % 7}" for i in range(12)]
    with pytest.raises(BadRecordingError, match="Nothing stands under 'RR'"):
        parse_recording("\n".join(["t;RR;other", *rows]).encode(), name="planted")


@pytest.mark.parametrize(
    "text",
    [
        # Two hearts, the first with thousands in points, of which one lost its zeros.
        '"t [ms]", "RRI_samples, fs=1000", "ben"\n"9000", "1.1", "409"\n'
        + "\n".join(
            f'"{9000 + 1100 * i}", "1.{100 + i}", "41{i}"' for i in range(1, 9)
        ),
        # Decimal commas at the end of rows that blanks part, below two hearts' times.
        "\n".join(
            f"2026-04-01 09:30:{i:02}.5 {377 + i % 5} {560 + i % 7},{240 + 9 * i}"
            for i in range(40)
        ),
        # A heart in samples beside accelerations near 1.
        "\n".join(f"{0.95 + 0.01 * (i * i % 9):.3f} {288 + i % 5}" for i in range(40)),
        # An empty first column, then samples at a rate that nothing says.
        "\n".join(f",{60 + i % 4}" for i in range(12)),
        # Times in ms, then such samples: digits so alike are no decimals of times.
        "\n".join(f"{477 + 488 * i},{121 + i % 5}" for i in range(12)),
        # The heading's comma before a unit makes no columns of its words.
        "ben RR, ms\n" + "\n".join(f"{348 + i % 9} {478 + i % 7}" for i in range(12)),
        # Two hearts, the second in such samples: no decimals of the first.
        "\n".join(f"{860 + i * i % 57},{112 + i % 7}" for i in range(30)),
        # A heart in samples, which alone goes with the times, beside one near 1 s.
        "\n".join(
            f"09:30:{i * 0.48:06.3f};{0.95 + 0.01 * (i % 5):.2f};{60 + i % 4}"
            for i in range(40)
        ),
        "date  ben  x, samples, fs=128\n"
        + "\n".join(
            f"2026-04-01T09:30:{i * 0.53:06.3f}  {1.01 + i % 5 / 99:.3f}  {67 + i % 4}"
            for i in range(40)
        ),
        # A rate and samples, below a heading with a comma of its own.
        "foo,RR_samples, fs=500\n"
        + "\n".join(f"{124 + i % 3},{239 + i % 7}" for i in range(40)),
        # Two hearts, the second below a name that may be anything, in a unit of hearts.
        'Zeit;foo;"x_samples, fs=128"\n'
        + "\n".join(
            f"01.04.2026 09:30:{i // 2:02};{593 + i % 9};{43 + i % 5}"
            for i in range(60)
        ),
        # Numbers that are decimals in one reading and two columns in the other.
        "\n".join(f"{800 + i % 9},{870 + i % 7}" for i in range(40)),
    ],
)
def test_neighbours_that_once_were_taken_for_intervals_are_refused(text: str) -> None:
    with pytest.raises(BadRecordingError):
        parse_recording(text.encode(), name="planted")


@pytest.mark.parametrize("head", ["peak", "R peaks [ms]"])
def test_signs_between_thousands_below_one_name_part_no_columns(head: str) -> None:
    beats_ms = [402_478 + 480 * i + i * i % 17 for i in range(12)]
    text = "\n".join([head, *(f"{each:,}.0" for each in beats_ms)])
    if head == "peak":
        text = text.replace(".0", ".5")
    got = parse_recording(text.encode(), name="planted")
    assert list(got.rr_ms) == list(np.diff(beats_ms))


@pytest.mark.parametrize(
    "when", ["2026-04-01 10:47:{:06.3f}", "01.04.2026 10:47:{:02.0f}"]
)
@pytest.mark.parametrize("sep", [" ", ";", "\t"])
def test_points_in_dates_are_none_before_decimals(when: str, sep: str) -> None:
    rr_ms = [642.7, 673.398, 669.336, 641.33, 598.638, 602.5] * 4
    t_s = np.cumsum(rr_ms) / 1000
    rows = [
        sep.join((when.format(at), "N", f"{rr:g}".replace(".", ",")))
        for at, rr in zip(t_s, rr_ms, strict=True)
    ]
    text = "\n".join([sep.join(("date", "label", "RR")), *rows])
    got = parse_recording(text.encode(), name="planted")
    assert list(got.rr_ms) == rr_ms


@pytest.mark.parametrize("sign", ["\u202f", "\u00a0", "'"])
def test_a_thin_sign_between_thousands_and_a_decimal_comma_are_one_number(
    sign: str,
) -> None:
    beats_ms = [233_751 + 780 * i + i * i % 17 for i in range(12)]
    text = "\n".join(
        ["beat [ms]", *(f"{each:,},5".replace(",", sign, 1) for each in beats_ms)]
    )
    got = parse_recording(text.encode(), name="planted")
    assert list(got.rr_ms) == list(np.diff(beats_ms))


# --- as spreadsheets and scripts other than Latin write numbers -----------------

_ARABIC_INDIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
_PLANTED_MS = (813.5, 844.0, 831.0, 859.5, 802.0, 840.0, 866.5, 821.0)


def _read_planted(text: str) -> tuple[float, ...]:
    return parse_recording(text.encode(), name="planted").rr_ms


@pytest.mark.parametrize("digits", [_ARABIC_INDIC, _PERSIAN, _FULL_WIDTH])
def test_digits_of_other_scripts_are_digits(digits: dict[int, int]) -> None:
    text = "RR (ms)\n" + "\n".join(f"{rr}" for rr in _PLANTED_MS)
    assert _read_planted(text.translate(digits)) == _PLANTED_MS


@pytest.mark.parametrize("cell", ['="{}"', "'{}'", "'{}"])
def test_numbers_marked_as_text_are_numbers(cell: str) -> None:
    rows = [cell.format(rr) for rr in _PLANTED_MS]
    assert _read_planted("RR (ms)\n" + "\n".join(rows)) == _PLANTED_MS
    two = [cell.format(n) + ";" + row for n, row in enumerate(rows)]
    assert _read_planted("Nr;RR (ms)\n" + "\n".join(two)) == _PLANTED_MS


@pytest.mark.parametrize(
    "below", ["Mean;834.7\nSD;21.5", "Mean: 834.7 ms\nSD: 21.5 ms", "RMSSD\t30\nHR\t72"]
)
def test_figures_below_a_list_are_notes(below: str) -> None:
    text = "RR (ms)\n" + "\n".join(map(str, _PLANTED_MS)) + f"\n\n{below}\n"
    assert _read_planted(text) == _PLANTED_MS


def test_brackets_can_say_that_hrv_is_intervals() -> None:
    rows = "\n".join(f"{n},{rr}" for n, rr in enumerate(_PLANTED_MS))
    assert _read_planted(f"Nr,HRV (IBI) [ms]\n{rows}\n") == _PLANTED_MS
