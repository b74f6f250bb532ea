"""Thirty ways to break a plan: each is named by its place and by what to write."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from coreg.cli import main
from coreg.errors import BadPlanError
from coreg.exercises.plan import Plan, parse_plan, with_length, with_name

OWN = Path(__file__).with_name("data") / "own-practice.toml"
WHOLE = OWN.read_text(encoding="utf-8")

BROKEN = [
    # what is no plan at all
    (
        'title = "A walk, and thanks"',
        'title = "A walk',
        "(at line 5, column",
        "Compare",
    ),
    ('[[block]]\nname = "Quiet"', '[block\nname = "Quiet"', "(at line", "Compare"),
    ('opened_by = "couple"', "opened_by = couple", "(at line", "Compare"),
    # the head
    ("format = 2", "format = 20", "the plan, format is 20", "1 or 2"),
    ('name = "walk-and-thanks"\n', "", "the plan, name is nothing", "some words"),
    ("version = 1", 'version = "1"', "the plan, version", "a whole number"),
    ("version = 1", "version = -1", "the plan, version", "from 0"),
    ('title = "A walk, and thanks"', 'title = " "', "the plan, title", "some words"),
    ('"couple"', '"couples"', "opened_by is 'couples'", "couple, therapist"),
    ('"optional"', '"off"', "the plan, straps", "worn, optional, none"),
    ('"turns"', '"first"', "the plan, begins", "turns, asked"),
    ("from_evening = 4", "from_evening = 0", "the plan, from_evening", "from 1 to"),
    ("from_evening = 4", "harder = 1", "the plan, harder is 1", "true or false"),
    ("from_evening", "from_evenings", "the plan, from_evenings", "only these here"),
    ("version = 1", 'version = 1\nlength = "longer"', "length", "shorter, usual"),
    ("version = 1", "version = 1\nbreaths_per_min = 3", "breaths_per_min", "4.5 to 7"),
    # what is asked before and after
    ('low = "none"\n', "", "[[before]] 1, low is nothing", "some words"),
    ("gentler_below = 3", "gentler_below = 30", "gentler_below", "from 0 to 10"),
    (
        "gentler_below = 3",
        'gentler_on = "no"',
        "[[before]] 1, gentler_on",
        'answers = "yes-no"',
    ),
    (
        'low = "none"\nhigh = "plenty"\ngentler_below = 3',
        'answers = "yes-no"\ngentler_below = 3',
        "[[before]] 1, gentler_below",
        'answers = "scale"',
    ),
    (
        'low = "none"\nhigh = "plenty"\ngentler_below = 3',
        'answers = "yes-no"\ngentler_on = "nay"',
        "[[before]] 1, gentler_on",
        "no, yes",
    ),
    (
        'name = "thanked"',
        'name = "thanked"\ngentler_on = "no"',
        "[[after]] 1, gentler_on",
        "only these here",
    ),
    ('name = "thanked"', 'name = "so much"', "[[after]] 1, name", "a short name"),
    # the parts
    (
        'kind = "arrive"',
        'kind = "walk"',
        "block 1 (Shoes off), kind",
        "arrive, breathe",
    ),
    ("minutes = 1.5", 'minutes = "1.5"', "block 1 (Shoes off), minutes", "above 0"),
    ("minutes = 1.5", "minutes = 90", "block 1 (Shoes off), minutes", "at most 60"),
    ("minutes = 1.5\n", "", "block 1 (Shoes off), minutes is nothing", "above 0"),
    ('words = "Nothing to add."', "", "block 8 (Quiet), words", "some words"),
    ('kind = "write"\nwho = "each"', 'kind = "write"', "(For yourself), who", "each"),
    (
        'who = "first"\nminutes',
        'who = "both"\nminutes',
        "thanks), who",
        "one of: first",
    ),
    ("{listener} for one", "{listner} for one", "thanks), speaker", "only {speaker}"),
    ("prompts = [", "prompts = [1, ", "(The first thanks), prompts", "a list of words"),
    ('"again" }', '"twice" }', "choice 2, does is 'twice'", "next, again, pause, end"),
    ('ends = "press"', 'ends = "never"', "(What came across), ends", "time, press"),
    ('ends = "press"\n', "", "(What came across), choices", 'ends = "press"'),
    ("again = true\n", "", "block 4 (A little more), again is nothing", "again = true"),
    ('"again" }', '"next" }', "block 4 (A little more), again is true", "only after"),
    ('name = "light"', 'name = "light now"', "scale 1, name", "a short name"),
    (
        'kind = "write"\nwho = "each"',
        'kind = "words"',
        "(For yourself), scales",
        "step",
    ),
    (
        'words = "Small',
        'breaths_per_min = 6\nwords = "Small',
        "breaths_per_min",
        "pace",
    ),
    (
        'name = "Quiet"\nkind = "rest"',
        'name = "Quiet"\nkind = "rest"\ncolour = "blue"',
        "block 8 (Quiet), colour",
        "only these here",
    ),
]


def test_they_are_thirty_and_more() -> None:
    assert len(BROKEN) >= 30
    assert len({(written, instead) for written, instead, _, _ in BROKEN}) == len(BROKEN)


@pytest.mark.parametrize(("written", "instead", "place", "right"), BROKEN)
def test_a_broken_plan_is_named_by_its_place_and_by_what_to_write(
    written: str, instead: str, place: str, right: str
) -> None:
    assert written in WHOLE
    with pytest.raises(BadPlanError) as caught:
        parse_plan(WHOLE.replace(written, instead, 1))
    assert place in caught.value.wrong
    assert right in caught.value.do


@pytest.mark.parametrize("blanks", ["{}", "{0}", "{names}", "{speaker} {partner}"])
@pytest.mark.parametrize("key", ["words", "speaker", "listener", "prompts"])
def test_no_blank_that_nobody_fills_comes_before_a_couple(
    key: str, blanks: str
) -> None:
    words = f'["Tell {blanks}"]' if key == "prompts" else f'"Tell {blanks}"'
    lines = '[[block]]\nname = "One more"\nkind = "turn"\nwho = "first"\nminutes = 1\n'
    more = "" if key == "words" else 'words = "All right."\n'
    with pytest.raises(BadPlanError, match=rf"block 9 \(One more\), {key} is"):
        parse_plan(f"{WHOLE}\n{lines}{more}{key} = {words}\n")
    parse_plan(f"{WHOLE}\n{lines}{more}{key} = {words.replace(blanks, '{speaker}')}\n")


def test_what_an_earlier_format_says_means_the_same_for_ever() -> None:
    """There, nobody fills a blank: it always stood as it is written."""
    first = (
        'format = 1\nname = "x"\nversion = 1\ntitle = "X"\npurpose = "X"\n'
        'opened_by = "couple"\n[[block]]\nname = "T"\nkind = "rest"\nminutes = 1\n'
        'words = "{so}"\ninputs = []\nmeasured = []\nshown = []\n'
    )
    assert parse_plan(first).blocks[0].words == "{so}"


# --- whatever may happen to a file --------------------------------------------------

LINES = WHOLE.splitlines()
VALUES = sorted({line.partition(" = ")[2] for line in LINES if " = " in line})
TOKENS = [*VALUES, "true", "-1", "nan", "1e999", "[]", "{}", '""', "[[1]]", "12:00:00"]


def read_or_named(text: str) -> None:
    """A plan that can be used in every way, or a fault with place and words."""
    try:
        plan = parse_plan(text)
    except BadPlanError as caught:
        fault = caught
    else:
        read_in_every_way(plan, text)
        return
    assert fault.wrong
    assert fault.do


def read_in_every_way(plan: Plan, text: str) -> None:
    for length in plan.lengths:
        assert parse_plan(with_length(text, length)).length is length
    assert parse_plan(with_name(text, "another")).name == "another"


@given(st.lists(st.integers(0, len(LINES) - 1), max_size=3))
def test_a_plan_with_lines_left_out_is_a_plan_or_a_named_fault(left: list[int]) -> None:
    read_or_named("\n".join(line for n, line in enumerate(LINES) if n not in left))


@given(st.integers(0, len(LINES) - 1), st.integers(0, len(LINES) - 1))
def test_a_plan_with_lines_in_another_place_is_a_plan_or_a_named_fault(
    one: int, other: int
) -> None:
    lines = [*LINES]
    lines.insert(other, lines.pop(one))
    read_or_named("\n".join(lines))
    read_or_named("\n".join([*LINES[:other], LINES[one], *LINES[other:]]))


@given(st.integers(0, len(LINES) - 1), st.sampled_from(TOKENS))
@example(LINES.index("minutes = 1.5"), "1e-320")
@example(LINES.index("from_evening = 4"), "9" * 99)
def test_a_plan_with_another_value_is_a_plan_or_a_named_fault(
    number: int, value: str
) -> None:
    key, equals, _ = LINES[number].partition(" = ")
    if equals:
        changed = f"{key} = {value}"
        read_or_named("\n".join([*LINES[:number], changed, *LINES[number + 1 :]]))


@given(st.integers(0, len(WHOLE) - 1), st.characters(), st.integers(0, 3))
def test_a_plan_with_other_letters_is_a_plan_or_a_named_fault(
    at: int, letter: str, less: int
) -> None:
    read_or_named(WHOLE[:at] + letter + WHOLE[at + less :])
    read_or_named(WHOLE[:at])


# --- as it is told at a terminal ----------------------------------------------------


def test_a_fault_is_told_in_one_line_with_its_file_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(WHOLE.replace('kind = "rest"', 'kind = "reste"'), encoding="utf-8")
    assert main(["practices", "check", str(path), "--data-dir", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert re.search(r"mine\.toml: In block 8 \(Quiet\), kind is 'reste'\. Write", line)
