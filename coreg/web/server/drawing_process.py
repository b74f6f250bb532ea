"""A process that draws pages, and nothing else; and the line to it.

Strategy.

1. It is spawned, never forked: threads run here, and Windows and macOS know no other
   way. What it draws with is named, not copied, so it must be a module's function.
2. Ctrl-C at a terminal reaches every process of it; this one is ended by us instead.
3. It ends with us, whatever becomes of us: it waits for our end in a thread.
4. What it raises comes back as words, or as the traceback of a bug. How far it is
   comes before the answer.
"""

import multiprocessing as mp
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from coreg.base.supervision import apart
from coreg.errors import CoregError, SessionDamaged
from coreg.web.server.drawing import Drawn, PageAsked, Reached
from coreg.web.words import say

DrawPage = Callable[[PageAsked, Reached], Drawn]

_SPAWN = mp.get_context("spawn")
_ENDS_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDrawn:
    """A page that could not be drawn, and why, for a person."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Broken:
    """A bug of ours met in the process, as it was printed there."""

    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """Which evening of how many it reads now."""

    number: int
    of: int


class DrawingFault(Exception):
    """A bug met while drawing; says what the process would have printed."""


class ProcessEnded(Exception):
    """The process is no more: it was ended, or ended by itself."""


class DrawingProcess:
    """One process; it is begun with the first page that it is asked for."""

    def __init__(self, draw: DrawPage) -> None:
        self._draw = draw
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None
        self._is_ended = False

    async def answer(self, asked: PageAsked, reached: Reached) -> Drawn | NotDrawn:
        """Have a page drawn; one at a time. `reached` is called in another thread.

        Raises
        ------
        DrawingFault
            If a bug is met.
        ProcessEnded
            If the process ends meanwhile.
        """
        answer = await apart("drawing", lambda: self._converse(asked, reached))
        if isinstance(answer, _Broken):
            raise DrawingFault(f"\n{answer.printed}")
        return answer

    def end(self) -> None:
        """End it at once, in whatever it is."""
        with self._lock:
            self._is_ended = True
            if self._process is not None:
                self._process.kill()

    def is_over(self) -> None:
        """Wait a moment until it is gone."""
        if self._process is not None:
            self._process.join(_ENDS_WITHIN_S)

    def _converse(
        self, asked: PageAsked, reached: Reached
    ) -> Drawn | NotDrawn | _Broken:
        """Run in a thread: both ends of a conversation wait."""
        try:
            line = self._begun()
            line.send(asked)
            answer: Drawn | NotDrawn | _Broken | _At = line.recv()
            while isinstance(answer, _At):
                reached(answer.number, answer.of)
                answer = line.recv()
        except (EOFError, OSError) as error:
            raise ProcessEnded from error
        return answer

    def _begun(self) -> Connection:
        if self._line is not None:
            return self._line
        ours, its = _SPAWN.Pipe()
        process = _SPAWN.Process(
            target=_live, args=(its, self._draw), name="coreg drawing", daemon=True
        )
        if sys.platform != "win32":
            # What is blocked in this thread is blocked in what it begins: until the
            # process can see to Ctrl-C itself, it would die of it with a traceback.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        process.start()
        its.close()
        with self._lock:
            self._process, self._line = process, ours
            if self._is_ended:
                process.kill()
        return ours


def _live(line: Connection, draw: DrawPage) -> None:
    """Draw what is asked for, until nobody asks any more: the life of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # nobody is there any more
        while True:
            line.send(_answered(draw, line.recv(), line))


def _answered(
    draw: DrawPage, asked: PageAsked, line: Connection
) -> Drawn | NotDrawn | _Broken:
    def reached(number: int, of: int) -> None:
        line.send(_At(number=number, of=of))

    try:
        return draw(asked, reached)
    except SessionDamaged:  # what exactly is wrong with the file, coreg check says
        return NotDrawn(words=say("damaged", language=asked.language))
    except CoregError as error:
        return NotDrawn(words=str(error))
    except Exception:  # noqa: BLE001 - whatever it is, it is noted where it was asked
        return _Broken(printed=traceback.format_exc())


def _end_with_parent() -> None:
    parent = mp.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
