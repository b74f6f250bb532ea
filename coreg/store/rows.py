"""One fact as one row of the session log, and back; each row guards itself.

The CRC-32 covers every column of a row, its number too, so a changed, swapped or
renumbered row is noticed. The number of rows stands in `meta`, written in the same
transaction, so rows missing at the end are noticed as well.

In a locked data folder a row holds its number and, sealed with the session's own key,
all the rest: when it came, from whom, what it is. What is sealed is padded, for lengths
tell of packets, and so of a heart. Its check is over what is sealed, so
damage is known without the key. That a session has ended is said by a row's kind.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from coreg.base.bounds import BadText, shown
from coreg.facts.codec import CUES, INPUTS, decode, encode
from coreg.facts.events import (
    BatteryRead,
    Continued,
    Cue,
    Ended,
    Ending,
    FileMarked,
    HeartErased,
    Input,
    Intervals,
    LinkChanged,
    Notification,
    Opened,
    Partner,
    Pressed,
    QuirkNoticed,
    SignalBack,
    SignalLost,
    SourceEnded,
    Stream,
    StreamPacket,
    StreamStarted,
    StreamTakenBack,
    Tapped,
    Tick,
)
from coreg.store.sealing import Seal
from coreg.words import say

SCHEMA_VERSION = "1"
SEALED_VERSION = "2"
"""Of a session whose rows are sealed; `meta` holds its key, wrapped (`keys`)."""
TABLES = {
    "event": (
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, t_mono_ns INTEGER NOT NULL,"
        " source TEXT NOT NULL, kind TEXT NOT NULL, payload BLOB NOT NULL,"
        " crc INTEGER NOT NULL)"
    ),
    "meta": (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL,"
        " crc INTEGER NOT NULL) WITHOUT ROWID"
    ),
}
PAGE_BYTES = 512
"""A commit writes two pages or three, however little there is in them."""
INSERT_EVENT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)"
PUT_META = "INSERT OR REPLACE INTO meta VALUES (?, ?, ?)"

Logged = Input | Cue | HeartErased
"""What the log holds. Features are recomputed; their hashes are in `BlockEnded`."""

ERASED_SEQ = 2
"""Where a log says that a heart was erased; of both there would be no file."""

_SEALED, _SEALED_END = "sealed", "sealed end"
ENDS = (Ended.__name__, _SEALED_END)
"""The kinds of rows that say that a session has ended."""
_STREAMS = (Stream.ECG, Stream.ACCELERATION)
"""By the byte that a packet of each begins with in a log; it grows at its end alone."""
_HEAD = struct.Struct(">qBBI")
_PADDED_TO_BYTES = 128  # more than a packet, a tick or a press needs
_LOGGED_KINDS = frozenset(kind.__name__ for kind in (*INPUTS, *CUES, HeartErased))
_SOURCES = frozenset({"session", "clock", "couple", "practice", *Partner})

EventRow = tuple[int, int, str, str, bytes, int]
MetaRow = tuple[str, str, int]


class BadRow(ValueError):
    """A row that is not as it was written; says why."""


def _bad(wrong: str, seq: object, **blanks: str) -> BadRow:
    """Return what says what is wrong with an event."""
    return BadRow(say(f"errors.why.{wrong}", seq=str(seq), **blanks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One fact as it was logged: its number from 1, and when it came or was said."""

    seq: int
    t_ns: int
    fact: Logged


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fact on its way to the disk, not yet numbered."""

    t_ns: int
    source: str
    kind: str
    payload: bytes


def entry(fact: Logged, t_ns: int) -> Entry:
    """Return what will be stored of a fact.

    Raises
    ------
    ValueError
        If an input is logged with another time than its own: the raw bytes of a
        notification are stored as they came, and the column is their only time.
    """
    if isinstance(fact, INPUTS) and fact.t_ns != t_ns:
        raise ValueError(f"an input of {fact.t_ns} ns is logged with {t_ns} ns")
    payload = _payload(fact)
    return Entry(
        t_ns=t_ns, source=_source(fact), kind=type(fact).__name__, payload=payload
    )


def _payload(fact: Logged) -> bytes:
    """Return what is stored of a fact: what came over the air as it came."""
    match fact:
        case Notification():
            return fact.data
        case StreamPacket():
            return bytes([_STREAMS.index(fact.stream)]) + fact.data
        case _:
            return encode(fact)


def event_row(seq: int, entry: Entry, seal: Seal | None = None) -> EventRow:
    """Return the row of this number, with its check; sealed where there is a seal."""
    if seal is not None:
        entry = _sealed(seq, entry, seal)
    columns = (seq, entry.t_ns, entry.source, entry.kind, entry.payload)
    return (*columns, _event_crc(*columns))


def need_row(row: tuple[object, ...], *, seq: int) -> None:
    """Raise unless this is the row of this number, as it was written.

    Raises
    ------
    BadRow
        If the row is another one, or was changed.
    """
    found, *_ = _checked(row)
    if found != seq:
        raise _bad("event-gap", seq, found=str(found))


def recorded(
    row: tuple[object, ...], *, seq: int, seal: Seal | None = None
) -> Recorded:
    """Return the fact in the row that should have this number.

    Raises
    ------
    BadRow
        If the row is another one, was changed, or holds no fact of the log.
    """
    need_row(row, seq=seq)
    if seal is not None:
        row = _opened(row, seq, seal)
    _, t_ns, source, kind, payload = _checked(row)
    if source not in _SOURCES:
        raise _bad("event-source", seq, what=shown(source))
    if kind not in _LOGGED_KINDS:
        raise _bad("event-kind", seq, what=shown(kind))
    try:
        fact = _fact(t_ns, source, kind, payload)
    except BadText as error:
        raise _bad("event-text", seq, why=str(error)) from error
    except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
        raise _bad("event-unreadable", seq, why=str(error)) from error
    if isinstance(fact, INPUTS) and fact.t_ns != t_ns:
        raise _bad("event-time", seq)
    if isinstance(fact, Opened) != (seq == 1):
        raise _bad("event-begins", seq, kind=kind)
    if isinstance(fact, HeartErased) and (seq, t_ns) != (ERASED_SEQ, fact.t_ns):
        raise _bad("event-erased", seq, kind=kind, only=str(ERASED_SEQ))
    return Recorded(seq=seq, t_ns=t_ns, fact=fact)


def erased_in(events: Iterable[Recorded]) -> Partner | None:
    """Return whose heart was erased from a log; None where nobody's was."""
    erased = (e.fact.partner for e in events if isinstance(e.fact, HeartErased))
    return next(erased, None)


