"""A passcode of one's own, and the key that only it unlocks.

What somebody writes is sealed with a public key, which lies open, so that nobody has to
give a passcode in order to write; the private key, which alone unseals it, lies locked.

1. The passcode becomes a key by scrypt (RFC 7914), slow on purpose and salted.
2. That key locks the private one (AES-256-GCM), so a wrong passcode is known by itself.
3. Sealing is HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), bound to whose
   a thing is; each is padded, so that its length says little.

Four digits are ten thousand: they hold against somebody at this computer, whom waiting
slows down, and not against a copy of the file and a program. A few words hold against
both. Nothing here reads a clock or a file.
"""

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from coreg.errors import PasscodeRefused
from coreg.words import wrong_and_do

SHORTEST, LONGEST = 4, 200
FREE_TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 60.0, 900.0
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_SALT_BYTES, _KEY_BYTES, _NONCE_BYTES = 16, 32, 12
_PADDED_TO_BYTES = 256
_LOCKED_FOR = b"coreg private key 1"
_MOST_MEMORY_BYTES, _MOST_P = 512 * 2**20, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """How much work a try is: scrypt's N, r and p."""

    n: int
    r: int
    p: int

    def __post_init__(self) -> None:
        # A library from elsewhere must not use up this computer.
        is_small = self.memory_bytes <= _MOST_MEMORY_BYTES and self.p <= _MOST_P
        if min(self.n, self.r, self.p) < 1 or not is_small:
            raise ValueError(f"no such cost: {self}")

    @property
    def memory_bytes(self) -> int:
        """How much memory a try takes."""
        return 128 * self.n * self.r


USUAL_COST = Cost(n=2**17, r=8, p=1)  # 128 MiB; OWASP's first choice for scrypt


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedKey:
    """One person's keys as they lie in the library."""

    public: bytes
    salt: bytes
    cost: Cost
    locked: bytes


@dataclass(frozen=True, slots=True)
class OwnKey:
    """One person's private key, unlocked."""

    _private: X25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        """The public key that belongs to it."""
        return self._private.public_key().public_bytes_raw()

    def unsealed(self, sealed: bytes, about: str) -> bytes:
        """Return what was sealed for this key.

        Raises
        ------
        ValueError
            If it was sealed for another, about something else, or was changed since.
        """
        try:
            padded = _SUITE.decrypt(sealed, self._private, info=about.encode())
        except InvalidTag:
            raise ValueError("it does not open with this key") from None
        return padded.rstrip(b"\0")

    def locked(self, passcode: str, cost: Cost) -> LockedKey:
        """Return this key as it lies locked by a passcode."""
        salt = secrets.token_bytes(_SALT_BYTES)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        lock = AESGCM(_key_of(passcode, salt, cost))
        private = self._private.private_bytes_raw()
        return LockedKey(
            public=self.public,
            salt=salt,
            cost=cost,
            locked=nonce + lock.encrypt(nonce, private, _LOCKED_FOR),
        )


def new_key() -> OwnKey:
    """Return a key that nobody had before."""
    return OwnKey(X25519PrivateKey.generate())


def unlocked(locked: LockedKey, passcode: str) -> OwnKey | None:
    """Return the key that a passcode unlocks, None where it is the wrong one.

    Raises
    ------
    ValueError
        If what is locked is no key of ours.
    """
    lock = AESGCM(_key_of(passcode, locked.salt, locked.cost))
    nonce, private = locked.locked[:_NONCE_BYTES], locked.locked[_NONCE_BYTES:]
    try:
        raw = lock.decrypt(nonce, private, _LOCKED_FOR)
    except InvalidTag:
        return None
    key = OwnKey(X25519PrivateKey.from_private_bytes(raw))
    if key.public != locked.public:
        raise ValueError("the two halves of a key do not belong together")
    return key


def sealed(public: bytes, clear: bytes, about: str) -> bytes:
    """Return what only the private key of this public one opens.

    Parameters
    ----------
    clear
        Without a NUL at its end: that is what it is padded with.
    about
        What it belongs to; it opens as nothing else.

    Examples
    --------
    >>> key = new_key()
    >>> box = sealed(key.public, b"I was afraid.", "A's words of an evening")
    >>> b"afraid" in box, key.unsealed(box, "A's words of an evening")
    (False, b'I was afraid.')
    """
    padded = clear + b"\0" * (-len(clear) % _PADDED_TO_BYTES)
    key = X25519PublicKey.from_public_bytes(public)
    return _SUITE.encrypt(padded, key, info=about.encode())


def need_passcode(passcode: str, names: Iterable[str] = ()) -> None:
    """Raise unless this can be somebody's passcode; not one of these names.

    Raises
    ------
    PasscodeRefused
        Saying why not.

    Examples
    --------
    >>> need_passcode("4711")
    >>> need_passcode("1234")
    Traceback (most recent call last):
    coreg.errors.PasscodeRefused: That is guessed at once. Choose another one.
    """
    plain = _plain(passcode)
    if not SHORTEST <= len(plain) <= LONGEST:
        told = wrong_and_do("errors.passcode.length", least=SHORTEST, most=LONGEST)
        raise PasscodeRefused(*told, why="passcode-length")
    if _is_guessed_at_once(plain, names):
        raise PasscodeRefused(
            *wrong_and_do("errors.passcode.easy"), why="passcode-easy"
        )


def _is_guessed_at_once(plain: str, names: Iterable[str]) -> bool:
    """Whether it is a name, a year, a column of keys, a pair again, or signs in a row.

    What people take for four digits, and others try first (Bonneau, Preibusch and
    Anderson 2012): years, repeated pairs, runs, a keypad's middle column.
    """
    folded = plain.casefold()
    if folded in {_plain(name).casefold() for name in names} | {"2580", "0852"}:
        return True
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        return True
    if len(plain) != 4 or not plain.isdecimal():
        return False
    first, second = plain[:2], plain[2:]
    is_doubled = first[0] == first[1] and second[0] == second[1]
    return 1920 <= int(plain) <= 2030 or first == second or is_doubled


def wait_s(wrong: int, since_last_s: float) -> float:
    """Return how long to wait before the next try, after so many wrong ones in a row.

    The first five are free; then it takes a minute, two, four ... up to a quarter of
    an hour: all four-digit passcodes would take 104 days, and whoever is locked out by
    somebody else's tries waits no longer than that quarter.

    Examples
    --------
    >>> wait_s(4, 0.0), wait_s(5, 0.0), wait_s(6, 30.0), wait_s(60, 0.0)
    (0.0, 60.0, 90.0, 900.0)
    """
    if wrong < FREE_TRIES:
        return 0.0
    doublings = min(wrong - FREE_TRIES, 10)
    whole_s: float = min(FIRST_WAIT_S * float(2**doublings), LONGEST_WAIT_S)
    # A clock that was set back must not make it longer than the whole of it.
    return max(0.0, whole_s - max(0.0, since_last_s))


def since_s(now: datetime, last_utc: str) -> float:
    """Return how long ago a try was; 0 for one in a future, which no clock has seen."""
    last = datetime.fromisoformat(last_utc) if last_utc else now
    return max(0.0, (now - last).total_seconds())


def _key_of(passcode: str, salt: bytes, cost: Cost) -> bytes:
    scrypt = Scrypt(salt=salt, length=_KEY_BYTES, n=cost.n, r=cost.r, p=cost.p)
    return scrypt.derive(_plain(passcode).encode())


def _plain(passcode: str) -> str:
    """Return a passcode as every keyboard writes it: an accent is one sign or two."""
    return unicodedata.normalize("NFKC", passcode).strip()
