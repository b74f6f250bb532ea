"""What a terminal shows of a practice: calm lines that name nobody's heart."""

import io
import json
import re
from importlib import resources

import pytest

from coreg.cli.progress import Progress
from coreg.facts.events import (
    NS_PER_S,
    Cue,
    FloodingPassed,
    PossibleFlooding,
    Tick,
)

TOLD_S = 725.0  # 12 min 5 s


class Terminal(io.StringIO):
    """A terminal whose line is drawn again and again."""

    def isatty(self) -> bool:
        return True


def shown(cue: Cue, stream: io.StringIO) -> str:
    progress = Progress(stream)
    progress(Tick(t_ns=round(TOLD_S * NS_PER_S)), [cue])
    progress(Tick(t_ns=round(TOLD_S * NS_PER_S)), [])
    progress.done()
    return stream.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_possible_flooding_is_asked_in_the_words_of_the_pages(
    stream: type[io.StringIO],
) -> None:
    words = resources.files("coreg.words") / "en" / "pages.json"
    asked = json.loads(words.read_text(encoding="utf-8"))["practice"]["asks"]
    line = shown(PossibleFlooding(t_s=TOLD_S), stream())
    assert f"12:05  {asked}" in line
    assert "Ctrl-C" in line  # what may be done where there is no pause to press


@pytest.mark.parametrize("told", [PossibleFlooding, FloodingPassed])
def test_flooding_and_its_end_are_one_line_each_and_name_nobody(
    told: type[PossibleFlooding | FloodingPassed],
) -> None:
    line = shown(told(t_s=TOLD_S), io.StringIO())
    assert line.startswith("12:05  ")
    assert line.count("\n") == 1
    assert not re.search(r"\b(?:A(?! lot)|B)\b|heart|bpm|flood", line)
