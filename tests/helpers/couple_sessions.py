"""Evenings of two people with straps: all that a list reads of them."""

from pathlib import Path

from coreg.facts.events import NS_PER_S, Ended, Ending, Source, Tick
from coreg.store.library import session_path
from coreg.store.plans import plan_text
from coreg.store.session_log import SessionLog
from tests.helpers.openings import opening
from tests.helpers.sessions import QUICK_S, append_all, beats

AFTER_NS = 100 * NS_PER_S


def recorded(
    folder: Path,
    day: int,
    ending: Ending | None,
    practice: str = "relaxed-and-alert",
    *,
    minute: int = 30,
    hour: str = "",
) -> str:
    """Write an evening of two people on a day of March; return its name.

    It began so many minutes after seven; `hour` is the first session of the hour that
    it goes on with.
    """
    session_id = f"202603{day:02d}-19{minute:02d}00-7f3a"
    of = opening(
        session_id=session_id,
        opened_utc=f"2026-03-{day:02d}T19:{minute:02d}:00+00:00",
        source=Source.STRAPS,
        streams=("one", "two"),
        common_clock=True,
        latency_s=(0.0, 0.0),
        lag_resolution_s=2.2,
        seed=0,
        plan_toml=plan_text(practice),
        breathing_min=0.0,
        steps_wait=True,
        ends_with_source=False,
        consent="given",
        versions=(("coreg", "0.1.0"),),
        hour=hour,
    )
    path = session_path(folder, session_id)
    with SessionLog.create(path, of, commit_every_s=QUICK_S) as log:
        append_all(log, beats(4))
        if ending is not None:
            append_all(log, [Ended(t_s=1.0, ending=ending)])
            # Whoever presses at its end does so between two inputs, and the second one
            # is recorded, too.
            log.append(Tick(t_ns=AFTER_NS), AFTER_NS)
    return session_id


def recorded_hour(folder: Path, day: int) -> tuple[str, str, str]:
    """Write a therapist's hour with a practice inside; return its sessions' names."""
    first = recorded(folder, day, Ending.WENT_OVER, "open", minute=0)
    within = recorded(folder, day, Ending.COMPLETE, minute=10, hour=first)
    last = recorded(folder, day, Ending.COMPLETE, "open", minute=30, hour=first)
    return first, within, last
