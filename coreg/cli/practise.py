"""`coreg practice`: one session, from its source to its pages."""

import argparse
import asyncio
import secrets
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from coreg.base import clock
from coreg.cli.ant import hearts_over_ant
from coreg.cli.common import make_out_folder, say, tell
from coreg.cli.home import Opening, open_pages, own_at_home
from coreg.cli.lsl import hearts_over_lsl, sent_over_lsl
from coreg.cli.pace_options import pace_chosen, refuse_idle_pace, with_pace
from coreg.cli.progress import Progress
from coreg.cli.remembered import EarlierEvenings, finish_erasing_in
from coreg.cli.strap_hearts import strap_hearts
from coreg.cli.unfinished import say_what_broke_off, to_go_on_with
from coreg.cli.unlocking import finish_locking, open_folder
from coreg.errors import CoregError
from coreg.exercises.plan import Plan, Straps, breathing_for_taps_min, parse_plan
from coreg.facts.both import Both
from coreg.facts.events import Input, Opened, Press, Stream
from coreg.facts.opened import PracticeChosen
from coreg.report.page_format import PageFormat, Whose
from coreg.report.wanted import Wanted
from coreg.session.broken_off import BrokenOff
from coreg.session.companion import Learned
from coreg.session.couple_shelf import USUAL
from coreg.session.engine import Output
from coreg.session.going_on import further
from coreg.session.live import Listener, Presses, practise
from coreg.session.opening import identity, opening
from coreg.session.plan_shelf import found_plan
from coreg.session.sources import (
    SessionSource,
    recorded_hearts,
    simulated_hearts,
)
from coreg.store.folder import data_folder, data_location, library_lock
from coreg.store.library import copy_session, find_session, session_path
from coreg.store.reader import read_session
from coreg.store.session_log import SessionLog
from coreg.web.evening.state import Chosen
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.words import in_words, say as word, wrong_and_do

INTERRUPTED = 130
Run = Callable[[list[Listener]], Awaitable[Learned]]
"""Runs a session that has its log, with these listeners."""
CONSENT_BY_CALLER = "given by whoever ran this command"


def run(given: argparse.Namespace) -> int:
    """Run one practice and write its pages."""
    if given.go_on:
        return run_further(given)
    found = found_plan(given.practice, data_location(given.data_dir))
    text, plan = found.text, found.plan
    refuse_idle_pace(given, plan)
    _refuse_idle_couple(given)
    _refuse_what_has_no_hearts(given, plan)
    _refuse_what_sees_no_breath(given, plan)
    if given.out is not None:
        make_out_folder(given.out)
    if given.headless or given.replay:
        open_folder(data_location(given.data_dir))
    if not given.headless:
        catalogue = PracticeCatalogue(text, own_at_home(given.data_dir))
        return _run_with_pages(given, catalogue, plan)
    folder = data_folder(given.data_dir)
    with library_lock(folder):
        finish_locking(folder)
        finish_erasing_in(folder)
        if not (given.simulate or given.replay):
            say_what_broke_off(folder)
        text = with_pace(given, text)
        kept = asyncio.run(_session(given, folder, text, _hearts(given, plan)))
        drawn = _write_out(given, kept.session_id, kept.path)
    return _status(kept) or drawn


def _refuse_idle_couple(given: argparse.Namespace) -> None:
    """Refuse simulated people where other hearts were asked for."""
    if given.couple is None or given.simulate:
        return
    real = "recordings" if given.replay else "straps"
    told = wrong_and_do(f"terminal.couple-with-{real}", couple=given.couple)
    raise CoregError(*told)


def _refuse_what_has_no_hearts(given: argparse.Namespace, plan: Plan) -> None:
    """Refuse to record two people who do what is for right now."""
    is_real = not (given.simulate or given.replay)
    if given.headless and is_real and plan.straps is Straps.NONE:
        title = in_words(plan.title)
        raise CoregError(*wrong_and_do("terminal.no-straps-headless", title=title))


def _refuse_what_sees_no_breath(given: argparse.Namespace, plan: Plan) -> None:
    """Refuse a light that is to follow breaths which nothing measures."""
    is_seen = given.simulate or Stream.ACCELERATION in given.measure
    if plan.follows_breaths and given.headless and not is_seen:
        title = in_words(plan.title)
        raise CoregError(*wrong_and_do("terminal.no-breaths-headless", title=title))


def _hearts(
    given: argparse.Namespace, plan: Plan
) -> AbstractAsyncContextManager[SessionSource]:
    """Return the hearts that were asked for, to be entered for the session."""
    if (hearts := _not_real(given, plan)) is not None:
        return nullcontext(hearts)
    if given.lsl:
        return hearts_over_lsl(given.lsl)
    if given.ant:
        return hearts_over_ant(given.ant)
    return strap_hearts(
        given.straps or (),
        data_location(given.data_dir),
        streams=frozenset(map(Stream, given.measure)),
        sets_clocks=given.set_clocks,
    )


