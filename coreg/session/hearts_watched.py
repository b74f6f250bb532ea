"""Two hearts as a therapist watches them while they practise.

Each against itself alone: its line, how far it is above or below where it arrived, and
how far it swings with the paced breath. Nothing compares one with the other, nothing
says who settled, and nothing is kept: it is what the session computes anyway. Where
a rhythm is irregular there is neither line nor level: a stirred heart would look so.
Definitions: docs/measures.md, "On the console".
"""

import math
from collections import deque
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from coreg.analysis.level import level_bpm
from coreg.analysis.rhythm import WINDOW, RhythmWatch
from coreg.facts.arrays import Floats
from coreg.facts.both import Both
from coreg.facts.events import (
    NS_PER_S,
    Arrived,
    Beat,
    BeatLabel,
    BreathSwing,
    Input,
    Partner,
    WentOn,
)
from coreg.session.engine import Output

LINE_S: Final = 180.0
LEVEL_S: Final = 60.0
LEAST_CLEAN_S: Final = 30.0
SWINGS: Final = 3
SIGNAL_S: Final = 30.0
GOOD_SHARE: Final = 0.95
SILENT_S: Final = 5.0
_MS_PER_S: Final = 1000.0
_MOST_BEATS: Final = 1024  # three minutes of the fastest heart

HeartSignal = Literal["good", "unsteady", "unreadable", "silent", "awaited"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartNow:
    """One heart at a moment of the session.

    `line` are times (s) and rates (1/min) of its beats; NaN where one was rejected
    and where the rhythm is irregular, which is known once it has been for some beats.
    `level_bpm` is how far its median rate of the last minute lies above that of its
    arrival, and `swing_bpm` how far it swung with the last paced breaths (median of
    three); NaN below their floors.
    """

    line: tuple[tuple[float, float], ...]
    level_bpm: float
    swing_bpm: float
    signal: HeartSignal


class HeartsWatched:
    """Listens to a session under way, and says how both hearts are now."""

    def __init__(self) -> None:
        self._hearts = Both(_Watched(), _Watched())
        self._now_s = 0.0

    def __call__(self, given: Input, outputs: list[Output]) -> None:
        """Take what came of one input; it is its time until the next one comes."""
        self._now_s = given.t_ns / NS_PER_S
        for output in outputs:
            if isinstance(output, Beat | BreathSwing | Arrived):
                self._hearts[output.partner].take(output)
            elif isinstance(output, WentOn):
                for heart in self._hearts:
                    heart.begin_segment()

    def now(self, partner: Partner, *, after_s: float = -math.inf) -> HeartNow:
        """Return how one heart is now, with those of its beats that came after a time.

        Beats are known late, some seconds after their own time: whoever asks for what
        is new names the last beat that they know of.
        """
        return self._hearts[partner].now(self._now_s, after_s)


class _Watched:
    def __init__(self) -> None:
        self._beats: deque[Beat] = deque(maxlen=_MOST_BEATS)
        # The session says that a rhythm was irregular only once that is over.
        self._irregular = RhythmWatch()
        self._swings_bpm: deque[float] = deque(maxlen=SWINGS)
        self._swung_s = -math.inf
        self._arrived_bpm = math.nan

    def take(self, given: Beat | BreathSwing | Arrived) -> None:
        match given:
            case Beat():
                self._heard(given)
            case BreathSwing():
                self._swings_bpm.append(given.rsa_bpm)
                self._swung_s = given.t_s
            case Arrived():
                self._arrived_bpm = given.rest_bpm

    def begin_segment(self) -> None:
        """Begin anew after the recording broke off: no rhythm goes on across that."""
        self._irregular = RhythmWatch()

    def _heard(self, beat: Beat) -> None:
        was_irregular = self._irregular.holds
        self._beats.append(beat)
        self._irregular.feed(
            t_s=beat.t_s, rr_ms=beat.rr_ms, after_gap=beat.label is BeatLabel.GAP
        )
        if not self._irregular.holds:
            return
        newly = 1 if was_irregular else WINDOW  # with all by which it was found
        last = [self._beats.pop() for _ in range(min(newly, len(self._beats)))]
        self._beats.extend(replace(each, nn_ms=math.nan) for each in reversed(last))
        self._swings_bpm.clear()

    def now(self, t_s: float, after_s: float) -> HeartNow:
        from_s = max(after_s, t_s - LINE_S)
        return HeartNow(
            line=tuple(
                (each.t_s, 60 * _MS_PER_S / each.nn_ms)
                for each in self._beats
                if each.t_s > from_s
            ),
            level_bpm=self._level_bpm(t_s),
            swing_bpm=self._swing_bpm(t_s),
            signal=self._signal(t_s),
        )

    def _level_bpm(self, t_s: float) -> float:
        nn_ms = self._clean_ms(t_s - LEVEL_S)
        if nn_ms.sum() < LEAST_CLEAN_S * _MS_PER_S:
            return math.nan
        return level_bpm(nn_ms) - self._arrived_bpm

    def _swing_bpm(self, t_s: float) -> float:
        """Return the median of the last swings; none is of now once no breath leads."""
        known = [each for each in self._swings_bpm if not math.isnan(each)]
        if len(known) < 2 or t_s - self._swung_s > LEVEL_S:
            return math.nan
        return float(np.median(known))

    def _signal(self, t_s: float) -> HeartSignal:
        if not self._beats:  # the first one takes a moment: it isn't missing yet
            return "silent" if t_s > SILENT_S else "awaited"
        if t_s - self._beats[-1].t_s > SILENT_S:
            return "silent"
        if self._irregular.holds:
            return "unreadable"
        recent = [each for each in self._beats if each.t_s > t_s - SIGNAL_S]
        clean = sum(each.label is BeatLabel.NORMAL for each in recent)
        return "good" if clean >= GOOD_SHARE * len(recent) else "unsteady"

    def _clean_ms(self, from_s: float) -> Floats:
        recent = [each.nn_ms for each in self._beats if each.t_s > from_s]
        return np.array([nn_ms for nn_ms in recent if not math.isnan(nn_ms)])
