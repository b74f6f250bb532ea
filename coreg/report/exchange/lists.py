"""Intervals as plain lists: RR text, and two columns as Kubios HRV reads them."""

from typing import Final

from coreg.findings.beat_rows import HeartRows, SessionRows
from coreg.report.exchange.cells import number, rounded
from coreg.report.exchange.names import of_heart

GAP: Final = "NaN"
"""Stands where beats were lost: a list without times has no other way to say so."""
_US: Final = 6  # decimals of a second


def rr_text_files(rows: SessionRows) -> dict[str, bytes]:
    """Return the intervals of each heart in ms, one a line, and nothing else.

    A line `NaN` lies between two intervals that were not neighbours. How long that gap
    was, a list of intervals cannot say.
    """
    return {f"{of_heart(rows, heart)}-rr.txt": _list_of(heart) for heart in rows.hearts}


def kubios_files(rows: SessionRows) -> dict[str, bytes]:
    """Return each heart as two columns in s: when it beat, and the interval before.

    As Kubios HRV reads its "custom ASCII" data, without a heading. A gap is where time
    goes on by more than the interval.
    """
    return {
        f"{of_heart(rows, heart)}-kubios.txt": "".join(
            f"{rounded(beat.t_s, _US)}\t{rounded(beat.rr_ms / 1000, _US)}\n"
            for beat in heart.beats
        ).encode()
        for heart in rows.hearts
    }


def _list_of(heart: HeartRows) -> bytes:
    lines: list[str] = []
    for beat in heart.beats:
        if lines and not beat.follows:
            lines.append(GAP)
        lines.append(number(beat.rr_ms))
    return "".join(f"{line}\n" for line in lines).encode()
