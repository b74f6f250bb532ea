"""Session files that this version cannot open, each spoilt in a way of its own."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from coreg.facts.codec import encode
from coreg.store import rows
from coreg.store.reader import read_session
from coreg.store.session_log import SessionLog
from tests.helpers.openings import changed

Spoil = Callable[[Path, Path], None]
"""Makes a file at the second path that cannot be opened, of the whole session at the
first."""


def _with_plan(plan_toml: str) -> Spoil:
    def spoil(good: Path, path: Path) -> None:
        opened = changed(
            read_session(good).opened,
            plan_toml=plan_toml,
            session_id=path.stem,
            seed=sum(path.stem.encode()),  # another couple than every other one
        )
        SessionLog.create(path, opened).close()

    return spoil


def _of_a_newer_plan(good: Path, path: Path) -> None:
    plan = read_session(good).opened.practice.plan_toml
    assert "format = 2" in plan
    _with_plan(plan.replace("format = 2", "format = 99"))(good, path)


def _of_a_newer_block(good: Path, path: Path) -> None:
    plan = read_session(good).opened.practice.plan_toml
    assert 'kind = "rest"' in plan
    _with_plan(plan.replace('kind = "rest"', 'kind = "newer"'))(good, path)


def _of_a_newer_layout(good: Path, path: Path) -> None:
    shutil.copyfile(good, path)
    with closing(sqlite3.connect(path)) as db:
        db.execute(rows.PUT_META, rows.meta_row("schema", "3"))
        db.commit()


def _with_a_newer_field(good: Path, path: Path) -> None:
    """Its first event says more than this coreg knows of."""
    opened = read_session(good).opened
    payload = json.dumps([*json.loads(encode(opened)), "newer"]).encode()
    entry = rows.Entry(t_ns=0, source="session", kind="Opened", payload=payload)
    _with_first_row(good, path, rows.event_row(1, entry))


def _of_an_unknown_kind(good: Path, path: Path) -> None:
    entry = rows.Entry(t_ns=0, source="session", kind="Unheard", payload=b"[]")
    _with_first_row(good, path, rows.event_row(1, entry))


def _with_first_row(good: Path, path: Path, row: rows.EventRow) -> None:
    shutil.copyfile(good, path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM event WHERE seq = 1")
        db.execute(rows.INSERT_EVENT, row)
        db.commit()


def _corrupt(good: Path, path: Path) -> None:
    content = bytearray(good.read_bytes())
    content[100:4096] = bytes(len(content[100:4096]))
    path.write_bytes(content)


def _cut(good: Path, path: Path) -> None:
    path.write_bytes(good.read_bytes()[:5000])


def _foreign(_good: Path, path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE photo (name TEXT)")
        db.commit()


def _no_database(_good: Path, path: Path) -> None:
    path.write_text("no database at all\n" * 400, encoding="utf-8")


def _empty(_good: Path, path: Path) -> None:
    path.touch()


def _a_folder(_good: Path, path: Path) -> None:
    path.mkdir()
    (path / "inside").touch()


def _a_link_to_nowhere(_good: Path, path: Path) -> None:
    path.symlink_to(path.with_name("gone.coreg.elsewhere"))


SPOILS: dict[str, Spoil] = {
    "a newer plan": _of_a_newer_plan,
    "a plan with a newer kind of block": _of_a_newer_block,
    "a plan that is no TOML": _with_plan("no = plan = at all"),
    "an empty plan": _with_plan(""),
    "a newer layout": _of_a_newer_layout,
    "a first event of a newer coreg": _with_a_newer_field,
    "an unknown first event": _of_an_unknown_kind,
    "corrupt": _corrupt,
    "cut": _cut,
    "a foreign database": _foreign,
    "no database": _no_database,
    "zero bytes": _empty,
    "a folder": _a_folder,
    "a link to nowhere": _a_link_to_nowhere,
}
