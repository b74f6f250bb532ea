"""An evening of two people with straps on, as it is logged while they live it."""

from pathlib import Path

from coreg.facts.codec import CUES
from coreg.facts.events import (
    BatteryRead,
    Input,
    Link,
    LinkChanged,
    Notification,
    Opened,
    Partner,
    Press,
    Source,
)
from coreg.session.engine import Engine
from coreg.store.library import session_path
from coreg.store.plans import plan_text
from coreg.store.rows import Logged
from coreg.store.session_log import SessionLog
from tests.helpers.living import couple_of, live, opened
from tests.helpers.once import once_a_run

CANARY = "canary"


def canary(what: str, partner: Partner) -> str:
    """What is in a session's file of one partner and nowhere else."""
    return f"{CANARY} {what} of {partner}"


def beginning(session_id: str, plan: str) -> Opened:
    """The beginning of an evening with straps in which each has a canary of all."""
    rest_bpm = (61.0625, 72.0625)
    taps_s = ((0.40625,), (0.50625,))
    return opened(
        session_id=session_id,
        source=Source.STRAPS,
        streams=tuple(canary("strap", partner) for partner in Partner),
        latency_s=(0.15625, 0.28125),
        plan_toml=plan_text(plan),
        finds_pace=plan == "relaxed-and-alert",
        only_in_step=plan == "relaxed-and-alert",
        taps=True,
        pace_belief=f'{{"{CANARY}": "pace of both"}}',
        rest_bpm=rest_bpm,
        first_taps_s=taps_s,
        usual_taps_s=taps_s,
    )


@once_a_run
def lived(session_id: str, plan: str, until_s: float) -> list[tuple[Logged, int]]:
    """What is logged of an evening, and when: inputs, and the cues that follow."""
    begins = beginning(session_id, plan)
    couple = couple_of(3)
    over = {until_s - 10: Press.FINISH}
    inputs = [*live(couple, begins, until_s=until_s, presses=over).inputs]
    for partner in Partner:
        inputs[1:1] = _told_of(partner)
    engine, logged = Engine(), list[tuple[Logged, int]]()
    for given in inputs:
        logged.append((given, given.t_ns))
        logged += [
            (each, given.t_ns) for each in engine.feed(given) if isinstance(each, CUES)
        ]
    return logged


def _told_of(partner: Partner) -> list[Input]:
    """What a strap's radio says of it, at the beginning."""
    link = LinkChanged(
        t_ns=0, partner=partner, link=Link.STREAMING, detail=canary("link", partner)
    )
    return [link, BatteryRead(t_ns=0, partner=partner, percent=7)]


def record(folder: Path, session_id: str, logged: list[tuple[Logged, int]]) -> Path:
    """Record an evening as it was lived."""
    path = session_path(folder, session_id)
    (begins, _), *others = logged
    assert isinstance(begins, Opened)
    with SessionLog.create(path, begins) as log:
        for fact, t_ns in others:
            log.append(fact, t_ns)
    assert log.trouble is None
    return path


def packets(logged: list[tuple[Logged, int]], partner: Partner) -> list[Notification]:
    """What one partner's strap sent."""
    facts = [fact for fact, _ in logged if isinstance(fact, Notification)]
    return [fact for fact in facts if fact.partner is partner]
