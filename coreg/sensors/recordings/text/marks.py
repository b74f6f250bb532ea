"""What a file itself says of its beats: which are artefacts, which began elsewhere.

Strategy. A mark is believed where its meaning leaves no doubt: `artifact` is 1 or true,
`accepted` is 0 or false, a beat is called V among beats called N. Such beats count in
no figure, whatever cleaning makes of them, and a remark says so. What can mean two
things (is quality 1 good, or the worst?) is not used, and a remark names the column.
Nobody's beats are dropped: an interval that is marked stays, with its label.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coreg.facts.events import BeatLabel
from coreg.sensors.recordings.recording import MARKED
from coreg.sensors.recordings.text import evidence
from coreg.sensors.recordings.text.table import Column, Table

_MOST_MARKED: Final = 0.5  # more of a heart's beats are not marked: it is the others
_MOST_KINDS: Final = 12

_NOT_OWN: Final = re.compile(
    r"(?<![a-z])(?:art[ie]fact\w*|artefakt\w*|art[ée]fact\w*|artefacto\w*|outliers?|"
    r"ausrei(?:ß|ss)er|ectopic\w*|ektop\w*|extrasyst\w*|rejected|reject|excluded?|"
    r"noisy?|interpolated|interpoliert|bad|invalid|ungültig|removed|discarded|deleted|"
    r"verworfen|ausgeschlossen)(?![a-z])"
)
_OWN: Final = re.compile(
    r"(?<![a-z])(?:accepted|accept|valid|gültig|ok|okay|good|usable|included?|keep|kept|"
    r"akzeptiert|brauchbar|is_?nn|is_?normal)(?![a-z])"
)
_SAYS_SOMETHING: Final = re.compile(
    r"(?<![a-z])(?:type|typ|labels?|annotations?|ann|symbol|class|klasse|flags?|"
    r"status|quality|qualität|signalqualität|sqi|contact|kontakt|confidence|corrected|"
    r"korrigiert|edited|marks?|rhythm|rhythmus|beat[ _-]?(?:type|class|label))(?![a-z])"
)
_YES: Final = frozenset({"1", "true", "yes", "y", "ja", "j", "x", "t", "wahr", "oui"})
_NO: Final = frozenset(
    {"0", "false", "no", "n", "nein", "f", "", "falsch", "non", "-", "ok", "normal"}
)
_NORMAL: Final = frozenset(
    {"n", "normal", "nn", "sinus", "good", "gut", "ok", "okay", "valid", "accepted"}
    | {"clean", "l", "r", "", "akzeptiert", "gültig", "."}
)
_ELSEWHERE: Final = frozenset(
    {"v", "e", "a", "s", "f", "pvc", "pac", "vpc", "apc", "veb", "sveb", "ves", "sves"}
    | {"ectopic", "ektopisch", "ventricular", "supraventricular", "apb", "vpb", "svpb"}
)
_SPOILT: Final = frozenset(
    {"artifact", "artefact", "artefakt", "noise", "noisy", "bad", "schlecht", "invalid"}
    | {"ungültig", "rejected", "reject", "missed", "missing", "extra", "outlier", "x"}
    | {"~", "|", "q", "verworfen", "long", "short", "interpolated", "interpoliert"}
)
_CAMEL: Final = re.compile(r"(?<=[a-zä-ü])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a file says of each row, "" where nothing; `rows` are those it marks.

    `used` and `unused` name the columns that were believed and those that were not;
    `unused_rows` differ in one of these from what it usually says. `places` are those
    of columns that say something of beats, whether it was believed or not.
    """

    of_rows: tuple[str, ...]
    rows: int
    used: tuple[str, ...]
    unused: tuple[str, ...]
    unused_rows: int
    places: frozenset[int]


