"""`coreg clinic`: the couples of a therapist, and the book beside them."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coreg.base import clock
from coreg.cli.app import as_app
from coreg.cli.clinic_book import (
    Opened,
    back_up,
    log,
    note,
    opened_at_terminal,
    passphrase,
    recovered,
    restored,
)
from coreg.cli.common import say, say_json, tell
from coreg.cli.home_plans import say_home_plan, write_home_plan
from coreg.cli.start import open_running
from coreg.errors import CoregError, SessionNotFound
from coreg.exercises.home_plan import (
    HARDER_A_WEEK,
    WEEK,
    HomePlan,
    home_plan_text,
    parse_home_plan,
)
from coreg.exercises.plan import Plan
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.session.home_plan_shelf import (
    end_home_plan,
    home_plan_in,
    keep_home_plan,
    plans_there,
)
from coreg.session.sources import simulated_hearts
from coreg.store.clinic.book import Book, close_clinic
from coreg.store.clinic.notebook import CoupleNotebook
from coreg.store.clinic.places import clinic_location
from coreg.store.clinic.ready_now import ready_now
from coreg.store.clinic.records import Couple, Done, Ready
from coreg.store.folder import is_in_use
from coreg.store.library import list_session_files
from coreg.store.library_db import Library
from coreg.store.one_hour import sessions_of_hour
from coreg.words import day, say as word, wrong_and_do

if TYPE_CHECKING:
    from coreg.cli import home
    from coreg.web.wire.of_clinic import HourTold


def run(given: argparse.Namespace) -> int:
    """Open the book, and do what was asked."""
    if given.app:
        return as_app(partial(_run, given))
    return _run(given)


def _run(given: argparse.Namespace) -> int:
    clinic = clinic_location(given.data_dir)
    if given.what == "restore":
        return restored(clinic, Path(given.words[0]))
    if given.what == "recover":
        return recovered(clinic)
    if given.what == "open" and not given.words and not sys.stdin.isatty():
        return _open_pages(Opened(Book(clinic), ""), given)  # which ask for it
    opened = opened_at_terminal(clinic)
    try:
        return _DOES[given.what](opened, given)
    finally:
        close_clinic(clinic)


# --- couples ----------------------------------------------------------------------


def _couples(opened: Opened, given: argparse.Namespace) -> int:
    couples = opened.book.couples()
    states = [ready_now(opened.book, each) for each in couples]
    if given.json:
        told = [
            _as_json(each, state) for each, state in zip(couples, states, strict=True)
        ]
        say_json({"couples": told}, indent=2)
        return 0
    if not couples:
        say(word("terminal.clinic.none-yet"))
    for each, state in zip(couples, states, strict=True):
        made_up = [word("terminal.sessions.simulated")] if each.is_made_up else []
        words = ", ".join([word(f"terminal.clinic.{_key(state)}"), *made_up])
        say(f"{each.id_}  {each.called:24}  {words}")
    return 0


def _key(state: Ready) -> str:
    return state.value.replace(" ", "-")


def _as_json(couple: Couple, state: Ready) -> dict[str, object]:
    return {
        "id": couple.id_,
        "names": list(couple.names),
        "ready": state.value,
        "seen_alone": {
            partner.value: None if on is None else on.isoformat()
            for partner, on in couple.last_seen_alone().items()
        },
        "made_up": couple.is_made_up,
    }


def _add(opened: Opened, given: argparse.Namespace) -> int:
    # Asked for here, as anybody may read a command line and a shell keeps it.
    if given.words:
        tell(word("terminal.clinic.not-private"))
    a, b = given.words or [input(word(f"terminal.clinic.ask-name.{p}")) for p in "ab"]
    couple = opened.book.add_couple(a, b, opened.passphrase)
    say(word("terminal.clinic.added", couple=couple.called, id=couple.id_))
    return 0


def _seen(opened: Opened, given: argparse.Namespace) -> int:
    name, which = given.words
    couple, partner = opened.book.find(name), Partner(which.upper())
    on = given.on or clock.today()
    if on > clock.today():
        raise CoregError(*wrong_and_do("terminal.clinic.future"))
    opened.book.saw_alone(couple.id_, partner, on)
    say(word("terminal.clinic.seen", name=couple.names[partner], day=day(on)))
    return 0


def _hold(opened: Opened, given: argparse.Namespace) -> int:
    couple = opened.book.find(given.words[0])
    is_held_back = given.what == "hold"
    opened.book.hold_back(couple.id_, is_held_back=is_held_back)
    say(word(f"terminal.clinic.{given.what}", couple=couple.called))
    return 0


def _erase(opened: Opened, given: argparse.Namespace) -> int:
    couple = opened.book.find(given.words[0])
    if input(word("terminal.clinic.ask-erase", couple=couple.called)) != couple.called:
        say(word("terminal.clinic.not-erased"))
        return 1
    opened.book.erase_couple(couple.id_)
    say(word("terminal.clinic.erased", couple=couple.called))
    return 0


# --- a note to copy, and the plan for home ----------------------------------------


def _note(opened: Opened, given: argparse.Namespace) -> int:
    """Print what may be copied of one hour."""
    for line in _hour(opened.book, given.words[0]).note:
        say(line)
    return 0


def _review(opened: Opened, given: argparse.Namespace) -> int:
    """Go along an hour with its marks and notes; for the therapist's own eyes."""
    for line in _hour(opened.book, given.words[0]).lines:
        say(line)
    return 0


