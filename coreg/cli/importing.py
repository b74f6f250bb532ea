"""`coreg import`: two people's recordings become a session of the library.

They live through it as through any other, so that it opens, replays and reports like
one. It says of itself that it comes from recordings; nobody agreed to anything in it.
"""

import argparse
import asyncio
import math
import secrets
from pathlib import Path

from coreg.base import clock
from coreg.cli.common import progress_of, say, tell
from coreg.cli.remembered import finish_erasing_in
from coreg.cli.unlocking import finish_locking, open_folder
from coreg.errors import StorageUnusable
from coreg.facts.events import NS_PER_S, Input, Opened, Source, SourceEnded
from coreg.facts.opened import PracticeChosen
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.timing.latency import NO_DELAYS, UNKNOWN_STRAPS
from coreg.session.engine import Output
from coreg.session.live import Presses, practise
from coreg.session.opening import identity, opening
from coreg.session.recorded_pair import (
    arrivals_within,
    offset_by_marks_s,
    on_one_clock,
    overlap_s,
    plan_of_rest,
)
from coreg.session.sources import RecordedSource, SessionSource
from coreg.store.folder import data_folder, data_location, library_lock
from coreg.store.library import session_path
from coreg.store.session_log import SessionLog
from coreg.words import say as word, wrong_and_do

_AT_ONCE = 1e9  # times faster than life: as fast as it goes


def run(given: argparse.Namespace) -> int:
    """Import two recordings, and print the session's name."""
    a, b = (read_recording(path) for path in (given.a, given.b))
    offset_s = _offset_s(given, a, b)
    hearts, length_s = imported_hearts(a, b, offset_s)
    open_folder(data_location(given.data_dir))
    folder = data_folder(given.data_dir)
    with library_lock(folder):
        finish_locking(folder)
        finish_erasing_in(folder)
        opened = opening(
            identity(clock.utc_now(), secrets.token_hex(2), consent=""),
            hearts,
            PracticeChosen(
                plan_toml=plan_of_rest(length_s),
                breathing_min=0.0,
                steps_wait=False,
                ends_with_source=True,
            ),
        )
        path = session_path(folder, opened.identity.session_id)
        _keep(path, opened, hearts, length_s)
    say(opened.identity.session_id)
    tell(word("terminal.imported"))
    return 0


def _offset_s(given: argparse.Namespace, a: Recording, b: Recording) -> float | None:
    if given.mark_a is None:
        offset_s: float | None = given.offset_s
        return offset_s
    return offset_by_marks_s(a, given.mark_a, b, given.mark_b)


def imported_hearts(
    a: Recording, b: Recording, offset_s: float | None
) -> tuple[SessionSource, float]:
    """Return the hearts of two recordings, and for how long both of them last.

    What a person said of the time between them is no clock: nothing is claimed then of
    how finely one heart's beats can be told from the other's.

    Raises
    ------
    BadRecordingError
        If they share no clock and no time, or are one heart twice.
    """
    beside = on_one_clock(a, b, offset_s)
    start_s, end_s = overlap_s(a, beside)
    hearts = SessionSource(
        kind=Source.RECORDINGS,
        source=RecordedSource(arrivals_within(a, beside, start_s, end_s), _AT_ONCE),
        streams=(f"{a.name} ({a.kind})", f"{beside.name} ({b.kind})"),
        common_clock=True,
        delays=UNKNOWN_STRAPS if offset_s is None else NO_DELAYS,
        seed=0,
        ends_with_source=True,
    )
    return hearts, end_s - start_s


class _MinutesLived:
    """A listener that keeps one line up to date of how far the import is."""

    def __init__(self, length_s: float) -> None:
        self._show = progress_of("terminal.minutes-done-of")
        self._of = max(1, math.ceil(length_s / 60))
        self._done = -1

    def __call__(self, given: Input, _outputs: list[Output]) -> None:
        """Take one input and what followed from it."""
        done = min(self._of, int(given.t_ns / NS_PER_S / 60))
        if isinstance(given, SourceEnded):
            done = self._of
        if done != self._done:
            self._done = done
            self._show(done, self._of)


def _keep(path: Path, opened: Opened, hearts: SessionSource, length_s: float) -> None:
    """Keep the whole session, or nothing of it."""
    log = SessionLog.create(path, opened)
    is_whole = False
    lived = _MinutesLived(length_s)
    try:
        try:
            asyncio.run(practise(opened, hearts.source, log, Presses(), [lived]))
        finally:
            log.close()
        if log.trouble is not None:
            told = wrong_and_do("errors.pair.stopped", why=log.trouble)
            raise StorageUnusable(*told)
        is_whole = True
    finally:
        if not is_whole:
            path.unlink(missing_ok=True)
