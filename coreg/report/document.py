"""The HTML page: one file that needs nothing else, by day and by night, on any width.

No script, nothing from elsewhere; its one style sheet is allowed by its own hash, so
the page stays what it is even where somebody else serves it.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from matplotlib.figure import Figure

from coreg.analysis.crosscorrelation import LagSurface
from coreg.events import Partner, Source
from coreg.report import pace_page, settled, words
from coreg.report.figures import (
    NARROW_IN,
    WIDE_IN,
    hearts_figure,
    surface_figure,
    swings_figure,
)
from coreg.report.look import HAIRLINE, INK, MARKS, NIGHT, PAPER, QUIET, SAND
from coreg.report.numbers import length
from coreg.report.pace import found_pace
from coreg.report.summary import SessionSummary
from coreg.report.surface import why_none
from coreg.report.svg import inline
from coreg.report.tables import (
    Table,
    hearts_table,
    levels_table,
    surface_table,
    swings_table,
    table_html,
)

_VARIABLES = {
    "--paper": PAPER,
    "--ink": INK,
    "--quiet": QUIET,
    "--sand": SAND,
    "--hairline": HAIRLINE,
    "--a": MARKS[Partner.A].text,
    "--b": MARKS[Partner.B].text,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chart:
    """One chart with everything that is said about it."""

    key: str
    heading: str
    caption: str
    alt: str
    draw: Callable[[SessionSummary, float], Figure]
    table: Table


def document(
    summary: SessionSummary, surface: LagSurface | None, said: Sequence[str] = ()
) -> str:
    """Return the whole page; call it within `look.style()`.

    A page of one heart alone (`summary.own`) compares it with nothing. It begins with
    what that person `said`, and only it says anything of *settled*.
    """
    rules = stylesheet()
    body = [
        _head(summary),
        _said(said),
        _section(summary, _hearts(summary)),
        _section(summary, _swings(summary)),
        pace_page.section(summary, found_pace(summary)),
        _surface(summary, surface) if len(summary.hearts) > 1 else "",
        _levels(summary),
        _settled(summary),
        _signal(summary),
        _foot(summary),
    ]
    policy = f"default-src 'none'; style-src '{_hash(rules)}'"
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(words.document_title(summary))}</title>",
            f"<style>{rules}</style>",
            "</head>",
            "<body>",
            "<main>",
            *filter(None, body),
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )


def stylesheet() -> str:
    """Return the page's rules: colours of the day, and the night's in their place."""
    rules = files("coreg.report").joinpath("page.css").read_text(encoding="utf-8")
    night = {name: NIGHT[color] for name, color in _VARIABLES.items()}
    painted = "\n".join(
        f'svg [{paint}="{day}"] {{ {paint}: {dark}; }}'
        for day, dark in NIGHT.items()
        for paint in ("fill", "stroke")
    )
    return (
        f":root {{ {_declared(_VARIABLES)} }}\n{rules}"
        "@media screen and (prefers-color-scheme: dark) {\n"
        f":root {{ {_declared(night)} }}\n{painted}\n}}\n"
    )


def _declared(variables: dict[str, str]) -> str:
    return " ".join(f"{name}: {color};" for name, color in variables.items())


def _hash(rules: str) -> str:
    digest = hashlib.sha256(rules.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _head(summary: SessionSummary) -> str:
    tag = words.tag(summary.opened)
    took = length(summary.end_s - summary.start_s)
    caveats = " ".join(words.caveats(summary))
    return "\n".join(
        (
            f'<p class="tag">{escape(tag)}</p>' if tag else "",
            "<header>",
            f"<h1>{escape(words.title(summary))}</h1>",
            f'<p class="quiet">{escape(words.date(summary.opened))} · {took}</p>',
            "</header>",
            f'<p class="story">{escape(" ".join(words.what_happened(summary)))}</p>',
            f'<p class="story">{escape(caveats)}</p>' if caveats else "",
            f'<p class="quiet">{escape(words.LIMITATION)}</p>',
        )
    )


def _said(said: Sequence[str]) -> str:
    lines = "\n".join(f"<p>{escape(line)}</p>" for line in said)
    heading = escape(words.OWN_WORDS)
    return f"<section><h2>{heading}</h2>\n{lines}</section>" if said else ""


def _settled(summary: SessionSummary) -> str:
    """Return what one's own page says of it; recordings breathed with nobody."""
    is_own = len(summary.shown) == 1
    if not is_own or summary.opened.source is Source.RECORDINGS:
        return ""
    told = settled.sentences(summary.settled[summary.shown[0]])
    lines = "\n".join(f"<p>{escape(line)}</p>" for line in told)
    return f"<section><h2>{escape(settled.HEADING)}</h2>\n{lines}</section>"


def _hearts(summary: SessionSummary) -> _Chart:
    return _Chart(
        key="hearts",
        heading=words.hearts_heading(summary),
        caption=words.HEARTS_CAPTION,
        alt=words.hearts_alt(summary),
        draw=hearts_figure,
        table=hearts_table(summary),
    )


def _swings(summary: SessionSummary) -> _Chart:
    return _Chart(
        key="swings",
        heading=words.SWINGS,
        caption=words.swings_caption(summary.opened),
        alt=words.swings_alt(summary),
        draw=swings_figure,
        table=swings_table(summary),
    )


def _surface(summary: SessionSummary, surface: LagSurface | None) -> str:
    if surface is None:
        return "\n".join(
            (
                f"<section><h2>{escape(words.SURFACE)}</h2>",
                f'<p class="quiet">{escape(why_none(summary))}</p></section>',
            )
        )
    chart = _Chart(
        key="surface",
        heading=words.SURFACE,
        caption=words.surface_caption(summary.opened),
        alt=words.SURFACE_ALT,
        draw=surface_figure(surface),
        table=surface_table(summary, surface),
    )
    return _section(summary, chart, f"<p>{escape(words.SHARED_BREATH)}</p>")


def _section(summary: SessionSummary, chart: _Chart, warning: str = "") -> str:
    wide = inline(chart.draw(summary, WIDE_IN), f"{chart.key}-wide")
    narrow = inline(chart.draw(summary, NARROW_IN), f"{chart.key}-narrow")
    return "\n".join(
        (
            f'<section aria-labelledby="{chart.key}">',
            f'<h2 id="{chart.key}">{escape(chart.heading)}</h2>',
            f'<p class="quiet">{escape(chart.caption)}</p>',
            f'<figure role="img" aria-label="{escape(chart.alt)}">',
            wide,
            narrow,
            "</figure>",
            warning,
            f"<details><summary>{escape(words.DATA)}</summary>",
            table_html(chart.table),
            "</details>",
            "</section>",
        )
    )


def _levels(summary: SessionSummary) -> str:
    if not summary.phases:
        return ""
    return (
        f"<section><h2>{escape(words.LEVELS)}</h2>"
        f"{table_html(levels_table(summary))}</section>"
    )


def _signal(summary: SessionSummary) -> str:
    lines = "\n".join(
        f'<dt class="{heart.partner.lower()}">{heart.partner}</dt>'
        f"<dd>{escape(words.signal(heart, summary))}</dd>"
        for heart in summary.hearts
    )
    return f"<section><h2>{escape(words.SIGNAL)}</h2>\n<dl>{lines}</dl></section>"


def _foot(summary: SessionSummary) -> str:
    return f"<footer><p>{escape(words.provenance(summary.opened))}</p></footer>"
