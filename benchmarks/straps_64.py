"""How late does a packet reach the engine, with 64 straps on one computer?

Everything runs in one process and in real time: virtual straps (bumble), bleak's own
classes, `Radio`, `StrapHub` and a session a pair, with its engine. Two figures:

* *air*: from the strap giving a packet to its radio until it is stamped in bleak's
  callback; the air adds nothing here, so this is bumble and bleak;
* *ours*: from that stamp until the engine has understood the packet.

`python -m benchmarks.straps_64 [--straps 64] [--seconds 60]`
"""

import argparse
import asyncio
import json
import random
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import numpy as np

from coreg.base import clock
from coreg.facts.events import NS_PER_S, Input, Notification, Partner
from coreg.sensors.straps.hub import StrapHub
from coreg.sensors.straps.radio import FoundStrap, Radio
from coreg.sensors.straps.timings import PATIENT
from coreg.session.live import Presses, practise
from coreg.session.strap_source import WornPair
from coreg.store.plans import plan_text
from coreg.testing.virtual_radio.air import Air, RadioModel
from coreg.testing.virtual_radio.computer import Computer
from coreg.testing.virtual_radio.straps import VirtualStrap, number_of, packets
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED

PERFECT = RadioModel(interval_s=0.0, repeat_share=0.0)
Sent = dict[tuple[Partner, int], int]


class Nothing:
    def append(self, fact: object, t_ns: int) -> None:
        """Keep nothing: the log is measured elsewhere."""


@dataclass
class Pair:
    """One couple: a listener that notes when the engine has understood a packet."""

    straps: dict[Partner, VirtualStrap]
    worn: WornPair
    stamped_ns: Sent = field(default_factory=dict)
    ours_ms: list[float] = field(default_factory=list)
    waiting_ns: dict[tuple[Partner, bytes], int] = field(default_factory=dict)

    def arrived(self, each: object) -> None:
        if isinstance(each, Notification):
            self.stamped_ns[each.partner, number_of(each.data)] = each.t_ns
            self.waiting_ns[each.partner, each.data] = each.t_ns

    def __call__(self, given: Input, _outputs: object) -> None:
        if isinstance(given, Notification):
            stamp_ns = self.waiting_ns.pop((given.partner, given.data), None)
            if stamp_ns is not None:
                self.ours_ms.append((clock.monotonic_ns() - stamp_ns) / 1e6)

    def air_ms(self) -> list[float]:
        # The loop's clock stands still in sleep and ours does not.
        apart_s = clock.monotonic_ns() / NS_PER_S - asyncio.get_running_loop().time()
        return [
            (self.stamped_ns[partner, number_of(data)] / NS_PER_S - apart_s - t_s) * 1e3
            for partner, strap in self.straps.items()
            for t_s, data in strap.sent
            if (partner, number_of(data)) in self.stamped_ns
        ]


async def main(straps: int, seconds: float) -> dict[str, object]:
    air = Air(PERFECT, random.Random(1))  # noqa: S311 - no secret
    computer = Computer(air)
    await computer.start()
    radio = Radio(computer.backends, replace(PATIENT, search_s=20.0))
    async with StrapHub(radio) as hub, AsyncExitStack() as listening:
        pairs = [await pair(air, hub, number) for number in range(straps // 2)]
        began_s = time.perf_counter()
        for each in pairs:
            for strap in each.straps.values():
                hub.hold(found(strap))
        for each in pairs:
            await each.worn.until_streaming(300.0)
        connected_s = time.perf_counter() - began_s
        for each in pairs:
            listening.enter_context(each.worn.heard_by(each.arrived))
        opened = changed(OPENED, plan_toml=plan_text("relaxed-and-alert"))
        sessions = [
            asyncio.create_task(
                practise(opened, each.worn.source(), Nothing(), Presses(), [each])
            )
            for each in pairs
        ]
        cpu_s, began_s = time.process_time(), time.perf_counter()
        await asyncio.sleep(seconds)
        cpu_share = (time.process_time() - cpu_s) / (time.perf_counter() - began_s)
        for session in sessions:
            session.cancel()
        await asyncio.wait(sessions)
    ours_ms = np.array([late for each in pairs for late in each.ours_ms])
    air_ms = np.array([late for each in pairs for late in each.air_ms()])
    return {
        "straps": straps,
        "seconds": seconds,
        "connected_s": round(connected_s, 1),
        "packets": int(ours_ms.size),
        "ours_p50_ms": round(float(np.percentile(ours_ms, 50)), 2),
        "ours_p99_ms": round(float(np.percentile(ours_ms, 99)), 2),
        "air_p50_ms": round(float(np.percentile(air_ms, 50)), 2),
        "air_p99_ms": round(float(np.percentile(air_ms, 99)), 2),
        "cpu_of_one_core": round(cpu_share, 3),
    }


async def pair(air: Air, hub: StrapHub, number: int) -> Pair:
    straps = {}
    for at, partner in enumerate(Partner):
        strap = VirtualStrap(
            air,
            name=f"strap {number}{partner}",
            address=f"C0:00:00:00:{number:02X}:{at:02X}",
            heart=packets(seed=2 * number + at),
        )
        await asyncio.sleep(0.03)  # straps do not beat in step
        await strap.put_on()
        straps[partner] = strap
    a, b = (strap.address for strap in straps.values())
    return Pair(straps=straps, worn=WornPair(hub, a, b))


def found(strap: VirtualStrap) -> FoundStrap:
    return FoundStrap(
        name=strap.name,
        address=strap.address,
        rssi_dbm=None,
        is_in_use=False,
        services=(),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--straps", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(main(given.straps, given.seconds))))
