"""Bytes of a text file -> numbered lines, cells and numbers, within limits.

What is common to every format of recording: encodings, line ends, the sizes that are
taken on, decimal commas, and errors that name the line.
"""

import re
from collections.abc import Iterator

from coreg.errors import BadRecordingError

MAX_BYTES = 50_000_000
MAX_LINES = 1_000_000  # more than a week of heartbeats
MAX_LINE_CHARS = 1_000_000  # a day of heartbeats may stand in one line

Lines = list[tuple[int, str]]

ONE_COLUMN = "Give one RR interval a line, in ms or s, or a CSV `arrival_s,rr_ms`."
MEND = "Mend or remove that line."

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"\d+,\d+", re.ASCII)
DATABASE = b"SQLite format 3\x00"  # so begins a session, as every SQLite database
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


def lines_of(data: bytes) -> Lines:
    """Return the lines that hold something, numbered from 1, within the limits.

    Raises
    ------
    BadRecordingError
        If this is no text, is empty, or is larger than the limits.
    """
    if len(data) > MAX_BYTES:
        raise BadRecordingError(
            f"The file is larger than {MAX_BYTES // 1_000_000} MB.",
            "Cut the recording to the part you need.",
        )
    texts = re.split(r"\r\n|\r|\n", _text(data), maxsplit=MAX_LINES)
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
    lines = [(number, text.strip()) for number, text in enumerate(texts, 1)]
    kept = [(n, text) for n, text in lines if text and not text.startswith("#")]
    if not kept:
        raise BadRecordingError("The file is empty.", "Record or export it again.")
    return kept


def _text(data: bytes) -> str:
    """Return the text; a byte-order mark decides, then UTF-8, then Windows' Latin."""
    if data.startswith(DATABASE):
        raise BadRecordingError(
            "This is a session (or another database), which holds two hearts.",
            "See the figures of both with `coreg report FILE`.",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:  # an old .hrm with an accent in its notes
            text = data.decode("latin-1")
    if _NOT_TEXT.search(text):
        raise BadRecordingError(
            "This is no text (an image, an archive, a program's own file?).",
            "Unpack it or export it as text or CSV.",
        )
    return text


def delimiter_of(header: str) -> str:
    """Return what parts the columns under this heading."""
    return next((sign for sign in ";\t" if sign in header), ",")


def cells_of(header: str) -> list[str]:
    """Return the names of columns, in small letters."""
    return [_bare(cell).lower() for cell in header.split(delimiter_of(header))]


def _bare(cell: str) -> str:
    return cell.strip().strip('"').strip()


def rows_of(lines: Lines) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells by column name, for every line below the heading.

    Raises
    ------
    BadRecordingError
        If a line has not as many cells as there are columns.
    """
    delimiter, columns = delimiter_of(lines[0][1]), cells_of(lines[0][1])
    for number, text in lines[1:]:
        cells = [_bare(cell) for cell in text.split(delimiter)]
        while len(cells) > len(columns) and not cells[-1]:
            cells.pop()
        if len(cells) != len(columns):
            raise fault_at(
                number, f"{len(cells)} cells under {len(columns)} columns.", MEND
            )
        yield number, dict(zip(columns, cells, strict=True))


def number_in(cell: str, line: int) -> float:
    """Return the number that a cell holds; a comma in it is a decimal comma.

    Raises
    ------
    BadRecordingError
        If it is no number, naming the line.
    """
    plain = cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell
    if not _NUMBER.fullmatch(plain):
        raise fault_at(line, f"'{cell[:40]}' is no number.", MEND)
    return float(plain)


def fault_at(line: int, wrong: str, do: str) -> BadRecordingError:
    """Return the error that names this line, to be raised."""
    return BadRecordingError(f"line {line}: {wrong}", do)


def tokens_of(text: str) -> list[str]:
    """Split a line of numbers; one comma alone is a decimal comma."""
    tokens = [token for token in re.split(r"[\s;]+", text) if token]
    if all(map(_DECIMAL_COMMA.fullmatch, tokens)):
        return [token.replace(",", ".") for token in tokens]
    return [part for token in tokens for part in token.split(",") if part]
