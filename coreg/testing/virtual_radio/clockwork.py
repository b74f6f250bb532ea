"""An event loop in which waiting takes no time: hours of practice in seconds.

Everything on the virtual air happens in one process and waits for nothing but time.
So when nothing is left to do, this loop's clock jumps to the next thing due.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest

from coreg.base import clock
from coreg.facts.events import NS_PER_S

T = TypeVar("T")
_START_S = 1000.0


class NoWaiting(selectors.DefaultSelector):
    """A selector that reports how long it was told to wait, instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.waited_s = 0.0

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready:
            return ready
        if timeout is None:
            raise RuntimeError("everything waits for something that never comes")
        self.waited_s += max(timeout, 0.0)
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop in its own time."""

    def __init__(self, selector: NoWaiting | None = None) -> None:
        self._without_waiting = selector or NoWaiting()
        super().__init__(self._without_waiting)

    def time(self) -> float:
        return _START_S + self._without_waiting.waited_s


async def _at_once(work: Callable[..., T], *given: object) -> T:
    """Do a thread's work here: while it ran, minutes would pass in this loop."""
    return work(*given)


def run_in_no_time(
    main: Coroutine[Any, Any, T],
    monkeypatch: pytest.MonkeyPatch,
    loop_factory: Callable[[], JumpingLoop] = JumpingLoop,
) -> T:
    """Run a coroutine in jumping time; `coreg.base.clock` tells that time too."""
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        loop = runner.get_loop()
        with monkeypatch.context() as patch:
            patch.setattr(clock, "monotonic_ns", lambda: round(loop.time() * NS_PER_S))
            patch.setattr(asyncio, "to_thread", _at_once)
            return runner.run(main)
