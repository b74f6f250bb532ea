"""How a therapist's book is written: as JSON, which is sealed as one."""

import datetime as dt
from dataclasses import asdict, fields
from typing import Any, Final

from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.store.clinic.records import (
    About,
    Couple,
    Heard,
    LogLine,
    Mark,
    Note,
    Told,
)

_IN_A_BOOK: Final = frozenset(
    {"couples", "keys", "marks", "notes", "labels", "heard", "log"}
)


def as_json(told: Told) -> dict[str, Any]:
    """Return what a book holds as it is written."""
    return {
        **dict(told.more),
        "couples": [
            {
                "id": each.id_,
                "names": list(each.names),
                "seen_alone": [
                    [day.isoformat() for day in days] for days in each.seen_alone
                ],
                "held_back": each.is_held_back,
                "made_up": each.is_made_up,
            }
            for each in told.couples
        ],
        "keys": [list(each) for each in told.keys],
        "marks": [asdict(each) for each in told.marks],
        "notes": [asdict(each) for each in told.notes],
        "labels": [list(each) for each in told.labels],
        "heard": [{**asdict(each), "on": each.on.isoformat()} for each in told.heard],
        "log": [[each.utc, each.what] for each in told.log],
    }


def _known(
    of: type[Mark] | type[Note] | type[Heard], each: dict[str, Any]
) -> dict[str, Any]:
    """Return what is known of an entry: a newer coreg may say more of it."""
    names = {field.name for field in fields(of)}
    return {name: value for name, value in each.items() if name in names}


def told_in(told: dict[str, Any]) -> Told:
    """Return what was written; a book from before has less, a newer one more.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is not what a book holds.
    """
    return Told(
        couples=tuple(
            Couple(
                id_=str(each["id"]),
                names=Both(*map(str, each["names"])),
                seen_alone=Both(
                    *(
                        tuple(dt.date.fromisoformat(day) for day in days)
                        for days in each["seen_alone"]
                    )
                ),
                is_held_back=bool(each["held_back"]),
                is_made_up=bool(each["made_up"]),
            )
            for each in told["couples"]
        ),
        keys=tuple((str(of), str(key)) for of, key in told["keys"]),
        marks=tuple(Mark(**_known(Mark, each)) for each in told["marks"]),
        notes=tuple(Note(**_known(Note, each)) for each in told["notes"]),
        labels=tuple((int(key), str(words)) for key, words in told["labels"]),
        heard=tuple(map(_heard, told.get("heard", ()))),  # a book from before has none
        log=tuple(
            LogLine(utc=str(utc), what=str(what)) for utc, what in told.get("log", ())
        ),
        more=tuple((name, told[name]) for name in told if name not in _IN_A_BOOK),
    )


def _heard(told: dict[str, Any]) -> Heard:
    named = {
        "partner": Partner(told["partner"]),
        "about": About(told["about"]),
        "on": dt.date.fromisoformat(told["on"]),
    }
    return Heard(**{**_known(Heard, told), **named})
