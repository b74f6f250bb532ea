"""`coreg straps`, `calibrate`, `doctor`: what is in the air, and what is wrong."""

import argparse
import asyncio
import json
import shutil
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from coreg import clock
from coreg.cli.common import Commands, above_zero, add_command, add_json
from coreg.errors import BadPacketError, CoregError, RadioError
from coreg.events import NS_PER_S, Notification, Partner
from coreg.sensors import heart_rate
from coreg.sensors.beats import Delivery
from coreg.sensors.calibration import calibrate
from coreg.sensors.strap import FoundStrap, Radio, StrapInfo
from coreg.sensors.strap_choice import the_named
from coreg.sensors.strap_words import Trouble, abilities, radio_error
from coreg.store.calibrations import StrapPair, keep_strap_pair
from coreg.store.folder import data_folder
from coreg.strap_source import Arrived, StrapHub

SEARCH_S = 10.0
_DOCTOR_SEARCH_S = 3.0
_STREAMING_WITHIN_S = 60.0
_CALIBRATION_S = 60.0
_NEEDED_GB = 0.2
_PUT_ON = (
    "A practice takes two. Wet the electrodes, put the straps on, and disconnect them "
    "from phone or watch."
)


def add_commands(commands: Commands) -> None:
    """Add `straps`, `calibrate` and `doctor`."""
    straps = add_command(
        commands,
        "straps",
        show_straps,
        does="list the straps on the air: battery, signal, what they can do",
        example="coreg straps --seconds 20",
    )
    straps.add_argument(
        "--seconds",
        type=above_zero,
        default=SEARCH_S,
        help=f"how long to listen (default: {SEARCH_S:g})",
    )
    add_json(straps)
    calibration = add_command(
        commands,
        "calibrate",
        calibrate_straps,
        does="measure how much later one strap delivers than the other: one person "
        "wears both, sits still and breathes deeply for a minute",
        example="coreg calibrate 1A2B 3C4D",
    )
    calibration.add_argument("a", metavar="A", help="how its address or name ends")
    calibration.add_argument("b", metavar="B", help="how its address or name ends")
    add_json(calibration)
    doctor = add_command(
        commands,
        "doctor",
        see_doctor,
        does="say what is wrong with Bluetooth, straps or storage, and what to do",
        example="coreg doctor",
    )
    add_json(doctor)


# --- straps -------------------------------------------------------------------


def show_straps(given: argparse.Namespace) -> int:
    """List what is in the air."""
    seen = asyncio.run(look_around(Radio(), given.seconds))
    if not seen:
        raise radio_error(Trouble.NOTHING_FOUND)
    told = [_told(strap, info) for strap, info in seen]
    if given.json:
        print(json.dumps({"straps": told}, ensure_ascii=False))
    else:
        print("\n".join(line(strap, info) for strap, info in seen))
    return 0


async def look_around(
    radio: Radio, seconds: float
) -> list[tuple[FoundStrap, StrapInfo | None]]:
    """Return the straps on the air, and what each says of itself."""
    found = await radio.find_straps(seconds)
    return [(strap, await _info(radio, strap)) for strap in found]


async def _info(radio: Radio, strap: FoundStrap) -> StrapInfo | None:
    """Return what a strap says of itself; None where another program holds it."""
    try:
        return await radio.ask(strap.address)
    except RadioError as error:
        print(f"{strap.name or strap.address}: {error}", file=sys.stderr)
        return None


def _told(strap: FoundStrap, info: StrapInfo | None) -> dict[str, object]:
    about = asdict(info) if info is not None else {}
    services = info.services if info is not None else strap.services
    return {**asdict(strap), **about, "abilities": abilities(services)}


def line(strap: FoundStrap, info: StrapInfo | None) -> str:
    """Return a strap in one line."""
    percent = info.battery_percent if info is not None else None
    services = info.services if info is not None else strap.services
    return "  ".join(
        (
            f"{strap.name or 'nameless':24}",
            strap.address,
            "    held" if strap.rssi_dbm is None else f"{strap.rssi_dbm:4} dBm",
            "battery    ?" if percent is None else f"battery {percent:3} %",
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
        print(json.dumps(asdict(pair), ensure_ascii=False))
        return 0
    first, second = (pair.a, pair.b) if pair.difference_s >= 0 else (pair.b, pair.a)
    print(
        f"{first} delivers {abs(pair.difference_s):.2f} s later than {second} "
        f"(to within {pair.uncertainty_s:.2f} s). Kept for this pair."
    )
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

    async with StrapHub(radio, straps) as hub:
        await hub.until_streaming(_STREAMING_WITHIN_S)
        print("Sit still and breathe deeply for a minute.", file=sys.stderr)
        with hub.heard_by(take):
            await asyncio.sleep(_CALIBRATION_S)
        names = [hub.state(partner).identity for partner in Partner]
    measured = calibrate(packets[Partner.A], packets[Partner.B])
    return StrapPair(
        a=names[0],
        b=names[1],
        difference_s=measured.difference_s,
        uncertainty_s=measured.uncertainty_s,
        measured_utc=clock.utc_now().isoformat(timespec="seconds"),
    )


# --- doctor -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: what it is like, and what to do where it is bad."""

    what: str
    is_well: bool
    words: str


def see_doctor(given: argparse.Namespace) -> int:
    """Look at everything a practice needs; exit 1 where something is wrong."""
    findings = [_storage(given.data_dir), *asyncio.run(_radio())]
    if given.json:
        told = [asdict(finding) for finding in findings]
        print(json.dumps({"findings": told}, ensure_ascii=False))
    else:
        for finding in findings:
            sign = "ok " if finding.is_well else "no "
            print(f"{sign} {finding.what:10} {finding.words}")
    return 0 if all(finding.is_well for finding in findings) else 1


def _storage(given: Path | None) -> Finding:
    try:
        folder = data_folder(given)
    except CoregError as error:
        return Finding(what="storage", is_well=False, words=str(error))
    free_gb = shutil.disk_usage(folder).free / 1e9
    is_well = free_gb >= _NEEDED_GB
    todo = "" if is_well else " Free some: a session takes some megabytes."
    return Finding(
        what="storage",
        is_well=is_well,
        words=f"Sessions go to {folder}; {free_gb:.1f} GB are free.{todo}",
    )


async def _radio() -> list[Finding]:
    try:
        found = await Radio().find_straps(_DOCTOR_SEARCH_S)
    except RadioError as error:
        return [Finding(what="Bluetooth", is_well=False, words=str(error))]
    listed = ", ".join(strap.name or strap.address for strap in found)
    words = f"{len(found)} on the air: {listed}." if found else ""
    return [
        Finding(what="Bluetooth", is_well=True, words="It is on and may be used."),
        Finding(
            what="straps",
            is_well=len(found) >= 2,
            words=words if len(found) >= 2 else f"{words} {_PUT_ON}".strip(),
        ),
    ]
