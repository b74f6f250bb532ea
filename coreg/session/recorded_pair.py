"""Two recordings beside one another: on one clock, over the time that both cover.

Nobody paced them and nobody cut them into blocks: as a session they are rest. Each
begins with the same moment. Where no clock says which moment that is, a person may: by
how much later B began, or by a moment that both recordings hold.
"""

import datetime as dt
import math
from dataclasses import replace
from enum import StrEnum
from typing import Final

from coreg.errors import BadRecordingError
from coreg.exercises.plan_blocks import LONGEST_BLOCK_MIN
from coreg.facts.events import NS_PER_S, FileMarked, Intervals, Partner
from coreg.sensors.recordings.inputs import to_inputs
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.text.stamps import ClockTime
from coreg.sensors.timing.latency import NO_DELAYS, UNKNOWN_STRAPS, PairDelays
from coreg.words import wrong_and_do

LEAST_OVERLAP_S: Final = 120.0
TITLE: Final = "Two recordings"
_BEFORE_FIRST_S: Final = 5.0  # a recording begins before its first interval ends
DAY_S: Final = 86_400.0  # a stamp of more is no time of day, but a date
_MAY_BE_SINCE_START_S: Final = 600.0
_TABLES: Final = frozenset({Kind.SENSOR_LOGGER, Kind.HRV_LOGGER, Kind.TIMED})
_ROUNDED_MS: Final = 1.0  # what writing an interval anew may change of it


class Joined(StrEnum):
    """How the clocks of two recordings became one."""

    SHARED = "shared"
    ONE_FILE = "one-file"
    OFFSET = "offset"
    MARK = "mark"
    STARTS = "starts"


def shifted(recording: Recording, by_s: float) -> Recording:
    """Return a recording whose clock was so far behind."""
    packets = tuple((t_s + by_s, rr_ms) for t_s, rr_ms in recording.packets)
    marks = recording.file_marks
    kept = tuple(replace(each, t_s=each.t_s + by_s) for each in marks.kept)
    return replace(recording, packets=packets, file_marks=replace(marks, kept=kept))


def moved(recording: Recording, by_s: float) -> Recording:
    """Return a recording whose clock was so far behind, and whose name says so."""
    return replace(shifted(recording, by_s), name=moved_name(recording.name, by_s))


def moved_name(name: str, by_s: float) -> str:
    """Return what a recording is called once it was moved, as it is kept."""
    return f"{name}, moved by {by_s:+g} s"


def share_clock(a: Recording, b: Recording) -> bool:
    """Whether the times of two recordings can be compared as they stand."""
    return a.has_clock and b.has_clock and a.clock == b.clock


def expect_one_clock(a: Recording, b: Recording) -> None:
    """Refuse two recordings whose times cannot be compared as they stand.

    Raises
    ------
    BadRecordingError
        Naming the one without a clock, and an offset only where one may be right.
    """
    if share_clock(a, b):
        return
    if a.has_clock and b.has_clock:
        fault = wrong_and_do("errors.pair.two-clocks", a=a.name, b=b.name)
        raise BadRecordingError(*fault)
    without = [each for each in (a, b) if not each.has_clock]
    own_s = _by_their_own_clocks_s(a, b)
    told = {"a": a.name, "b": b.name}
    if own_s is None:
        if len(without) > 1:
            raise BadRecordingError(*wrong_and_do("errors.pair.no-clocks", **told))
        (lacking,) = without
        told = {"name": lacking.name, "other": (b if lacking is a else a).name}
        raise BadRecordingError(*wrong_and_do("errors.pair.no-clock", **told))
    both_s = _common_s(a, shifted(b, own_s))
    if both_s < LEAST_OVERLAP_S:
        fault = wrong_and_do(
            "errors.pair.clocks-apart",
            apart=str(dt.timedelta(seconds=round(abs(own_s)))),
            both_s=f"{max(0.0, both_s):.0f}",
            least_s=f"{LEAST_OVERLAP_S:.0f}",
            **told,
        )
        raise BadRecordingError(*fault)
    fault = wrong_and_do("errors.pair.own-clocks", offset_s=f"{own_s:.3f}", **told)
    raise BadRecordingError(*fault)


