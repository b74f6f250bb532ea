"""How a command line is read, and how a slip of the pen is answered."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast

from coreg.base.nearest import nearest
from coreg.base.plain_text import plain

Run = Callable[[argparse.Namespace], int]
Refuse = Callable[[argparse.Namespace], str]
"""Returns why options do not go together, or nothing."""


class Commands(Protocol):
    """Where a command is added to the command line."""

    def add_parser(self, name: str, **how: Any) -> argparse.ArgumentParser:
        """Add one command."""
        ...


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what was wrong, what was meant, where to read."""

    _words: Sequence[str] = ()

    def parse_known_args(  # type: ignore[override] # one of argparse's two ways is ours
        self,
        args: Sequence[str] | None = None,
        namespace: argparse.Namespace | None = None,
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, and remember the words for what may have to be said of them."""
        if args is not None:
            self._words = tuple(args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and exit with 2; all options at once would bury it."""
        line = plain(" ".join(message.removeprefix("argument ").split()))
        end = "" if line.endswith((".", "?")) else "."
        self.exit(2, f"{self.prog}: {line}{end} See: {self.prog} --help\n")

    def refuse_unknown(self, unknown: Sequence[str]) -> NoReturn:
        """Say which words have no place here, and what may have been meant."""
        first = next((each for each in unknown if each.startswith("-")), unknown[0])
        name = first.partition("=")[0]
        meant = nearest(name, self._options()) if name.startswith("-") else ""
        if meant:
            self.error(f"there is no {name} here. Did you mean {meant}?")
        self.error(f"there is no {name} here")

    def _options(self) -> list[str]:
        return [name for action in self._actions for name in action.option_strings]

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Take a value that may be chosen; of any other, say what was meant."""
        choices = [str(each) for each in action.choices or ()]
        if not choices or str(value) in choices:
            return
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            self._refuse_command(str(value), nearest(str(value), choices))
        raise argparse.ArgumentError(action, not_one_of(str(value), choices))

    def _refuse_command(self, word: str, meant: str) -> NoReturn:
        """Say that there is no such command, or that an option before it is none."""
        before = self._words[: self._words.index(word)] if word in self._words else ()
        for each in before:
            name = each.partition("=")[0]
            known = any(option.startswith(name) for option in self._options())
            if name.startswith("-") and not known:
                self.refuse_unknown([name])
        if meant:
            self.error(f"there is no command {word!r}. Did you mean {meant}?")
        self.error(f"there is no command {word!r}")


def not_one_of(word: str, choices: Sequence[str]) -> str:
    """Say that a word cannot be chosen, and what was meant or can be."""
    meant = nearest(word, choices)
    if meant:
        return f"{word!r} isn't one of the choices. Did you mean {meant}?"
    return f"{word!r} isn't one of the choices: {', '.join(choices)}"


def later(where: str) -> Run:
    """Return what fetches a command's work, `module:function`, when it is wanted."""

    def run(given: argparse.Namespace) -> int:
        module, _, name = where.partition(":")
        return cast("Run", getattr(import_module(module), name))(given)

    run.where = where  # type: ignore[attr-defined] # for tests, which fetch them all
    return run


def add_command(
    commands: Commands,
    name: str,
    run: str,
    *,
    does: str,
    example: str,
    about: str = "",
    reads_sessions: bool = False,
) -> argparse.ArgumentParser:
    """Add a command that says what it does, with an example.

    `run` is where its work is, `module:function`. `does` is what the list of commands
    says, `about` what its own help says where that is more. With `reads_sessions` a
    locked data folder is opened before it runs.
    """
    command = commands.add_parser(
        name,
        help=does,
        description=about or f"{does[0].upper()}{does[1:]}.",
        epilog=f"Example: {example}",
    )
    command.set_defaults(
        run=later(run),
        command=command,
        name=name,
        refuse=nothing_refused,
        reads_sessions=reads_sessions,
    )
    command.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,  # what stands before the command holds as well
        help=DATA_DIR_HELP,
    )
    return command


DATA_DIR_HELP = (
    "where everything is kept (default: $COREG_DATA_DIR, or else this user's data "
    "folder)"
)
OUT_HELP = (
    "the folder for the files (default: `pages` in the data folder; where they are is "
    "printed)"
)


def nothing_refused(_given: argparse.Namespace) -> str:
    """Refuse no options."""
    return ""


def add_json(command: argparse.ArgumentParser) -> None:
    """Let a command print JSON."""
    command.add_argument(
        "--json", action="store_true", help="print JSON (its keys: docs/commands.md)"
    )


def completed_by(action: argparse.Action, names: Callable[[], list[str]]) -> None:
    """Let a shell offer these names for an option or an argument."""

    def offer(prefix: str, **_more: object) -> list[str]:
        return [name for name in names() if name.startswith(prefix)]

    action.completer = offer  # type: ignore[attr-defined] # where argcomplete looks


def shipped(*folder: str) -> list[str]:
    """Return the names of the TOML files that come with coreg in one of its folders."""
    place = Path(__file__).parents[2].joinpath(*folder)
    return sorted(path.stem for path in place.glob("*.toml"))


def practice_names() -> list[str]:
    """Return the practices that come with coreg."""
    return shipped("exercises", "plans")


def practices_there() -> list[str]:
    """Return what a practice may be called: one that comes with coreg or one's own.

    Names of files, none opened.
    """
    # A TAB waits for these; `coreg --help` does not.
    from coreg.store.folder import data_location, practices_folder  # noqa: PLC0415

    own = practices_folder(data_location(None)).glob("[!.]*.toml")
    return [*practice_names(), *sorted(path.stem for path in own)]


def couple_names() -> list[str]:
    """Return the simulated couples that come with coreg."""
    return shipped("sensors", "simulation", "couples")
