r"""The keys of a data folder that is locked with a passphrase.

::

    passphrase --scrypt--> K --locks--> the folder's key --gives--> the library's key
    recovery key ----------> R --locks--/                \--wraps--> each session's key

1. The folder's key is chance and never changes: another passphrase locks the same key
   anew, and nothing has to be sealed again.
2. Each session has a key of its own, which lies wrapped in its file and goes with it.
3. `keys.json` holds no key that opens anything by itself. It is checked and kept twice,
   as the library is: without it, nothing could be opened again.
4. The recovery key is 128 bits of chance, to be written on paper, with a check that
   finds a slip of the pen. It is shown once and kept nowhere. Whoever has lost both has
   lost what is locked; nobody can help.
5. Which folders are open is a fact about this process (`hold`, `let_go`): whoever reads
   or writes in a locked folder that is not open is refused, and never writes in clear.
"""

import hashlib
import json
import secrets
import threading
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from coreg.base.bounds import json_of
from coreg.base.kept_twice import KeptTwice, NotAsWritten
from coreg.errors import PassphraseRefused, StorageLocked, StorageUnusable
from coreg.store.passcode import USUAL_COST, Cost
from coreg.store.sealing import KEY_BYTES, Seal, key_for, new_key
from coreg.words import say, system_said, wrong_and_do

KEYS_NAME = "keys.json"
FORMAT = 1
SHORTEST, LONGEST = 10, 200
_FEWEST_SIGNS = 5  # different ones: "aaaaaaaaaa" is long and no secret
_ROWS = ("1234567890" * 2, "qwertyuiop" * 2, "qwertzuiop", "abcdefghijklmnopqrstuvwxyz")
_WHAT = "keys"
_LARGEST_BYTES = 10_000
_SALT_BYTES, _RECOVERY_BYTES = 16, 16
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nobody mistakes a sign
_MISTAKEN = str.maketrans("ILO", "110")
_CHECK_BITS, _GROUP = 12, 4
_RECOVERY_SIGNS = (8 * _RECOVERY_BYTES + _CHECK_BITS) // 5
_FOR_LIBRARY, _FOR_SESSIONS = "coreg library 1", "coreg session keys 1"
_ID = "coreg key id 1"
_BY_PASSPHRASE, _BY_RECOVERY = b"coreg folder key 1", b"coreg recovery 1"
_SESSION_KEY = b"coreg session key 1"


