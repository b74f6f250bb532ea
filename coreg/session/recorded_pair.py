"""Two recordings beside one another: on one clock, over the time that both cover.

Nobody paced them and nobody cut them into blocks: as a session they are rest. Each
begins with the same moment. Where no clock says which moment that is, a person may: by
how much later B began, or by a moment that both recordings hold.
"""

import math
from dataclasses import replace
from typing import Final

from coreg.errors import BadRecordingError
from coreg.exercises.plan_blocks import LONGEST_BLOCK_MIN
from coreg.facts.events import NS_PER_S, Intervals, Partner
from coreg.sensors.recordings.inputs import to_inputs
from coreg.sensors.recordings.recording import Recording
from coreg.words import wrong_and_do

LEAST_OVERLAP_S: Final = 120.0
TITLE: Final = "Two recordings"
_BEFORE_FIRST_S: Final = 5.0  # a recording begins before its first interval ends
_EPOCH_AFTER_S: Final = 86_400.0  # a stamp of more is no time of day, but a date


def moved(recording: Recording, by_s: float) -> Recording:
    """Return a recording whose clock was so far behind, and whose name says so."""
    return replace(
        recording,
        name=f"{recording.name}, moved by {by_s:+g} s",
        packets=tuple((t_s + by_s, rr_ms) for t_s, rr_ms in recording.packets),
    )


def on_one_clock(a: Recording, b: Recording, offset_s: float | None) -> Recording:
    """Return B's recording on A's clock; `offset_s` is what a person says to add to it.

    Raises
    ------
    BadRecordingError
        If they share no clock and nobody says how far apart they are.
    """
    if offset_s is not None:
        return moved(b, offset_s)
    for each, other in ((a, b), (b, a)):
        if each.has_clock and a.clock == b.clock:
            continue
        told = {"name": each.name, "kind": each.kind, "other": other.name}
        own_s = _by_their_own_clocks_s(a, b)
        if own_s is None:
            raise BadRecordingError(*wrong_and_do("errors.pair.no-clock", **told))
        said = f"{own_s:.3f}"
        fault = wrong_and_do("errors.pair.own-clocks", offset_s=said, **told)
        raise BadRecordingError(*fault)
    return b


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


def _by_their_own_clocks_s(a: Recording, b: Recording) -> float | None:
    """Return how much later B began where each says when, in the same way."""
    if a.first_stamp_s is None or b.first_stamp_s is None:
        return None
    are_dates = [each > _EPOCH_AFTER_S for each in (a.first_stamp_s, b.first_stamp_s)]
    if are_dates[0] != are_dates[1]:
        return None
    return b.first_stamp_s - a.first_stamp_s


def overlap_s(a: Recording, b: Recording) -> tuple[float, float]:
    """Return from when to when two recordings on one clock cover the same time.

    Raises
    ------
    BadRecordingError
        If that is no two minutes, or they are one heart twice.
    """
    if [rr for _, rr in a.packets] == [rr for _, rr in b.packets]:
        told = wrong_and_do("errors.pair.one-heart", a=a.name, b=b.name)
        raise BadRecordingError(*told)
    start_s = max(a.arrivals_s[0], b.arrivals_s[0])
    end_s = min(a.arrivals_s[-1], b.arrivals_s[-1])
    if end_s - start_s < LEAST_OVERLAP_S:
        told = wrong_and_do(
            "errors.pair.too-little",
            a=a.name,
            b=b.name,
            both_s=f"{max(0.0, end_s - start_s):.0f}",
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
