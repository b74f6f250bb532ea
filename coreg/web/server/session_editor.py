"""A beat editor beside a clinic's pages: one heart of one session, and one at a time.

It answers at a port of its own, behind a door of its own (`beat_editor_app`): what
opens it opens nothing of the clinic, and the other way round. It ends when its page is
closed, when another one begins, and when the clinic is locked or somebody comes in.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from coreg.base.supervision import ended, once
from coreg.web.server.beat_editor import BeatEditor
from coreg.web.server.beat_editor_app import serve_editor
from coreg.web.server.launching import listen


def _kept_nowhere(_link: str) -> None:
    """Keep no launch link: the page that asked is told the first."""


class SessionEditor:
    """What is open of it now; `gone` hears when that was closed."""

    def __init__(self, gone: Callable[[], None]) -> None:
        self._gone = gone
        self._stop = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None
        self._folder: Path | None = None

    @property
    def folder(self) -> Path | None:
        """The data folder that is needed for it; None where none is open."""
        return self._folder

    async def open(self, editor: BeatEditor, place: Path, folder: Path) -> str:
        """Begin an editor in the place of another; return the link to its page.

        `place` is where its corrections lie, `folder` the data folder of the session.
        """
        await self.end()
        link = asyncio.get_running_loop().create_future()
        stop = self._stop = asyncio.Event()

        def failed(error: Exception) -> None:
            if not link.done():
                link.set_exception(error)

        def opened(first: str) -> None:
            if not link.done():
                link.set_result(first)

        async def serve() -> None:
            try:
                with listen(None) as listening:
                    await serve_editor(
                        editor,
                        listening,
                        of=place,
                        opened=opened,
                        linked=_kept_nowhere,
                        stop=stop,
                    )
            finally:
                if self._stop is stop:
                    self._folder = None
                    self._gone()

        self._folder = folder
        self._serving = once("serving a beat editor", serve, failed=failed)
        return str(await link)

    async def end(self) -> None:
        """End what is open, its pages too."""
        serving, self._serving = self._serving, None
        if serving is None:
            return
        self._stop.set()
        await asyncio.wait([serving])
        await ended(serving)
