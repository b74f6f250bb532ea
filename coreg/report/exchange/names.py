"""What the files of a session are called."""

from coreg.findings.beat_rows import HeartRows, SessionRows


def of_heart(rows: SessionRows, heart: HeartRows) -> str:
    """Return how a file of one heart begins."""
    return f"{_of_session(rows)}-{heart.partner}"


def of_all(rows: SessionRows) -> str:
    """Return how a file of all hearts that are given begins."""
    if len(rows.hearts) == 1:
        return of_heart(rows, rows.hearts[0])
    return f"{_of_session(rows)}-both"


def _of_session(rows: SessionRows) -> str:
    return rows.name if rows.only_part is None else f"{rows.name}-part{rows.only_part}"