def marks_of(table: Table, taken: Sequence[Column]) -> Marks:
    """Return what columns beside the intervals say of the beats."""
    places = {each.place for each in taken}
    found: list[str] = [""] * len(table.lines)
    after: list[str] = [""] * len(table.lines)
    used: list[str] = []
    unused: list[str] = []
    odd: set[int] = set()
    of_beats: set[int] = set()
    for column in table.columns:
        if column.place in places or not may_mark(column, table):
            continue
        said = _labels_in(column)
        if said is not None or _are_of_beats(set(_texts(column))):
            of_beats.add(column.place)
        if said is None:
            unused.append(_called(column))
            odd.update(_unusual(column))
            continue
        used.append(_called(column))
        for at, label in enumerate(said):
            found[at] = found[at] or label
            if label == BeatLabel.ECTOPIC and at + 1 < len(said):
                after[at + 1] = label  # the pause behind it is the heart's own neither
    return Marks(
        of_rows=tuple(own or pause for own, pause in zip(found, after, strict=True)),
        rows=sum(map(bool, found)),
        used=tuple(used),
        unused=tuple(unused),
        unused_rows=len(odd),
        places=frozenset(of_beats),
    )


def may_mark(column: Column, table: Table) -> bool:
    """Whether a column seems to say of beats what they are, and not always the same."""
    kinds = set(_texts(column))
    if len(kinds) < 2 or column.is_stamp:
        return False
    if column.is_number and evidence.is_index(column.numbers()):
        return False
    name = _plain(column.name)
    if not name:
        return not table.has_names and _are_of_beats(kinds)
    is_named = any(each.search(name) for each in (_NOT_OWN, _OWN, _SAYS_SOMETHING))
    if not is_named:
        return _are_of_beats(kinds)
    return len(kinds) <= _MOST_KINDS or column.is_number


def names_marks(column: Column) -> bool:
    """Whether a column says yes or no of intervals, though its name speaks of them.

    `RR_artifact` and `rr valid` hold no intervals where they hold 0 and 1.
    """
    name = _plain(column.name)
    if not (_NOT_OWN.search(name) or _OWN.search(name) or _SAYS_SOMETHING.search(name)):
        return False
    kinds = set(_texts(column))
    return bool(kinds) and kinds <= _YES | _NO | _NORMAL | _ELSEWHERE | _SPOILT


def _labels_in(column: Column) -> list[str] | None:
    """Return the label that a column gives each row; None where that is in doubt."""
    texts = _texts(column)
    kinds, name = set(texts), _plain(column.name)
    said: list[str] | None = None
    if kinds <= _YES | _NO and kinds & _YES and (kinds & _NO or "" in kinds):
        label = _label_by_name(name)
        if _NOT_OWN.search(name) and not _OWN.search(name):
            said = [label if each in _YES else "" for each in texts]
        elif _OWN.search(name) and "" not in kinds and "n" not in kinds - _NO:
            said = ["" if each in _YES else MARKED for each in texts]
    if said is None and _are_of_beats(kinds):
        said = [_label_by_word(each) for each in texts]
    if said is None or sum(map(bool, said)) > _MOST_MARKED * len(said):
        return None
    return said


def _label_by_name(name: str) -> str:
    is_ectopic = re.search(r"ectopic|ektop|extrasyst", name) is not None
    return BeatLabel.ECTOPIC.value if is_ectopic else MARKED


def _label_by_word(word: str) -> str:
    if word in _ELSEWHERE:
        return BeatLabel.ECTOPIC.value
    return MARKED if word in _SPOILT else ""


def _are_of_beats(kinds: set[str]) -> bool:
    """Whether all that stands in a column is said of beats, of normal ones too.

    Letters alone are, where N is among them: S and A may be anybody's.
    """
    if not kinds <= _NORMAL | _ELSEWHERE | _SPOILT:
        return False
    words = {each for each in kinds if len(each) > 1 and each != "ok"}
    is_some = bool(kinds & (_ELSEWHERE | _SPOILT))
    has_normal = bool(kinds & (_NORMAL - {"l", "r"}))
    return is_some and has_normal and ("n" in kinds or bool(words))


def _unusual(column: Column) -> list[int]:
    """Return the rows that say something else than most of them do."""
    texts = _texts(column)
    usual, _ = Counter(texts).most_common(1)[0]
    return [at for at, each in enumerate(texts) if each != usual]


def _texts(column: Column) -> list[str]:
    return [
        ""
        if each is None
        else f"{each:g}"
        if isinstance(each, float)
        else str(each).strip().casefold()
        for each in column.cells
    ]


def _called(column: Column) -> str:
    return column.name or str(column.place)


def _plain(name: str) -> str:
    return _CAMEL.sub(" ", name[:80]).lower()
