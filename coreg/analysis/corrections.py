"""Corrections of heartbeats by a person: what each does, in order, undone and redone.

Strategy.

1. The beats of a recording are a row with a number each, from 1. A beat that somebody
   puts in gets the next free number, so a number never means two beats and a list of
   corrections says the same whenever it is gone through.
2. One correction replaces a few neighbours by others (`Splice`) and nothing else: no
   label far away changes, as it would if all were cleaned anew. What the person says
   stands; what cleaning said of all other beats stands too.
3. To undo is to splice back. So a list of corrections gives the same beats whichever
   way somebody came to it; tests hold that against going through it from the start.

A beat stands for the interval that ends with it. Where beats were lost before one, no
correction reaches across: what happened there is not in the recording.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from types import MappingProxyType
from typing import Final

from coreg.analysis.beat_hypotheses import SHORTEST_MS
from coreg.errors import BadCorrectionsError
from coreg.words import wrong_and_do

MOST: Final = 2500
"""Of one recording, so that their file stays one that is read at once."""
NORMAL: Final = "normal"
REJECTED: Final = "rejected"
_FEWEST_BEATS: Final = 2
_NEAR_S: Final = 1.0  # a number and a time name one beat; times may be found anew
_AROUND: Final = 10  # beats on either side that say how long an interval is there


class Did(StrEnum):
    """What a person did to a beat."""

    ACCEPT = "accept"
    REJECT = "reject"
    ECTOPIC = "ectopic"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """The intervals of these beats count, whatever cleaning said.

    Those that count already stay as they are: one made by hand is still made by hand.
    """

    beat: int
    last: int
    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """The intervals of these beats do not count."""

    beat: int
    last: int
    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkEctopic:
    """The beat began elsewhere than in the sinus node: both its intervals go."""

    beat: int
    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """A beat was missed, `after_ms` into the interval that ends with `beat`."""

    beat: int
    after_ms: float
    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """It was no beat: its two intervals are one."""

    beat: int
    t_s: float


Correction = Accept | Reject | MarkEctopic | Insert | Delete
"""What a person said of a beat; `t_s` is its time, so that its number is no other's."""

KINDS: Final[Mapping[Did, type[Correction]]] = MappingProxyType(
    {
        Did.ACCEPT: Accept,
        Did.REJECT: Reject,
        Did.ECTOPIC: MarkEctopic,
        Did.INSERT: Insert,
        Did.DELETE: Delete,
    }
)
"""What a correction is called where it is written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichRecording:
    """Which recording corrections are of: its bytes, and the beats read from them.

    The same bytes may be read as other beats: another person's column, or by a coreg
    that reads them better. Corrections of those would mean other beats.
    """

    name: str
    sha256: str
    beats: int
    beats_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditableBeat:
    """A beat with its interval: what cleaning calls it, and what a person did to it.

    `counts` says whether figures take the interval. `label` is cleaning's; `did` is
    None where nobody touched it.
    """

    number: int
    t_s: float
    rr_ms: float
    label: str
    counts: bool
    lost_before: bool
    did: Did | None

    @property
    def verdict(self) -> str:
        """What the interval is taken for in the end: `normal` where it counts."""
        if self.counts:
            return NORMAL
        if self.did is Did.REJECT:
            return REJECTED
        return str(Did.ECTOPIC) if self.did is Did.ECTOPIC else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedBeats:
    """All beats in order of time, and the number that the next one put in gets."""

    beats: tuple[EditableBeat, ...]
    next_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Splice:
    """The beats from place `at` on that were taken out, and what is there instead."""

    at: int
    out: tuple[EditableBeat, ...]
    into: tuple[EditableBeat, ...]
    numbers: int = 0  # given out, or given back

    def reversed(self) -> "Splice":
        """Return what undoes this."""
        return Splice(at=self.at, out=self.into, into=self.out, numbers=-self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """Beats on the way: what was done, oldest first, and what was undone of it."""

    edited: EditedBeats
    done: tuple[tuple[Correction, Splice], ...] = ()
    undone: tuple[tuple[Correction, Splice], ...] = ()

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The corrections in force."""
        return tuple(correction for correction, _ in self.done)


