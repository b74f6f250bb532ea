"""`coreg analyze FILE --edit`: a page of this computer on which beats are corrected."""

import argparse
import asyncio
import tempfile
import threading
import webbrowser
from functools import partial
from pathlib import Path

from coreg.cli.common import say, tell
from coreg.cli.interrupts import interrupts
from coreg.cli.launch_file import LaunchFile, launch_file
from coreg.findings.corrected import Correctable
from coreg.store.corrections import expect_writable
from coreg.web.server.beat_editor import BeatEditor, CorrectionsKept
from coreg.web.server.beat_editor_app import serve_editor
from coreg.web.server.launching import listen
from coreg.words import say as word, speaking, spoken


def edit(given: argparse.Namespace, beats: Correctable, kept: CorrectionsKept) -> int:
    """Answer the editor's page until it is closed; return the exit status."""
    editor, path = BeatEditor(beats, kept), kept.place
    expect_writable(path)  # before anybody corrects what could not be kept
    tell(word("terminal.corrections.editing.open", file=path))
    # Any user may read a command line: the browser is given a file that is ours alone.
    with (
        tempfile.TemporaryDirectory(prefix="coreg-") as folder,
        launch_file(Path(folder)) as file,
        speaking(spoken()),
    ):  # pages have each their own language
        asyncio.run(_serve(editor, path, file, in_browser=not given.no_browser))
    done = len(editor.editing.done)
    how = "done" if path.exists() else "none"
    tell(word(f"terminal.corrections.editing.{how}", n=done, file=path))
    return 0


async def _serve(
    editor: BeatEditor, path: Path, file: LaunchFile, *, in_browser: bool
) -> None:
    stop = asyncio.Event()
    with listen(None) as listening, interrupts(stop):
        await serve_editor(
            editor,
            listening,
            of=path,
            opened=partial(_opened, file, in_browser=in_browser),
            linked=file.keep,
            stop=stop,
        )


def _opened(file: LaunchFile, link: str, *, in_browser: bool) -> None:
    say(link)
    tell(word("terminal.corrections.editing.ends"))
    if in_browser:
        # A browser that takes its time, or runs in this terminal, holds up no page.
        threading.Thread(
            target=_open, args=(file,), name="opening the browser", daemon=True
        ).start()


def _open(file: LaunchFile) -> None:
    if not (file.is_kept and webbrowser.open(file.url)):
        tell(word("terminal.corrections.editing.no-browser"))
