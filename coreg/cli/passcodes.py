"""Asking for a passcode at a terminal: never as an argument, which all may read."""

import getpass
import sys
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from coreg.base import clock
from coreg.base.plain_text import plain
from coreg.cli.common import tell
from coreg.facts.events import Partner, Source
from coreg.report.page_format import OWN, Whose
from coreg.store.library_db import Library, Purpose, is_library_in
from coreg.store.own_things import not_chosen_yet
from coreg.store.passcode import OwnKey
from coreg.store.reader import read_head
from coreg.words import say


def keys_for(
    folder: Path, session: Path, pages: Iterable[Whose]
) -> dict[Partner, OwnKey]:
    """Return the keys that some pages of a session need, each asked for once.

    Nobody is asked where no page is somebody's own, or where the hearts are nobody's.
    Without a terminal there is nobody to ask: those pages then say what they need.

    Raises
    ------
    PasscodeRefused
        If a passcode is wrong, comes too early, or was never chosen.
    """
    pages = set(pages)
    whose = {OWN[page] for page in pages if page in OWN}
    in_room = Whose.EVENINGS_THERAPIST in pages
    is_asked = (whose or in_room) and is_library_in(folder) and sys.stdin.isatty()
    if not is_asked or read_head(session).opened.couple.source is not Source.STRAPS:
        return {}
    library = Library(folder)
    keys = {partner: key_of(library, partner) for partner in sorted(whose)}
    return keys | (dict(_in_room(library, keys)) if in_room else {})


def _in_room(
    library: Library, known: Container[Partner]
) -> Iterator[tuple[Partner, OwnKey]]:
    """Yield the keys of those who want to show a therapist what they answered.

    Only who agreed to it is asked, and to press Enter is to leave it out.
    """
    for partner in Partner:
        person = library.person(partner)
        agreed = person.agrees(Purpose.THERAPIST)
        if partner in known or not agreed or not library.own.has_passcode(partner):
            continue
        name = plain(person.name)
        passcode = getpass.getpass(say("terminal.ask.passcode-or-not", name=name))
        if passcode:
            yield partner, _entered(library, partner, passcode)


def key_of(library: Library, partner: Partner) -> OwnKey:
    """Return one partner's key, asked for at the terminal.

    Raises
    ------
    PasscodeRefused
        If the passcode is wrong, comes too early, or was never chosen.
    """
    if not library.own.has_passcode(partner):
        raise not_chosen_yet(partner)  # before anybody types one
    name = library.person(partner).name
    passcode = getpass.getpass(say("terminal.ask.passcode", name=plain(name)))
    return _entered(library, partner, passcode)


def _entered(library: Library, partner: Partner, passcode: str) -> OwnKey:
    entered = library.own.enter(partner, passcode, now=clock.utc_now())
    if entered.wrong_tries:
        tell(say("terminal.wrong-tries", n=entered.wrong_tries))
    tell(say("terminal.written-open"))
    return entered.key
