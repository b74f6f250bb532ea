"""From session files to numbers: read, recompute, gather.

Nothing but the recorded inputs is used: an old session is understood by today's
analysis.
"""

from collections.abc import Iterator
from pathlib import Path

from coreg.facts.codec import INPUTS
from coreg.facts.events import Cue, Feature
from coreg.findings.summary import SessionSummary, cut, summarise, without
from coreg.session.engine import run
from coreg.session.one_heart import heard_alone
from coreg.store.reader import State, StoredSession, read_beginning, read_session


def summary_of(path: Path) -> SessionSummary:
    """Read a session and recompute it."""
    return summary_of_stored(read_session(path))


def summary_of_beginning(path: Path) -> SessionSummary:
    """Read a session as far as it is as it was written, and recompute that."""
    return summary_of_stored(read_beginning(path))


def summary_of_stored(session: StoredSession) -> SessionSummary:
    """Recompute a session that was read; of one heart, where the other was erased."""
    summary = summarise(session.opened, _outputs(session))
    if session.erased is not None:
        summary = without(summary, session.erased)
    return cut(summary) if session.state is State.DAMAGED else summary


def _outputs(session: StoredSession) -> Iterator[Feature | Cue]:
    facts = [event.fact for event in session.events]
    if session.erased is not None:
        return heard_alone(session.opened, facts, session.erased.other)
    return run(fact for fact in facts if isinstance(fact, INPUTS))
