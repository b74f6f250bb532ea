"""`coreg` by itself: the program starts and its pages open in the browser."""

import argparse
import asyncio
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coreg.cli.common import above_zero, whole
from coreg.sources import Hearts, simulated_hearts
from coreg.store.folder import data_folder, library_lock
from coreg.web.auth import page_secret
from coreg.web.evening import Chosen, Evening
from coreg.web.hearts import NoStraps
from coreg.web.house import House
from coreg.web.keeper import Keeper
from coreg.web.messages import Wearing
from coreg.web.server import listen, serve
from coreg.web.shelf import Shelf

INTERRUPTED = 130


def add_options(top: argparse.ArgumentParser) -> None:
    """Add what `coreg` takes where no command is named."""
    top.set_defaults(run=run)
    add_page_options(top)
    top.add_argument(
        "--simulate",
        action="store_true",
        help="go straight to a practice with a simulated couple",
    )
    top.add_argument(
        "--seed", type=whole, default=1, help="which simulated couple (default: 1)"
    )
    top.add_argument(
        "--speed",
        type=above_zero,
        default=1.0,
        help="how many times faster than life the simulated couple lives (default: 1)",
    )
    top.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="where sessions are kept (else $COREG_DATA_DIR, else this user's data "
        "folder)",
    )


def add_page_options(command: argparse.ArgumentParser) -> None:
    """Add how pages are opened."""
    command.add_argument(
        "--no-browser",
        action="store_true",
        help="print the address and leave opening it to you",
    )
    command.add_argument(
        "--port",
        type=_port,
        help="the pages' port on this computer; 0 takes a free one",
    )


def _port(text: str) -> int:
    number = whole(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: they end at 65535")
    return number


def run(given: argparse.Namespace) -> int:
    """Open Home, or with --simulate a practice of the simulated couple."""
    hearts = None
    if given.simulate:
        hearts = simulated_hearts(seed=given.seed, speed=given.speed)
    return open_pages(given, Shelf(), hearts, chosen=None)


def open_pages(
    given: argparse.Namespace,
    shelf: Shelf,
    hearts: Hearts | None,
    chosen: Chosen | None,
) -> int:
    """Answer pages until Ctrl-C; with hearts, the first page finds them practising."""
    folder = data_folder(given.data_dir)
    with library_lock(folder):
        keeper = Keeper(folder)
        source = Wearing.STRAPS if hearts is None else Wearing.SIMULATED
        evening = keeper.evening(
            shelf.names, source=source, seed=given.seed, speed=given.speed
        )
        house = House(folder, keeper, _with(evening, chosen), NoStraps(), shelf, hearts)
        asyncio.run(_serve(house, page_secret(folder), given))
    return INTERRUPTED


def _with(evening: Evening, chosen: Chosen | None) -> Evening:
    return evening if chosen is None else evening.choosing(chosen)


async def _serve(house: House, secret: bytes, given: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with listen(given.port) as listening, _interrupts(loop, stop):
        await serve(
            house,
            listening,
            secret,
            opened=_say_only if given.no_browser else _say_and_open,
            stop=stop,
        )


def _say_only(address: str) -> None:
    print(address, flush=True)
    print("Open this address, once, in a browser here. Ctrl-C ends.", file=sys.stderr)


def _say_and_open(address: str) -> None:
    print(address, flush=True)
    if webbrowser.open(address):
        print("The page opens in your browser. Ctrl-C ends.", file=sys.stderr)
    else:
        print("No browser was found: open this address. Ctrl-C ends.", file=sys.stderr)


@contextmanager
def _interrupts(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> Iterator[None]:
    """Let the first Ctrl-C end things in order, and a second one at once."""

    def end(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        loop.call_soon_threadsafe(_wake)

    before = {
        number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wake() -> None:
    """Do nothing: the loop looks again at what has been set."""
