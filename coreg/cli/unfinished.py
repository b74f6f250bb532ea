"""A practice that broke off, for whoever practises without pages."""

from pathlib import Path

from coreg.base import clock
from coreg.cli.common import tell
from coreg.errors import CoregError, SessionError
from coreg.session.broken_off import BrokenOff, broken_off
from coreg.words import say, wrong_and_do


def to_go_on_with(folder: Path) -> BrokenOff:
    """Return the practice that goes on without pages.

    Raises
    ------
    SessionError
        If none broke off, or it does not go on, and why.
    """
    found = broken_off(folder, utc=clock.utc_now())
    if found is None:
        raise SessionError(*wrong_and_do("terminal.go-on.nothing"))
    if found.why_not is not None:
        why_not = found.why_not.replace(" ", "-")
        told = wrong_and_do(f"terminal.go-on.not.{why_not}", session=found.session_id)
        raise SessionError(*told)
    if found.opened.practice.steps_wait:
        told = wrong_and_do("terminal.go-on.on-pages", session=found.session_id)
        raise SessionError(*told)
    return found


def say_what_broke_off(folder: Path) -> None:
    """Say that one could go on, before straps are looked for and another one begins."""
    try:
        found = to_go_on_with(folder)
    except CoregError:
        return
    tell(say("terminal.stopped-halfway", session=found.session_id))
