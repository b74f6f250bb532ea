"""How two corrected the same heartbeats: how far they agree, and where they do not."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from coreg.analysis.agreement import Agreement, cohens_kappa
from coreg.analysis.corrections import Did, EditableBeat, EditedBeats

DELETED = "deleted"
INSERTED_BEFORE = "inserted-before"
KEPT = "kept"
LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Neighbouring beats that the first took for one thing and the second for another.

    `from_s` is the time of the first of these beats, `to_s` that of the last.
    """

    beat: int
    last: int
    from_s: float
    to_s: float
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How two corrected the same recording: beat by beat, and what either took it for.

    `names` says whose opinion is the first and whose the second. `pairs` counts how
    often the first took a beat for one thing and the second for the same or another;
    `differences` says where, in order of time.
    """

    names: tuple[str, str]
    agreement: Agreement
    pairs: Mapping[tuple[str, str], int]
    differences: tuple[Difference, ...]


def compared(
    of: EditedBeats, one: EditedBeats, other: EditedBeats, *, names: tuple[str, str]
) -> Compared:
    """Return how far two agree on each beat that was recorded.

    A beat is kept, left out, ectopic, deleted, or one before which a beat was put in;
    beats that were put in are spoken of by that alone, as they have no counterpart.
    """
    numbers = [beat.number for beat in of.beats]
    first, second = _taken_for(numbers, one), _taken_for(numbers, other)
    pairs = list(zip(first, second, strict=True))
    return Compared(
        names=names,
        agreement=cohens_kappa(first, second),
        pairs=Counter(pairs),
        differences=tuple(_differences(of.beats, pairs)),
    )


def _taken_for(numbers: list[int], edited: EditedBeats) -> list[str]:
    left = {beat.number: beat for beat in edited.beats}
    return [_one_taken_for(left.get(number)) for number in numbers]


def _one_taken_for(beat: EditableBeat | None) -> str:
    if beat is None:
        return DELETED
    if beat.did is Did.INSERT:
        return INSERTED_BEFORE
    if beat.counts:
        return KEPT
    return str(Did.ECTOPIC) if beat.verdict == Did.ECTOPIC else LEFT_OUT


def _differences(
    beats: Sequence[EditableBeat], pairs: Sequence[tuple[str, str]]
) -> Iterator[Difference]:
    rows = zip(beats, pairs, strict=True)
    for (first, second), run in groupby(rows, key=lambda row: row[1]):
        if first == second:
            continue
        own = [beat for beat, _ in run]
        yield Difference(
            beat=own[0].number,
            last=own[-1].number,
            from_s=own[0].t_s,
            to_s=own[-1].t_s,
            first=first,
            second=second,
        )
