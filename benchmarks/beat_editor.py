"""The beat editor on a day of heartbeats in a real browser: how long a picture takes.

Run `python -m benchmarks.beat_editor`. It opens the editor on 100 000 made-up beats and
does what somebody does, by keys, one a frame. For each way it prints how long the page
worked for a picture (script time a frame), and how far frames came apart.
"""

import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.helpers.beat_editor import a_day_ms, editing_apart, kept_at
from tests.helpers.browser import CHROMIUMS, FLAGS

FRAMES = 120
WAYS = {
    "beat to beat": ["ArrowRight"],
    "the same, the whole day in view": ["ArrowRight"],
    "a screen further": ["PageDown"],
    "decision to decision": [*["n"] * 40, *["p"] * 40],
    "zoom in and out": [*["+"] * 12, *["-"] * 12],
}
BEFORE = {
    "the same, the whole day in view": ["0"],
    "a screen further": ["Home", *["+"] * 12],
    "decision to decision": ["Home"],
}
# A key a frame. What a frame takes is what runs in it, the press and the picture, up to
# the first task after it.
RUN = """async ([keys, frames]) => {
  const took = [], apart = [];
  let before = null;
  const press = (key) => dispatchEvent(new KeyboardEvent("keydown", {key}));
  await new Promise((done) => {
    let n = 0;
    const frame = (t_ms) => {
      if (before !== null) apart.push(t_ms - before);
      before = t_ms;
      if (n >= frames) { done(); return; }
      const began = performance.now();
      press(keys[n % keys.length]);  // it asks for a picture, in the next frame
      n += 1;
      requestAnimationFrame(frame);
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => took.push(performance.now() - began);
      port2.postMessage(0);
    };
    requestAnimationFrame(frame);
  });
  return [took, apart];
}"""


def told(name: str, values_ms: list[float]) -> str:
    ordered = sorted(values_ms)
    median = statistics.median(ordered)
    p95 = ordered[round(0.95 * (len(ordered) - 1))]
    return f"{name} {median:6.2f} {p95:6.2f} {ordered[-1]:6.2f}"


def measure(page: Any) -> None:
    print(f"{'':34}work ms: median p95 most   apart ms: median p95 most")
    for name, keys in WAYS.items():
        for key in BEFORE.get(name, []):
            page.keyboard.press(key)
        page.evaluate(RUN, [keys, 30])  # warmed up
        took, apart = page.evaluate(RUN, [keys, FRAMES])
        print(f"{name:34}{told('', took)}        {told('', apart)}")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        editing_apart(kept_at(Path(folder) / "day.txt", a_day_ms())) as at,
        sync_playwright() as playwright,
    ):
        executable = _chromium()
        browser = playwright.chromium.launch(
            executable_path=executable, args=list(FLAGS)
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(at.links[-1])
        page.wait_for_selector("canvas.tachogram")
        page.wait_for_selector(".figures:not(.old) table", timeout=120_000)
        measure(page)
        browser.close()


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


if __name__ == "__main__":
    main()
