"""One page of an earlier evening: what is asked for, and the drawing of it.

Light until something is drawn: whoever only asks (`drawer`) never loads matplotlib.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path

from coreg.base.clock import HERE
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.findings.own_rating import OwnRating
from coreg.report.page_format import Whose


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAsked:
    """A page to be drawn: one partner's own, or (None) the joint one.

    `ratings` are how that partner was around it; `called` is what A and B are called
    on the screens, which no session file knows.
    """

    path: Path
    whose: Partner | None
    ratings: tuple[OwnRating, ...]
    called: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page as HTML, and the one style sheet that it may use."""

    html: str
    style: str


def drawn(asked: PageAsked) -> Drawn:
    """Read a session, recompute it and draw the page.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    # These load matplotlib, which takes a second: only who draws waits for it.
    from coreg.findings.reading import summary_of  # noqa: PLC0415
    from coreg.findings.summary import named, read_in  # noqa: PLC0415
    from coreg.report.charts.theme import style  # noqa: PLC0415
    from coreg.report.html.document import document, stylesheet  # noqa: PLC0415
    from coreg.report.session import page_of  # noqa: PLC0415

    called = dict(Both(*asked.called).items())
    summary = read_in(named(summary_of(asked.path), called), HERE)
    whose = Whose(asked.whose) if asked.whose else Whose.JOINT
    page = page_of(summary, whose, asked.ratings)
    with style(), warnings.catch_warnings():
        # Names come in all scripts: a browser has the letters that DejaVu Sans lacks.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        return Drawn(html=document(page), style=stylesheet())
