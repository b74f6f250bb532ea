"""One heart under correction: what its pages ask, what they are told, what is kept.

Strategy.

1. The truth is here and in the file; a page draws what it is told. A press is sent,
   made here, written to the file, and only then told to all pages as the few beats that
   changed: what anybody sees is on the disk.
2. Figures of a whole day take longer than a press. They follow by themselves, of the
   newest beats, and what was asked meanwhile waits for nothing.
3. The file may be changed by somebody else meanwhile, a second editor too. That is
   looked for before each writing, and nothing of theirs is written over.
"""

import asyncio
import json
import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Protocol

from coreg.analysis.corrections import (
    KINDS,
    Accept,
    Correction,
    Did,
    EditableBeat,
    Editing,
    Insert,
    Reject,
    Splice,
    corrected,
    did,
    place_of,
    redid,
    undid,
    usual_place_ms,
)
from coreg.analysis.hrv import FLOORS
from coreg.base.bounds import BadText, json_of
from coreg.base.supervision import again, apart, ended
from coreg.errors import BadCorrectionsError, CoregError, StorageUnusable
from coreg.findings.corrected import (
    Correctable,
    by_hand,
    corrected_recording,
    editable,
    is_irregular,
)
from coreg.findings.recording import RecordingFigures
from coreg.report.words import corrections as words
from coreg.report.words.numbers import NONE, figure
from coreg.report.words.recording import meaning_with, unit, why_none
from coreg.store.corrections import MadeBy, corrections_text, parse_corrections
from coreg.web.wire.readers import BadMessage
from coreg.words import wrong_and_do

LONGEST_MESSAGE: Final = 1000
_FIGURES_AFTER_S: Final = 0.15  # presses in quick order are one
_HISTORY: Final = frozenset({"undo", "redo"})
_NORMAL, _IRREGULAR = "normal", "irregular"

Told = dict[str, Any]


class CorrectionsKept(Protocol):
    """Where corrections are kept."""

    @property
    def is_of_session(self) -> bool:
        """Whether they are of a session, and not of a file from elsewhere."""
        ...

    @property
    def place(self) -> Path:
        """Where their file lies."""
        ...

    def text(self) -> str | None:
        """Return what is kept, None where nothing is.

        Raises
        ------
        CoregError
            If it cannot be read.
        """
        ...

    def made(self) -> MadeBy | None:
        """Return who corrects now, where that is kept."""
        ...

    def write(self, text: str) -> None:
        """Keep this text, whole.

        Raises
        ------
        CoregError
            If it cannot be written.
        """
        ...


def _nobody() -> None:
    """Tell nobody."""


