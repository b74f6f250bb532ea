"""A computer stays awake while two people practise, and not a moment longer."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from coreg.base.awake import kept_awake, kept_awake_by
from coreg.facts.events import (
    NS_PER_S,
    Beat,
    Cue,
    Gap,
    Input,
    Partner,
    Source,
    SourceEnded,
    Tick,
)
from coreg.session.engine import Engine, Output
from coreg.session.live import Presses, practise
from coreg.store.plans import plan_text
from tests.helpers.living import TICK_NS, couple_of, opened
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED, wait_until

REPOSITORY = Path(__file__).resolve().parents[1]
on_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="a program of Linux stands in"
)
STANDS_IN = """#!/bin/sh
echo "$@" > "{folder}/asked"
cat
echo > "{folder}/over"
"""
HOLDER = """
import sys
from coreg.base.awake import kept_awake
with kept_awake():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of the system's, which says what it was asked."""
    program = tmp_path / "bin" / "systemd-inhibit"
    program.parent.mkdir()
    program.write_text(STANDS_IN.format(folder=tmp_path))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return tmp_path / "asked"


@on_linux
def test_the_system_is_asked_to_stay_awake_for_as_long_as_it_is_needed(
    asked: Path,
) -> None:
    with kept_awake():
        wait_until(lambda: asked.exists() and asked.read_text() != "")
        assert "--what=idle:sleep" in asked.read_text()
        assert "--mode=block cat" in asked.read_text()


@on_linux
def test_a_coreg_that_is_killed_keeps_no_computer_awake(
    asked: Path, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        wait_until(asked.exists)
        other.send_signal(signal.SIGKILL)
    wait_until((tmp_path / "over").exists)


@on_linux
def test_where_the_system_has_no_such_program_a_practice_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with kept_awake():
        pass


def test_each_system_is_asked_in_its_own_way_and_lets_go_with_this_process() -> None:
    assert kept_awake_by("darwin", 71) == ["caffeinate", "-di", "-w", "71"]
    assert kept_awake_by("linux", 71)[0] == "systemd-inhibit"
    assert kept_awake_by("freebsd14", 71) == []


class NothingComes:
    """A source that ends at once."""

    async def inputs(self) -> AsyncGenerator[Input, None]:
        yield SourceEnded(t_ns=1)

    def hear(self, cue: Cue) -> None:
        """Take no notice."""


class Forgets:
    def append(self, fact: Input | Cue, t_ns: int) -> None:
        """Keep nothing."""


@pytest.mark.parametrize("source", Source)
def test_only_people_who_practise_keep_a_computer_awake(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []

    def note() -> object:
        kept.append("awake")
        return kept_awake()

    monkeypatch.setattr("coreg.session.live.kept_awake", note)
    plan = plan_text("relaxed-and-alert")
    begins = changed(OPENED, source=source, ends_with_source=True, plan_toml=plan)
    asyncio.run(practise(begins, NothingComes(), Forgets(), Presses(), []))
    assert kept == (["awake"] if source is Source.STRAPS else [])


def test_a_computer_that_slept_for_ten_minutes_leaves_a_gap_in_both_hearts() -> None:
    """The session's clock counts through sleep; nothing came meanwhile, not a tick."""
    slept_from_s, slept_s, until_s = 200, 600, 260
    couple, engine, said = couple_of(1), Engine(), list[Output]()
    said += engine.feed(opened())
    for t_ns in range(0, until_s * NS_PER_S, TICK_NS):
        late_ns = slept_s * NS_PER_S if t_ns >= slept_from_s * NS_PER_S else 0
        for packet in couple.advance(t_ns):
            said += engine.feed(replace(packet, t_ns=packet.t_ns + late_ns))
        said += engine.feed(Tick(t_ns=t_ns + late_ns))
    for partner in Partner:
        gaps = [g for g in said if isinstance(g, Gap) and g.partner is partner]
        (asleep,) = (g for g in gaps if g.end_s - g.start_s > slept_s - 10)
        assert asleep.start_s == pytest.approx(slept_from_s, abs=3)
        assert asleep.end_s == pytest.approx(slept_from_s + slept_s, abs=3)
        beats_s = [b.t_s for b in said if isinstance(b, Beat) and b.partner is partner]
        assert not any(asleep.start_s < t_s < asleep.end_s for t_s in beats_s)