def _not_real(given: argparse.Namespace, plan: Plan) -> SessionSource | None:
    """Return simulated or recorded hearts; None where straps were asked for."""
    if given.simulate:
        couple = given.couple or USUAL
        return simulated_hearts(
            seed=_seed(given),
            speed=given.speed or 1.0,
            couple=couple,
            measured=Both(plan.measured_of_each, plan.measured_of_each),
        )
    if given.replay:
        files = given.replay
        if len(files) == 1 and not Path(files[0]).is_file():
            files = [str(find_session(data_location(given.data_dir), files[0]))]
        return recorded_hearts(files, speed=given.speed or 1.0)
    return None


def _seed(given: argparse.Namespace) -> int:
    return 1 if given.seed is None else given.seed


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
        measured = frozenset(map(Stream, given.measure))
        with sent_over_lsl(given.lsl_out, opened, measured) as sending:
            kept = await _practise(folder, opened, hearts, sending)
        memory.keep(opened, kept.learned)
        return kept


def run_further(given: argparse.Namespace) -> int:
    """Go on with the practice that broke off, and write its pages."""
    if not given.headless:
        raise CoregError(*wrong_and_do("terminal.go-on.headless"))
    if given.simulate or given.replay:
        raise CoregError(*wrong_and_do("terminal.go-on.straps"))
    if given.out is not None:
        make_out_folder(given.out)
    open_folder(data_location(given.data_dir))
    folder = data_folder(given.data_dir)
    with library_lock(folder):
        finish_locking(folder)
        finish_erasing_in(folder)
        found = to_go_on_with(folder)
        streams = frozenset(map(Stream, given.measure))
        hearts = strap_hearts(given.straps or (), folder, streams=streams)
        kept = asyncio.run(_further(folder, found, hearts))
        drawn = _write_out(given, kept.session_id, kept.path)
    return _status(kept) or drawn


async def _further(
    folder: Path,
    found: BrokenOff,
    entering: AbstractAsyncContextManager[SessionSource],
) -> "_Kept":
    async with entering as hearts:
        gone = further(
            read_session(found.path).events,
            hearts,
            utc=clock.utc_now(),
            monotonic_ns=clock.monotonic_ns(),
        )
        presses = Presses()
        presses.press(Press.RESUME)  # nobody is here to hold two buttons
        log = SessionLog.reopen(found.path)
        kept = await _recorded(
            found.session_id,
            log,
            lambda listeners: gone.run(log, presses, listeners),
            presses,
        )
        EarlierEvenings(folder=folder).keep(gone.opened, kept.learned)
        return kept


def _run_with_pages(
    given: argparse.Namespace, catalogue: PracticeCatalogue, plan: Plan
) -> int:
    """Open the pages with this practice, and write what was recorded.

    Recordings and the simulated couple are found practising; real people find Home,
    for each of them is asked first.
    """
    chosen = Chosen(
        practice=plan.name,
        minutes=given.minutes or 0.0,
        length=None,
        without_breathing=False,
    )
    opening = Opening(
        data_dir=given.data_dir,
        catalogue=catalogue,
        straight_to=_not_real(given, plan),
        chosen=chosen,
        pace=pace_chosen(given),
        straps=tuple(given.straps or ()),
        speed=given.speed or 1.0,
        port=given.port,
        in_browser=not given.no_browser,
        taps=given.taps,
        lan=given.lan,
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


async def _practise(
    folder: Path, opened: Opened, hearts: SessionSource, more: list[Listener]
) -> _Kept:
    session_id, presses = opened.identity.session_id, Presses()
    log = SessionLog.create(session_path(folder, session_id), opened)
    return await _recorded(
        session_id,
        log,
        lambda listeners: practise(
            opened, hearts.source, log, presses, [*listeners, *more]
        ),
        presses,
    )


async def _recorded(
    session_id: str, log: SessionLog, run: Run, presses: Presses
) -> _Kept:
    """Run the session; whatever happens, its log is closed."""
    progress = Progress()
    watch = _TroubleWatch(log, progress)
    try:
        interrupted, learned = await _until_ended(run, presses, [progress, watch])
    except Exception as fault:
        # A bug keeps its traceback; this stands below it.
        fault.add_note(word("terminal.ended-by-fault", session=session_id))
        raise
    finally:
        log.close()
        progress.done()
    watch.look()
    return _Kept(
        session_id=session_id,
        path=log.path,
        trouble=log.trouble,
        interrupted=interrupted,
        learned=learned,
    )


async def _until_ended(
    run: Run, presses: Presses, listeners: list[Listener]
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
        learned = await run(listeners)
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
            why = self._log.trouble or ""
            self._progress.say(word("terminal.practice-goes-on", why=why))
        else:
            self._progress.say(word("terminal.recording-resumed"))


def _write_out(given: argparse.Namespace, session_id: str, kept: Path) -> int:
    say(session_id)
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
    say(str(given.out / kept.name))
    return draw_pages(kept, given.out, wanted)


def _status(kept: _Kept) -> int:
    if kept.trouble is not None:
        tell(word("terminal.then-check", why=kept.trouble, session=kept.session_id))
        return 1
    return INTERRUPTED if kept.interrupted else 0
