"""What the server tells a page, word for word (docs/web-messages.md).

Times are seconds of the server's own monotonic clock; a page learns by pings how that
clock runs beside its own.
"""

import json
from dataclasses import asdict, dataclass

from coreg.exercises.plan import InOut, Length
from coreg.facts.events import Pacing, Partner, Source
from coreg.web.evening.state import Agreed
from coreg.web.wire.incoming import PaceWay, Screen, Way

PROTOCOL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What one partner is called."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeShown:
    """A practice that can be chosen; with `own_pace` its blocks say how to breathe.

    `lengths` are the minutes of each length it may have tonight, none where its times
    are not to be chosen.
    """

    name: str
    title: str
    purpose: str
    minutes: float
    length: Length
    lengths: dict[Length, float]
    own_pace: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockShown:
    """The block under way; `number` counts from 0."""

    number: int
    count: int
    name: str
    kind: str
    words: str
    length_s: float
    began_server_s: float
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathShown:
    """One breath: in for `inhale_s`, out for the rest."""

    t_s: float
    period_s: float
    inhale_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseShown:
    """A pause: its way on, when to be back, and whether one would go on."""

    way: Way | None
    back_server_s: float | None
    one_ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookShown:
    """Paths of what may be seen of the evening; None where it is not opened."""

    page: str | None
    own: dict[Partner, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeShown:
    """Something both should know."""

    id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingShown:
    """Whether what happens is being kept."""

    ok: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsShown:
    """What holds for every evening."""

    sound: bool
    warmth: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceShown:
    """Which pace is chosen, and whether both agreed that it may be looked for."""

    way: PaceWay
    per_min: float
    in_out: InOut
    may_find: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapShown:
    """One strap in the air: on Home and Fit only, never while practising.

    A strap that was there and is gone is still shown; its heart no longer `arrives`.
    """

    id: str
    name: str
    model: str
    ends: str
    partner: Partner | None
    hr_bpm: float | None
    trace: tuple[float | None, ...]
    arrives: bool
    signal: str
    remembered: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The whole truth of the evening: a page needs nothing else to show it."""

    v: int
    server_s: float
    screen: Screen
    simulated: bool
    source: Source
    seed: int
    speed: float
    couple: dict[Partner, Called]
    consented: dict[Partner, bool]
    turn: Partner | None
    practice: PracticeShown
    choices: tuple[PracticeShown, ...]
    without_breathing: bool
    pace: PaceShown
    block: BlockShown | None
    paused: bool
    pause: PauseShown | None
    breath: BreathShown | None
    next_breath: BreathShown | None
    pacing: Pacing | None
    asks: bool
    taps: bool
    notices: tuple[NoticeShown, ...]
    recording: RecordingShown
    ending: str | None
    look: LookShown | None
    sound: bool
    settings: SettingsShown
    straps: tuple[StrapShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearts:
    """The straps in the air, twice a second, on Home and Fit."""

    straps: tuple[StrapShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathTold:
    """A breath to come, about a second ahead."""

    t_s: float
    period_s: float
    inhale_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GlintTold:
    """A soft glint to come, for both; only where taps were asked for."""

    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PacerStoppedTold:
    """Breaths and glints announced for a later time are void."""

    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmthTold:
    """One warmth for two, 0 to 1; None where it is not known."""

    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """The server's clock, for the page that asked."""

    id: int
    server_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedTold:
    """A message that changed nothing, and why; `id` is the number it bore, if any."""

    why: str
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message of this number was taken; what was to be kept is on the disk.

    `agreed` is what one person agreed to, for that person who asked for it.
    """

    id: int
    agreed: Agreed | None = None


Told = (
    State
    | Hearts
    | BreathTold
    | GlintTold
    | PacerStoppedTold
    | WarmthTold
    | Pong
    | RefusedTold
    | Taken
)

TYPES: dict[type[Told], str] = {
    State: "state",
    Hearts: "hearts",
    BreathTold: "breath",
    GlintTold: "glint",
    PacerStoppedTold: "pacer-stopped",
    WarmthTold: "warmth",
    Pong: "pong",
    RefusedTold: "refused",
    Taken: "taken",
}


def encode(told: Told) -> str:
    """Return a message as the page gets it.

    Examples
    --------
    >>> encode(Pong(id=3, server_s=12.5))
    '{"type":"pong","id":3,"server_s":12.5}'
    """
    return json.dumps(
        {"type": TYPES[type(told)], **asdict(told)},
        allow_nan=False,
        separators=(",", ":"),
        ensure_ascii=False,
    )
