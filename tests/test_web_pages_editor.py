"""The beat editor in a real browser: by keys alone, on a day of heartbeats."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coreg.analysis.corrections import corrected
from coreg.base.bounds import toml_of
from coreg.findings.corrected import editable, which
from coreg.findings.recording import cleaned
from coreg.sensors.recordings.reading import read_recording
from coreg.store.corrections import (
    corrections_path,
    parse_corrections,
    sha256_of,
)
from tests.helpers.beat_editor import ServedEditor, a_day_ms, editing_apart, kept_at
from tests.helpers.pages import OpenPage, look_until
from tests.test_web_pages_axe import BY_DAY, BY_NIGHT, axe, grave

__all__ = ["axe"]

COLUMNS = {"number": np.int32, "rr_ms": np.float32, "counts": np.uint8}
DIGESTS = """async () => {
  const {editor} = await import("/static/editor/main.js");
  const digest = async (column) => {
    const found = new Uint8Array(await crypto.subtle.digest("SHA-256", column.slice()));
    return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const {number, rr_ms, counts, did, label, t_s, lost} = editor.looking.beats;
  return Promise.all([number, rr_ms, counts, did, label, t_s, lost].map(digest));
}"""
BEATS = """async () => {
  const {editor} = await import("/static/editor/main.js");
  const {beats} = editor.looking;
  return Object.fromEntries(["number", "t_s", "rr_ms", "label", "counts", "lost", "did"]
    .map((name) => [name, Array.from(beats[name])]));
}"""
CHOSEN = """async () => {
  const {editor} = await import("/static/editor/main.js");
  return [editor.looking.first, editor.looking.last];
}"""
TOLD = ".told"


@pytest.fixture(scope="module")
def a_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of heartbeats."""
    return kept_at(tmp_path_factory.mktemp("day") / "day.txt", a_day_ms())


@pytest.fixture
def day(a_day: Path, tmp_path: Path) -> Iterator[ServedEditor]:
    """An editor of that day."""
    own = tmp_path / "day.txt"
    own.write_bytes(a_day.read_bytes())
    with editing_apart(own) as at:
        yield at


@pytest.fixture
def rest(tmp_path: Path) -> Iterator[ServedEditor]:
    """An editor of five minutes, with an extra beat and one that was missed."""
    rr_ms = [800.0 + 20 * (n % 3) for n in range(370)]
    rr_ms[30:31] = [300.0, 500.0]
    rr_ms[200] = 1640.0
    with editing_apart(kept_at(tmp_path / "rest.txt", rr_ms)) as at:
        yield at


def opened(open_page: OpenPage, at: ServedEditor, **context: Any) -> Any:
    page = open_page(at.links[-1], **context)
    page.wait_for_selector("canvas.tachogram")
    return page


def told(page: Any) -> str:
    return str(page.inner_text(TOLD))


def made(page: Any, at: ServedEditor, done: int) -> None:
    """Wait until the page shows so many corrections."""
    words = f"{done} correction" if done else "left out"
    look_until(
        page,
        lambda: (page.inner_text(".decisions"), len(at.editor.editing.done)),
        lambda seen: (
            seen[1] == done
            and (words in seen[0] if done else "correction" not in seen[0])
        ),
    )


def may(page: Any, what: str) -> bool:
    """Whether a button may be pressed."""
    button = page.get_by_role("button", name=what)
    return bool(button.get_attribute("aria-disabled") == "false")


def test_a_hundred_edits_by_keys_alone_are_undone_and_redone_on_a_whole_day(
    day: ServedEditor, open_page: OpenPage, complaints: list[str]
) -> None:
    page = opened(open_page, day)
    before = page.evaluate(DIGESTS)
    for n in range(100):
        page.keyboard.press("n")
        ways = ["Accept", "Leave out", "Mark as ectopic", "Delete"]
        way = "Put a beat in" if "was probably missed" in told(page) else ways[n % 4]
        if not may(page, way):
            way = "Leave out"
        page.keyboard.press({**dict(zip(ways, "ared", strict=True))}.get(way, "i"))
        made(page, day, n + 1)
    after, kept = page.evaluate(DIGESTS), day.file.read_bytes()
    assert after != before
    assert {*toml_of(kept.decode())["correction"][0]} >= {"do", "beat", "t_s"}
    for _ in range(100):
        page.keyboard.press("Control+z")
    made(page, day, 0)
    assert page.evaluate(DIGESTS) == before
    for _ in range(100):
        page.keyboard.press("Control+Shift+z")
    made(page, day, 100)
    assert page.evaluate(DIGESTS) == after
    assert day.file.read_bytes() == kept
    # And the file alone, gone through from the start, says what the page shows.
    path = day.file.with_name("day.txt")
    recording = read_recording(path)
    of = which(recording, sha256_of(path))
    list_of = parse_corrections(kept.decode(), of, "day")
    again = corrected(editable(cleaned(recording)), list_of).edited
    columns = (
        np.array([getattr(beat, name) for beat in again.beats], dtype=kind)
        for name, kind in COLUMNS.items()
    )
    assert after[:3] == [hashlib.sha256(bytes(each)).hexdigest() for each in columns]
    assert complaints == []


def test_every_way_of_looking_and_choosing_has_its_key(
    rest: ServedEditor, open_page: OpenPage, complaints: list[str]
) -> None:
    page = opened(open_page, rest)
    assert "2 beats chosen" in told(page)  # all of the first decision
    assert page.evaluate(CHOSEN) == [30, 31]
    assert "no heartbeat" in told(page)
    for key, chosen in (
        ("ArrowLeft", [30, 30]),
        ("ArrowRight", [31, 31]),
        ("n", [200, 200]),
        ("p", [30, 31]),
        ("Home", [0, 0]),
        ("n", [30, 31]),
        ("ArrowLeft", [30, 30]),
        ("ArrowLeft", [29, 29]),
        ("Shift+ArrowRight", [29, 30]),
        ("Shift+ArrowRight", [29, 31]),
        ("Home", [0, 0]),
        ("Shift+ArrowLeft", [0, 0]),
        ("End", [370, 370]),
        ("n", [370, 370]),  # there is no next one
    ):
        page.keyboard.press(key)
        assert page.evaluate(CHOSEN) == chosen, key
    page.keyboard.press("PageUp")
    assert page.evaluate(CHOSEN)[0] < 300
    assert complaints == []


def test_each_key_does_what_the_list_of_keys_says_and_the_line_beneath_tells_it(
    rest: ServedEditor, open_page: OpenPage
) -> None:
    page = opened(open_page, rest)
    page.keyboard.press("ArrowLeft")
    keys = page.inner_text(".keys")
    for name in ("N", "P", "A", "R", "E", "I", "D", "Ctrl Z", "Ctrl Shift Z", "+", "0"):
        assert name in keys
    steps = (
        ("a", "You accepted it. It counts. coreg’s reason: probably no heartbeat."),
        ("r", "You left it out. coreg’s reason: probably no heartbeat."),
        ("e", "You marked it as ectopic."),
        ("Control+z", "You left it out."),
        ("Control+y", "You marked it as ectopic."),
    )
    for key, words in steps:
        page.keyboard.press(key)
        look_until(page, lambda: told(page), lambda seen: words in seen)  # noqa: B023
    page.keyboard.press("d")
    look_until(page, lambda: told(page), lambda seen: "You deleted a beat" in seen)
    assert "800 ms" in told(page)
    page.keyboard.press("n")
    page.keyboard.press("i")
    look_until(page, lambda: told(page), lambda seen: "You put a beat in" in seen)
    assert "New beat, " in told(page)  # and none of those recorded
    assert "820 ms" in told(page)


def test_a_stretch_is_left_out_at_once(rest: ServedEditor, open_page: OpenPage) -> None:
    page = opened(open_page, rest)
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    assert "6 beats chosen" in told(page)
    of_one = {"Mark as ectopic": "e", "Put a beat in": "i", "Delete": "d"}
    for what, key in of_one.items():
        assert not may(page, what)
        page.get_by_role("button", name=what).click(force=True)
        assert "done to one beat" in page.inner_text(".note")
        page.keyboard.press(key)
    page.keyboard.press("r")
    made(page, rest, 1)
    assert "6 left out by you" in told(page)
    assert page.evaluate(BEATS)["counts"][:7] == [0] * 6 + [1]
    assert "last = 6" in rest.file.read_text(encoding="utf-8")


def test_what_was_decided_of_a_pair_is_taken_back_of_both(
    rest: ServedEditor, open_page: OpenPage
) -> None:
    page = opened(open_page, rest)
    page.keyboard.press("a")
    made(page, rest, 1)
    assert page.evaluate(BEATS)["counts"][30:32] == [1, 1]
    assert "2 accepted by you" in told(page)
    page.keyboard.press("a")  # which changes nothing, and is no correction
    page.wait_for_selector(".refused:not([hidden])")
    assert len(rest.editor.editing.done) == 1
    page.keyboard.press("n")  # and is said of those beats alone
    assert not page.is_visible(".refused")
    page.keyboard.press("n")
    assert "No decision after" in page.inner_text(".note")


def test_no_beat_is_touched_that_cannot_be_seen(
    rest: ServedEditor, open_page: OpenPage
) -> None:
    page = opened(open_page, rest)
    strip = page.locator(".whole").bounding_box()
    page.mouse.click(strip["x"] + strip["width"] - 40, strip["y"] + 20)
    page.keyboard.press("d")
    assert "out of sight" in page.inner_text(".note")
    page.keyboard.press("d")
    made(page, rest, 1)
    assert page.evaluate(BEATS)["rr_ms"][30] == 800


def test_a_beat_deleted_at_the_end_is_told(
    rest: ServedEditor, open_page: OpenPage
) -> None:
    page = opened(open_page, rest)
    page.keyboard.press("End")
    page.keyboard.press("d")
    made(page, rest, 1)
    assert "no other followed" in page.inner_text(".note")
    assert page.inner_text(".lead").startswith("370 beats")  # there were 371


def test_what_is_beyond_the_scale_is_written_and_no_correction_moves_the_scale(
    tmp_path: Path, open_page: OpenPage
) -> None:
    rr_ms = [800.0 + 20 * (n % 3) for n in range(370)]
    rr_ms[30:31] = [300.0, 500.0]
    written = """async () => {
      const {editor} = await import("/static/editor/main.js");
      const on = document.querySelector(".tachogram").getContext("2d");
      const said = [], own = on.fillText;
      on.fillText = (text, ...at) => { said.push(text); own.call(on, text, ...at); };
      editor.looking.draw();
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await frame();
      await frame();
      on.fillText = own;
      return [said, editor.looking.beats.reach_ms];
    }"""
    with editing_apart(kept_at(tmp_path / "rest.txt", rr_ms)) as at:
        page = opened(open_page, at)
        for _ in range(6):
            page.keyboard.press("+")  # until there is room for each value
        said, reach = page.evaluate(written)
        assert {"300", "500"} <= {*said}
        page.keyboard.press("a")  # they count now, and are beyond it still
        made(page, at, 1)
        said, then = page.evaluate(written)
        assert {"300", "500"} <= {*said}
        assert then == reach
        page.keyboard.press("Home")
        page.keyboard.press("d")  # two joined: one of 1620 ms
        made(page, at, 2)
        said, then = page.evaluate(written)
        assert "1620" in said
        assert then == reach


def test_on_a_phone_beats_are_apart_and_chosen_by_fingers(
    rest: ServedEditor, open_page: OpenPage
) -> None:
    page = opened(open_page, rest, **BY_NIGHT)
    seen = """async () => {
      const {editor} = await import("/static/editor/main.js");
      return editor.looking.view.end_s - editor.looking.view.start_s;
    }"""
    assert page.evaluate(seen) <= 45
    page.get_by_role("button", name="Next beat").click()
    assert page.evaluate(CHOSEN) == [32, 32]
    page.get_by_role("button", name="Choose several").click()
    page.get_by_role("button", name="Next beat").click()
    assert page.evaluate(CHOSEN) == [32, 33]


def test_buttons_do_what_keys_do_and_figures_follow(
    rest: ServedEditor, open_page: OpenPage
) -> None:
    page = opened(open_page, rest)
    page.wait_for_selector(".figures:not(.old) table")
    assert page.locator(".figures .changed").count() == 0
    page.get_by_role("button", name="Delete").click()
    made(page, rest, 1)
    page.wait_for_selector(".figures:not(.old) .changed")
    assert "→" in page.inner_text(".brief")
    assert "made by hand" in page.inner_text(".figures")
    page.get_by_role("button", name="Undo").click()
    made(page, rest, 0)
    page.wait_for_selector(".figures:not(.old) tr:not(.changed)")


def test_what_is_refused_is_said(rest: ServedEditor, open_page: OpenPage) -> None:
    page = opened(open_page, rest)
    rest.file.write_text("# somebody else's\n", encoding="utf-8")
    page.keyboard.press("d")
    page.wait_for_selector(".refused:not([hidden])")
    assert "changed elsewhere" in page.inner_text(".refused")


def test_a_click_chooses_a_beat_and_a_drag_moves_the_picture(
    rest: ServedEditor, open_page: OpenPage
) -> None:
    page = opened(open_page, rest)
    box = page.locator(".tachogram").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 100)
    first, last = page.evaluate(CHOSEN)
    assert first == last != 30
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(middle - 300, box["y"] + 50, steps=4)
    page.mouse.up()
    assert page.evaluate(CHOSEN) == [first, last]
    page.mouse.click(middle, box["y"] + 100)
    assert page.evaluate(CHOSEN)[0] > first + 20


