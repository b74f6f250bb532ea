"""The one path from inputs to features and cues, for live, replay, report and batch.

Strategy. `Engine.feed` takes one input and returns what follows from it, at once and
in order; `run` does so for a whole session. Nothing here reads a clock or a file, so
the same inputs give the same outputs to the last bit.

1. Each partner has a `Heart`: packet -> timed beats -> labelled beats -> windows.
   It may hold a beat for a few more beats, where only they can tell whether it is
   sound; held beats are let go when the practice ends.
2. Ticks drive what depends on time: silence, the spectrum once a second, the swing of
   breaths that have been breathed out, blocks, and the next breath.
3. What each heart has of rest, of possible flooding and of *settled* is watched beside
   the pacer, and never moves it (`coreg.session.calm_watch`); nor do taps
   (`coreg.session.alertness`).
4. All features of a block are hashed; a replay that differs anywhere differs there.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coreg.exercises import practice
from coreg.exercises.pacing.make_pacer import belief_text, pacer_for
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.exercises.plan import BlockKind, Pace, parse_plan, with_breathing_min
from coreg.exercises.practice import BlockOver, Practice
from coreg.facts import codec
from coreg.facts.events import (
    NS_PER_S,
    BatteryRead,
    BlockBegan,
    BlockEnded,
    Breath,
    Cue,
    Feature,
    FloodingPassed,
    Input,
    Intervals,
    LinkChanged,
    Notification,
    Opened,
    PacerStopped,
    PaceTurned,
    Pacing,
    Partner,
    Paused,
    PossibleFlooding,
    Press,
    Pressed,
    Quirk,
    QuirkNoticed,
    Resumed,
    SignalBack,
    SignalLost,
    SourceEnded,
    Tapped,
    Tick,
)
from coreg.session.alertness import Taps, UsualTaps
from coreg.session.calm_watch import Watches
from coreg.session.heart import Heard, Heart

Output = Feature | Cue

# A strap that sends no RR for this long is said to be silent (the radio's own watchdog
# has the same patience).
SILENT_S = 5.0
LOW_BATTERY_PERCENT = 15


def run(inputs: Iterable[Input]) -> Iterator[Output]:
    """Yield everything that follows from a session's inputs.

    Parameters
    ----------
    inputs : iterable of Input
        The first one `Opened`, the others in the order in which they were logged.

    Yields
    ------
    Feature or Cue
        In the order in which the live session had them. Of an interrupted session
        the beats still held back come last.
    """
    engine = Engine()
    for given in inputs:
        yield from engine.feed(given)
    yield from engine.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What an evening taught for the next: a belief as text, and of each the rest.

    The text and taps are empty and a figure NaN where nothing was learned.
    """

    session_id: str
    pace_belief: str
    arrived_bpm: tuple[float, ...]
    usual_taps_s: tuple[tuple[float, ...], ...]


