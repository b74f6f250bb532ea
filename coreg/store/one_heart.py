"""A session's log without one partner's heart: what stays is the other's, or nobody's.

Strategy.

1. What stays is named, fact by fact: the other's heart, time, presses, blocks. A kind
   of fact that comes to be later goes, until somebody says that it may stay.
2. What was computed of both hearts goes: paces, the question after flooding and its
   end, glints (they follow the pace, and none comes while somebody may be flooded),
   and the count and hash of a block's features. Breaths stay where the plan alone set
   them.
3. One tombstone stands for all that went, at the start of the log
   (`coreg.facts.erased`), and the rest is numbered anew.
4. A plan may say that no heart may lead; one of both said so of their body. It is
   written as one that says nothing of it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from coreg.base.bounds import BadText, toml_of
from coreg.base.toml_writer import toml_text
from coreg.facts.both import Both
from coreg.facts.events import (
    BatteryRead,
    BlockBegan,
    BlockEnded,
    Breath,
    Continued,
    Ended,
    FileMarked,
    HeartErased,
    Intervals,
    LinkChanged,
    Notification,
    Opened,
    PacerStopped,
    Partner,
    Paused,
    Pressed,
    QuirkNoticed,
    Resumed,
    SignalBack,
    SignalLost,
    SourceEnded,
    StreamPacket,
    StreamStarted,
    StreamTakenBack,
    Tapped,
    Tick,
    WentOn,
)
from coreg.facts.opened import LearnedBefore
from coreg.store.rows import Logged, Recorded

_OF_ONE = (
    Notification
    | Intervals
    | FileMarked
    | LinkChanged
    | BatteryRead
    | StreamStarted
    | StreamPacket
    | StreamTakenBack
    | Tapped
    | SignalLost
    | SignalBack
    | QuirkNoticed
)
_OF_NOBODY = (
    Tick
    | Pressed
    | SourceEnded
    | BlockBegan
    | Paused
    | Resumed
    | Continued
    | WentOn
    | Ended
)
_FIXED, _BY_BLOCKS = "fixed", "blocks"  # of a plan's `pace`


def without_heart(events: Sequence[Recorded], erased: Partner) -> tuple[Recorded, ...]:
    """Return a session's events without one partner's heart.

    Raises
    ------
    TypeError
        If they are no session's: the first one begins none.
    """
    first, *others = events
    if not isinstance(first.fact, Opened):
        raise TypeError("the first event of a session is Opened")
    opened = _without(first.fact, erased)
    plan = _plan(opened.practice.plan_toml)
    by_plan = plan.get("pace") == _BY_BLOCKS
    left: list[tuple[Logged, int]] = [
        (opened, first.t_ns),
        (HeartErased(t_ns=first.t_ns, partner=erased), first.t_ns),
        *(
            (fact, each.t_ns)
            for each in others
            for fact in _left_of(each.fact, erased, by_plan=by_plan)
        ),
    ]
    return tuple(
        Recorded(seq=seq, t_ns=t_ns, fact=fact)
        for seq, (fact, t_ns) in enumerate(left, start=1)
    )


def _left_of(fact: Logged, erased: Partner, *, by_plan: bool) -> Iterator[Logged]:
    """Yield what stays of a fact; `by_plan`: the plan alone set the breaths."""
    if isinstance(fact, _OF_ONE):
        if fact.partner is not erased:
            yield fact
    elif isinstance(fact, _OF_NOBODY):
        yield fact
    elif isinstance(fact, BlockEnded):
        yield replace(fact, features=0, features_sha256="")
    elif isinstance(fact, Breath | PacerStopped) and by_plan:
        yield fact


def _without(opened: Opened, erased: Partner) -> Opened:
    """Return a beginning without what names one partner or was learned of both."""
    straps, learned, nothing = opened.straps, opened.learned, LearnedBefore()
    return replace(
        opened,
        practice=replace(
            opened.practice,
            plan_toml=_plan_text(opened.practice.plan_toml),
            finds_pace=False,
            only_in_step=False,
            until_back=False,
        ),
        straps=replace(
            straps,
            streams=Both(*straps.streams).but(erased, ""),
            latency_s=Both(*straps.latency_s).but(erased, 0.0),
            lag_resolution_s=math.nan,
            measured=Both(*straps.measured).but(erased, ()),
        ),
        learned=replace(
            nothing,
            rest_bpm=Both(*learned.rest_bpm).but(erased, math.nan),
            first_taps_s=Both(*learned.first_taps_s).but(erased, ()),
            usual_taps_s=Both(*learned.usual_taps_s).but(erased, ()),
        ),
    )


def _plan_text(text: str) -> str:
    """Return a plan's text that does not tell whether a heart might lead."""
    plan = _plan(text)
    if not plan:
        return text
    if plan.get("pace") == _FIXED:
        blocks = plan.get("block", ())
        sets_paces = any("breaths_per_min" in block for block in blocks)
        # Blocks that set their paces take a plan that says so.
        del plan["pace"]
        plan |= {"pace": _BY_BLOCKS} if sets_paces else {}
    elif "pace" in plan:
        plan["pace"] = plan.pop("pace")  # last, too: where it stands would tell
    return toml_text(plan)


def _plan(text: str) -> dict[str, Any]:
    """Return what a plan says; nothing where it cannot be read as one."""
    try:
        plan = toml_of(text)
    except BadText:
        return {}
    blocks = plan.get("block", [])
    is_one = isinstance(blocks, list) and all(isinstance(b, dict) for b in blocks)
    return plan if is_one else {}
