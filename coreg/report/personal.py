"""All that is held about one person, to be given to that one.

What the other one said or wore is not in it, and nothing that was computed of both.
"""

import csv
import io
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coreg.errors import BadPacketError
from coreg.facts.both import Both
from coreg.facts.events import (
    NS_PER_S,
    BatteryRead,
    FileMarked,
    Intervals,
    LinkChanged,
    Notification,
    Partner,
    QuirkNoticed,
    SignalBack,
    SignalLost,
    StreamPacket,
    StreamStarted,
    StreamTakenBack,
    Tapped,
)
from coreg.sensors.decoding.heart_rate import decode
from coreg.store.erasing import worn_by
from coreg.store.learned import of_one
from coreg.store.library_db import Library
from coreg.store.passcode import OwnKey
from coreg.store.reader import StoredSession, read_beginning

_OF_ONE = (
    LinkChanged
    | BatteryRead
    | StreamStarted
    | StreamTakenBack
    | Tapped
    | FileMarked
    | QuirkNoticed
    | SignalLost
    | SignalBack
)
HEADER = ("time_s", "heart_rate_bpm", "rr_ms", "packet")
STREAMS_HEADER = ("time_s", "stream", "packet")

SCALES = {
    "at_ease": "at ease: 0 not at all, 10 completely",
    "wide_awake": "awake: 0 nearly asleep, 10 wide awake",
    "awake": "sleepiness, as coreg 0.1 asked it: 1 very alert, 9 fighting sleep",
    "myself": "myself: 0 not at all, 10 completely",
}
"""What each figure of a rating means; `awake` runs against the others."""


def held_about(library: Library, partner: Partner, key: OwnKey) -> dict[str, Any]:
    """Return what the library holds about one person, whose key opens what is sealed.

    Raises
    ------
    StorageUnusable
        If the library cannot be read.
    """
    person = library.person(partner)
    settings = library.settings()
    own = library.own.lines(partner, key)
    return {
        "partner": partner.value,
        "name": person.name,
        "heart_rhythm": person.heart_rhythm,
        "see_doctor": person.see_doctor,
        "passcode_chosen_utc": library.own.chosen_utc(partner),
        "agreed_to": library.consent_of(partner),
        "wishes": library.wishes(partner),
        "words": [asdict(each) for each in own.words],
        "ratings": [asdict(each) for each in own.ratings],
        "scales": SCALES,
        "happened": [asdict(each) for each in own.happened],
        "answers": [asdict(each) for each in own.answers],
        "own_wishes": [asdict(each) for each in own.own_wishes],
        "read_aloud": [
            {"session_id": each.session_id, "text": each.text, "utc": each.utc}
            for each in library.lines.all()
            if each.partner is partner
        ],
        "offered": [
            {"line": each.handle, "has_room": each.has_room, "is_over": each.is_over}
            for each in library.loose_ends.all()
            if each.partner is partner
        ],
        "damaged_lines": own.unread,
        "strap": settings.get(worn_by(partner), ""),
        "learned": of_one(settings, partner),
        "log": [
            asdict(each) for each in library.audit.lines() if each.whose == partner
        ],
    }


def heart_in(path: Path, partner: Partner) -> str:
    """Return what one person's strap sent in a session, as CSV; as far as it reads.

    Times are seconds since the session began; `rr_ms` are the intervals of a packet,
    oldest first, as the strap sent them, and `packet` its bytes in hexadecimal.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    session = read_beginning(path)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_rows(session, partner))
    return text.getvalue()


def streams_in(path: Path, partner: Partner) -> str:
    """Return ECG and acceleration that one person's strap sent, as CSV; "" for none.

    Times are seconds since the session began, when each `packet` arrived; its bytes are
    hexadecimal, as Polar defines them.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    session = read_beginning(path)
    began_ns = session.events[0].t_ns
    rows = [
        (f"{(each.t_ns - began_ns) / NS_PER_S:.3f}", each.fact.stream, each.fact.data)
        for each in session.events
        if isinstance(each.fact, StreamPacket) and each.fact.partner is partner
    ]
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(STREAMS_HEADER)
    writer.writerows((t_s, stream, data.hex()) for t_s, stream, data in rows)
    return text.getvalue()


def rest_in(path: Path, partner: Partner) -> dict[str, Any]:
    """Return what else a session holds of one person: strap, what came of it, taps.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    session = read_beginning(path)
    opened = session.opened
    learned = opened.learned
    return {
        "strap": Both(*opened.straps.streams)[partner],
        "rest_bpm": _known(Both(*learned.rest_bpm)[partner]),
        "usual_taps_s": list(Both(*learned.usual_taps_s)[partner]),
        "events": [
            {"time_s": _since(session, each.t_ns), "kind": type(each.fact).__name__}
            | {name: _plain(value) for name, value in asdict(each.fact).items()}
            for each in session.events
            if isinstance(each.fact, _OF_ONE) and each.fact.partner is partner
        ],
    }


def _known(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None


def _plain(value: object) -> object:
    """Return a value as JSON has it: words for kinds, whole numbers and texts."""
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, int | float | str | None) else repr(value)


def _since(session: StoredSession, t_ns: int) -> float:
    return round((t_ns - session.events[0].t_ns) / NS_PER_S, 3)


def _rows(session: StoredSession, partner: Partner) -> list[tuple[str, str, str, str]]:
    began_ns = session.events[0].t_ns
    return [
        (f"{(each.t_ns - began_ns) / NS_PER_S:.3f}", *_said(each.fact))
        for each in session.events
        if isinstance(each.fact, Notification | Intervals)
        and each.fact.partner is partner
    ]


def _said(fact: Notification | Intervals) -> tuple[str, str, str]:
    """Return a packet's heart rate, intervals and bytes; one that is odd is bytes."""
    if isinstance(fact, Intervals):
        return "", " ".join(f"{rr_ms:.3f}" for rr_ms in fact.rr_ms), ""
    try:
        told = decode(fact.data)
    except BadPacketError:
        return "", "", fact.data.hex()
    intervals = " ".join(f"{rr_ms:.3f}" for rr_ms in told.rr_ms)
    return str(told.hr_bpm), intervals, fact.data.hex()
