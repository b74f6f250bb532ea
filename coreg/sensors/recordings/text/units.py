"""Milliseconds per unit: by what a heading says and by what heartbeats can be.

Both have to agree. Without a word in the heading a usual interval of 813 is in
milliseconds and one of 0.813 in seconds; 293 may be samples of an ECG as well as
milliseconds of a very fast heart, and 1/256 s too, so that nobody guesses.
"""

import re
from dataclasses import dataclass
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.text.names import Role, role_of

FASTEST_MS: Final = 240.0
SLOWEST_MS: Final = 3000.0
# Without a unit a faster heart than 180 a minute is more likely another unit.
FASTEST_UNNAMED_MS: Final = 60_000 / 180
DOUBTFUL_UNNAMED_MS: Final = 60_000 / 140
MS, SECONDS = 1.0, 1000.0
_SLOWEST_RATE, _FASTEST_RATE = 35.0, 150.0

_PER_S: Final = re.compile(
    r"(?:1\s*/\s*(\d{2,6})\s*(?:-?\s*(?:s|sec|second|sekunde)\w*)?\b(?!\s*/))"
    r"|(?:(?<![^\W_])(?:s|sec|seconds?)\s*/\s*(\d{2,6}))"
    r"|(?:(?<![\d/])/\s*(\d{2,6})\s*(?:s|sec)\b)"
    r"|\b(\d{2,6})(?:ths?|tel)\b",
    re.IGNORECASE,
)
_RATE: Final = re.compile(
    r"(\d+(?:\.\d+)?)\s*(k?hz\b|samples?\s*(?:/|per)\s*s)"
    r"|(?:\bfs|sampling[ _-]?rate|sample[ _-]?rate|freq\w*)\s*[=:]?\s*(\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_LOOKED_AT: Final = 200
_CENTI: Final = re.compile(
    r"[\[(_ ,](?:cs|csec|centiseconds?|hundredths?|hundertstel)[\])]?\s*\Z",
    re.IGNORECASE,
)
# In brackets alone: `RR 10 ms` may be the name of a file or of a filter.
_PART_OF: Final = re.compile(
    r"[\[(](?P<whole>\s*(?:1\s*/\s*(?P<parts>\d{1,4})|(?P<times>\d{1,3}(?:[.,]\d{1,3})?))"
    r"\s*(?P<unit>ms|msec|us|µs))\s*[\])]",
    re.IGNORECASE,
)
_LARGEST_PART: Final = 100.0
_COUNTED: Final = re.compile(
    r"sample|(?<![a-z])ticks?(?![a-z])|abtast|sampl|отсч", re.IGNORECASE
)
_SAMPLES: Final = re.compile(
    r"\bsamples?\b(?!\s*(?:/|per\b)|[ _-]*(?:rate|freq))|\bticks?\b|abtastwert|отсч",
    re.IGNORECASE,
)
_RECORDED: Final = re.compile(
    r"sampl(?:ed|ing)|sample[ _-]*(?:rate|freq)|record|abtast", re.IGNORECASE
)
_WORDS: Final = {
    **dict.fromkeys(
        (
            "ms",
            "msec",
            "msecs",
            "millis",
            "millisecond",
            "milliseconds",
            "rrms",
            "ibims",
        ),
        1.0,
    ),
    **dict.fromkeys(("millisekunden", "мс", "мсек", "миллисекунды", "毫秒"), 1.0),
    **dict.fromkeys(
        ("s", "sec", "secs", "second", "seconds", "sekunden", "sek"), 1000.0
    ),
    **dict.fromkeys(("с", "сек", "секунды", "segundos", "secondes", "秒"), 1000.0),
    **dict.fromkeys(("us", "µs", "μs", "usec", "microseconds", "micros"), 1e-3),
    **dict.fromkeys(("ns", "nsec", "nanoseconds", "nanos"), 1e-6),
}
_A_MINUTE: Final = re.compile(
    r"(?<![a-z])bpm(?![a-z])|1\s*/\s*min|beats?[ _/]*(?:per[ _])?min|/\s*min",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"[^\W\d_]+")
_NAMES: Final = {1.0: "ms", 1000.0: "s", 1e-3: "microseconds", 1e-6: "nanoseconds"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """How many milliseconds one unit is, and how to name it; None if it is not said."""

    ms: float | None
    name: str


def unit_in(text: str) -> Unit | None:
    """Return the unit that the name of a column or a note states.

    Examples
    --------
    >>> unit_in("RR-interval [1/1024 s]").ms, unit_in("t_s").ms
    (0.9765625, 1000.0)
    >>> unit_in("RR (samples, fs=500)").ms, unit_in("RR") is None
    (2.0, True)
    """
    return _part_of_unit(text[:_LOOKED_AT]) or _whole_unit(text[:_LOOKED_AT])


def _whole_unit(text: str) -> Unit | None:
    if found := _PER_S.search(text):
        per_s = int(next(each for each in found.groups() if each))
        return Unit(ms=1000 / per_s, name=f"1/{per_s} s") if per_s else None
    if _COUNTED.search(text):
        rate_hz = rate_in(text)
        if rate_hz is None:
            return Unit(ms=None, name="samples")
        return Unit(ms=1000 / rate_hz, name=f"samples at {rate_hz:g} Hz")
    words = list(_TOKEN.finditer(text.lower()))
    for found in reversed(words):
        word = found[0]
        # One letter may be anything but where units stand: at the end, or in brackets.
        is_last = found is words[-1] or text[found.end() : found.end() + 1] in {
            ")",
            "]",
        }
        if word in _WORDS and (len(word) > 1 or is_last):
            ms = _WORDS[word]
            return Unit(ms=ms, name=_NAMES[ms])
    if rate_hz := rate_in(text):
        return Unit(ms=1000 / rate_hz, name=f"samples at {rate_hz:g} Hz")
    return None


def _part_of_unit(text: str) -> Unit | None:
    """Return a unit written as a part of another: cs, 1/10 ms, 0.1 ms, 10 ms."""
    if _CENTI.search(text):
        return Unit(ms=10.0, name="1/100 s")
    found = _PART_OF.search(text)
    if found is None:
        return None
    parts, times = found["parts"], found["times"]
    factor = 1 / float(parts) if parts else float(times.replace(",", "."))
    if not 0 < factor <= _LARGEST_PART or factor == 1:
        return None
    return Unit(ms=factor * _WORDS[found["unit"].lower()], name=found["whole"].strip())


def states_rate_of_recording(text: str) -> bool:
    """Whether a line says how the ECG was recorded, and not what values count.

    Examples
    --------
    >>> [states_rate_of_recording(text) for text in ("fs: 500", "ECG at 1 kHz")]
    [True, True]
    >>> [states_rate_of_recording(text) for text in ("samples, fs=360", "RR [500 Hz]")]
    [False, False]
    """
    if rate_in(text) is None or _PER_S.search(text) or _SAMPLES.search(text):
        return False
    is_of_beats = role_of(text) in {Role.RR, Role.BEAT}
    return not is_of_beats or _RECORDED.search(text) is not None


def rate_in(text: str) -> float | None:
    """Return the samples a second that a text states."""
    found = _RATE.search(text[:_LOOKED_AT])
    if found is None:
        return None
    rate_hz = float(found[1] or found[3])
    if found[1] and found[2].lower() == "khz":
        rate_hz *= 1000
    return rate_hz if 1 <= rate_hz <= 1e6 else None


def are_rates(name: str, usual: float) -> bool:
    """Whether a heading says that values are beats a minute, and they can be.

    Examples
    --------
    >>> are_rates("RR_bpm", 74.0), are_rates("RR [1/min]", 74.0), are_rates("RR", 74.0)
    (True, True, False)
    """
    is_said = _A_MINUTE.search(name[:_LOOKED_AT]) is not None
    return is_said and _SLOWEST_RATE <= usual <= 2 * _FASTEST_RATE


def ms_per_unit(usual: float, said: Unit | None, notes: tuple[Unit, ...] = ()) -> float:
    """Return milliseconds per unit of intervals that usually are `usual` long.

    Parameters
    ----------
    usual : float
        Their median.
    said : Unit, optional
        What the heading of their column says.
    notes : tuple of Unit
        What is said elsewhere in the file; it may be about something else.

    Raises
    ------
    BadRecordingError
        If heading and values disagree, or nothing tells the unit.
    """
    if said is not None:
        return _said(usual, said)
    likely = {
        per_unit
        for per_unit in (MS, SECONDS, *(each.ms for each in notes if each.ms))
        if FASTEST_UNNAMED_MS <= usual * per_unit <= SLOWEST_MS
    }
    if len(likely) == 1:
        return likely.pop()
    if len(likely) > 1:
        units = " or ".join(sorted({_name_of(each, notes) for each in likely}))
        raise BadRecordingError(
            f"Its intervals (usually about {usual:g}) can be in {units}: nothing says "
            "which.",
            SAY_UNIT,
        )
    raise _no_unit(usual)


SAY_UNIT: Final = (
    "Write the unit into a heading above the values, such as `RR [ms]`, `RR [s]`, "
    "`RR [1/1024 s]` or `RR (samples, fs=360)`."
)


def _said(usual: float, said: Unit) -> float:
    if said.ms is None:
        raise BadRecordingError(
            f"The heading counts in {said.name}, and does not say how many make a "
            "second.",
            "Write the rate into the heading, such as `RR (samples, fs=360)`.",
        )
    if FASTEST_MS <= usual * said.ms <= SLOWEST_MS:
        return said.ms
    better = next(
        (
            unit
            for unit, ms in (("ms", MS), ("s", SECONDS))
            if FASTEST_UNNAMED_MS <= usual * ms <= SLOWEST_MS
        ),
        None,
    )
    but = f"; in {better} they would be" if better else ""
    raise BadRecordingError(
        f"The heading says that intervals are in {said.name}, and values of usually "
        f"about {usual:g} {said.name} are no heartbeats{but}.",
        SAY_UNIT,
    )


def _name_of(ms: float, notes: tuple[Unit, ...]) -> str:
    return next((each.name for each in notes if each.ms == ms), _NAMES.get(ms, "?"))


def _no_unit(usual: float) -> BadRecordingError:
    if _SLOWEST_RATE <= usual <= _FASTEST_RATE:
        return BadRecordingError(
            f"Its numbers (usually about {usual:g}) look like heart rates a minute, or "
            "like another measure of that size: RR intervals in ms or s they are not.",
            "Export RR intervals (some apps call them R-R, IBI or HRV data). If they "
            "are intervals in samples of an ECG, write above them how many make a "
            "second, such as `RR (samples, fs=128)`.",
        )
    if FASTEST_MS / 2.5 <= usual < FASTEST_UNNAMED_MS:
        return BadRecordingError(
            f"Its numbers are usually about {usual:g}, a heart rate of "
            f"{60_000 / usual:.0f} a minute if they were ms. More likely they are "
            "samples of an ECG or parts of a second.",
            SAY_UNIT,
        )
    return BadRecordingError(
        f"Its numbers (usually about {usual:g}) are RR intervals neither in ms nor s.",
        SAY_UNIT,
    )
