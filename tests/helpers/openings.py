"""Beginnings of sessions, by single fields: in tests nobody thinks of their parts."""

from typing import Any

from coreg.facts.events import Opened, Source
from coreg.facts.opened import WRITTEN, opened_from

USUAL: dict[str, Any] = {
    "session_id": "20260301-193000-7f3a",
    "opened_utc": "2026-03-01T19:30:00Z",
    "source": Source.SIMULATED,
    "streams": ("one", "two"),
    "common_clock": True,
    "latency_s": (0.0, 0.0),
    "lag_resolution_s": 2.2,
    "seed": 0,
    "plan_toml": "",
    "breathing_min": 0.0,
    "steps_wait": False,
    "ends_with_source": False,
    "consent": "",
    "versions": (),
    "by_labels": True,
}
FIELDS = frozenset(name for _, name in WRITTEN)


def opening(**fields: Any) -> Opened:
    """A session of these fields, and of usual ones where none are given."""
    assert fields.keys() <= FIELDS, fields.keys() - FIELDS
    return opened_from(0, USUAL | fields)


def changed(opened: Opened, **fields: Any) -> Opened:
    """The same session with other fields."""
    assert fields.keys() <= FIELDS, fields.keys() - FIELDS
    known = {name: getattr(getattr(opened, part), name) for part, name in WRITTEN}
    return opened_from(opened.t_ns, known | fields)
