"""Tasks that live beside others: none of them ends unseen.

Strategy.

1. Every task of coreg is begun here and nowhere else (tests/test_house.py), by a name
   and with what is to be done once a fault ends it: whoever waits before a page reads
   words, and whatever was under way is let go.
2. A `CoregError` is words for a person. Anything else is a bug of ours: it keeps its
   traceback, which goes to the log `coreg` and from there to standard error. The same
   fault over and over is logged once.
3. What has to go on for a whole evening is begun anew after a wait (`again`); what has
   an end is done with (`once`). Being cancelled is no fault.
4. A step that nothing else depends on may fail by itself (`noted`).
"""

import asyncio
import logging
import threading
import traceback
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from coreg.errors import CoregError

Work = Callable[[], Coroutine[Any, Any, None]]
_Given = TypeVar("_Given")
Failed = Callable[[Exception], object]

_LOG = logging.getLogger("coreg")
_under_way: set[asyncio.Task[None]] = set()  # a loop by itself lets go of its tasks
_last_place: dict[str, str] = {}


def once(name: str, work: Work, *, failed: Failed) -> asyncio.Task[None]:
    """Begin work that has an end; the task ends without an error, whatever happens."""
    return _begun(name, _once(name, work, failed))


def again(
    name: str, work: Work, *, failed: Failed, after_s: float
) -> asyncio.Task[None]:
    """Begin work that goes on until it is cancelled: anew `after_s` after a fault."""
    return _begun(name, _again(name, work, failed, after_s))


async def apart(name: str, work: Callable[[], _Given]) -> _Given:
    """Return what work gives that may block for long, done in a thread of its own.

    Nobody waits behind it, as in the loop's few threads; nor does the program's end.
    Being cancelled lets it go: its end is no matter then.
    """
    loop = asyncio.get_running_loop()
    given: asyncio.Future[_Given] = loop.create_future()

    def tell(set_it: Callable[[], None]) -> None:
        if not given.done():
            set_it()

    def run() -> None:
        try:
            done = work()
            set_it = partial(given.set_result, done)
        except Exception as error:  # noqa: BLE001 - raised to whoever waits
            set_it = partial(given.set_exception, error)
        with suppress(RuntimeError):  # a loop that is closed waits for nothing
            loop.call_soon_threadsafe(tell, set_it)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await given


async def whole(name: str, work: Work) -> None:
    """Carry work out to its end, also when whoever waits for it is cancelled meanwhile.

    A fault is raised to whoever waits, and noted where nobody does any more.
    """
    task = _begun(name, work())
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        with noted(name, failed=_nobody_waits):
            task.result()
        raise


def _nobody_waits(_error: Exception) -> None:
    """Say nothing: whoever wanted it went away."""


async def ended(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait until they are over."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


class noted:  # noqa: N801 - reads as a word: with noted(...)
    """Go on after a fault in this step, once it is noted and `failed` knows of it."""

    def __init__(self, name: str, *, failed: Failed) -> None:
        self._name = name
        self._failed = failed

    def __enter__(self) -> None:
        """Begin the step."""

    def __exit__(
        self, _kind: object, error: BaseException | None, _traceback: object
    ) -> bool:
        """Take a fault; let every other exception through."""
        if not isinstance(error, Exception):
            return False
        _note(self._name, error)
        try:
            self._failed(error)
        except Exception:  # noqa: BLE001 - or there would be no end of them
            _LOG.exception("a fault while another one was told, in: %s", self._name)
        return True


def _begun(name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    _last_place.pop(name, None)
    task = asyncio.create_task(work, name=name)
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    return task


async def _once(name: str, work: Work, failed: Failed) -> None:
    with noted(name, failed=failed):
        await work()


async def _again(name: str, work: Work, failed: Failed, after_s: float) -> None:
    while True:
        await _once(name, work, failed)
        await asyncio.sleep(after_s)


def _note(name: str, error: Exception) -> None:
    if isinstance(error, CoregError):
        return
    innermost = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error)} {innermost.filename} {innermost.lineno}"
    if _last_place.get(name) != place:
        _last_place[name] = place
        _LOG.error("a fault of coreg itself, in: %s", name, exc_info=error)
