"""Whether anything grows while five pages follow a practice of forty minutes.

A made-up couple practises at speed before a therapist's console, a couple's window, a
light and two phones, one of which has no WebSocket. Every few minutes of the practice
this prints what the server holds (its resident memory) and what each page does (its
heap, nodes and listeners once its garbage is gone), and how far apart the clocks are
by which the five breathe: the 95th percentile of all looks between, each way of a
WebSocket late by chance (30 ms on average). The server is a process of its own.
Run: ``python -m benchmarks.five_pages [--speed 20] [--minutes 40]``; it needs Chromium.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from coreg.base import clock
from tests.helpers.browser import FLAGS, pages_in
from tests.helpers.evening_server import taken_port
from tests.helpers.five_pages import NAMES, Five, hour
from tests.helpers.late_lines import CLOCK, JITTER

LOOKS_EVERY_MS = 250
BREATHE_MIN = 60.0  # and as long a rest: all five take their time to open
EVERY_MIN = 4.0


def serve(data: Path, port: int, phones: int, speed: float) -> None:
    """Serve until nobody listens on the other end of standard input."""
    with hour(data, port=port, phones=phones, speed=speed, breathe_min=BREATHE_MIN) as (
        at,
        _,
    ):
        print(at.launch_url, flush=True)
        sys.stdin.read()


def resident_mb(process: int) -> float:
    """Return the memory that a process has in use."""
    status = Path(f"/proc/{process}/status").read_text()
    (line,) = [each for each in status.splitlines() if each.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def clocks_ms(five: Five) -> list[float]:
    """Return by how much each page's clock is before the middle one of the five."""
    told_s = [float(page.evaluate(CLOCK)) for page in five.all]
    return [1000 * (each - float(np.median(told_s))) for each in told_s]


def tell_clocks(looks: list[list[float]]) -> None:
    """Print how far apart the five were, from the first look and in each quarter."""
    before_ms = np.array(looks)
    apart_ms = np.ptp(before_ms, axis=1)
    print(
        f"clocks of five pages in {len(looks)} looks: median "
        f"{np.median(apart_ms):.2f} ms apart, p95 {np.percentile(apart_ms, 95):.2f} ms"
    )
    quarters = " ".join(
        f"{np.percentile(part, 95):.2f}" for part in np.array_split(apart_ms, 4)
    )
    print(f"p95 in each quarter of the time: {quarters} ms")
    each = ", ".join(
        f"{name} {middle:+.2f} (sd {spread:.2f})"
        for name, middle, spread in zip(
            NAMES, np.median(before_ms, axis=0), before_ms.std(axis=0), strict=True
        )
    )
    print(f"each against the middle of the five, ms: {each}")


def watch(launch_url: str, server: int, speed: float, watched_min: float) -> None:
    """Print what is held, again and again, until the practice is over."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        with pages_in(browser, complaints) as open_at_once:

            def open_page(url: str, **context: Any) -> Any:
                own = context.pop("watch", None)

                def late(of: Any) -> None:
                    of.add_init_script(JITTER)
                    if own is not None:
                        own(of)

                return open_at_once(url, watch=late, **context)

            five = Five(open_page, launch_url)
            five.breathe()
            looks: list[list[float]] = []
            print("min | server MB | " + " | ".join(f"{n}: kB nodes on" for n in NAMES))
            begun_ns = clock.monotonic_ns()
            while True:
                minutes = (clock.monotonic_ns() - begun_ns) / 6e10 * speed
                held = five.held()
                told = [
                    f"{of['JSHeapUsedSize'] // 1024} {of['Nodes']} "
                    f"{of['JSEventListeners']}"
                    for of in held.values()
                ]
                print(
                    f"{minutes:3.0f} | {resident_mb(server):6.1f} | "
                    + " | ".join(told),
                    flush=True,
                )
                if minutes > watched_min:
                    break
                next_min = minutes + EVERY_MIN
                while (clock.monotonic_ns() - begun_ns) / 6e10 * speed < next_min:
                    looks.append(clocks_ms(five))
                    five.console.wait_for_timeout(LOOKS_EVERY_MS)
            tell_clocks(looks)
        browser.close()
    print(f"complaints of the pages: {complaints}")


def main() -> None:
    """Serve and watch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=20.0)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--serve", nargs=3, metavar=("FOLDER", "PORT", "PHONES"))
    given = parser.parse_args()
    if given.serve:
        folder, port, phones = given.serve
        serve(Path(folder), int(port), int(phones), given.speed)
        return
    with taken_port() as one, taken_port() as other:
        ports = [str(one), str(other)]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.five_pages"),
                *("--speed", str(given.speed), "--serve", folder, *ports),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if server.stdout is None:
            raise RuntimeError("a pipe was asked for")
        try:
            watch(
                server.stdout.readline().strip(),
                server.pid,
                given.speed,
                given.minutes,
            )
        finally:
            server.communicate("")


if __name__ == "__main__":
    main()
