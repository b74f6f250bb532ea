"""From session files to numbers: read, recompute, gather.

Nothing but the recorded inputs is used: an old session is understood by today's
analysis.
"""

from collections.abc import Iterator
from pathlib import Path

from coreg.errors import HeartGone, NotReleased, SessionError
from coreg.facts.codec import INPUTS
from coreg.facts.events import Cue, Feature, FileMarked, Partner
from coreg.findings.corrected import Correctable
from coreg.findings.corrected_session import (
    Made,
    corrected_summary,
    heart_of_session,
)
from coreg.findings.ecg_beside import EcgTold, told_of, with_ecg
from coreg.findings.kept import Kept
from coreg.findings.summary import (
    SessionSummary,
    cut,
    marked_in_files,
    summarise,
    without,
)
from coreg.session.engine import run
from coreg.session.one_heart import heard_alone
from coreg.store.corrections import made_by, parse_corrections
from coreg.store.folder import folder_of
from coreg.store.reader import State, StoredSession, read_beginning, read_session
from coreg.store.session_corrections import (
    session_corrections_path,
    text_of_session,
)
from coreg.words import wrong_and_do


def summary_of(path: Path) -> SessionSummary:
    """Read a session and recompute it."""
    return summary_of_stored(read_session(path))


def summary_of_beginning(path: Path) -> SessionSummary:
    """Read a session as far as it is as it was written, and recompute that."""
    return summary_of_stored(read_beginning(path))


def summary_of_stored(session: StoredSession) -> SessionSummary:
    """Recompute a session that was read; of one heart, where the other was erased.

    Where a strap sent its ECG as well, that is heard beside its beats.
    """
    summary = summarise(session.opened, _outputs(session))
    if session.erased is not None:
        summary = without(summary, session.erased)
    facts = [event.fact for event in session.events]
    summary = marked_in_files(
        with_ecg(summary, facts),
        (each for each in facts if isinstance(each, FileMarked)),
    )
    return cut(summary) if session.state is State.DAMAGED else summary


def correctable_heart(path: Path, partner: Partner) -> Correctable:
    """Read one heart of a session, as a therapist may correct it; raises as below."""
    return heart_with_ecg(path, partner)[0]


def heart_with_ecg(path: Path, partner: Partner) -> tuple[Correctable, EcgTold | None]:
    """Read one heart of a session to be corrected, and what its strap's ECG says.

    Raises
    ------
    HeartGone
        If it was erased.
    NotReleased
        If whose it is did not agree that a therapist sees it.
    BadCorrectionsError, SessionError
        If it cannot be corrected, or not be read.
    """
    session = read_beginning(path)
    if session.state is State.RUNNING:  # corrections would not fit what is to come
        told = wrong_and_do("errors.session.recording", session=path.stem)
        raise SessionError(*told)
    if session.erased is partner:
        raise HeartGone(*wrong_and_do("errors.corrections.heart-gone"))
    kept = Kept(folder_of(path), {})
    if partner not in kept.shown_to_therapist(session.opened.couple.source):
        told = wrong_and_do("errors.corrections.not-agreed", partner=partner)
        raise NotReleased(*told)
    summary = summary_of_stored(session)
    return _heart(session, summary, partner), told_of(summary, partner)


def corrected_by_hand(
    session: StoredSession, summary: SessionSummary
) -> SessionSummary:
    """Return a session's summary with what a therapist corrected of its hearts.

    Raises
    ------
    BadCorrectionsError
        If corrections lie beside it that cannot be read, or do not fit.
    """
    found: dict[Partner, tuple[Correctable, Made]] = {}
    for partner in summary.shown:
        text = text_of_session(session.path, partner)
        if text is None:
            continue
        of = _heart(session, summary, partner)
        place = session_corrections_path(session.path, partner).name
        corrections = parse_corrections(text, of.which, place)
        if corrections:
            who = made_by(text, place)
            by, utc = (who.by, who.utc) if who else ("", "")
            found[partner] = of, Made(corrections=corrections, by=by, utc=utc)
    return corrected_summary(summary, found) if found else summary


def _heart(
    session: StoredSession, summary: SessionSummary, partner: Partner
) -> Correctable:
    facts = (event.fact for event in session.events)
    return heart_of_session(summary, session.path.stem, facts, partner)


def _outputs(session: StoredSession) -> Iterator[Feature | Cue]:
    facts = [event.fact for event in session.events]
    if session.erased is not None:
        return heard_alone(session.opened, facts, session.erased.other)
    return run(fact for fact in facts if isinstance(fact, INPUTS))
