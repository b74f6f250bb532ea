"""A program to be killed: it serves the pages of two people with straps on, for ever.

`python -m tests.helpers.interrupted_evening FOLDER SPEED [SECONDS_OF_CLOCK]`

It says the launch link. With seconds of clock the computer was started anew: its clock
on the wall was set on by so much, or back where they are negative, and the other one
counts from the start.
"""

import asyncio
import datetime as dt
import sys
from pathlib import Path

from coreg.base import clock
from tests.helpers.evening_server import served
from tests.helpers.short_plans import BREATHING
from tests.helpers.two_people import TwoStraps


async def _serve(data: Path, speed: float) -> None:
    at_home = TwoStraps(speed)
    async with served(data, speed=speed, at_home=at_home, plan_toml=BREATHING) as at:
        print(at.launch_url, flush=True)
        await asyncio.Event().wait()


def _start_anew(by_s: float) -> None:
    now, monotonic_ns = clock.utc_now, clock.monotonic_ns
    started_ns = monotonic_ns()
    clock.utc_now = lambda: now() + dt.timedelta(seconds=by_s)
    clock.monotonic_ns = lambda: monotonic_ns() - started_ns


def main() -> None:
    if len(sys.argv) > 3:
        _start_anew(float(sys.argv[3]))
    asyncio.run(_serve(Path(sys.argv[1]), float(sys.argv[2])))


if __name__ == "__main__":
    main()
