"""Ctrl-C, while pages are answered."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interrupts(stop: asyncio.Event) -> Iterator[None]:
    """Let the first Ctrl-C end things in order, and a second one at once."""
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(stop.set)

    before = {
        number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
