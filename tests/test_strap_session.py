"""A whole practice over two virtual straps, with everything that happens to straps.

The loop's time jumps (`coreg.testing.virtual_radio`), so the timings are the real ones;
under COREG_THOROUGH=1 the same evening also runs in real time.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from coreg.base import clock
from coreg.facts.events import (
    NS_PER_S,
    BlockBegan,
    Fact,
    Gap,
    Input,
    Link,
    LinkChanged,
    Notification,
    Opened,
    Partner,
    Source,
    Tick,
)
from coreg.sensors.timing.latency import PairDelays
from coreg.session.engine import Output
from coreg.session.live import Presses, practise, versions
from coreg.session.replay import compare
from coreg.session.strap_source import delays_of
from coreg.store.plans import plan_text
from coreg.store.reader import read_session
from coreg.store.session_log import SessionLog
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import VirtualCouple, virtual_couple
from coreg.testing.virtual_radio.straps import number_of
from tests.helpers import skips
from tests.helpers.openings import opening
from tests.helpers.thorough import THOROUGH

A, B = Partner.A, Partner.B
SILENT = (60.0, 70.0)
DROPS = (100.0, 130.0)
AWAY = (170.0, 210.0)
OFF = (280.0, 300.0)
LENGTH_S = 360.0


@dataclass
class Evening:
    """What was sent, what was logged, and what the engine said live."""

    sent: dict[Partner, list[tuple[float, int]]]
    facts: Sequence[Fact]
    outputs: list[Output]
    links: list[LinkChanged]
    delays: PairDelays

    def received(self, partner: Partner) -> list[int]:
        return [
            number_of(each.data)
            for each in self.facts
            if isinstance(each, Notification) and each.partner is partner
        ]

    def missing_s(self, partner: Partner) -> list[float]:
        """When the packets were sent that never arrived."""
        received = set(self.received(partner))
        return [t_s for t_s, number in self.sent[partner] if number not in received]

    def holes(self, partner: Partner) -> list[tuple[float, float]]:
        return [
            (each.start_s, each.end_s)
            for each in self.outputs
            if isinstance(each, Gap) and each.partner is partner
        ]


async def happen(couple: VirtualCouple) -> None:
    """Do to the straps what evenings do."""
    loop = asyncio.get_running_loop()
    start_s = loop.time()

    async def at(t_s: float) -> None:
        await asyncio.sleep(start_s + t_s - loop.time())

    a, b = couple.straps[A], couple.straps[B]
    await at(SILENT[0])
    a.is_silent = True
    await at(SILENT[1])
    a.is_silent = False
    for drop_s in DROPS:
        await at(drop_s)
        await b.drop_link()
    await at(AWAY[0])
    couple.air.walk_away(a.address)
    await at(AWAY[1])
    couple.air.come_back(a.address)
    await at(OFF[0])
    couple.computer.turn_off()
    await at(OFF[1])
    couple.computer.turn_on()
    await at(LENGTH_S)


async def evening(folder: Path) -> Evening:
    outputs: list[Output] = []
    links: list[LinkChanged] = []

    def listen(given: Input, said: list[Output]) -> None:
        outputs.extend(said)
        if isinstance(given, LinkChanged):
            links.append(given)

    async with virtual_couple() as couple, couple.pair() as pair:
        await pair.until_streaming(30.0)
        before = {partner: len(strap.sent) for partner, strap in couple.straps.items()}
        delays = delays_of(pair, folder)
        opened = opened_with(delays)
        start_s = asyncio.get_running_loop().time()
        path = folder / f"{opened.identity.session_id}.coreg"
        with SessionLog.create(path, opened) as log:
            session = asyncio.create_task(
                practise(opened, pair.source(), log, Presses(), [listen])
            )
            await happen(couple)
            session.cancel()
            await asyncio.wait([session])
        sent = {
            partner: [
                (t_s - start_s, number_of(data))
                for t_s, data in strap.sent[before[partner] :]
            ]
            for partner, strap in couple.straps.items()
        }
    facts = [each.fact for each in read_session(path).events]
    return Evening(sent=sent, facts=facts, outputs=outputs, links=links, delays=delays)


def opened_with(delays: PairDelays) -> Opened:
    return opening(
        session_id="20260101-190000-a1b2",
        opened_utc=clock.utc_now().isoformat(),
        source=Source.STRAPS,
        streams=("Polar Electro Oy H10", "Polar Electro Oy H10"),
        common_clock=True,
        latency_s=delays.latency_s,
        lag_resolution_s=delays.lag_resolution_s,
        seed=0,
        plan_toml=plan_text("relaxed-and-alert"),
        breathing_min=10.0,
        steps_wait=False,
        ends_with_source=False,
        consent="virtual",
        versions=versions(),
    )


def check(seen: Evening) -> None:
    holes_s = {
        A: [SILENT, AWAY, OFF],
        B: [(drop_s, drop_s) for drop_s in DROPS] + [OFF],
    }
    for partner in Partner:
        received = seen.received(partner)
        assert received == sorted(set(received)), "no packet twice, none out of order"
        for t_s in seen.missing_s(partner):
            # A packet may be under way when its link breaks, 1 s of radio either side.
            assert any(lo - 1 <= t_s <= hi + 1 for lo, hi in holes_s[partner]), t_s
        for lo, hi in holes_s[partner]:
            if hi > lo:  # on the chart: beats are blank where none could come
                assert any(
                    start <= lo + 1 and end >= hi - 4
                    for start, end in seen.holes(partner)
                ), (partner, lo, seen.holes(partner))
    in_order = [
        each.t_ns for each in seen.facts if isinstance(each, Notification | Tick)
    ]
    assert in_order == sorted(in_order)
    ticks = [each.t_ns for each in seen.facts if isinstance(each, Tick)]
    assert ticks == [number * NS_PER_S // 4 for number in range(len(ticks))]
    assert len(ticks) >= 4 * (LENGTH_S - 1)
    assert sum(isinstance(each, BlockBegan) for each in seen.outputs) >= 2


def test_a_practice_goes_on_through_silence_drops_distance_and_no_bluetooth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = run_in_no_time(evening(tmp_path), monkeypatch)
    check(seen)
    again = compare([*seen.facts], is_whole=False)
    assert not again.difference
    said = {(each.partner, each.link) for each in seen.links}
    assert {(A, Link.GAP), (A, Link.LOST), (B, Link.LOST)} <= said
    told = {each.detail for each in seen.links if each.link is Link.LOST}
    assert "Bluetooth is off. Turn it on and coreg will carry on." in told
    assert seen.delays.lag_resolution_s == 0.5  # one model, not calibrated


@pytest.mark.skipif(not THOROUGH, reason=f"takes six minutes; {skips.THOROUGH}")
def test_the_same_evening_in_real_time(tmp_path: Path) -> None:
    seen = asyncio.run(evening(tmp_path))
    check(seen)
    print({str(p): (len(seen.sent[p]), len(seen.received(p))) for p in Partner})
    print({str(p): seen.holes(p) for p in Partner})
