"""Numbers that are no table: one list, as programs print it, or all in one line."""

import re
from typing import Final

from coreg.sensors.recordings.lines import MAX_LINES, Lines, too_many
from coreg.sensors.recordings.text.cells import NUMBER, Cell, cell_in, is_missing
from coreg.sensors.recordings.text.dialect import is_comment
from coreg.sensors.recordings.text.table import Column, Table

# Nothing of a match is tried again: a thousand blanks would be tried a million times.
_OPENED: Final = re.compile(
    r"\s*+(?:[\w.]++\s*+=\s*+)?+(?:(?:np|numpy|pd)\.)?"
    r"(?:array|c|list|tuple)?\s*+\(?\s*+[\[({]"
)
_CLOSED: Final = re.compile(
    r"[\])}](?:\s*+,\s*+dtype\s*+=\s*+[\w.'\"]++)?+\s*+[\])}]?\s*+;?\s*+'?\s*+$"
)
_NAME: Final = re.compile(r"\s*([^\W\d]\w*)\s*=")
_COLUMNS: Final = re.compile(
    r"\s*columns?\s+\d+(\s+(through|and|to)\s+\d+)?:?\s*", re.IGNORECASE
)
_ASSIGNED: Final = re.compile(r"\s*[A-Za-z]\w*\s*=\s*")
_DECIMAL_COMMA: Final = re.compile(r"\d+,\d+", re.ASCII)
_SIGNS: Final = re.compile(r"[\s,;\[\](){}]+")
_NUMBER: Final = re.compile(NUMBER, re.ASCII)


def list_of(lines: Lines) -> Table | None:
    """Return the one list that a file holds as a table of one column, else None."""
    written = [
        (number, text)
        for number, text in lines
        if text.strip() and not is_comment(text)
    ]
    if not written:
        return None
    whole = "\n".join(text for _, text in written)
    if opened := _OPENED.match(whole):
        closed = _CLOSED.search(whole)
        inner = whole[opened.end() : closed.start()] if closed else ""
        if inner and not re.search(r"[\[({]", inner) and _only_numbers(inner):
            name = _NAME.match(whole)
            return _table(_values(written, opened.end()), name[1] if name else "")
        return None
    if any(_COLUMNS.fullmatch(text) for _, text in written):
        kept = [
            (number, text)
            for number, text in written
            if not _COLUMNS.fullmatch(text) and not _ASSIGNED.fullmatch(text)
        ]
        if all(_only_numbers(text) for _, text in kept):
            return _table(_values(kept, 0), "")
        return None
    return _in_one_line(written)


def _only_numbers(text: str) -> bool:
    """Whether nothing stands there but numbers, places without one, and signs."""
    return all(
        not each or _NUMBER.fullmatch(each) is not None or is_missing(each)
        for each in _SIGNS.split(text)
    )


def _in_one_line(written: Lines) -> Table | None:
    """Return the numbers of the only line that holds some, below words."""
    numbered = [(n, text) for n, text in written if _only_numbers(text)]
    if len(numbered) != 1 or written[-1] != numbered[0] or len(written) > 3:
        return None
    values = _values(numbered, 0)
    if len(values) < 3:
        return None
    names = [text.strip() for _, text in written[:-1]]
    if len(names) == 1 and len(re.split(r"[,;\t]", names[0])) == len(values):
        return None  # a heading over the one row of a table
    return _table(values, names[-1] if names else "")


def _values(written: Lines, skipped: int) -> list[tuple[int, Cell]]:
    values: list[tuple[int, Cell]] = []
    for number, text in written:
        if len(values) > MAX_LINES:
            raise too_many()
        begins = min(skipped, len(text))
        skipped = max(0, skipped - len(text) - 1)
        tokens = _tokens(re.sub(r"[\[\](){}]", " ", text[begins:]))
        values.extend((number, cell_in(token)) for token in tokens)
    return values


def _tokens(text: str) -> list[str]:
    """Split a line of numbers; one comma alone is a decimal comma."""
    text = re.sub(r"dtype\s*=.*", "", text).rstrip("; '")
    tokens = [token for token in re.split(r"[\s;]+", text) if token]
    if tokens and all(map(_DECIMAL_COMMA.fullmatch, tokens)):
        return [token.replace(",", ".") for token in tokens]
    return [part for token in tokens for part in token.split(",") if part]


def _table(values: list[tuple[int, Cell]], name: str) -> Table:
    return Table(
        lines=tuple(line for line, _ in values),
        columns=(Column(name=name, place=1, cells=tuple(cell for _, cell in values)),),
        notes=(),
    )
