"""`coreg import`: two people's recordings become a session of the library.

They live through it as through any other, so that it opens, replays and reports like
one. It says of itself that it comes from recordings; nobody agreed to anything in it.
"""

import argparse
import asyncio
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coreg.base import clock
from coreg.batch.prints import FEWEST_SHARED, heart_print
from coreg.cli.common import progress_of, say, tell
from coreg.cli.options.importing import LEAVE
from coreg.cli.remembered import finish_erasing_in
from coreg.cli.unlocking import finish_locking, open_folder
from coreg.errors import BadRecordingError, CoregError, StorageUnusable
from coreg.facts.events import (
    NS_PER_S,
    FileMarked,
    Input,
    Intervals,
    Opened,
    Partner,
    Source,
    SourceEnded,
)
from coreg.facts.opened import PracticeChosen
from coreg.report.words.numbers import NBSP, short_length
from coreg.report.words.recording import remark_lines
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recording import Recording, Remark
from coreg.sensors.recordings.source import Wanted
from coreg.sensors.timing.latency import NO_DELAYS, UNKNOWN_STRAPS, PairDelays
from coreg.session.engine import Output
from coreg.session.live import Presses, practise
from coreg.session.opening import identity, opening
from coreg.session.recorded_pair import (
    Joined,
    arrivals_within,
    delays_by_starts,
    expect_one_clock,
    marks_within,
    moved_name,
    offset_by_marks_s,
    offset_by_starts_s,
    offset_in_one_file_s,
    overlap_s,
    plan_of_rest,
    share_clock,
    shifted,
)
from coreg.session.sources import RecordedSource, SessionSource
from coreg.store.folder import data_folder, data_location, library_lock
from coreg.store.library import list_sessions, session_path
from coreg.store.reader import State, read_session
from coreg.store.rows import Logged
from coreg.store.session_log import SessionLog
from coreg.words import number, say as word, wrong_and_do

_Arrived = tuple[int, tuple[float, ...]]
_AT_ONCE = 1e9  # times faster than life: as fast as it goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two recordings on one clock, `b` moved by `moved_s`, and how that came to be.

    `delays` say how finely one heart's beats can be told from the other's.
    """

    a: Recording
    b: Recording
    moved_s: float
    joined: Joined
    delays: PairDelays


def run(given: argparse.Namespace) -> int:
    """Import two recordings, and print the session's name."""
    pair = _pair(given)
    start_s, end_s = overlap_s(pair.a, pair.b)
    arrivals = arrivals_within(pair.a, pair.b, start_s, end_s)
    marks = marks_within(pair.a, pair.b, start_s, end_s)
    if given.marks == LEAVE:
        marks = []
    hearts = imported_hearts(pair, [*arrivals, *marks])
    open_folder(data_location(given.data_dir))
    folder = data_folder(given.data_dir)
    with library_lock(folder):
        finish_locking(folder)
        finish_erasing_in(folder)
        opened = opening(
            identity(clock.utc_now(), secrets.token_hex(2), consent=""),
            hearts,
            PracticeChosen(
                plan_toml=plan_of_rest(end_s - start_s),
                breathing_min=0.0,
                steps_wait=False,
                ends_with_source=True,
            ),
        )
        there = _there_already(folder, opened, arrivals, marks)
        if there is None:
            same = _of_the_same_beats(folder, arrivals)
            path = session_path(folder, opened.identity.session_id)
            _keep(path, opened, hearts, end_s - start_s)
    if there is not None:
        say(there)
        tell(word("terminal.import.there", session=there))
        return 0
    say(opened.identity.session_id)
    told = [
        *_told(pair, opened.identity.session_id, end_s - start_s),
        *_marks_told(pair, marks, given.marks),
        word("terminal.import.next", session=opened.identity.session_id),
    ]
    for line in told:
        tell(line.replace(NBSP, " "))
    for session in same:
        tell(word("terminal.import.same-beats", session=session))
    return 0


