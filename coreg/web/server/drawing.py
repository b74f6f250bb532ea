"""One page of an earlier evening: what is asked for, and the drawing of it.

Light until something is drawn: whoever only asks (`drawer`) never loads matplotlib.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from coreg.base.clock import HERE
from coreg.facts.both import Both
from coreg.facts.events import Partner
from coreg.findings.own_rating import OwnRating
from coreg.findings.steps import SaidInPart
from coreg.report.page_format import Whose
from coreg.store.folder import folder_of
from coreg.store.keys import Vault, hold
from coreg.words import Language, speaking, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAsked:
    """A page to be drawn: one partner's own, or (None) the joint one.

    `ratings` are how that partner was around it; `called` is what A and B are called
    on the screens, which no session file knows. `vault` opens what is locked. `over`
    are that partner's ratings of every evening, by session, for the page over all of
    them until this one; None for the page of this one. `says` asks for one sentence on
    what the page shows, instead of the page. `said` is what that partner said in parts
    of it. `language` is the one that is spoken where
    it is asked for.
    """

    path: Path
    whose: Partner | None
    ratings: tuple[OwnRating, ...]
    called: tuple[str, str]
    vault: Vault | None = field(default=None, repr=False)
    over: tuple[tuple[str, tuple[OwnRating, ...]], ...] | None = None
    says: bool = False
    language: Language = field(default_factory=spoken)
    said: tuple[SaidInPart, ...] = ()


Reached = Callable[[int, int], None]
"""Hears which evening of how many is being read, where a page is over several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page as HTML, and the one style sheet that it may use."""

    html: str
    style: str


def _to_nobody(_number: int, _of: int) -> None:
    """Tell nobody how far it is."""


def drawn(asked: PageAsked, reached: Reached = _to_nobody) -> Drawn:
    """Read a session, as far as it is not damaged, recompute it and draw the page.

    Raises
    ------
    SessionError
        If the file cannot be read as a session.
    """
    if asked.vault is not None:  # the process that draws has no key of its own
        hold(folder_of(asked.path), asked.vault)
    with speaking(asked.language):
        return _drawn(asked, reached)


def _drawn(asked: PageAsked, reached: Reached) -> Drawn:
    """Draw the page in the language that is spoken."""
    # These load matplotlib, which takes a second: only who draws waits for it.
    from coreg.findings.kept import Kept  # noqa: PLC0415
    from coreg.findings.reading import summary_of_beginning  # noqa: PLC0415
    from coreg.findings.summary import heard_of, named, read_in  # noqa: PLC0415
    from coreg.report.charts.theme import style  # noqa: PLC0415
    from coreg.report.html.document import document, stylesheet  # noqa: PLC0415
    from coreg.report.one_sentence import of_both, of_one  # noqa: PLC0415
    from coreg.report.session import page_of  # noqa: PLC0415
    from coreg.web.server.drawing_over import over_evenings  # noqa: PLC0415

    in_quiet = Kept(folder_of(asked.path), {}).in_quiet(asked.path.stem)
    if asked.says:
        of = heard_of(summary_of_beginning(asked.path), in_quiet)
        words = of_one(of, asked.whose) if asked.whose else of_both(of)
        return Drawn(html=words, style="")
    if asked.whose is not None and asked.over is not None:
        page = over_evenings(asked.path, asked.whose, dict(asked.over), reached)
    else:
        called = dict(Both(*asked.called).items())
        read = heard_of(summary_of_beginning(asked.path), in_quiet)
        summary = read_in(named(read, called), HERE)
        whose = Whose(asked.whose) if asked.whose else Whose.JOINT
        page = page_of(summary, whose, asked.ratings, asked.said)
    with style(), warnings.catch_warnings():
        # Names come in all scripts: a browser has the letters that DejaVu Sans lacks.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        return Drawn(html=document(page), style=stylesheet())
