"""The printed cards: one a sheet of A6, tagged (PDF/UA-1) as all papers are."""

import json
from dataclasses import asdict
from importlib.resources import as_file, files

import typst

from coreg.report.cards import cards
from coreg.report.charts.theme import INK, PAPER, QUIET
from coreg.report.paper.typeset import FONT, REGIONS, fonts, in_type
from coreg.words import say, spoken


def card_sheets() -> bytes:
    """Return all cards as one PDF, in the language that is spoken."""
    told = {
        "language": spoken().value,
        "region": REGIONS.get(spoken()),
        "title": say("pages.cards.title"),
        "look": {"font": FONT, "ink": INK, "quiet": QUIET, "paper": PAPER},
        "cards": [asdict(card) for card in cards()],
    }
    source = files("coreg.report.paper").joinpath("cards.typ")
    with as_file(source) as path:
        compiler = typst.Compiler(
            path, root=path.parent, font_paths=fonts(), ignore_system_fonts=True
        )
        inputs = {"cards": json.dumps(in_type(told), ensure_ascii=False)}
        drawn = compiler.compile(
            sys_inputs=inputs, format="pdf", pdf_standards=["ua-1"]
        )
    assert isinstance(drawn, bytes)  # noqa: S101 - one file, and no path was given
    return drawn
