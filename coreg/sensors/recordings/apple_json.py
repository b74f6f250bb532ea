"""Heartbeat series of Apple's HealthKit, as apps export them to JSON.

HealthKit gives each beat as `timeSinceSeriesStart` (s) and `precededByGap`: whether
beats were lost before it. Apps write these names as they are, or with other letters;
around them each builds its own house. So every list of such beats is a series, wherever
it stands, and a file may hold many: the watch measures a minute at a time.
"""

import re
from collections.abc import Iterator, Mapping

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.packets import EXPORT_AGAIN, beat_to_beat, one_of
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_json import json_in, number_of, objects_in

_SINCE_START = re.compile(rb'"time_?since_?series_?start"', re.IGNORECASE)
_TIME, _GAP = "timesinceseriesstart", "precededbygap"
_START = ("startdate", "start", "date")

_Beats = list[tuple[str, float, bool]]


def _read(source: FileSource) -> Recording:
    found = list(_series(json_in(source)))
    if not found:
        raise BadRecordingError(
            "It names heartbeats, and holds no list of them.", EXPORT_AGAIN
        )
    beats = one_of(found, source.wanted.column, what="column")
    return Recording(
        name=source.name,
        kind=Kind.APPLE_SERIES,
        packets=beat_to_beat(beats),
        has_times=True,
        has_clock=False,
    )


def _series(whole: object) -> Iterator[tuple[str, _Beats]]:
    """Yield each list of beats, called by its start where that is told."""
    named = 0
    if isinstance(whole, list):
        whole = {"": whole}
    for holder in objects_in(whole):
        plain = _plainly(holder)
        for value in holder.values():
            if isinstance(value, list) and value and _is_beat(value[0]):
                named += 1
                start = next((plain[key] for key in _START if key in plain), None)
                yield str(start or f"series {named}"), _beats(value)


def _plainly(holder: Mapping[str, object]) -> dict[str, object]:
    return {key.replace("_", "").casefold(): value for key, value in holder.items()}


def _is_beat(value: object) -> bool:
    return isinstance(value, dict) and _TIME in _plainly(value)


def _beats(entries: list[object]) -> _Beats:
    beats: _Beats = []
    for n, entry in enumerate(entries, 1):
        plain = _plainly(entry) if isinstance(entry, dict) else {}
        since_s = number_of(plain.get(_TIME), f"beat {n}")
        is_after_gap = plain.get(_GAP, False)
        if is_after_gap not in (True, False):  # 0 and 1 are these, too
            raise BadRecordingError(
                f"beat {n}: {str(is_after_gap)[:40]!r} does not say whether there was a"
                " gap before it.",
                EXPORT_AGAIN,
            )
        beats.append((f"beat {n}", since_s, bool(is_after_gap)))
    return beats


def _recognises(source: FileSource) -> bool:
    start = source.data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start in (b"{", b"[") and bool(_SINCE_START.search(source.data))


APPLE_SERIES = Reader(recognises=_recognises, read=_read)