def _pair(given: argparse.Namespace) -> Pair:
    """Return what was named, on one clock.

    Raises
    ------
    BadRecordingError
        If it is one heart alone, or nobody knows how the two clocks go together.
    """
    a, b = _recordings(given)
    delays = NO_DELAYS
    if given.starts is not None:
        starts_a, starts_b = given.starts
        moved_s = offset_by_starts_s(a, starts_a, b, starts_b)
        joined = Joined.STARTS
        delays = delays_by_starts(a, b, max(each.precision_s for each in given.starts))
    elif given.mark_a is not None:
        moved_s = offset_by_marks_s(a, given.mark_a, b, given.mark_b)
        joined = Joined.MARK
    elif given.offset_s is not None:
        moved_s, joined = given.offset_s, Joined.OFFSET
    else:
        moved_s, joined = 0.0, Joined.SHARED
        in_file_s = offset_in_one_file_s(a, b) if _is_one_file(given) else None
        if in_file_s is not None and not share_clock(a, b):
            moved_s, joined = in_file_s, Joined.ONE_FILE
        else:
            expect_one_clock(a, b)
            delays = UNKNOWN_STRAPS
    return Pair(
        a=a, b=shifted(b, moved_s), moved_s=moved_s, joined=joined, delays=delays
    )


def _is_one_file(given: argparse.Namespace) -> bool:
    return given.b is None or given.b.resolve() == given.a.resolve()


def _recordings(given: argparse.Namespace) -> tuple[Recording, Recording]:
    """Return both; what is named once holds of both, what is named twice of each."""
    columns, people = _each(given.column), _each(given.person)
    if given.b is None and columns[0] == columns[1] and people[0] == people[1]:
        wanted = Wanted(column=columns[0], person=people[0])
        name = read_recording(given.a, wanted).name
        told = wrong_and_do("errors.pair.alone", name=name, path=given.a)
        raise BadRecordingError(*told)
    paths = (given.a, given.b or given.a)
    a, b = (
        read_recording(path, Wanted(column=column, person=person))
        for path, column, person in zip(paths, columns, people, strict=True)
    )
    if not _is_one_file(given):
        return a, b
    return _called(a, people[0], columns[0]), _called(b, people[1], columns[1])


def _each(named: list[str] | None) -> tuple[str | None, str | None]:
    if not named:
        return None, None
    return named[0], named[-1]


def _called(recording: Recording, *named: str | None) -> Recording:
    """Return a recording that says which of its file's it is."""
    words = ", ".join([recording.name, *(each for each in named if each is not None)])
    return replace(recording, name=words)


def imported_hearts(
    pair: Pair, held: Sequence[Intervals | FileMarked]
) -> SessionSource:
    """Return the hearts of two recordings, with what both hold while both last.

    What a person said of the time between them is no clock, and stamps of a phone are
    as coarse as it wrote them: nothing is claimed then of how finely one heart's beats
    can be told from the other's, unless it is known how coarse they were.
    """
    a, b = pair.a, pair.b
    is_moved = pair.joined in {Joined.OFFSET, Joined.MARK, Joined.STARTS}
    name_b = moved_name(b.name, pair.moved_s) if is_moved else b.name
    return SessionSource(
        kind=Source.RECORDINGS,
        source=RecordedSource(held, _AT_ONCE),
        streams=(f"{a.name} ({a.kind})", f"{name_b} ({b.kind})"),
        common_clock=True,
        delays=pair.delays,
        seed=0,
        ends_with_source=True,
    )


def _there_already(
    folder: Path,
    opened: Opened,
    arrivals: Sequence[Intervals],
    marks: Sequence[FileMarked],
) -> str | None:
    """Return the session that holds these very heartbeats and marks, if there is one.

    It is looked for by what it holds, not by the files' names.
    """
    wanted = _beats_of(arrivals)
    for listed in list_sessions(folder):
        is_alike = (
            listed.opened is not None
            and listed.opened.couple.source is Source.RECORDINGS
            and listed.opened.practice.plan_toml == opened.practice.plan_toml
            and listed.state is State.WHOLE
        )
        if not is_alike:
            continue
        facts = _facts_in(listed.path)
        has_marks = {each for each in facts if isinstance(each, FileMarked)}
        if has_marks == set(marks) and _beats_of(_heard(facts)) == wanted:
            return listed.session_id
    return None


