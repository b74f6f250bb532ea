"""How a session begins: the one place where its first input is put together."""

import datetime as dt
from dataclasses import replace

from coreg.facts.opened import (
    Identity,
    LearnedBefore,
    Opened,
    PracticeChosen,
    StrapsWorn,
    WhoseHearts,
)
from coreg.session.live import versions
from coreg.session.sources import SessionSource
from coreg.store.library import new_session_id


def identity(utc: dt.datetime, token: str, *, consent: str, hour: str = "") -> Identity:
    """Return who a session is that begins at this time, with these versions.

    `hour` is the first session of the hour that it goes on with, if of any.
    """
    return Identity(
        session_id=new_session_id(utc, token),
        opened_utc=utc.isoformat(timespec="milliseconds"),
        consent=consent,
        versions=versions(),
        hour=hour,
    )


def opening(of: Identity, hearts: SessionSource, chosen: PracticeChosen) -> Opened:
    """Return a session's first input, of two about whom nothing is known yet."""
    return Opened(
        t_ns=0,
        identity=of,
        couple=WhoseHearts(source=hearts.kind, seed=hearts.seed),
        practice=replace(
            chosen,
            only_in_step=chosen.finds_pace,
            by_labels=True,
            until_back=chosen.finds_pace,
        ),
        straps=StrapsWorn(
            streams=hearts.streams,
            common_clock=hearts.common_clock,
            latency_s=hearts.delays.latency_s,
            lag_resolution_s=hearts.delays.lag_resolution_s,
            stamped=hearts.stamped,
            measured=tuple(tuple(sorted(each)) for each in hearts.measured),
            by_ticks=True,
        ),
    )


def knowing(opened: Opened, learned: LearnedBefore) -> Opened:
    """Return a beginning that knows what earlier evenings taught, where it is used.

    A pace is used only by those who look for theirs, answers to glints only with taps.
    """
    chosen = opened.practice
    used = replace(
        learned,
        pace_belief=learned.pace_belief if chosen.finds_pace else "",
        first_taps_s=learned.first_taps_s if chosen.taps else ((), ()),
        usual_taps_s=learned.usual_taps_s if chosen.taps else ((), ()),
    )
    return replace(opened, learned=used)
