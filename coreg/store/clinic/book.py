"""The therapist's book: couples, when each was seen alone, marks and private notes.

Strategy.

1. It is one sealed file, written whole and kept twice (`base.kept_twice`). Its key is
   locked by the therapist's own passphrase (`store.keys`); no couple's folder has it,
   and no export of a couple's reads it. A note lies sealed from its first byte on.
2. Each couple's folder is locked with a key of its own, which stands in the book. So
   whoever opens the book opens every couple, and a folder that a couple takes along
   opens no other and not the book.
3. A couple's folder has the same passphrase at first: every command opens it there
   with `--data-dir`, as any folder that is locked.
4. Who writes takes turns. What was deleted is in no file afterwards.
"""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from coreg.base import clock, locks
from coreg.base.bounds import json_of
from coreg.base.kept_twice import KeptTwice, NotAsWritten
from coreg.errors import (
    BadInputError,
    EnoughTold,
    PassphraseRefused,
    StorageUnusable,
)
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.store import keys
from coreg.store.clinic.places import couple_folder, new_id
from coreg.store.clinic.records import (
    LONGEST_LABEL,
    LONGEST_LOG,
    LONGEST_NAME,
    LONGEST_NOTE,
    MARK_KEYS,
    About,
    Couple,
    Done,
    Heard,
    LogLine,
    Mark,
    Note,
    Told,
    in_time,
    with_heard,
    with_retold,
)
from coreg.store.clinic.written import as_json, told_in
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from coreg.store.passcode import USUAL_COST, Cost
from coreg.words import say, system_said, wrong_and_do

BOOK_NAME: Final = "therapist.book"
FORMAT: Final = 1
WHAT: Final = "book"
_ABOUT = b"coreg therapist's book 1"
_LARGEST_CHARS: Final = 64 * 1024 * 1024
_WAIT_S = 5.0


