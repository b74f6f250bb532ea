"""Small files of text, read no further than they may be long."""

import stat
from pathlib import Path

from coreg.base.bounds import BadText


def text_of(path: Path, most_bytes: int) -> str:
    """Return the text of a file of at most so many bytes, less a byte-order mark.

    Raises
    ------
    BadText
        If it is no plain file, larger, or no text.
    OSError
        If it cannot be read.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, for ever
        raise BadText("is no file")
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)  # whatever its size was said to be
    if len(data) > most_bytes:
        raise BadText(f"is too large (more than {most_bytes // 1000} kB)")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadText("is no text") from None
