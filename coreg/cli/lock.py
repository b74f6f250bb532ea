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
from coreg.words import say as word, wrong_and_do

_EVENINGS = "terminal.evenings-done-of"


def run(given: argparse.Namespace) -> int:
    """Lock, change, recover or give it up."""
    folder = data_folder(given.data_dir)
    if not sys.stdin.isatty():
        raise CoregError(*wrong_and_do("terminal.passphrase-typed"))
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
        told = wrong_and_do("terminal.lock.chosen-already")
        raise PassphraseRefused(*told, why="passphrase-chosen")
    locked = locking.lock(folder, _chosen(), tell=progress_of(_EVENINGS), shown=_show)
    tell_left(locked.left)
    return 0


def _change(folder: Path) -> int:
    _need_lock(folder)
    open_folder(folder)
    return _anew(folder)


def _recover(folder: Path) -> int:
    _need_lock(folder)
    keys.hold(
        folder, keys.recovered_with(folder, input(word("terminal.ask.recovery-key")))
    )
    return _anew(folder)


def _anew(folder: Path) -> int:
    vault = keys.vault_of(folder)
    if vault is None:
        raise keys.closed()
    recovery_key = keys.choose_anew(folder, vault, _chosen())
    _show(recovery_key)
    tell_left(locking.finish(folder, tell=progress_of(_EVENINGS)))
    return 0


def _off(folder: Path) -> int:
    _need_lock(folder)
    open_folder(folder)
    left = locking.unlock_for_good(folder, tell=progress_of(_EVENINGS))
    tell_left(left)
    if left:
        tell(word("terminal.lock-stays"))
        return 1
    for line in word("terminal.lock-is-off").splitlines():
        say(line)
    return 0


def _need_lock(folder: Path) -> None:
    if not keys.is_locked(folder):
        told = wrong_and_do("terminal.lock.none-yet")
        raise PassphraseRefused(*told, why="no-passphrase")


def _chosen() -> str:
    passphrase = getpass.getpass(word("terminal.ask.new-passphrase"))
    keys.need_passphrase(passphrase)
    if getpass.getpass(word("terminal.ask.once-more")) != passphrase:
        told = wrong_and_do("terminal.lock.differ")
        raise PassphraseRefused(*told, why="passphrase-differs")
    return passphrase


def _show(recovery_key: str) -> None:
    """Show the recovery key before anything that takes long."""
    for line in word("terminal.recovery-key", key=recovery_key).splitlines():
        say(line)
