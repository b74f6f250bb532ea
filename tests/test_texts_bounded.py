"""TOML and JSON from outside: no text takes more room than its length, and each that
cannot be read says so by its name.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from coreg.base import bounds
from coreg.base.bounds import BadText, json_of, shown, toml_of

MOST_BYTES = 32 * 1024 * 1024
# Of each kind: the error that a text of it ends in, and what the error has to name.
# Without one, whatever was learned from such a text is nothing, and all goes on.
KINDS = {
    "plan": ("BadPlanError", "plan"),
    "plan file": ("BadPlanError", "plan.toml"),
    "couple": ("BadCoupleError", "couple"),
    "couple file": ("BadCoupleError", "couple.toml"),
    "places": ("BadPlacesError", "places.json"),
    "strap pairs": ("StorageUnusable", "strap-pairs.json"),
    "erasing": ("StorageUnusable", "erasing.json"),
    "message": ("BadMessage", ""),
    "session": ("SessionDamaged", "a.coreg"),
    "report": ("", ""),
    "library": ("", ""),
    "belief": ("", ""),
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_monster_takes_more_room_than_a_text_or_goes_unnamed(
    kind: str, tmp_path: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.helpers.monsters", kind, tmp_path],
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    came_of: dict[str, dict[str, Any]] = json.loads(ran.stdout)
    error, named = KINDS[kind]
    assert len(came_of) > 20
    assert {name: each["error"] for name, each in came_of.items()} == dict.fromkeys(
        came_of, error
    )
    for name, each in came_of.items():
        assert named in each["words"], name
        assert len(each["words"]) < 500, name  # a person reads it
        assert each["peak_bytes"] < MOST_BYTES, name


# --- what is measured is what a parser would build -------------------------------

TOML_PIECES = st.lists(
    st.sampled_from(
        [
            *(
                '"""',
                "'''",
                '"',
                "'",
                "\\",
                "\n",
                "[",
                "]",
                "{",
                "}",
                ".",
                "#",
                "=",
                ",",
            ),
            *("a", "b", "1", "22", "_", " ", "x = ", "[[", "]]", "0x", "+", "e9"),
            *('x = """', '"""\n', "x = '''", "'''\n", "1979-05-27", "true", '\\"'),
        ]
    ),
    max_size=40,
).map("".join)
JSON_PIECES = st.lists(
    st.sampled_from(
        [
            *(
                '"',
                "\\",
                '\\"',
                "[",
                "]",
                "{",
                "}",
                ":",
                ",",
                "1",
                "22",
                "-",
                ".",
                "e9",
            ),
            *('"a"', '"a":', "null", "\\\\", "\n", "[1]", "{}", "\\u0022"),
        ]
    ),
    max_size=40,
).map("".join)


def depth(value: object) -> int:
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 0


def largest(value: object) -> float:
    """The largest whole number in it; a float has lost its digits."""
    if isinstance(value, list):
        return max(map(largest, value), default=0)
    if isinstance(value, dict):
        return max(map(largest, value.values()), default=0)
    return abs(value) if isinstance(value, int) else 0


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds so tight that short texts go beyond them."""
    monkeypatch.setattr(bounds, "MOST_DEEP", 1)
    monkeypatch.setattr(bounds, "MOST_PARTS", 1)
    monkeypatch.setattr(bounds, "MOST_DIGITS", 2)


def toml_or_none(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except ValueError:
        return None


def within(text: str) -> bool:
    try:
        toml_of(text)
    except BadText:
        return False
    return True


@pytest.mark.usefixtures("tight")
@given(TOML_PIECES)
@example('x = ["""a"""", [[1]], ""]')
@example('x = ["""a""""", [[1]]]')
@example("x = ['''a'''', [[1]], '']")
@example('x = ["""a\\"""", [[1]]]')
@example('x = ["\\"", [[1]]]')
@example('x = "\\\\"\na.b = 1\n')
@example("# it's\na.b = 1 # it's")
@example("x = [ # ]\n[1]]")
@example("x = 0xfff")
def test_nothing_hides_from_the_measure_of_toml(text: str) -> None:
    built = toml_or_none(text)
    if built is not None and within(text):
        # At most a heading's table in the whole, and in it a list or a table in braces.
        assert depth(built) <= 3
        assert largest(built) < 100


@given(TOML_PIECES)
@example('x = "[[[[[[[[[[[[[[[[[[[[[[[[["\n# [[[[[[[[[[[[[[[[[[[[[[[\n')
@example('x = """\n' + "a." * 40 + '"""\n')
@example("x = 'C:\\'\ny = '[[[[[[[[[[[[[[[[[[[[[[[[['\n")
@example("# " + "9" * 200)
@example(f'x = "{"9" * 200}"')
def test_what_is_no_monster_is_read_as_toml_reads_it(text: str) -> None:
    built = toml_or_none(text)
    measures = text.count("[") + text.count("{"), text.count(".") + 1
    if built is None:
        assert not within(text)
    elif max(measures) <= 16 or "[[[[" in text or "a.a.a." in text or "999" in text:
        assert toml_of(text) == built


@pytest.mark.usefixtures("tight")
@given(JSON_PIECES)
@example('["\\"", [1]]')
@example('["\\\\", [1]]')
@example('{"[": 123}')
def test_nothing_hides_from_the_measure_of_json(text: str) -> None:
    try:
        built = json_of(text, 1000)
    except BadText:
        return
    assert built == json.loads(text)
    assert depth(built) <= 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**99), 10**99) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=30,
    )
)
@example(["[" * 40, '{"' * 40, "9" * 200, "\\" * 7])
def test_what_is_no_monster_is_read_as_json_reads_it(value: object) -> None:
    if depth(value) <= bounds.MOST_DEEP:
        written = json.dumps(value)
        assert json_of(written, len(written)) == value
        plainly = json.dumps(value, ensure_ascii=False)
        assert json_of(plainly, len(plainly)) == value


@given(st.text() | TOML_PIECES | JSON_PIECES)
def test_any_text_is_read_or_named(text: str) -> None:
    for read in (toml_of, lambda text: json_of(text, 10_000)):
        try:
            read(text)
        except BadText as fault:
            words = str(fault)
        else:
            continue
        assert words.startswith(("is ", "has "))


def test_a_measure_that_is_passed_names_its_line() -> None:
    with pytest.raises(BadText, match=r"nested more than 16 deep \(line 3\)"):
        toml_of("a = 1\n# [[[\nx = " + "[" * 17)
    with pytest.raises(BadText, match=r"key of more than 16 parts \(line 2\)"):
        toml_of("a = 1.5\n" + ".".join("b" * 17) + " = 2")
    with pytest.raises(BadText, match=r"more than 100 digits \(line 2\)"):
        json_of("[\n" + "1" * 101 + "]", 1000)


def test_what_is_shown_of_a_value_is_short_and_as_it_was_written() -> None:
    assert len(shown("a" * 5000)) < 80
    assert len(shown([["a" * 5000] * 5000] * 5000)) < 300
    assert [shown(value) for value in (True, None, 4.5, "slow")] == [
        *("true", "null", "4.5", "'slow'")
    ]
    when = tomllib.loads("d = 2026-03-01\nt = 19:30:00\nw = 2026-03-01T19:30:00Z")
    assert [shown(value) for value in when.values()] == [
        *("2026-03-01", "19:30:00", "2026-03-01T19:30:00+00:00")
    ]
