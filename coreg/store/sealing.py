"""Bytes sealed with a key that this computer holds only while it is needed.

AES-256-GCM (NIST SP 800-38D): what is sealed tells nothing but its length, and opens
only unchanged, and only as what it was sealed as. A nonce is 96 bits of chance, which
is good for 2^32 things under one key: no couple gets there.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


class Seal:
    """One key: seals, and opens what was sealed with it."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
        self._cipher = AESGCM(key)

    def sealed(self, clear: bytes, about: bytes) -> bytes:
        """Return what only this key opens, and only as `about` the same.

        Examples
        --------
        >>> seal = Seal(new_key())
        >>> box = seal.sealed(b"Ada", b"a name")
        >>> b"Ada" in box, seal.unsealed(box, b"a name")
        (False, b'Ada')
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, clear, about)

    def unsealed(self, box: bytes, about: bytes) -> bytes:
        """Return what was sealed.

        Raises
        ------
        ValueError
            If it was sealed with another key, as something else, or was changed since.
        """
        nonce, rest = box[:_NONCE_BYTES], box[_NONCE_BYTES:]
        if len(nonce) < _NONCE_BYTES:
            raise ValueError("nothing was sealed here")
        try:
            return self._cipher.decrypt(nonce, rest, about)
        except InvalidTag:
            raise ValueError("it does not open with this key") from None


def new_key() -> bytes:
    """Return a key that nobody had before."""
    return secrets.token_bytes(KEY_BYTES)


def key_for(key: bytes, purpose: str) -> bytes:
    """Return the key that one key gives for a purpose (HKDF-SHA-256, RFC 5869).

    No two purposes have the same one, and none of them gives back where it came from.
    """
    made = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return made.derive(key)
