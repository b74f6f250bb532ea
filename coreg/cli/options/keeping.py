"""What commands about all that is kept take: backup, restore, export, log, lock."""

from pathlib import Path

from coreg.cli.options import exporting
from coreg.cli.options.parsing import Commands, add_command, add_json
from coreg.facts.kinds import Partner


def add_commands(commands: Commands) -> None:
    """Add `lock`, `backup`, `restore`, `export` and `log`."""
    _add_lock(commands)
    back = add_command(
        commands,
        "backup",
        "coreg.cli.keeping:run_backup",
        does="copy everything into one file",
        about="Copy everything into one file, locked if it is locked here. This works "
        "during a practice, too.",
        example="coreg backup --out /media/stick",
        reads_sessions=True,
    )
    back.add_argument(
        "--out",
        type=Path,
        default=Path(),
        metavar="PLACE",
        help="a folder, or a name for the file (default: here)",
    )
    restored = add_command(
        commands,
        "restore",
        "coreg.cli.keeping:run_restore",
        does="bring a backup back into an empty data folder",
        example="coreg restore coreg-20260301-210510.coreg-backup",
    )
    restored.add_argument("backup", type=Path, metavar="FILE")
    exporting.add_export(commands)
    log = add_command(
        commands,
        "log",
        "coreg.cli.keeping:run_log",
        does="show when pages were opened, copied or deleted",
        about="Show when pages were opened, written, copied, backed up or deleted. What"
        " was done with one person's own pages is shown only to that person, who "
        "gives the passcode.",
        example="coreg log --person A",
        reads_sessions=True,
    )
    log.add_argument(
        "--person",
        choices=list(Partner),
        metavar="PERSON",
        help="A or B: also what was done with that person's own pages; asks for their "
        "passcode",
    )
    add_json(log)


def _add_lock(commands: Commands) -> None:
    command = add_command(
        commands,
        "lock",
        "coreg.cli.lock:run",
        does="lock everything with a passphrase",
        about="Lock everything with a passphrase, so that nobody who takes this "
        "computer or its disk can read it. Pages drawn into the data folder go; "
        "they can be drawn again.",
        example="coreg lock",
    )
    what = command.add_mutually_exclusive_group()
    what.add_argument(
        "--change",
        action="store_true",
        help="choose another passphrase; you also get a new recovery key",
    )
    what.add_argument(
        "--recover",
        action="store_true",
        help="you've lost the passphrase: open with the recovery key, and choose "
        "another",
    )
    what.add_argument(
        "--off",
        action="store_true",
        help="take the lock off again; asks for the passphrase",
    )
