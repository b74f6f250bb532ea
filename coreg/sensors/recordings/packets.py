"""From values with a meaning to packets: what all readers of structured formats share.

A reader finds out what each number is; here is said what a number may be, and how beats
with and without times of their own become packets. What was lost is not found here: the
beat clock does so from the times.
"""

import math
import statistics
from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import Final, TypeVar

import numpy as np

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.beat_holes import is_hole
from coreg.sensors.recordings.recording import Packet, Remark

LOST_MS: Final = 0.0  # as straps mark it: a beat was lost here
LONGEST_S: Final = 7 * 86_400.0
MOST_BEATS: Final = 1_000_000  # more than a week of heartbeats
EXPORT_AGAIN: Final = "Export it again from where it was recorded."

TOO_LONG_RR_MS: Final = 64_000.0  # 65 536 ticks of 1/1024 s: does not fit into a packet
_LARGEST_STEP_BACK_S = 1.0
_MOST_NAMED = 8

T = TypeVar("T")

Row = tuple[str, float, tuple[float, ...]]
"""Where something stands, when it was (s), and the intervals that came then (ms)."""


def rr_in_range(rr_ms: float, place: str) -> float:
    """Return an interval that a strap could send; `place` says where it stands.

    Raises
    ------
    BadRecordingError
        If it is negative, not finite, or 64 s and more.
    """
    if not 0 <= rr_ms < TOO_LONG_RR_MS:
        raise BadRecordingError(
            f"{place}: {rr_ms:g} ms is no RR interval (0 to 64 000 ms).", EXPORT_AGAIN
        )
    return rr_ms


def ms_per_unit(positive: Sequence[float]) -> float:
    """Return what makes milliseconds of numbers that are in ms or s.

    Raises
    ------
    BadRecordingError
        If they are usually neither.
    """
    usual = statistics.median(positive) if positive else math.nan
    if 200 <= usual <= 5000:
        return 1.0
    if 0.2 <= usual <= 5:
        return 1000.0
    raise BadRecordingError(
        f"Its intervals (usually about {usual:g}) are neither in ms nor in s."
        if positive
        else "There are no RR intervals in it.",
        EXPORT_AGAIN,
    )


def one_after_another(rr_ms: Iterable[float]) -> tuple[Packet, ...]:
    """Return intervals that came without times, each where the sum of them ends.

    Examples
    --------
    >>> one_after_another([800.0, 810.0])
    ((0.8, (800.0,)), (1.61, (810.0,)))
    """
    values = _few_enough(list(rr_ms))
    ends_ms = accumulate(values)
    return tuple(
        (end_ms / 1000, (rr,)) for end_ms, rr in zip(ends_ms, values, strict=True)
    )


def stamped(rows: Iterable[Row]) -> tuple[Packet, ...]:
    """Return packets counted from the first time; what came at one time is one packet.

    Parameters
    ----------
    rows : iterable of (place, t_s, rr_ms)
        In the order of the file; `place` says in words where each stands.

    Raises
    ------
    BadRecordingError
        If time goes back, or the recording lasts more than a week.
    """
    given = _few_enough(list(rows))
    zero_s = before_s = given[0][1] if given else 0.0
    for place, t_s, _ in given:
        if not math.isfinite(t_s) or t_s < before_s:
            raise BadRecordingError(
                f"{place}: time goes back from {before_s - zero_s:g} to"
                f" {t_s - zero_s:g} s after the start.",
                EXPORT_AGAIN,
            )
        if t_s - zero_s > LONGEST_S:
            raise BadRecordingError(
                f"{place}: this is more than a week after the start.",
                "Cut the recording to the part you need.",
            )
        before_s = t_s
    # Stamps have microseconds; the sum of all before them must not add a tail.
    counted = [(round(t_s - zero_s, 6), rr_ms) for _, t_s, rr_ms in given]
    return tuple(
        (t_s, tuple(rr for _, rr_ms in together for rr in rr_ms))
        for t_s, together in groupby(counted, key=itemgetter(0))
    )


