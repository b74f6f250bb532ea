"""An evening through all of it: a practice over bleak's own BlueZ backend.

Two straps, a bluetoothd that is as quick as in life and has its moods, and another
program. What is checked needs nothing of ours to be known: what each strap sent, when,
and which beats its heart had that never were. Times are the real ones and jump.
"""

import asyncio
import io
import itertools
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from coreg.cli.progress import Progress
from coreg.facts.events import (
    Beat,
    Fact,
    Gap,
    Input,
    Link,
    LinkChanged,
    Notification,
    Partner,
)
from coreg.sensors.decoding import heart_rate
from coreg.sensors.quirks.words import Trouble, sentence
from coreg.sensors.straps.radio import FoundStrap, Radio
from coreg.session.engine import Engine, Output
from coreg.session.live import Presses, practise
from coreg.session.replay import compare
from coreg.session.strap_source import WornPair, delays_of, held_pair
from coreg.store.reader import read_session
from coreg.store.session_log import SessionLog
from tests.test_strap_session import opened_with

if sys.platform != "linux":
    pytest.skip("BlueZ is the Bluetooth of Linux", allow_module_level=True)

from coreg.testing.fake_bluez.adapter import CENTRAL
from coreg.testing.fake_bluez.air import AttFirst, FakeStrap
from coreg.testing.fake_bluez.bench import another_program, strap_a, strap_b
from coreg.testing.fake_bluez.bluetoothd import FakeBluez
from coreg.testing.fake_bluez.life import life_on_bus
from coreg.testing.virtual_radio.straps import packets

A, B = Partner.A, Partner.B
LENGTH_S = 620.0
LISTENS = frozenset({Link.WAITING_FOR_RR, Link.STREAMING})


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One packet of a strap: when it was due, and whether it went over a link to us."""

    t_s: float
    data: bytes
    arrived: bool

    @property
    def rr_ms(self) -> tuple[float, ...]:
        return heart_rate.decode(self.data).rr_ms


@dataclass(kw_only=True)
class Worn:
    """A strap on a heart, which beats on whoever listens."""

    strap: FakeStrap
    partner: Partner
    is_silent: bool = False
    all: list[Sent] = field(default_factory=list)

    async def beat(self, pair: WornPair) -> None:
        now_s = asyncio.get_running_loop().time
        await asyncio.sleep(0.033)  # so that no packet is due as a link comes up
        for data in packets(seed=ord(self.partner)):
            await asyncio.sleep(1)
            before = len(self.strap.sent)
            if not self.is_silent:
                self.strap.beat(data)
            went = len(self.strap.sent) > before
            arrived = went and pair.state(self.partner).link in LISTENS
            self.all.append(Sent(t_s=now_s(), data=data, arrived=arrived))

    async def before_a_packet_with(self, beats: int) -> None:
        """Wait until just after the packet before one with so many beats."""
        coming = itertools.islice(packets(seed=ord(self.partner)), 2000)
        counts = [len(heart_rate.decode(data).rr_ms) for data in coming]
        while counts[len(self.all) + 1] != beats:
            await asyncio.sleep(0.05)
        sent = len(self.all)
        while len(self.all) == sent:
            await asyncio.sleep(0.05)


@dataclass(frozen=True, kw_only=True)
class Hole:
    """Beats that were lost for good, somewhere between two packets that arrived."""

    start_s: float
    end_s: float
    beats_s: float


@dataclass(frozen=True, kw_only=True)
class Evening:
    """What was sent, what was logged and said, and what the engine made of it."""

    length_s: float
    latency_s: dict[Partner, float]
    sent: dict[Partner, list[Sent]]
    facts: Sequence[Fact]
    outputs: list[Output]
    terminal: str

    def beats_ms(self, partner: Partner) -> list[float]:
        """Return the beats of all packets that arrived."""
        arrived = (each.rr_ms for each in self.sent[partner] if each.arrived)
        return [rr_ms for beats in arrived for rr_ms in beats]

    def kept_ms(self, partner: Partner) -> list[float]:
        """Return the beats that the engine took for this heart's."""
        return [
            each.rr_ms
            for each in self.outputs
            if isinstance(each, Beat) and each.partner is partner
        ]

    def gaps(self, partner: Partner) -> list[Gap]:
        return [
            each
            for each in self.outputs
            if isinstance(each, Gap) and each.partner is partner
        ]

    def holes(self, partner: Partner) -> list[Hole]:
        """Return where beats were lost, less what the strap is taken to be late."""
        late_s = self.latency_s[partner]
        holes = []
        for arrived, run in itertools.groupby(
            self.sent[partner], lambda each: each.arrived
        ):
            lost = list(run)
            beats_s = sum(sum(each.rr_ms) for each in lost) / 1000
            if not arrived and beats_s:
                start_s = lost[0].t_s - 1 - late_s
                end_s = lost[-1].t_s - late_s
                holes.append(Hole(start_s=start_s, end_s=end_s, beats_s=beats_s))
        return holes

    def said(self, partner: Partner) -> list[str]:
        """Return what was said of a strap, in the order in which it was said first."""
        said = [
            each.detail
            for each in self.facts
            if isinstance(each, LinkChanged) and each.partner is partner
        ]
        return list(dict.fromkeys(filter(None, said)))


