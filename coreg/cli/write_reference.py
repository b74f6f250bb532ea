"""Write the part of docs/commands.md that the options themselves tell.

python -m coreg.cli.write_reference
"""

import argparse
from pathlib import Path

from coreg.base.whole_file import write_whole
from coreg.cli.options.whole import parser

REFERENCE = Path(__file__).parents[2] / "docs" / "commands.md"
BEGINS = "<!-- from here on made by: python -m coreg.cli.write_reference -->\n"


def main() -> None:
    """Write it anew."""
    by_hand = REFERENCE.read_text(encoding="utf-8").partition(BEGINS)[0]
    write_whole(REFERENCE, f"{by_hand}{BEGINS}{reference()}".encode())


def reference() -> str:
    """Return each command with its options, an example, and what they do."""
    top = parser()
    parts = ["\n## coreg\n", _table(top)]
    for name, command in _commands(top).items():
        example = str(command.epilog).removeprefix("Example: ")
        parts += [
            f"\n## coreg {name}\n",
            f"{command.description}\n",
            f"```sh\n{example}\n```\n",
            _table(command),
        ]
    return "\n".join(parts)


def _commands(top: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in _actions(top):
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            found.update(action.choices)
    return found


def _actions(command: argparse.ArgumentParser) -> list[argparse.Action]:
    return command._actions  # noqa: SLF001 - argparse tells them nowhere else


def _table(command: argparse.ArgumentParser) -> str:
    rows = [
        f"| `{_written(action)}` | {action.help or ''} |"
        for action in _actions(command)
        if not isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
        and "--help" not in action.option_strings
    ]
    return "\n".join(["| | |", "|---|---|", *rows, ""])


def _written(action: argparse.Action) -> str:
    """Return an option as it is typed, with what it takes."""
    if action.nargs == 0:
        return action.option_strings[-1]
    taken = action.metavar or (action.choices and "{" + ",".join(action.choices) + "}")
    name = taken or (action.dest.upper() if action.option_strings else action.dest)
    named = " ".join(name) if isinstance(name, tuple) else name
    if not action.option_strings:
        return f"[{named}]" if action.nargs == "?" else named
    more = f" [{named} ...]" if action.nargs == "+" else ""
    return f"{action.option_strings[-1]} {named}{more}"


if __name__ == "__main__":
    main()
