"""Texts that overwhelm a parser, fed to whatever of ours reads such texts.

`python -m tests.helpers.monsters KIND FOLDER` feeds each monster to the reader of one
kind of text, in a process that may not take more than `ROOM_BYTES` on top of what it
has after its imports. It prints, as JSON, what came of each: the name of the error,
its words, and the most memory that was in use meanwhile. Where memory runs out,
`MemoryError` is what came of it.
"""

import json
import resource
import sqlite3
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from coreg.exercises.pacing.make_pacer import make_pacer
from coreg.exercises.plan import parse_plan, title_in, with_fixed_pace
from coreg.facts.events import LinkChanged
from coreg.findings.pace import _measures_a_curve
from coreg.sensors.simulation.couple_file import parse_couple
from coreg.session.couple_shelf import couple_of
from coreg.store import learned
from coreg.store.calibrations import strap_pair
from coreg.store.erasing import INTENTS_NAME, finish_erasing
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.plans import plan_text, read_plan
from coreg.store.reader import read_session
from coreg.store.rows import Entry, event_row
from coreg.web.server.places import own_places
from coreg.web.wire.incoming import (
    parse,
)
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED, whole_session

ROOM_BYTES = 512 * 1024 * 1024
SIZE = 80_000  # characters: less than any of our own limits refuses by itself

Read = Callable[[], object]
Prepare = Callable[[str], Read]
Monsters = Iterator[tuple[str, str]]