class Engine:
    """A session under way."""

    def __init__(self) -> None:
        self._hearts: dict[Partner, Heart] = {}
        self._low: set[Partner] = set()
        self._pacer = SharedPacer.steady()
        self._pacing = Pacing.STAYING  # what the couple was told of it
        self._watches = Watches((), (math.nan, math.nan))
        self._taps = Taps({})
        self._session_id = ""
        self._silent: set[Partner] = set()
        self._unreadable: set[Partner] = set()
        self._practice: Practice | None = None
        self._digest = _Digest()
        self._now_s = 0.0

    @property
    def is_ended(self) -> bool:
        """Whether the practice is over."""
        return self._practice is not None and self._practice.ended

    @property
    def learned(self) -> Learned:
        """What this evening has taught so far."""
        return Learned(
            session_id=self._session_id,
            pace_belief=belief_text(self._pacer) if self._is_by_heart else "",
            arrived_bpm=self._watches.arrived_bpm,
            usual_taps_s=self._taps.learned_s,
        )

    def feed(self, given: Input) -> list[Output]:
        """Take one input and return what follows from it, in order."""
        if isinstance(given, Opened):
            return self._open(given)
        if self._state.ended:
            return []
        self._now_s = given.t_ns / NS_PER_S
        if isinstance(given, Notification | Intervals):
            return self._arrive(given, self._now_s)
        return self._go_on(given, self._now_s)

    def close(self) -> list[Output]:
        """Let go of held beats where the inputs stop before the practice does."""
        return [] if self.is_ended else self._let_go(self._now_s)

    @property
    def _state(self) -> Practice:
        if self._practice is None:
            raise ValueError("the first input of a session is Opened")
        return self._practice

    @property
    def _is_by_heart(self) -> bool:
        """Whether hearts may steer, and the pacer learn from them."""
        return self._state.plan.pace is Pace.SHARED

    @property
    def _is_watched(self) -> bool:
        """Whether both hearts are watched: not where they mislead."""
        return self._state.plan.pace is not Pace.FIXED

    @property
    def _keeps_pace(self) -> bool:
        """Whether the block under way sets its own pace: the pacer has no say in it."""
        return not math.isnan(self._state.block.breaths_per_min)

    def _open(self, opened: Opened) -> list[Output]:
        if self._practice is not None:
            raise ValueError("a session is opened once")
        self._session_id = opened.identity.session_id
        plan = parse_plan(opened.practice.plan_toml)
        if opened.practice.breathing_min:
            plan = with_breathing_min(plan, opened.practice.breathing_min)
        self._practice, said = practice.begin(
            plan,
            t_s=opened.t_ns / NS_PER_S,
            steps_wait=opened.practice.steps_wait,
            ends_with_source=opened.practice.ends_with_source,
        )
        self._pacer = pacer_for(opened, plan)
        watched = Partner if self._is_watched else ()
        self._watches = Watches(watched, opened.learned.rest_bpm)
        self._taps = Taps(_usual_taps(opened) if opened.practice.taps else {})
        self._hearts = {
            partner: Heart(partner, latency_s)
            for partner, latency_s in zip(Partner, opened.straps.latency_s, strict=True)
        }
        return self._say(said)

    def _arrive(self, given: Notification | Intervals, t_s: float) -> list[Output]:
        heart = self._hearts[given.partner]
        if isinstance(given, Notification):
            return self._heard(given.partner, heart.packet(t_s, given.data))
        return self._heard(given.partner, heart.intervals(t_s, given.rr_ms))

    def _go_on(
        self,
        given: Tick | Pressed | Tapped | SourceEnded | LinkChanged | BatteryRead,
        t_s: float,
    ) -> list[Output]:
        match given:
            case Tick():
                return self._tick(t_s)
            case Pressed(press=Press.TOO_SLOW):
                return self._too_slow(t_s)
            case Pressed(press=press):
                return self._step(practice.WasPressed(t_s=t_s, press=press))
            case SourceEnded():
                return self._step(practice.HeartsEnded(t_s=t_s))
            case BatteryRead(partner=partner, percent=percent):
                return self._battery(partner, percent, t_s)
            case Tapped(partner=partner):
                self._taps.taps(partner, t_s)
            case LinkChanged(partner=partner, link=link):
                self._hearts[partner].link_changed(link)
        return []

    def _heard(self, partner: Partner, heard: Heard) -> list[Output]:
        """Pass timed beats on to pacer and watches, features on to everybody."""
        if self._is_by_heart:
            for beat in heard.beats:
                self._pacer.observe(partner, beat.t_s, beat.rr_ms)
        noticed: list[Cue] = []
        if not self._hearts[partner].is_readable:
            self._unreadable.add(partner)
        else:
            self._watches.hear(partner, heard.beats)
            if partner in self._unreadable:
                self._unreadable.remove(partner)
                noticed.append(SignalBack(t_s=self._now_s, partner=partner))
        noticed += [
            QuirkNoticed(t_s=self._now_s, partner=partner, quirk=quirk)
            for quirk in heard.quirks
        ]
        flooding = [] if self.is_ended else self._flooding()
        return [*self._hashed(heard.features), *noticed, *flooding]

    def _flooding(self) -> list[Cue]:
        """Say when it may be too much and when no more; nobody taps in between."""
        told = self._watches.cues(self._now_s)
        for cue in told:
            if isinstance(cue, PossibleFlooding):
                self._taps.hushes()
            elif isinstance(cue, FloodingPassed):
                self._taps.goes_on()
        return told

    def _too_slow(self, t_s: float) -> list[Output]:
        """Go no slower tonight, while there is a pace to be too slow."""
        state = self._state
        if state.is_paused or state.block.kind is not BlockKind.BREATHE:
            return []
        if self._keeps_pace:
            return self._step(practice.WasPressed(t_s=t_s, press=Press.TOO_SLOW))
        self._pacer.too_slow(t_s)
        return self._turned(t_s)

    def _turned(self, t_s: float) -> list[Output]:
        """Say what the pacer does, when it does something else."""
        if self._pacer.pacing is self._pacing:
            return []
        self._pacing = self._pacer.pacing
        return [PaceTurned(t_s=t_s, pacing=self._pacing)]

    def _battery(self, partner: Partner, percent: int, t_s: float) -> list[Output]:
        """Say once that a battery is low."""
        if percent > LOW_BATTERY_PERCENT or partner in self._low:
            return []
        self._low.add(partner)
        return [QuirkNoticed(t_s=t_s, partner=partner, quirk=Quirk.BATTERY_LOW)]

    def _tick(self, t_s: float) -> list[Output]:
        outputs: list[Output] = []
        for heart in self._hearts.values():
            outputs += self._hashed(heart.tick(t_s))
            outputs += self._watch(heart, t_s)
        expected_ms = self._pacer.expected_swing_ms
        outputs += self._hashed(self._watches.features(t_s, expected_ms))
        outputs += self._hashed(self._taps.features(t_s))
        outputs += self._taps.cues(t_s)
        outputs += self._step(practice.TimeWent(t_s=t_s))
        due_s = practice.breath_due_s(self._state, t_s)
        if not math.isnan(due_s):
            outputs += self._breathe(due_s)
        return outputs

    def _breathe(self, due_s: float) -> list[Output]:
        rate = self._pacer.rate_per_min(due_s)
        turned = [] if self._keeps_pace else self._turned(due_s)
        if not self._pacer.is_gliding:
            self._watches.glided(due_s)
            self._taps.glided()
        chosen = practice.RateChosen(t_s=due_s, rate_per_min=rate)
        return [*turned, *self._step(chosen)]

    def _watch(self, heart: Heart, t_s: float) -> list[Cue]:
        """Say once when a heart falls silent, and once when it is back."""
        silent = t_s - heart.last_rr_s > SILENT_S
        if silent == (heart.partner in self._silent):
            return []
        if silent:
            self._silent.add(heart.partner)
            return [SignalLost(t_s=t_s, partner=heart.partner)]
        self._silent.remove(heart.partner)
        return [SignalBack(t_s=t_s, partner=heart.partner)]

    def _step(self, event: practice.Event) -> list[Output]:
        self._practice, said = practice.step(self._state, event)
        held = self._let_go(event.t_s) if self.is_ended else []
        return [*held, *self._say(said)]

    def _say(self, said: tuple[practice.Said, ...]) -> list[Output]:
        outputs: list[Output] = []
        for one in said:
            match one:
                case BlockOver(t_s=t_s, number=number):
                    outputs.append(self._digest.block_ended(t_s, number))
                    continue
                case BlockBegan(t_s=t_s, kind=kind):
                    features = self._watches.begins(BlockKind(kind), t_s)
                    outputs += self._hashed(features)
                case Breath() | PacerStopped() | Paused() | Resumed():
                    self._follow(one)
            outputs.append(one)
        return outputs

    def _follow(self, cue: Breath | PacerStopped | Paused | Resumed) -> None:
        """Let everything that listens follow what the couple is told."""
        match cue:
            case Breath():
                self._watches.breathes(cue)
                self._taps.breathes(cue)
                for heart in self._hearts.values():
                    heart.breathes(cue)
            case PacerStopped(t_s=t_s):
                self._pacer.stopped(t_s)
                self._taps.stops()
                for heart in self._hearts.values():
                    heart.stops_breathing(t_s)
            case Paused(t_s=t_s):
                self._watches.pauses(t_s)
            case Resumed(t_s=t_s):
                self._watches.goes_on(t_s)

    def _let_go(self, t_s: float) -> list[Output]:
        """Return what the hearts still held back."""
        outputs: list[Output] = []
        for partner, heart in self._hearts.items():
            outputs += self._heard(partner, heart.let_go())
            outputs += self._hashed(heart.silence_until(t_s))
        return outputs

    def _hashed(self, features: list[Feature]) -> list[Output]:
        for feature in features:
            self._digest.add(feature)
        return [*features]


def _usual_taps(opened: Opened) -> dict[Partner, UsualTaps]:
    """Return how soon each usually answers glints."""
    known = zip(
        Partner, opened.learned.first_taps_s, opened.learned.usual_taps_s, strict=True
    )
    return {
        partner: UsualTaps(first_s=first_s, usual_s=usual_s)
        for partner, first_s, usual_s in known
    }


class _Digest:
    """SHA-256 over the features of one block."""

    __slots__ = ("_count", "_sha256")

    def __init__(self) -> None:
        self._count = 0
        self._sha256 = hashlib.sha256()

    def add(self, feature: Feature) -> None:
        self._count += 1
        self._sha256.update(type(feature).__name__.encode())
        self._sha256.update(codec.encode(feature))

    def block_ended(self, t_s: float, number: int) -> BlockEnded:
        """Return the cue that closes a block, and start afresh."""
        ended = BlockEnded(
            t_s=t_s,
            number=number,
            features=self._count,
            features_sha256=self._sha256.hexdigest(),
        )
        self._count, self._sha256 = 0, hashlib.sha256()
        return ended
