"""Six tabs whose pages are being drawn, in a real browser, on the real server."""

from pathlib import Path
from typing import Any

from coreg.web.words import say
from coreg.words import say as of_words
from tests.helpers.evening_server import beside, served
from tests.helpers.pages import DRAWN_MS, OpenPage
from tests.helpers.planted_drawing import over_three, release, until_released
from tests.test_drawing_apart import FIRST, SECOND, evening

OPEN = """async (path) => {
  const {openEveningTab} = await import("/static/evening_tabs.js");
  openEveningTab(path);
}"""
ASK_FOR_HELP = """async () => {
  const {fetchKeyed} = await import("/static/page_key.js");
  return (await fetchKeyed("/places")).status;
}"""


def test_six_tabs_that_wait_for_their_pages_leave_a_way_for_help(
    open_page: OpenPage, tmp_path: Path
) -> None:
    path = evening(tmp_path)
    evening(tmp_path, SECOND)
    with beside(served(tmp_path, draw=until_released)) as at:
        page = open_page(at.launch_url)
        tabs: list[Any] = []
        for session in (FIRST, SECOND):
            for whose in ("page", "A", "B"):
                with page.context.expect_page() as opened:
                    page.evaluate(OPEN, f"/evenings/{session}/{whose}")
                tabs.append(opened.value)
        for tab in tabs:
            tab.get_by_text(say("drawing")).wait_for()
        assert page.evaluate(ASK_FOR_HELP) == 200
        release(path)
        for tab in tabs:  # each comes by itself
            drawn = tab.get_by_text(tab.url.split("/")[-2])
            drawn.wait_for(timeout=DRAWN_MS)


def test_a_tab_that_waits_says_at_which_evening_its_page_is(
    open_page: OpenPage, tmp_path: Path
) -> None:
    path = evening(tmp_path)
    words = of_words("pages.server.drawing-evening", number=2, of=3)
    with beside(served(tmp_path, draw=over_three)) as at:
        page = open_page(at.launch_url)
        with page.context.expect_page() as opened:
            page.evaluate(OPEN, f"/evenings/{FIRST}/page")
        tab = opened.value
        tab.get_by_text(words).wait_for(timeout=DRAWN_MS)
        release(path)
        tab.get_by_text(FIRST).wait_for(timeout=DRAWN_MS)
