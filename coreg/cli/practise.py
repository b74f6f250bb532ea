"""`coreg practice`: one session, from its source to its pages."""

import argparse
import asyncio
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from coreg.base import clock
from coreg.cli.common import (
    Commands,
    add_command,
    make_out_folder,
    minutes,
    speed,
    whole,
)
from coreg.cli.home import Opening, add_page_options, open_pages
from coreg.cli.pace_options import (
    add_pace_options,
    pace_chosen,
    refuse_idle_pace,
    with_pace,
)
from coreg.cli.progress import Progress
from coreg.cli.remembered import EarlierEvenings
from coreg.cli.strap_hearts import strap_hearts
from coreg.errors import CoregError
from coreg.exercises.plan import breathing_for_taps_min, parse_plan
from coreg.facts.events import Input, Opened, Press
from coreg.facts.opened import PracticeChosen
from coreg.report.page_format import PageFormat, Wanted, Whose
from coreg.session.companion import Learned
from coreg.session.couple_shelf import USUAL
from coreg.session.engine import Output
from coreg.session.live import HeartSource, Listener, Presses, practise
from coreg.session.opening import identity, opening
from coreg.session.sources import SessionSource, recorded_hearts, simulated_hearts
from coreg.store.folder import data_folder, data_location, library_lock
from coreg.store.library import (
    copy_session,
    find_session,
    session_path,
)
from coreg.store.plans import read_plan
from coreg.store.session_log import SessionLog
from coreg.web.evening.state import Chosen
from coreg.web.server.practice_catalogue import PracticeCatalogue

MAIN_PRACTICE = "relaxed-and-alert"
INTERRUPTED = 130
ENDED_BY_FAULT = (
    "A fault in coreg, shown above, ended this practice. Everything up to then is "
    "recorded; see: coreg check {}"
)
CONSENT_BY_CALLER = "taken as given by whoever started this headless session"


def add_commands(commands: Commands) -> None:
    """Add `practice`."""
    command = add_command(
        commands,
        "practice",
        run,
        does="run one practice",
        example="coreg practice --simulate --find-pace --headless --speed 60 --out out",
    )
    command.add_argument(
        "practice",
        nargs="?",
        default=MAIN_PRACTICE,
        help=f"a practice's name or a plan file (default: {MAIN_PRACTICE})",
    )
    source = command.add_mutually_exclusive_group()
    source.add_argument(
        "--straps",
        nargs=2,
        metavar=("A", "B"),
        help="how the addresses or names of A's and B's straps end (default: the only "
        "two on the air)",
    )
    source.add_argument(
        "--simulate", action="store_true", help="practise with a simulated couple"
    )
    source.add_argument(
        "--replay",
        nargs="+",
        metavar="FILE",
        help="two recordings as straps, or one earlier session for both",
    )
    command.add_argument(
        "--seed", type=whole, default=1, help="which simulated couple (default: 1)"
    )
    command.add_argument(
        "--couple",
        metavar="COUPLE",
        help="which simulated people: a name or a file, as of coreg simulate "
        f"(default: {USUAL})",
    )
    command.add_argument(
        "--speed",
        type=speed,
        default=1.0,
        help="how many times faster than life; the result is the same (default: 1)",
    )
    command.add_argument("--minutes", type=minutes, help="length of breathing together")
    add_pace_options(command)
    command.add_argument(
        "--taps",
        action="store_true",
        help="experimental, for research, off by default: while you breathe, a soft "
        "glint now and then, answered by key F (left) and J (right), says how awake "
        "each is; a usual evening breathes 12 minutes where --minutes does not say",
    )
    command.add_argument(
        "--headless",
        action="store_true",
        help="without pages; steps go on by themselves",
    )
    add_page_options(command)
    command.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="copy the session file there, with its report as PDF and HTML",
    )


def run(given: argparse.Namespace) -> int:
    """Run one practice and write its pages."""
    text, plan = read_plan(given.practice, lambda text: (text, parse_plan(text)))
    refuse_idle_pace(given, plan)
    _refuse_idle_couple(given)
    if given.out is not None:
        make_out_folder(given.out)
    if not given.headless:
        return _run_with_pages(given, PracticeCatalogue(text), plan.name)
    folder = data_folder(given.data_dir)
    with library_lock(folder):
        text = with_pace(given, text)
        kept = asyncio.run(_session(given, folder, text, _hearts(given)))
        drawn = _write_out(given, kept.session_id, kept.path)
    return _status(kept) or drawn


def _refuse_idle_couple(given: argparse.Namespace) -> None:
    """Refuse simulated people where other hearts were asked for."""
    if given.couple is None or given.simulate:
        return
    real = "recordings are played" if given.replay else "straps are worn"
    instead = "in place of --replay " if given.replay else ""
    raise CoregError(
        f"--couple {given.couple} names simulated people, but {real} here.",
        f"Give --simulate {instead}to practise with them, or leave --couple out.",
    )


def _hearts(given: argparse.Namespace) -> AbstractAsyncContextManager[SessionSource]:
    """Return the hearts that were asked for, to be entered for the session."""
    if (hearts := _not_real(given)) is not None:
        return nullcontext(hearts)
    return strap_hearts(given.straps or (), data_location(given.data_dir))


def _not_real(given: argparse.Namespace) -> SessionSource | None:
    """Return simulated or recorded hearts; None where straps were asked for."""
    if given.simulate:
        couple = given.couple or USUAL
        return simulated_hearts(seed=given.seed, speed=given.speed, couple=couple)
    if given.replay:
        files = given.replay
        if len(files) == 1 and not Path(files[0]).is_file():
            files = [str(find_session(data_location(given.data_dir), files[0]))]
        return recorded_hearts(files, speed=given.speed)
    return None


