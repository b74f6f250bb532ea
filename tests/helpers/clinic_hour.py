"""The beginning of a therapy hour, as it is on the day: `coreg clinic`, and a couple.

The program is one of its own, at a terminal at which its passphrase is typed. The
straps are worn on a fake BlueZ of a private bus, and the pages are in a browser. What
two people and their therapist press is counted by the pages themselves.
"""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coreg.base import clock
from coreg.facts.both import Both
from coreg.facts.events import NS_PER_S, Partner
from coreg.store.clinic.book import Book, close_clinic, set_up
from coreg.store.passcode import Cost
from coreg.testing.fake_bluez.bench import strap_a, strap_b
from coreg.web.evening.effects import (
    KeepConsent,
    KeepNames,
    KeepPractised,
    KeepWorn,
)
from coreg.web.evening.state import Agreed
from coreg.web.server.evening_store import EveningStore
from tests.helpers.evening_server import LATE_S
from tests.helpers.pages import heading, look_until, press, shown
from tests.helpers.two_people import PASSCODES

ROOT = Path(__file__).resolve().parents[2]
WORDS = "four words I remember"
ADA_AND_BEN = Both("Ada", "Ben")
BEFORE = (("Eve", "Gus"), ("Ida", "Tom"), ("Kim", "Lou"))  # others who come here
LINK = re.compile(r"(http://\S+)\s")
STOPS_WITHIN_S = 30.0

# Presses of a finger, a mouse or a key; a page that a script presses counts, too.
COUNT = """() => {
  window.presses = 0;
  addEventListener("click", (event) => {
    if (event.target.closest("button, a, summary, input")) window.presses += 1;
  }, true);
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What it took until two people practised."""

    seconds: float
    by_therapist: int
    by_couple: int


def remembered_couple(data: Path, cost: Cost) -> None:
    """Make a clinic with a couple that was here before, seen alone and with straps."""
    clinic = data / "clinic"
    set_up(clinic, WORDS, cost=cost)
    book = Book(clinic)
    try:
        for names in BEFORE:
            book.add_couple(*names, WORDS, cost=cost)
        couple = book.add_couple(*ADA_AND_BEN, WORDS, cost=cost)
        store = EveningStore(book.open_couple(couple.id_), passcode_cost=cost)
        store.keep(KeepNames(names=ADA_AND_BEN))
        worn = Both(strap_a().address, strap_b().address)
        store.keep(KeepPractised(evenings=3))
        store.keep(KeepWorn(identities=worn))
        for partner in Partner:
            book.saw_alone(couple.id_, partner, clock.today())
            store.keep(KeepConsent(partner=partner, agreed=_AGREED))
            store.own.choose(partner, PASSCODES[partner], now=clock.utc_now())
    finally:
        close_clinic(clinic)


_AGREED = Agreed(
    record=True,
    show_partner=True,
    heart_rhythm=False,
    see_doctor=False,
    find_pace=False,
    show_therapist=True,
)


@contextmanager
def worn_straps() -> Iterator[str]:
    """Two worn straps; yields the bus that they are on."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.worn_straps_program"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        yield program.stdout.readline().strip()
        program.communicate("")


@contextmanager
def clinic_opened(data: Path, bus: str) -> Iterator[str]:
    """Run `coreg clinic` at a terminal, type the passphrase, and yield the link."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [
            *(sys.executable, "-m", "coreg", "clinic", "--no-browser"),
            *("--data-dir", str(data)),
        ],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,  # where it asks
        cwd=ROOT,
        start_new_session=True,
        env=os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": bus, "PYTHONUNBUFFERED": "1"},
    )
    os.close(theirs)
    try:
        yield _link(ours)
    finally:
        program.terminate()
        program.wait(STOPS_WITHIN_S)
        os.close(ours)


def _link(terminal: int) -> str:
    """Type the passphrase once it is asked for; return the link that is said."""
    said, typed = "", ""
    while not (found := LINK.search(said)):
        if not select.select([terminal], [], [], LATE_S)[0]:
            raise AssertionError(f"its last words: {said}")
        said += os.read(terminal, 4096).decode()
        if said.endswith(": ") and not typed:
            typed = f"{WORDS}\n"
            os.write(terminal, typed.encode())
    return found[1]


def begin_an_hour(open_page: Any, data: Path, bus: str) -> Begun:
    """Begin an hour with the couple that was here before; end it again."""
    began_ns = clock.monotonic_ns()
    with clinic_opened(data, bus) as link:
        console = open_page(link)
        console.evaluate(f"({COUNT})()")
        console.get_by_role("button", name="Ada & Ben", exact=True).click()
        heading(console, "With Ada and Ben")
        with console.context.expect_page() as opened:
            press(console, "Open the couple’s window")
        couple = opened.value
        couple.wait_for_selector("h1")
        couple.evaluate(f"({COUNT})()")
        begin = shown(console).get_by_role("button", name="Begin")
        look_until(console, begin.is_enabled, patience_ms=60_000)  # both are heard
        begin.click()
        for name in ADA_AND_BEN:
            shown(couple).get_by_text(f"Just for {name}").wait_for()
            press(couple, "Yes")
        heading(couple, "Settle in")
        return Begun(
            seconds=(clock.monotonic_ns() - began_ns) / NS_PER_S,
            by_therapist=console.evaluate("window.presses"),
            by_couple=couple.evaluate("window.presses"),
        )
