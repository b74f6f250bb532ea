"""`coreg` by itself: the program starts and its pages open in the browser."""

import argparse
import asyncio
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from coreg.cli.common import say, tell
from coreg.cli.interrupts import interrupts
from coreg.cli.launch_file import LaunchFile, launch_file
from coreg.facts.events import Partner, Source
from coreg.sensors.straps.radio import Radio
from coreg.session.plan_shelf import OwnPlans, own_plans
from coreg.session.sources import SessionSource, simulated_hearts
from coreg.store.clinic.book import Book, close_clinic, is_clinic
from coreg.store.clinic.records import Couple
from coreg.store.folder import data_folder, data_location, library_lock
from coreg.web.evening.state import Chosen, PaceChosen
from coreg.web.server.app import serve
from coreg.web.server.console import Notebook
from coreg.web.server.evening_service import EveningService
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.guests import Guests
from coreg.web.server.hall import Hall
from coreg.web.server.lan import House
from coreg.web.server.launching import listen
from coreg.web.server.left_alone import ended_by_pages
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.reception import Reception
from coreg.web.server.strap_scanner import StrapScanner
from coreg.web.wire.named import Seat
from coreg.words import say as word


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How pages are opened.

    With `straight_to` the first page finds those hearts practising what is `chosen`;
    without, it finds Home. `straps` are how the addresses or names of A's and B's
    straps end, where the couple named them. `taps` gives glints, to be answered, as the
    setting does. `with_therapist`: one is in the room, and opens what therapists open;
    `notebook` is where that one's marks and notes go. `lan` lets phones of the house in
    from the start; the pages do so later, too.
    `as_app` says that there is no terminal to end it from. `front` is the seat that the
    link leads to.
    """

    data_dir: Path | None
    catalogue: PracticeCatalogue
    straight_to: SessionSource | None
    chosen: Chosen | None
    pace: PaceChosen | None
    straps: tuple[str, ...]
    speed: float
    port: int | None
    in_browser: bool
    taps: bool = False
    with_therapist: bool = False
    lan: bool = False
    notebook: Notebook | None = None
    as_app: bool = False
    front: Seat = Seat.BOTH


def run(given: argparse.Namespace) -> int:
    """Open Home, or with --simulate a practice of the simulated couple."""
    seed = 1 if given.home_seed is None else given.home_seed
    speed = given.home_speed or 1.0
    hearts = simulated_hearts(seed=seed, speed=speed) if given.home_simulate else None
    opening = Opening(
        data_dir=given.data_dir,
        catalogue=PracticeCatalogue(own=own_at_home(given.data_dir)),
        straight_to=hearts,
        chosen=None,
        pace=None,
        straps=(),
        speed=speed if hearts else 1.0,
        port=given.home_port,
        in_browser=not given.home_no_browser,
        lan=given.home_lan,
        as_app=given.home_app,
    )
    open_pages(opening)
    return 0 if given.home_app else 130  # where only an interrupt ends it


def own_at_home(data_dir: Path | None) -> OwnPlans:
    """Return the practices in the data folder; each that cannot be used is named."""
    own = own_plans(data_location(data_dir))
    for each in own.left_out:
        tell(word("terminal.practices.left-out-until", wrong=each.wrong, do=each.do))
    return own


def open_pages(opening: Opening) -> list[Path]:
    """Answer pages until Ctrl-C; return the sessions that were recorded meanwhile.

    As an app, until a page quits, or all were closed some minutes ago.
    """
    folder = data_folder(opening.data_dir)
    with library_lock(folder):
        worn = _WornLast()
        at_home = StrapScanner(
            Radio(), folder, remembered=worn.straps, named=opening.straps
        )
        begin = partial(_evening, folder, opening, at_home, worn)
        hall = Hall(folder, begin, front=opening.front)
        if not opening.with_therapist:
            hall.for_therapists = partial(begin_clinic, opening.data_dir)
        with launch_file(folder) as file:
            asyncio.run(_serve(hall, at_home, file, opening))
    return hall.recorded


def begin_clinic(data_dir: Path | None) -> None:
    """Begin a therapist's own program, which opens its pages and ends by itself."""
    subprocess.Popen(  # noqa: S603 - this program itself, in the folder it was given
        clinic_command(data_dir),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C here is not meant for it
    )