def _label(opened: Opened, given: argparse.Namespace) -> int:
    """Say what a mark's key stands for, asking for it; without one, what all do."""
    if given.words:
        key, *words = given.words
        if words:
            tell(word("terminal.clinic.not-private"))
        asked = " ".join(words) or input(word("terminal.clinic.ask-label", key=key))
        opened.book.label(int(key) if key.isdecimal() else 0, asked)
    for key, stands_for in opened.book.labels().items():
        words = stands_for or word("terminal.clinic.no-label")
        say(word("terminal.clinic.label", key=key, words=words))
    return 0


def _hour(book: Book, name: str) -> "HourTold":
    """Return an hour of any couple: by the name of a session of it, or `last`.

    A beginning of a name will do, where all that begin so are of one hour.
    """
    # What recomputes a session takes time to load: a list does not wait for it.
    from coreg.web.server.hours import hour_told  # noqa: PLC0415

    found = [
        (couple, path.stem)
        for couple in book.couples()
        if book.is_locked(couple.id_)
        for path in list_session_files(book.open_couple(couple.id_))
        if name == "last" or path.stem.startswith(name)
    ]
    if name == "last" and found:
        found = [max(found, key=lambda each: each[1])]
    if found and _are_one_hour(book, found):
        couple, session_id = found[0]
        told = hour_told(book, couple, session_id)
        if told is not None:
            return told
    what = "many" if found else "none"
    told_why = wrong_and_do(f"errors.clinic.session-{what}", name=repr(name))
    raise SessionNotFound(*told_why)


def _are_one_hour(book: Book, found: Sequence[tuple[Couple, str]]) -> bool:
    if len(found) == 1:
        return True
    couple, first = found[0]
    if any(each.id_ != couple.id_ for each, _ in found):
        return False
    folder = book.open_couple(couple.id_)
    of_hour = {each.session_id for each in sessions_of_hour(folder, first)}
    return {name for _, name in found} <= of_hour


def _home_plan(opened: Opened, given: argparse.Namespace) -> int:
    """Make, show, end or hand out a couple's plan for home."""
    couple = opened.book.find(given.words[0])
    folder = opened.book.open_couple(couple.id_)
    library, plans = Library(folder), plans_there(folder)
    if given.practice is not None:
        if given.why:
            tell(word("terminal.clinic.not-private"))
        state = ready_now(opened.book, couple)
        if not state.may_practise:
            raise CoregError(*wrong_and_do(f"errors.clinic.{_key(state)}"))
        keep_home_plan(library, _made(given, plans))
    elif given.end:
        end_home_plan(library)
    plan = home_plan_in(library, plans)
    if given.out is not None:
        if plan is None:
            raise CoregError(*wrong_and_do("errors.home-plan.none"))
        write_home_plan(given.out, plan)
        note(opened.book, Done.EXPORTED)
    say_home_plan(plan, folder)
    return 0