def kind_of(correction: Correction) -> Did:
    """Return what a correction is called."""
    return next(did for did, kind in KINDS.items() if isinstance(correction, kind))


# --- one correction -----------------------------------------------------------


def splice_of(edited: EditedBeats, correction: Correction) -> Splice:
    """Return what a correction changes.

    Raises
    ------
    BadCorrectionsError
        If there is no such beat, or it cannot be done to it.
    """
    at = place_of(edited.beats, correction.beat, correction.t_s)
    match correction:
        case Accept(last=last):
            return _counted(edited.beats, at, _last(edited.beats, at, last))
        case Reject(last=last):
            chosen = edited.beats[at : _last(edited.beats, at, last) + 1]
            return _decided(at, chosen, Did.REJECT)
        case MarkEctopic():
            return _decided(at, _own_and_next(edited.beats, at), Did.ECTOPIC)
        case Insert(after_ms=after_ms):
            return _split(edited, at, after_ms)
        case Delete():
            return _joined(edited.beats, at)


def spliced(edited: EditedBeats, splice: Splice) -> EditedBeats:
    """Return the beats with a splice made."""
    past = splice.at + len(splice.out)
    return EditedBeats(
        beats=edited.beats[: splice.at] + splice.into + edited.beats[past:],
        next_number=edited.next_number + splice.numbers,
    )


def corrected(edited: EditedBeats, corrections: Iterable[Correction]) -> Editing:
    """Return beats with all corrections made in order.

    Raises
    ------
    BadCorrectionsError
        If one does not fit, with its place in the list; or there are too many.
    """
    editing = Editing(edited=edited)
    for place, each in enumerate(corrections, start=1):
        try:
            editing = did(editing, each)
        except BadCorrectionsError as fault:
            told = wrong_and_do("errors.corrections.of-list", n=place, why=fault.wrong)
            raise BadCorrectionsError(*told) from fault
    return editing


# --- doing, undoing, doing again ----------------------------------------------


def did(editing: Editing, correction: Correction) -> Editing:
    """Return the beats with one correction more; what was undone is gone.

    Raises
    ------
    BadCorrectionsError
        If it cannot be made, or there are as many as a file takes.
    """
    if len(editing.done) >= MOST:
        raise BadCorrectionsError(*wrong_and_do("errors.corrections.too-many", n=MOST))
    splice = splice_of(editing.edited, correction)
    return Editing(
        edited=spliced(editing.edited, splice),
        done=(*editing.done, (correction, splice)),
    )


def undid(editing: Editing) -> Editing:
    """Return the beats without the last correction; unchanged where there is none."""
    if not editing.done:
        return editing
    *done, last = editing.done
    return Editing(
        edited=spliced(editing.edited, last[1].reversed()),
        done=tuple(done),
        undone=(*editing.undone, last),
    )


def redid(editing: Editing) -> Editing:
    """Return the beats with what was undone last; unchanged where nothing was."""
    if not editing.undone:
        return editing
    *undone, last = editing.undone
    return Editing(
        edited=spliced(editing.edited, last[1]),
        done=(*editing.done, last),
        undone=tuple(undone),
    )


# --- which beats --------------------------------------------------------------


def beats_sha256(rr_ms: Iterable[float]) -> str:
    """Return what tells intervals from all others, to a microsecond."""
    written = ",".join(f"{rr:.3f}" for rr in rr_ms)
    return hashlib.sha256(written.encode()).hexdigest()


