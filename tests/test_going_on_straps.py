"""A practice over two virtual straps breaks off, and goes on over the same two."""

import asyncio
import datetime as dt
import itertools
from pathlib import Path

import pytest

from coreg.base import clock
from coreg.facts.both import Both
from coreg.facts.events import (
    NS_PER_S,
    Beat,
    Gap,
    Input,
    Notification,
    Partner,
    Press,
    Resumed,
    Source,
    Stream,
    StreamPacket,
    StreamTakenBack,
    WentOn,
)
from coreg.facts.opened import PracticeChosen
from coreg.session.engine import run
from coreg.session.going_on import further
from coreg.session.live import Presses, practise
from coreg.session.opening import identity, opening
from coreg.session.replay import compare
from coreg.session.sources import NOTHING_MEASURED
from coreg.store.reader import State, read_session
from coreg.store.session_log import SessionLog
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import virtual_couple
from tests.helpers.short_plans import BREATHING

AWAY_S = 300.0
Measured = Both[frozenset[Stream]]


async def some_time(session: asyncio.Task[object], length_s: float) -> None:
    """Let a session live for so long, and end it without a word."""
    await asyncio.sleep(length_s)
    session.cancel()
    await asyncio.wait([session])


async def evening(
    folder: Path,
    before: Measured = NOTHING_MEASURED,
    later: Measured = NOTHING_MEASURED,
) -> Path:
    began = dt.datetime(2026, 3, 1, 19, 30, tzinfo=dt.UTC)
    chosen = PracticeChosen(
        plan_toml=BREATHING, breathing_min=0.0, steps_wait=False, ends_with_source=False
    )
    async with (
        virtual_couple(measures_more=True) as couple,
        couple.pair() as pair,
    ):
        await pair.until_streaming(30.0)
        hearts = pair.hearts_of_each(folder, before)
        assert hearts.kind is Source.STRAPS
        opened = opening(identity(began, "7f3a", consent="virtual"), hearts, chosen)
        path = folder / f"{opened.identity.session_id}.coreg"
        with SessionLog.create(path, opened) as log:
            session = asyncio.create_task(
                practise(opened, hearts.source, log, Presses(), [])
            )
            await some_time(session, 100.0)
        await couple.straps[Partner.A].drop_link()
        await asyncio.sleep(AWAY_S)
        recorded = read_session(path).events
        gone = further(
            recorded,
            pair.hearts_of_each(folder, later),
            utc=began + dt.timedelta(seconds=100.0 + AWAY_S),
            monotonic_ns=clock.monotonic_ns(),
        )
        presses = Presses()
        with SessionLog.reopen(path) as log:
            going = asyncio.create_task(gone.run(log, presses, []))
            await asyncio.sleep(20.0)
            presses.press(Press.RESUME)
            await some_time(going, 60.0)
    return path


def test_it_goes_on_over_the_same_straps_in_one_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = run_in_no_time(evening(tmp_path), monkeypatch)
    session = read_session(path)
    assert session.state is State.INTERRUPTED
    facts = [each.fact for each in session.events]
    assert compare(facts, is_whole=False).difference == ""
    inputs = [fact for fact in facts if isinstance(fact, Input)]
    assert all(a.t_ns <= b.t_ns for a, b in itertools.pairwise(inputs))
    (went_on,) = [fact for fact in facts if isinstance(fact, WentOn)]
    away_s = went_on.t_s - went_on.since_s
    assert abs(away_s - AWAY_S) < 1.0
    (resumed,) = [fact for fact in facts if isinstance(fact, Resumed)]
    assert abs(resumed.t_s - went_on.t_s - 20.0) < 1.0
    outputs = list(run(inputs))
    for partner in Partner:
        packets_s = [
            fact.t_ns / NS_PER_S
            for fact in facts
            if isinstance(fact, Notification) and fact.partner is partner
        ]
        assert not [t_s for t_s in packets_s if went_on.since_s < t_s < went_on.t_s]
        assert len([t_s for t_s in packets_s if t_s > went_on.t_s]) > 70
        own = [each for each in outputs if getattr(each, "partner", None) is partner]
        beats_s = [each.t_s for each in own if isinstance(each, Beat)]
        assert beats_s == sorted(beats_s)
        gaps = [each for each in own if isinstance(each, Gap)]
        (gap,) = [each for each in gaps if each.end_s > went_on.since_s + 1.0]
        assert gap.start_s <= went_on.since_s
        assert abs(gap.end_s - went_on.t_s) < 3.0


def test_what_is_taken_back_while_it_is_broken_off_is_said_as_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves = frozenset({Stream.ACCELERATION})
    both, b_alone = Both(moves, moves), Both(frozenset[Stream](), moves)
    path = run_in_no_time(evening(tmp_path, both, b_alone), monkeypatch)
    facts = [each.fact for each in read_session(path).events]
    (went_on,) = [fact for fact in facts if isinstance(fact, WentOn)]
    assert [fact for fact in facts if isinstance(fact, StreamTakenBack)] == [
        StreamTakenBack(
            t_ns=round(went_on.t_s * NS_PER_S),
            partner=Partner.A,
            stream=Stream.ACCELERATION,
        )
    ]
    later = {
        fact.partner
        for fact in facts
        if isinstance(fact, StreamPacket) and fact.t_ns / NS_PER_S > went_on.t_s
    }
    assert later == {Partner.B}
    assert compare(facts, is_whole=False).difference == ""