def ending_of(events: Sequence[Recorded]) -> Ending | None:
    """Return how a log ended; None where it did not end in order.

    Where a press ended it, the input that had come with it stands after its end.
    """
    ends = (e.fact.ending for e in reversed(events) if isinstance(e.fact, Ended))
    return next(ends, None)


def about(*, events: int, state: str, number: str, wrapped: bytes) -> dict[str, str]:
    """Return what `meta` says of a session; `wrapped` is its key, if it is sealed.

    `number` is its place among others (`recorded_order`), empty where it has none.
    """
    said = {"schema": SCHEMA_VERSION, "events": str(events), "state": state}
    if number:
        said["number"] = number
    return {**said, "schema": SEALED_VERSION, "key": wrapped.hex()} if wrapped else said


def meta_row(key: str, value: str) -> MetaRow:
    """Return one row of `meta`, with its check."""
    return (key, value, _crc(key.encode(), value.encode()))


def meta(rows: list[tuple[object, ...]]) -> dict[str, str]:
    """Return what `meta` holds.

    Raises
    ------
    BadRow
        If one of its rows was changed.
    """
    known: dict[str, str] = {}
    for row in rows:
        match row:
            case (str(key), str(value), int()) if row == meta_row(key, value):
                known[key] = value
            case _:
                raise BadRow(say("errors.why.entry-changed", what=shown(row[0])))
    return known


