"""`coreg batch`: the figures of many sessions as one table, here or on a cluster.

Which sessions go into it is decided here, before anything is handed out: nobody's key
leaves this process, and a worker refuses hearts of people that it was not given.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from coreg.batch import cluster, engines
from coreg.batch.engines import Engine
from coreg.batch.run import run as run_all
from coreg.batch.session import folder_item
from coreg.batch.work import Item, Parameters, found_item
from coreg.cli.common import make_out_folder, say, tell
from coreg.cli.exporting import keys_for, need_released
from coreg.cli.noting import note
from coreg.cli.options.exporting import BOTH
from coreg.cli.unlocking import open_folder
from coreg.errors import (
    CoregError,
    NotReleased,
    PasscodeRefused,
    SessionNotFound,
    StorageLocked,
    StorageUnusable,
)
from coreg.facts.events import Partner, Source
from coreg.findings.kept import Kept
from coreg.store import keys
from coreg.store.audit import What
from coreg.store.folder import folder_of, sessions_folder
from coreg.store.library_db import is_library_in
from coreg.store.reader import SessionHead, State, read_head
from coreg.store.recorded_order import SUFFIX
from coreg.words import wrong_and_do

_LINES: Final = 20
"""How often progress is said where nobody looks at a line that changes."""


def run(given: argparse.Namespace) -> int:
    """Work them out; 1 where a session has no figures."""
    out: Path = given.out
    _refuse_taken(out, force=given.force)
    chosen = _Chosen(given.sessions)
    items = chosen.items()
    if chosen.locked and not _is_here_alone(given):
        raise StorageLocked(
            "What is kept there is locked, and only this process can open it.",
            "Leave out --workers, --scheduler and --local-cluster.",
        )
    make_out_folder(out.parent)
    # Before a row of them is written: a run that is stopped leaves some, too.
    for folder in chosen.given_away:
        note(folder, What.EXPORTED, whose=BOTH, place=str(out))
    outcome = run_all(
        items,
        out,
        Parameters(surrogates=given.surrogates),
        engine=_engine(given),
        progress=_progress(),
        chunk=given.chunk,
        limit_s=given.time_limit,
    )
    if outcome.found_done:
        tell(f"Done already, by a run before: {outcome.found_done}.")
    if outcome.unfinished:
        tell(
            f"Sessions that broke off or are damaged: {outcome.unfinished}."
            " Their figures are of what was recorded (columns `ending`, `is_damaged`)."
        )
    if outcome.errors:
        tell(f"Sessions without figures: {outcome.errors} (see the column `error`).")
    say(str(out))
    return int(outcome.errors > 0)


def _is_here_alone(given: argparse.Namespace) -> bool:
    many = (given.workers or 1) > 1
    return not (many or given.scheduler or given.local_cluster)


def _engine(given: argparse.Namespace) -> Engine:
    """Return who works them out."""
    if given.scheduler:
        return partial(cluster.dask, address=given.scheduler, tell=tell)
    if given.local_cluster:
        return partial(cluster.dask_here, workers=given.local_cluster, tell=tell)
    if (given.workers or 1) > 1:
        return partial(engines.pool, workers=given.workers)
    return engines.serial


def _refuse_taken(out: Path, *, force: bool) -> None:
    if out.suffix != ".parquet":
        raise StorageUnusable(
            f"{out} doesn't end in .parquet, which the table is.",
            "Call it rows.parquet, say.",
        )
    if out.is_dir() or (not force and (out.exists() or out.is_symlink())):
        raise StorageUnusable(
            f"{out} is there already.",
            "Choose another name with --out, or replace it with --force.",
        )


class _Chosen:
    """The sessions of a folder that may be told of, and whose they are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[tuple[Path, bool], Kept] = {}
        self._opened: set[Path] = set()
        self._named: set[Path] = set()
        self._unasked: dict[Path, str] = {}
        self.locked = False
        self.given_away: list[Path] = []

    def items(self) -> "list[Item]":
        """Return what there is to work out.

        Raises
        ------
        SessionNotFound
            If there is no session in the folder, or none that may be told of.
        CoregError
            If somebody has to be asked, and nobody is there.
        """
        if not self._folder.is_dir():
            raise SessionNotFound(
                f"There is no folder {self._folder}.", "Name one with --in."
            )
        found = [item for path in self._paths() for item in self._found(path)]
        if not found:
            raise SessionNotFound(
                f"There is no session in {self._folder} that can go into a table.",
                "Name another folder with --in.",
            )
        return found

    def _paths(self) -> Iterator[Path | Item]:
        """Yield what may be a session, and a row for each folder that can't be read."""
        unread = list[Path]()

        def keep(error: OSError) -> None:
            unread.append(Path(error.filename))

        for place, folders, files in os.walk(self._folder, onerror=keep):
            inside = sorted(name for name in folders if not name.startswith("."))
            folders[:] = inside
            for name in inside:
                if (link := Path(place, name)).is_symlink():
                    self._leave_out(link, "It is a link to another folder.")
            for name in sorted([*inside, *files]):
                if name.endswith(SUFFIX) and not name.startswith("."):
                    yield Path(place, name)
        yield from (folder_item(path, self._folder) for path in unread)

    def _leave_out(self, path: Path, why: str) -> None:
        """Say of what is in no row that it isn't."""
        tell(f"{path.relative_to(self._folder).as_posix()} isn't in it: {why}")

    def _found(self, path: Path | Item) -> Iterable[Item]:
        return self._item(path) if isinstance(path, Path) else (path,)

    def _item(self, path: Path) -> Iterator[Item]:
        """Yield a session, unless it may not be told of or has no hearts."""
        try:
            item = found_item(path, self._folder)
        except OSError:  # gone, or a link to nowhere, which its row says
            yield Item(
                folder=str(self._folder.resolve()),
                file=path.relative_to(self._folder).as_posix(),
                size=0,
                mtime_ns=0,
            )
            return
        home = self._home(path)
        if home is not None:
            self._open(home)
        if path.stem in self._kept_in(home, Source.SIMULATED).aside():
            return
        head = _head(path)
        if head is None:
            yield item  # what is wrong with it becomes its row
            return
        if head.opened.couple.source is Source.NOBODY:
            self._leave_out(path, "It was practised without straps.")
            return
        if head.state is State.RUNNING:
            self._leave_out(path, "It is still being recorded.")
            return
        if head.opened.couple.source is Source.STRAPS:
            kept = self._of_people(path, head, home)
            item = replace(item, released=True, couple=self._couple(home))
        else:
            kept = self._kept_in(home, Source.SIMULATED)
        if kept is not None:
            quiet = sorted(kept.in_quiet(path.stem))
            yield replace(item, in_quiet=tuple(quiet))

    def _of_people(
        self, path: Path, head: SessionHead, home: Path | None
    ) -> Kept | None:
        """Return what is kept of a session that both opened to each other."""
        if head.erased is not None:
            # With a person goes their passcode: nobody can be asked.
            self._leave_out(path, wrong_and_do("errors.session.not-of-both")[0])
            return None
        if home in self._unasked:
            self._leave_out(path, self._unasked[home])
            return None
        try:
            kept = self._kept_in(home, Source.STRAPS)
            need_released(kept, head.opened, path.stem, tuple(Partner))
        except NotReleased as error:
            self._leave_out(path, error.wrong)
            return None
        except PasscodeRefused as error:
            if error.why != "no-passcode" or home is None:
                raise
            self._unasked[home] = error.wrong  # which ends no other couple's run
            self._leave_out(path, error.wrong)
            return None
        if home is not None and home not in self.given_away:
            self.given_away.append(home)
        return kept

    def _kept_in(self, home: Path | None, source: Source) -> Kept:
        """Return what a library knows; both passcodes are asked for once.

        A session that lies in no data folder has none, and hearts of people in it were
        opened by nobody.
        """
        folder = home or self._folder / "no library"
        is_asked = source is Source.STRAPS
        known = self._kept.get((folder, is_asked))
        if known is None:
            if is_asked:
                self._name(home)
            known = Kept(folder, keys_for(folder, source, tuple(Partner)))
            self._kept[folder, is_asked] = known
        return known

    def _home(self, path: Path) -> Path | None:
        """Return the data folder that a session is in; None where it is in none."""
        home = folder_of(path)
        is_home = path.parent == sessions_folder(home) and is_library_in(home)
        return home if is_home else None

    def _open(self, home: Path) -> None:
        if home not in self._opened and keys.is_locked(home):
            self.locked = True
            self._name(home)
            open_folder(home)
        self._opened.add(home)

    def _name(self, home: Path | None) -> None:
        """Say whose passphrase or passcodes are asked for, where there may be many."""
        if home is None or home in self._named or self._couple(home) == ".":
            return
        self._named.add(home)
        tell(f"Folder {self._couple(home)}:")

    def _couple(self, home: Path | None) -> str:
        if home is None or not home.is_relative_to(self._folder):
            return "."
        return home.relative_to(self._folder).as_posix()


def _head(path: Path) -> SessionHead | None:
    """Return the head of a session; None where it cannot be read."""
    try:
        return read_head(path)
    except CoregError:
        return None


def _progress() -> Callable[[int, int], None]:
    """Return what says how far a run is: a line that changes, or twenty."""
    said = -1

    def show(done: int, of: int) -> None:
        nonlocal said
        words = f"{done} of {of} sessions"
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{words}{chr(10) if done == of else ''}")
            sys.stderr.flush()
        elif (step := _LINES * done // of) != said:
            said = step
            tell(words)

    return show
