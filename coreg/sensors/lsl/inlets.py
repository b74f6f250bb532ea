"""Streams that we take: found by name, read in threads, timed on this computer's clock.

liblsl measures how far a sender's clock is from LSL's clock here (`time_correction`);
that one differs from ours by what both say at one moment, looked up with each read.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from coreg.base import clock
from coreg.errors import LslError
from coreg.facts.events import NS_PER_S
from coreg.sensors.lsl.library import lsl
from coreg.sensors.lsl.streams import StreamDescription, rr_channel, the_named
from coreg.sensors.timing.samples import LOST_MS, Sample
from coreg.words import wrong_and_do

_ANSWERS_WITHIN_S = 10.0


class Inlet:
    """One stream of intervals."""

    def __init__(self, found: object) -> None:
        """Open a stream that was found; takes seconds.

        Raises
        ------
        LslError
            If it holds no intervals, or its clock cannot be compared with ours.
        """
        self._package = package = lsl()
        self._inlet: Any = package.StreamInlet(found)
        try:
            described = _described(self._inlet.info(_ANSWERS_WITHIN_S))
            self.name = described.name
            self._channel = rr_channel(described)
            self._inlet.open_stream(_ANSWERS_WITHIN_S)
            self._inlet.time_correction(_ANSWERS_WITHIN_S)
        except (package.TimeoutError, package.LostError):
            told = wrong_and_do("errors.lsl.no-times", stream=_name(found))
            raise LslError(*told) from None

    def pull(self, within_s: float) -> list[Sample]:
        """Return what came since the last call; wait for it as long as this."""
        package = self._package
        try:
            rows, stamps_s = self._inlet.pull_chunk(timeout=within_s, max_samples=256)
            if not rows:
                return []
            correction_s = self._inlet.time_correction(_ANSWERS_WITHIN_S)
        except (package.TimeoutError, package.LostError):
            return []  # it comes back, or stays silent; both are seen by its silence
        heard_ns = clock.monotonic_ns()
        ahead_ns = heard_ns - round(package.local_clock() * NS_PER_S)
        values = [self._rr_ms(row[self._channel.number]) for row in rows]
        ahead_s = [stamp_s + correction_s for stamp_s in stamps_s]
        return stamped(ahead_s, values, ahead_ns=ahead_ns, heard_ns=heard_ns)

    def close(self) -> None:
        """Read no more."""
        self._inlet.close_stream()

    def _rr_ms(self, value: float) -> float:
        if not (math.isfinite(value) and value > 0):
            return LOST_MS
        return self._channel.ms_per_unit * value


def stamped(
    stamps_s: Sequence[float],
    rr_ms: Sequence[float],
    *,
    ahead_ns: int,
    heard_ns: int,
) -> list[Sample]:
    """Put what came on our clock: one sample for each stamp, with all its intervals.

    What is stamped with no time at all (NaN, infinite) is left out: a beat is missing
    there, and the stream goes on.

    Examples
    --------
    >>> stamped([2.0, 2.0, math.nan], [800.0, 810.0, 790.0], ahead_ns=5, heard_ns=9)
    [Sample(stamp_ns=2000000005, heard_ns=9, rr_ms=(800.0, 810.0))]
    """
    timed = [
        (stamp_s, each)
        for stamp_s, each in zip(stamps_s, rr_ms, strict=True)
        if math.isfinite(stamp_s)
    ]
    return [
        Sample(
            stamp_ns=round(stamp_s * NS_PER_S) + ahead_ns,
            heard_ns=heard_ns,
            rr_ms=tuple(each for _, each in together),
        )
        for stamp_s, together in groupby(timed, key=lambda each: each[0])
    ]


def open_inlets(wanted: Sequence[str], look_s: float) -> tuple[Inlet, ...]:
    """Find streams by source id or name, and open them; takes seconds.

    Raises
    ------
    LslError
        If one is not there, two are the same, or one cannot be taken for a heart.
    """
    found = lsl().resolve_streams(look_s)
    described = [_described(each) for each in found]
    chosen = [the_named(described, name) for name in wanted]
    if len(set(chosen)) < len(chosen):
        raise LslError(*wrong_and_do("errors.lsl.same", stream=wanted[0]))
    opened: list[Inlet] = []
    try:
        for number in chosen:
            opened.append(Inlet(found[number]))  # noqa: PERF401 - what is open is closed
    except LslError:
        for inlet in opened:
            inlet.close()
        raise
    return tuple(opened)


def _name(found: Any) -> str:
    return str(found.name())


def _described(info: Any) -> StreamDescription:
    count = info.channel_count()
    labels = info.get_channel_labels() or [""] * count
    units = info.get_channel_units() or [""] * count
    return StreamDescription(
        name=info.name(),
        kind=info.type(),
        source_id=info.source_id(),
        channels=tuple(
            (label or "", unit or "")
            for label, unit in zip(labels, units, strict=False)
        ),
        is_text=info.channel_format() == lsl().cf_string,
    )
