"""axe-core finds nothing serious on any screen, by day, by night and on a phone.

Each is looked at once on a phone, by day or by night by turns; COREG_THOROUGH looks at
each in both, and in a computer's window.

Its rules are those of WCAG 2.2 at level AA that a program can decide: names, roles,
contrast as it is drawn, labels, landmarks. What it cannot decide (that nothing is said
by colour alone, that the keyboard leads everywhere) is in the other tests of the pages.
"""

from pathlib import Path
from typing import Any

import pytest

from coreg.facts.events import Partner
from coreg.findings.own_rating import OwnRating
from coreg.findings.summary import summarise
from coreg.findings.together import together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.pages.session import joint_page, own_page, therapist_page
from tests.helpers.couples import Planted, couple, opened_by
from tests.helpers.once import once_a_run
from tests.helpers.one_tab import Look
from tests.helpers.pages import OpenPage, caught_up, settled
from tests.helpers.read_aloud import wrong_for_a_reader
from tests.helpers.scenes import SCENES, Scene
from tests.helpers.thorough import THOROUGH

RATED = OwnRating(moment="after", at_ease=7, awake=8, myself=8)
GRAVE = {"serious", "critical"}
WINDOW = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
BY_DAY: dict[str, Any] = {"color_scheme": "light", "viewport": WINDOW}
BY_NIGHT: dict[str, Any] = {"color_scheme": "dark", "viewport": PHONE}
SEEN: dict[str, dict[str, Any]] = {
    "day-phone": {"color_scheme": "light", "viewport": PHONE},
    "night-phone": BY_NIGHT,
}
BY_TURNS = list(SEEN)
if THOROUGH:
    SEEN |= {"day": BY_DAY}


def looks(number: int) -> list[str]:
    """The ways in which the screen of this number is looked at."""
    return list(SEEN) if THOROUGH else [BY_TURNS[number % len(BY_TURNS)]]


@pytest.fixture(scope="module")
def axe() -> Any:
    """axe-core, for a page of Playwright."""
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def grave(axe: Any, page: Any) -> list[str]:
    """What axe finds on this page that keeps somebody out, each with its place."""
    only = {"resultTypes": ["violations"]}
    found = axe.run(page, options=only).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html']} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(
    ("scene", "seen"),
    [
        pytest.param(scene, SEEN[name], id=f"{scene.name}-{name}")
        for number, scene in enumerate(SCENES)
        for name in looks(number)
    ],
)
def test_nothing_on_a_screen_keeps_anybody_out(
    axe: Any, looked_at: Look, scene: Scene, seen: dict[str, Any]
) -> None:
    with looked_at(scene, **seen) as (page, server):
        scene.act(page, server)
        if scene.name == "gone":
            server.close()
            page.get_by_role("heading", name="coreg has stopped").wait_for()
        caught_up(page)
        page.get_by_text(scene.last).first.wait_for()
        settled(page)
        assert grave(axe, page) == []
        assert wrong_for_a_reader(page) == []


@once_a_run
def drawn(kind: str) -> str:
    """The page of a couple that was coupled, as HTML."""
    summary = summarise(opened_by(1), couple(Planted(seed=1, coupling=0.9)))
    compared = together(summary, surrogates=99)
    page = {
        "own": lambda: own_page(summary, Partner.A, [RATED]),
        "joint": lambda: joint_page(summary, compared),
        "therapist": lambda: therapist_page(summary, compared),
    }[kind]()
    with style():
        return document(page)


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        pytest.param(kind, SEEN[name], id=f"{kind}-{name}")
        for number, kind in enumerate(["own", "joint", "therapist"])
        for name in looks(number)
    ],
)
def test_nothing_on_a_page_afterwards_keeps_anybody_out(
    axe: Any, open_page: OpenPage, tmp_path: Path, kind: str, seen: dict[str, Any]
) -> None:
    path = tmp_path / "page.html"
    path.write_text(drawn(kind), encoding="utf-8")
    page = open_page(path.as_uri(), **seen)
    for hidden in page.locator("details").all():
        hidden.evaluate("each => { each.open = true; }")
    assert grave(axe, page) == []


def test_a_picture_is_asked_for_with_the_keyboard_and_is_there_on_paper(
    open_page: OpenPage, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(drawn("joint"), encoding="utf-8")
    page = open_page(path.as_uri(), **BY_DAY)
    picture = page.get_by_role("img")
    assert not picture.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert picture.is_visible()
    page.keyboard.press("Enter")
    assert not picture.is_visible()
    page.emulate_media(media="print")  # nobody can ask a sheet of paper
    assert picture.is_visible()


def test_axe_finds_what_is_planted(axe: Any, looked_at: Look) -> None:
    (home,) = [scene for scene in SCENES if scene.name == "home-remembered"]
    with looked_at(home, **BY_DAY) as (page, _):
        page.evaluate(
            "document.querySelector('h1').insertAdjacentHTML('afterend',"
            "'<button></button><p id=faint>faint words</p>');"
            "document.getElementById('faint').style.color = '#cccccc'"
        )
        found = " ".join(grave(axe, page))
    assert "button-name" in found
    assert "color-contrast" in found


def test_what_a_reader_would_stumble_over_is_found(looked_at: Look) -> None:
    (home,) = [scene for scene in SCENES if scene.name == "home-remembered"]
    with looked_at(home, **BY_DAY) as (page, _):
        assert wrong_for_a_reader(page) == []
        page.evaluate(
            """() => {
              const main = document.querySelector("main");
              main.insertAdjacentHTML("afterbegin", "<h1>Again</h1><button></button>"
                + "<div role=status>Twice<p role=status>Twice</p></div>"
                + "<p role=status>Once more</p><p role=status>Once more</p>"
                + "<p role=alert>At once</p><p role=status></p>");
              document.body.insertAdjacentHTML("beforeend", "<p>Outside</p>");
            }"""
        )
        found = "\n".join(wrong_for_a_reader(page))
    for each in (
        *("headings of the first level", "no name: button", "in no landmark: Outside"),
        *("read 2 times: Once more", "read within what is read", "cuts a reader off"),
        "an empty status bar",
    ):
        assert each in found, found