def _made(given: argparse.Namespace, plans: Mapping[str, Plan]) -> HomePlan:
    """Return the plan that was asked for, checked as one that came in a file.

    Why is asked for here, unless it was given, and last: what else is wrong is said
    before anybody types a sentence.
    """
    practice = plans.get(given.practice)
    is_harder = practice is not None and practice.is_harder
    usual = HARDER_A_WEEK if is_harder else 3
    plan = HomePlan(
        practice=given.practice,
        times_a_week=given.times or usual,
        since=clock.today(),
        until=given.until or clock.today() + 4 * WEEK,
        why=given.why or "-",
    )
    checked = parse_home_plan(home_plan_text(plan), plans)
    if given.why:
        return checked
    plan = replace(checked, why=input(word("terminal.clinic.ask-why")))
    return parse_home_plan(home_plan_text(plan), plans)


# --- pages ------------------------------------------------------------------------


def _open(opened: Opened, given: argparse.Namespace) -> int:
    """Open a therapist's pages: the list of couples, or one couple's evening."""
    if not given.words:
        return _open_pages(opened, given)
    # What serves pages takes time to load: a list does not wait for it.
    from coreg.cli import home  # noqa: PLC0415

    couple = opened.book.find(given.words[0])
    state = ready_now(opened.book, couple)
    if not (state.may_practise or given.simulate):
        raise CoregError(*wrong_and_do(f"errors.clinic.{_key(state)}"))
    if state is Ready.ASK_AGAIN:
        tell(word("terminal.clinic.ask-again"))
    folder = opened.book.open_couple(couple.id_)
    home.open_pages(_opening_of(opened.book, given, couple, folder))
    return 130  # only an interrupt ends it


def _open_pages(opened: Opened, given: argparse.Namespace) -> int:
    """Open the list of couples; where no passphrase was given, a page asks for it."""
    # What serves pages takes time to load: a list does not wait for it.
    from coreg.cli import home  # noqa: PLC0415
    from coreg.cli.running import running_pages  # noqa: PLC0415

    book = opened.book
    if is_in_use(book.clinic) and (pages := running_pages(book.clinic)) is not None:
        open_running(pages, in_browser=not given.no_browser)
        return 0
    opening = _opening_of(book, given, Couple(id_="", names=Both("", "")), book.clinic)
    home.open_clinic_pages(
        opening, book, opened.passphrase, partial(_opening_of, book, given)
    )
    return 0 if given.app else 130  # where only an interrupt ends it


def _opening_of(
    book: Book, given: argparse.Namespace, couple: Couple, folder: Path
) -> "home.Opening":
    """Return how pages are opened in a couple's folder, or in the clinic's."""
    from coreg.cli import home  # noqa: PLC0415 - as above
    from coreg.web.server.practice_catalogue import (  # noqa: PLC0415
        PracticeCatalogue,
    )
    from coreg.web.wire.named import Seat  # noqa: PLC0415

    speed = given.speed or 1.0
    seed = 1 if given.seed is None else given.seed
    made_up = given.simulate or couple.is_made_up
    hearts = simulated_hearts(seed=seed, speed=speed) if made_up else None
    return home.Opening(
        data_dir=folder,
        catalogue=PracticeCatalogue(own=home.own_at_home(folder)),
        straight_to=hearts,
        chosen=None,
        pace=None,
        straps=(),
        speed=speed if hearts else 1.0,
        port=given.port,
        in_browser=not given.no_browser,
        with_therapist=True,
        lan=given.lan,
        notebook=CoupleNotebook(book, couple.id_) if couple.id_ else None,
        as_app=given.app,
        front=Seat.THERAPIST,
    )


_DOES: dict[str, Callable[[Opened, argparse.Namespace], int]] = {
    "couples": _couples,
    "add": _add,
    "seen": _seen,
    "hold": _hold,
    "release": _hold,
    "open": _open,
    "note": _note,
    "homeplan": _home_plan,
    "label": _label,
    "review": _review,
    "erase": _erase,
    "passphrase": passphrase,
    "backup": back_up,
    "log": log,
}
