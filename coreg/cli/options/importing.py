"""What `coreg import` takes."""

import argparse
import math
from pathlib import Path

from coreg.cli.options.parsing import Commands, add_command
from coreg.sensors.recordings.text.stamps import ClockTime, clock_time

_LONGEST_S = 30 * 86_400.0
_MOST_NAMED = 2
KEEP, LEAVE = "keep", "leave"


def add_commands(commands: Commands) -> None:
    """Add `import`."""
    command = add_command(
        commands,
        "import",
        "coreg.cli.importing:run",
        does="take two people's recordings into the library",
        about="Take two people's recordings of the same time into the library, as a "
        "session of rest. Where they have no clock in common, say how far apart they "
        "began, or when each did, or give a moment that both of them hold, such as a "
        "clap of the hands.",
        example="coreg import a.csv b.csv --starts 19:02:10 19:01:58",
    )
    command.add_argument("a", type=Path, help="A's recording, or one that holds both")
    command.add_argument(
        "b", type=Path, nargs="?", help="B's recording, of the same time"
    )
    command.add_argument(
        "--person",
        action="append",
        metavar="NAME",
        help="where one file holds several people: whose; once for both recordings, or "
        "twice, for A and then for B",
    )
    command.add_argument(
        "--column",
        action="append",
        metavar="NAME",
        help="where several columns could be RR intervals: which, by its name in the "
        "heading or its place from 1; once for both recordings, or twice, for A and "
        "then for B",
    )
    command.add_argument(
        "--offset-s",
        type=_seconds,
        metavar="SECONDS",
        help="seconds to add to the times of B's recording: how much later it began; "
        "below 0 if it began earlier",
    )
    command.add_argument(
        "--starts",
        type=_clock_time,
        nargs=2,
        metavar=("TIME", "TIME"),
        help="when A's and when B's recording began, both by one clock: h:mm:ss, with "
        "tenths where they are known; with a date before it if they are a day apart",
    )
    for partner in "ab":
        command.add_argument(
            f"--mark-{partner}",
            type=_moment,
            metavar="TIME",
            help="when a moment that both recordings hold is in "
            f"{partner.upper()}'s, by the times of that file, or from 0 where it has "
            "none: seconds, m:ss or h:mm:ss",
        )
    command.add_argument(
        "--marks",
        choices=[KEEP, LEAVE],
        default=KEEP,
        help="marks that the files themselves hold, such as laps, events and notes: "
        "keep them in the session, or leave them (default: keep)",
    )
    command.set_defaults(refuse=_refused)


def _refused(given: argparse.Namespace) -> str:
    for name, named in (("person", given.person), ("column", given.column)):
        if named is not None and len(named) > _MOST_NAMED:
            return f"--{name} goes once for both recordings, or twice: for A, for B"
    marks = [each is not None for each in (given.mark_a, given.mark_b)]
    if any(marks) and not all(marks):
        return "--mark-a and --mark-b go together: one moment, in both recordings"
    if all(marks) and given.offset_s is not None:
        return "--offset-s does not go with --mark-a and --mark-b: both say the same"
    return _refused_of_starts(given)


def _refused_of_starts(given: argparse.Namespace) -> str:
    if given.starts is None:
        return ""
    marks = [each is not None for each in (given.mark_a, given.mark_b)]
    if any(marks) or given.offset_s is not None:
        return "--starts goes alone: --offset-s, --mark-a and --mark-b say the same"
    if given.starts[0].has_date != given.starts[1].has_date:
        return "--starts takes two times of day, or two with a date: not one of each"
    return ""


def _clock_time(text: str) -> ClockTime:
    """Return a time of a clock, for argparse."""
    found = clock_time(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time with seconds, as in 19:02:10"
        )
    return found


def _seconds(text: str) -> float:
    """Return seconds, forwards or back, for argparse."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not (math.isfinite(number) and abs(number) <= _LONGEST_S):
        raise argparse.ArgumentTypeError(f"{text} s is more than 30 days")
    return number


def _moment(text: str) -> float:
    """Return a moment of a recording in seconds, for argparse.

    Examples
    --------
    >>> _moment("12.5"), _moment("1:03"), _moment("1:00:03.5")
    (12.5, 63.0, 3603.5)
    """
    parts = text.split(":")
    try:
        numbers = [*(float(int(part)) for part in parts[:-1]), float(parts[-1])]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time, as in 1:03") from None
    is_clock = all(0 <= each < 60 for each in numbers[1:])
    if len(parts) > 3 or not is_clock or not 0 <= numbers[0] <= _LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text!r} is no time, as in 1:03")
    total_s = 0.0
    for each in numbers:
        total_s = 60 * total_s + each
    return total_s