@dataclass(frozen=True, slots=True)
class Vault:
    """A data folder's key, unlocked, and what it opens."""

    key: bytes = field(repr=False)

    def id_(self) -> str:
        """Return what this key is known by, which tells nothing of it."""
        return key_for(self.key, _ID)[:16].hex()

    def library_seal(self) -> Seal:
        """Return what the library is sealed with."""
        return Seal(key_for(self.key, _FOR_LIBRARY))

    def new_session_key(self) -> tuple[bytes, Seal]:
        """Return a new session's key, wrapped, and the seal that it is."""
        key = new_key()
        wrapped = Seal(key_for(self.key, _FOR_SESSIONS)).sealed(key, _SESSION_KEY)
        return wrapped, Seal(key)

    def session_seal(self, wrapped: bytes) -> Seal:
        """Return the seal of a session whose key lies wrapped in it.

        Raises
        ------
        ValueError
            If it was wrapped in another data folder, or was changed.
        """
        return Seal(
            Seal(key_for(self.key, _FOR_SESSIONS)).unsealed(wrapped, _SESSION_KEY)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    """What `keys.json` says: the folder's key, locked in two ways."""

    id_: str
    cost: Cost
    salt: bytes
    by_passphrase: bytes
    by_recovery: bytes


# --- which folders are open -----------------------------------------------------

_open: dict[Path, Vault] = {}
_one_at_a_time = threading.Lock()


def hold(folder: Path, vault: Vault) -> None:
    """Keep a folder open in this process, until `let_go`."""
    with _one_at_a_time:
        _open[folder.resolve()] = vault


def let_go(folder: Path) -> None:
    """Forget a folder's key: what is locked there stays closed."""
    with _one_at_a_time:
        _open.pop(folder.resolve(), None)


def vault_of(folder: Path) -> Vault | None:
    """Return what opens a folder; None where it is not locked.

    Raises
    ------
    StorageLocked
        If it is locked, and nobody opened it.
    """
    if not is_locked(folder):
        let_go(folder)  # another program may have given the lock up meanwhile
        return None
    vault = _open.get(folder.resolve())
    # One that was locked anew meanwhile has other keys: nothing goes under old ones.
    if vault is None or vault.id_() != _read(folder).id_:
        raise closed()
    return vault


def session_seal(wrapped: bytes) -> Seal:
    """Return the seal of a session, wherever it lies now, by a folder that is open.

    Raises
    ------
    StorageLocked
        If none is open whose key it was wrapped with.
    """
    for vault in list(_open.values()):
        try:
            return vault.session_seal(wrapped)
        except ValueError:
            continue
    raise closed()


def closed() -> StorageLocked:
    """Return what says that something is locked."""
    return StorageLocked(*wrong_and_do("errors.lock.closed"))


# --- the file of keys -----------------------------------------------------------


def is_locked(folder: Path) -> bool:
    """Whether a data folder is locked with a passphrase."""
    return _kept(folder).is_there()


def lock_with(
    folder: Path, passphrase: str, *, cost: Cost = USUAL_COST
) -> tuple[Vault, str]:
    """Give a folder its keys; return what opens it, and the recovery key to be shown.

    Raises
    ------
    PassphraseRefused
        If the passphrase is too short or too easy, or there is one already.
    StorageUnusable
        If the keys cannot be written.
    """
    need_passphrase(passphrase)
    if is_locked(folder):
        told = wrong_and_do("errors.lock.chosen-already")
        raise PassphraseRefused(*told, why="passphrase-chosen")
    vault = Vault(new_key())
    return vault, _write(folder, vault, passphrase, cost)


def opened_with(folder: Path, passphrase: str) -> Vault:
    """Return what opens a folder.

    Raises
    ------
    PassphraseRefused
        If it is not the passphrase.
    StorageUnusable
        If the keys cannot be read, or are damaged.
    """
    keys = _read(folder)
    try:
        seal = Seal(_passphrase_key(passphrase, keys.salt, keys.cost))
    except ValueError as error:  # no such cost
        raise _broken(folder, say("errors.why.keys-not-as-written")) from error
    try:
        return Vault(seal.unsealed(keys.by_passphrase, _BY_PASSPHRASE))
    except ValueError:
        told = wrong_and_do("errors.lock.wrong")
        raise PassphraseRefused(*told, why="passphrase-wrong") from None


def recovered_with(folder: Path, recovery_key: str) -> Vault:
    """Return what opens a folder, by the recovery key.

    Raises
    ------
    PassphraseRefused
        If it is not the recovery key.
    StorageUnusable
        If the keys cannot be read, or are damaged.
    """
    seal = _recovery_seal(_recovery_bytes(recovery_key))
    try:
        return Vault(seal.unsealed(_read(folder).by_recovery, _BY_RECOVERY))
    except ValueError:
        told = wrong_and_do("errors.lock.recovery-wrong")
        raise PassphraseRefused(*told, why="recovery-wrong") from None


def choose_anew(
    folder: Path, vault: Vault, passphrase: str, *, cost: Cost = USUAL_COST
) -> str:
    """Lock an open folder with another passphrase; return its new recovery key.

    The old passphrase and the old recovery key open this folder no more. With a copy of
    its `keys.json` from before, they still do.

    Raises
    ------
    PassphraseRefused
        If the passphrase is too short or too easy.
    StorageUnusable
        If the keys cannot be written.
    """
    need_passphrase(passphrase)
    return _write(folder, vault, passphrase, cost)


def forget_keys(folder: Path) -> None:
    """Take a folder's keys away: what is still locked with them stays so for ever.

    Raises
    ------
    StorageUnusable
        If they cannot be removed.
    """
    let_go(folder)
    try:
        _kept(folder).erase()
    except OSError as error:
        raise _unwritten(folder, error) from error


def check_keys(folder: Path) -> str:
    """Return what is wrong with a folder's keys, empty where nothing is."""
    kept = _kept(folder)
    if not kept.is_there():
        return ""
    try:
        return "" if kept.read().is_twice else say("errors.why.one-key-damaged")
    except NotAsWritten as error:
        return str(error)
    except OSError as error:
        return system_said(error)


def mend_keys(folder: Path) -> None:
    """Write the keys anew where one of both is damaged or missing.

    Raises
    ------
    StorageUnusable
        If neither can be read, or they cannot be written.
    """
    kept = _kept(folder)
    try:
        found = kept.read()
        if not found.is_twice:
            kept.write(found.format_, found.content)
    except NotAsWritten as error:
        raise _broken(folder, str(error)) from error
    except OSError as error:
        raise _unwritten(folder, error) from error


def need_passphrase(passphrase: str) -> None:
    """Raise unless this can be a passphrase.

    Raises
    ------
    PassphraseRefused
        Saying why not.

    Examples
    --------
    >>> need_passphrase("four words you remember")
    >>> need_passphrase("12345")
    Traceback (most recent call last):
    coreg.errors.PassphraseRefused: A passphrase has at least 10 characters. Take four \
words that only you put together.
    """
    plain = _plain(passphrase)
    if len(plain) > LONGEST:
        told = wrong_and_do("errors.lock.long", most=LONGEST)
        raise PassphraseRefused(*told, why="passphrase-long")
    if len(plain) < SHORTEST:
        told = wrong_and_do("errors.lock.short", least=SHORTEST)
        raise PassphraseRefused(*told, why="passphrase-short")
    folded = plain.casefold()
    is_row = any(folded in row or folded[::-1] in row for row in _ROWS)
    if len(set(folded)) < _FEWEST_SIGNS or is_row or folded.startswith("password"):
        raise PassphraseRefused(
            *wrong_and_do("errors.lock.easy"), why="passphrase-easy"
        )


def _write(folder: Path, vault: Vault, passphrase: str, cost: Cost) -> str:
    salt = secrets.token_bytes(_SALT_BYTES)
    by_passphrase = Seal(_passphrase_key(passphrase, salt, cost))
    recovery = secrets.token_bytes(_RECOVERY_BYTES)
    told = {
        "id": vault.id_(),
        "cost": {"n": cost.n, "r": cost.r, "p": cost.p},
        "salt": salt.hex(),
        "passphrase": by_passphrase.sealed(vault.key, _BY_PASSPHRASE).hex(),
        "recovery": _recovery_seal(recovery).sealed(vault.key, _BY_RECOVERY).hex(),
    }
    try:
        _kept(folder).write(FORMAT, json.dumps(told).encode())
    except OSError as error:
        raise _unwritten(folder, error) from error
    return _recovery_text(recovery)


def _read(folder: Path) -> _Keys:
    try:
        found = _kept(folder).read()
        told = json_of(found.content.decode(), _LARGEST_BYTES)
    except (NotAsWritten, ValueError) as error:
        raise _broken(folder, _told(error)) from error
    except OSError as error:
        raise _unwritten(folder, error) from error
    if found.format_ != FORMAT:
        raise StorageUnusable(*wrong_and_do("errors.lock.newer", folder=folder))
    try:
        return _Keys(
            id_=str(told["id"]),
            cost=Cost(**told["cost"]),
            salt=bytes.fromhex(told["salt"]),
            by_passphrase=bytes.fromhex(told["passphrase"]),
            by_recovery=bytes.fromhex(told["recovery"]),
        )
    except (TypeError, ValueError, LookupError) as error:
        raise _broken(folder, say("errors.why.keys-not-as-written")) from error


def _kept(folder: Path) -> KeptTwice:
    return KeptTwice(folder / KEYS_NAME, _WHAT)


def _passphrase_key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    scrypt = Scrypt(salt=salt, length=KEY_BYTES, n=cost.n, r=cost.r, p=cost.p)
    return scrypt.derive(_plain(passphrase).encode())


def _plain(passphrase: str) -> str:
    """Return a passphrase as every keyboard writes it, however wide its spaces."""
    return " ".join(unicodedata.normalize("NFKC", passphrase).split())


def _recovery_seal(recovery: bytes) -> Seal:
    return Seal(key_for(recovery, "coreg recovery 1"))


def _recovery_text(recovery: bytes) -> str:
    """Return a recovery key as it is written on paper, its check behind it."""
    bits = int.from_bytes(recovery) << _CHECK_BITS | _check(recovery)
    signs = [
        _LETTERS[bits >> 5 * place & 31] for place in reversed(range(_RECOVERY_SIGNS))
    ]
    groups = ["".join(signs[at : at + _GROUP]) for at in range(0, len(signs), _GROUP)]
    return "-".join(groups)


def _recovery_bytes(text: str) -> bytes:
    """Return what a recovery key says, as somebody typed it off a sheet of paper."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_MISTAKEN)
    signs = [sign for sign in plain if sign in _LETTERS]
    bits = 0
    for sign in signs:
        bits = bits << 5 | _LETTERS.index(sign)
    recovery = (bits >> _CHECK_BITS).to_bytes(len(signs))[-_RECOVERY_BYTES:]
    is_whole = len(signs) == _RECOVERY_SIGNS
    if not (is_whole and bits & (1 << _CHECK_BITS) - 1 == _check(recovery)):
        told = wrong_and_do("errors.lock.recovery-slip", signs=_RECOVERY_SIGNS)
        raise PassphraseRefused(*told, why="recovery-slip")
    return recovery


def _check(recovery: bytes) -> int:
    digest = hashlib.sha256(recovery).digest()
    return int.from_bytes(digest[:2]) >> 16 - _CHECK_BITS


def _broken(folder: Path, why: str) -> StorageUnusable:
    return StorageUnusable(*wrong_and_do("errors.lock.broken", folder=folder, why=why))


def _told(error: ValueError) -> str:
    """Return in words what is wrong with what was kept; others are a parser's."""
    if isinstance(error, NotAsWritten):
        return str(error)
    return say("errors.why.keys-not-as-written")


def _unwritten(folder: Path, error: OSError) -> StorageUnusable:
    return StorageUnusable(
        *wrong_and_do("errors.lock.unwritten", folder=folder, why=system_said(error))
    )
