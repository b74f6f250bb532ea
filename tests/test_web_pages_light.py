"""From a yes of each, on a real page, to a light between both: real browser and server.

The straps are virtual ones that measure what a Polar H10 does, in the time of life: a
breath is seen after twenty to thirty seconds.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from coreg.facts.events import Glow, Partner, Stream, StreamPacket
from coreg.sensors.decoding.polar_control import Op
from coreg.store.folder import data_folder
from coreg.store.reader import read_session
from coreg.testing.virtual_radio.air import RadioModel
from coreg.testing.virtual_radio.couple import VirtualCouple, virtual_couple
from coreg.web.server.strap_scanner import StrapScanner
from tests.helpers.evening_server import Served, beside, served
from tests.helpers.pages import (
    OpenPage,
    choose_passcode,
    heading,
    look_until,
    press,
    shown,
)
from tests.helpers.two_chests import chest

A, B = Partner.A, Partner.B
RATES = {A: 11.0, B: 13.0}
SEEN_MS = 180_000  # a busy machine may be slow, and a breath takes its time
ALONE = "For now the light is going slowly by itself."
ORB = "canvas[role=img]"


@asynccontextmanager
async def worn(data: Path, seen: list[VirtualCouple]) -> AsyncIterator[Served]:
    """Serve an evening at home to two virtual straps that see how a chest moves."""
    model = RadioModel(interval_s=0.05, repeat_share=0.0)
    async with virtual_couple(model, measures_more=True) as couple:
        for partner, rate in RATES.items():
            polar = couple.straps[partner].polar
            assert polar is not None
            polar.acceleration_mg = chest(rate)
        seen.append(couple)
        scanner = StrapScanner(
            couple.radio, data_folder(data), remembered=dict, named=()
        )
        async with scanner, served(data, at_home=scanner, practised=5) as at:
            yield at


def started(couple: VirtualCouple) -> list[Stream | None]:
    """What both straps were asked to begin, A's first."""
    polars = [strap.polar for strap in couple.straps.values()]
    return [
        stream
        for polar in polars
        if polar is not None
        for op, stream in polar.asked
        if op is Op.START
    ]


def going(couple: VirtualCouple) -> list[Stream]:
    """What both straps measure now beside heartbeats."""
    polars = [strap.polar for strap in couple.straps.values()]
    return [each for polar in polars if polar is not None for each in polar.going]


def agree(page: Any, name: str) -> None:
    """One says alone that their strap may measure how their chest moves."""
    heading(page, f"Hand the laptop to {name}")
    press(page, f"I’m {name}")
    choose_passcode(page, f"a boat for {name}")
    press(page, "Yes, I could")
    assert not shown(page).get_by_label("My ECG").count()  # not at home
    moves = shown(page).get_by_label("How my chest moves")
    assert not moves.is_checked()
    for box in ("I am an adult", "Save my heartbeats", "How my chest moves"):
        shown(page).get_by_label(box).check()
    press(page, "Save my choices")


def test_from_a_yes_of_each_to_the_light(
    open_page: OpenPage, tmp_path: Path, complaints: list[str]
) -> None:
    couples: list[VirtualCouple] = []
    with beside(worn(tmp_path, couples)) as at:
        (couple,) = couples
        page = open_page(at.launch_url)
        for side, name in (("left", "Ada"), ("right", "Bo")):
            page.get_by_label(f"Sitting on the {side}").fill(name)
        press(page, "Continue")
        for name in ("Ada", "Bo"):
            agree(page, name)
        heading(page, "Tonight: Relaxed and alert")
        begin = shown(page).get_by_role("button", name="Sit down together")
        look_until(page, begin.is_enabled, patience_ms=SEEN_MS)
        assert started(couple) == []
        press(page, "Something else")
        light = shown(page).get_by_role("radio", name="The light follows you both")
        light.click(timeout=SEEN_MS)  # once both straps have said that they can
        heading(page, "Tonight: The light follows you both")
        begin.click()
        for name in ("Ada", "Bo"):
            shown(page).get_by_text(f"Just for {name}").wait_for()
            shown(page).get_by_role("button", name="Yes", exact=True).click()
        press(page, "We’re ready")
        heading(page, "The light follows you both")
        line = shown(page).locator(".line")
        look_until(page, line.inner_text, lambda words: ALONE in words)
        assert shown(page).locator(ORB).is_visible()
        assert not shown(page).get_by_text("breathe in").count()
        look_until(
            page, line.inner_text, lambda words: words == "", patience_ms=SEEN_MS
        )
        assert started(couple) == [Stream.ACCELERATION] * 2
        page.keyboard.press("Space")
        heading(page, "Let’s stop for a moment.")
    assert going(couple) == []
    (path,) = (tmp_path / "sessions").glob("*.coreg")
    session = read_session(path)
    assert session.opened.straps.measured == ((Stream.ACCELERATION,),) * 2
    facts = [each.fact for each in session.events]
    assert {each.partner for each in facts if isinstance(each, StreamPacket)} == {A, B}
    assert [each for each in facts if isinstance(each, Glow)]
    assert complaints == []
