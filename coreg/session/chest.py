"""What one strap measures beside heartbeats: its frames become breaths and beats.

One causal pass, the same live and in a replay. Frames that cannot be read are said to
be bad and left out. Samples are timed by the strap's own clock; what is said of them is
put onto the session's by what is known of the two until then. Where a strap's clock
began anew nobody knows how much time passed: no breath and no interval reaches across
it. Frames of a stream whose start was not heard are left out: nobody knows how fast
they are. So are those whose times cannot be believed, and that is said.
"""

import math
from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from coreg.analysis.breath_from_acceleration import BreathWatch
from coreg.analysis.breath_from_heart import LEAST_LIKENESS, breath_of_heart
from coreg.analysis.breath_in_step import breath_in_step, known_from_s
from coreg.analysis.breath_trace import ChestTrace, Stretch
from coreg.analysis.r_peaks import RPeak, RPeakFinder, Unreadable
from coreg.errors import BadPacketError
from coreg.facts.arrays import Floats
from coreg.facts.events import (
    BadPacket,
    Breath,
    BreathByHeart,
    BreathSeen,
    EcgBeat,
    Feature,
    NoLongerMeasured,
    PacedBreathSeen,
    Partner,
    SamplesUntimed,
    Stream,
    StreamPacket,
    StreamStarted,
    StreamTakenBack,
)
from coreg.facts.packets import BY_HEART_EVERY_S
from coreg.sensors.decoding.polar_control import (
    Answer,
    decode_control,
    factor_started,
    rate_asked_hz,
)
from coreg.sensors.decoding.polar_frames import EcgFrame, decode_frame
from coreg.sensors.timing.device_clock import SampleClock


class _Understands(Protocol):
    """What samples of one stream mean."""

    def understand(self, t_s: Floats, samples: Floats, ahead_s: float) -> list[Feature]:
        """Take samples, their times by the strap, and what to add for the session's."""
        ...

    def broken(self, ahead_s: float) -> list[Feature]:
        """Give what waits, and go by nothing of the time until now any more."""
        ...


# A breath is known seconds after it is out; more wait only where a stream stands still.
_MOST_WAITING: Final = 16
_KEPT_BEATS: Final = 200  # those of 50 s


class Chest:
    """One partner's chest: its electric and its mechanical side."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner
        self._holds_breaths = False
        self._going: dict[Stream, _Going] = {}
        self._taken_back: set[Stream] = set()
        self._paced: deque[Breath] = deque(maxlen=_MOST_WAITING)

    def started(self, given: StreamStarted) -> None:
        """Take that a stream begins: whatever was heard of it before is over."""
        rate_hz = rate_asked_hz(given.asked)
        self._going.pop(given.stream, None)
        self._taken_back.discard(given.stream)
        if rate_hz is None:
            return
        understands: _Understands
        if given.stream is Stream.ECG:
            told = _HeartBreath(self._partner, self) if given.holds_breaths else None
            understands = _Ecg(self._partner, rate_hz, told)
        else:
            self._holds_breaths = given.holds_breaths
            self._paced.clear()
            understands = _Movement(self._partner, self._paced)
        self._going[given.stream] = _Going(
            SampleClock(rate_hz), factor_answered(given.answer), understands
        )

    def taken_back(self, t_s: float, given: StreamTakenBack) -> NoLongerMeasured:
        """Look at nothing more of a stream, nor at what still waits to be told of it.

        Who takes back how their chest moves has their breath taken from nothing else.
        """
        self._going.pop(given.stream, None)
        self._taken_back.add(given.stream)
        if given.stream is Stream.ACCELERATION:
            self._holds_breaths = False
            self._paced.clear()
        return NoLongerMeasured(t_s=t_s, partner=self._partner, stream=given.stream)

    @property
    def moves(self) -> bool:
        """Whether its movement is measured or was: the better witness of its breath."""
        known = self._going.keys() | self._taken_back
        return Stream.ACCELERATION in known

    def on_breath(self, breath: Breath) -> None:
        """Take a breath of the pacer, to be held beside the chest's once it is out."""
        if self._holds_breaths:
            self._paced.append(breath)

    def discard_from(self, t_s: float) -> None:
        """Forget breaths that the pacer did not finish."""
        while self._paced and self._paced[-1].t_s + self._paced[-1].period_s > t_s:
            self._paced.pop()

    def packet(self, t_s: float, given: StreamPacket) -> list[Feature]:
        """Take a frame as it arrived; return what became known by it."""
        going = self._going.get(given.stream)
        if going is None:
            return []
        try:
            return going.frame(t_s, given)
        except BadPacketError as error:
            return [BadPacket(t_s=t_s, partner=self._partner, reason=error.wrong)]


class _Going:
    """One stream under way."""

    def __init__(
        self, clock: SampleClock, factor: float | None, understands: _Understands
    ) -> None:
        self._clock = clock
        self._factor = factor
        self._understands = understands
        self._ahead_s = 0.0
        self._untimed = False

    def frame(self, t_s: float, given: StreamPacket) -> list[Feature]:
        frame = decode_frame(given.data, self._factor)
        measured = (
            frame.ecg_uv if isinstance(frame, EcgFrame) else frame.acceleration_mg
        )
        samples = np.array(measured, dtype=np.float64)
        timed = self._clock.feed(
            arrival_s=t_s, last_ns=frame.last_ns, count=len(samples)
        )
        if not timed.t_s.size:  # it came twice
            return []
        if timed.untimed:
            said_before, self._untimed = self._untimed, True
            return [] if said_before else [_untimed(t_s, given)]
        self._untimed = False
        said = self._understands.broken(self._ahead_s) if timed.new_clock else []
        self._ahead_s = timed.host_less_strap_s
        return said + self._understands.understand(timed.t_s, samples, self._ahead_s)


