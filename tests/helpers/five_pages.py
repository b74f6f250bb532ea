"""Five pages of one practice: console, couple's window, light and two phones."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from coreg.facts.events import Cue, Input, Notification
from coreg.session.sources import simulated_hearts
from coreg.web.server.lan import House
from coreg.web.wire.named import Seat
from tests.helpers.evening_server import Served, beside, served
from tests.helpers.pages import OpenPage, heading, look_until, press
from tests.helpers.short_plans import in_short

PATIENCE_MS = 60_000
PHONE = {"viewport": {"width": 390, "height": 844}, "ignore_https_errors": True}
NO_SOCKETS = """window.WebSocket = class {
  readyState = 3;
  constructor() { setTimeout(() => this.onclose?.({code: 1006})); }
  close() {}
}"""
CODE = """async (seat) => {
  const {fetchKeyed} = await import("/static/page_key.js");
  const {places} = await (await fetchKeyed("/phones")).json();
  return places.find((place) => place.seat === seat).address;
}"""
STATE = """async () => (await import("/static/main.js")).app.state"""
NAMES = ("console", "couple", "light", "a", "b")


class Losable:
    """Hearts whose straps both fall silent while `is_lost`."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self.is_lost = False

    def hear(self, cue: Cue) -> None:
        self._source.hear(cue)

    async def inputs(self) -> AsyncGenerator[Input, None]:
        async for given in self._source.inputs():
            if not (self.is_lost and isinstance(given, Notification)):
                yield given


@contextmanager
def hour(
    data: Path, *, port: int, phones: int, speed: float, breathe_min: float
) -> Iterator[tuple[Served, Losable]]:
    """Let a made-up couple practise with a therapist, at these ports."""
    plan = in_short(
        "relaxed-and-alert", arrive=1, breathe=breathe_min, rest=breathe_min, words=1
    )
    hearts = simulated_hearts(seed=1, speed=speed)
    losable = Losable(hearts.source)
    house = House(
        addresses=lambda: ("127.0.0.1",), name="", port=phones, is_on=True
    )  # fmt: skip
    serving = served(
        data,
        straight_to=replace(hearts, source=losable),
        speed=speed,
        plan_toml=plan,
        port=port,
        front=Seat.THERAPIST,
        with_therapist=True,
        house=house,
    )
    with beside(serving) as at:
        yield at, losable


class Five:
    """The five pages, and the code by which each phone came."""

    def __init__(self, open_page: OpenPage, launch_url: str) -> None:
        self.console = open_page(launch_url)
        heading(self.console, "With Left and Right")
        self.couple = self._window("Open the couple’s window")
        self.light = self._window("Only the light")
        self.codes = {seat: self.console.evaluate(CODE, seat) for seat in "AB"}
        self.a = open_page(self.codes["A"], **PHONE)
        self.b = open_page(
            self.codes["B"],
            watch=lambda context: context.add_init_script(NO_SOCKETS),
            **PHONE,
        )

        for phone in (self.a, self.b):  # which have handed in their codes by then
            phone.wait_for_selector(".screen", timeout=PATIENCE_MS)

    def _window(self, button: str) -> Any:
        with self.console.context.expect_page() as opened:
            press(self.console, button)
        opened.value.wait_for_selector("h1")
        return opened.value

    @property
    def all(self) -> tuple[Any, ...]:
        return (self.console, self.couple, self.light, self.a, self.b)

    def until(self, holds: Callable[[dict[str, Any]], object]) -> None:
        """Wait until each page knows a state of which this holds."""
        for page in self.all:
            look_until(
                page,
                partial(page.evaluate, STATE),
                lambda state: state is not None and holds(state),
                patience_ms=PATIENCE_MS,
            )

    def breathe(self) -> None:
        self.until(lambda state: state["screen"] == "breathe" and not state["paused"])

    def held(self) -> dict[str, dict[str, int]]:
        """Return what each page holds once its garbage is gone."""
        counts = {}
        for name in NAMES:
            page = getattr(self, name)
            devtools = page.context.new_cdp_session(page)
            devtools.send("HeapProfiler.collectGarbage")
            devtools.send("Performance.enable")
            told = devtools.send("Performance.getMetrics")["metrics"]
            counts[name] = {each["name"]: round(each["value"]) for each in told}
            devtools.detach()
        return counts