def offset_in_one_file_s(a: Recording, b: Recording) -> float | None:
    """Return what to add to B's times, where both stand in one table of rows.

    Whatever stamped A's rows stamped B's. None where the table does not say it: without
    times, or where it may be that the first row's time was taken off.
    """
    if not all(each.has_times and each.kind in _TABLES for each in (a, b)):
        return None
    if a.first_stamp_s is not None and b.first_stamp_s is not None:
        return _nearest_s(b.first_stamp_s - a.first_stamp_s, a.first_stamp_s)
    if a.first_stamp_s is not None or b.first_stamp_s is not None:
        return None
    return 0.0 if a.arrivals_s[0] > 0 and b.arrivals_s[0] > 0 else None


def offset_by_marks_s(
    a: Recording, mark_a_s: float, b: Recording, mark_b_s: float
) -> float:
    """Return what to add to B's times, so that a moment in both is one.

    Raises
    ------
    BadRecordingError
        If a recording does not reach that moment.
    """
    for recording, at_s in ((a, mark_a_s), (b, mark_b_s)):
        start_s, end_s = recording.arrivals_s[0], recording.arrivals_s[-1]
        if not start_s - _BEFORE_FIRST_S <= at_s <= end_s:
            fault = wrong_and_do(
                "errors.pair.no-such-moment",
                name=recording.name,
                at_s=f"{at_s:g}",
                start_s=f"{start_s:.0f}",
                end_s=f"{end_s:.0f}",
            )
            raise BadRecordingError(*fault)
    return mark_a_s - mark_b_s


def offset_by_starts_s(
    a: Recording, start_a: ClockTime, b: Recording, start_b: ClockTime
) -> float:
    """Return what to add to B's times, where a clock showed when each began.

    A recording begins where its times do; where those can't count from its own start,
    with its first heartbeat. Of times of day it is the shorter way round midnight.

    Raises
    ------
    BadRecordingError
        If both have their times on one clock, which then says more than a person.
    """
    if share_clock(a, b):
        told = wrong_and_do("errors.pair.starts-on-one-clock", a=a.name, b=b.name)
        raise BadRecordingError(*told)
    apart_s = start_b.t_s - start_a.t_s
    if not start_a.has_date:
        apart_s = _nearest_s(apart_s, 0.0)
    return apart_s + _begun_s(a) - _begun_s(b)


def _begun_s(recording: Recording) -> float:
    first_s = recording.arrivals_s[0]
    return 0.0 if first_s < _MAY_BE_SINCE_START_S else first_s


def delays_by_starts(a: Recording, b: Recording, precision_s: float) -> PairDelays:
    """Return how finely hearts may be compared that begin where a person said.

    What a clock's last digit hides adds to what the straps' own delays leave open.
    Without times of its own a recording slides where beats were lost, by nobody knows
    how much: then nothing may be claimed.
    """
    if not (a.has_times and b.has_times):
        return NO_DELAYS
    return replace(
        UNKNOWN_STRAPS,
        lag_resolution_s=UNKNOWN_STRAPS.lag_resolution_s + precision_s,
    )


def _by_their_own_clocks_s(a: Recording, b: Recording) -> float | None:
    """Return how much later B began where each says when, in the same way.

    Of times of day it is the shorter way round midnight. What is small as a time of
    day may as well count from each recording's own start, and says nothing then.
    """
    if a.first_stamp_s is None or b.first_stamp_s is None:
        return None
    firsts = (a.first_stamp_s, b.first_stamp_s)
    are_dates = [each > DAY_S for each in firsts]
    if are_dates[0] != are_dates[1]:
        return None
    if not are_dates[0] and max(firsts) < _MAY_BE_SINCE_START_S:
        return None
    return _nearest_s(firsts[1] - firsts[0], firsts[0])


