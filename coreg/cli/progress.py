"""What a terminal shows while a practice runs: the block, the time, the signal.

No hearts, no figures about people: being measured aloud is the opposite of the point.
"""

import sys
from contextlib import suppress
from typing import Final, TextIO

from coreg.base.plain_text import plain
from coreg.facts.events import (
    NS_PER_S,
    BlockBegan,
    FloodingPassed,
    Input,
    Link,
    LinkChanged,
    Opened,
    Paused,
    PossibleFlooding,
    QuirkNoticed,
    Resumed,
    SignalBack,
    SignalLost,
    WentOn,
)
from coreg.sensors.quirks.words import quirk_words
from coreg.session.engine import Output
from coreg.words import in_words, say

# Of both, and of neither by name; what is asked are the words of the pages.
_SAID: Final[dict[type[Output], str]] = {
    Paused: "paused",
    Resumed: "resumed",
    PossibleFlooding: "lively",
    FloodingPassed: "calmer",
}


class Progress:
    """A listener that keeps one line up to date, or prints a line a block.

    Where the terminal or the reader of a pipe goes away, the practice goes on unseen.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._redraws = self._stream.isatty()
        self._block = ""
        self._began_s = 0.0
        self._length_s = 0.0
        self._shown = ""
        self._silent: set[str] = set()
        self._said_of: dict[str, set[str]] = {}

    def __call__(self, given: Input, outputs: list[Output]) -> None:
        """Take one input and what followed from it."""
        if isinstance(given, LinkChanged):
            self._link(given)
        for output in outputs:
            self._hear(output)
        if self._redraws and not isinstance(given, Opened):
            self._draw(given.t_ns / NS_PER_S - self._began_s)

    def say(self, words: str) -> None:
        """Print a line of its own."""
        self._clear()
        self._write(f"{plain(words)}\n")

    def done(self) -> None:
        """Leave the line."""
        self._clear()

    def _link(self, changed: LinkChanged) -> None:
        """Say what is wrong with a strap: each thing once, until beats come again.

        While we connect to it again and again, it changes without anything being new.
        """
        said = self._said_of.setdefault(changed.partner, set())
        if changed.link is Link.STREAMING:
            said.clear()
        if changed.detail and changed.detail not in said:
            said.add(changed.detail)
            t_s = changed.t_ns / NS_PER_S
            self.say(f"{_clock(t_s)}  {changed.partner}: {changed.detail}")

    def _hear(self, output: Output) -> None:
        match output:
            case BlockBegan(name=name, t_s=t_s, length_s=length_s):
                self._block = in_words(name)
                self._began_s, self._length_s = t_s, length_s
                if not self._redraws:
                    self.say(f"{_clock(t_s)}  {self._block}")
            case Paused() | Resumed() | PossibleFlooding() | FloodingPassed():
                words = say(f"terminal.progress.{_SAID[type(output)]}")
                self.say(f"{_clock(output.t_s)}  {words}")
            case WentOn(t_s=t_s):
                self.say(f"{_clock(t_s)}  {say('terminal.progress.back')}")
            case SignalLost(t_s=t_s, partner=partner):
                self._silent.add(partner)
                words = say("terminal.progress.strap-gone", partner=partner)
                self.say(f"{_clock(t_s)}  {words}")
            case QuirkNoticed(t_s=t_s, partner=partner, quirk=quirk):
                self.say(f"{_clock(t_s)}  {partner}: {quirk_words(quirk)}")
            case SignalBack(t_s=t_s, partner=partner):
                self._silent.discard(partner)
                words = say("terminal.progress.strap-back", partner=partner)
                self.say(f"{_clock(t_s)}  {words}")

    def _draw(self, into_s: float) -> None:
        silent = ", ".join(sorted(self._silent))
        line = say(
            f"terminal.progress.{'into-silent' if silent else 'into'}",
            block=plain(self._block),
            into=_clock(into_s),
            length=_clock(self._length_s),
            partners=silent,
        )
        if line != self._shown:
            self._write(f"\r\x1b[K{line}")
            self._shown = line

    def _clear(self) -> None:
        if self._redraws and self._shown:
            self._write("\r\x1b[K")
            self._shown = ""

    def _write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)
            self._stream.flush()


def _clock(t_s: float) -> str:
    return f"{int(t_s) // 60}:{int(t_s) % 60:02d}"
