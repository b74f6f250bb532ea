"""Cards to read and to print: one a page, in every language, and nothing is kept."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from coreg.cli import main
from coreg.report.cards import cards
from coreg.report.paper.cards import card_sheets
from coreg.words import Language, section, speaking
from tests.helpers.pages import OpenPage, caught_up, press, shown
from tests.helpers.stand_in_server import StandInServer
from tests.test_report_paper import elements, followed, root_of

A6_POINTS = (297.6, 419.5)  # 105 by 148 mm, ISO 216
FIRST, LAST = "Push and pull", "Welcome home"


def said_on(sheet: Any) -> str:
    return " ".join(sheet.extract_text().split())


# --- the cards --------------------------------------------------------------------


def test_there_are_twelve_and_what_to_do_right_now_and_on_coming_home() -> None:
    titles = [card.title for card in cards()]
    assert len(titles) == 14
    assert (titles[0], titles[11:]) == (FIRST, ["It changes", "Right now", LAST])


@pytest.mark.parametrize("language", list(Language))
def test_no_card_counts_compares_or_praises(language: Language) -> None:
    with speaking(language):
        said = " ".join(line for card in cards() for line in (card.title, *card.lines))
    for word in ("!", "score", "goal", "failed", "%"):
        assert word not in said
    assert not re.search(r"\d", said)


# --- on paper ---------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_each_card_is_one_sheet_of_a6_with_all_that_it_says(language: Language) -> None:
    with speaking(language):
        told, sheets = cards(), PdfReader(io.BytesIO(card_sheets())).pages
    assert len(sheets) == len(told)
    for card, sheet in zip(told, sheets, strict=True):
        size = (float(sheet.mediabox.width), float(sheet.mediabox.height))
        assert size == pytest.approx(A6_POINTS, abs=0.5)
        said = said_on(sheet)
        for words in (card.title, *card.lines):
            assert words in said


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("de", "de")])
def test_the_sheets_are_tagged_as_the_other_papers_are(language: str, tag: str) -> None:
    with speaking(Language(language)):
        reader = PdfReader(io.BytesIO(card_sheets()))
    root = root_of(reader)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == tag
    metadata = followed(root["/Metadata"]).get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata  # ISO 14289-1, 6.2
    assert [str(each["/S"]) for each in elements(reader)].count("/H1") == 14


# --- at a terminal ------------------------------------------------------------------


def test_the_cards_are_printed_at_a_terminal_or_written_as_a_pdf(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cards"]) == 0
    said = capsys.readouterr().out
    for card in cards():
        assert card.title in said
        assert all(line in said for line in card.lines)
    path = tmp_path / "cards.pdf"
    assert main(["cards", "--pdf", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert len(PdfReader(path).pages) == 14


def test_where_no_pdf_can_be_written_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cards", "--pdf", str(tmp_path / "nowhere" / "cards.pdf")]) == 1
    assert "can't be written" in capsys.readouterr().err


# --- on the pages -------------------------------------------------------------------


def card(page: Any, title: str) -> Any:
    return page.get_by_role("dialog", name="Cards").get_by_role("heading", name=title)


def test_cards_are_turned_by_arrow_keys_one_a_page_and_nothing_is_sent(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "home"}
    page = open_page(server.url)
    press(page, "Something else")
    press(page, "Cards")
    card(page, FIRST).wait_for()
    assert page.get_by_role("heading").all_inner_texts() == [FIRST]
    page.keyboard.press("ArrowRight")
    card(page, "For the one who is pushed and pulled at").wait_for()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    card(page, LAST).wait_for()
    page.get_by_role("button", name="The next one").click()
    card(page, FIRST).wait_for()
    page.get_by_text("1 of 14").wait_for()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("dialog").wait_for(state="detached")
    assert shown(page).get_by_role("button", name="Cards").is_visible()
    caught_up(page)
    assert server.heard == []


def test_from_help_cards_lead_back_to_help_and_esc_leaves_both(
    open_page: OpenPage, server: StandInServer
) -> None:
    server.state |= {"screen": "home"}
    page = open_page(server.url)
    press(page, "Get help (nothing is saved)")
    page.get_by_role("dialog").get_by_role("button", name="Cards").click()
    card(page, FIRST).wait_for()
    page.get_by_role("dialog", name="Cards").get_by_role("button", name="Back").click()
    page.get_by_role("dialog", name="People you can call").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Cards").click()
    card(page, FIRST).wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").first.wait_for(state="detached")
    assert page.get_by_role("dialog").count() == 0
    assert shown(page).is_visible()


def test_each_page_has_the_words_of_all_cards() -> None:
    english, german = (section("cards", each) for each in Language)
    assert [*english] == [*german]
    assert len(english) == 14
