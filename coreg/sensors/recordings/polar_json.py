"""Polar account: JSON of a training session, or of the pulse worn through the day.

A training session's samples hold `rr`, a list of durations (`PT0.813S`), or `rrSamples`
(`durationMillis`), without times; where the sensor was offline, what stands there is no
interval. The files `ppi_samples`
hold pulse lengths in ms, each with the time of its pulse.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.packets import (
    EXPORT_AGAIN,
    LOST_MS,
    one_after_another,
    one_of,
    rr_in_range,
    stamped,
    without_steps_back,
)
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import FileSource, Reader
from coreg.sensors.recordings.structured_json import (
    json_in,
    looks_like_json,
    number_of,
    objects_in,
    unix_s,
)

_DURATION = re.compile(
    r"PT(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,6}(?:\.\d{1,12})?)S)?", re.ASCII
)

_Objects = Sequence[Mapping[str, object]]


def _session(source: FileSource) -> Recording:
    found = list(_series(json_in(source)))
    if not found:
        raise BadRecordingError(
            "This is a training session of a Polar account without RR intervals.",
            "Record with a chest strap; a watch's own sensor sends none.",
        )
    rr = one_of(found, source.wanted.column, what="column")
    return Recording(
        name=source.name,
        kind=Kind.POLAR_JSON,
        packets=one_after_another(
            _rr_ms(each, f"entry {n}") for n, each in enumerate(rr, 1)
        ),
        has_times=False,
        has_clock=False,
    )


def _series(whole: object) -> Iterator[tuple[str, _Objects]]:
    """Yield each list of durations, called by the start of its exercise."""
    for exercise in objects_in(whole):
        samples = exercise.get("samples")
        held = samples if isinstance(samples, dict) else {}
        rr = held.get("rr") or held.get("rrSamples")
        if isinstance(rr, list) and rr:
            entries = [each for each in rr if isinstance(each, dict)]
            if len(entries) != len(rr):
                raise BadRecordingError(
                    "Its RR samples are more than durations.", EXPORT_AGAIN
                )
            yield str(exercise.get("startTime", "an exercise")), entries


def _rr_ms(entry: Mapping[str, object], place: str) -> float:
    if entry.get("offline") is True:
        return LOST_MS
    if "durationMillis" in entry:
        return rr_in_range(number_of(entry["durationMillis"], place), place)
    given = entry.get("duration")
    written = _DURATION.fullmatch(given) if isinstance(given, str) else None
    if written is None or not any(written.groups()):
        raise BadRecordingError(
            f"{place}: {str(given)[:40]!r} is no duration such as 'PT0.813S'.",
            EXPORT_AGAIN,
        )
    hours, minutes, seconds = (float(each or 0) for each in written.groups())
    s = 3600 * hours + 60 * minutes + seconds
    return rr_in_range(round(1000 * s, 9), place)


def _worn(source: FileSource) -> Recording:
    """Return the pulse of one day."""
    found: list[tuple[str, _Objects]] = []
    for day in objects_in(json_in(source)):
        for device in objects_in(day.get("devicePpiSamplesList", [])):
            samples = device.get("ppiSamples")
            if isinstance(samples, list) and samples:
                entries = [each for each in samples if isinstance(each, dict)]
                found.append((str(day.get("date", "a day")), entries))
    if not found:
        raise BadRecordingError("It holds no pulse.", EXPORT_AGAIN)
    rows = [
        (
            f"entry {n}",
            unix_s(each.get("sampleDateTime"), f"entry {n}"),
            (_pulse_ms(each.get("pulseLength"), f"entry {n}"),),
        )
        for n, each in enumerate(one_of(found, source.wanted.column, what="column"), 1)
    ]
    held, remarks = without_steps_back(rows)
    return Recording(
        name=source.name,
        kind=Kind.POLAR_PULSE,
        packets=stamped(held),
        has_times=True,
        has_clock=False,
        first_stamp_s=rows[0][1] if rows else None,
        remarks=remarks,
    )


def _pulse_ms(value: object, place: str) -> float:
    return rr_in_range(number_of(value, place), place)


POLAR_SESSION = Reader(
    recognises=lambda source: looks_like_json(source, b'"exercises"', b'"samples"'),
    read=_session,
)
POLAR_PULSE = Reader(
    recognises=lambda source: looks_like_json(source, b'"devicePpiSamplesList"'),
    read=_worn,
)
