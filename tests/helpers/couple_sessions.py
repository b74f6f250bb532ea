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
    folder: Path, day: int, ending: Ending | None, practice: str = "relaxed-and-alert"
) -> str:
    """Write an evening of two people on a day of March; return its name."""
    session_id = f"202603{day:02d}-193000-7f3a"
    of = opening(
        session_id=session_id,
        opened_utc=f"2026-03-{day:02d}T19:30:00+00:00",
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
