"""How well two straps' heartbeats are put on one clock: planted beats, two Bluetooths.

    python -m benchmarks.beat_clock_of_straps [--minutes 20] [--seed 1]

Two virtual H10s send the ECG and the RR intervals of hearts whose beats were planted.
They are held by coreg as in a practice, once over bumble's virtual air with the link
layer modelled, once over bleak's own BlueZ backend beside a `dbus-daemon` with a
bluetoothd of ours; the air there is a queue of 50 ms events in front of it. Time jumps,
so that 20 minutes take a minute or two of computing.

What is planted: clocks of +38 and -27 ppm that began an hour apart, stamps off by up to
2 ms, 2 % of notifications lost and 5 % repeated 50 ms later, and every 4 minutes a
drop-out, of A by a link that breaks, of B by 20 s out of range.

What is compared: the time of each beat as the session had it live, on its own clock,
with when the beat was planted on the same computer's clock. A delay that all frames of
a strap wait (here: a frame's way through the air, 50 ms at least) cannot be seen by
anybody and is in the mean of either strap; what the two means differ by is "A-B". Beats
within a minute of the session's start or of a drop-out count like all others.
"""

import argparse
import asyncio
import math
import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import numpy as np
import pytest

from benchmarks.made_ecg import anybody
from coreg.facts.arrays import Floats
from coreg.facts.events import Beat, EcgBeat, Partner, Stream
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, encode
from coreg.sensors.decoding.polar_control import DATA_UUID
from coreg.sensors.decoding.polar_frames import EcgFrame, decode_frame, encode_ecg
from coreg.sensors.straps.radio import FoundStrap, Radio
from coreg.session.engine import Engine
from coreg.session.strap_source import WornPair, held_pair
from coreg.store.plans import plan_text
from coreg.testing.fake_bluez.adapter import CENTRAL
from coreg.testing.fake_bluez.air import (
    HEART_RATE_MEASUREMENT,
    FakeStrap,
    measures_more,
)
from coreg.testing.fake_bluez.bench import strap_a, strap_b, system_bus
from coreg.testing.fake_bluez.bluetoothd import serving
from coreg.testing.fake_bluez.clockwork import run_beside_bus
from coreg.testing.fake_bluez.daemon import OPEN_TO_ALL
from coreg.testing.fake_bluez.device import LIFE
from coreg.testing.polar_streams import PolarStreams
from coreg.testing.virtual_radio.air import Air, RadioModel
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.computer import Computer
from coreg.testing.virtual_radio.straps import PACKET_S, VirtualStrap
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED

LOSS, REPEATS, EVENT_S = 0.02, 0.05, 0.05
DROP_EVERY_S, AWAY_S = 240.0, 20.0
PPM = {Partner.A: 38.0, Partner.B: -27.0}
BOTH = frozenset(Stream)
NEAR_S = 0.2
BY_TICKS = True  # as a session that begins now; False: as those from before
Drop = Callable[[Partner], Awaitable[None]]


class Planted:
    """One heart: when it beats on the computer's clock, what its ECG and strap say."""

    def __init__(self, partner: Partner, seed: int, until_s: float) -> None:
        rng = np.random.default_rng([seed, ord(partner)])
        t_s, beats = 990.0, []
        usual_s = rng.uniform(0.75, 0.95)
        while t_s < until_s:
            beats.append(t_s)
            swing_s = 0.06 * math.sin(2 * math.pi * t_s / 10)
            t_s += usual_s + swing_s + rng.normal(0, 0.02)
        self.beats_s: Floats = np.array(beats)
        self._person = anybody(rng)
        self._rng = rng
        self._said = 0

    def ecg_uv(self, t_s: Floats) -> Floats:
        """The waves of the beats around, a wandering line and some hiss."""
        person = self._person
        low, high = np.searchsorted(self.beats_s, (t_s[0] - 1, t_s[-1] + 1))
        uv = 100 * np.sin(2 * np.pi * 0.31 * t_s) + self._rng.normal(0, 8, t_s.size)
        waves = zip(person.delays_s, person.widths_s, person.heights_uv, strict=True)
        for delay_s, width_s, height_uv in waves:
            off_s = t_s[:, None] - self.beats_s[low:high] - delay_s
            uv = uv + height_uv * np.exp(-0.5 * (off_s / width_s) ** 2).sum(axis=1)
        return uv

    def packets(self, sent_after_s: float) -> Iterator[bytes]:
        """The intervals that ended since the last packet, when this one is sent."""
        while True:
            now_s = asyncio.get_running_loop().time() + sent_after_s
            known = int(np.searchsorted(self.beats_s, now_s))
            first, self._said = max(self._said, known - 9, 1), known
            rr_ms = 1000 * np.diff(self.beats_s[first - 1 : known])
            yield encode(
                HeartRateMeasurement(
                    hr_bpm=70,
                    wide_hr=False,
                    contact=True,
                    energy_kj=None,
                    rr_ms=tuple(rr_ms.tolist()),
                )
            )

    def strap(self, partner: Partner) -> "Jittered":
        hour_ns = 3_600_000_000_000 * list(Partner).index(partner)
        return Jittered(
            ecg_uv=self.ecg_uv,
            fast_ppm=PPM[partner],
            clock_ns=600_000_000_000_000_000 + hour_ns,
        )