def _sealed(seq: int, entry: Entry, seal: Seal) -> Entry:
    """Return what is stored of an entry in a locked folder."""
    source, kind = entry.source.encode(), entry.kind.encode()
    head = _HEAD.pack(entry.t_ns, len(source), len(kind), len(entry.payload))
    clear = head + source + kind + entry.payload
    clear += bytes(-len(clear) % _PADDED_TO_BYTES)
    is_end = entry.kind == Ended.__name__
    return Entry(
        t_ns=0,
        source="",
        kind=_SEALED_END if is_end else _SEALED,
        payload=seal.sealed(clear, _about(seq)),
    )


def _opened(row: tuple[object, ...], seq: int, seal: Seal) -> EventRow:
    """Return a sealed row as it would be in an open folder."""
    *_, kind, payload = _checked(row)
    try:
        clear = seal.unsealed(payload, _about(seq))
        t_ns, source_bytes, kind_bytes, size = _HEAD.unpack_from(clear)
        texts = clear[_HEAD.size :]
        source = texts[:source_bytes].decode()
        inner = texts[source_bytes : source_bytes + kind_bytes].decode()
    except (ValueError, struct.error) as error:
        raise _bad("event-unopened", seq, why=str(error)) from error
    if (kind == _SEALED_END) != (inner == Ended.__name__):
        raise _bad("event-other-kind", seq)
    payload = texts[source_bytes + kind_bytes :][:size]
    return event_row(seq, Entry(t_ns=t_ns, source=source, kind=inner, payload=payload))


def _about(seq: int) -> bytes:
    return b"coreg event 1 " + struct.pack(">q", seq)


def _source(fact: Logged) -> str:
    match fact:
        case Opened() | SourceEnded() | Continued():
            return "session"
        case Tick():
            return "clock"
        case Pressed():
            return "couple"
        case (
            Notification()
            | StreamStarted()
            | StreamPacket()
            | StreamTakenBack()
            | Intervals()
            | FileMarked()
            | LinkChanged()
            | BatteryRead()
            | Tapped()
            | SignalLost()
            | SignalBack()
            | QuirkNoticed()
            | HeartErased()
        ):
            return fact.partner.value
        case _:
            return "practice"


def _fact(t_ns: int, source: str, kind: str, payload: bytes) -> Logged:
    if kind == Notification.__name__:
        return Notification(t_ns=t_ns, partner=Partner(source), data=payload)
    if kind == StreamPacket.__name__:
        return StreamPacket(
            t_ns=t_ns,
            partner=Partner(source),
            stream=_stream(payload),
            data=payload[1:],
        )
    return cast("Logged", decode(kind, payload))  # its kind was looked up before


def _stream(payload: bytes) -> Stream:
    """Return which stream a packet is of, by its first byte."""
    if not payload or payload[0] >= len(_STREAMS):
        raise ValueError("this packet is of a stream that a newer coreg knows")
    return _STREAMS[payload[0]]


def _checked(row: tuple[object, ...]) -> tuple[int, int, str, str, bytes]:
    """Return the columns before the check of a row that is as it was written."""
    seq = row[0]
    match row:
        case (int(number), int(t_ns), str(source), str(kind), bytes(payload), int(crc)):
            if crc != _event_crc(number, t_ns, source, kind, payload):
                raise _bad("event-check", seq)
        case _:
            raise _bad("event-column", seq)
    return number, t_ns, source, kind, payload


def _event_crc(seq: int, t_ns: int, source: str, kind: str, payload: bytes) -> int:
    numbers = struct.pack(">qq", seq, t_ns)
    return _crc(numbers, source.encode(), kind.encode(), payload)


def _crc(*columns: bytes) -> int:
    """Return the CRC-32 over columns, each led by its length so that none can shift."""
    return zlib.crc32(b"".join(struct.pack(">I", len(c)) + c for c in columns))
