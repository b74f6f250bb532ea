"""`coreg doctor`: what is wrong with what a practice needs, and what to do."""

import argparse
import asyncio
import shutil
import webbrowser
from dataclasses import asdict, dataclass
from pathlib import Path

from coreg.cli.common import say, say_json
from coreg.errors import BadPlacesError, CoregError, RadioError
from coreg.sensors.straps import strap_locks
from coreg.sensors.straps.radio import FoundStrap, Radio
from coreg.session.plan_shelf import own_plans
from coreg.store.folder import data_folder, data_location
from coreg.store.library_db import check_library
from coreg.web.server.launching import listen
from coreg.web.server.places import own_places
from coreg.words import number, say as word

_SEARCH_S = 3.0
_NEEDED_GB = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing that was looked at: what it is like, and what to do where it is bad."""

    what: str
    is_well: bool
    words: str


def see_doctor(given: argparse.Namespace) -> int:
    """Look at everything a practice needs; exit 1 where something is wrong."""
    findings = [*look_around(given.data_dir), *asyncio.run(look_at_radio())]
    if given.json:
        told = [asdict(finding) for finding in findings]
        say_json({"findings": told})
    else:
        signs = {True: word("terminal.doctor.well"), False: word("terminal.doctor.ill")}
        wide = max(map(len, signs.values()))
        for finding in findings:
            called = word(f"terminal.doctor.names.{finding.what.lower()}")
            say(f"{signs[finding.is_well]:{wide}}  {called:10} {finding.words}")
    return 0 if all(finding.is_well for finding in findings) else 1


def look_around(given: Path | None) -> list[Diagnosis]:
    """Look at everything but Bluetooth, which takes seconds."""
    return [
        _storage(given),
        *_library(given),
        *_places(given),
        *_practices(given),
        _browser(),
        _port(),
    ]


def _storage(given: Path | None) -> Diagnosis:
    try:
        folder = data_folder(given)
    except CoregError as error:
        return Diagnosis(what="storage", is_well=False, words=str(error))
    free_gb = shutil.disk_usage(folder).free / 1e9
    is_well = free_gb >= _NEEDED_GB
    key = "storage" if is_well else "storage-short"
    free = number(free_gb, 1)
    words = word(f"terminal.doctor.{key}", folder=folder, free=free)
    return Diagnosis(what="storage", is_well=is_well, words=words)


def _library(given: Path | None) -> list[Diagnosis]:
    """Check what both said and chose; nothing is said where there is nothing yet."""
    found = check_library(data_location(given))
    if found is None:
        return []
    words = word("terminal.doctor.library", words=found.words)
    return [Diagnosis(what="library", is_well=found.is_well, words=words)]


def _places(given: Path | None) -> list[Diagnosis]:
    """Check the user's own list of places: the pages do not say why it is hidden.

    Nothing is said where there is none: the list that ships is shown then.
    """
    try:
        own = own_places(data_location(given))
    except BadPlacesError as error:
        return [Diagnosis(what="places", is_well=False, words=str(error))]
    if own is None:
        return []
    words = word("terminal.doctor.places", n=len(own.places), as_of=own.as_of)
    return [Diagnosis(what="places", is_well=True, words=words)]


def _practices(given: Path | None) -> list[Diagnosis]:
    """Check the user's own practices; nothing is said where there are none."""
    own = own_plans(data_location(given))
    if own.left_out:
        words = " ".join(f"{each.wrong} {each.do}" for each in own.left_out)
        return [Diagnosis(what="practices", is_well=False, words=words)]
    if not own.plans:
        return []
    words = word("terminal.practices.own", names=", ".join(own.plans))
    return [Diagnosis(what="practices", is_well=True, words=words)]


def _browser() -> Diagnosis:
    try:
        webbrowser.get()
    except webbrowser.Error:
        words = word("terminal.doctor.no-browser")
        return Diagnosis(what="browser", is_well=False, words=words)
    words = word("terminal.doctor.browser")
    return Diagnosis(what="browser", is_well=True, words=words)


def _port() -> Diagnosis:
    try:
        with listen(None):
            pass
    except CoregError as error:
        return Diagnosis(what="port", is_well=False, words=str(error))
    return Diagnosis(what="port", is_well=True, words=word("terminal.doctor.port"))


async def look_at_radio() -> list[Diagnosis]:
    """Look for Bluetooth and straps, and touch none."""
    try:
        found = await Radio().find_straps(_SEARCH_S)
    except RadioError as error:
        return [Diagnosis(what="Bluetooth", is_well=False, words=str(error))]
    listed = ", ".join(_named(strap) for strap in found)
    key = "no-straps" if not found else "straps" if len(found) >= 2 else "one-strap"
    words = word(f"terminal.doctor.{key}", n=len(found), listed=listed)
    return [
        Diagnosis(
            what="Bluetooth",
            is_well=True,
            words=word("terminal.doctor.bluetooth"),
        ),
        Diagnosis(
            what="straps",
            is_well=len(found) >= 2,
            words=words,
        ),
    ]


def _named(strap: FoundStrap) -> str:
    """Return a strap's name; it is looked at only, so whoever has it keeps it."""
    is_taken = strap.rssi_dbm is None or strap_locks.is_held(strap.address)
    name = strap.name or strap.address
    return word("terminal.doctor.in-use", name=name) if is_taken else name
