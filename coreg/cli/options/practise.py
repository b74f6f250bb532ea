"""What `coreg practice` takes."""

import argparse
from pathlib import Path

from coreg.cli.options.home import add_page_options, add_phone_options
from coreg.cli.options.parsing import (
    Commands,
    add_command,
    completed_by,
    couple_names,
    practices_there,
)
from coreg.cli.options.values import ant_number, minutes, pace, speed, whole
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.pacing.pace_limits import FASTEST_PER_MIN, SLOWEST_PER_MIN
from coreg.facts.kinds import Stream

MAIN_PRACTICE = "relaxed-and-alert"


def add_commands(commands: Commands) -> None:
    """Add `practice`."""
    command = add_command(
        commands,
        "practice",
        "coreg.cli.practise:run",
        does="start a practice",
        about="Start a practice with the two straps nearby, with a made-up couple, or "
        "with recordings.",
        example="coreg practice --simulate --headless --speed 60 --out evening",
    )
    command.set_defaults(refuse=_refused)
    practice = command.add_argument(
        "practice",
        nargs="?",
        default=MAIN_PRACTICE,
        help=f"the name of a practice, or a plan file (default: {MAIN_PRACTICE})",
    )
    completed_by(practice, practices_there)
    _add_sources(command)
    _add_lsl(command)
    command.add_argument(
        "--speed",
        type=speed,
        help="with --simulate or --replay: how many times faster than life; the result "
        "is the same (default: 1)",
    )
    command.add_argument("--minutes", type=minutes, help="how long to breathe together")
    _add_pace(command)
    command.add_argument(
        "--taps",
        action="store_true",
        help="experimental, for research: now and then a soft spark while you breathe, "
        "answered with F (left) or J (right), shows how awake each of you is; without "
        "--minutes, a usual evening then breathes for 12 minutes",
    )
    command.add_argument(
        "--go-on",
        action="store_true",
        help="with --headless: pick up the last practice where it broke off, in the "
        "same straps",
    )
    command.add_argument(
        "--headless",
        action="store_true",
        help="run in the terminal, without pages; the parts follow one another by "
        "themselves",
    )
    add_page_options(command)
    add_phone_options(command)
    command.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="copy the session file to this folder, with its report as PDF and HTML",
    )


def _add_sources(command: argparse.ArgumentParser) -> None:
    source = command.add_mutually_exclusive_group()
    source.add_argument(
        "--straps",
        nargs=2,
        metavar=("A", "B"),
        help="how the names or addresses of A's and B's straps end (default: the only "
        "two nearby)",
    )
    source.add_argument(
        "--simulate", action="store_true", help="practise with a made-up couple"
    )
    source.add_argument(
        "--replay",
        nargs="+",
        metavar="FILE",
        help="play back two recordings, or one earlier session for both",
    )
    source.add_argument(
        "--lsl",
        nargs=2,
        metavar=("A", "B"),
        help="with --headless: the source ids or names of two LSL streams that carry "
        "A's and B's RR intervals (docs/lsl.md)",
    )
    source.add_argument(
        "--ant",
        nargs=2,
        type=ant_number,
        metavar=("A", "B"),
        help="with --headless: the ANT+ device numbers of A's and B's straps, heard by "
        "an ANT stick (docs/ant.md)",
    )
    command.add_argument(
        "--measure",
        nargs="+",
        choices=tuple(each.value for each in Stream),
        default=[],
        metavar="WHAT",
        help="with --headless and straps: record what some straps (Polar H10) measure "
        "beside heartbeats, ecg or acceleration or both; it wears their battery down "
        "faster",
    )
    command.add_argument(
        "--set-clocks",
        action="store_true",
        help="with --headless and straps: set the clocks of Polar straps to this "
        "computer's (UTC), for other programs that read them; this writes to the "
        "strap, which may be off by up to two seconds, and coreg does not need it",
    )
    command.add_argument(
        "--seed",
        type=whole,
        help="with --simulate: which made-up couple (default: 1)",
    )
    couple = command.add_argument(
        "--couple",
        metavar="COUPLE",
        help="with --simulate: what they are like; a name or a file, as in `coreg "
        "simulate` (default: usual)",
    )
    completed_by(couple, couple_names)


def _add_lsl(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--lsl-out",
        choices=("computer", "network"),
        help="with --headless: send both hearts, the pace and the parts as LSL "
        "streams, announced on this computer or in its network; while this runs, "
        "others in the network can read them (docs/lsl.md)",
    )


