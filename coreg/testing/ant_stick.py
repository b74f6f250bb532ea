"""An ANT stick and straps that are made up: broadcasts of planted beats."""

import bisect
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from coreg.sensors.ant.stick import Hear
from coreg.sensors.decoding.ant_heart_rate import (
    COUNTS_WRAP,
    PREVIOUS_BEAT,
    TICKS_PER_S,
    TIMES_WRAP,
    AntHeartRate,
    encode,
)

PERIOD_S = 8070 / 32768


@dataclass(eq=False)
class FakeStick:
    """Hands broadcasts to whoever listens to their strap."""

    listening: dict[int, Hear] = field(default_factory=dict)

    def listen(self, number: int, hear: Hear) -> None:
        """Have each broadcast of this strap handed over."""
        self.listening[number] = hear

    def broadcast(self, number: int, data: bytes) -> None:
        """Send a broadcast of a strap; what nobody listens to is lost."""
        if (hear := self.listening.get(number)) is not None:
            hear(data)


def broadcasts(
    beats_s: Sequence[float],
    rng: random.Random,
    *,
    loss_share: float = 0.0,
    has_pages: bool = True,
    fast_ppm: float = 0.0,
    first_count: int = 250,
) -> Iterator[tuple[float, bytes]]:
    """Yield when each broadcast arrives, and its bytes, for beats in ascending order.

    A strap sends 4.06 times a second, page 4 in three of four broadcasts and page 0 in
    one; `has_pages` no: the first straps', without a toggle bit. Its clock runs
    `fast_ppm` fast; times and counts go round. Broadcasts are lost one by one.
    """
    number = 0
    t_s = beats_s[0]
    while (t_s := t_s + PERIOD_S) < beats_s[-1]:
        number += 1
        last = bisect.bisect_right(beats_s, t_s) - 1
        if rng.random() >= loss_share:
            yield (
                t_s + rng.uniform(0.002, 0.006),
                _said(beats_s, last, number, has_pages, fast_ppm, first_count),
            )


def _said(
    beats_s: Sequence[float],
    last: int,
    number: int,
    has_pages: bool,
    fast_ppm: float,
    first_count: int,
) -> bytes:
    ticks = [
        math.floor(beats_s[k] * (1 + fast_ppm / 1e6) * TICKS_PER_S) % TIMES_WRAP
        for k in (max(last - 1, 0), last)
    ]
    is_previous = has_pages and number % 4 != 0
    of_page = b"\xff" + ticks[0].to_bytes(2, "little") if is_previous else b"\xff" * 3
    return encode(
        AntHeartRate(
            page=PREVIOUS_BEAT if is_previous else 0,
            toggle=has_pages and number // 4 % 2 == 1,
            of_page=of_page,
            beat_ticks=ticks[1],
            beat_count=(first_count + last) % COUNTS_WRAP,
            hr_bpm=70,
        )
    )
