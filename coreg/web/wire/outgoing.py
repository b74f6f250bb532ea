"""What the server tells a page, word for word (docs/web-messages.md).

These dataclasses are the definition: from them follow the browser's check
(static/wire.js) and the tables of the documentation. What a page goes on with where it
does not understand a field is said by the field's type, or beside it (shapes.py).

Times are seconds of the server's own monotonic clock; a page learns by pings how that
clock runs beside its own.
"""

import json
from dataclasses import asdict, dataclass
from typing import Annotated

from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan import Begins, Straps
from coreg.exercises.plan_blocks import Does, Length
from coreg.facts.events import Pacing, Partner, Source
from coreg.web.evening.state import Agreed
from coreg.web.evening.strap_seen import Signal
from coreg.web.wire.named import (
    ClinicIs,
    HourGoes,
    LockIs,
    PaceWay,
    Screen,
    Seat,
    Way,
)
from coreg.web.wire.of_clinic import (
    ClinicTold,
    EditorTold,
    HeardNow,
    HourTold,
    PlanForHomeTold,
)
from coreg.web.wire.of_own import OwnLinesTold, UnlockedTold
from coreg.web.wire.shapes import NEEDED, NEW, Limits, Otherwise

PROTOCOL = 1

Positive = Annotated[float, Limits(above=0)]
Needed_s = Annotated[float, NEEDED]
Whose = Annotated[Partner | None, Otherwise(NEW)]
"""Nobody's, or somebody's whom a page may not know."""
OwnPage = Annotated[
    str, Limits(pattern=r"/evenings/([\w/.~-]|%[\dA-F]{2})+(\?[\w=&-]*)?")
]
"""Only pages of our own server may be opened from a message."""
# Finishing ends a pause; it is no way to spend one.
WaySpent = Annotated[Way, Limits(words=[way for way in Way if way is not Way.FINISH])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What one partner is called, and since when that one has a passcode, if so.

    Whoever has one and was named anew since: when, and what they were called `before`.
    """

    name: str
    passcode_utc: str | None
    renamed_utc: str | None
    before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeShown:
    """A practice that can be chosen; with `own_pace` its blocks say how to breathe.

    `lengths` are the minutes of each length it may have tonight, none where its times
    are not to be chosen. `asks` is what each is asked alone before it, if anything.
    `straps` says whether it needs them, `begins` whether two say who is first in it,
    and `not_when` when to leave it; `at_first` is said the first times of it, and then
    empty. `is_led`: a breath leads in it; `has_turns`: one
    speaks before the other.
    """

    name: str
    title: str
    purpose: str
    minutes: Annotated[Positive, Otherwise(0)]
    length: Length
    lengths: dict[Length, Positive]
    own_pace: bool
    asks: str
    straps: Annotated[Straps, Otherwise(Straps.WORN)]
    begins: Annotated[Begins, Otherwise(Begins.TURNS)]
    not_when: str
    at_first: str
    is_led: Annotated[bool, Otherwise(True)]  # noqa: FBT003 -- no argument of ours
    has_turns: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleShown:
    """What one person is asked alone, from 0, `low`, to 10, `high`, or by a yes or no.

    Where it is `needed`, the practice depends on the answer. `reply` is read at once by
    that one, after a yes or an answer of at most `reply_at_most`; `may_keep`: after a
    yes it may be kept among what still hurts.
    """

    name: Annotated[str, NEEDED]
    words: Annotated[str, NEEDED]
    low: str
    high: str
    needed: bool
    yes_no: bool
    reply: str
    reply_at_most: int | None
    may_keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceShown:
    """A button of a block, and what it does."""

    words: Annotated[str, NEEDED]
    does: Annotated[Does, NEEDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockShown:
    """The block under way; `number` counts from 0.

    `words` are for both. Where one speaks, that is `who`, and both have a line:
    `speaker` and `listener`; `prompts` follow one another in place of `speaker`.
    Nothing is shown for the first `quiet_s`.
    """

    number: Annotated[int, Otherwise(0)]
    count: int
    name: str
    kind: str
    words: str
    length_s: float
    began_server_s: float
    waits: bool
    who: Partner | None
    speaker: str
    listener: str
    prompts: tuple[str, ...]
    prompt_s: Annotated[Positive, Otherwise(40)]
    choices: tuple[ChoiceShown, ...]
    quiet_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathShown:
    """One breath: in for `inhale_s`, out for the rest; or a swell of a light."""

    t_s: Needed_s
    period_s: Annotated[Positive, NEEDED]
    inhale_s: Annotated[Positive, Limits(less_than="period_s"), NEEDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseShown:
    """A pause: its way on, when to be back, and whether one would go on.

    `is_back` says that coreg had stopped, and that this is where it comes back to.
    """

    way: WaySpent | None
    back_server_s: float | None
    is_last: bool
    is_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookShown:
    """The evening that just ended, and the path of both's page where it is opened.

    `wished`: each was asked before it what would be good. `had_quiet`: it had free
    time in which hearts may be compared; each is asked what was in it.
    """

    session_id: Annotated[str, NEEDED]
    page: OwnPage | None
    wished: bool
    had_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SatShown:
    """How long two sat together, and at which pace for the most part, if at one.

    `breathing_minutes` is how long they breathed with it.
    """

    minutes: Annotated[int, NEEDED]
    breathing_minutes: Annotated[int, Otherwise(0)]
    breaths_per_min: Positive | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadShown:
    """A line that one of the two wants to read to the other."""

    partner: Annotated[Partner, NEEDED]
    text: Annotated[str, NEEDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEndShown:
    """That one of the two has something they would like to talk about; never what.

    Of each person one that is open at most, and one that is over: they are not counted.
    `has_room`: the other said so. It `is_over` once it is so for both; for which of
    them it is, is told to nobody.
    """

    number: Annotated[int, NEEDED]
    partner: Annotated[Partner, NEEDED]
    has_room: bool
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedShown:
    """On Home: a practice that broke off, in words, and what may become of it.

    It goes on where it may (`may_go_on`), once both hearts arrive from the straps of
    before (`is_ready`). `page` is the page of both, where nobody has to be asked.
    """

    title: Annotated[str, NEEDED]
    words: str
    may_go_on: bool
    is_ready: bool
    page: OwnPage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeShown:
    """Something both should know."""

    id: str
    words: Annotated[str, NEEDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingShown:
    """Whether what happens is being kept."""

    ok: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsShown:
    """What holds for every evening, and whether paces may be compared by now.

    `may_quit` says that coreg is ended by a page, as no terminal could.
    """

    warmth: Annotated[bool, Otherwise(True)]  # noqa: FBT003 -- no argument of ours
    bell: Annotated[bool, Otherwise(True)]  # noqa: FBT003 -- no argument of ours
    our_pace: bool
    may_quit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceShown:
    """Which pace is chosen, and whether both agreed that it may be looked for."""

    way: PaceWay
    per_min: Positive
    in_out: InOut
    may_find: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapShown:
    """One strap in the air: on Home only, never while practising.

    A strap that was there and is gone is still shown; its heart no longer `arrives`.
    `jumps` are told only while Home tells which strap is whose; no rate ever is.
    """

    id: Annotated[str, NEEDED]
    name: str
    model: str
    ends: str
    partner: Whose
    jumps: tuple[float | None, ...]
    arrives: bool
    signal: Signal
    remembered: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePlanShown:
    """A plan for home as both read it: what, how often, until when; and why."""

    words: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHourShown:
    """An open hour that is under way, for its therapist: what may come in it now.

    `practices` may begin in it by their names, `ways` say where it may be taken.
    `is_within`: a practice in it is under way.
    """

    is_within: bool
    practices: tuple[str, ...]
    ways: tuple[HourGoes, ...]


NOBODY = Called(name="", passcode_utc=None, renamed_utc=None, before=None)
_NO_WORDS = RecordingShown(ok=True, words="")
_AS_AT_FIRST = SettingsShown(warmth=True, bell=True, our_pace=False, may_quit=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The whole truth of the evening: a page needs nothing else to show it.

    `first` has the first place in tonight's practice. `scales` is what the practice
    asks the one whose turn it is, alone. `strapless`: no heart is heard in it, or was
    until just now. `with_therapist`: one is there, and says what comes when. `seat` is
    whose the page is, and `phones` say who of the two has one of their own here;
    `elsewhere`: what is asked of the one whose turn it is, is asked on another page.
    `marks` are what a therapist's own keys stand for; none where no notebook is open.
    `therapist_hears`: what one of the two is asked now, they may tell the therapist.
    `hour` is an open one under way, and `for_therapist` what a therapist keeps in view:
    both are told to the console alone.
    """

    v: int
    server_s: float
    screen: Annotated[Screen, Otherwise(NEW)]
    simulated: bool
    source: Source
    seed: int
    speed: float
    couple: dict[Partner, Annotated[Called, Otherwise(NOBODY)]]
    turn: Whose
    practice: PracticeShown
    choices: tuple[PracticeShown, ...]
    first: Annotated[Partner, Otherwise(Partner.A)]
    strapless: bool
    scales: tuple[ScaleShown, ...]
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
    recording: Annotated[RecordingShown, Otherwise(_NO_WORDS)]
    ending: str | None
    closing: str
    look: LookShown | None
    sat: SatShown | None
    read: tuple[ReadShown, ...]
    lock: Annotated[LockIs, Otherwise(LockIs.OPEN)]
    keep_days: Annotated[int, Otherwise(0)]
    unfinished: UnfinishedShown | None
    loose_ends: tuple[LooseEndShown, ...]
    home_plan: HomePlanShown | None
    seat: Annotated[Seat, Otherwise(Seat.BOTH)]
    elsewhere: bool
    phones: tuple[Partner, ...]
    marks: tuple[str, ...]
    hour: OpenHourShown | None
    for_therapist: tuple[str, ...]
    with_therapist: bool
    therapist_hears: bool
    settings: Annotated[SettingsShown, Otherwise(_AS_AT_FIRST)]
    straps: tuple[StrapShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearts:
    """The straps in the air, twice a second, on Home."""

    straps: Annotated[tuple[StrapShown, ...], NEEDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathTold(BreathShown):
    """A breath to come, about a second ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlintTold:
    """A soft glint to come, for both; only where taps were asked for."""

    t_s: Needed_s


@dataclass(frozen=True, slots=True, kw_only=True)
class PacerStoppedTold:
    """Breaths and glints announced for a later time are void."""

    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmthTold:
    """One warmth for two, 0 to 1; None where it is not known."""

    value: Annotated[float, Limits(least=0, most=1)] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartTraced:
    """One heart as a therapist watches it, on the server's clock.

    `t_s` and `bpm` go together: its beats since the last time, or of three minutes. Of
    whoever did not agree to be seen `is_seen` says so, and the rest is empty.
    """

    is_seen: bool
    signal: str
    t_s: tuple[float, ...]
    bpm: tuple[float | None, ...]
    level_bpm: float | None
    swing_bpm: float | None


UNSEEN = HeartTraced(
    is_seen=False, signal="", t_s=(), bpm=(), level_bpm=None, swing_bpm=None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Both hearts while they practise, once a second, for a therapist's console alone.

    `anew`: forget the lines that came before.
    """

    anew: bool
    hearts: dict[Partner, Annotated[HeartTraced, Otherwise(UNSEEN)]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """The server's clock, for the page that asked."""

    id: Annotated[int, NEEDED]
    server_s: Needed_s


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedTold:
    """A message that changed nothing, and why; `id` is the number it bore, if any.

    `wait_s` is how long it will be refused, where that is known.
    """

    why: str
    id: int | None = None
    wait_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message of this number was taken; what was to be kept is on the disk.

    The rest answers what was asked for, to that person who asked: what they agreed to,
    that their own things are unlocked, and these; and the recovery key of a passphrase
    that was chosen, which is told this once.
    """

    id: Annotated[int, NEEDED]
    agreed: Agreed | None = None
    unlocked: UnlockedTold | None = None
    own: OwnLinesTold | None = None
    recovery_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedTold:
    """All that is kept here is locked: nothing is told until somebody opens it.

    `words` say why it could not be opened, where that was tried. `clinic` is told at a
    therapist's seat alone: there the passphrase is the therapist's.
    """

    v: int
    words: str = ""
    clinic: ClinicIs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedTold:
    """The evening has ended for this page: the couple it was let in with has left."""

    v: int


Told = (
    State
    | LockedTold
    | EndedTold
    | ClinicTold
    | HourTold
    | EditorTold
    | HeardNow
    | PlanForHomeTold
    | Hearts
    | BreathTold
    | GlintTold
    | PacerStoppedTold
    | WarmthTold
    | Watched
    | Pong
    | RefusedTold
    | Taken
)

TYPES: dict[type[Told], str] = {
    State: "state",
    LockedTold: "locked",
    EndedTold: "ended",
    ClinicTold: "clinic",
    HourTold: "hour",
    EditorTold: "editor",
    HeardNow: "heard",
    PlanForHomeTold: "home-plan",
    Hearts: "hearts",
    BreathTold: "breath",
    GlintTold: "glint",
    PacerStoppedTold: "pacer-stopped",
    WarmthTold: "warmth",
    Watched: "watched",
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
