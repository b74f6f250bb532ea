"""The one path from inputs to features and cues, for live, replay, report and batch.

Strategy. `Engine.feed` takes one input and returns what follows from it, at once and
in order; `run` does so for a whole session. Nothing here reads a clock or a file, so
the same inputs give the same outputs to the last bit.

1. Each partner has a `Heart`: packet -> timed beats -> labelled beats -> windows.
   It may hold a beat for a few more beats, where only they can tell whether it is
   sound; held beats are let go when the practice ends.
2. Ticks drive what depends on time: silence, the spectrum once a second, the swing of
   breaths that have been breathed out, blocks, and the next breath.
3. Companions follow the practice (`coreg.session.companions`): the lead moves the
   breath; what watches over hearts, or counts answers to glints, never does.
4. A session that broke off goes on paused, since its last input: the gap belongs to no
   block, and no beat, window or breath reaches across it.
5. All features of a block are hashed; a replay that differs anywhere differs there.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator

from coreg.exercises import practice
from coreg.exercises.pacing.make_pacer import make_pacer
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.exercises.plan import Pace, parse_plan, with_breathing_min
from coreg.exercises.practice import BlockOver, Practice
from coreg.facts import codec
from coreg.facts.both import Both
from coreg.facts.events import (
    NS_PER_S,
    BatteryRead,
    BlockBegan,
    BlockEnded,
    Breath,
    BreathSeen,
    Continued,
    Cue,
    Feature,
    FileMarked,
    FloodingPassed,
    Input,
    Intervals,
    LinkChanged,
    Notification,
    Opened,
    PacedBreathSeen,
    PacerStopped,
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
    Source,
    SourceEnded,
    StreamPacket,
    StreamStarted,
    StreamTakenBack,
    Tapped,
    Tick,
    WentOn,
)
from coreg.facts.kinds import STEERING
from coreg.sensors.timing.silence import SILENT_S
from coreg.session.chest import Chest
from coreg.session.companion import Companion, Glided, Learned, Told
from coreg.session.companions import companions_of
from coreg.session.heart import HeardBeats, Heart
from coreg.session.lead import BreathLead
from coreg.session.light import FollowingLight

Output = Feature | Cue

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


class Engine:
    """A session under way."""

    def __init__(self) -> None:
        self._hearts: dict[Partner, Heart] = {}
        self._chests: dict[Partner, Chest] = {}
        self._low: set[Partner] = set()
        self._lead = BreathLead(SharedPacer.steady(), by_heart=False)
        self._light = FollowingLight()
        self._companions: tuple[Companion, ...] = ()
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
        learned = Learned(
            session_id=self._session_id,
            pace_belief="",
            arrived_bpm=(math.nan, math.nan),
            usual_taps_s=((), ()),
        )
        for companion in self._companions:
            learned = companion.taught(learned)
        return learned

    def feed(self, given: Input) -> list[Output]:
        """Take one input and return what follows from it, in order."""
        if isinstance(given, Opened):
            return self._open(given)
        if self._state.ended:
            return []
        broke_off_s, self._now_s = self._now_s, given.t_ns / NS_PER_S
        if isinstance(given, Continued):
            return self._went_on(given, broke_off_s)
        if isinstance(given, Notification | Intervals):
            return self._arrive(given, self._now_s)
        if isinstance(given, StreamStarted | StreamPacket | StreamTakenBack):
            return self._measured(given, self._now_s)
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
        by_heart = plan.pace is Pace.SHARED
        self._lead = BreathLead(make_pacer(opened, plan), by_heart=by_heart)
        self._companions = (*companions_of(opened, plan, self._lead), self._light)
        is_heard = opened.couple.source is not Source.NOBODY
        stamped = Both(*opened.straps.stamped)
        self._hearts = {
            partner: Heart(
                partner,
                latency_s,
                stamped=stamped[partner],
                by_labels=opened.practice.by_labels,
                by_ticks=opened.straps.by_ticks,
            )
            for partner, latency_s in Both(*opened.straps.latency_s).items()
            if is_heard
        }
        self._chests = {partner: Chest(partner) for partner in self._hearts}
        return self._say(said)

    def _arrive(self, given: Notification | Intervals, t_s: float) -> list[Output]:
        heart = self._hearts.get(given.partner)
        if heart is None:  # of an evening without straps no heart is heard
            return []
        if isinstance(given, Notification):
            return self._heard(given.partner, heart.packet(t_s, given.data))
        return self._heard(given.partner, heart.intervals(t_s, given.rr_ms))

    def _measured(
        self, given: StreamStarted | StreamPacket | StreamTakenBack, t_s: float
    ) -> list[Output]:
        """Understand what a strap measures beside heartbeats; companions follow it.

        To them one that is taken back falls silent, or the light would tell the other.
        """
        chest = self._chests.get(given.partner)
        if chest is None:
            return []
        if isinstance(given, StreamStarted):
            chest.started(given)
            return []
        if isinstance(given, StreamTakenBack):
            return self._hashed([chest.taken_back(t_s, given)])
        features = chest.packet(t_s, given)
        for companion in self._companions:
            for each in features:
                if isinstance(each, BreathSeen | PacedBreathSeen):
                    companion.see(each)
        return self._hashed(features)

    def _go_on(
        self,
        given: Tick
        | Pressed
        | Tapped
        | SourceEnded
        | LinkChanged
        | BatteryRead
        | FileMarked,
        t_s: float,
    ) -> list[Output]:
        match given:
            case Tick():
                return self._tick(t_s)
            case Pressed(press=press):
                return self._pressed(press, t_s)
            case SourceEnded():
                return self._step(practice.HeartsEnded(t_s=t_s))
            case BatteryRead(partner=partner, percent=percent):
                return self._battery(partner, percent, t_s)
            case Tapped():
                for companion in self._companions:
                    companion.take(given)
            case LinkChanged(partner=partner, link=link):
                if (heart := self._hearts.get(partner)) is not None:
                    heart.link_changed(link)
        return []

    def _went_on(self, given: Continued, since_s: float) -> list[Output]:
        """Stand still since the last input, and begin a new segment of every heart."""
        went_on = WentOn(t_s=self._now_s, since_s=since_s, is_timed=given.is_timed)
        paused = self._step(practice.WasPressed(t_s=since_s, press=Press.PAUSE))
        outputs: list[Output] = [went_on, *paused]
        for partner, heart in self._hearts.items():
            outputs += self._heard(partner, heart.let_go())
            heart.begin_segment(self._now_s)
            self._chests[partner] = Chest(partner)
            if partner not in self._silent:  # it is looked for anew from here
                heart.last_rr_s = self._now_s
        return outputs

    def _heard(self, partner: Partner, heard: HeardBeats) -> list[Output]:
        """Pass labelled beats on to companions, features on to everybody."""
        readable = self._hearts[partner].is_readable
        for companion in self._companions:
            companion.hear(partner, heard.beats, readable=readable)
        noticed: list[Cue] = []
        if not readable:
            self._unreadable.add(partner)
        elif partner in self._unreadable:
            self._unreadable.remove(partner)
            noticed.append(SignalBack(t_s=self._now_s, partner=partner))
        noticed += [
            QuirkNoticed(t_s=self._now_s, partner=partner, quirk=quirk)
            for quirk in heard.quirks
        ]
        meant = [] if self.is_ended else self._meant()
        return [*self._hashed(heard.features), *noticed, *meant]

    def _meant(self) -> list[Cue]:
        """Return what companions say of the beats just heard; the others follow it."""
        told = [cue for each in self._companions for cue in each.notice(self._now_s)]
        for cue in told:
            if isinstance(cue, PossibleFlooding | FloodingPassed):
                self._follow(cue)
        return told

    def _pressed(self, press: Press, t_s: float) -> list[Output]:
        if press is Press.TOO_SLOW:
            return self._too_slow(t_s)
        if press in STEERING:
            return self._steer(press, t_s)
        return self._step(practice.WasPressed(t_s=t_s, press=press))

    def _too_slow(self, t_s: float) -> list[Output]:
        """Go no slower tonight, while there is a pace to be too slow."""
        state = self._state
        if state.is_paused or not state.block.means.is_led:
            return []
        if self._keeps_pace:
            return self._step(practice.WasPressed(t_s=t_s, press=Press.TOO_SLOW))
        return [*self._lead.too_slow(t_s)]

    def _steer(self, press: Press, t_s: float) -> list[Output]:
        """Let a therapist say how fast, while there is one pace for both."""
        state = self._state
        if state.is_paused or not state.block.means.is_led or self._keeps_pace:
            return []
        return [*self._lead.steer(press, t_s)]

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
        for companion in self._companions:
            outputs += self._hashed(companion.features(t_s))
        for companion in self._companions:
            outputs += companion.cues(t_s)
        outputs += self._step(practice.TimeWent(t_s=t_s))
        due_s = practice.breath_due_s(self._state, t_s)
        if not math.isnan(due_s):
            outputs += self._breathe(due_s)
        return outputs

    def _breathe(self, due_s: float) -> list[Output]:
        if self._state.block.means.is_lit:
            rate = self._light.rate_per_min(due_s)
            swell = practice.RateChosen(t_s=due_s, rate_per_min=rate)
            return [*self._light.turned(due_s), *self._step(swell)]
        rate = self._lead.rate_per_min(due_s)
        turned = [] if self._keeps_pace else self._lead.turned(due_s)
        if not self._lead.is_gliding:
            self._follow(Glided(t_s=due_s))
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
                case BlockBegan() | Breath() | PacerStopped() | Paused() | Resumed():
                    outputs += self._follow(one)
            outputs.append(one)
        return outputs

    def _follow(self, told: Told) -> list[Output]:
        """Let everything that listens follow what the couple is told."""
        outputs: list[Output] = []
        for companion in self._companions:
            outputs += self._hashed(companion.follow(told))
        match told:
            case Breath():
                for partner, heart in self._hearts.items():
                    heart.on_breath(told)
                    self._chests[partner].on_breath(told)
            case PacerStopped(t_s=t_s):
                for partner, heart in self._hearts.items():
                    heart.discard_from(t_s)
                    self._chests[partner].discard_from(t_s)
        return outputs

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