def test_once_it_has_ended_the_page_says_so_and_nothing_is_lost(
    rest: ServedEditor, open_page: OpenPage
) -> None:
    page = opened(open_page, rest)
    page.keyboard.press("d")
    made(page, rest, 1)
    rest.end()
    page.get_by_role("heading", name="The editor has ended").wait_for()
    assert corrections_path(rest.file.with_name("rest.txt")).exists()


def test_it_speaks_german(rest: ServedEditor, open_page: OpenPage) -> None:
    page = opened(open_page, rest, locale="de-DE")
    assert page.inner_text("h1") == "Herzschläge aus rest.txt"
    page.keyboard.press("r")
    look_until(page, lambda: told(page), lambda seen: "von Hand ausgelassen" in seen)
    page.wait_for_selector(".figures:not(.old) table")
    assert "Standardabweichung" in page.inner_text(".figures")


@pytest.mark.parametrize("seen", [BY_DAY, BY_NIGHT], ids=["day", "night-phone"])
def test_nothing_keeps_anybody_out(
    axe: Any,
    rest: ServedEditor,
    open_page: OpenPage,
    seen: dict[str, Any],
) -> None:
    page = opened(open_page, rest, **seen)
    page.wait_for_selector(".figures:not(.old) table")
    assert grave(axe, page) == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


DRAWN = """() => {
  const canvas = document.querySelector("canvas.whole");
  const scale = canvas.height / canvas.clientHeight;
  const from = Math.round(12 * scale); // beneath the row of ticks
  const { width, height } = canvas;
  const of = canvas.getContext("2d").getImageData(0, from, width, height - from);
  const columns = new Set();
  for (let i = 3; i < of.data.length; i += 4) {
    if (of.data[i]) columns.add(((i - 3) / 4) % of.width);
  }
  return columns.size / of.width;
}"""


def test_of_a_rhythm_that_is_irregular_all_along_the_whole_is_seen_and_no_bare_unit(
    open_page: OpenPage, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    rr_ms = np.clip(rng.normal(780, 190, 900), 330, 1600).round()
    with editing_apart(kept_at(tmp_path / "af.txt", rr_ms.tolist())) as at:
        page = opened(open_page, at)
        look_until(page, lambda: page.evaluate(DRAWN), lambda share: share > 0.8)
        page.get_by_text("No rmssd_ms here: needs 30 s").wait_for()
        assert "ms" not in page.locator(".figures .unit").all_inner_texts()