def _nearest_s(apart_s: float, first_stamp_s: float) -> float:
    """Return how far apart two stamps are; of times of day, the shorter way round."""
    if first_stamp_s > DAY_S:
        return apart_s
    return (apart_s + DAY_S / 2) % DAY_S - DAY_S / 2


def _common_s(a: Recording, b: Recording) -> float:
    """Return for how long two recordings on one clock cover the same time."""
    end_s = min(a.arrivals_s[-1], b.arrivals_s[-1])
    return end_s - max(a.arrivals_s[0], b.arrivals_s[0])


def _are_one_heart(a: Recording, b: Recording) -> bool:
    """Whether two recordings hold the same intervals, however they are written."""
    if len(a.rr_ms) != len(b.rr_ms):
        return False
    pairs = zip(a.rr_ms, b.rr_ms, strict=True)
    return all(abs(one - other) <= _ROUNDED_MS for one, other in pairs)


def overlap_s(a: Recording, b: Recording) -> tuple[float, float]:
    """Return from when to when two recordings on one clock cover the same time.

    Raises
    ------
    BadRecordingError
        If that is no two minutes, or they are one heart twice.
    """
    if _are_one_heart(a, b):
        told = wrong_and_do("errors.pair.one-heart", a=a.name, b=b.name)
        raise BadRecordingError(*told)
    start_s = max(a.arrivals_s[0], b.arrivals_s[0])
    end_s = min(a.arrivals_s[-1], b.arrivals_s[-1])
    both_s = _common_s(a, b)
    if both_s < LEAST_OVERLAP_S:
        told = wrong_and_do(
            "errors.pair.too-little",
            a=a.name,
            b=b.name,
            both_s=f"{max(0.0, both_s):.0f}",
            least_s=f"{LEAST_OVERLAP_S:.0f}",
        )
        raise BadRecordingError(*told)
    return start_s, end_s


def arrivals_within(
    a: Recording, b: Recording, start_s: float, end_s: float
) -> list[Intervals]:
    """Return what both straps would have delivered in this time, counted from it."""
    start_ns = round(start_s * NS_PER_S)
    return [
        replace(each, t_ns=each.t_ns - start_ns)
        for recording, partner in ((a, Partner.A), (b, Partner.B))
        for each in _in_time(recording, partner, start_s, end_s)
    ]


def marks_within(
    a: Recording, b: Recording, start_s: float, end_s: float
) -> list[FileMarked]:
    """Return what both files mark in this time, counted from its start."""
    return [
        FileMarked(
            t_ns=round((each.t_s - start_s) * NS_PER_S),
            partner=partner,
            label=each.label,
        )
        for recording, partner in ((a, Partner.A), (b, Partner.B))
        for each in recording.file_marks.kept
        if start_s <= each.t_s <= end_s
    ]


def _in_time(
    recording: Recording, partner: Partner, start_s: float, end_s: float
) -> list[Intervals]:
    within = tuple(each for each in recording.packets if start_s <= each[0] <= end_s)
    return list(to_inputs(replace(recording, packets=within), partner))


def plan_of_rest(length_s: float) -> str:
    """Return a plan of nothing but rest: a block for each hour begun."""
    hours = max(1, math.ceil(length_s / 60 / LONGEST_BLOCK_MIN))
    minutes = math.ceil(length_s / 60 / hours)
    blocks = "".join(
        f'[[block]]\nname = "{name}"\nkind = "rest"\nminutes = {minutes}\n'
        'words = "Recorded."\ninputs = []\nmeasured = ["hr"]\nshown = []\n'
        for name in (
            ["both recordings"]
            if hours == 1
            else [f"part {part}" for part in range(1, hours + 1)]
        )
    )
    return (
        'format = 1\nname = "two-recordings"\nversion = 1\n'
        f'title = "{TITLE}"\npurpose = "Recorded elsewhere."\nopened_by = "couple"\n'
        f"{blocks}"
    )
