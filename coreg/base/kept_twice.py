"""A small file that is checked as a whole, and kept twice.

Strategy.

1. It is written whole beside its place, brought to the disk and moved there in one
   step; then its copy is, in the same way. So at every moment one of them is whole.
2. A line says what it is and in which format; a SHA-256 covers that line and all that
   follows. A flipped bit, a lost sector, a cut end or another program's bytes are known
   for what they are, and the copy is read instead.
3. What was there before is overwritten once nobody's name leads to it: words that were
   erased do not stay behind in the disk's free room, as far as the disk goes along.
"""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from coreg.base.whole_file import (
    NO_TRICKS,
    overwritten_once_replaced,
    remove_half_made,
    sync_folder,
    write_whole,
)
from coreg.words import say

_DIGEST_BYTES = hashlib.sha256().digest_size
_LONGEST_LINE_BYTES = 80
_LARGEST_BYTES = 256 * 1024 * 1024
_ATTEMPTS = 20


_Read = bytes | OSError | None


class NotAsWritten(ValueError):
    """Neither the file nor its copy is as it was written; says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was kept; `format_` is the file's, and `is_mended` where the copy gave it.

    `is_twice` says that the file and its copy are both there and the same.
    """

    format_: int
    content: bytes
    is_mended: bool
    is_twice: bool


class KeptTwice:
    """One small file and its copy.

    Raises
    ------
    OSError
        From any call: if a file cannot be read or written.
    """

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.copy_path = path.with_name(f"{path.stem}-copy{path.suffix}")
        self._what = what

    def is_there(self) -> bool:
        """Whether there is anything to be read, whatever became of it."""
        return any(os.path.lexists(each) for each in self._both)

    def read(self) -> Found:
        """Return what was written last, from the copy where it must be.

        Raises
        ------
        FileNotFoundError
            If nothing was ever written.
        NotAsWritten
            If neither is as it was written.
        OSError
            If the file cannot be read, and the copy neither.
        """
        if not self.is_there():
            raise FileNotFoundError(0, "nothing was kept yet", str(self.path))
        first, second = (_read(each) for each in self._both)
        try:
            format_, content = self._understood(first)
        except (ValueError, OSError) as error:
            return self._from_copy(second, error)
        return Found(
            format_=format_,
            content=content,
            is_mended=False,
            is_twice=first == second,
        )

    def whole(self) -> bytes:
        """Return the file's bytes as they were written, or the copy's.

        Raises
        ------
        FileNotFoundError
            If nothing was ever written.
        NotAsWritten
            If neither is as it was written.
        """
        found = self.read()
        return self._framed(found.format_, found.content)

    def write(self, format_: int, content: bytes) -> None:
        """Keep this in place of what was there.

        Where the copy cannot be written, the file itself is, and the error says so.
        """
        whole = self._framed(format_, content)
        for each in self._both:
            remove_half_made(each)  # by one that was killed over it
            with overwritten_once_replaced(each):
                write_whole(each, whole)

    def erase(self) -> None:
        """Take both away; nothing is left to be read."""
        for each in self._both:
            with overwritten_once_replaced(each):
                each.unlink(missing_ok=True)
                remove_half_made(each)
        sync_folder(self.path.parent)

    def _framed(self, format_: int, content: bytes) -> bytes:
        line = f"coreg {self._what}, format {format_}\n".encode()
        return b"".join((line, _digest(line, content), content))

    @property
    def _both(self) -> tuple[Path, Path]:
        return self.path, self.copy_path

    def _from_copy(self, copy: _Read, wrong: ValueError | OSError) -> Found:
        try:
            format_, content = self._understood(copy)
        except (ValueError, OSError):
            raise wrong from None
        return Found(format_=format_, content=content, is_mended=True, is_twice=False)

    def _understood(self, whole: _Read) -> tuple[int, bytes]:
        """Return the format and what was kept.

        Raises
        ------
        NotAsWritten
            If these bytes are not as they were written.
        """
        if isinstance(whole, OSError):
            raise whole
        if whole is None:
            raise NotAsWritten(say("errors.why.file-missing"))
        if not whole:
            raise NotAsWritten(say("errors.why.file-empty"))
        line, found, _ = whole[:_LONGEST_LINE_BYTES].partition(b"\n")
        start = f"coreg {self._what}, format ".encode()
        number = line.removeprefix(start)
        if not (found and line.startswith(start) and number.isdigit()):
            raise NotAsWritten(say("errors.why.damaged-or-foreign"))
        rest = memoryview(whole)[len(line) + 1 :]  # not copied: it may be long
        digest, content = rest[:_DIGEST_BYTES], rest[_DIGEST_BYTES:]
        if _digest(line + b"\n", content) != digest:
            raise NotAsWritten(say("errors.why.damaged"))
        return int(number), bytes(content)


def _digest(line: bytes, content: bytes | memoryview) -> bytes:
    found = hashlib.sha256(line)
    found.update(content)
    return found.digest()


def _read(path: Path) -> _Read:
    """Return a file's bytes, None where there is none, or why it cannot be read.

    The writer overwrites a file that it has just replaced: whoever still reads that one
    reads the new one instead.
    """
    for _ in range(_ATTEMPTS):
        try:
            descriptor = os.open(path, os.O_RDONLY | NO_TRICKS)
            with os.fdopen(descriptor, "rb") as file:
                size = min(os.fstat(file.fileno()).st_size, _LARGEST_BYTES)
                content = file.read(size + 1)  # room is made for all that is asked for
                if _is_at(file.fileno(), path):
                    return content
        except FileNotFoundError:
            return None
        except OSError as error:
            return error
    return content


def _is_at(descriptor: int, path: Path) -> bool:
    with suppress(OSError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False
