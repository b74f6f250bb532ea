"""What would leave the computer is seen where the evenings of the pages are watched."""

import asyncio
from pathlib import Path

import httpx

from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.plans import plan_text
from coreg.store.session_log import SessionLog
from tests.helpers.evening_server import LATE_S, Served, entered
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED, SESSION_ID
from tests.helpers.watched_program import Program


def test_a_program_that_calls_home_is_seen_and_stopped(tmp_path: Path) -> None:
    """Also where it is a process of the program, and an address without a name."""
    folder = data_folder(tmp_path / "data")
    opened = changed(OPENED, plan_toml=plan_text("relaxed-and-alert"))
    SessionLog.create(session_path(folder, SESSION_ID), opened).close()
    program = Program(folder, module="tests.helpers.calling_home_program")
    at = Served(hall=None, launch_url=program.address, stop=asyncio.Event())  # type: ignore[arg-type]

    async def page() -> str:
        headers = await entered(at)
        async with httpx.AsyncClient(headers=headers, timeout=LATE_S) as client:
            return (await client.get(f"{at.origin}/evenings/{SESSION_ID}/page")).text

    try:
        told = asyncio.run(page())
    finally:
        program.stop()
    left = [each for each in program.seen() if not each.get("stays", True)]
    assert [(each["event"], each["place"]) for each in left] == [
        ("socket.getaddrinfo", "example.invalid"),
        ("socket.connect", ["192.0.2.1", 443]),
        ("socket.sendto", ["192.0.2.1", 53]),
        ("socket.bind", ["0.0.0.0", 0]),  # noqa: S104 - which is what is refused
    ]
    assert told == "<p>stopped 4</p>"