def _of_the_same_beats(folder: Path, arrivals: Sequence[Intervals]) -> list[str]:
    """Return the sessions that hold beats of either recording, otherwise joined."""
    wanted = _prints_of(arrivals)
    return [
        listed.session_id
        for listed in list_sessions(folder)
        if listed.opened is not None
        and listed.opened.couple.source is Source.RECORDINGS
        and any(
            len(one & other) >= FEWEST_SHARED
            for one in _prints_of(_heard(_facts_in(listed.path)))
            for other in wanted
        )
    ]


def _prints_of(arrivals: Sequence[Intervals]) -> list[set[str]]:
    """Return by what each heart's beats are known again."""
    return [
        set(heart_print(np.array([rr for _, row in rows for rr in row])).split())
        for rows in _beats_of(arrivals).values()
    ]


def _facts_in(path: Path) -> list[Logged]:
    try:
        return [each.fact for each in read_session(path).events]
    except CoregError:
        return []  # whatever it held, it is not there to be opened


def _heard(facts: Sequence[Logged]) -> list[Intervals]:
    return [each for each in facts if isinstance(each, Intervals)]


def _beats_of(arrivals: Sequence[Intervals]) -> dict[Partner, list[_Arrived]]:
    found: dict[Partner, list[_Arrived]] = {partner: [] for partner in Partner}
    for each in arrivals:
        found[each.partner].append((each.t_ns, each.rr_ms))
    return found


def _told(pair: Pair, session_id: str, length_s: float) -> list[str]:
    """Return what was imported, how, what is to be known of it, and what comes next."""
    a, b = pair.a, pair.b
    return [
        word(
            "terminal.import.done",
            session=session_id,
            length=short_length(length_s),
            a=a.name,
            length_a=_length(a),
            b=b.name,
            length_b=_length(b),
        ),
        word(
            f"terminal.import.joined.{_how(pair)}",
            b=b.name,
            by_s=f"{pair.moved_s:+.3f}".rstrip("0").rstrip("."),
            finest=number(pair.delays.lag_resolution_s, 1),
            straps=number(UNKNOWN_STRAPS.lag_resolution_s, 1),
            off=number(
                pair.delays.lag_resolution_s - UNKNOWN_STRAPS.lag_resolution_s, 1
            ),
        ),
        *(
            word("terminal.import.no-times", name=each.name)
            for each in (a, b)
            if not each.has_times
        ),
        *(
            word("terminal.import.remark", name=each.name, remark=line)
            for each in (a, b)
            for line in _remark_lines(each)
        ),
    ]


def _how(pair: Pair) -> str:
    """Return which words say how the clocks became one, and how finely."""
    is_unknown = math.isnan(pair.delays.lag_resolution_s)
    if pair.joined is Joined.STARTS and is_unknown:
        return "starts-untimed"
    return str(pair.joined)


def _marks_told(pair: Pair, kept: Sequence[FileMarked], asked: str) -> list[str]:
    """Return how many marks each file holds, and what became of them."""
    lines: list[str] = []
    for partner, recording in ((Partner.A, pair.a), (Partner.B, pair.b)):
        name, marks = recording.name, recording.file_marks
        if marks.unread:
            said = {"name": name, "file": marks.unread}
            lines.append(word("terminal.import.marks.unread", **said))
            continue
        if not marks.seen:
            lines.append(word("terminal.import.marks.none", name=name))
            continue
        if asked == LEAVE:
            lines.append(word("terminal.import.marks.left", name=name, n=marks.seen))
            continue
        held = sum(each.partner is partner for each in kept)
        lines.append(word("terminal.import.marks.kept", name=name, n=held))
        apart = {
            "outside": len(marks.kept) - held,
            "too-many": marks.too_many,
            "untimed": marks.untimed,
            "shortened": marks.shortened,
        }
        lines += [
            word(f"terminal.import.marks.{why}", name=name, n=n)
            for why, n in apart.items()
            if n
        ]
    return lines


def _remark_lines(of: Recording) -> list[str]:
    """Return what was met in a file; a session keeps no marks of a file's own."""
    lines: list[str] = []
    for each in of.remarks:
        about = of.details.get(each, {})
        kept = Remark.MARKS_UNUSED if each is Remark.MARKS_USED else each
        lines += remark_lines([kept.value], {kept.value: about})
    return lines


def _length(recording: Recording) -> str:
    arrivals_s = recording.arrivals_s
    return short_length(arrivals_s[-1] - arrivals_s[0])


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
