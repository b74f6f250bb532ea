"""Facts that flow through coreg: what came in, what was understood, what was said.

Three families, all frozen:

* **inputs** come from outside and are logged before anything understands them. They
  carry `t_ns`, nanoseconds since the session's start on the host's monotonic clock.
* **features** are what the engine understood of the hearts. They carry seconds.
* **cues** are what the practice told the couple (a breath, a block, a pause).

Inputs alone decide everything: the same inputs give the same features and cues, to
the last bit. Times in seconds are on the same axis as `t_ns`, divided once.
"""

from dataclasses import dataclass

from coreg.facts.erased import HeartErased as HeartErased
from coreg.facts.kinds import (
    BeatLabel as BeatLabel,
    Ending as Ending,
    InQuiet as InQuiet,
    InStep as InStep,
    Link as Link,
    Pacing as Pacing,
    Partner as Partner,
    Press as Press,
    Quirk as Quirk,
    Source as Source,
    Stream as Stream,
    Wakefulness as Wakefulness,
)
from coreg.facts.opened import Opened as Opened
from coreg.facts.packets import (
    BadPacket as BadPacket,
    BreathByHeart as BreathByHeart,
    BreathSeen as BreathSeen,
    EcgBeat as EcgBeat,
    IrregularRhythm as IrregularRhythm,
    NoLongerMeasured as NoLongerMeasured,
    OverCounted as OverCounted,
    PacedBreathSeen as PacedBreathSeen,
    RepeatedPacket as RepeatedPacket,
    SamplesUntimed as SamplesUntimed,
)
from coreg.facts.taps import (
    AwakeWindow as AwakeWindow,
    Glint as Glint,
    Tapped as Tapped,
)

NS_PER_S = 1_000_000_000

