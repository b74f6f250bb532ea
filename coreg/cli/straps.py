"""`coreg straps`, `calibrate`: what is in the air, and how late it delivers."""

import argparse
import asyncio
from contextlib import suppress
from dataclasses import asdict, replace

from coreg.base import clock
from coreg.cli.common import say, say_json, tell
from coreg.cli.options.straps import SEARCH_S
from coreg.errors import BadPacketError, RadioError
from coreg.facts.events import NS_PER_S, Notification, Partner
from coreg.sensors.decoding import heart_rate
from coreg.sensors.quirks.words import Trouble, abilities, radio_error
from coreg.sensors.straps import strap_locks
from coreg.sensors.straps.choice import the_named
from coreg.sensors.straps.hub import Arrived
from coreg.sensors.straps.radio import FoundStrap, Radio, StrapInfo
from coreg.sensors.timing.beats import Delivery
from coreg.sensors.timing.calibration import calibrate
from coreg.session.strap_source import held_pair
from coreg.store.calibrations import StrapPair, keep_strap_pair
from coreg.store.folder import data_folder
from coreg.words import number, say as word

_STREAMING_WITHIN_S = 60.0
_CALIBRATION_S = 60.0


# --- straps -------------------------------------------------------------------


def show_straps(given: argparse.Namespace) -> int:
    """List what is in the air."""
    seen = asyncio.run(look_around(Radio(), given.seconds))
    if not seen:
        raise radio_error(Trouble.NOTHING_FOUND)
    told = [_told(strap, info) for strap, info in seen]
    if given.json:
        say_json({"straps": told})
    else:
        for strap, info in seen:
            say(line(strap, info))
    return 0


Seen = tuple[FoundStrap, StrapInfo | None]


async def look_around(radio: Radio, seconds: float) -> list[Seen]:
    """Return the straps nearby, and what each says of itself.

    A strap that somebody is connected to is not asked: letting go of it afterwards
    would cut that one off, who may be in the middle of a practice.
    """
    found = await radio.find_straps(seconds)
    return [await _asked(radio, strap) for strap in found]


async def _asked(radio: Radio, strap: FoundStrap) -> Seen:
    lock = strap_locks.take(strap.address)
    if lock is None or strap.rssi_dbm is None:
        asked: Seen = (replace(strap, is_in_use=True), None)
    else:
        asked = (strap, await _info(radio, strap))
    if lock is not None:
        lock.release()
    return asked


async def _info(radio: Radio, strap: FoundStrap) -> StrapInfo | None:
    """Return what a strap says of itself; None where it does not answer."""
    try:
        return await radio.ask(strap.address)
    except RadioError as error:
        tell(f"{strap.name or strap.address}: {error}")
        return None


def _told(strap: FoundStrap, info: StrapInfo | None) -> dict[str, object]:
    about = asdict(info) if info is not None else {}
    services = info.services if info is not None else strap.services
    return {**asdict(strap), **about, "abilities": abilities(services)}


def line(strap: FoundStrap, info: StrapInfo | None) -> str:
    """Return a strap in one line."""
    percent = info.battery_percent if info is not None else None
    services = info.services if info is not None else strap.services
    in_use = f"{word('terminal.straps.in-use'):>8}"
    heard = in_use if strap.is_in_use else f"{strap.rssi_dbm:4} dBm"
    if percent is None:
        battery = word("terminal.straps.battery-unknown")
    else:
        battery = word("terminal.straps.battery", percent=f"{percent:3}")
    return "  ".join(
        (
            f"{strap.name or word('terminal.straps.nameless'):24}",
            strap.address,
            heard,
            battery,
            ", ".join(abilities(services)),
        )
    )


# --- calibrate ----------------------------------------------------------------


def calibrate_straps(given: argparse.Namespace) -> int:
    """Measure a pair of straps on one person and keep the difference."""
    folder = data_folder(given.data_dir)
    pair = asyncio.run(measure(Radio(), given.a, given.b))
    keep_strap_pair(folder, pair)
    if given.json:
        say_json(asdict(pair))
        return 0
    first, second = (pair.a, pair.b) if pair.difference_s >= 0 else (pair.b, pair.a)
    words = word(
        "terminal.straps.lags",
        first=first,
        second=second,
        by=number(abs(pair.difference_s), 2),
        uncertainty=number(pair.uncertainty_s, 2),
    )
    say(words)
    return 0


async def measure(radio: Radio, a: str, b: str) -> StrapPair:
    """Listen to two straps on one person for a minute; return their difference."""
    straps = the_named(await radio.find_straps(SEARCH_S), a, b)
    packets: dict[Partner, list[Delivery]] = {partner: [] for partner in Partner}

    def take(arrived: Arrived) -> None:
        if isinstance(arrived, Notification):
            with suppress(BadPacketError):
                rr_ms = heart_rate.decode(arrived.data).rr_ms
                packets[arrived.partner].append((arrived.t_ns / NS_PER_S, rr_ms))

    async with held_pair(radio, straps) as pair:
        await pair.until_streaming(_STREAMING_WITHIN_S)
        tell(word("terminal.straps.sit-still"))
        with pair.heard_by(take):
            await asyncio.sleep(_CALIBRATION_S)
        names = [pair.state(partner).identity for partner in Partner]
    measured = calibrate(packets[Partner.A], packets[Partner.B])
    return StrapPair(
        a=names[0],
        b=names[1],
        difference_s=measured.difference_s,
        uncertainty_s=measured.uncertainty_s,
        measured_utc=clock.utc_now().isoformat(timespec="seconds"),
    )
