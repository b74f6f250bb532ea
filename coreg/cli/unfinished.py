"""A practice that broke off, for whoever practises without pages."""

from pathlib import Path
from typing import Final

from coreg.base import clock
from coreg.cli.common import tell
from coreg.errors import CoregError, SessionError
from coreg.facts.kinds import WhyNot
from coreg.session.broken_off import BrokenOff, broken_off

_SEE_IT: Final = "See what was recorded: coreg report last"
_WHY_NOT: Final = {
    WhyNot.LONG_AGO: "That was more than an hour ago.",
    WhyNot.OVER: "It had already reached its end.",
    WhyNot.DAMAGED: "Its recording is damaged.",
    WhyNot.SIMULATED: "It was a made-up couple.",
    WhyNot.RECORDINGS: "It was a replay of recordings.",
    WhyNot.OTHER_VERSION: "It was recorded with another version of coreg, or of "
    "something coreg needs.",
}


def to_go_on_with(folder: Path) -> BrokenOff:
    """Return the practice that goes on without pages.

    Raises
    ------
    SessionError
        If none broke off, or it does not go on, and why.
    """
    found = broken_off(folder, utc=clock.utc_now())
    if found is None:
        raise SessionError(
            "There's nothing to pick up: the last practice was finished or ended.",
            "Start a new one: coreg practice",
        )
    if found.why_not is not None:
        why = _WHY_NOT[found.why_not]
        raise SessionError(f"{found.session_id} can't be picked up. {why}", _SEE_IT)
    if found.opened.practice.steps_wait:
        raise SessionError(
            f"{found.session_id} was started on the pages.",
            "Run coreg: its first page offers to carry on with it.",
        )
    return found


def say_what_broke_off(folder: Path) -> None:
    """Say that one could go on, before straps are looked for and another one begins."""
    try:
        found = to_go_on_with(folder)
    except CoregError:
        return
    tell(
        f"coreg: {found.session_id} stopped halfway. To pick it up, press Ctrl-C "
        "before this one begins, and run: coreg practice --go-on --headless"
    )
