"""Every screen holds: no two texts meet and nothing is cut, however it is looked at.

A computer's window, the same zoomed to 200 % (WCAG 1.4.4), a phone upright and on its
side, and 320 px (WCAG 1.4.10); in each language; in light and in dark.
"""

import functools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from coreg.web.words import page_that_joins
from coreg.words import ENGLISH, Language
from tests.helpers.in_language import language_of, pattern, texts
from tests.helpers.one_tab import Look
from tests.helpers.pages import caught_up, heading, settled
from tests.helpers.read_aloud import wrong_for_a_reader
from tests.helpers.scenes import SCENES, Scene

HELPERS = Path(__file__).parent / "helpers"
LOOK = (HELPERS / "lying_over.js").read_text("utf-8")
IN_REACH = (HELPERS / "in_reach.js").read_text("utf-8")
SIZES = {
    "1280": (1280, 800),
    "1280 at 200 %": (640, 400),
    "phone": (390, 844),
    "phone on its side": (844, 390),
    "320": (320, 640),
}
WIDEST_AND_NARROWEST = {"1280", "320"}
TEXTS = """() => [...document.querySelectorAll("body *")].flatMap((element) =>
  [...element.childNodes]
    .filter((node) => node.nodeType === 3)
    .filter(() => !element.closest("[hidden], script, noscript"))
    .map((node) => node.data.trim())
    .concat(element.getAttribute("aria-label") ?? []))
  .filter((text) => text.split(/\\s+/).length > 1)"""

# What JavaScript writes where nobody meant to write anything.
NO_WORDS = """() => [...document.querySelectorAll("body *")].flatMap((element) =>
  [...element.childNodes]
    .filter((node) => node.nodeType === 3 && !element.closest("script, noscript"))
    .map((node) => node.data.trim()))
  .filter((text) => /^(false|true|undefined|null|NaN)$|\\[object /.test(text))"""


@contextmanager
def opened(
    looked_at: Look, scene: Scene, language: Language = ENGLISH
) -> Iterator[Any]:
    with looked_at(scene, language) as (page, server):
        assert language_of(page) is language
        scene.act(page, server)
        if scene.name == "gone":
            server.close()
            heading(page, re.compile("has stopped|ist beendet"))
        else:
            caught_up(page)
        settled(page)
        yield page


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_no_two_texts_meet_nothing_is_cut_and_all_is_in_one_language(
    looked_at: Look, scene: Scene, language: Language
) -> None:
    wrong: list[str] = []
    with opened(looked_at, scene, language) as page:
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                settled(page)
                found = page.evaluate(LOOK)
                wrong += [f"{size}, {scheme}: {each}" for each in found]
            if size in WIDEST_AND_NARROWEST:
                wrong += [f"{size}: {each}" for each in page.evaluate(IN_REACH)]
        wrong += [f"no words: {each}" for each in page.evaluate(NO_WORDS)]
        if language is not ENGLISH:
            wrong += left_in_english(page.evaluate(TEXTS), language)
    assert not wrong, "\n" + "\n".join(wrong)


# Pages of a program that is not there any more, or is another one; and help itself.
# The cards lie over a page that has it.
WITHOUT_HELP = {"gone", "newer", "help", "cards", "cards-right-now"}


@pytest.mark.parametrize(
    "scene",
    [each for each in SCENES if not each.night and each.name not in WITHOUT_HELP],
    ids=lambda scene: scene.name,
)
def test_help_is_on_every_page_by_day(looked_at: Look, scene: Scene) -> None:
    with opened(looked_at, scene) as page:
        link = page.locator(".screen:not(.leaving)").get_by_role(
            "button", name="Get help (nothing is saved)"
        )
        assert [each.is_visible() for each in link.all()].count(True) == 1


def left_in_english(said: list[str], language: Language) -> list[str]:
    """What is said in words of the English catalogue, and of no other."""
    return [
        f"in English: {text}"
        for text in said
        if is_in(ENGLISH, text, words=2) and not is_in(language, text, words=1)
    ]


@functools.cache
def is_in(language: Language, text: str, *, words: int) -> bool:
    return any(each.fullmatch(text) for each in sentences(language, words))


@functools.cache
def sentences(language: Language, words: int) -> list[re.Pattern[str]]:
    """What finds each sentence of at least so many words of its own.

    Blanks are no words: what has nothing else finds whatever is said.
    """
    said = {text for _, text in texts(language)}
    own = (text for text in said if len(words_of(text)) >= words)
    return [re.compile(pattern(each)) for each in own]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"\{\w+\}", "", text))


def test_a_sentence_left_in_english_is_found() -> None:
    said = [str(text) for _, text in texts(ENGLISH) if len(words_of(text)) > 3]
    assert len(left_in_english(said, Language.GERMAN)) > 100
    theirs = [str(text) for _, text in texts(Language.GERMAN)]
    assert left_in_english(theirs, Language.GERMAN) == []


def test_what_a_finger_would_miss_and_what_moves_is_found(looked_at: Look) -> None:
    (home,) = [scene for scene in SCENES if scene.name == "home-remembered"]
    with opened(looked_at, home) as page:
        assert page.evaluate(IN_REACH) == []
        page.evaluate(
            """() => document.querySelector("main").insertAdjacentHTML("afterbegin",
              "<button class=thin>Go</button><p class=moving>Look</p>")"""
        )
        page.evaluate(
            """() => {
              document.querySelector(".thin").style.minHeight = "20px";
              document.querySelector(".moving").style.transition = "opacity 1s";
            }"""
        )
        found = "\n".join(page.evaluate(IN_REACH))
    assert "x 28 <button class=" in found
    assert "moves: <p class=" in found


@pytest.mark.parametrize("language", list(Language))
def test_the_page_by_which_a_phone_joins_holds(
    looked_at: Look, language: Language
) -> None:
    """It stands by itself, with a style of its own and no code in its address."""
    (home,) = [scene for scene in SCENES if scene.name == "home"]
    with looked_at(home, language) as (page, server):
        server.pages["/join"] = page_that_joins(language)
        page.goto(f"{server.url}join")
        page.locator("[aria-live]").get_by_text(re.compile(r"\w")).wait_for()
        wrong = wrong_for_a_reader(page)
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            wrong += [*page.evaluate(LOOK), *page.evaluate(IN_REACH)]
    assert wrong == []