class BeatEditor:
    """Beats of one heart, the list of what was done, and the pages that look.

    `kept` is where corrections of them are kept. `called` is what the pages call the
    beats, where that is not their own name; `used` hears whenever a page asks.

    Raises
    ------
    CoregError
        If there are corrections already and they do not fit.
    """

    def __init__(
        self,
        beats: Correctable,
        kept: CorrectionsKept,
        *,
        called: str = "",
        used: Callable[[], None] = _nobody,
    ) -> None:
        self._of = beats
        self._kept = kept
        self._called = called or beats.which.name
        self._used = used
        self._as_cleaned = editable(beats.cleaned)
        self.editing = Editing(edited=self._as_cleaned)
        self._written = kept.text()
        if self._written is not None:
            place = kept.place.name
            done = parse_corrections(self._written, beats.which, place)
            self.editing = corrected(self._as_cleaned, done)
        self._before: RecordingFigures | None = None
        self._figures: Told | None = None
        self.pages: list[asyncio.Queue[str | None]] = []
        self._one_at_a_time = asyncio.Lock()
        self._changed = asyncio.Event()

    @property
    def has_pages(self) -> bool:
        """Whether a page is open."""
        return bool(self.pages)

    # --- pages ----------------------------------------------------------------

    async def came(self) -> asyncio.Queue[str | None]:
        """Take a page in; what it is told comes out of its queue, None at the end."""
        page: asyncio.Queue[str | None] = asyncio.Queue()
        async with self._one_at_a_time:
            page.put_nowait(_text_of(self._all_beats()))
            if self._figures is not None:
                page.put_nowait(_text_of(self._figures))
            self.pages.append(page)
        self._changed.set()  # a language may be another one now
        return page

    def left(self, page: asyncio.Queue[str | None]) -> None:
        """Tell a page nothing any more."""
        with suppress(ValueError):
            self.pages.remove(page)

    def end(self) -> None:
        """Let every page go."""
        for page in self.pages:
            page.put_nowait(None)

    def _tell_all(self, told: Told) -> None:
        for page in self.pages:
            page.put_nowait(_text_of(told))

    # --- what a page asks -----------------------------------------------------

    async def hear(self, text: str, page: asyncio.Queue[str | None]) -> None:
        """Do what a page asks and tell all of it; tell that page why where it cannot.

        Raises
        ------
        BadMessage
            If no page of ours would ask this.
        """
        asked = _asked(text)
        self._used()
        async with self._one_at_a_time:
            try:
                after, splice = self._after(asked)
                if splice is None:
                    return
                await apart("keeping corrections", lambda: self._keep(after))
            except CoregError as fault:
                page.put_nowait(_text_of({"type": "refused", "words": str(fault)}))
                return
            self.editing = after
            self._tell_all(self._change(splice))
        self._changed.set()

    def _after(self, asked: Told) -> tuple[Editing, Splice | None]:
        """Return the beats after what is asked, and what that changes of them, if any.

        Raises
        ------
        BadCorrectionsError
            If it cannot be done.
        """
        editing = self.editing
        if asked["do"] == "undo":
            gone = editing.done[-1][1].reversed() if editing.done else None
            return undid(editing), gone
        if asked["do"] == "redo":
            back = editing.undone[-1][1] if editing.undone else None
            return redid(editing), back
        after = did(editing, self._wanted(asked))
        splice = after.done[-1][1]
        if splice.out == splice.into:
            raise BadCorrectionsError(*wrong_and_do("errors.corrections.nothing"))
        return after, splice

    def _wanted(self, asked: Told) -> Correction:
        kind = KINDS[Did(asked["do"])]
        at = {"beat": asked["beat"], "t_s": asked["t_s"]}
        if kind is Accept or kind is Reject:
            return kind(**at, last=asked["last"])
        if kind is Insert:
            beats = self.editing.edited.beats
            place = place_of(beats, asked["beat"], asked["t_s"])
            return Insert(**at, after_ms=round(usual_place_ms(beats, place), 3))
        return kind(**at)

    def _keep(self, editing: Editing) -> None:
        """Write the list, unless somebody else has written there meanwhile."""
        there = self._kept.text()
        if there is not None and there != self._written:
            told = wrong_and_do("errors.corrections.changed", file=self._kept.place)
            raise StorageUnusable(*told)
        made = self._kept.made()
        text = corrections_text(self._of.which, editing.corrections, made)
        self._kept.write(text)
        self._written = text

    # --- what pages are told --------------------------------------------------

    def _all_beats(self) -> Told:
        return {
            "type": "beats",
            "name": self._called,
            # Where a session's lie is coreg's own affair, and its name says little.
            "file": ""
            if self._kept.is_of_session
            else str(self._kept.place.absolute()),
            "recorded": self._of.which.beats,
            "places": _places(self._as_cleaned.beats),
            "beats": _columns(self.editing.edited.beats),
            **self._counts(),
        }

    def _told_place(self) -> str:
        return "" if self._kept.is_of_session else str(self._kept.place.absolute())

    def _change(self, splice: Splice) -> Told:
        return {
            "type": "change",
            "at": splice.at,
            "out": len(splice.out),
            "into": _columns(splice.into),
            **self._counts(),
        }

    def _counts(self) -> Told:
        return {"done": len(self.editing.done), "undone": len(self.editing.undone)}

    # --- figures --------------------------------------------------------------

    async def follow_with_figures(self) -> None:
        """Work the figures out after each change, until this is cancelled."""
        following = again(
            "working out figures",
            self._next_figures,
            failed=lambda _fault: None,
            after_s=0,
        )
        try:
            await asyncio.wait([following])
        finally:
            await ended(following)

    async def _next_figures(self) -> None:
        await self._changed.wait()
        await asyncio.sleep(_FIGURES_AFTER_S)
        self._changed.clear()
        editing = self.editing
        told = await apart("working out figures", lambda: self._told_figures(editing))
        if not self._changed.is_set():  # else these are of beats that are no more
            self._figures = told
            self._tell_all(told)

    def _told_figures(self, editing: Editing) -> Told:
        if self._before is None:
            self._before = self._of.figures(self._of.cleaned)
        after = self._before
        if editing.done:
            edited = corrected_recording(self._of.cleaned, editing.edited)
            after = self._of.figures(edited)
        hand = by_hand(self._as_cleaned, editing)
        return {
            "type": "figures",
            "done": len(editing.done),
            "rows": [_row(self._before, after, name) for name in FLOORS],
            "cautions": words.cautions(hand),
        }