class Book:
    """The book of one clinic, whose keys this process holds (`open_clinic`).

    Raises
    ------
    StorageLocked
        From any call: if nobody gave the passphrase.
    StorageUnusable
        From any call: if the file cannot be read or written, or is not as it was left.
    """

    def __init__(self, clinic: Path) -> None:
        self.clinic = clinic
        self._kept = KeptTwice(clinic / BOOK_NAME, WHAT)

    def begin(self) -> None:
        """Write the first page: from then on, no book at all is one that was lost."""
        with self._turn():
            self._write(Told())

    # --- couples ----------------------------------------------------------------

    def couples(self) -> tuple[Couple, ...]:
        """Return every couple, by their names."""
        return tuple(sorted(self._read().couples, key=lambda each: each.called))

    def find(self, name: str) -> Couple:
        """Return a couple by id, the beginning of one, or one of its names.

        Raises
        ------
        BadInputError
            If nobody is called so, or more than one couple.
        """
        couples = self.couples()
        wanted = name.casefold().strip()
        exact = [each for each in couples if each.id_ == wanted]
        fitting = exact or [each for each in couples if _is_called(each, wanted)]
        if len(fitting) == 1:
            return fitting[0]
        what = "many" if fitting else "none"
        told = wrong_and_do(f"errors.clinic.couple-{what}", name=repr(name))
        raise BadInputError(*told)

    def add_couple(
        self,
        a: str,
        b: str,
        passphrase: str,
        *,
        is_made_up: bool = False,
        cost: Cost = USUAL_COST,
    ) -> Couple:
        """Make a couple's folder, locked from its first byte on, and enter the couple.

        Parameters
        ----------
        a, b : str
            A first name or a code each.
        passphrase : str
            The clinic's, which opens the couple's folder as well.

        Raises
        ------
        BadInputError
            If a name is empty, too long, or the other one's.
        """
        names = Both(*(" ".join(name.split()) for name in (a, b)))
        _need_names(names)
        couple = Couple(id_=new_id(), names=names, is_made_up=is_made_up)
        folder = data_folder(couple_folder(self.clinic, couple.id_))
        vault, _ = keys.lock_with(folder, passphrase, cost=cost)
        keys.hold(folder, vault)
        Library(folder).keep_names(*names)

        def add(told: Told) -> Told:
            key = (couple.id_, vault.key.hex())
            return replace(
                told, couples=(*told.couples, couple), keys=(*told.keys, key)
            )

        self._change(add)
        return couple

    def open_couple(self, couple_id: str) -> Path:
        """Open a couple's folder in this process; return where it is.

        Raises
        ------
        BadInputError
            If there is no such couple.
        StorageUnusable
            If its folder is locked no more: what is written there would lie in clear.
        """
        known = dict(self._read().keys)
        if couple_id not in known:
            told = wrong_and_do("errors.clinic.couple-none", name=repr(couple_id))
            raise BadInputError(*told)
        folder = couple_folder(self.clinic, couple_id)
        keys.hold(folder, keys.Vault(bytes.fromhex(known[couple_id])))
        # Which refuses where the folder has other keys by now.
        if keys.vault_of(folder) is None:
            told = wrong_and_do("errors.clinic.no-lock", folder=folder)
            raise StorageUnusable(*told)
        return folder

    def is_locked(self, couple_id: str) -> bool:
        """Whether a couple's folder has its lock still."""
        return keys.is_locked(couple_folder(self.clinic, couple_id))

    def saw_alone(self, couple_id: str, partner: Partner, on: dt.date) -> None:
        """Note that one of the two was seen alone on a day, and nothing else."""
        self._change_couple(couple_id, lambda couple: couple.seen(partner, on))

    def hold_back(self, couple_id: str, *, is_held_back: bool) -> None:
        """Keep a couple from practising together, or no longer."""
        self._change_couple(
            couple_id, lambda couple: replace(couple, is_held_back=is_held_back)
        )

    def erase_couple(self, couple_id: str) -> None:
        """Erase a couple: the folder's keys first, then it, and all of it in the book.

        Without its keys nothing in the folder can be read, whatever a disk keeps.
        """
        folder = couple_folder(self.clinic, couple_id)
        try:
            if folder.exists():
                keys.forget_keys(folder)
                shutil.rmtree(folder)
        except OSError as error:
            raise self._unusable("unerased", why=system_said(error)) from error

        def without(told: Told) -> Told:
            return replace(
                told,
                couples=tuple(c for c in told.couples if c.id_ != couple_id),
                keys=tuple(k for k in told.keys if k[0] != couple_id),
                marks=tuple(m for m in told.marks if m.couple_id != couple_id),
                notes=tuple(n for n in told.notes if n.couple_id != couple_id),
                heard=tuple(h for h in told.heard if h.couple_id != couple_id),
                log=_logged(told.log, Done.ERASED),
            )

        self._change(without)

    # --- the log ----------------------------------------------------------------

    def note_done(self, what: Done) -> None:
        """Note in the log that something was done now; the oldest lines make room."""
        self._change(lambda told: replace(told, log=_logged(told.log, what)))

    def log(self) -> tuple[LogLine, ...]:
        """Return what was done with the clinic, the newest last."""
        return self._read().log

    # --- marks and notes --------------------------------------------------------

    def labels(self) -> dict[int, str]:
        """Return what each mark's key stands for; empty words where nobody said."""
        return dict.fromkeys(MARK_KEYS, "") | dict(self._read().labels)

    def label(self, key: int, words: str) -> None:
        """Say what a mark's key stands for, in this clinic.

        Raises
        ------
        BadInputError
            If there is no such key, or the words are too long.
        """
        plain = " ".join(words.split())
        if key not in MARK_KEYS or len(plain) > LONGEST_LABEL:
            told = wrong_and_do("errors.clinic.label", most=LONGEST_LABEL)
            raise BadInputError(*told)

        def labelled(told: Told) -> Told:
            return replace(
                told, labels=tuple({**dict(told.labels), key: plain}.items())
            )

        self._change(labelled)

    def mark(self, mark: Mark) -> None:
        """Keep a mark."""
        self._change(lambda told: replace(told, marks=(*told.marks, mark)))

    def unmark(self, mark: Mark) -> None:
        """Take a mark away again: a key is soon pressed by mistake."""

        def without(told: Told) -> Told:
            marks = list(told.marks)
            if mark in marks:
                marks.remove(mark)
            return replace(told, marks=tuple(marks))

        self._change(without)

    def marks(self, couple_id: str, session_id: str) -> tuple[Mark, ...]:
        """Return the marks of a session, in its time."""
        return in_time(
            [
                mark
                for mark in self._read().marks
                if (mark.couple_id, mark.session_id) == (couple_id, session_id)
            ]
        )

    def note(
        self,
        couple_id: str,
        text: str,
        *,
        session_id: str = "",
        t_s: float | None = None,
    ) -> Note:
        """Keep a private note.

        Raises
        ------
        BadInputError
            If it is empty or too long.
        """
        note = Note(
            id_=new_id(),
            couple_id=couple_id,
            session_id=session_id,
            t_s=t_s,
            text=_note_text(text),
            utc=clock.utc_now().isoformat(timespec="seconds"),
        )
        self._change(lambda told: replace(told, notes=(*told.notes, note)))
        return note

    def forget_note(self, note_id: str) -> None:
        """Delete a note for good."""
        self._change(
            lambda told: replace(
                told, notes=tuple(n for n in told.notes if n.id_ != note_id)
            )
        )

    def notes(self, couple_id: str, session_id: str | None = None) -> tuple[Note, ...]:
        """Return the notes of a couple, or of one session: as they were written."""
        return tuple(
            note
            for note in self._read().notes
            if note.couple_id == couple_id
            and (session_id is None or note.session_id == session_id)
        )

    # --- what the two told ------------------------------------------------------

    def hear(self, *heard: Heard) -> None:
        """Keep what one of the two told the therapist, in the place of the same.

        Raises
        ------
        EnoughTold
            If it is more than the book takes of one person; nothing of it is kept.
        """

        def with_it(told: Told) -> Told:
            kept = told.heard
            for one in heard:
                kept = _taken(with_heard(kept, one))
            return replace(told, heard=kept)

        self._change(with_it)

    def retell(
        self, couple_id: str, partner: Partner, about: About, heard: Sequence[Heard]
    ) -> None:
        """Keep these in the place of all that one told of something; none: delete it.

        Raises
        ------
        EnoughTold
            If it is more than the book takes of one person; all stays as it was.
        """
        of = (couple_id, partner, about)
        self._change(
            lambda told: replace(told, heard=_taken(with_retold(told.heard, of, heard)))
        )

    def heard(self, couple_id: str) -> tuple[Heard, ...]:
        """Return what the two of a couple told, as it came."""
        return tuple(each for each in self._read().heard if each.couple_id == couple_id)

    # --- the file ---------------------------------------------------------------

    def _change_couple(self, couple_id: str, how: Callable[[Couple], Couple]) -> None:
        self._change(
            lambda told: replace(
                told,
                couples=tuple(
                    how(each) if each.id_ == couple_id else each
                    for each in told.couples
                ),
            )
        )

    def _change(self, how: Callable[[Told], Told]) -> None:
        with self._turn():
            self._write(how(self._read()))

    def _read(self) -> Told:
        try:
            found = self._kept.read()
        except FileNotFoundError as error:
            self._vault()
            raise self._unusable("gone") from error
        except NotAsWritten as error:
            raise self._unusable("broken", why=str(error)) from error
        except OSError as error:
            raise self._unusable("unreadable", why=system_said(error)) from error
        if found.format_ != FORMAT:
            raise self._unusable("newer")
        try:
            clear = self._vault().library_seal().unsealed(found.content, _ABOUT)
            return told_in(json_of(clear.decode(), _LARGEST_CHARS))
        except (TypeError, ValueError, LookupError) as error:
            why = say("errors.why.not-as-written")
            raise self._unusable("broken", why=why) from error

    def _write(self, told: Told) -> None:
        clear = json.dumps(as_json(told))
        if len(clear) > _LARGEST_CHARS:  # it could never be read again
            raise self._unusable("full")
        content = self._vault().library_seal().sealed(clear.encode(), _ABOUT)
        try:
            self._kept.write(FORMAT, content)
        except OSError as error:
            raise self._unusable("unwritten", why=system_said(error)) from error

    def _vault(self) -> keys.Vault:
        vault = keys.vault_of(self.clinic)
        if vault is None:  # without a lock nothing is ever written here
            raise keys.closed()
        return vault

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Be the only one who writes to this book."""
        lock = self._locked()
        try:
            yield
        finally:
            lock.release()

    def _locked(self) -> locks.Lock:
        try:
            lock = locks.take_within(self.clinic / f"{BOOK_NAME}-lock", _WAIT_S)
        except OSError as error:
            raise self._unusable("unwritten", why=system_said(error)) from error
        if lock is None:
            raise self._unusable("busy")
        return lock

    def _unusable(self, what: str, **blanks: str) -> StorageUnusable:
        told = wrong_and_do(f"errors.clinic.book-{what}", folder=self.clinic, **blanks)
        return StorageUnusable(*told)


def is_clinic(clinic: Path) -> bool:
    """Whether somebody set up a clinic here."""
    return keys.is_locked(clinic)


def set_up(clinic: Path, passphrase: str, *, cost: Cost = USUAL_COST) -> str:
    """Make a clinic with its key and open it here; return the recovery key.

    Raises
    ------
    PassphraseRefused
        If the passphrase is too short or too easy, or there is a clinic already.
    StorageUnusable
        If the folder cannot be made, or a book lies there that has lost its keys.
    """
    keys.need_passphrase(passphrase)
    if not is_clinic(clinic) and KeptTwice(clinic / BOOK_NAME, WHAT).is_there():
        # Written anew, it could not be opened any more when its keys are found.
        raise StorageUnusable(*wrong_and_do("errors.clinic.keys-gone", folder=clinic))
    data_folder(clinic)
    _drop_sessions_folder(clinic)
    vault, recovery_key = keys.lock_with(clinic, passphrase, cost=cost)
    keys.hold(clinic, vault)
    Book(clinic).begin()
    return recovery_key


def open_clinic(clinic: Path, passphrase: str) -> Book:
    """Open a clinic in this process.

    Raises
    ------
    PassphraseRefused
        If it is not the passphrase, or there is no clinic.
    """
    if not is_clinic(clinic):
        told = wrong_and_do("errors.clinic.none", folder=clinic)
        raise PassphraseRefused(*told, why="no-clinic")
    keys.hold(clinic, keys.opened_with(clinic, passphrase))
    return Book(clinic)


def close_clinic(clinic: Path) -> None:
    """Forget the keys of a clinic and of all its couples."""
    if is_clinic(clinic):
        close_couples(clinic)
    keys.let_go(clinic)


def close_couples(clinic: Path, *, but: Collection[Path] = ()) -> None:
    """Forget the keys of all couples of a clinic, `but` of those in these folders."""
    kept = {each.resolve() for each in but}
    for path in (clinic / "couples").glob("*"):
        if path.resolve() not in kept:
            keys.let_go(path)


def choose_passphrase_anew(
    clinic: Path, passphrase: str, *, cost: Cost = USUAL_COST
) -> str:
    """Give an open clinic and its couples another passphrase; return its recovery key.

    Raises
    ------
    PassphraseRefused
        If it is too short or too easy.
    StorageUnusable
        If keys cannot be written.
    """
    keys.need_passphrase(passphrase)
    book = Book(clinic)
    vault = book._vault()  # noqa: SLF001 - this room's own
    for couple in book.couples():
        if not book.is_locked(couple.id_):
            continue
        folder = book.open_couple(couple.id_)
        opened = keys.vault_of(folder)
        if opened is not None:
            keys.choose_anew(folder, opened, passphrase, cost=cost)
    # Last: until then the old one opens the book, and by it all of them.
    recovery_key = keys.choose_anew(clinic, vault, passphrase, cost=cost)
    with suppress(StorageUnusable):  # whatever the disk says now: the key is to be seen
        book.note_done(Done.CHANGED)
    return recovery_key


def recover(
    clinic: Path, recovery_key: str, passphrase: str, *, cost: Cost = USUAL_COST
) -> str:
    """Open a clinic with its recovery key, and choose another passphrase for all of it.

    Return the new recovery key. The old one is good until the new one is on the disk.

    Raises
    ------
    PassphraseRefused
        If it is not the recovery key, or the passphrase is too short or too easy.
    StorageUnusable
        If keys cannot be written.
    """
    keys.need_passphrase(passphrase)
    if not is_clinic(clinic):
        told = wrong_and_do("errors.clinic.none", folder=clinic)
        raise PassphraseRefused(*told, why="no-clinic")
    keys.hold(clinic, keys.recovered_with(clinic, recovery_key))
    Book(clinic).note_done(Done.RECOVERED)
    return choose_passphrase_anew(clinic, passphrase, cost=cost)


def _drop_sessions_folder(clinic: Path) -> None:
    """Take away what only a data folder has: a clinic holds no session by itself."""
    sessions = clinic / "sessions"
    if sessions.is_dir() and not any(sessions.iterdir()):
        sessions.rmdir()


def _logged(log: tuple[LogLine, ...], what: Done) -> tuple[LogLine, ...]:
    utc = clock.utc_now().isoformat(timespec="seconds")
    return (*log, LogLine(utc=utc, what=what.value))[-LONGEST_LOG:]


def _taken(heard: tuple[Heard, ...] | None) -> tuple[Heard, ...]:
    if heard is None:
        raise EnoughTold(*wrong_and_do("errors.clinic.told-enough"))
    return heard


def _is_called(couple: Couple, wanted: str) -> bool:
    names = [name.casefold() for name in couple.names]
    begins = len(wanted) >= 3 and couple.id_.startswith(wanted)
    return begins or wanted in {*names, couple.called.casefold()}


def _need_names(names: Both[str]) -> None:
    a, b = (name.casefold() for name in names)
    is_long = any(len(name) > LONGEST_NAME for name in names)
    if not (a and b) or a == b or is_long:
        told = wrong_and_do("errors.clinic.names", most=LONGEST_NAME)
        raise BadInputError(*told)


def _note_text(text: str) -> str:
    plain = text.strip()
    if not plain or len(plain) > LONGEST_NOTE:
        told = wrong_and_do("errors.clinic.note", most=LONGEST_NOTE)
        raise BadInputError(*told)
    return plain
