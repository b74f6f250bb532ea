"""Pages are drawn one after another, in a process of their own.

Strategy.

1. Drawing holds the interpreter for seconds: here, help, a pause and heartbeats would
   wait behind it. The process is begun with the first page, for that takes a second,
   kept for the next one, and ended once nobody asked for a while.
2. The same page that several wait for is drawn once.
3. A page that nobody waits for any more is drawn no further: it leaves the queue, or
   its process is ended, after a moment in which a reload asks for it again.
4. A browser sends six requests at most to one place, and help would wait in it behind
   six pages. So a browser is told `soon` and asks again; until then the page is kept
   for it as if it waited.
5. A page that cannot be drawn is words for those who wait for it, and for no other.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Self

from coreg.base.supervision import again, ended, noted
from coreg.web.server.drawing import Drawn, PageAsked
from coreg.web.server.drawing_process import (
    DrawingProcess,
    DrawPage,
    NotDrawn,
    ProcessEnded,
)
from coreg.web.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long things are waited for.

    A page that nobody waits for is drawn on for `reload_s`, and an idle process kept
    for `idle_s`. A browser is held for `hold_s` and has to be `back_s` later.
    """

    reload_s: float
    idle_s: float
    hold_s: float
    back_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Soon:
    """The page is being drawn: ask again.

    `at` says which evening of how many is being read, where it is over several.
    """

    at: tuple[int, int] | None = None


_AGAIN_AFTER_S = 1.0
USUAL = Patience(reload_s=1.0, idle_s=120.0, hold_s=0.5, back_s=5.0)


class Drawer:
    """Draws pages until this is left (`async with`)."""

    def __init__(self, draw: DrawPage, patience: Patience = USUAL) -> None:
        self._draw = draw
        self._patience = patience
        self._process: DrawingProcess | None = None
        self._known: dict[PageAsked, _Job] = {}
        self._waiting: deque[_Job] = deque()
        self._under_way: _Job | None = None
        self._news = asyncio.Event()
        self._drawing: asyncio.Task[None] | None = None
        self._is_open = False

    async def __aenter__(self) -> Self:
        self._is_open = True
        self._drawing = again(
            "drawing", self._draw_on, failed=self._broke, after_s=_AGAIN_AFTER_S
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_open = False
        for job in self._known.values():
            job.answer(NotDrawn(words=say("closing")))
        process = self._process
        if process is not None:
            process.end()
        if self._drawing is not None:
            await ended(self._drawing)
        if process is not None:
            process.is_over()

    async def page(self, asked: PageAsked) -> Drawn | NotDrawn:
        """Have a page drawn; being cancelled means that nobody waits for it here."""
        with self._waited_for(asked) as job:
            return await asyncio.shield(job.answered)

    async def page_or_soon(self, asked: PageAsked) -> Drawn | NotDrawn | Soon:
        """Have a page drawn for one who asks again where it takes longer."""
        with self._waited_for(asked) as job:
            try:
                async with asyncio.timeout(self._patience.hold_s):
                    return await asyncio.shield(job.answered)
            except TimeoutError:
                job.readers += 1
                loop = asyncio.get_running_loop()
                loop.call_later(self._patience.back_s, self._left, job)
                return Soon(at=job.at)

    def forget(self) -> None:
        """End the process, and with it all that it still knows; nobody is answered."""
        self._waiting.clear()
        for job in self._known.values():
            job.answer(NotDrawn(words=say("locked")))
        self._end_process()

    @contextmanager
    def _waited_for(self, asked: PageAsked) -> "Iterator[_Job]":
        job = self._job(asked)
        job.readers += 1
        try:
            yield job
        finally:
            self._left(job)

    def _job(self, asked: PageAsked) -> "_Job":
        """Return the job of this page: the one that others wait for, or a new one."""
        job = self._known.get(asked)
        if job is None:
            job = self._known[asked] = _Job(asked)
            if not self._is_open:
                job.answer(NotDrawn(words=say("closing")))
                return job
            self._waiting.append(job)
            self._news.set()
        return job

    def _left(self, job: "_Job") -> None:
        """Stop drawing a page that nobody waits for, unless somebody comes back."""
        job.readers -= 1
        if job.readers:
            return
        if job is self._under_way and not job.answered.done():
            loop = asyncio.get_running_loop()
            loop.call_later(self._patience.reload_s, self._give_up, job)
        else:
            del self._known[job.asked]
            with suppress(ValueError):
                self._waiting.remove(job)

    def _give_up(self, job: "_Job") -> None:
        if job.readers or self._known.get(job.asked) is not job:
            return
        del self._known[job.asked]
        if job is self._under_way and self._process is not None:
            self._process.end()

    async def _draw_on(self) -> None:
        while True:
            job = self._under_way = await self._next()
            try:
                with noted("drawing a page", failed=self._broke):
                    await self._answer(job)
            finally:
                self._under_way = None

    async def _next(self) -> "_Job":
        while not self._waiting:
            self._news.clear()
            idle_s = self._patience.idle_s if self._process else None
            try:
                async with asyncio.timeout(idle_s):
                    await self._news.wait()
            except TimeoutError:
                self._end_process()
        return self._waiting.popleft()

    async def _answer(self, job: "_Job") -> None:
        if self._process is None:
            self._process = DrawingProcess(self._draw)
        try:
            job.answer(await self._process.answer(job.asked, job.reached))
        except ProcessEnded:
            self._process = None
            if self._known.get(job.asked) is job:  # it was not ended by us
                raise

    def _broke(self, _error: Exception) -> None:
        if self._under_way is not None:
            self._under_way.answer(NotDrawn(words=say("fault-page")))

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class _Job:
    """One page to be drawn, for as many as wait for it."""

    def __init__(self, asked: PageAsked) -> None:
        self.asked = asked
        self.readers = 0
        self.at: tuple[int, int] | None = None
        self.answered: asyncio.Future[Drawn | NotDrawn] = (
            asyncio.get_running_loop().create_future()
        )

    def reached(self, number: int, of: int) -> None:
        """Take note how far it is; another thread says so."""
        self.at = (number, of)

    def answer(self, answer: Drawn | NotDrawn) -> None:
        """Tell all who wait."""
        with suppress(asyncio.InvalidStateError):
            self.answered.set_result(answer)
