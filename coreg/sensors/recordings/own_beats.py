"""A table of beats as coreg itself gives it (`coreg export --format csv`).

Each beat stands at its own time after the session was opened. Those from before, which
a strap still told of when it was connected, have times below 0: they arrived at the
beginning, all at once, and are read so.
"""

import csv
import io
import math
from itertools import groupby
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import MAX_LINES, fault_at
from coreg.sensors.recordings.packets import LONGEST_S, one_of
from coreg.sensors.recordings.recording import Kind, Packet, Recording
from coreg.sensors.recordings.source import FileSource, Reader

_BEGINS: Final = ("session", "partner", "t_s", "rr_ms", "nn_ms", "label")
_LONGEST_RR_MS: Final = 64_000.0
_BeatsByPartner = dict[str, list[tuple[float, float]]]
_AGAIN: Final = "Export the session again: coreg export SESSION --format csv"


def _recognises(source: FileSource) -> bool:
    head = source.data[:200].removeprefix(b"\xef\xbb\xbf")
    return head.startswith(",".join(_BEGINS).encode())


def _read(source: FileSource) -> Recording:
    session, beats = _beats_of_session(source.data)
    chosen = one_of(list(beats.items()), source.wanted.person, what="person")
    return Recording(
        name=source.name,
        kind=Kind.ARRIVALS,
        packets=_packets(chosen),
        has_times=True,
        has_clock=True,
        clock=f"session {session}",
    )


def _beats_of_session(data: bytes) -> tuple[str, _BeatsByPartner]:
    """Return which session it is of, and its beats."""
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        beats: _BeatsByPartner = {}
        sessions: dict[str, None] = {}
        for row in rows:
            line = rows.line_num
            if line > MAX_LINES:
                raise fault_at(line, f"more than {MAX_LINES} lines.", _AGAIN)
            t_s = _number(row["t_s"], line, -LONGEST_S, LONGEST_S)
            rr_ms = _number(row["rr_ms"], line, 0.0, _LONGEST_RR_MS)
            sessions[row["session"]] = None
            beats.setdefault(row["partner"], []).append((t_s, rr_ms))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRecordingError(
            f"It can't be read as a table ({error}).", _AGAIN
        ) from None
    if not beats:
        raise BadRecordingError("There are no beats in it.", _AGAIN)
    if len(sessions) > 1:
        raise BadRecordingError(
            f"It holds beats of {len(sessions)} sessions, each on its own clock.",
            "Give each session a file of its own: coreg export SESSION --format csv",
        )
    return next(iter(sessions)), beats


def _number(cell: str | None, line: int, least: float, most: float) -> float:
    try:
        value = float(cell or "")
    except ValueError:
        raise fault_at(line, f"{(cell or '')[:40]!r} is no number.", _AGAIN) from None
    if not (math.isfinite(value) and least <= value <= most):
        raise fault_at(
            line, f"{value:g} is not between {least:g} and {most:g}.", _AGAIN
        )
    return value


def _packets(beats: list[tuple[float, float]]) -> tuple[Packet, ...]:
    """Return the beats as they arrived: never before 0, and never back in time."""
    latest_s, arrived = 0.0, list[tuple[float, float]]()
    for t_s, rr_ms in beats:
        latest_s = max(latest_s, t_s)
        arrived.append((latest_s, rr_ms))
    return tuple(
        (t_s, tuple(rr_ms for _, rr_ms in together))
        for t_s, together in groupby(arrived, key=lambda beat: beat[0])
    )


OWN_BEATS: Final = Reader(recognises=_recognises, read=_read)
