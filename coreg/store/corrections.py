"""A file of corrections: small, to be read by people, and of one recording alone.

It lies beside the recording as `NAME.corrections.toml`; the recording is never written.
It says of which bytes, and of which beats read from them, it speaks; whatever does not
agree is refused and named, so that corrections never fit another recording unnoticed.
"""

import dataclasses
import hashlib
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from coreg.analysis.corrections import (
    KINDS,
    MOST,
    Correction,
    Did,
    WhichRecording,
    kind_of,
)
from coreg.base.bounds import BadText
from coreg.base.text_files import text_of
from coreg.base.toml_table import TomlTable, read_toml
from coreg.base.toml_writer import toml_text
from coreg.base.whole_file import write_whole
from coreg.errors import BadCorrectionsError, StorageUnusable
from coreg.words import system_said, wrong_and_do

SUFFIX: Final = ".corrections.toml"
_FORMAT: Final = 1
_LARGEST_BYTES: Final = 400_000
_MOST_BEATS: Final = 10_000_000
_LAST_S: Final = 400 * 86_400.0
_LONGEST_MS: Final = 1e6
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MADE_BY, _CHANGED_UTC = "made_by", "changed_utc"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBy:
    """Who made the corrections in a file, and when it was last changed."""

    by: str
    utc: str


def corrections_path(recording: Path) -> Path:
    """Return where the corrections of a recording lie where nothing else is said."""
    return recording.parent / f"{recording.name}{SUFFIX}"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def corrections_text(
    of: WhichRecording, corrections: Sequence[Correction], made: MadeBy | None = None
) -> str:
    """Return corrections of a recording as the text of their file."""
    values: dict[str, Any] = {
        "format": _FORMAT,
        "recording": of.name,
        "recording_sha256": of.sha256,
        "beats": of.beats,
        "beats_sha256": of.beats_sha256,
    }
    if made is not None:
        values |= {_MADE_BY: made.by, _CHANGED_UTC: made.utc}
    if corrections:
        values["correction"] = [_as_table(each) for each in corrections]
    return toml_text(values)


def _as_table(correction: Correction) -> dict[str, Any]:
    said = dataclasses.asdict(correction)
    if said.get("last") == correction.beat:
        del said["last"]
    return {"do": str(kind_of(correction)), **said}


def parse_corrections(
    text: str, of: WhichRecording, place: str
) -> tuple[Correction, ...]:
    """Return the corrections that a text holds, if they are of this recording.

    `place` is how the text is called in words about what is wrong.

    Raises
    ------
    BadCorrectionsError
        If it is no such text, or speaks of another recording.
    """
    table = _table(text, place)
    keys = ("format", "recording", "recording_sha256", "beats", "beats_sha256")
    table.allow(*keys, _MADE_BY, _CHANGED_UTC, "correction")
    table.expect_format(_FORMAT)
    found = WhichRecording(
        name=table.text("recording"),
        sha256=_sha256(table, "recording_sha256"),
        beats=table.whole("beats", 0, _MOST_BEATS),
        beats_sha256=_sha256(table, "beats_sha256"),
    )
    _expect_same(found, of, place)
    tables = table.tables("correction", "correction")
    if len(tables) > MOST:
        raise BadCorrectionsError(*wrong_and_do("errors.corrections.too-many", n=MOST))
    return tuple(_correction(each, of.beats + MOST) for each in tables)


def _table(text: str, place: str) -> TomlTable:
    return read_toml(
        text, place, BadCorrectionsError, compare_with="one that coreg wrote"
    )


def how_many(text: str, place: str) -> int:
    """Return how many corrections a text holds, whatever they are of.

    Raises
    ------
    BadCorrectionsError
        If it is no such text.
    """
    return len(_table(text, place).tables("correction", "correction"))


def made_by(text: str, place: str) -> MadeBy | None:
    """Return who made the corrections of a text and when; None where it says nothing.

    Raises
    ------
    BadCorrectionsError
        If it is no such text.
    """
    table = _table(text, place)
    if _MADE_BY not in table.values and _CHANGED_UTC not in table.values:
        return None
    return MadeBy(by=table.text(_MADE_BY), utc=table.text(_CHANGED_UTC))


