"""A plan for home: what it may hold, until when, and what came of it."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from coreg.base.toml_writer import toml_text
from coreg.cli import main
from coreg.errors import BadPlanError
from coreg.exercises.home_plan import (
    HomePlan,
    home_plan_text,
    offered,
    parse_home_plan,
)
from coreg.facts.events import Ending
from coreg.session.home_plan_shelf import (
    came_of_it,
    end_home_plan,
    home_plan_in,
    keep_home_plan,
    plans_there,
    practised_last,
    read_home_plan,
)
from coreg.store.folder import data_folder
from coreg.store.library_db import Library
from tests.helpers.couple_sessions import recorded, recorded_hour

DAY = dt.date(2026, 3, 1)
DAY_1 = dt.timedelta(days=1)
GOOD = {
    "format": 1,
    "practice": "relaxed-and-alert",
    "times_a_week": 3,
    "since": DAY,
    "until": DAY + 27 * DAY_1,
    "why": "To sit down together again.",
}
PLANS = plans_there(Path("nowhere"))


def made(**other: object) -> HomePlan:
    return parse_home_plan(toml_text({**GOOD, **other}), PLANS)


@given(st.integers(1, 7), st.integers(0, 84), st.text(min_size=1, max_size=200))
def test_it_comes_out_of_its_file_as_it_went_in(
    times: int, days: int, why: str
) -> None:
    plan = HomePlan(
        practice="relaxed-and-alert",
        times_a_week=times,
        since=DAY,
        until=DAY + days * DAY_1,
        why=" ".join(why.split()) or "so",
    )
    assert parse_home_plan(home_plan_text(plan), PLANS) == plan


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"practice": "no-such"}, "a practice that a couple opens"),
        ({"practice": "near-and-far"}, "a practice that a couple opens"),
        ({"practice": "repair"}, "from 1 to 1"),  # a harder one: once a week
        ({"times_a_week": 0}, "from 1 to 7"),
        ({"times_a_week": 8}, "from 1 to 7"),
        ({"until": DAY - DAY_1}, "a day from 2026-03-01 to 2026-05-24"),
        ({"until": DAY + 85 * DAY_1}, "a day from 2026-03-01 to 2026-05-24"),
        ({"until": "soon"}, "a day, such as"),
        ({"why": "w" * 201}, "at most 200 characters"),
        ({"why": "  "}, "some words in quotes"),
        ({"format": 2}, "the only format"),
        ({"who_paused": "A"}, "only these here"),
    ],
)
def test_what_is_wrong_in_one_is_named(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(BadPlanError) as refused:
        made(**wrong)
    assert why in str(refused.value)


def test_it_gives_tonight_while_it_holds_and_then_the_ladder_does() -> None:
    plan = made()
    for day, tonight in (
        (DAY - DAY_1, None),
        (DAY, "relaxed-and-alert"),
        (plan.until, "relaxed-and-alert"),
        (plan.until + DAY_1, None),
    ):
        assert offered(plan, day, PLANS, {}) == tonight
    assert offered(None, DAY, PLANS, {}) is None
    assert offered(plan, DAY, {}, {}) is None  # its practice is gone
    often = {"relaxed-and-alert": DAY}
    assert offered(plan, DAY, PLANS, often) == "relaxed-and-alert"


def test_a_harder_practice_comes_once_a_week() -> None:
    plan = made(practice="repair", times_a_week=1)
    last = {"repair": DAY}
    for after, tonight in ((0, None), (6, None), (7, "repair")):
        assert offered(plan, DAY + after * DAY_1, PLANS, last) == tonight


def test_what_came_of_it_is_counted_and_nobody_named(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data")
    recorded(folder, 2, Ending.COMPLETE)
    recorded(folder, 4, Ending.FINISHED_EARLY)
    recorded(folder, 6, Ending.COMPLETE, "relaxed-and-alert-without-breathing")
    recorded(folder, 8, Ending.COMPLETE, "delight")
    recorded(folder, 9, None)
    came = came_of_it(made(until=dt.date(2026, 3, 9)), folder, dt.UTC)
    assert [day.day for day in came.done] == [2, 6]
    assert [day.day for day in came.stopped] == [4, 9]
    assert practised_last(folder, dt.UTC) == {
        "relaxed-and-alert": dt.date(2026, 3, 9),
        "delight": dt.date(2026, 3, 8),
    }
    assert came_of_it(made(since=dt.date(2026, 3, 3)), folder, dt.UTC).done == (
        dt.date(2026, 3, 6),
    )


def test_what_is_practised_in_a_therapists_hour_came_of_no_plan(
    tmp_path: Path,
) -> None:
    folder = data_folder(tmp_path / "data")
    recorded(folder, 2, Ending.COMPLETE)
    first, _, _ = recorded_hour(folder, 3)
    recorded(folder, 3, Ending.FINISHED_EARLY, minute=50, hour=first)
    recorded(folder, 4, Ending.WENT_OVER)  # an hour that this practice was itself
    came = came_of_it(made(), folder, dt.UTC)
    assert (came.done, came.stopped) == ((dt.date(2026, 3, 2),), ())


def test_it_is_kept_ended_and_brought_by_a_file(tmp_path: Path) -> None:
    library = Library(data_folder(tmp_path / "data"))
    assert home_plan_in(library, PLANS) is None
    plan = made()
    keep_home_plan(library, plan)
    assert home_plan_in(library, PLANS) == plan
    assert home_plan_in(library, {}) is None
    end_home_plan(library)
    assert home_plan_in(library, PLANS) is None
    path = tmp_path / "plan.toml"
    path.write_text(home_plan_text(plan), encoding="utf-8")
    assert read_home_plan(path, PLANS) == plan
    for bad in (b"\xff\xfe", b"[[[[", b"x" * 5000):
        path.write_bytes(bad)
        with pytest.raises(BadPlanError):
            read_home_plan(path, PLANS)
    with pytest.raises(BadPlanError, match="can’t be read"):
        read_home_plan(tmp_path / "none.toml", PLANS)


def test_a_couple_brings_one_reads_it_and_hears_what_came_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--data-dir", str(tmp_path / "data")]
    assert main(["plan", *place]) == 0
    assert capsys.readouterr().out == "There is no plan for home.\n"
    today = dt.date.today()  # noqa: DTZ011 - as the command reads it
    path = tmp_path / "plan.toml"
    path.write_text(home_plan_text(made(since=today, until=today)), encoding="utf-8")
    assert main(["plan", "import", str(path), *place]) == 0
    said = capsys.readouterr().out
    assert "Relaxed and alert, 3 times a week until" in said
    assert "To sit down together again." in said
    assert "What got in the way?" in said
    path.write_text(home_plan_text(made()), encoding="utf-8")
    assert main(["plan", "import", str(path), *place]) == 1
    assert "ended on 28 March 2026" in capsys.readouterr().err