class Jittered(PolarStreams):
    """Stamps that are off by up to 2 ms."""

    def frames(self, until_s: float) -> Iterator[bytes]:
        rng = random.Random(round(1e6 * until_s))  # noqa: S311 - no secret
        for data in super().frames(until_s):
            frame = decode_frame(data)
            if isinstance(frame, EcgFrame):
                off_ns = rng.randint(-2_000_000, 2_000_000)
                yield encode_ecg(replace(frame, last_ns=frame.last_ns + off_ns))
            else:
                yield data


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the session said of beats, on the computer's clock."""

    ecg_s: dict[Partner, Floats]
    rr_s: dict[Partner, Floats]


async def practised(pair: WornPair, minutes: float, drop: Drop) -> Told:
    """Have the session's own path understand all that comes, and drop out at times."""
    await pair.until_streaming(60.0)
    engine = Engine()
    opened = changed(
        OPENED,
        plan_toml=plan_text("relaxed-and-alert"),
        breathing_min=minutes,
        latency_s=(0.0, 0.0),
        by_ticks=BY_TICKS,
    )
    engine.feed(opened)
    told = [(kind, each, list[float]()) for kind in (EcgBeat, Beat) for each in Partner]
    start_s = asyncio.get_running_loop().time()

    async def drop_out() -> None:
        for number in range(1, 1000):
            await asyncio.sleep(DROP_EVERY_S / 2)
            await drop(list(Partner)[number % 2])

    dropping = asyncio.create_task(drop_out())
    async for given in pair.source(BOTH).inputs():
        for said in engine.feed(given):
            for kind, partner, times in told:
                if isinstance(said, kind) and said.partner is partner:
                    times.append(start_s + said.t_s)
        if given.t_ns > 60e9 * minutes:
            break
    dropping.cancel()
    await asyncio.wait([dropping])
    by = {(kind, partner): np.array(times) for kind, partner, times in told}
    return Told(
        ecg_s={each: by[EcgBeat, each] for each in Partner},
        rr_s={each: by[Beat, each] for each in Partner},
    )


def over_bumble(hearts: dict[Partner, Planted], minutes: float, seed: int) -> Told:
    async def main() -> Told:
        model = RadioModel(interval_s=EVENT_S, repeat_share=REPEATS, loss_share=LOSS)
        air = Air(model, random.Random(seed))  # noqa: S311 - no secret
        computer = Computer(air)
        await computer.start()
        straps = {
            partner: VirtualStrap(
                air,
                name=f"Polar H10 {partner}",
                address=f"C0:00:00:00:00:0{partner}",
                heart=heart.packets(PACKET_S),
                polar=heart.strap(partner),
            )
            for partner, heart in hearts.items()
        }

        async def drop(partner: Partner) -> None:
            if partner is Partner.A:
                await straps[partner].drop_link()
                return
            air.walk_away(straps[partner].address)
            await asyncio.sleep(AWAY_S)
            air.come_back(straps[partner].address)

        for strap in straps.values():
            await strap.put_on()
        radio = Radio(computer.backends)
        async with held_pair(radio, {p: _found(s) for p, s in straps.items()}) as pair:
            told = await practised(pair, minutes, drop)
        for strap in straps.values():
            await strap.take_off()
        return told

    with pytest.MonkeyPatch.context() as patch:
        return run_in_no_time(main(), patch)