def _untimed(t_s: float, given: StreamPacket) -> SamplesUntimed:
    return SamplesUntimed(t_s=t_s, partner=given.partner, stream=given.stream)


class _Movement:
    """The breath, by the movement of the chest; `paced` waits to be held beside it."""

    def __init__(self, partner: Partner, paced: deque[Breath]) -> None:
        self._partner = partner
        self._trace = ChestTrace()
        self._breath = BreathWatch()
        self._paced = paced

    def broken(self, ahead_s: float) -> list[Feature]:  # noqa: ARG002 - none waits
        self._trace = ChestTrace()
        self._breath = BreathWatch()
        self._paced.clear()
        return []

    def understand(self, t_s: Floats, mg: Floats, ahead_s: float) -> list[Feature]:
        said: list[Feature] = []
        for stretch in self._trace.push(t_s, mg):
            seen = self._breath.moment(stretch)
            said.append(
                BreathSeen(
                    t_s=seen.t_s + ahead_s,
                    partner=self._partner,
                    rate_per_min=seen.rate_per_min,
                    quality=seen.quality,
                    seen_s=seen.window_s,
                )
            )
            said += self._beside(stretch, ahead_s)
        return said

    def _beside(self, stretch: Stretch, ahead_s: float) -> list[Feature]:
        """Return the paced breaths of which enough is known by now."""
        now_s, said = stretch.now_s + ahead_s, list[Feature]()
        while self._paced and now_s >= known_from_s(
            self._paced[0].t_s, self._paced[0].period_s
        ):
            breath = self._paced.popleft()
            beside = breath_in_step(
                stretch.t_s + ahead_s,
                stretch.mg,
                breath.t_s,
                breath.period_s,
                breath.inhale_s,
            )
            said.append(
                PacedBreathSeen(
                    t_s=now_s,
                    partner=self._partner,
                    breath_start_s=breath.t_s,
                    breath_period_s=breath.period_s,
                    locked_share=beside.locked_share,
                    other_share=beside.other_share,
                    other_times=beside.other_times,
                    lag_rad=beside.lag_rad,
                    axis=beside.axis,
                    in_step=beside.in_step,
                )
            )
        return said


class _Ecg:
    """Heartbeats, by the ECG; `breath` is what takes the breath from them, if any."""

    def __init__(
        self, partner: Partner, rate_hz: float, breath: "_HeartBreath | None"
    ) -> None:
        self._partner = partner
        self._rate_hz = rate_hz
        self._breath = breath
        self._finder = RPeakFinder(rate_hz)
        self._last_s = 0.0

    def broken(self, ahead_s: float) -> list[Feature]:
        said = self._said(self._finder.flush(), ahead_s)
        self._finder = RPeakFinder(self._rate_hz)
        if self._breath is not None:
            self._breath.begin_anew()
        return said

    def understand(self, t_s: Floats, samples: Floats, ahead_s: float) -> list[Feature]:
        return self._said(self._finder.feed(t_s, samples), ahead_s)

    def _said(
        self, every: Sequence[RPeak | Unreadable], ahead_s: float
    ) -> list[Feature]:
        said: list[Feature] = []
        for found in every:
            if not isinstance(found, RPeak):
                continue
            is_first, before_s = found.after_gap, self._last_s
            self._last_s = found.t_s
            rr_ms = math.nan if is_first else 1000 * (found.t_s - before_s)
            said.append(
                EcgBeat(
                    t_s=found.t_s + ahead_s,
                    partner=self._partner,
                    rr_ms=rr_ms,
                    likeness=found.likeness,
                    width_ms=found.width_ms,
                )
            )
            if self._breath is not None:
                said += self._breath.beat(found, rr_ms, ahead_s)
        return said


class _HeartBreath:
    """The breath, by the beats of an ECG: said every few seconds, never gone by."""

    def __init__(self, partner: Partner, chest: Chest) -> None:
        self._partner = partner
        self._chest = chest
        self._beats: deque[tuple[float, float, float]] = deque(maxlen=_KEPT_BEATS)
        self._next_s = -math.inf

    def begin_anew(self) -> None:
        """Go by no beat of before: nobody knows how long ago it was."""
        self._beats.clear()
        self._next_s = -math.inf

    def beat(self, found: RPeak, rr_ms: float, ahead_s: float) -> list[Feature]:
        """Take a beat; return what was known before it, where it is time to say."""
        end_s = BY_HEART_EVERY_S * math.floor(found.t_s / BY_HEART_EVERY_S)
        said: list[Feature] = []
        if end_s >= self._next_s and self._beats and not self._chest.moves:
            t_s, nn_ms, height_uv = np.array(self._beats, dtype=np.float64).T
            told = breath_of_heart(t_s, nn_ms, height_uv, end_s)
            said.append(
                BreathByHeart(
                    t_s=end_s + ahead_s,
                    partner=self._partner,
                    rate_per_min=told.rate_per_min,
                    quality=told.quality,
                )
            )
        if end_s >= self._next_s:
            self._next_s = end_s + BY_HEART_EVERY_S
        is_usual = not found.likeness < LEAST_LIKENESS  # NaN: of the first few
        height_uv_of = found.height_uv if is_usual else math.nan
        self._beats.append((found.t_s, rr_ms if is_usual else math.nan, height_uv_of))
        return said


def factor_answered(answer: bytes) -> float | None:
    """Return what a step of packed frames is worth; without it they are refused."""
    try:
        told = decode_control(answer)
        return factor_started(told) if isinstance(told, Answer) else None
    except BadPacketError:
        return None
