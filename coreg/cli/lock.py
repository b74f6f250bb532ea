"""`coreg lock`: a passphrase for all that is kept, another one, or none any more."""

import argparse
import getpass
import sys
from pathlib import Path

from coreg.cli.common import progress_of, say, tell
from coreg.cli.unlocking import open_folder, tell_left
from coreg.errors import CoregError, PassphraseRefused
from coreg.store import keys, locking
from coreg.store.folder import data_folder, library_lock

_RECOVERY = """
Write this recovery key on paper, and keep it where you'll find it in a year's time:

    {key}

It opens everything if you forget the passphrase, and it won't be shown again. If you
lose both, what you keep here is lost; nobody can help.
"""


def run(given: argparse.Namespace) -> int:
    """Lock, change, recover or give it up."""
    folder = data_folder(given.data_dir)
    if not sys.stdin.isatty():
        raise CoregError(
            "A passphrase has to be typed at a terminal.",
            "Run this in one, or choose it on the pages, under Settings.",
        )
    with library_lock(folder):
        if given.off:
            return _off(folder)
        if given.recover:
            return _recover(folder)
        if given.change:
            return _change(folder)
        return _lock(folder)


def _lock(folder: Path) -> int:
    if keys.is_locked(folder):
        raise PassphraseRefused(
            "There's already a passphrase.",
            "To change it: coreg lock --change. Forgotten it? coreg lock --recover",
            why="passphrase-chosen",
        )
    locked = locking.lock(folder, _chosen(), tell=progress_of(" evenings"), shown=_show)
    tell_left(locked.left)
    return 0


def _change(folder: Path) -> int:
    _need_lock(folder)
    open_folder(folder)
    return _anew(folder)


def _recover(folder: Path) -> int:
    _need_lock(folder)
    keys.hold(folder, keys.recovered_with(folder, input("Recovery key: ")))
    return _anew(folder)


def _anew(folder: Path) -> int:
    vault = keys.vault_of(folder)
    if vault is None:
        raise keys.closed()
    recovery_key = keys.choose_anew(folder, vault, _chosen())
    _show(recovery_key)
    tell_left(locking.finish(folder, tell=progress_of(" evenings")))
    return 0


def _off(folder: Path) -> int:
    _need_lock(folder)
    open_folder(folder)
    left = locking.unlock_for_good(folder, tell=progress_of(" evenings"))
    tell_left(left)
    if left:
        tell("So the lock stays on.")
        return 1
    say("Nothing is locked any more: anyone who can read this computer's disk can read")
    say("what you keep here.")
    return 0


def _need_lock(folder: Path) -> None:
    if not keys.is_locked(folder):
        raise PassphraseRefused(
            "There is no passphrase yet.", "Choose one: coreg lock", why="no-passphrase"
        )


def _chosen() -> str:
    passphrase = getpass.getpass("New passphrase (four words you'll remember): ")
    keys.need_passphrase(passphrase)
    if getpass.getpass("Once more: ") != passphrase:
        raise PassphraseRefused(
            "They aren't the same.", "Try again.", why="passphrase-differs"
        )
    return passphrase


def _show(recovery_key: str) -> None:
    """Show the recovery key before anything that takes long."""
    for line in _RECOVERY.format(key=recovery_key).splitlines():
        say(line)