def _add_pace(command: argparse.ArgumentParser) -> None:
    """Offer to set or find a pace, and the shares of in and out."""
    own_pace = command.add_mutually_exclusive_group()
    own_pace.add_argument(
        "--find-pace",
        action="store_true",
        help="let both hearts find a pace that suits both; both people must agree "
        "(default: a steady six breaths a minute)",
    )
    own_pace.add_argument(
        "--pace",
        type=pace,
        metavar="PER_MIN",
        help=f"choose a pace yourselves, from {SLOWEST_PER_MIN:g} to "
        f"{FASTEST_PER_MIN:g} breaths a minute",
    )
    command.add_argument(
        "--in-out",
        choices=tuple(each.value for each in InOut),
        help="how each breath is split between in and out (default: 40:60)",
    )


def _refused(given: argparse.Namespace) -> str:
    """Refuse what does not go together, before anything begins."""
    return (
        _refused_phones(given)
        or _refused_over_lsl(given)
        or _refused_clocks(given)
        or _refused_hearts(given)
    )


def _refused_over_lsl(given: argparse.Namespace) -> str:
    return (
        _refused_lsl_hearts(given) or _refused_ant_hearts(given) or _refused_lsl(given)
    )


def _refused_lsl(given: argparse.Namespace) -> str:
    """Refuse to send hearts where nobody would see it said, or without their time."""
    if given.lsl_out is None:
        return ""
    if not given.headless:
        return (
            "--lsl-out takes --headless: the pages ask nobody whether hearts are sent"
        )
    if given.replay:
        return (
            "--lsl-out sends hearts as they beat. What was recorded is given to other "
            "programs by: coreg export"
        )
    if given.go_on:
        return "--lsl-out is for a practice from its beginning. Leave out --go-on"
    if given.speed not in (None, 1.0):
        return "--lsl-out sends in real time. Leave out --speed"
    return ""


def _refused_phones(given: argparse.Namespace) -> str:
    """Refuse phones where they could open no page, or scan no code."""
    if not given.lan:
        return ""
    if given.headless or given.go_on:
        return "--lan lets phones open pages, and --headless has none. Leave one out"
    if given.simulate or given.replay:
        return (
            "--lan shows its codes in Settings, and this practice begins at once. "
            "Let your phones in first, and then look around: coreg --lan"
        )
    return ""


def _refused_ant_hearts(given: argparse.Namespace) -> str:
    """Refuse what straps that speak ANT+ cannot do."""
    if not given.ant:
        return ""
    if not given.headless:
        return "--ant takes --headless: on the pages, hearts come from Bluetooth straps"
    if given.go_on or given.measure:
        return (
            "--go-on and --measure are for Bluetooth straps. Leave out --ant, or the "
            "other"
        )
    return ""


def _refused_lsl_hearts(given: argparse.Namespace) -> str:
    """Refuse what streams of LSL cannot do."""
    if not given.lsl:
        return ""
    if not given.headless:
        return "--lsl takes --headless: on the pages, hearts come from straps"
    if given.go_on or given.measure:
        return "--go-on and --measure are for straps. Leave out --lsl, or the other"
    if given.lsl_out == "computer":
        return "--lsl looks through the network. Give --lsl-out network with it"
    return ""


def _refused_clocks(given: argparse.Namespace) -> str:
    """Refuse to set clocks where no straps are, or nobody would see it said."""
    others = given.simulate or given.replay or given.lsl or given.ant or given.go_on
    if given.set_clocks and (others or not given.headless):
        return "--set-clocks is for Bluetooth straps, with --headless"
    return ""


def _refused_hearts(given: argparse.Namespace) -> str:
    """Refuse what only a made-up couple or recordings have, where people sit."""
    if given.measure and (given.simulate or given.replay):
        return "--measure is for straps: a made-up couple and recordings have none"
    if given.measure and not given.headless:
        return (
            "--measure takes --headless: on the pages, each of you says alone what "
            "your strap may measure"
        )
    if given.simulate or given.go_on:
        return ""
    if given.seed is not None:
        return "--seed is only for a made-up couple. Add --simulate, or leave it out"
    if given.speed is not None and not given.replay:
        return (
            "--speed is only for a made-up couple or recordings. Add --simulate or "
            "--replay, or leave it out"
        )
    return ""
