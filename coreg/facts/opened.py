"""The first input of a session: everything that is fixed from its start, in parts.

In memory a session's beginning has parts, so that whoever needs the straps need not
know of taps. In a file it is one flat row of fields, in the order in which they came to
be (`WRITTEN`), so that files of every version read alike.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from coreg.facts.kinds import Partner, Source, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which session it is, and what it was recorded with.

    `consent` says what whoever is in it agreed to. `hour` is the first session of the
    hour with a therapist that this one goes on with; empty where it goes on with none.
    """

    session_id: str
    opened_utc: str
    consent: str
    versions: tuple[tuple[str, str], ...]
    hour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoseHearts:
    """Who the two are: people, recordings, or simulated ones (`seed`; 0 for others)."""

    source: Source
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeChosen:
    """What they chose to do.

    `plan_toml` is the plan's own text, so an old session is replayed with the plan it
    had. `breathing_min` is the length of blocks of kind *breathe* in minutes; 0 leaves
    the plan's own. `steps_wait` says whether blocks such as a question wait for a
    press, `ends_with_source` whether the practice lasts as long as its recordings.
    `finds_pace` says that both agreed to look for their pace, `taps` that glints are
    given and answered (`coreg.facts.taps`). `first` is who has the first place in it:
    who begins, or who is hurt. `only_in_step` says that hearts lead only while both
    keep step; sessions from before anybody looked for that are replayed without.
    `asks_quiet` says that they are asked afterwards what was in their free time.
    `by_labels` says that pace, *settled* and possible flooding had beats as cleaning
    labels them; sessions from before that are replayed with beats as they were sent.
    `until_back`: whose chest went its own way leads again once it is seen to go along.
    """

    plan_toml: str
    breathing_min: float
    steps_wait: bool
    ends_with_source: bool
    finds_pace: bool = False
    taps: bool = False
    first: Partner = Partner.A
    only_in_step: bool = False
    asks_quiet: bool = False
    by_labels: bool = False
    until_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapsWorn:
    """What delivers A's and B's beats, and how late.

    `latency_s` is what A's and B's straps take from a heartbeat to its arrival; it is
    taken off every arrival. No lag between the two finer than `lag_resolution_s` may
    be claimed, and none at all where that is NaN. `stamped` says of each whether what
    is left of a time then is when the last of its beats was, by a stamp of the sender,
    and no arrival. `measured` is what A and B each let their strap measure beside
    heartbeats, in the order of its names. `by_ticks` says that live beats are timed by
    the clock of a strap that has one; sessions from before are replayed without.
    """

    streams: tuple[str, ...]
    common_clock: bool
    latency_s: tuple[float, ...]
    lag_resolution_s: float
    stamped: tuple[bool, ...] = (False, False)
    measured: tuple[tuple[Stream, ...], ...] = ((), ())
    by_ticks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedBefore:
    """What earlier evenings taught of these two.

    `pace_belief` is what the pacer learned, as it wrote it (empty: nothing yet);
    `rest_bpm` A's and B's resting heart rate (NaN: not known). `first_taps_s` are A's
    and B's answers on their first evening with taps and `usual_taps_s` the last ones
    that count (empty: none yet).
    """

    pace_belief: str = ""
    rest_bpm: tuple[float, ...] = (math.nan, math.nan)
    first_taps_s: tuple[tuple[float, ...], ...] = ((), ())
    usual_taps_s: tuple[tuple[float, ...], ...] = ((), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session began. Always the first input."""

    t_ns: int
    identity: Identity
    couple: WhoseHearts
    practice: PracticeChosen
    straps: StrapsWorn
    learned: LearnedBefore = LearnedBefore()


PARTS: Final[Mapping[str, Any]] = {
    field.name: field.type for field in fields(Opened) if is_dataclass(field.type)
}
"""The parts of a beginning by name."""

WRITTEN: Final[tuple[tuple[str, str], ...]] = (
    ("identity", "session_id"),
    ("identity", "opened_utc"),
    ("couple", "source"),
    ("straps", "streams"),
    ("straps", "common_clock"),
    ("straps", "latency_s"),
    ("straps", "lag_resolution_s"),
    ("couple", "seed"),
    ("practice", "plan_toml"),
    ("practice", "breathing_min"),
    ("practice", "steps_wait"),
    ("practice", "ends_with_source"),
    ("identity", "consent"),
    ("identity", "versions"),
    ("practice", "finds_pace"),
    ("learned", "pace_belief"),
    ("learned", "rest_bpm"),
    ("practice", "taps"),
    ("learned", "first_taps_s"),
    ("learned", "usual_taps_s"),
    ("practice", "first"),
    ("identity", "hour"),
    ("practice", "only_in_step"),
    ("practice", "asks_quiet"),
    ("practice", "by_labels"),
    ("straps", "stamped"),
    ("straps", "measured"),
    ("straps", "by_ticks"),
    ("practice", "until_back"),
)
"""Part and field, in the order in which a file has them, after the time.

It may only grow at its end, by fields that have a default.
"""


ALWAYS_WRITTEN: Final = WRITTEN.index(("learned", "usual_taps_s")) + 1
"""So many of them are written whatever they are; what came later only where it says
something, so that a file of today reads as one of before where nothing is new in it.
"""


def opened_from(t_ns: int, known: Mapping[str, Any]) -> Opened:
    """Return a session's beginning from its fields, whichever part each belongs to."""
    parts: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    for part, name in WRITTEN:
        if name in known:
            parts[part][name] = known[name]
    made = {part: kind(**parts[part]) for part, kind in PARTS.items()}
    return Opened(t_ns=t_ns, **made)
