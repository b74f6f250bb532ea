"""The report on a phone of 390 pixels: nothing to push aside, nothing too small."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from coreg.facts.events import Partner, Source
from coreg.findings.evenings import evening, over_evenings
from coreg.findings.own_rating import OwnRating
from coreg.findings.summary import summarise
from coreg.findings.together import together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.words import Language, speaking
from tests.helpers.report_sessions import opened, session

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}
RATINGS = (
    OwnRating(moment="before", at_ease=4, awake=5, myself=6),
    OwnRating(moment="after", at_ease=7, awake=3, myself=8),
)
OPENED = "document.querySelectorAll('details').forEach((each) => { each.open = true })"
WIDER = """() => [...document.querySelectorAll("main *")]
  .filter((each) => !each.closest("svg") && !each.closest(".scroll > *")
    && each.getBoundingClientRect().width > 0
    && each.getBoundingClientRect().right > innerWidth + 0.5
    && getComputedStyle(each).position !== "absolute")
  .map((each) => each.outerHTML.slice(0, 80))"""
SMALL = """(least) => [...document.querySelectorAll("body *")]
  .filter((each) => [...each.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.data.trim()))
  .filter((each) => each.getClientRects().length && each.tagName !== "STYLE")
  .map((each) => {
    const drawn = each.getScreenCTM?.();  // some stand upright
    const scale = drawn ? Math.hypot(drawn.a, drawn.b) : 1;
    return [each.textContent, scale * parseFloat(getComputedStyle(each).fontSize)];
  })
  .filter(([, size]) => size < least)"""


@cache
def pages(language: Language) -> dict[str, str]:
    summary = summarise(opened(Source.STRAPS), session())
    both = together(summary, surrogates=19)
    evenings = [evening(summary, both, Partner.A, RATINGS)] * 7
    with speaking(language), style():
        return {
            "own": document(own_page(summary, Partner.A, RATINGS)),
            "joint": document(joint_page(summary, both)),
            "therapist": document(therapist_page(summary, both)),
            "evenings": document(
                evenings_page(over_evenings(Partner.A, evenings, left_out=0, unread=0))
            ),
        }


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("whose", ["own", "joint", "therapist", "evenings"])
def test_a_page_on_a_phone_is_as_wide_as_the_phone_and_large_enough_to_read(
    whose: str, language: Language, browser: Any, tmp_path: Path
) -> None:
    path = tmp_path / f"{whose}.html"
    path.write_text(pages(language)[whose], encoding="utf-8")
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(path.as_uri())
    page.evaluate(OPENED)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(WIDER) == []
    assert page.evaluate(SMALL, 13.99) == []
    context.close()


def test_a_figure_of_research_stands_over_its_definition(
    browser: Any, tmp_path: Path
) -> None:
    path = tmp_path / "therapist.html"
    path.write_text(pages(Language.ENGLISH)["therapist"], encoding="utf-8")
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(path.as_uri())
    row = page.locator("table.defined tbody tr").first
    name, told = row.locator("th").bounding_box(), row.locator(".remark").bounding_box()
    assert told["y"] >= name["y"] + name["height"] - 1
    assert told["width"] > 300
    assert page.get_by_role("row", name="p_hr").count() == 1  # rows are rows still
    context.close()