At = Callable[[float], Awaitable[None]]


async def straps_come_and_go(
    bluez: FakeBluez, worn: dict[Partner, Worn], at: At
) -> None:
    """Do to the straps what evenings do; another program listens to them as well."""
    a, b = worn[A].strap, worn[B].strap
    # Another program listens to both: each packet comes twice.
    await at(30)
    async with AsyncExitStack() as programs:
        for strap in (a, b):
            await programs.enter_async_context(another_program(bluez.address, strap))
        await at(60)
    # The link drops, and only one beat is in what is missed.
    await at(80)
    await worn[A].before_a_packet_with(1)
    a.drop()
    # bluetoothd tells of ATT before it tells of the link, three times.
    await at(100)
    b.next_answers.extend([AttFirst()] * 3)
    b.drop()
    # A is away for 40 s; B drops meanwhile.
    await at(130)
    a.walk_off()
    await at(145)
    b.drop()
    await at(170)
    a.walk_in()
    # B is silent, without its link ending.
    await at(220)
    worn[B].is_silent = True
    await at(232)
    worn[B].is_silent = False
    # The drop itself is told by ATT first.
    await at(250)
    a.drop_att_first()


async def bluetooth_comes_and_goes(bluez: FakeBluez, at: At) -> None:
    """Do to bluetoothd and to the adapter what evenings do."""
    await at(280)
    await bluez.stop()
    await at(282)
    await comes_back(bluez)
    await at(330)
    await bluez.stop()
    await at(360)
    await comes_back(bluez)
    await at(420)
    await bluez.die()
    await at(430)
    await comes_back(bluez)
    await at(480)
    bluez.adapter.power_off()
    await at(500)
    bluez.adapter.power_on()


async def happen(bluez: FakeBluez, worn: dict[Partner, Worn]) -> None:
    """Let an evening happen."""
    now_s = asyncio.get_running_loop().time
    start_s = now_s()

    async def at(t_s: float) -> None:
        assert now_s() - start_s <= t_s
        await asyncio.sleep(start_s + t_s - now_s())

    await straps_come_and_go(bluez, worn, at)
    await bluetooth_comes_and_goes(bluez, at)
    # Another program listens on, over a drop: BlueZ subscribes it anew by itself.
    await at(540)
    async with another_program(bluez.address, worn[A].strap):
        await at(550)
        worn[A].strap.drop()
        await at(580)
    await at(LENGTH_S)


async def comes_back(bluez: FakeBluez) -> None:
    """Start bluetoothd; it finds its adapter a moment later."""
    await bluez.start()
    await asyncio.sleep(0.3)
    bluez.adapter.plug_in(CENTRAL)