def place_of(beats: Sequence[EditableBeat], number: int, t_s: float) -> int:
    """Return where in the row the beat of this number is, at about this time.

    Raises
    ------
    BadCorrectionsError
        If there is none.
    """
    first = bisect_left(beats, t_s - _NEAR_S, key=lambda beat: beat.t_s)
    for at in range(first, len(beats)):
        if beats[at].t_s > t_s + _NEAR_S:
            break
        if beats[at].number == number:
            return at
    told = wrong_and_do("errors.corrections.no-beat", beat=number, t_s=f"{t_s:g}")
    raise BadCorrectionsError(*told)


def usual_place_ms(beats: Sequence[EditableBeat], at: int) -> float:
    """Return where in an interval a missed beat most likely was, from its start.

    In the middle; where two or more seem to be missing by the intervals around, after
    one of as many equal parts, so that the rest can be parted again.
    """
    around = beats[max(0, at - _AROUND) : at + _AROUND + 1]
    kept_ms = [each.rr_ms for each in around if each.counts]
    rr_ms = beats[at].rr_ms
    parts = round(rr_ms / median(kept_ms)) if kept_ms else 2
    return rr_ms / max(2, parts)


def _last(beats: Sequence[EditableBeat], at: int, number: int) -> int:
    for place in range(at, len(beats)):
        if beats[place].number == number:
            return place
    told = wrong_and_do("errors.corrections.no-last", beat=number)
    raise BadCorrectionsError(*told)


def _own_and_next(beats: Sequence[EditableBeat], at: int) -> tuple[EditableBeat, ...]:
    """Return a beat and the one whose interval it begins, unless that one was lost."""
    return tuple(
        each for each in beats[at : at + 2] if each is beats[at] or not each.lost_before
    )


# --- what each does -----------------------------------------------------------


def _counted(beats: Sequence[EditableBeat], at: int, last: int) -> Splice:
    chosen = tuple(beats[at : last + 1])
    for each in chosen:
        if not each.rr_ms > 0:
            told = wrong_and_do("errors.corrections.no-interval", beat=each.number)
            raise BadCorrectionsError(*told)
    into = tuple(
        each if each.counts else replace(each, counts=True, did=Did.ACCEPT)
        for each in chosen
    )
    return Splice(at=at, out=chosen, into=into)


def _decided(at: int, chosen: Sequence[EditableBeat], by: Did) -> Splice:
    into = tuple(replace(each, counts=False, did=by) for each in chosen)
    return Splice(at=at, out=tuple(chosen), into=into)


def _split(edited: EditedBeats, at: int, after_ms: float) -> Splice:
    whole = edited.beats[at]
    rest_ms = whole.rr_ms - after_ms
    if not min(after_ms, rest_ms) >= SHORTEST_MS:  # NaN is refused here too
        told = wrong_and_do(
            "errors.corrections.no-room",
            beat=whole.number,
            rr_ms=f"{whole.rr_ms:.0f}",
            least_ms=f"{SHORTEST_MS:.0f}",
        )
        raise BadCorrectionsError(*told)
    new = replace(
        whole,
        number=edited.next_number,
        t_s=whole.t_s - rest_ms / 1000,
        rr_ms=after_ms,
        counts=True,
        did=Did.INSERT,
    )
    own = replace(whole, rr_ms=rest_ms, counts=True, lost_before=False, did=Did.INSERT)
    return Splice(at=at, out=(whole,), into=(new, own), numbers=1)


def _joined(beats: Sequence[EditableBeat], at: int) -> Splice:
    if len(beats) <= _FEWEST_BEATS:
        raise BadCorrectionsError(*wrong_and_do("errors.corrections.none-left"))
    own, *following = _own_and_next(beats, at)
    if not following:  # the last, or the last before a gap
        return Splice(at=at, out=(own,), into=())
    into = replace(
        following[0],
        rr_ms=own.rr_ms + following[0].rr_ms,
        counts=True,
        lost_before=own.lost_before,
        did=Did.DELETE,
    )
    return Splice(at=at, out=(own, following[0]), into=(into,))
