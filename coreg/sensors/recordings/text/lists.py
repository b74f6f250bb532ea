"""Numbers that are no table: one list, as programs print it, or all in one line."""

import re
from collections.abc import Sequence
from typing import Final

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.lines import MAX_LINES, Lines, too_many
from coreg.sensors.recordings.source import Wanted
from coreg.sensors.recordings.text.cells import NUMBER, Cell, cell_in, is_missing
from coreg.sensors.recordings.text.dialect import is_comment
from coreg.sensors.recordings.text.names import same_name
from coreg.sensors.recordings.text.people import SeveralHearts
from coreg.sensors.recordings.text.table import Column, Table

# Nothing of a match is tried again: a thousand blanks would be tried a million times.
_OPENED: Final = re.compile(
    r"\s*+(?:[\w.]++\s*+(?:=|<-)\s*+)?+(?:(?:np|numpy|pd)\.)?"
    r"(?:array|c|list|tuple)?\s*+\(?\s*+[\[({]"
)
_CLOSED: Final = re.compile(
    r"[\])}](?:\s*+,\s*+dtype\s*+=\s*+[\w.'\"]++)?+\s*+[\])}]?\s*+;?\s*+'?\s*+$"
)
_NAME: Final = re.compile(r"\s*([^\W\d]\w*)\s*(?:=|<-)")
_COLUMNS: Final = re.compile(
    r"\s*columns?\s+\d+(\s+(through|and|to)\s+\d+)?:?\s*", re.IGNORECASE
)
_COUNT: Final = re.compile(r"\s*+\[(\d{1,9})\]\s++(\S.*)")
_NAMED_LIST: Final = re.compile(
    r"[\"']?([^\W\d]\w{0,60})[\"']?\s*+(?:=|<-|:)\s*+(?:c|list|np\.array|array)?\s*+\(?"
    r"\s*+\[?([\d.,;\s+eE-]{3,})[\])]\s*+\)?\s*+[;,]?"
)
_ASSIGNED: Final = re.compile(r"\s*[A-Za-z]\w*\s*=\s*")
_DECIMAL_COMMA: Final = re.compile(r"\d+,\d+", re.ASCII)
_SIGNS: Final = re.compile(r"[\s,;\[\](){}]+")
_NUMBER: Final = re.compile(NUMBER, re.ASCII)


def list_of(lines: Lines, wanted: Wanted) -> Table | None:
    """Return the one list that a file holds as a table of one column, else None.

    Raises
    ------
    SeveralHearts
        If several lists have names, and none of them was asked for.
    """
    written = [
        (number, text)
        for number, text in lines
        if text.strip() and not is_comment(text)
    ]
    if not written:
        return None
    whole = "\n".join(text for _, text in written)
    if named := _named_lists(whole):
        return _chosen(named, wanted)
    if _OPENED.match(whole):
        return _in_brackets(written, whole)
    return _counted(written) or _below_columns(written) or _in_one_line(written)


def _in_brackets(written: Lines, whole: str) -> Table | None:
    opened, closed = _OPENED.match(whole), _CLOSED.search(whole)
    if not opened or not closed:
        return _counted(written)
    inner = whole[opened.end() : closed.start()]
    if not inner or re.search(r"[\[({]", inner) or not _only_numbers(inner):
        return _counted(written)
    name = _NAME.match(whole)
    return _table(_values(written, opened.end()), name[1] if name else "")


def _below_columns(written: Lines) -> Table | None:
    """Return what Matlab printed in pieces below `Columns 1 through 8`."""
    if not any(_COLUMNS.fullmatch(text) for _, text in written):
        return None
    kept = [
        (number, text)
        for number, text in written
        if not _COLUMNS.fullmatch(text) and not _ASSIGNED.fullmatch(text)
    ]
    if not all(_only_numbers(text) for _, text in kept):
        return None
    return _table(_values(kept, 0), "")


def _counted(written: Lines) -> Table | None:
    """Return what R printed: each line begins with the place of its first value.

    Only where every count is right: then nothing was left out, and it is one list.
    """
    found = [(number, _COUNT.fullmatch(text)) for number, text in written]
    name = ""
    if found and found[0][1] is None and len(found) > 1:
        name = written[0][1].strip().lstrip(">").strip()
        found = found[1:]
    values: list[tuple[int, Cell]] = []
    for number, each in found:
        if each is None or int(each[1]) != len(values) + 1:
            return None
        values.extend((number, cell_in(token)) for token in each[2].split())
    return _table(values, name) if len(values) > 1 else None


def _named_lists(whole: str) -> list[tuple[str, str]]:
    """Return names and insides of several lists: `A=[...]; B=[...]` and alike."""
    found = list(_NAMED_LIST.finditer(whole))
    rest = _NAMED_LIST.sub("", whole)
    if len(found) < 2 or re.search(r"[\w\[(]", rest.replace("'", "")):
        return []
    return [(each[1], each[2]) for each in found]


def _chosen(named: Sequence[tuple[str, str]], wanted: Wanted) -> Table:
    said = wanted.column or wanted.person
    names = [name for name, _ in named]
    if said is None:
        shown = ", ".join(names[:6])
        raise SeveralHearts(
            f"It holds {len(named)} lists: {shown}. Two people?",
            f"Say which, such as --column {names[0]}.",
        )
    place = next((i for i, n in enumerate(names, 1) if same_name(n, said)), None)
    if place is None and said.strip().isdecimal():
        place = int(said)
    if place is None or not 0 < place <= len(named):
        raise BadRecordingError(
            f"There is no list '{said[:40]}'; there are: {', '.join(names[:6])}.",
            "Give one of these to --column.",
        )
    name, inner = named[place - 1]
    return _table([(1, cell_in(token)) for token in _tokens(inner)], name, place)


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


def _table(values: list[tuple[int, Cell]], name: str, place: int = 1) -> Table:
    return Table(
        lines=tuple(line for line, _ in values),
        columns=(Column(name=name, place=place, cells=tuple(c for _, c in values)),),
        notes=(),
    )