def _sha256(table: TomlTable, key: str) -> str:
    found = table.text(key)
    if not _SHA256.fullmatch(found):
        raise table.wrong(key, "64 digits and letters from a to f")
    return found


def _expect_same(found: WhichRecording, of: WhichRecording, place: str) -> None:
    if found.sha256 != of.sha256:
        told = wrong_and_do(
            "errors.corrections.other-recording", file=place, name=found.name
        )
        raise BadCorrectionsError(*told)
    if (found.beats, found.beats_sha256) != (of.beats, of.beats_sha256):
        told = wrong_and_do(
            "errors.corrections.other-beats",
            file=place,
            then=found.beats,
            now=of.beats,
        )
        raise BadCorrectionsError(*told)


def _correction(table: TomlTable, most_beats: int) -> Correction:
    kind = KINDS[Did(table.one_of("do", tuple(Did)))]
    keys = {field.name for field in dataclasses.fields(kind)}
    table.allow("do", *sorted(keys))
    beat = table.whole("beat", 1, most_beats)
    said: dict[str, Any] = {"beat": beat}
    said["t_s"] = table.number("t_s", -_LAST_S, _LAST_S, "seconds")
    if "last" in keys:
        has_last = "last" in table.values
        said["last"] = table.whole("last", 1, most_beats) if has_last else beat
    if "after_ms" in keys:
        said["after_ms"] = table.number("after_ms", 0, _LONGEST_MS, "milliseconds")
    return kind(**said)


def read_corrections(path: Path, of: WhichRecording) -> tuple[Correction, ...]:
    """Return the corrections in a file, if they are of this recording.

    Raises
    ------
    BadCorrectionsError
        If there is no such file, it cannot be read, or is of another recording.
    """
    return parse_corrections(text_in(path), of, path.name)


def text_in(path: Path, largest_bytes: int = _LARGEST_BYTES) -> str:
    """Return the text of a corrections file.

    Raises
    ------
    BadCorrectionsError
        If there is no such file, or it cannot be read.
    """
    try:
        return text_of(path, largest_bytes)
    except FileNotFoundError:
        told = wrong_and_do("errors.corrections.missing", file=path)
        raise BadCorrectionsError(*told) from None
    except BadText as fault:
        told = wrong_and_do("errors.corrections.no-text", file=path, why=str(fault))
        raise BadCorrectionsError(*told) from None
    except (OSError, ValueError) as fault:  # ValueError: a name with a NUL in it
        why = system_said(fault) if isinstance(fault, OSError) else str(fault)
        told = wrong_and_do("errors.corrections.unreadable", file=path, why=why)
        raise BadCorrectionsError(*told) from fault


class KeptBeside:
    """Where corrections of a recording are kept: one file, which others may change."""

    is_of_session: Final = False

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def place(self) -> Path:
        """Where the file lies."""
        return self._path

    def text(self) -> str | None:
        """Return what is kept, None where nothing is.

        Raises
        ------
        BadCorrectionsError
            If it cannot be read.
        """
        return text_in(self._path) if self._path.exists() else None

    def made(self) -> MadeBy | None:
        """Return who corrects now; a file beside a recording says nothing of that."""
        return None

    def write(self, text: str) -> None:
        """Keep this text, whole.

        Raises
        ------
        StorageUnusable
            If it cannot be written.
        """
        write_corrections(self._path, text)


def expect_writable(path: Path) -> None:
    """See that corrections could be written there; nothing is left behind.

    Raises
    ------
    StorageUnusable
        If they could not.
    """
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as fault:
        why = system_said(fault)
        told = wrong_and_do("errors.corrections.unwritable", file=path, why=why)
        raise StorageUnusable(*told) from fault


def write_corrections(path: Path, text: str) -> None:
    """Write the text of corrections to its file whole, or leave what was there.

    Raises
    ------
    StorageUnusable
        If it cannot be written.
    """
    try:
        write_whole(path, text.encode())
    except OSError as fault:
        why = system_said(fault)
        told = wrong_and_do("errors.corrections.unwritable", file=path, why=why)
        raise StorageUnusable(*told) from fault
