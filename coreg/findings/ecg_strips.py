"""A few seconds of ECG around heartbeats that were set aside, for a therapist to see.

Only of who agreed to be seen by a therapist, and never on a couple's page. Of many such
places a few are chosen: of each reason the earliest first, so that no reason hides
another. They are shown in the order of time.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest
from typing import Final

import numpy as np

from coreg.analysis.two_witnesses import TwoWitnesses
from coreg.facts.arrays import Floats
from coreg.facts.events import BeatLabel, Partner
from coreg.findings.ecg_seen import EcgBeside
from coreg.findings.heart import HeartFigures
from coreg.findings.summary import SessionSummary

MOST_OF_ONE, MOST_OF_EACH = 5, 3
"""Of one heart alone, and of each of two: so that all stand on one sheet."""
_LONG_S: Final = 6.0
_TOGETHER_S: Final = 2.5
_KNOWN: Final = 0.95  # of a strip's samples have to be there
_LEFT_OUT: Final = (BeatLabel.NORMAL, BeatLabel.GAP)


class Witness(StrEnum):
    """What the ECG itself shows of an interval that was set aside."""

    SHAPE = "shape"  # its beat, or the one before, came early and looks unlike others
    LEFT_OUT = "left-out"  # a beat within it that the strap did not report
    INVENTED = "invented"  # an end of it is a beat that the ECG does not show


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What a strip marks: an interval that was set aside, by what is said of it.

    `witness` is None where the ECG shows nothing that its length alone does not tell.
    `when_s` is its start as all other pages have it: by the strap, which is later than
    its ECG.
    """

    start_s: float
    end_s: float
    when_s: float
    label: BeatLabel
    witness: Witness | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strip:
    """A few seconds of one ECG; times in seconds of the session.

    `reported_t_s` are the beats that the strap reported, on the ECG's clock. `why` is
    what stands for the whole strip.
    """

    partner: Partner
    start_s: float
    end_s: float
    t_s: Floats
    uv: Floats
    reported_t_s: Floats
    marked: tuple[Marked, ...]
    why: Marked


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strips:
    """The strips of one heart, and how many such places there are beside them."""

    shown: tuple[Strip, ...]
    more: int


def strips_of(
    summary: SessionSummary, agreed: Container[Partner]
) -> dict[Partner, Strips]:
    """Return the strips of each heart whose owner agreed to be seen by a therapist."""
    hearts = {Partner.A: summary.a, Partner.B: summary.b}
    places = {
        partner: _places(summary, hearts[partner], beside)
        for partner, beside in summary.ecg.items()
        if partner in agreed and partner in summary.shown
    }
    places = {partner: each for partner, each in places.items() if each}
    most = MOST_OF_ONE if len(places) == 1 else MOST_OF_EACH
    return {partner: _chosen(each, most) for partner, each in places.items()}


def _chosen(places: list[Strip], most: int) -> Strips:
    shown = sorted(_some_of_each(places)[:most], key=lambda each: each.start_s)
    return Strips(shown=tuple(shown), more=len(places) - len(shown))


def _places(
    summary: SessionSummary, heart: HeartFigures, beside: EcgBeside
) -> list[Strip]:
    """Return a strip for every place where intervals were set aside."""
    if beside.both is None:
        return []
    late_s = beside.both.late_s
    marks = _marks(heart, beside, late_s)
    marks = [
        each
        for each in marks
        if summary.start_s <= each.end_s + late_s <= summary.end_s
    ]
    strips = (_strip(heart, beside, each, late_s) for each in _together(marks))
    return [strip for strip in strips if strip is not None]


