"""What `coreg clinic` takes."""

import argparse
import datetime as dt
from pathlib import Path

from coreg.cli.options.home import add_page_options, add_phone_options
from coreg.cli.options.parsing import (
    Commands,
    add_command,
    add_json,
    completed_by,
    practice_names,
)
from coreg.cli.options.values import above_none, speed, whole

# What is to be done, how many words belong to it (least, most), and an example. None
# of these holds a name or a sentence: anybody on this computer may read a command line.
WHAT = {
    "couples": (0, 0, "couples"),
    "add": (0, 2, "add"),
    "seen": (2, 2, "seen 4f2a9c10 A --on 2026-03-01"),
    "hold": (1, 1, "hold 4f2a9c10"),
    "release": (1, 1, "release 4f2a9c10"),
    "open": (0, 1, "open"),
    "review": (1, 1, "review last"),
    "label": (0, 20, "label 2"),
    "note": (1, 1, "note 20260301-1930"),
    "homeplan": (1, 1, "homeplan 4f2a9c10 --practice relaxed-and-alert --times 3"),
    "erase": (1, 1, "erase 4f2a9c10"),
    "passphrase": (0, 0, "passphrase"),
    "recover": (0, 0, "recover"),
    "backup": (0, 0, "backup --out /media/stick"),
    "restore": (1, 1, "restore coreg-clinic-20260301-210510.coreg-backup"),
    "log": (0, 0, "log"),
}
_PAGES = ("open",)


def add_commands(commands: Commands) -> None:
    """Add `clinic`."""
    command = add_command(
        commands,
        "clinic",
        "coreg.cli.clinic:run",
        does="for a therapist: couples, each in a folder of its own",
        about="For a therapist. Each couple has a data folder of its own, and you have "
        "a sealed book beside them; your passphrase opens both. `couples` lists them "
        "and says whether each is ready; `add` asks for a first name or a code of each "
        "and enters them; `seen COUPLE A` notes the day on which you saw one of them "
        "alone, and nothing else; `hold COUPLE` keeps a couple from practising until "
        "`release COUPLE`; by itself it opens your console, with the list of couples, "
        "and `open COUPLE` opens it with one of them; `erase COUPLE` erases all "
        "that is kept of them; `passphrase` chooses another one, and `recover` does "
        "so with your recovery key; `backup` writes the book and every couple's "
        "folder into one file, locked as they are, and `restore FILE` brings them "
        "back to where there is no clinic; `log` lists when it was opened, changed, "
        "copied or something was erased, never of whom. Without a terminal, or with "
        "--app, your pages ask for the passphrase. COUPLE is the id "
        "that `couples` lists, which says nothing of whose it is; a name works, too, "
        "but whoever uses this computer may read a command line while it runs, and a "
        "shell keeps it. "
        "`review SESSION` goes along an hour with your marks and notes, for your eyes; "
        "`label KEY` asks what one of the keys 1 to 5 stands for when you set marks; "
        "`note SESSION` prints a factual note to copy: date, who was there, practice, "
        "minutes, number of pauses, signal, plan for home, when each was seen alone; "
        "nothing else. `homeplan COUPLE` shows the plan for home and what came of it, "
        "or with --practice makes one, which both read and neither changes, and asks "
        "for one sentence of why; --out "
        "writes it as a file for their own computer (`coreg plan import FILE`).",
        example="coreg clinic add",
    )
    command.set_defaults(refuse=_refused)
    command.add_argument(
        "what",
        nargs="?",
        choices=sorted(WHAT),
        default="open",
        help="what to do (default: open)",
    )
    command.add_argument("words", nargs="*", metavar="WORD", help="what it needs")
    command.add_argument(
        "--on",
        type=day,
        metavar="DAY",
        help="with seen: the day, as 2026-03-01 (default: today)",
    )
    command.add_argument(
        "--simulate",
        action="store_true",
        help="with open: practise with made-up hearts, to try it out",
    )
    command.add_argument(
        "--seed", type=whole, metavar="SEED", help="with --simulate: which (default: 1)"
    )
    command.add_argument(
        "--speed",
        type=speed,
        metavar="SPEED",
        help="with --simulate: how many times faster than life (default: 1)",
    )
    command.add_argument(
        "--app",
        action="store_true",
        help="with open: for a start without a terminal, as from a menu: a page asks "
        "for the passphrase, nothing is printed, and it ends when the last page was "
        "closed five minutes ago",
    )
    _add_home_plan(command)
    add_page_options(command)
    add_phone_options(command)
    add_json(command)


