"""A pace that no heart changes, for hearts whose rhythm is not to be relied on."""

from dataclasses import replace
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.errors import BadPlanError
from coreg.exercises.plan import Pace, parse_plan, with_fixed_pace
from coreg.facts.events import Breath, Input, Intervals, Opened, Partner, Tick
from coreg.session.engine import run
from coreg.store.plans import plan_names, plan_text
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED

MAIN = plan_text("relaxed-and-alert")
TICK_NS = 250_000_000


def breaths(plan_toml: str, rr_ms: tuple[float, ...]) -> list[Breath]:
    """The breaths of seven minutes in which both hearts beat in this pattern."""
    opened: Opened = changed(OPENED, plan_toml=plan_toml)
    inputs: list[Input] = [opened]
    for number in range(1, 7 * 60 * 4):
        t_ns = number * TICK_NS
        if number % 4 == 0:
            beat = rr_ms[number // 4 % len(rr_ms)]
            inputs += [
                Intervals(t_ns=t_ns, partner=partner, rr_ms=(beat,))
                for partner in Partner
            ]
        inputs.append(Tick(t_ns=t_ns))
    return [said for said in run(inputs) if isinstance(said, Breath)]


def test_with_a_fixed_pace_no_heart_changes_the_breath() -> None:
    steady, restless = (1000.0,), (900.0, 1100.0, 950.0, 1030.0, 870.0, 1120.0, 1010.0)
    fixed = with_fixed_pace(MAIN)
    assert breaths(fixed, steady) == breaths(fixed, restless)
    assert breaths(MAIN, steady) != breaths(MAIN, restless)  # else nothing was shown
    assert breaths(fixed, restless)[-1].period_s == 10.0


@pytest.mark.parametrize("name", plan_names())
def test_only_the_pace_of_a_plan_is_changed(name: str) -> None:
    plan = parse_plan(plan_text(name))
    fixed = with_fixed_pace(plan_text(name))
    assert parse_plan(fixed) == replace(plan, pace=Pace.FIXED)
    assert with_fixed_pace(fixed) == fixed


def test_a_pace_that_is_written_down_is_changed_where_it_stands() -> None:
    written = f'pace = "shared"\n{MAIN}'
    assert parse_plan(written).pace is Pace.SHARED
    assert parse_plan(with_fixed_pace(written)).pace is Pace.FIXED


def test_another_pace_is_answered_in_words() -> None:
    with pytest.raises(BadPlanError, match=r"pace is 'slow'.*shared, blocks, fixed"):
        parse_plan(f'pace = "slow"\n{MAIN}')


@pytest.mark.parametrize(("pace", "is_told"), [("fixed", True), ("blocks", False)])
def test_checking_a_plan_says_where_its_pace_leaves_both_hearts_unwatched(
    pace: str, is_told: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = plan_text("our-pace").replace('pace = "blocks"', f'pace = "{pace}"')
    plan = tmp_path / "own.toml"
    plan.write_text(text, encoding="utf-8")
    assert main(["practices", "check", str(plan)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("ok: ")
    assert ("no heart is watched" in told) is is_told
    assert ('pace = "blocks"' in told) is is_told