async def evening(bluez: FakeBluez, folder: Path) -> Evening:
    now_s = asyncio.get_running_loop().time
    worn = {
        partner: Worn(strap=strap, partner=partner)
        for partner, strap in ((A, strap_a()), (B, strap_b()))
    }
    bluez.put_on(*(each.strap for each in worn.values()))
    found = {
        partner: FoundStrap(
            name=each.strap.name,
            address=each.strap.address,
            rssi_dbm=-60,
            is_in_use=False,
            services=(),
        )
        for partner, each in worn.items()
    }
    async with held_pair(Radio(), found) as pair:
        hearts = [asyncio.create_task(each.beat(pair)) for each in worn.values()]
        await pair.until_streaming(30.0)
        await asyncio.sleep(10.5)
        opened = opened_with(delays_of(pair, folder))
        path = folder / f"{opened.identity.session_id}.coreg"
        before = {partner: len(each.all) for partner, each in worn.items()}
        start_s, screen = now_s(), io.StringIO()
        with SessionLog.create(path, opened) as log:
            session = asyncio.create_task(
                practise(opened, pair.source(), log, Presses(), [Progress(screen)])
            )
            await happen(bluez, worn)
            for task in (session, *hearts):
                task.cancel()
            await asyncio.wait([session, *hearts])
        length_s = now_s() - start_s
    facts = [each.fact for each in read_session(path).events]
    return Evening(
        length_s=length_s,
        latency_s=dict(zip(Partner, opened.straps.latency_s, strict=True)),
        sent={
            partner: [
                replace(sent, t_s=sent.t_s - start_s)
                for sent in each.all[before[partner] :]
            ]
            for partner, each in worn.items()
        },
        facts=facts,
        outputs=understood(facts),
        terminal=screen.getvalue(),
    )


def understood(facts: Sequence[Fact]) -> list[Output]:
    """Return what the engine makes of a session's inputs, to its end."""
    engine = Engine()
    outputs = [
        output
        for fact in facts
        if isinstance(fact, Input)
        for output in engine.feed(fact)
    ]
    return [*outputs, *engine.close()]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """Live through one such evening."""
    evenings = list[Evening]()
    folder = tmp_path_factory.mktemp("evening")
    with pytest.MonkeyPatch.context() as patch, life_on_bus(patch) as play:

        async def scene(bluez: FakeBluez) -> None:
            evenings.append(await evening(bluez, folder))

        play(scene)
    return evenings.pop()


@pytest.mark.parametrize("partner", Partner)
def test_what_was_sent_is_kept_once_each_and_in_order(
    seen: Evening, partner: Partner
) -> None:
    sent = [each.data for each in seen.sent[partner] if each.arrived]
    logged = [
        each.data
        for each in seen.facts
        if isinstance(each, Notification) and each.partner is partner
    ]
    assert list(dict.fromkeys(logged)) == sent
    assert len(logged) > len(sent)  # the log keeps what came twice, too
    assert seen.kept_ms(partner) == seen.beats_ms(partner)
    print(partner, len(sent), len(logged), len(seen.kept_ms(partner)))


@pytest.mark.parametrize("partner", Partner)
def test_there_is_no_more_time_in_the_beats_than_on_the_clock(
    seen: Evening, partner: Partner
) -> None:
    one_more_s = 1.5  # the first beat began before the session
    assert sum(seen.kept_ms(partner)) / 1000 <= seen.length_s + one_more_s


@pytest.mark.parametrize("partner", Partner)
def test_there_is_a_gap_where_beats_were_lost_and_nowhere_else(
    seen: Evening, partner: Partner
) -> None:
    holes, gaps = seen.holes(partner), seen.gaps(partner)
    assert len(holes) >= 7
    if partner is A:
        assert any(hole.beats_s < 1.1 for hole in holes)  # one beat
    assert len(gaps) == len(holes), (holes, gaps)
    for hole, gap in zip(holes, gaps, strict=True):
        # How long a packet waited is not known, so nor is a moment to less than that.
        assert gap.start_s == pytest.approx(hole.start_s, abs=1.0), (hole, gap)
        assert gap.end_s == pytest.approx(hole.end_s, abs=1.0), (hole, gap)
        length_s = gap.end_s - gap.start_s
        assert length_s == pytest.approx(hole.beats_s, abs=1.0), (hole, gap)
        assert length_s > 0.5 * hole.beats_s, (hole, gap)  # also where that is one beat


def test_each_thing_that_happened_has_its_words_and_nothing_else_has(
    seen: Evening,
) -> None:
    always = {Trouble.WENT_AWAY, Trouble.SILENT, Trouble.SERVICE_STOPPED, Trouble.OFF}
    for partner in Partner:
        assert set(seen.said(partner)) == {sentence(each) for each in always}
    assert "--" not in seen.terminal
    for line in seen.terminal.splitlines():
        assert seen.terminal.count(line) == 1


def test_the_evening_is_replayed_identically(seen: Evening) -> None:
    compared = compare(seen.facts, is_whole=False)
    assert compared.difference == ""
    assert compared.features > 1000
