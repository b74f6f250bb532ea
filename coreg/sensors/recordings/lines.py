"""Bytes of a text file -> numbered lines, within limits.

What is common to every format that is text: encodings, line ends, the sizes that are
taken on, and errors that name the line.
"""

import re

from coreg.errors import BadRecordingError

MAX_BYTES = 50_000_000
MAX_LINES = 1_000_000  # more than a week of heartbeats
MAX_LINE_CHARS = 1_000_000  # a day of heartbeats may stand in one line

Lines = list[tuple[int, str]]

ONE_COLUMN = "Give one RR interval a line, in ms or s, or a CSV `arrival_s,rr_ms`."
DATABASE = b"SQLite format 3\x00"  # so begins a session, as every SQLite database
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_END_OF_FILE = "\x1a\x00"  # Ctrl-Z, with which DOS ended a text
_LOOKED_AT = 4096
_MOSTLY = 0.5


def lines_of(data: bytes) -> Lines:
    """Return the lines that hold something and are no comment, numbered from 1.

    Raises
    ------
    BadRecordingError
        If this is no text, is empty, or is larger than the limits.
    """
    lines = [(number, text.strip()) for number, text in all_lines(data)]
    kept = [(n, text) for n, text in lines if text and not text.startswith("#")]
    if not kept:
        raise nothing_in_it()
    return kept


def all_lines(data: bytes) -> Lines:
    """Return every line as it stands, numbered from 1.

    Raises
    ------
    BadRecordingError
        If this is no text, or is larger than the limits.
    """
    if len(data) > MAX_BYTES:
        raise BadRecordingError(
            f"The file is larger than {MAX_BYTES // 1_000_000} MB.",
            "Cut the recording to the part you need.",
        )
    texts = _LINE_END.split(_text(data), maxsplit=MAX_LINES)
    if len(texts) > MAX_LINES:
        raise BadRecordingError(
            f"The file has more than {MAX_LINES} lines.",
            "Cut the recording to the part you need.",
        )
    for number, text in enumerate(texts, 1):
        if len(text) > MAX_LINE_CHARS:
            raise fault_at(
                number, f"longer than {MAX_LINE_CHARS} characters.", ONE_COLUMN
            )
    return list(enumerate(texts, 1))


def _text(data: bytes) -> str:
    """Return the text; a byte-order mark decides, then what its bytes can be."""
    text = data.decode(_encoding(data), errors="replace").removeprefix("\ufeff")
    text = text.rstrip(_END_OF_FILE)
    if _NOT_TEXT.search(text):
        raise BadRecordingError(
            "This is no text (an image, an archive, a program's own file?).",
            "Unpack it or export it as text or CSV.",
        )
    return text


def _encoding(data: bytes) -> str:
    """Return what the bytes are written in.

    Without a mark, two bytes a letter show by their zeros: all on one side. What is not
    UTF-8 is an old file of Windows, such as an .hrm with an accent in its notes.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    begin = data[:_LOOKED_AT]
    half = len(begin) // 2
    if half and begin[1::2].count(0) > _MOSTLY * half > 2 * begin[::2].count(0):
        return "utf-16-le"
    if half and begin[::2].count(0) > _MOSTLY * half > 2 * begin[1::2].count(0):
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def nothing_in_it() -> BadRecordingError:
    """Return the error of a file without content, to be raised."""
    return BadRecordingError("The file is empty.", "Record or export it again.")


def too_many() -> BadRecordingError:
    """Return the error of a file with more numbers than are taken on."""
    return BadRecordingError(
        f"It holds more than {MAX_LINES} numbers.",
        "Cut the recording to the part you need.",
    )


def fault_at(line: int, wrong: str, do: str) -> BadRecordingError:
    """Return the error that names this line, to be raised."""
    return BadRecordingError(f"line {line}: {wrong}", do)
