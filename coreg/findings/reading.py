"""From session files to numbers: read, recompute, gather.

Nothing but the recorded inputs is used: an old session is understood by today's
analysis.
"""

from pathlib import Path

from coreg.facts.codec import INPUTS
from coreg.findings.summary import SessionSummary, summarise
from coreg.session.engine import run
from coreg.store.reader import StoredSession, read_session


def summary_of(path: Path) -> SessionSummary:
    """Read a session and recompute it."""
    return summary_of_stored(read_session(path))


def summary_of_stored(session: StoredSession) -> SessionSummary:
    """Recompute a session that was read."""
    inputs = [event.fact for event in session.events if isinstance(event.fact, INPUTS)]
    return summarise(session.opened, run(inputs))