def over_bluez(hearts: dict[Partner, Planted], minutes: float, seed: int) -> Told:
    straps = {Partner.A: strap_a(), Partner.B: strap_b()}
    rng = random.Random(seed)  # noqa: S311 - no secret

    async def main() -> Told:
        async with (
            serving(address, LIFE) as bluez,
            _sending(straps, hearts, rng),
        ):
            bluez.adapter.plug_in(CENTRAL)
            bluez.put_on(*straps.values())

            async def drop(partner: Partner) -> None:
                if partner is Partner.A:
                    straps[partner].drop()
                    return
                straps[partner].walk_off()
                await asyncio.sleep(LIFE.supervision_s)
                straps[partner].drop()
                await asyncio.sleep(AWAY_S - LIFE.supervision_s)
                straps[partner].walk_in()

            worn = {p: _found(s) for p, s in straps.items()}
            async with held_pair(Radio(), worn) as pair:
                return await practised(pair, minutes, drop)

    with (
        pytest.MonkeyPatch.context() as patch,
        system_bus(patch, OPEN_TO_ALL) as address,
    ):
        return run_beside_bus(main(), patch, address)


@asynccontextmanager
async def _sending(
    straps: dict[Partner, FakeStrap],
    hearts: dict[Partner, Planted],
    rng: random.Random,
) -> AsyncIterator[None]:
    """Send what both measure, through a queue of connection events."""
    polars = {partner: heart.strap(partner) for partner, heart in hearts.items()}
    for partner, polar in polars.items():
        measures_more(straps[partner], polar)
    sending = [
        asyncio.create_task(_send(straps[p], polars[p], hearts[p], rng))
        for p in Partner
    ]
    try:
        yield
    finally:
        for task in sending:
            task.cancel()
        await asyncio.wait(sending)


async def _send(
    strap: FakeStrap, polar: PolarStreams, heart: Planted, rng: random.Random
) -> None:
    now_s = asyncio.get_running_loop().time
    packets, ready_s = heart.packets(0.0), now_s() + PACKET_S
    queue: deque[tuple[float, str, bytes]] = deque()
    while True:
        await asyncio.sleep(EVENT_S)
        given = [(DATA_UUID, each) for each in polar.frames(now_s())]
        if now_s() >= ready_s:
            ready_s += PACKET_S
            given.append((HEART_RATE_MEASUREMENT, next(packets)))
        for uuid, data in given:
            if rng.random() >= LOSS:
                after_s = queue[-1][0] if queue else 0.0
                arrives_s = now_s() + _events(rng) * EVENT_S
                queue.append((max(arrives_s, after_s), uuid, data))
        while queue and queue[0][0] <= now_s() + 1e-6:
            _, uuid, data = queue.popleft()
            strap.notify(uuid, data)


def _events(rng: random.Random) -> int:
    """Return how many connection events a notification takes."""
    events = 1
    while rng.random() < REPEATS:
        events += 1
    return events


def _found(strap: VirtualStrap | FakeStrap) -> FoundStrap:
    return FoundStrap(
        name=strap.name,
        address=strap.address,
        rssi_dbm=-50,
        is_in_use=False,
        services=(),
    )


def errors_ms(told_s: Floats, planted_s: Floats) -> Floats:
    """How far each beat is from the planted one that is nearest."""
    if not told_s.size:
        return told_s
    at = np.searchsorted(planted_s, told_s).clip(1, planted_s.size - 1)
    off_s = [told_s - planted_s[at - 1], told_s - planted_s[at]]
    nearest: Floats = 1000 * np.where(np.abs(off_s[0]) < np.abs(off_s[1]), *off_s)
    return nearest


def say(name: str, told: dict[Partner, Floats], hearts: dict[Partner, Planted]) -> None:
    """Print errors of both straps, and what their means differ by."""
    means = []
    for partner, times_s in told.items():
        off_ms = errors_ms(times_s, hearts[partner].beats_s)
        means.append(float(off_ms.mean()))
        rest_ms = np.abs(off_ms - off_ms.mean())
        print(
            f"  {name} {partner}: {off_ms.size:4} beats, mean {off_ms.mean():6.1f}, "
            f"sd {off_ms.std(ddof=1):5.1f}, worst {rest_ms.max():6.1f} ms; "
            f"{int((np.abs(off_ms) > 1000 * NEAR_S).sum())} farther than "
            f"{1000 * NEAR_S:g} ms from any that was planted"
        )
    print(f"  {name} A-B: {abs(means[0] - means[1]):.1f} ms")


def main() -> None:
    """Print both Bluetooths."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    until_s = 1000 + 60 * (given.minutes + 5)
    for name, rig in (("bumble", over_bumble), ("BlueZ", over_bluez)):
        hearts = {each: Planted(each, given.seed, until_s) for each in Partner}
        told = rig(hearts, given.minutes, given.seed)
        print(f"{name}, {given.minutes:g} min, seed {given.seed}, live:")
        say("ECG", told.ecg_s, hearts)
        say("RR ", told.rr_s, hearts)


if __name__ == "__main__":
    main()
