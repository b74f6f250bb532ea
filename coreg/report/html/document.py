"""The HTML page: one file that needs nothing else, by day and by night, on any width.

No script, nothing from elsewhere; its one style sheet is allowed by its own hash, so
the page stays what it is even where somebody else serves it.
"""

import base64
import hashlib
from collections.abc import Callable
from html import escape
from importlib.resources import files

from coreg.facts.events import Partner
from coreg.report.charts.theme import HAIRLINE, INK, MARKS, NIGHT, PAPER, QUIET, SAND
from coreg.report.html.figures import NARROW_IN, WIDE_IN, chart_figure
from coreg.report.html.svg import inline
from coreg.report.page import Chart, Lines, Numbers, Page, Reader, Section
from coreg.report.tables import Table
from coreg.words import say, spoken

_VARIABLES = {
    "--paper": PAPER,
    "--ink": INK,
    "--quiet": QUIET,
    "--sand": SAND,
    "--hairline": HAIRLINE,
    "--a": MARKS[Partner.A].text,
    "--b": MARKS[Partner.B].text,
}


def document(page: Page) -> str:
    """Return the whole page as one file; call it within `theme.style()`."""
    rules = stylesheet()
    policy = f"default-src 'none'; style-src '{_hash(rules)}'"
    chart = _asked_for if page.reader is Reader.COUPLE else _chart
    sections = [_section(each, chart) for sheet in page.sheets for each in sheet]
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{spoken()}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(page.document_title)}</title>",
            f"<style>{rules}</style>",
            "</head>",
            "<body>",
            "<main>",
            _head(page),
            *sections,
            *_foot(page),
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )


def stylesheet() -> str:
    """Return the page's rules: colours of the day, and the night's in their place."""
    rules = files("coreg.report.html").joinpath("page.css").read_text(encoding="utf-8")
    night = {name: NIGHT[color] for name, color in _VARIABLES.items()}
    # No `svg` before it: to a selector, what `use` clones has none above it (SVG 2).
    painted = "\n".join(
        f'[{paint}="{day}"] {{ {paint}: {dark}; }}'
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


def _head(page: Page) -> str:
    return "\n".join(
        (
            f'<p class="tag">{escape(page.tag)}</p>' if page.tag else "",
            "<header>",
            f"<h1>{escape(page.title)}</h1>",
            f'<p class="quiet">{escape(page.when)}</p>',
            "</header>",
            *(f'<p class="story">{escape(told)}</p>' for told in page.story),
            f'<p class="quiet">{escape(page.limitation)}</p>',
        )
    )


def _foot(page: Page) -> tuple[str, ...]:
    if not page.provenance:
        return ()
    return (f"<footer><p>{escape(page.provenance)}</p></footer>",)


def _section(section: Section, chart: Callable[[Chart], str]) -> str:
    match section:
        case Chart():
            return chart(section)
        case Numbers(heading=heading, table=table):
            return f"<section><h2>{escape(heading)}</h2>\n{_table(table)}</section>"
        case Lines():
            return _lines(section)


def _chart(chart: Chart) -> str:
    """Return a chart that is seen at once, and then what has to be read with it."""
    return _under_heading(
        chart,
        *_picture(chart),
        *_notes(chart),
        *_numbers(chart, say("report.session.data")),
    )


def _asked_for(chart: Chart) -> str:
    """Return what there is to say, and behind it the picture for whoever asks."""
    shown = escape(say("report.couple.show"))
    return _under_heading(
        chart,
        *_notes(chart),
        '<details class="picture">',
        f'<summary aria-describedby="{chart.name}">{shown}</summary>',
        *_picture(chart),
        *_numbers(chart, say("report.couple.as_table")),
        "</details>",
    )


def _under_heading(chart: Chart, *inside: str) -> str:
    return "\n".join(
        (
            f'<section aria-labelledby="{chart.name}">',
            f'<h2 id="{chart.name}">{escape(chart.heading)}</h2>',
            *inside,
            "</section>",
        )
    )


def _picture(chart: Chart) -> tuple[str, ...]:
    return (
        f'<p class="quiet">{escape(chart.caption)}</p>',
        f'<figure role="img" aria-label="{escape(chart.alt)}">',
        inline(chart_figure(chart, WIDE_IN), f"{chart.name}-wide"),
        inline(chart_figure(chart, NARROW_IN), f"{chart.name}-narrow"),
        "</figure>",
    )


def _notes(chart: Chart) -> tuple[str, ...]:
    return tuple(f"<p>{escape(note)}</p>" for note in chart.notes)


def _numbers(chart: Chart, called: str) -> tuple[str, ...]:
    summary = f"<details><summary>{escape(called)}</summary>"
    return (summary, _table(chart.table), "</details>")


def _table(table: Table) -> str:
    """Return a table in a box of its own; where styles undo rows, roles keep them."""
    names = "".join(
        f'<th scope="col" role="columnheader"{_of(owner)}>{escape(name)}</th>'
        for name, owner in zip(table.columns, table.owners, strict=True)
    )
    if table.remarks:
        told = escape(say("report.session.definition"))
        names += f'<th scope="col" role="columnheader" class="remark">{told}</th>'
    remarks = table.remarks or ("",) * len(table.rows)
    caption = escape(table.caption)
    rows = "\n".join(map(_row, table.rows, remarks))
    kind = ' class="defined"' if table.remarks else ""
    return (
        f'<p class="quiet">{caption}</p>\n'
        f'<div class="scroll" tabindex="0" role="group" aria-label="{caption}">'
        f'<table role="table" aria-label="{caption}"{kind}>\n'
        f'<thead role="rowgroup"><tr role="row">{names}</tr></thead>\n'
        f'<tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def _row(row: tuple[str, ...], remark: str) -> str:
    cells = "".join(f'<td role="cell">{escape(cell)}</td>' for cell in row[1:])
    told = f'<td role="cell" class="remark">{escape(remark)}</td>' if remark else ""
    name = f'<th scope="row" role="rowheader">{escape(row[0])}</th>'
    return f'<tr role="row">{name}{cells}{told}</tr>'


def _of(owner: Partner | None) -> str:
    return f' class="{owner.lower()}"' if owner else ""


def _lines(section: Lines) -> str:
    if all(line.partner is None for line in section.lines):
        told = "\n".join(f"<p>{escape(line.text)}</p>" for line in section.lines)
        return f"<section><h2>{escape(section.heading)}</h2>\n{told}</section>"
    told = "\n".join(
        f'<dt class="{line.partner.lower()}">{escape(line.called)}</dt>'
        f"<dd>{escape(line.text)}</dd>"
        if line.partner
        else f"<dd>{escape(line.text)}</dd>"
        for line in section.lines
    )
    return f"<section><h2>{escape(section.heading)}</h2>\n<dl>{told}</dl></section>"
