"""Draw docs/screens: every screen, desktop and phone, by day in light and in dark.

Run `python -m tests.helpers.draw_screens [NAME ...]` from the repository's root. The
pages are real; what they show is said by the stand-in server, so that a picture is the
same each time.
"""

import argparse
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.helpers.browser import FLAGS
from tests.helpers.scenes import DUSK_MS, SCENES, Scene, served

OUT = Path(__file__).resolve().parents[2] / "docs" / "screens"
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
}
SETTLED_MS = 900  # a screen has come, its words have faded in
# What stays at a window's edge goes to its end: a long picture has no window.
AT_ITS_END = """
  const kept = document.querySelectorAll(".steering, .steering > .stop");
  for (const each of kept) each.style.position = "static";
"""


def draw(browser: Any, scene: Scene, size: str, scheme: str) -> Path:
    """Draw one scene and return where it is."""
    with served(scene) as server:
        context = browser.new_context(
            **SIZES[size], color_scheme=scheme, locale="en-GB", timezone_id="UTC"
        )
        page = context.new_page()
        page.goto(server.url)
        page.wait_for_selector("h1")
        page.wait_for_timeout(100)
        scene.act(page, server)
        if scene.name == "gone":
            server.close()
            page.wait_for_timeout(1500)
        page.mouse.move(2, 2)
        page.wait_for_timeout(DUSK_MS if scene.night else SETTLED_MS)
        dark = "-dark" if scheme == "dark" else ""
        path = OUT / f"{scene.name}-{size}{dark}.png"
        page.evaluate(AT_ITS_END)
        page.screenshot(path=path, full_page=not scene.night, scale="css")
        context.close()
    return path


def main() -> None:
    """Draw the scenes that were named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these scenes")
    wanted = set(parser.parse_args().names)
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=list(FLAGS)
        )
        for scene in SCENES:
            if wanted and scene.name not in wanted:
                continue
            for size in SIZES:
                for scheme in ("light",) if scene.night else ("light", "dark"):
                    print(draw(browser, scene, size, scheme).name)
        browser.close()


if __name__ == "__main__":
    main()