# --- inputs -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Bytes of one Heart Rate Measurement (0x2A37), stamped on arrival."""

    t_ns: int
    partner: Partner
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStarted:
    """A strap begins to send ECG or acceleration, as it was `asked` and did `answer`.

    The request holds the rate; some straps answer what a step of their numbers is
    worth. `holds_breaths` says that each paced breath is held beside the chest that
    moves, and breath taken from an ECG; sessions from before that are replayed without.
    """

    t_ns: int
    partner: Partner
    stream: Stream
    asked: bytes
    answer: bytes
    holds_breaths: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPacket:
    """Bytes of one frame of a strap's ECG or acceleration, stamped on arrival."""

    t_ns: int
    partner: Partner
    stream: Stream
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTakenBack:
    """Whose strap it is wants this measured no more: no frame of it comes from now on.

    Nothing that a strap sends too little of; sessions from before it was said have
    frames that end.
    """

    t_ns: int
    partner: Partner
    stream: Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """RR intervals from a recording, delivered together, not re-quantised."""

    t_ns: int
    partner: Partner
    rr_ms: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMarked:
    """The file of this partner's recording holds a mark here; `label` as it says it."""

    t_ns: int
    partner: Partner
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChanged:
    """A strap's connection changed."""

    t_ns: int
    partner: Partner
    link: Link
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryRead:
    """A strap said how full its battery is."""

    t_ns: int
    partner: Partner
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time went on. Four a second, so that silence is noticed too."""

    t_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """The couple pressed something."""

    t_ns: int
    press: Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Continued:
    """A session that broke off goes on from here: a new segment with its own clock.

    `monotonic_ns` and `utc` are what the host's clocks said then. The first starts anew
    with the computer, so it may say less than in the segment before. `is_timed` says
    whether the second could tell how long nothing was recorded.
    """

    t_ns: int
    monotonic_ns: int
    utc: str
    is_timed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEnded:
    """Both recordings are at their end."""

    t_ns: int


# --- features -----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One heartbeat, and the RR interval that ended with it.

    `nn_ms` is the interval that cleaning accepts (NaN where it rejects); `rr_ms` is
    the raw value, kept for ever. Label `gap`: beats were lost before this one, so no
    difference may be taken to the beat before.
    """

    t_s: float
    partner: Partner
    rr_ms: float
    nn_ms: float
    label: BeatLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Beats were lost between these two times: blank in every chart."""

    start_s: float
    end_s: float
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartWindow:
    """Heart rate over the last 10 s and RMSSD over the last 60 s, at each beat.

    NaN below their floors (docs/measures.md).
    """

    t_s: float
    partner: Partner
    hr_bpm: float
    rmssd_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathSwing:
    """How far one heart swung with one paced breath (respiratory sinus arrhythmia).

    NaN where the breath holds a gap or too few clean beats.
    """

    t_s: float
    partner: Partner
    breath_start_s: float
    breath_period_s: float
    rsa_ms: float
    rsa_bpm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The last 64 s of one heart's spectrum, once a second."""

    t_s: float
    partner: Partner
    peak_hz: float
    peak_power_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One heart at rest while arriving; NaN where too few beats were heard.

    `is_stirred` where that is well above their own rest on other evenings.
    """

    t_s: float
    partner: Partner
    rest_bpm: float
    is_stirred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledWindow:
    """How likely one partner is settled, after one breath or ten seconds of quiet.

    Experimental. `settled` is a probability, 0 to 1, by all that was seen until then;
    NaN where a gate is shut; `gates` names those that are.
    """

    t_s: float
    partner: Partner
    start_s: float
    length_s: float
    settled: float
    gates: tuple[str, ...]


# --- cues ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockBegan:
    """A block of the plan began. `number` counts from 0."""

    t_s: float
    number: int
    name: str
    kind: str
    length_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEnded:
    """A block ended; SHA-256 over the canonical bytes of its features."""

    t_s: float
    number: int
    features: int
    features_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Breath:
    """One breath of the shared pacer: in for `inhale_s`, out for the rest."""

    t_s: float
    period_s: float
    inhale_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Glow:
    """One swell of a light that leads nobody: it rises for `rise_s`, then sinks.

    It is no breath to follow: nobody is measured by it, and nothing says *in* or *out*.
    """

    t_s: float
    period_s: float
    rise_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PacerStopped:
    """The pacer or the light stopped; what was announced for a later time is void."""

    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceTurned:
    """The shared pacer, or the light, does something else from now on."""

    t_s: float
    pacing: Pacing


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleFlooding:
    """Somebody's heart may be flooded: both are asked, and neither is named.

    Whose heart it is is not kept; it can be computed from the hearts again.
    """

    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodingPassed:
    """No heart is possibly flooded any more."""

    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """Everything stands still. Who asked is not known here."""

    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The practice goes on where it was."""

    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WentOn:
    """A session went on that had broken off: nothing is known since `since_s`.

    How long that was is known only where `is_timed`; else the session's time went on by
    a minute, so that the gap is seen.
    """

    t_s: float
    since_s: float
    is_timed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLost:
    """Nothing usable from one strap for a while; the other partner goes on."""

    t_s: float
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalBack:
    """Beats of this partner arrive again."""

    t_s: float
    partner: Partner


@dataclass(frozen=True, slots=True, kw_only=True)
class QuirkNoticed:
    """One strap has a habit or a want that the couple is told of, quietly and once."""

    t_s: float
    partner: Partner
    quirk: Quirk


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The practice is over."""

    t_s: float
    ending: Ending


Input = (
    Opened
    | Notification
    | Intervals
    | LinkChanged
    | BatteryRead
    | Tick
    | Pressed
    | SourceEnded
    | Tapped
    | Continued
    | StreamStarted
    | StreamPacket
    | StreamTakenBack
    | FileMarked
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanionFigure:
    """A figure of a companion that has no fact of its own yet; `name` has the unit."""

    t_s: float
    partner: Partner
    name: str
    value: float


Feature = (
    Beat
    | Gap
    | BadPacket
    | RepeatedPacket
    | OverCounted
    | IrregularRhythm
    | HeartWindow
    | BreathSwing
    | Rhythm
    | Arrived
    | SettledWindow
    | AwakeWindow
    | CompanionFigure
    | BreathSeen
    | EcgBeat
    | PacedBreathSeen
    | BreathByHeart
    | NoLongerMeasured
    | SamplesUntimed
)
Cue = (
    BlockBegan
    | BlockEnded
    | Breath
    | PacerStopped
    | PaceTurned
    | PossibleFlooding
    | FloodingPassed
    | Paused
    | Resumed
    | SignalLost
    | SignalBack
    | QuirkNoticed
    | Ended
    | Glint
    | WentOn
    | Glow
)
Fact = Input | Feature | Cue | HeartErased
