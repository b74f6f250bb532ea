"""One partner's heart, live: packets become timed, labelled beats and their windows.

One causal pass, the same for a strap, a recording and a replay. Beats come out in
order; the beat clock and the cleaner may each hold a few back while only later beats
can tell what they are.
"""

import math
from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from coreg.analysis.arrival import LONGEST_ARRIVAL_S, beats_are_in
from coreg.analysis.cleaning_causal import CausalCleaner, CleanedBeat
from coreg.analysis.rhythm import IrregularStretch, RhythmWatch
from coreg.analysis.rsa import lookahead_s, rsa_of_breath
from coreg.analysis.windows import HeartRateWindow, RmssdWindow, SpectrumWindow
from coreg.errors import BadPacketError
from coreg.facts.events import (
    BadPacket,
    Beat,
    BeatLabel,
    Breath,
    BreathSwing,
    Feature,
    Gap,
    HeartWindow,
    IrregularRhythm,
    Link,
    OverCounted,
    Partner,
    Quirk,
    RepeatedPacket,
    Rhythm,
)
from coreg.facts.kinds import BROKEN_LINKS
from coreg.sensors.decoding import heart_rate
from coreg.sensors.quirks.habits import QuirkWatch, ReadableWatch
from coreg.sensors.quirks.repeats import Repeats
from coreg.sensors.timing.beats import BeatClock, TickClock, TimedBeat
from coreg.sensors.timing.stamped_clock import StampedClock
from coreg.sensors.timing.surplus import Surplus, SurplusStretch

# How far back the swings look: two of the slowest breaths, and the wait for beats.
KEPT_S = 60.0
# Silence at a session's start or end that is a gap. Between two beats the beat clock
# tells one from a late packet; at the ends there is nothing to compare with.
SILENCE_S = 5.0
# One or two may be chance: a word about another program has to be true.
SURE_REPEATS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardBeats:
    """What one packet brought: beats labelled by now, and everything understood.

    Beats that cannot all be true are none that anything may go by, nor are those of a
    rhythm that is none: `beats` is empty.
    """

    beats: tuple[CleanedBeat, ...]
    features: list[Feature]
    quirks: tuple[Quirk, ...]


