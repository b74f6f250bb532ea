"""Twenty-four hours of practices, one after another, in one server: does anything grow?

    python -m benchmarks.day [HOURS] [SPEED]

Two people in straps (simulated, SPEED times faster than life) practise again and again,
with two pages open and a third that reads reports. After each practice stand how much
memory this program holds, how many files it has open, how long the longest write-ahead
log was, and how large the data folder is. The clients are in the same program: what
grows in either shows. Linux only.
"""

import asyncio
import gc
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import httpx
from websockets.exceptions import ConnectionClosed

from coreg.base import clock
from tests.helpers.evening_server import PageClient, entered, page, served
from tests.helpers.two_people import TwoStraps, first_use

PRACTICE_MIN = 19
REPORT_EVERY = 8


def rss_mb() -> float:
    """Return how much memory this program holds."""
    with Path("/proc/self/status").open() as status:
        line = next(each for each in status if each.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def longest_log_kb(data: Path) -> float:
    """Return how long the longest write-ahead log is now."""
    sizes = [each.stat().st_size for each in data.rglob("*-wal")]
    return max(sizes, default=0) / 1024


async def practise(one: PageClient, data: Path) -> float:
    """Practise once, to its end; return how long the log was in the middle of it."""
    one.heard.clear()
    one.raw.clear()
    while (await one.ask("start"))["type"] != "taken":  # until both hearts arrive
        await asyncio.sleep(0.5)
    await one.screen("gate")
    await one.say("gate", partner="A", answer="yes")
    await one.turn("B")
    await one.say("gate", partner="B", answer="yes")
    await one.screen("rest")
    log_kb = longest_log_kb(data)
    await one.screen("words")
    await one.say("press", press="next")
    await one.screen("look-back")
    return log_kb


async def day(hours: float, speed: float, data: Path) -> None:
    """Practise for so many hours of the two people's time."""
    began_ns = clock.monotonic_ns()
    print(f"{'hours':>6} {'RSS MB':>7} {'files':>6} {'log KB':>7} {'folder MB':>10}")
    async with served(data, speed=speed, at_home=TwoStraps(speed)) as at:
        good = await entered(at)
        async with page(at, good) as one, page(at, good) as other:
            reading = asyncio.create_task(_read(other))
            await first_use(one)
            for number in range(1, round(60 * hours / PRACTICE_MIN) + 1):
                log_kb = await practise(one, data)
                if number % REPORT_EVERY == 1:
                    await _draw(at.origin, good, data)
                    gc.collect()
                    files = len(list(Path("/proc/self/fd").iterdir()))
                    folder = sum(e.stat().st_size for e in data.rglob("*.coreg"))
                    print(
                        f"{number * PRACTICE_MIN / 60:6.1f} {rss_mb():7.1f} {files:6}"
                        f" {log_kb:7.0f} {folder / 1e6:10.1f}",
                        flush=True,
                    )
                await one.say("go", screen="home")
                await one.screen("home")
            reading.cancel()
    print(f"{(clock.monotonic_ns() - began_ns) / 60e9:.1f} min of this computer's time")


async def _read(other: PageClient) -> None:
    with suppress(ConnectionClosed):  # the server ends first
        while True:
            await other.hear()
            other.heard.clear()
            other.raw.clear()


async def _draw(origin: str, good: dict[str, str], data: Path) -> None:
    """Ask for the joint page of the last evening, as a tab does."""
    last = max((data / "sessions").glob("*.coreg"))
    async with httpx.AsyncClient(headers=good, timeout=300) as client:
        await client.get(f"{origin}/evenings/{last.stem}/page")


def main() -> None:
    """Print the table."""
    hours, speed = (*map(float, sys.argv[1:]), *(24.0, 60.0)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(day(hours, speed, Path(folder)))


if __name__ == "__main__":
    main()