def toml_monsters() -> Monsters:
    """Yield TOML that takes far more than its length, and some that is only long."""
    dotted = ".".join("a" * (SIZE // 2))
    yield "a dotted key", f"{dotted} = 1\n"
    yield "a dotted key in quotes", ".".join(['"a"'] * (SIZE // 4)) + " = 1\n"
    yield "a dotted key with room", " . ".join("a" * (SIZE // 4)) + " = 1\n"
    yield "a dotted heading", f"[{dotted}]\n"
    yield "a dotted list of tables", f"[[{dotted}]]\n"
    yield "a dotted key in braces", f"x = {{ {dotted} = 1 }}\n"
    yield "dotted after a text that ends in a quote", f'x = """a""""\n{dotted} = 1\n'
    yield "dotted after a word with an apostrophe", f"# it's\n{dotted} = 1\n"
    yield "open brackets", "x = " + "[" * SIZE
    yield "brackets", "x = " + "[" * (SIZE // 2) + "]" * (SIZE // 2)
    yield "brackets between texts", 'x = ["""a"""", ' + "[" * SIZE + '"'
    yield "braces", "x = " + "{a=" * (SIZE // 3)
    yield "digits", "version = " + "9" * SIZE
    yield "digits in groups", "version = " + "_".join("9" * (SIZE // 2))
    yield "hexadecimal digits", "version = 0x" + "f" * SIZE
    yield "binary digits", "version = 0b" + "1" * SIZE
    yield "decimals", "version = 0." + "9" * SIZE
    yield "an exponent", "version = 1e" + "9" * SIZE
    yield "many keys", "".join(f"a{n} = 1\n" for n in range(SIZE // 12))
    parts = ".".join(["a"] * 15)
    yield "many dotted keys", "".join(f"{parts}.a{n} = 1\n" for n in range(SIZE // 45))
    yield "many tables", "".join(f"[a{n}]\n" for n in range(SIZE // 9))
    yield "many lists", "x = [" + "[]," * (SIZE // 3) + "]"
    yield "one long text", f'x = "{"a" * SIZE}"'
    yield "a comment without end", "#" * 5_000_000


def json_monsters() -> Monsters:
    """Yield JSON that takes far more than its length, and some that is only long."""
    yield "open brackets", "[" * 15_000
    yield "brackets", "[" * 7_000 + "]" * 7_000
    yield "braces", '{"a":' * 3_000 + "1" + "}" * 3_000
    yield "digits", "9" * 15_000
    yield "digits below zero", "-" + "9" * 15_000
    yield "decimals", "0." + "9" * 15_000
    yield "an exponent", "1e" + "9" * 15_000
    yield "beyond every double", "1e999"
    yield "not a number", "NaN"
    yield "infinite", "-Infinity"
    yield "half a character", r'"\ud800"'
    yield "many lists", "[" + ",".join(["[]"] * 5_000) + "]"
    yield "one long text", f'"{"a" * 5_000_000}"'


def in_their_place(monsters: Monsters, *templates: str) -> Monsters:
    """Yield monsters by themselves, and in place of `HERE` in texts that are good."""
    for name, monster in monsters:
        yield name, monster
        for number, template in enumerate(templates, start=1):
            yield f"{name}, in place {number}", template.replace("HERE", monster)


def _plan(text: str) -> object:
    parse_plan(text)
    return with_fixed_pace(text)


def _at_once(read: Callable[[str], object]) -> Prepare:
    return lambda text: lambda: read(text)


def _from_file(read: Callable[[], object], path: Path) -> Prepare:
    def prepare(text: str) -> Read:
        path.write_text(text, encoding="utf-8")
        return read

    return prepare


def _session(folder: Path) -> Prepare:
    path = folder / "a.coreg"
    whole_session(path)
    with closing(sqlite3.connect(path)) as db:
        (number,) = db.execute("SELECT max(seq) FROM event").fetchone()

    def prepare(text: str) -> Read:
        monster = Entry(
            t_ns=5, source="A", kind=LinkChanged.__name__, payload=text.encode()
        )
        with closing(sqlite3.connect(path)) as db:
            db.execute("DELETE FROM event WHERE seq = ?", (number,))
            db.execute(
                "INSERT INTO event VALUES (?,?,?,?,?,?)", event_row(number, monster)
            )
            db.commit()
        return lambda: read_session(path)

    return prepare


def _library(folder: Path) -> Prepare:
    library = Library(data_folder(folder))

    def read() -> None:
        known = learned.known_of(library, learned.OURS)
        assert known.usual_taps_s == ((), ())
        assert str(known.rest_bpm) == "(nan, nan)"

    def prepare(text: str) -> Read:
        for name in ("taps of A, ours", "rest of A, ours"):
            library.keep_setting(name, text)
        return read

    return prepare


def _belief(text: str) -> None:
    plan = parse_plan(plan_text("relaxed-and-alert"))
    pacer = make_pacer(changed(OPENED, pace_belief=text), plan)
    assert not pacer.has_learned


def _report(text: str) -> None:
    assert title_in(text) == ""
    assert not _measures_a_curve(text)


def _finished(folder: Path) -> None:
    """Take up what is to be erased; say what cannot be."""
    for each in finish_erasing(folder, Library(data_folder(folder))):
        raise each


MESSAGE = '{"type": "ping", "id": HERE}'
PLACES = (
    '{"as_of": HERE, "places": []}',
    '{"as_of": "2026", "places": HERE}',
    '{"as_of": "2026", "places": [{"where": HERE, "name": 1}]}',
)
PAIR = (
    '{"a": "1", "b": "2", "measured_utc": "2026", '
    '"difference_s": HERE, "uncertainty_s": HERE}'
)
ERASING = (
    '[{"what": "session", "whose": "", "strap": "", "sessions": [], "has_rows": HERE}]',
    '[{"what": HERE, "whose": "", "strap": "", "sessions": ["x"], "has_rows": true}]',
)
PAIRS = (f"[{PAIR}]", f"[{PAIR.replace('HERE', '1')}, HERE]")


def kinds(folder: Path) -> dict[str, tuple[Prepare, Monsters]]:
    """Return what reads each kind of text, and the monsters it is given."""
    library = "[HERE]", '{"first": HERE, "usual": [0.3]}'
    belief = '{"format": HERE}', '{"format": 1, "evenings": HERE, "partners": {}}'
    facts = '[5, "A", "lost", HERE]', "[HERE"
    plan, couple = folder / "plan.toml", folder / "couple.toml"
    places, pairs = folder / "places.json", folder / "strap-pairs.json"
    return {
        "plan": (_at_once(_plan), toml_monsters()),
        "plan file": (
            _from_file(lambda: read_plan(str(plan), parse_plan), plan),
            toml_monsters(),
        ),
        "couple": (_at_once(parse_couple), toml_monsters()),
        "couple file": (
            _from_file(lambda: couple_of(str(couple)), couple),
            toml_monsters(),
        ),
        "report": (_at_once(_report), toml_monsters()),
        "places": (
            _from_file(lambda: own_places(folder), places),
            in_their_place(json_monsters(), *PLACES),
        ),
        "strap pairs": (
            _from_file(lambda: strap_pair(folder, "1", "2"), pairs),
            in_their_place(json_monsters(), *PAIRS),
        ),
        "erasing": (
            _from_file(lambda: _finished(folder), folder / INTENTS_NAME),
            in_their_place(json_monsters(), *ERASING),
        ),
        "message": (_at_once(parse), in_their_place(json_monsters(), MESSAGE)),
        "session": (_session(folder), in_their_place(json_monsters(), *facts)),
        "library": (_library(folder), in_their_place(json_monsters(), *library)),
        "belief": (_at_once(_belief), in_their_place(json_monsters(), *belief)),
    }


def _no_more_room_than(more_bytes: int) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _came_of(read: Read) -> dict[str, object]:
    tracemalloc.start()
    error, words = "", ""
    try:
        read()
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is to be named
        error, words = type(fault).__name__, str(fault)[:2000]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"error": error, "words": words, "peak_bytes": peak}


def main() -> None:
    """Feed one kind of reader and print what came of it."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    prepare, monsters = kinds(folder)[kind]
    _no_more_room_than(ROOM_BYTES)
    print(json.dumps({name: _came_of(prepare(text)) for name, text in monsters}))


if __name__ == "__main__":
    main()