class Heart:
    """One partner's way from bytes to features.

    `latency_s` is what the strap takes to deliver a beat; arrivals are put back by it.
    `stamped`: what is left then is when the beat was, and no arrival. `by_labels` says
    whether others go by the labels of beats, or have them as sent, `by_ticks` whether
    arrivals are understood by the clock of a strap that has one.
    """

    def __init__(
        self,
        partner: Partner,
        latency_s: float,
        *,
        by_labels: bool,
        stamped: bool = False,
        by_ticks: bool = False,
    ) -> None:
        self.partner = partner
        self._by_labels = by_labels
        self._latency_s = latency_s
        by_arrival = TickClock if by_ticks else BeatClock
        self._new_clock = StampedClock if stamped else by_arrival
        self._quirks = QuirkWatch()
        self._repeats = Repeats()
        self._repeats_left_out = 0
        self._readable = ReadableWatch()
        self._surplus = Surplus()
        self._was_over_counted = False
        self._irregular = RhythmWatch()
        self.last_rr_s = 0.0
        self._clock: BeatClock | StampedClock = self._new_clock()
        self._cleaner = CausalCleaner()
        self._hr = HeartRateWindow()
        self._rmssd = RmssdWindow()
        self._spectrum = SpectrumWindow()
        self._last_beat_s = 0.0  # before the first beat: the session's start
        self._kept: deque[tuple[float, float]] = deque()
        self._breaths: deque[Breath] = deque()
        self._next_rhythm_s = 0.0
        self._segment_s = -math.inf  # beats before it are of no clock that is known
        self._begins_segment = False

    @property
    def is_readable(self) -> bool:
        """Whether what arrives can be taken for this heart's beats."""
        return self._readable.is_readable and not self._irregular.holds

    def packet(self, t_s: float, data: bytes) -> HeardBeats:
        """Take one Heart Rate Measurement as it arrived."""
        try:
            said = heart_rate.decode(data)
        except BadPacketError as error:
            if self._repeats.is_repeat(t_s, data, ()):
                return self._repeated(t_s)
            bad = BadPacket(t_s=t_s, partner=self.partner, reason=error.wrong)
            return HeardBeats(beats=(), features=[bad], quirks=())
        if self._repeats.is_repeat(t_s, data, said.rr_ms):
            return self._repeated(t_s)
        heard = self.intervals(t_s, said.rr_ms)
        quirks = (*heard.quirks, *self._quirks.feed(t_s, said))
        return replace(heard, quirks=quirks)

    def intervals(self, t_s: float, rr_ms: tuple[float, ...]) -> HeardBeats:
        """Take RR intervals that arrived together; an empty delivery counts too."""
        is_beat = [heart_rate.is_beat(each) for each in rr_ms]
        if any(is_beat):
            self.last_rr_s = t_s
        over = self._surplus.feed(t_s - self._latency_s, rr_ms)
        heard = self._timed(
            self._clock.feed(t_s - self._latency_s, rr_ms),
            marks=is_beat.count(False),
        )
        features = [*heard.features, *self._over_counted(over)]
        if not self._surplus.holds:
            return replace(heard, features=features)
        is_new, self._was_over_counted = not self._was_over_counted, True
        noticed = (Quirk.OVER_COUNTED,) if is_new else ()
        return HeardBeats(beats=(), features=features, quirks=(*heard.quirks, *noticed))

    def link_changed(self, link: Link) -> None:
        """Learn that the connection is another one, or that there is none."""
        if link in BROKEN_LINKS:
            self._repeats.reconnected()
            self._clock.reconnected()

    def begin_segment(self, t_s: float) -> None:
        """Begin anew after the recording broke off, once what was held was let go.

        Another clock counts from here, so nothing that compares times or neighbouring
        beats knows of those before. Whether packets repeat, and what was said of the
        strap, holds on.
        """
        self._repeats.reconnected()
        self._surplus = Surplus()
        self._irregular = RhythmWatch()
        self._clock = self._new_clock()
        self._cleaner = CausalCleaner()
        self._hr, self._rmssd = HeartRateWindow(), RmssdWindow()
        self._spectrum = SpectrumWindow()
        self._kept.clear()
        self._breaths.clear()
        self._segment_s, self._begins_segment = t_s, True

    def let_go(self) -> HeardBeats:
        """Return what was held back, when nothing more will come."""
        heard = self._timed(self._clock.flush(), marks=0)
        held = self._cleaner.flush()
        last = [each for clean in held for each in self._cleaned(clean)]
        beats = heard.beats
        if self._by_labels:
            may_go_by = not (self._surplus.holds or self._irregular.holds)
            beats = (*heard.beats, *held) if may_go_by else ()
        features = [
            *heard.features,
            *last,
            *self._over_counted(self._surplus.close()),
            *self._was_irregular(self._irregular.close()),
        ]
        while self._breaths and self._is_out(self._breaths[0]):
            features.append(self._swing(self._breaths.popleft(), self._last_beat_s))
        return replace(heard, beats=beats, features=features)

    def tick(self, t_s: float) -> list[Feature]:
        """Return what is due now: swings of breaths, and the rhythm once a second."""
        features: list[Feature] = [*self._swings_due(t_s)]
        if t_s >= self._next_rhythm_s:
            self._next_rhythm_s = math.floor(t_s) + 1.0
            features += self._rhythm(t_s)
        return features

    def on_breath(self, breath: Breath) -> None:
        """Take a breath of the shared pacer, to be measured once it is out."""
        self._breaths.append(breath)

    def discard_from(self, t_s: float) -> None:
        """Forget breaths that the pacer did not finish."""
        self._breaths = deque(
            breath for breath in self._breaths if breath.t_s + breath.period_s <= t_s
        )

    def silence_until(self, t_s: float) -> list[Feature]:
        """Return the gap between the last beat and the end, where there is one."""
        end_s = t_s - self._latency_s  # later beats are still on their way
        if end_s - self._last_beat_s < SILENCE_S:
            return []
        return [Gap(start_s=self._last_beat_s, end_s=end_s, partner=self.partner)]

    def _repeated(self, t_s: float) -> HeardBeats:
        """Mark a repeated packet; that packets repeat is said once it is certain."""
        self._repeats_left_out += 1
        is_sure = self._repeats_left_out == SURE_REPEATS
        return HeardBeats(
            beats=(),
            features=[RepeatedPacket(t_s=t_s, partner=self.partner)],
            quirks=(Quirk.REPEATED,) if is_sure else (),
        )

    def _over_counted(self, over: SurplusStretch | None) -> list[Feature]:
        """Mark a stretch whose beats add up to more time than passed."""
        if over is None:
            return []
        return [
            OverCounted(start_s=over.start_s, end_s=over.end_s, partner=self.partner)
        ]

    def _was_irregular(self, over: IrregularStretch | None) -> list[Feature]:
        """Mark a stretch whose rhythm was no sinus rhythm."""
        if over is None:
            return []
        return [
            IrregularRhythm(
                start_s=over.start_s, end_s=over.end_s, partner=self.partner
            )
        ]

    def _timed(self, beats: tuple[TimedBeat, ...], *, marks: int) -> HeardBeats:
        """Clean beats; `marks` counts lost ones that the strap marked beside them."""
        beats = self._of_segment(beats)
        was_readable = self.is_readable
        over = [
            feature
            for beat in beats
            for feature in self._was_irregular(
                self._irregular.feed(
                    t_s=beat.t_s, rr_ms=beat.rr_ms, after_gap=beat.after_gap
                )
            )
        ]
        cleaned = tuple(
            clean
            for beat in beats
            for clean in self._cleaner.feed(
                t_s=beat.t_s, rr_ms=beat.rr_ms, after_gap=beat.after_gap
            )
        )
        features = [feature for clean in cleaned for feature in self._cleaned(clean)]
        is_sound = [math.isfinite(clean.nn_ms) for clean in cleaned]
        quirks = self._readable.feed([*is_sound, *[False] * marks])
        if not self._irregular.holds:
            told = cleaned if self._by_labels else tuple(map(_as_sent, beats))
            return HeardBeats(beats=told, features=features + over, quirks=quirks)
        # To the two it is a strap that cannot be read, which it may well be.
        quirks = (Quirk.UNREADABLE,) if was_readable else ()
        return HeardBeats(beats=(), features=features + over, quirks=quirks)

    def _of_segment(self, beats: tuple[TimedBeat, ...]) -> tuple[TimedBeat, ...]:
        """Leave out beats from before the segment; its first one follows a gap."""
        own = tuple(beat for beat in beats if beat.t_s > self._segment_s)
        if not (own and self._begins_segment):
            return own
        self._begins_segment = False
        return (replace(own[0], after_gap=True), *own[1:])

    def _cleaned(self, clean: CleanedBeat) -> list[Feature]:
        after_gap = clean.label == BeatLabel.GAP
        if self._surplus.holds and not after_gap:
            clean = replace(clean, nn_ms=math.nan, label=BeatLabel.EXTRA)
        began_s = max(self._last_beat_s, clean.t_s - clean.rr_ms / 1000)
        features: list[Feature] = []
        if after_gap or (not self._kept and began_s >= SILENCE_S):
            features.append(
                Gap(start_s=self._last_beat_s, end_s=began_s, partner=self.partner)
            )
        self._last_beat_s = clean.t_s
        is_sinus = not self._irregular.holds
        varied_ms = clean.nn_ms if is_sinus else math.nan
        self._keep(clean.t_s, varied_ms)
        self._spectrum.push(clean.t_s, varied_ms)
        rmssd_ms = self._rmssd.push(clean.t_s, varied_ms, adjacent=not after_gap)
        beat = Beat(
            t_s=clean.t_s,
            partner=self.partner,
            rr_ms=clean.rr_ms,
            nn_ms=clean.nn_ms,
            label=BeatLabel(clean.label),
        )
        window = HeartWindow(
            t_s=clean.t_s,
            partner=self.partner,
            hr_bpm=self._hr.push(clean.t_s, clean.nn_ms),
            rmssd_ms=rmssd_ms if is_sinus else math.nan,
        )
        return [*features, beat, window]

    def _keep(self, t_s: float, nn_ms: float) -> None:
        self._kept.append((t_s, nn_ms))
        while self._kept[0][0] < t_s - KEPT_S:
            self._kept.popleft()

    def _swings_due(self, t_s: float) -> list[BreathSwing]:
        swings = []
        while self._breaths and self._is_known(self._breaths[0], t_s):
            swings.append(self._swing(self._breaths.popleft(), t_s))
        return swings

    def _is_out(self, breath: Breath) -> bool:
        """Whether this breath was breathed out before the last beat."""
        return self._last_beat_s >= breath.t_s + breath.period_s

    def _is_known(self, breath: Breath, t_s: float) -> bool:
        """Whether the beats of this breath, and some after it, are known.

        Beats at the very edge count towards the swing, so one beyond it has to be seen.
        """
        out_s = breath.t_s + breath.period_s
        return beats_are_in(
            math.nextafter(out_s + lookahead_s(breath.period_s), math.inf),
            last_beat_s=self._last_beat_s,
            t_s=t_s,
            latest_s=math.nextafter(out_s + LONGEST_ARRIVAL_S, math.inf),
        )

    def _swing(self, breath: Breath, t_s: float) -> BreathSwing:
        beat_t_s, nn_ms = np.array(self._kept, dtype=float).reshape(-1, 2).T
        swing = rsa_of_breath(beat_t_s, nn_ms, breath.t_s, breath.period_s)
        return BreathSwing(
            t_s=t_s,
            partner=self.partner,
            breath_start_s=breath.t_s,
            breath_period_s=breath.period_s,
            rsa_ms=swing.rsa_ms,
            rsa_bpm=swing.rsa_bpm,
        )

    def _rhythm(self, t_s: float) -> list[Rhythm]:
        peak = self._spectrum.at(t_s)
        if math.isnan(peak.peak_hz):
            return []
        return [
            Rhythm(
                t_s=t_s,
                partner=self.partner,
                peak_hz=peak.peak_hz,
                peak_power_ratio=peak.peak_power_ratio,
            )
        ]


def _as_sent(beat: TimedBeat) -> CleanedBeat:
    """Return a beat that nobody has labelled yet."""
    return CleanedBeat(
        t_s=beat.t_s, rr_ms=beat.rr_ms, nn_ms=beat.rr_ms, label=BeatLabel.NORMAL
    )
