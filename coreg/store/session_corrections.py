"""Corrections of one heart of a session: a file beside it, as locked as its folder.

Strategy.

1. They lie beside the session as `ID.A.corrections.toml`; its log is never written.
   The file is that of any recording (`store.corrections`), and says who made it and
   when.
2. In a locked folder the text lies sealed in it, for when a heart beat oddly is told by
   nobody's passphrase but the folder's. A file says itself which of both it is, so one
   that was left half way when the folder was locked is read, too.
3. They go with what they are of: with the session, and with the heart. So nothing is
   written where the one or the other is gone, whoever has an editor open still.
"""

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from typing import Final

from coreg.base.whole_file import overwritten_once_replaced, sync_folder
from coreg.errors import BadCorrectionsError, HeartGone, StorageUnusable
from coreg.facts.events import Partner
from coreg.store import keys
from coreg.store.corrections import SUFFIX, MadeBy, text_in, write_corrections
from coreg.store.folder import folder_of
from coreg.store.reader import read_head
from coreg.words import system_said, wrong_and_do

THERAPIST: Final = "therapist"
"""Who corrects from a clinic's pages: there is nobody else's."""
_SEALED: Final = "coreg sealed corrections 1\n"
_LARGEST_BYTES: Final = 600_000  # of what is sealed, written in letters
_ABOUT: Final = "coreg corrections 1"


def session_corrections_path(session: Path, partner: Partner) -> Path:
    """Return where corrections of one heart of a session lie.

    Examples
    --------
    >>> session = Path("sessions/20260301-193000-7f3a.coreg")
    >>> session_corrections_path(session, Partner.A).name
    '20260301-193000-7f3a.A.corrections.toml'
    """
    return session.with_name(f"{session.stem}.{partner}{SUFFIX}")


class KeptBesideSession:
    """Where `by` keeps what is corrected of one heart of a session; `utc` says when."""

    is_of_session: Final = True

    def __init__(
        self, session: Path, partner: Partner, *, by: str, utc: Callable[[], str]
    ) -> None:
        self._session, self._partner = session, partner
        self._by, self._utc = by, utc

    @property
    def place(self) -> Path:
        """Where the file lies."""
        return session_corrections_path(self._session, self._partner)

    def text(self) -> str | None:
        """Return what is kept, unsealed (`text_of_session`)."""
        return text_of_session(self._session, self._partner)

    def made(self) -> MadeBy | None:
        """Return who corrects now."""
        return MadeBy(by=self._by, utc=self._utc())

    def write(self, text: str) -> None:
        """Keep this text, as locked as its folder (`write_text_of_session`)."""
        write_text_of_session(self._session, self._partner, text)


def text_of_session(session: Path, partner: Partner) -> str | None:
    """Return the text of one heart's corrections, unsealed; None where there is none.

    Raises
    ------
    BadCorrectionsError
        If it cannot be read, or was sealed elsewhere.
    StorageLocked
        If it is locked, and nobody opened its folder.
    """
    path = session_corrections_path(session, partner)
    if not path.exists():
        return None
    text = text_in(path, _LARGEST_BYTES)
    box = _box(text)
    if box is None:
        return text
    vault = keys.vault_of(folder_of(session))
    try:
        if vault is None:
            raise ValueError  # noqa: TRY301 - it is told as all others that do not open
        return vault.library_seal().unsealed(box, _about(path)).decode()
    except ValueError:
        told = wrong_and_do("errors.corrections.sealed", file=path.name)
        raise BadCorrectionsError(*told) from None


def write_text_of_session(session: Path, partner: Partner, text: str) -> None:
    """Write the text of one heart's corrections, sealed where its folder is locked.

    Raises
    ------
    HeartGone, SessionNotFound
        If the heart or the session is there no more.
    StorageLocked
        If its folder is locked, and nobody opened it.
    StorageUnusable
        If it cannot be written.
    """
    if read_head(session).erased is partner:
        raise HeartGone(*wrong_and_do("errors.corrections.heart-gone"))
    _write(session, partner, text, keys.vault_of(folder_of(session)))


def write_corrections_anew(folder: Path, session: Path, *, is_locked: bool) -> None:
    """Write a session's corrections as they should lie, sealed or open.

    Raises
    ------
    CoregError
        If one cannot be read or written.
    """
    vault = keys.vault_of(folder) if is_locked else None
    for partner in Partner:
        path = session_corrections_path(session, partner)
        if not path.exists():
            continue
        if (_box(text_in(path, _LARGEST_BYTES)) is not None) == is_locked:
            continue
        text = text_of_session(session, partner)
        if text is not None:
            with overwritten_once_replaced(path):
                _write(session, partner, text, vault)


def forget_corrections(session: Path, partners: tuple[Partner, ...]) -> None:
    """Remove the corrections of these hearts of a session.

    Raises
    ------
    StorageUnusable
        If one cannot be removed.
    """
    try:
        for partner in partners:
            session_corrections_path(session, partner).unlink(missing_ok=True)
        sync_folder(session.parent)
    except OSError as error:
        told = wrong_and_do(
            "errors.session.unerasable", session=session.stem, why=system_said(error)
        )
        raise StorageUnusable(*told) from error


def _write(
    session: Path, partner: Partner, text: str, vault: keys.Vault | None
) -> None:
    path = session_corrections_path(session, partner)
    if vault is not None:
        box = vault.library_seal().sealed(text.encode(), _about(path))
        text = f"{_SEALED}{base64.b64encode(box).decode()}\n"
    write_corrections(path, text)


def _about(path: Path) -> bytes:
    """Return what is sealed as what: another heart's, or session's, does not open."""
    return f"{_ABOUT} {path.name}".encode()


def _box(text: str) -> bytes | None:
    """Return what was sealed; None where the text lies open."""
    if not text.startswith(_SEALED):
        return None
    try:
        return base64.b64decode(text.removeprefix(_SEALED).strip(), validate=True)
    except binascii.Error:
        return b""  # which opens with no key