async def _session(
    given: argparse.Namespace,
    folder: Path,
    text: str,
    opening: AbstractAsyncContextManager[SessionSource],
) -> "_Kept":
    async with opening as hearts:
        memory = EarlierEvenings(folder=folder)
        opened = _opened(given, hearts, text)
        opened = memory.given_to(opened)
        kept = await _practise(folder, opened, hearts)
        memory.keep(opened, kept.learned)
        return kept


def _run_with_pages(
    given: argparse.Namespace, catalogue: PracticeCatalogue, name: str
) -> int:
    """Open the pages with this practice, and write what was recorded.

    Recordings and the simulated couple are found practising; real people find Home,
    for each of them is asked first.
    """
    chosen = Chosen(
        practice=name,
        minutes=given.minutes or 0.0,
        length=None,
        without_breathing=False,
    )
    opening = Opening(
        data_dir=given.data_dir,
        catalogue=catalogue,
        straight_to=_not_real(given),
        chosen=chosen,
        pace=pace_chosen(given),
        straps=tuple(given.straps or ()),
        speed=given.speed,
        port=given.port,
        in_browser=not given.no_browser,
        taps=given.taps,
    )
    for path in open_pages(opening):
        if path.exists():  # it may have been erased meanwhile
            _write_out(given, path.stem, path)
    return INTERRUPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What came of a session."""

    session_id: str
    path: Path
    trouble: str | None
    interrupted: bool
    learned: Learned


def _opened(given: argparse.Namespace, hearts: SessionSource, text: str) -> Opened:
    return opening(
        identity(clock.utc_now(), secrets.token_hex(2), consent=CONSENT_BY_CALLER),
        hearts,
        PracticeChosen(
            plan_toml=text,
            ends_with_source=hearts.ends_with_source,
            breathing_min=_breathing_min(given, text),
            steps_wait=False,
            taps=given.taps,
            finds_pace=given.find_pace,
        ),
    )


def _breathing_min(given: argparse.Namespace, text: str) -> float:
    """Return for how long to breathe; 0 leaves the plan's own minutes."""
    if given.minutes or not given.taps:
        return given.minutes or 0.0
    return breathing_for_taps_min(parse_plan(text))


async def _practise(folder: Path, opened: Opened, hearts: SessionSource) -> _Kept:
    """Run the session; whatever happens, its log is closed."""
    path = session_path(folder, opened.identity.session_id)
    progress, presses = Progress(), Presses()
    log = SessionLog.create(path, opened)
    watch = _TroubleWatch(log, progress)
    try:
        interrupted, learned = await _until_ended(
            opened, hearts.source, log, presses, [progress, watch]
        )
    except Exception as fault:
        # A bug keeps its traceback; this stands below it.
        fault.add_note(ENDED_BY_FAULT.format(opened.identity.session_id))
        raise
    finally:
        log.close()
        progress.done()
    watch.look()
    return _Kept(
        session_id=opened.identity.session_id,
        path=path,
        trouble=log.trouble,
        interrupted=interrupted,
        learned=learned,
    )


async def _until_ended(
    opened: Opened,
    source: HeartSource,
    log: SessionLog,
    presses: Presses,
    listeners: list[Listener],
) -> tuple[bool, Learned]:
    """Practise; Ctrl-C finishes the session early and in order. Return if it did."""
    interrupted = False

    def finish() -> None:
        nonlocal interrupted
        if interrupted:
            raise KeyboardInterrupt
        interrupted = True
        presses.press(Press.FINISH)

    with _on_interrupt(finish):
        learned = await practise(opened, source, log, presses, listeners)
    return interrupted, learned


@contextmanager
def _on_interrupt(do: Callable[[], None]) -> Iterator[None]:
    before = {
        number: signal.signal(number, lambda *_: do())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _TroubleWatch:
    """A listener that says once that recording stopped, and once that it goes on."""

    def __init__(self, log: SessionLog, progress: Progress) -> None:
        self._log = log
        self._progress = progress
        self._in_trouble = False

    def __call__(self, _given: Input, _outputs: list[Output]) -> None:
        self.look()

    def look(self) -> None:
        if (self._log.trouble is not None) is self._in_trouble:
            return
        self._in_trouble = not self._in_trouble
        if self._in_trouble:
            self._progress.say(f"{self._log.trouble} The practice goes on.")
        else:
            self._progress.say("There is room again: everything is recorded.")


def _write_out(given: argparse.Namespace, session_id: str, kept: Path) -> int:
    print(session_id)
    if given.out is None:
        return 0
    # Drawing takes a second to load: the practice does not wait for it.
    from coreg.cli.drawn_pages import draw_pages  # noqa: PLC0415

    copy_session(kept, given.out / kept.name)
    wanted = Wanted(
        pages=(Whose.THERAPIST,),
        formats=(PageFormat.PDF, PageFormat.HTML),
        data_folder=data_location(given.data_dir),
        left_out=frozenset(),
        zone=clock.HERE,
    )
    print(given.out / kept.name)
    return draw_pages(kept, given.out, wanted)


def _status(kept: _Kept) -> int:
    if kept.trouble is not None:
        print(
            f"coreg: {kept.trouble} Make room; then see: coreg check {kept.session_id}",
            file=sys.stderr,
        )
        return 1
    return INTERRUPTED if kept.interrupted else 0
