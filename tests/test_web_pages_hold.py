"""Every screen holds: no two texts meet and nothing is cut, however it is looked at.

Each at 320 px (WCAG 1.4.10) and one other size by turns: a computer's window, the same
zoomed to 200 % (WCAG 1.4.4), a phone on its side. In German, which needs more room, and
where what was left in English shows; `test_web_pages_axe` opens each in English. A
phone upright has the rules of 320 px and more room, and the dark changes nothing but
colours, which is asked of the style. COREG_THOROUGH looks at each in all sizes, both
languages, and in the dark.
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
from tests.helpers.in_language import language_of, pattern, texts, worded
from tests.helpers.one_tab import Look
from tests.helpers.pages import caught_up, heading, settled, shown
from tests.helpers.read_aloud import wrong_for_a_reader
from tests.helpers.scenes import SCENES, Scene
from tests.helpers.stand_in_server import STATIC
from tests.helpers.thorough import THOROUGH

HELPERS = Path(__file__).parent / "helpers"
LOOK = (HELPERS / "lying_over.js").read_text("utf-8")
IN_REACH = (HELPERS / "in_reach.js").read_text("utf-8")
SIZES = {
    "1280": (1280, 800),
    "1280 at 200 %": (640, 400),
    "phone on its side": (844, 390),
    "320": (320, 640),
} | ({"phone": (390, 844)} if THOROUGH else {})
BY_TURNS = ("1280", "1280 at 200 %", "phone on its side")
SCHEMES = ("light", "dark") if THOROUGH else ("light",)
LANGUAGES = list(Language) if THOROUGH else [Language.GERMAN]
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


def sizes_of(number: int) -> dict[str, tuple[int, int]]:
    """The sizes in which the scene of this number is looked at."""
    if THOROUGH:
        return SIZES
    turn = BY_TURNS[number % len(BY_TURNS)]
    return {each: SIZES[each] for each in (turn, "320")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("number", "scene"),
    list(enumerate(SCENES)),
    ids=[scene.name for scene in SCENES],
)
def test_no_two_texts_meet_nothing_is_cut_and_all_is_in_one_language(
    looked_at: Look, number: int, scene: Scene, language: Language
) -> None:
    wrong: list[str] = []
    with opened(looked_at, scene, language) as page:
        for size, (width, height) in sizes_of(number).items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                settled(page)
                found = page.evaluate(LOOK)
                wrong += [f"{size}, {scheme}: {each}" for each in found]
            if size in WIDEST_AND_NARROWEST:
                wrong += [f"{size}: {each}" for each in page.evaluate(IN_REACH)]
        wrong += [f"no words: {each}" for each in page.evaluate(NO_WORDS)]
        if language is not ENGLISH:
            wrong += left_in_english(page.evaluate(TEXTS), language)
        if not scene.night and scene.name not in WITHOUT_HELP:
            wrong += without_help(page)
    assert not wrong, "\n" + "\n".join(wrong)


# Pages of a program that is not there any more, or is another one; and help itself.
# The cards lie over a page that has it.
WITHOUT_HELP = {"gone", "newer", "help", "cards", "cards-right-now"}
HELP = r"^Get help \(nothing is saved\)$"


def without_help(page: Any) -> list[str]:
    """What is wrong with the way to help that every page by day has, and has once."""
    links = shown(page).get_by_role("button", name=worded(page, HELP))
    seen = sum(each.is_visible() for each in links.all())
    return [] if seen == 1 else [f"help is there {seen} times"]


def test_a_page_without_a_way_to_help_or_with_two_is_found(looked_at: Look) -> None:
    (home,) = [scene for scene in SCENES if scene.name == "home-remembered"]
    with opened(looked_at, home) as page:
        assert without_help(page) == []
        link = shown(page).get_by_role("button", name=worded(page, HELP)).first
        link.evaluate("each => each.after(each.cloneNode(true))")
        assert without_help(page) == ["help is there 2 times"]
        for _ in range(2):
            link.evaluate("each => each.remove()")
        assert without_help(page) == ["help is there 0 times"]


def test_the_dark_changes_colours_alone() -> None:
    """So what holds in the light holds in the dark: nothing there takes any room."""
    found = 0
    for style in sorted(STATIC.glob("*.css")):
        for rules in in_the_dark(style.read_text("utf-8")):
            found += 1
            assert OF_COLOURS_ALONE.fullmatch(rules), (style.name, rules)
    assert found >= 2


OF_COLOURS_ALONE = re.compile(r"\s*:root \{(\s*--[\w-]+: #[0-9A-F]{6,8};)+\s*\}\s*")


def in_the_dark(style: str) -> list[str]:
    """What holds in the dark alone, block by block."""
    blocks = style.split("@media (prefers-color-scheme: dark) {")[1:]
    assert len(blocks) == style.count("prefers-color-scheme")
    return [each.split("\n}\n")[0] for each in blocks]


def test_what_the_dark_would_move_is_found() -> None:
    dark = "@media (prefers-color-scheme: dark) {\n  :root {\n    %s\n  }\n}\n"
    for rule, is_colour in (("--a: #E9A23B;", True), ("padding: 1px;", False)):
        (rules,) = in_the_dark(dark % rule)
        assert bool(OF_COLOURS_ALONE.fullmatch(rules)) is is_colour


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
