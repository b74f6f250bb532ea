"""A practice of one's own: written from the how-to, seen, and put on Home."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coreg.cli import main
from coreg.cli.options.practices import PREVIEW_SPEED
from coreg.errors import BadPlanError
from coreg.exercises import practice
from coreg.exercises.blocks import BlockKind, Who
from coreg.exercises.plan import Plan, parse_plan, with_name
from coreg.exercises.plan_blocks import (
    Answers,
    Does,
    Ends,
    Length,
)
from coreg.exercises.practice import RateChosen, TimeWent, WasPressed
from coreg.facts.events import BlockBegan, Breath, Ended, Ending, Press
from coreg.session import plan_shelf
from coreg.session.plan_shelf import MOST_OWN, found_plan, own_plans
from coreg.store.plans import new_plan_text, plan_names, plan_text
from coreg.web.server.practice_catalogue import MAIN, PracticeCatalogue
from coreg.web.server.view import state_of
from coreg.web.wire.named import Screen
from tests.test_web_evening import HOME

ROOT = Path(__file__).resolve().parents[1]
HOW_TO = (ROOT / "docs" / "write-a-practice.md").read_text(encoding="utf-8")
OWN = (ROOT / "tests" / "data" / "own-practice.toml").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```toml\n(.*?)```", HOW_TO, flags=re.DOTALL)


# --- the how-to -------------------------------------------------------------------


def keys_of(text: str, wrong: str) -> set[str]:
    """The keys that may stand where this line with a wrong one does."""
    with pytest.raises(BadPlanError) as caught:
        parse_plan(text)
    assert wrong in caught.value.wrong
    return set(caught.value.do.partition(": ")[2].rstrip(".").split(", "))


def test_the_how_to_tells_every_key_that_may_be_written() -> None:
    head, asked = f"odd = 1\n{EXAMPLE}", f"{EXAMPLE}\nodd = 1\n"
    before = EXAMPLE.replace("[[after]]", "[[before]]") + "\nodd = 1\n"
    block = EXAMPLE.replace("minutes = 3", "odd = 1\nminutes = 3")
    choice = EXAMPLE.replace('{ words = "That’s it" }', "{ odd = 1 }")
    keys = {
        key
        for text in (head, asked, before, block, choice)
        for key in keys_of(text, "odd")
    }
    for key in keys - {"block", "before", "after"}:
        assert f"`{key}`" in HOW_TO, key
    for table in ("block", "before", "after"):
        assert f"`[[{table}]]`" in HOW_TO
    told = set(re.findall(r"^\| `(\w+)`(?:, `(\w+)`)?", HOW_TO, flags=re.MULTILINE))
    assert {key for row in told for key in row if key} <= keys


@pytest.mark.parametrize("words", [Answers, BlockKind, Does, Ends, Who, Length])
def test_the_how_to_tells_every_word_that_may_be_written(words: Any) -> None:
    for each in words:
        assert f'"{each}"' in HOW_TO, each


def walked(plan: Plan, press: Press | None) -> list[str]:
    """The parts that came, each left by this press or by time, to the very end."""
    at_s, came = 0.0, list[str]()
    state, said = practice.begin(
        plan, t_s=0.0, steps_wait=press is not None, ends_with_source=False
    )
    for _ in range(20_000):
        came += [each.name for each in said if isinstance(each, BlockBegan)]
        ended = [each.ending for each in said if isinstance(each, Ended)]
        if ended:
            assert ended == [Ending.COMPLETE]
            return came
        at_s += 0.25
        due_s = practice.breath_due_s(state, at_s)
        if not math.isnan(due_s):
            breath = RateChosen(t_s=due_s, rate_per_min=6.0)
            state, said = practice.step(state, breath)
            assert [type(each) for each in said] == [Breath]
        elif press is not None and state.block.waits:
            state, said = practice.step(state, WasPressed(t_s=at_s, press=press))
        else:
            state, said = practice.step(state, TimeWent(t_s=at_s))
    raise AssertionError("it never ended")


AGAIN_IN = {"tea-at-five": "Once more", "walk-and-thanks": "A little more"}


@pytest.mark.parametrize("text", [EXAMPLE, OWN], ids=["how-to", "written after it"])
def test_a_practice_written_from_the_how_to_is_practised_to_its_end(text: str) -> None:
    plan = parse_plan(text)
    names = [block.name for block in plan.blocks]
    usual = [name for name in names if name != AGAIN_IN[plan.name]]
    assert walked(plan, None) == usual
    assert walked(plan, Press.NEXT) == usual
    assert walked(plan, Press.AGAIN) == names


def test_what_was_written_from_the_how_to_means_what_was_meant() -> None:
    plan = parse_plan(OWN)
    thanks, back, more = plan.blocks[1:4]
    assert (thanks.who, back.who, more.who) == (Who.FIRST, Who.SECOND, Who.FIRST)
    assert [each.does for each in back.choices] == [Does.ON, Does.AGAIN, Does.END]
    assert plan.lengths == (Length.SHORTER, Length.USUAL)
    assert [each.makes_gentle(2) for each in plan.before] == [True]
    assert plan.from_evening == 4


# --- new, check, preview --------------------------------------------------------------


def told(capsys: pytest.CaptureFixture[str], *typed: str) -> str:
    assert main(["practices", *typed]) == 0
    return capsys.readouterr().out


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to write in, and a data folder beside."""
    monkeypatch.setenv("COREG_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


def test_a_new_practice_is_valid_as_it_is_written_and_says_how_to_go_on(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = told(capsys, "new", "tea-at-five")
    assert "coreg practices check tea-at-five.toml" in out
    assert "coreg practices preview tea-at-five.toml" in out
    assert str(place / "data" / "practices") in out
    text = (place / "here" / "tea-at-five.toml").read_text(encoding="utf-8")
    assert text == new_plan_text("tea-at-five")
    plan = parse_plan(text)
    assert plan.name == "tea-at-five"
    assert walked(plan, None) == [block.name for block in plan.blocks]


def test_every_line_of_a_new_practice_may_be_used() -> None:
    """What stands there for later is right as well, each line by itself and all."""
    text = new_plan_text("tea")
    waiting = re.findall(r"^# (\w+ = .*|\[\[after\]\])$", text, flags=re.MULTILINE)
    assert len(waiting) == 10
    for line in waiting:
        text = text.replace(f"# {line}", line)
    plan = parse_plan(text)
    assert (plan.from_evening, plan.is_harder, len(plan.after)) == (4, True, 1)


@pytest.mark.parametrize("name", plan_names())
def test_a_new_practice_may_begin_with_any_other(
    name: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "new", "mine", "--from", name)
    text = (place / "here" / "mine.toml").read_text(encoding="utf-8")
    assert parse_plan(text) == replace(parse_plan(plan_text(name)), name="mine")
    assert text.count("#") == plan_text(name).count("#")  # with all that explains it


def test_a_name_in_an_odd_place_is_changed_all_the_same() -> None:
    odd = 'purpose = """\nname = "x"\n"""\n' + EXAMPLE.replace(
        'purpose = "Hear one thing from each other’s day."\n', ""
    ).replace('name = "tea-at-five"', "'name' = 'tea-at-five'")
    assert parse_plan(with_name(odd, "mine")) == replace(parse_plan(odd), name="mine")


def test_no_file_is_written_over(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = place / "here" / "mine.toml"
    file.write_text("mine", encoding="utf-8")
    assert main(["practices", "new", "mine"]) == 1
    assert "There is a file mine.toml already." in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Tea at five", "can't be called 'Tea at five'. Take small letters"),
        ("..", "can't be called '..'"),
        ("x" * 61, "can't be called"),
        (MAIN, f"called {MAIN}, and it is coreg's own. Give yours another name."),
        ("no/such/folder/tea", "can't be written"),
    ],
)
@pytest.mark.usefixtures("place")
def test_what_cannot_be_a_name_is_refused(
    name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["practices", "new", name]) == 1
    assert said in capsys.readouterr().err


def test_a_check_shows_every_part_and_says_where_the_file_belongs(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = place / "here" / "walk-and-thanks.toml"
    file.write_text(OWN, encoding="utf-8")
    out = told(capsys, "check", str(file))
    for block in parse_plan(OWN).blocks:
        assert re.search(rf"min .* {block.name} \({block.kind}", out), block.name
    for said in ("from evening 4", "shorter 11 min", "below 3 it becomes", "again"):
        assert said in out
    assert "walk-and-thanks.toml." in out.splitlines()[-1]
    put(place / "data", "walk-and-thanks", OWN)
    assert "put it into" not in told(capsys, "check", "walk-and-thanks")


@pytest.mark.usefixtures("place")
def test_a_check_says_that_a_name_of_coregs_own_is_taken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("copy.toml").write_text(plan_text(MAIN), encoding="utf-8")
    assert "needs another name" in told(capsys, "check", "copy.toml")


@pytest.mark.parametrize(("straps", "is_told"), [("none", True), ("optional", False)])
@pytest.mark.usefixtures("place")
def test_a_check_says_where_nobody_is_asked_what_is_written(
    straps: str, is_told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    text = EXAMPLE.replace('"optional"', f'"{straps}"')
    Path("tea.toml").write_text(text, encoding="utf-8")
    assert ("nobody is asked" in told(capsys, "check", "tea.toml")) is is_told


@pytest.mark.usefixtures("place")
def test_a_check_can_be_read_by_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    Path("tea.toml").write_text(EXAMPLE, encoding="utf-8")
    out = json.loads(told(capsys, "check", "tea.toml", "--json"))
    assert (out["ok"], out["name"], out["is_own"]) == (True, "tea-at-five", True)
    Path("tea.toml").write_text("format = 2", encoding="utf-8")
    assert main(["practices", "check", "tea.toml", "--json"]) == 1
    out = json.loads(capsys.readouterr().out)
    assert out.keys() == {"ok", "wrong", "do"}
    assert out["ok"] is False


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("check", "coreg practices check tea-at-five.toml"),
        ("new", "coreg practices new tea-at-five"),
        ("--speed 3", "--speed is only for: coreg practices preview"),
        ("check x --from y", "--from is only for: coreg practices new"),
        ("new x --json", "new prints no JSON"),
    ],
)
def test_what_does_not_go_together_is_refused(
    typed: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["practices", *typed.split()])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_a_preview_opens_the_plan_with_a_made_up_couple_and_keeps_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []

    def pages(opening: Any) -> list[Path]:
        assert opening.data_dir.is_dir()
        opened.append(opening)
        return []

    monkeypatch.setattr("coreg.cli.home.open_pages", pages)
    Path("tea.toml").write_text(EXAMPLE, encoding="utf-8")
    assert main(["practices", "preview", "tea.toml", "--no-browser"]) == 130
    (opening,) = opened
    assert opening.chosen.practice == "tea-at-five"
    assert "tea-at-five" in opening.catalogue.names
    assert opening.straight_to.kind == "simulated"
    assert (opening.speed, opening.in_browser) == (PREVIEW_SPEED, False)
    assert not opening.data_dir.exists()
    assert not (place / "data").exists()


# --- on Home ----------------------------------------------------------------------


def put(data: Path, name: str, text: str) -> Path:
    path = data / "practices" / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def own(name: str, **more: str) -> str:
    text: str = EXAMPLE.replace('"tea-at-five"', f'"{name}"')
    for written, instead in more.items():
        text = text.replace(written, instead)
    return text


def test_plans_in_the_data_folder_are_offered_beside_those_that_ship(
    tmp_path: Path,
) -> None:
    put(tmp_path, "tea", own("tea"))
    put(tmp_path, "hour", own("hour", couple="therapist"))
    catalogue = PracticeCatalogue(own=own_plans(tmp_path))
    assert catalogue.names == PracticeCatalogue().names | {
        "tea"
    }  # the hour is no home's
    shown = {each.name: each for each in catalogue.shown(HOME)}
    assert shown["tea"].title == "Tea at five"
    chosen = replace(HOME.chosen, practice="tea")
    assert catalogue.text(chosen) == own("tea")
    assert found_plan("hour", tmp_path).plan.opened_by == "therapist"


def test_where_there_are_none_nothing_is_missing(tmp_path: Path) -> None:
    assert own_plans(tmp_path) == plan_shelf.NO_OWN
    assert list(tmp_path.iterdir()) == []


BROKEN = {
    "broken": ("title = [", "is not valid TOML"),
    "other": (own("another"), "In the plan, name is 'another'"),
    MAIN: (plan_text(MAIN), "it is coreg's own"),
    "Tea": (own("Tea"), "can't be called 'Tea'"),
    "quiet-without-breathing": (own("quiet-without-breathing"), "no quiet.toml"),
    f"{MAIN}-first-time-without-breathing": (own("x"), "it is coreg's own"),
}


def test_a_broken_one_is_named_and_left_out_and_takes_nothing_with_it(
    tmp_path: Path,
) -> None:
    put(tmp_path, "tea", own("tea"))
    for name, (text, _) in BROKEN.items():
        put(tmp_path, name, text)
    (tmp_path / "practices" / "folder.toml").mkdir()
    (tmp_path / "practices" / "gone.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "practices" / "note.txt").write_text("not a plan", encoding="utf-8")
    (tmp_path / "practices" / ".half.toml").write_text("x", encoding="utf-8")
    found = own_plans(tmp_path)
    assert [*found.plans] == ["tea"]
    wrong = {each.path.stem: each.wrong for each in found.left_out}
    assert wrong.keys() == {*BROKEN, "folder", "gone"}
    for name, (_, said) in BROKEN.items():
        assert said in wrong[name]
    assert all(each.do for each in found.left_out)
    catalogue = PracticeCatalogue(own=found)
    assert catalogue.plans[MAIN] == PracticeCatalogue().plans[MAIN]


def test_a_folder_that_cannot_be_read_or_holds_too_many_breaks_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "practices").write_text("no folder", encoding="utf-8")
    (left,) = own_plans(tmp_path).left_out
    assert "cannot be read" in left.wrong
    (tmp_path / "practices").unlink()
    for number in range(MOST_OWN + 2):
        put(tmp_path, f"p{number:03}", own(f"p{number:03}"))
    found = own_plans(tmp_path)
    assert (len(found.plans), len(found.left_out)) == (MOST_OWN, 2)


def test_a_version_without_breathing_stands_for_its_own_practice(
    tmp_path: Path,
) -> None:
    put(tmp_path, "tea", own("tea"))
    put(tmp_path, "tea-without-breathing", own("tea-without-breathing"))
    found = own_plans(tmp_path)
    assert found.left_out == ()
    catalogue = PracticeCatalogue(own=found)
    assert "tea-without-breathing" not in catalogue.names
    chosen = replace(HOME.chosen, practice="tea", without_breathing=True)
    assert catalogue.text(chosen) == own("tea-without-breathing")


def test_home_says_which_file_cannot_be_used_and_no_other_screen_does(
    tmp_path: Path,
) -> None:
    put(tmp_path, "broken", "title = [")
    catalogue = PracticeCatalogue(own=own_plans(tmp_path))

    def notices(screen: Screen) -> list[str]:
        evening = replace(HOME, screen=screen)
        shown = state_of(evening, server_s=1.0, catalogue=catalogue, straps=())
        return [each.words for each in shown.notices]

    (said,) = notices(Screen.HOME)
    assert "broken.toml" in said
    assert notices(Screen.SETTINGS) == []


def test_the_list_names_ones_own_and_what_is_left_out(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(place / "data", "tea", own("tea"))
    put(place / "data", "broken", "title = [")
    listed = told(capsys)
    assert re.search(
        r"^tea +7 min +couple +from evening 1 +Tea at five$", listed, re.MULTILINE
    )
    assert re.search(r"^Left out: .*broken\.toml: .*TOML", listed, re.MULTILINE)
    out = json.loads(told(capsys, "--json"))
    assert [each["name"] for each in out["practices"] if each["is_own"]] == ["tea"]
    (left,) = out["left_out"]
    assert left["file"].endswith("broken.toml")


def test_one_of_ones_own_is_practised_by_its_name(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(place / "data", "tea", own("tea"))
    assert main(["practice", "tea", "--simulate", "--headless", "--speed", "1e6"]) == 0
    assert main(["sessions", "--json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out[out.index("{") :])["sessions"][0]["practice"] == "tea"
