"""A data folder in which everything can be told apart, to be erased and searched.

`python -m tests.helpers.erasing` erases what each line asks for (see `asked`), in a
process of its own that may be killed over it, and answers with how that one ended. It
waits with everything imported: hundreds of processes that import it take minutes.
`python -m tests.helpers.erasing FOLDER WHAT` erases once, and ends.
"""

import json
import os
import signal
import sys
from pathlib import Path

from coreg.facts.both import Both
from coreg.facts.events import Link, LinkChanged, Partner, Source
from coreg.store import keys, learned
from coreg.store.calibrations import StrapPair, keep_strap_pair
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library
from coreg.store.library_file import PLACES
from coreg.store.session_log import SessionLog
from coreg.web.evening.effects import KeepWorn, Remove
from coreg.web.server.evening_store import EveningStore
from coreg.web.wire.named import Erasing
from tests.helpers.library_rows import library_rows
from tests.helpers.openings import changed
from tests.helpers.sessions import (
    ENDED,
    OPENED,
    QUICK_S,
    append_all,
    beats,
    crashed_copy,
    wait_until,
)

FIRST, SECOND = "20260301-193000-7f3a", "20260302-193000-7f3b"
SECRET = b"canary of a page's secret"
UTC = "2026-03-01T20:00:00+00:00"
WITHIN_S = 60  # what takes longer never ends
PARTS = ("name", "words", "line", "wish", "rating", "strap", "rest", "taps", "pair")


def canary(part: str, partner: Partner) -> str:
    """Return what only this part of what is kept of one partner holds."""
    figures = {"rest": "6{}.7", "taps": "0.40{}1"}
    number = list(Partner).index(partner) + 3
    if part in figures:
        return figures[part].format(number)
    strap = "strap" if part == "pair" else part
    return f"canary {strap} of {partner.value}"


def hearts(session_id: str) -> str:
    """Return what only the file of this session holds."""
    return f"canary hearts of {session_id}"


def of_partner(partner: Partner) -> list[str]:
    """Return all that is kept of one partner and of nobody else."""
    return [canary(part, partner) for part in PARTS]


def lay_down(data: Path) -> Path:
    """Make a data folder with two evenings of both, one left by a crash."""
    folder = data_folder(data)
    for session_id in (FIRST, SECOND):
        _record(folder, session_id)
    library = Library(folder)
    library.keep_names(*(canary("name", partner) for partner in Partner))
    store = EveningStore(folder)
    straps = Both(*(canary("strap", partner) for partner in Partner))
    store.keep(KeepWorn(identities=straps))
    for partner in Partner:
        _say(folder, partner, FIRST)
    for session_id in (FIRST, SECOND, "another"):
        rest = tuple(float(canary("rest", partner)) for partner in Partner)
        learned.keep_rest(library, learned.OURS, rest, session_id=session_id)
    taps = tuple((float(canary("taps", partner)),) for partner in Partner)
    learned.keep_taps(library, learned.OURS, taps)
    learned.keep_pace(library, learned.OURS, "canary pace of both")
    library.keep_aside(FIRST)
    pair = StrapPair(
        a=canary("pair", Partner.A),
        b=canary("pair", Partner.B),
        difference_s=0.1,
        uncertainty_s=0.01,
        measured_utc=UTC,
    )
    keep_strap_pair(folder, pair)
    (folder / "page-secret").write_bytes(SECRET)
    return folder


def _record(folder: Path, session_id: str) -> None:
    path = session_path(folder, session_id)
    opened = changed(OPENED, session_id=session_id, source=Source.STRAPS)
    link = LinkChanged(
        t_ns=10**9, partner=Partner.A, link=Link.LOST, detail=hearts(session_id)
    )
    with SessionLog.create(path, opened, commit_every_s=QUICK_S) as log:
        append_all(log, [*beats(300), link])
        wait_until(lambda: log.unsaved == 0)
        if session_id == FIRST:  # a kill leaves it with its write-ahead log
            crashed = crashed_copy(path, folder / "crashed")
        append_all(log, [ENDED])
    if session_id == FIRST:
        for each in crashed.parent.iterdir():
            each.replace(path.parent / each.name)
        crashed.parent.rmdir()


def _say(folder: Path, partner: Partner, session_id: str) -> None:
    """Keep words, a wish and a rating; as rows, whatever else words go through."""
    place = PLACES[partner]
    said = {part: canary(part, partner) for part in ("words", "line", "wish", "rating")}
    with library_rows(folder) as db:
        db.execute(
            "INSERT INTO words VALUES (?, ?, 'rest', ?, ?)",
            (place, session_id, said["words"], UTC),
        )
        db.execute(
            "INSERT INTO line (person, session_id, text, utc) VALUES (?, ?, ?, ?)",
            (place, session_id, said["line"], UTC),
        )
        db.execute(
            "INSERT INTO wish VALUES (?, ?, ?, ?)",
            (place, session_id, said["wish"], UTC),
        )
        db.execute(
            "INSERT INTO rating VALUES (?, ?, ?, 5, 3, 6, ?)",
            (place, session_id, said["rating"], UTC),
        )


def found_in(folder: Path, what: str) -> list[str]:
    """Return the files whose names or bytes hold this."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and (what in path.name or what.encode() in path.read_bytes())
    )


def asked(folder: Path, what: str, at: int, passphrase: str = "") -> str:
    """Return the line that asks for a `session`, `partner` or `everything`.

    The disk (`failing_disk.c`) kills the process at this one of its changes; a
    passphrase opens a folder that is locked.
    """
    return json.dumps([str(folder), what, at, passphrase]) + "\n"


def erase(folder: Path, what: Erasing, passphrase: str) -> None:
    if passphrase:
        keys.hold(folder, keys.opened_with(folder, passphrase))
    EveningStore(folder).remove(
        Remove(
            what=what,
            session_id=FIRST if what is Erasing.SESSION else None,
            partner=Partner.A if what is Erasing.PARTNER else None,
        )
    )


def main() -> None:
    if sys.argv[1:]:  # asked once, by whoever counts what the disk is asked to do
        folder, what = sys.argv[1:]
        erase(Path(folder), Erasing(what), "")
        return
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            folder, what, at, passphrase = json.loads(line)
            os.environ["DISK_KILLS_AT"] = str(at)
            signal.alarm(WITHIN_S)
            erase(Path(folder), Erasing(what), passphrase)
            return  # it ends as any program does
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
