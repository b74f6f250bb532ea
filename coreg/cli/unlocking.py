"""Opening a locked data folder at a terminal: the passphrase is never an argument."""

import getpass
import sys
from pathlib import Path

from coreg.cli.common import tell
from coreg.errors import PassphraseRefused, StorageLocked
from coreg.store import keys, locking
from coreg.words import say, wrong_and_do

_TRIES = 3


def open_folder(folder: Path) -> None:
    """Ask for the passphrase of a folder that is locked, and keep it open.

    Raises
    ------
    PassphraseRefused
        If it is not the passphrase, three times.
    StorageLocked
        If nobody is there to be asked.
    """
    if not keys.is_locked(folder):
        return
    if not sys.stdin.isatty():
        raise StorageLocked(*wrong_and_do("terminal.locked"))
    for left in reversed(range(_TRIES)):
        try:
            passphrase = getpass.getpass(say("terminal.ask.passphrase"))
            vault = keys.opened_with(folder, passphrase)
        except PassphraseRefused as error:
            if not left:
                raise
            tell(str(error))
        else:
            keys.hold(folder, vault)
            return


def finish_locking(folder: Path) -> None:
    """Lock what still lies open in a folder that is open here; say what cannot be.

    Only who alone writes to this data folder can ask for it.
    """
    if keys.is_locked(folder):
        tell_left(locking.finish(folder))


def tell_left(left: dict[str, str]) -> None:
    """Say which sessions could not be written anew, and why."""
    for name, wrong in left.items():
        tell(say("terminal.left-as-it-is", session=name, why=wrong))