def _asked(text: str) -> Told:
    """Return what a page asks, in bounds."""
    try:
        asked = json_of(text, LONGEST_MESSAGE)
    except BadText as fault:
        raise BadMessage(str(fault)) from fault
    if not isinstance(asked, dict) or asked.get("do") not in [*Did, *_HISTORY]:
        raise BadMessage("is none that an editor knows")
    if asked["do"] in _HISTORY:
        return asked
    for key in ("beat", "last"):
        if isinstance(asked.get(key), bool) or not isinstance(asked.get(key), int):
            raise BadMessage(f"has no {key}")
    t_s = asked.get("t_s")
    if isinstance(t_s, bool) or not isinstance(t_s, int | float):
        raise BadMessage("has no t_s")
    if not math.isfinite(t_s):
        raise BadMessage("has no t_s")
    return asked


def _columns(beats: Iterable[EditableBeat]) -> Told:
    """Return beats as columns, which a page reads many times faster than rows."""
    rows = list(beats)
    return {
        "number": [beat.number for beat in rows],
        "t_s": [round(beat.t_s, 4) for beat in rows],
        "rr_ms": [round(beat.rr_ms, 3) for beat in rows],
        "label": [_label(beat) for beat in rows],
        "counts": [int(beat.counts) for beat in rows],
        "lost": [int(beat.lost_before) for beat in rows],
        "did": [str(beat.did or "") for beat in rows],
    }


def _places(beats: Iterable[EditableBeat]) -> int:
    """Return in how many places cleaning left out beats, each for one reason."""
    why = ("" if beat.counts else _label(beat) for beat in beats)
    return sum(bool(reason) for reason, _ in groupby(why))


def _label(beat: EditableBeat) -> str:
    """Return what cleaning says; "" for what it takes for a beat like any other."""
    if is_irregular(beat):
        return _IRREGULAR
    return "" if beat.label == _NORMAL else beat.label


def _row(before: RecordingFigures, after: RecordingFigures, name: str) -> Told:
    was, now = (getattr(each.hrv, name) for each in (before, after))
    if math.isnan(now):
        meaning = why_none(after.hrv.reasons[name])
    else:
        meaning = meaning_with(after.hrv.cautions.get(name), name)
    told_was, told_now = (
        NONE if math.isnan(each) else figure(each, _decimals(each))
        for each in (was, now)
    )
    return {
        "name": name,
        "meaning": meaning,
        "unit": unit(name),
        "before": told_was,
        "after": told_now,
        "changed": told_was != told_now,
        "known": {"before": not math.isnan(was), "after": not math.isnan(now)},
    }


def _decimals(value: float) -> int:
    """Return decimals for about four digits: a page is read, not computed with."""
    steps = enumerate((1000, 100, 10))
    return next((n for n, least in steps if abs(value) >= least), 3)


def _text_of(told: Told) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