def clinic_command(data_dir: Path | None) -> list[str]:
    """Return what begins it: this Python, or a bundle, which is a program itself."""
    program = [sys.executable]
    if not getattr(sys, "frozen", False):
        program += ["-m", "coreg"]
    where = [] if data_dir is None else ["--data-dir", str(data_dir.absolute())]
    return [*program, "clinic", "--app", *where]


def open_clinic_pages(
    opening: Opening,
    book: Book,
    passphrase: str,
    of_couple: Callable[[Couple, Path], Opening],
) -> None:
    """Answer a therapist's pages until Ctrl-C: the couples, and evenings with each.

    Without a passphrase a page asks for it first, or has it chosen.
    """
    worn = _WornLast()
    at_home = StrapScanner(Radio(), book.clinic, remembered=worn.straps, named=())

    def begin(couple: Couple, folder: Path) -> EveningService:
        worn.store = None  # made-up hearts are gone straight to with each of them
        return _evening(folder, of_couple(couple, folder), at_home, worn)

    if not is_clinic(book.clinic):
        data_folder(book.clinic)  # for what is kept of pages, until a page sets it up
    with library_lock(book.clinic), launch_file(book.clinic) as file:
        hall = Reception(book, begin, passphrase)
        try:
            asyncio.run(_serve(hall, at_home, file, opening))
        finally:
            close_clinic(book.clinic)


class _WornLast:
    """Who wore which strap last, as far as anybody may know it yet."""

    def __init__(self) -> None:
        self.store: EveningStore | None = None

    def straps(self) -> dict[str, Partner]:
        """Return who wore which, by the strap's stable identity."""
        return self.store.worn if self.store is not None else {}


def _evening(
    folder: Path, opening: Opening, at_home: StrapScanner, worn: _WornLast
) -> EveningService:
    """Begin an evening in a folder that lies open, with what is remembered there."""
    # Hearts that are gone straight to come once: not again after a lock.
    hearts = opening.straight_to if worn.store is None else None
    evening_store = worn.store = EveningStore(folder)
    catalogue = opening.catalogue
    evening = evening_store.evening(
        catalogue.names_with_therapist if opening.with_therapist else catalogue.names,
        source=hearts.kind if hearts else Source.STRAPS,
        seed=hearts.seed if hearts else 1,
        speed=opening.speed,
    )
    evening = replace(
        evening,
        taps=opening.taps or evening.taps,
        with_therapist=opening.with_therapist,
        may_quit=opening.as_app,
    )
    if opening.chosen is not None:
        evening = replace(evening, chosen=opening.chosen)
    if opening.pace is not None:
        evening = replace(evening, pace=opening.pace)
    service = EveningService(
        folder,
        evening_store=evening_store,
        evening=evening,
        at_home=at_home,
        catalogue=opening.catalogue,
        straight_to=hearts,
    )
    if opening.notebook is not None:
        service.open_notebook(opening.notebook)
    return service


async def _serve(
    hall: Hall, at_home: StrapScanner, file: LaunchFile, opening: Opening
) -> None:
    stop = asyncio.Event()
    say_link = _say_and_open if opening.in_browser else _say
    with listen(opening.port) as listening, interrupts(stop):
        ending = ended_by_pages(hall, stop) if opening.as_app else nullcontext()
        async with at_home, ending:
            await serve(
                hall,
                listening,
                opened=partial(say_link, file),
                guests=Guests(hall.folder, front=opening.front),
                linked=file.keep,
                stop=stop,
                house=House(port=opening.port, is_on=opening.lan, began=_say_phones),
            )


def _say_phones(trouble: str) -> None:
    """Say how phones come in, or why they do not."""
    tell(trouble or word("terminal.pages.phones"))


def _say(file: LaunchFile, link: str) -> None:
    say(link)
    _tell("open", file)


def _say_and_open(file: LaunchFile, link: str) -> None:
    """Open the file that leads to the link, as anybody may read a command line.

    Apart: a browser that takes its time, or runs in this terminal, holds up no page.
    """
    say(link)
    threading.Thread(
        target=_open, args=(file,), name="opening the browser", daemon=True
    ).start()


def _open(file: LaunchFile) -> None:
    if not (file.is_kept and webbrowser.open(file.url)):
        _tell("no-browser", file)
    else:
        _tell("opens", file)


def _tell(how: str, file: LaunchFile) -> None:
    words = word(f"terminal.pages.{how}")
    if file.is_kept:
        tell(word("terminal.pages.again-or-ends", words=words, file=file.path))
    else:
        tell(word("terminal.pages.ends", words=words))