def _add_home_plan(command: argparse.ArgumentParser) -> None:
    practice = command.add_argument(
        "--practice", metavar="PRACTICE", help="with homeplan: which practice"
    )
    completed_by(practice, practice_names)
    command.add_argument(
        "--times",
        type=above_none,
        metavar="N",
        help="with homeplan: how often a week (default: 3; a harder practice: 1)",
    )
    command.add_argument(
        "--until",
        type=day,
        metavar="DAY",
        help="with homeplan: its last day (default: four weeks from today)",
    )
    command.add_argument(
        "--why",
        metavar="SENTENCE",
        help="with homeplan: one sentence of why (default: it asks, which no other "
        "user of this computer can read)",
    )
    command.add_argument(
        "--end", action="store_true", help="with homeplan: end it before its day"
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="PLACE",
        help="with homeplan: write it to this file; with backup: a folder, or a name "
        "for the file (default: here)",
    )


def day(text: str) -> dt.date:
    """Return a day, for argparse."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a day, such as 2026-03-01"
        ) from None


def _refused(given: argparse.Namespace) -> str:
    """Refuse what does not go with what is asked for."""
    least, most, example = WHAT[given.what]
    is_one_name = given.what == "add" and len(given.words) == 1
    if is_one_name or not least <= len(given.words) <= most:
        return f"write it as in: coreg clinic {example}"
    is_given = {
        "--on": (("seen",), given.on is not None),
        "--simulate": (_PAGES, given.simulate),
        "--no-browser": (_PAGES, given.no_browser),
        "--port": (_PAGES, given.port is not None),
        "--lan": (_PAGES, given.lan),
        "--app": (_PAGES, given.app),
        "--json": (("couples", "log"), given.json),
        "--practice": (("homeplan",), given.practice is not None),
        "--times": (("homeplan",), given.times is not None),
        "--until": (("homeplan",), given.until is not None),
        "--why": (("homeplan",), given.why is not None),
        "--end": (("homeplan",), given.end),
        "--out": (("homeplan", "backup"), given.out is not None),
    }
    for option, (where, is_there) in is_given.items():
        if is_there and given.what not in where:
            return f"{option} is only for: coreg clinic {WHAT[where[0]][2]}"
    return _refused_of_words(given) or _refused_of_plan(given, example)


def _refused_of_words(given: argparse.Namespace) -> str:
    if given.app and (given.words or given.no_browser):
        return "--app opens your list of couples in a browser: leave out the rest"
    for option in ("seed", "speed"):
        if getattr(given, option) is not None and not given.simulate:
            return f"--{option} is only for made-up hearts. Add --simulate"
    if given.what == "seen" and given.words[1].upper() not in {"A", "B"}:
        return "say which of the two, as in: coreg clinic seen 4f2a9c10 A"
    return ""


def _refused_of_plan(given: argparse.Namespace, example: str) -> str:
    for option in ("times", "until", "why"):
        if getattr(given, option) is not None and given.practice is None:
            return f"--{option} needs a practice, as in: coreg clinic {example}"
    if given.why is not None and not given.why.strip():
        return "a plan for home says in one sentence why. Leave out --why to be asked"
    if given.end and given.practice is not None:
        return "--end ends the plan that there is: leave out --practice"
    return ""
