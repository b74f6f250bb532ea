"""`coreg` by itself: the program starts and its pages open in the browser."""

import argparse
import asyncio
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from coreg.cli.common import above_zero, whole
from coreg.facts.events import Source
from coreg.sensors.straps.radio import Radio
from coreg.session.sources import SessionSource, simulated_hearts
from coreg.store.folder import data_folder, library_lock
from coreg.web.evening.state import Chosen, PaceChosen
from coreg.web.server.app import listen, serve
from coreg.web.server.door import page_secret
from coreg.web.server.evening_service import EveningService
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.strap_scanner import StrapScanner

# Options that stand before any command; named apart from the commands' own, or those
# would silently take their place.
_OPTIONS = ("simulate", "seed", "speed", "no_browser", "port")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How pages are opened.

    With `straight_to` the first page finds those hearts practising what is `chosen`;
    without, it finds Home. `straps` are how the addresses or names of A's and B's
    straps end, where the couple named them. `taps` gives glints, to be answered, as the
    setting does.
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


def add_options(top: argparse.ArgumentParser) -> None:
    """Add what `coreg` takes where no command is named."""
    top.set_defaults(run=run)
    top.add_argument(
        "--simulate",
        dest="home_simulate",
        action="store_true",
        help="go straight to a practice with a simulated couple",
    )
    top.add_argument(
        "--seed",
        dest="home_seed",
        type=whole,
        metavar="SEED",
        help="which simulated couple (default: 1)",
    )
    top.add_argument(
        "--speed",
        dest="home_speed",
        type=above_zero,
        metavar="SPEED",
        help="how many times faster than life the simulated couple lives (default: 1)",
    )
    add_page_options(top, prefix="home_")
    top.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="where sessions are kept (else $COREG_DATA_DIR, else this user's data "
        "folder)",
    )


def add_page_options(command: argparse.ArgumentParser, *, prefix: str = "") -> None:
    """Add how pages are opened."""
    command.add_argument(
        "--no-browser",
        dest=f"{prefix}no_browser",
        action="store_true",
        help="print the address and leave opening it to you",
    )
    command.add_argument(
        "--port",
        dest=f"{prefix}port",
        type=_port,
        metavar="PORT",
        help="the pages' port on this computer; 0 takes a free one",
    )


def misplaced(given: argparse.Namespace) -> str:
    """Return an option that stands before a command and would be lost there."""
    if given.run is run:
        return ""
    for option in _OPTIONS:
        if getattr(given, f"home_{option}") not in {None, False}:
            return f"--{option.replace('_', '-')}"
    return ""


def _port(text: str) -> int:
    number = whole(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: they end at 65535")
    return number


def run(given: argparse.Namespace) -> int:
    """Open Home, or with --simulate a practice of the simulated couple."""
    seed = 1 if given.home_seed is None else given.home_seed
    speed = given.home_speed or 1.0
    hearts = simulated_hearts(seed=seed, speed=speed) if given.home_simulate else None
    opening = Opening(
        data_dir=given.data_dir,
        catalogue=PracticeCatalogue(),
        straight_to=hearts,
        chosen=None,
        pace=None,
        straps=(),
        speed=speed if hearts else 1.0,
        port=given.home_port,
        in_browser=not given.home_no_browser,
    )
    open_pages(opening)
    return 130  # only an interrupt ends it


def open_pages(opening: Opening) -> list[Path]:
    """Answer pages until Ctrl-C; return the sessions that were recorded meanwhile."""
    folder = data_folder(opening.data_dir)
    hearts = opening.straight_to
    with library_lock(folder):
        evening_store = EveningStore(folder)
        evening = evening_store.evening(
            opening.catalogue.names,
            source=hearts.kind if hearts else Source.STRAPS,
            seed=hearts.seed if hearts else 1,
            speed=opening.speed,
        )
        evening = replace(evening, taps=opening.taps or evening.taps)
        if opening.chosen is not None:
            evening = replace(evening, chosen=opening.chosen)
        if opening.pace is not None:
            evening = replace(evening, pace=opening.pace)
        at_home = StrapScanner(
            Radio(),
            folder,
            remembered=lambda: evening_store.worn,
            named=opening.straps,
        )
        service = EveningService(
            folder,
            evening_store=evening_store,
            evening=evening,
            at_home=at_home,
            catalogue=opening.catalogue,
            straight_to=hearts,
        )
        asyncio.run(_serve(service, at_home, page_secret(folder), opening))
    return service.recorded


async def _serve(
    service: EveningService, at_home: StrapScanner, secret: bytes, opening: Opening
) -> None:
    stop = asyncio.Event()
    with listen(opening.port) as listening, _interrupts(stop):
        async with at_home:
            await serve(
                service,
                listening,
                secret,
                opened=_say_and_open if opening.in_browser else _say,
                stop=stop,
            )


def _say(address: str) -> None:
    print(address, flush=True)
    print("Open this address, once, in a browser here. Ctrl-C ends.", file=sys.stderr)


def _say_and_open(address: str) -> None:
    print(address, flush=True)
    if webbrowser.open(address):
        print("The page opens in your browser. Ctrl-C ends.", file=sys.stderr)
    else:
        print("No browser was found: open this address. Ctrl-C ends.", file=sys.stderr)


@contextmanager
def _interrupts(stop: asyncio.Event) -> Iterator[None]:
    """Let the first Ctrl-C end things in order, and a second one at once."""
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(stop.set)

    before = {
        number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