def without_steps_back(rows: Sequence[Row]) -> tuple[list[Row], tuple[Remark, ...]]:
    """Return rows whose clock was set back by less than 1 s, as clocks are at times.

    Time is held until it is caught up with. Longer steps stay, for `stamped` to refuse.

    Examples
    --------
    >>> rows, remarks = without_steps_back([("1", 5.0, ()), ("2", 4.9, (800.0,))])
    >>> rows[1], remarks
    (('2', 5.0, (800.0,)), (<Remark.STEPPED_BACK: 'stepped-back'>,))
    """
    held: list[Row] = []
    for place, t_s, rr_ms in rows:
        before_s = held[-1][1] if held else t_s
        is_step = 0 < before_s - t_s < _LARGEST_STEP_BACK_S
        held.append((place, before_s if is_step else t_s, rr_ms))
    stepped = any(now[1] != was[1] for now, was in zip(held, rows, strict=True))
    return held, ((Remark.STEPPED_BACK,) if stepped else ())


def beat_to_beat(beats: Sequence[tuple[str, float, bool]]) -> tuple[Packet, ...]:
    """Return the intervals between beats of which only the times are known.

    Parameters
    ----------
    beats : sequence of (place, t_s, is_after_loss)
        In order of time. What goes on after a loss has no interval, nor has a beat
        behind a step that is a hole, as in a text of beat times: there stands the mark
        of a lost beat.

    Examples
    --------
    >>> beat_to_beat([("1", 5.0, False), ("2", 5.8, False), ("3", 9.0, True)])
    ((0.0, ()), (0.8, (800.0,)), (4.0, (0.0,)))
    """
    given = _few_enough(list(beats))
    steps_s = [now[1] - before[1] for before, now in pairwise(given)]
    steps_ms = np.round(1000 * np.array(steps_s), 6)
    is_told = np.array([is_after_loss for _, _, is_after_loss in given[1:]], dtype=bool)
    is_lost = is_told | is_hole(np.where(is_told, np.nan, steps_ms))
    rows: list[Row] = []
    for at, (place, t_s, _) in enumerate(given):
        rr_ms: tuple[float, ...] = ()
        if at:
            rr_ms = (LOST_MS if is_lost[at - 1] else float(steps_ms[at - 1]),)
        rows.append((place, t_s, rr_ms))
    return stamped(rows)


def one_of(found: Sequence[tuple[str, T]], said: str | None, *, what: str) -> T:
    """Return what a person chose of several, by name or by place from 1.

    Parameters
    ----------
    found : sequence of (name, value)
    said : str or None
        What was given with the option, if anything was.
    what : str
        The option, without its dashes: column or person.

    Raises
    ------
    BadRecordingError
        If there are several and none, or no clear one, was chosen; it names all.
    """
    names = [name for name, _ in found]
    if not found:
        raise BadRecordingError("There are no RR intervals in it.", EXPORT_AGAIN)
    if said is None and len(found) == 1:
        return found[0][1]
    if said is not None:
        wanted = said.strip().casefold()
        exact = [value for name, value in found if name.casefold() == wanted]
        if len(exact) == 1:
            return exact[0]
        if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(found):
            return found[int(wanted) - 1][1]
        alike = [value for name, value in found if wanted and wanted in name.casefold()]
        if len(alike) == 1:
            return alike[0]
        raise BadRecordingError(
            f"There is no one {what} '{said[:40]}' in it; it holds {listed(names)}.",
            f"Name one of them with --{what}, or give its number.",
        )
    raise BadRecordingError(
        f"It holds {len(found)} recordings: {listed(names)}.",
        f"Say which with --{what}: a name, or its number from 1 to {len(found)}.",
    )


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence, the first few of many.

    Examples
    --------
    >>> listed(["a", "b"])
    "'a', 'b'"
    """
    shown = [f"'{name[:60]}'" for name in names[:_MOST_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _few_enough(values: list[T]) -> list[T]:
    if len(values) > MOST_BEATS:
        raise BadRecordingError(
            f"It holds more than {MOST_BEATS} intervals.",
            "Cut the recording to the part you need.",
        )
    return values
