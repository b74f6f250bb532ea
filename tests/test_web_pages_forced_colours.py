"""With forced colours (a contrast theme) everything that colour tells is still told.

Whoever chose the colours has backgrounds, borders and shadows replaced by the browser.
What is chosen, held or focused must then look different from what is not: a picture of
it is taken either way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.helpers.one_tab import Look
from tests.helpers.pages import caught_up, settled, shown
from tests.helpers.scenes import SCENES

# How far the brightest and the darkest line of a canvas lie apart, as WCAG has it,
# from the middle outward.
CONTRAST_OF_CANVAS = """(canvas) => {
  const {width, height} = canvas;
  const pen = canvas.getContext("2d");
  const canvasColour = getComputedStyle(document.documentElement).backgroundColor;
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92
    : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) =>
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = canvasColour.match(/\\d+/g).slice(0, 3).map(Number);
  const row = pen.getImageData(0, height / 2, width, 1).data;
  let most = 1;
  for (let i = 0; i < row.length; i += 4) {
    const share = row[i + 3] / 255;
    const seen = [0, 1, 2].map((c) => row[i + c] * share + behind[c] * (1 - share));
    const two = [luminance(seen), luminance(behind)].sort((a, b) => b - a);
    most = Math.max(most, (two[0] + 0.05) / (two[1] + 0.05));
  }
  return most;
}"""


@contextmanager
def forced(looked_at: Look, name: str, scheme: str = "light") -> Iterator[Any]:
    """Show a scene in colours that somebody forced."""
    scene = next(each for each in SCENES if each.name == name)
    with looked_at(scene, color_scheme=scheme) as (page, server):
        page.emulate_media(
            color_scheme=scheme, reduced_motion="reduce", forced_colors="active"
        )
        scene.act(page, server)
        caught_up(page)
        settled(page)
        yield page


def looks_different(of: Any, change: str) -> bool:
    """Whether a picture of it shows that it was changed."""
    before = of.screenshot(animations="disabled")
    of.evaluate(change)
    return bool(of.screenshot(animations="disabled") != before)


def test_what_is_chosen_and_what_has_the_focus_is_told_without_colour(
    looked_at: Look,
) -> None:
    with forced(looked_at, "home-something-else") as page:
        home = shown(page)
        radio = home.get_by_role("radio", checked=True).first
        assert looks_different(radio, "each => { each.checked = false; }")
        here = home.locator("nav button").first
        assert looks_different(here, "each => each.removeAttribute('aria-current')")
        main = home.get_by_role("button", name="Sit down together")
        for edge in ("borderTopWidth", "borderTopStyle"):
            style = main.evaluate(f"each => getComputedStyle(each).{edge}")
            assert style in {"2px", "solid"}, (edge, style)
        row = main.locator("..")  # with room for an outline
        page.keyboard.press("Tab")  # so that the focus is a keyboard's
        page.evaluate("document.activeElement.blur()")
        before = row.screenshot()
        main.focus()
        assert row.screenshot() != before


def test_a_tick_and_a_rating_are_told_without_colour(looked_at: Look) -> None:
    with forced(looked_at, "gate-asks") as page:
        tick = shown(page).get_by_role("checkbox").first
        assert looks_different(tick, "each => { each.checked = true; }")
        slider = shown(page).get_by_role("slider").first
        slider.press("End")
        at_end = slider.screenshot()
        slider.press("Home")
        assert slider.screenshot() != at_end


def test_what_a_finger_holds_is_told_without_colour(looked_at: Look) -> None:
    with forced(looked_at, "pause-back") as page:
        pad = shown(page).locator(".pad").first
        assert looks_different(pad, "each => each.classList.add('held')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_breath_and_a_light_that_rests_are_seen(
    looked_at: Look, scheme: str
) -> None:
    with forced(looked_at, "breathe-in", scheme) as page:
        canvas = shown(page).locator(".light canvas")
        # WCAG 1.4.11: what one has to see is three times as light, or as dark.
        assert canvas.evaluate(CONTRAST_OF_CANVAS) >= 3
        glint = (
            shown(page)
            .locator(".glint")
            .evaluate(
                "each => [getComputedStyle(each).backgroundColor,"
                " getComputedStyle(each).borderTopColor]"
            )
        )
        assert glint[0] != glint[1]
    with forced(looked_at, "light", scheme) as page:
        place = shown(page).locator(".middle")
        assert looks_different(
            place, "each => each.querySelector('.rest-light').classList.value = ''"
        )


def test_a_code_for_a_camera_stays_black_on_white(looked_at: Look) -> None:
    with forced(looked_at, "settings-phones", "dark") as page:
        code = shown(page).locator("img.code").first
        behind = code.evaluate("each => getComputedStyle(each).backgroundColor")
        assert behind == "rgb(255, 255, 255)"
