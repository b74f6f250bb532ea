"""Pages are drawn one after another, in a process of their own.

Strategy.

1. Drawing holds the interpreter for seconds: here, help, a pause and heartbeats would
   wait behind it. The process is begun with the first page, for that takes a second,
   kept for the next one, and ended once nobody asked for a while.
2. The same page that several wait for is drawn once.
3. A page that nobody waits for any more is drawn no further: it leaves the queue, or
   its process is ended, after a moment in which a reload asks for it again.
4. A page that cannot be drawn is words for those who wait for it, and for no other.
"""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from coreg.supervision import again, ended, noted
from coreg.web.drawing import Drawn, PageAsked
from coreg.web.drawing_process import Draw, DrawingProcess, ProcessEnded, Undrawn
from coreg.web.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a page nobody waits for is drawn on, and an idle process is kept."""

    reload_s: float
    idle_s: float


_AGAIN_AFTER_S = 1.0
USUAL = Patience(reload_s=1.0, idle_s=120.0)


class Drawer:
    """Draws pages until this is left (`async with`)."""

    def __init__(self, draw: Draw, patience: Patience = USUAL) -> None:
        self._draw = draw
        self._patience = patience
        self._process: DrawingProcess | None = None
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
        for job in self._jobs():
            job.answer(Undrawn(words=say("closing")))
        process = self._process
        if process is not None:
            process.end()
        if self._drawing is not None:
            await ended(self._drawing)
        if process is not None:
            process.is_over()

    async def page(self, asked: PageAsked) -> Drawn | Undrawn:
        """Have a page drawn; being cancelled means that nobody waits for it here."""
        if not self._is_open:
            return Undrawn(words=say("closing"))
        job = self._job(asked)
        job.readers += 1
        try:
            return await asyncio.shield(job.answered)
        finally:
            job.readers -= 1
            if not job.readers:
                self._forsake(job)

    def _job(self, asked: PageAsked) -> "_Job":
        """Return the job of this page: the one that others wait for, or a new one."""
        for job in self._jobs():
            if job.asked == asked and not job.is_given_up:
                return job
        job = _Job(asked)
        self._waiting.append(job)
        self._news.set()
        return job

    def _jobs(self) -> "list[_Job]":
        """Return what is to be drawn, that under way first."""
        return [*([self._under_way] if self._under_way else []), *self._waiting]

    def _forsake(self, job: "_Job") -> None:
        """Draw a page no further that nobody waits for, unless somebody comes back."""
        if job is self._under_way:
            loop = asyncio.get_running_loop()
            loop.call_later(self._patience.reload_s, self._give_up, job)
        elif job in self._waiting:
            self._waiting.remove(job)

    def _give_up(self, job: "_Job") -> None:
        if job is self._under_way and not job.readers and self._process is not None:
            job.is_given_up = True
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
            job.answer(await self._process.answer(job.asked))
        except ProcessEnded:
            self._process = None
            if not job.is_given_up:
                raise

    def _broke(self, _error: Exception) -> None:
        if self._under_way is not None:
            self._under_way.answer(Undrawn(words=say("fault-page")))

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class _Job:
    """One page to be drawn, for as many as wait for it."""

    def __init__(self, asked: PageAsked) -> None:
        self.asked = asked
        self.readers = 0
        self.is_given_up = False
        self.answered: asyncio.Future[Drawn | Undrawn] = (
            asyncio.get_running_loop().create_future()
        )

    def answer(self, answer: Drawn | Undrawn) -> None:
        """Tell all who wait."""
        with suppress(asyncio.InvalidStateError):
            self.answered.set_result(answer)