def _marks(heart: HeartFigures, beside: EcgBeside, late_s: float) -> list[Marked]:
    """Return every interval that was set aside, on the ECG's clock."""
    assert beside.both is not None  # noqa: S101 - asked by the caller
    shows = _shows(beside, beside.both)
    return [
        Marked(
            start_s=float(heart.beat_t_s[k] - heart.rr_ms[k] / 1000) - late_s,
            end_s=float(heart.beat_t_s[k]) - late_s,
            when_s=float(heart.beat_t_s[k] - heart.rr_ms[k] / 1000),
            label=label,
            witness=shows.get((float(heart.beat_t_s[k]), label)),
        )
        for k, label in enumerate(heart.labels)
        if label not in _LEFT_OUT and np.isnan(heart.nn_ms[k])
    ]


def _shows(
    beside: EcgBeside, both: TwoWitnesses
) -> dict[tuple[float, BeatLabel], Witness]:
    """Return what the ECG shows of which interval, if it is called that.

    By the time of the beat that ended it: numbers change where beats are put in or
    deleted by hand.
    """
    beats_s = beside.strap_t_s
    own = both.strap_of[beside.seen.shapes.is_foreign]
    after = np.searchsorted(beats_s, beside.seen.t_s[both.only_ecg] + both.late_s)
    shows = {
        (t_s, BeatLabel.MISSED): Witness.LEFT_OUT
        for t_s in beats_s[np.minimum(after, beats_s.size - 1)].tolist()
    }
    for these, label, witness in (
        (np.flatnonzero(both.only_strap), BeatLabel.EXTRA, Witness.INVENTED),
        (own[own >= 0], BeatLabel.ECTOPIC, Witness.SHAPE),
    ):
        each = np.concatenate((these, these + 1))
        for t_s in beats_s[each[each < beats_s.size]].tolist():
            shows[t_s, label] = witness
    return shows


def _together(marks: list[Marked]) -> list[list[Marked]]:
    """Return marks that are so near to one another that one strip shows them."""
    found: list[list[Marked]] = []
    for mark in marks:
        if (
            found
            and mark.end_s - found[-1][0].start_s <= _LONG_S - 1
            and mark.start_s - found[-1][-1].end_s <= _TOGETHER_S
        ):
            found[-1].append(mark)
        else:
            found.append([mark])
    return found


def _strip(
    heart: HeartFigures, beside: EcgBeside, marks: list[Marked], late_s: float
) -> Strip | None:
    """Return a strip with these marks in its middle; None where the ECG has a hole."""
    seen = beside.seen
    middle_s = (marks[0].start_s + marks[-1].end_s) / 2
    start_s, end_s = middle_s - _LONG_S / 2, middle_s + _LONG_S / 2
    inside = (seen.sample_t_s >= start_s) & (seen.sample_t_s <= end_s)
    t_s = seen.sample_t_s[inside]
    if t_s.size < 2 or np.diff(t_s).max() > (1 - _KNOWN) * _LONG_S:
        return None
    if t_s[-1] - t_s[0] < _KNOWN * _LONG_S:
        return None
    reported_s = heart.beat_t_s - late_s
    # What the ECG shows says more than what intervals are called.
    why = next((each for each in marks if each.witness), marks[0])
    return Strip(
        partner=heart.partner,
        start_s=start_s,
        end_s=end_s,
        t_s=t_s,
        uv=seen.sample_uv[inside],
        reported_t_s=reported_s[(reported_s >= start_s) & (reported_s <= end_s)],
        marked=tuple(_within(each, start_s, end_s) for each in marks),
        why=why,
    )


def _within(mark: Marked, start_s: float, end_s: float) -> Marked:
    return replace(
        mark, start_s=max(mark.start_s, start_s), end_s=min(mark.end_s, end_s)
    )


def _some_of_each(places: list[Strip]) -> list[Strip]:
    """Return the earliest of each reason, then the next of each."""
    by_reason: dict[Witness | BeatLabel, list[Strip]] = {}
    for place in places:
        why = place.why.witness or place.why.label
        by_reason.setdefault(why, []).append(place)
    turns = zip_longest(*by_reason.values())
    return [place for turn in turns for place in turn if place is not None]
