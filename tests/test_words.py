"""The catalogues hold together, and whoever opens a page gets a language they read."""

import json
import re
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from coreg.exercises.plan import parse_plan
from coreg.store.plans import plan_names, plan_text
from coreg.words import (
    ENGLISH,
    Language,
    asked_for,
    day,
    in_words,
    number,
    of_system,
    of_tag,
    say,
    section,
    speaking,
)
from coreg.words.catalogue import Entry, places
from coreg.words.plural import CATEGORIES, categories
from tests.helpers.english_left import STAYS_ENGLISH, left_in, left_in_rooms

ROOT = Path(__file__).parents[1]
OTHERS = [language for language in Language if language is not ENGLISH]
AREAS = sorted(
    file.name.removesuffix(".json")
    for file in (resources.files("coreg.words") / "en").iterdir()
    if file.name.endswith(".json")
)
BLANK = re.compile(r"\{(\w+)\}")
SAID = re.compile(
    r"""\b(?:say|word|wrong_and_do)\(\s*f?"([\w-]+(?:\.[\w:-]+)+\.?)(["{])"""
)


def blanks(entry: Entry) -> set[str]:
    texts = entry.values() if isinstance(entry, Mapping) else [entry]
    return {blank for text in texts for blank in BLANK.findall(str(text))}


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", OTHERS)
def test_another_language_says_what_english_says_with_the_same_blanks(
    language: Language, area: str
) -> None:
    english = dict(places(ENGLISH, area))
    for key, entry in places(language, area):
        assert key in english, f"{key} is said in {language} and not in English"
        said = blanks(entry) | ({"n"} if isinstance(entry, Mapping) else set())
        also = blanks(english[key])
        if isinstance(english[key], Mapping):
            also |= {"n"}
        assert said == also, key


@pytest.mark.parametrize("language", list(Language))
def test_no_place_is_written_twice(language: Language) -> None:
    """The second one would take the first one's words away, without a word."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        assert len(found) == len(pairs), [key for key, _ in pairs]
        return found

    for path in (resources.files("coreg.words") / language).iterdir():
        json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: Language, area: str) -> None:
    theirs = dict(places(language, area))
    assert [key for key, _ in places(ENGLISH, area) if key not in theirs] == []


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", list(Language))
def test_what_counts_has_every_form_of_its_language(
    language: Language, area: str
) -> None:
    for key, entry in places(language, area):
        if isinstance(entry, Mapping):
            assert set(entry) == categories(language), key


def test_plural_categories_are_those_of_cldr() -> None:
    # https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
    assert categories(Language.ENGLISH) == {"one", "other"}
    assert categories(Language.GERMAN) == {"one", "other"}
    assert {"one", "other"} <= CATEGORIES


def test_whatever_the_program_says_is_in_the_catalogue() -> None:
    for path in (ROOT / "coreg").rglob("*.py"):
        for key, end in SAID.findall(path.read_text(encoding="utf-8")):
            area, *names, last = key.split(".")
            found: object = section(area, ENGLISH)
            for name in names:
                assert isinstance(found, Mapping), key
                assert name in found, f"{path.name}: {key}"
                found = found[name]
            assert isinstance(found, Mapping), key
            if end == '"':
                assert last in found, f"{path.name}: {key}"
            else:  # a blank ends the key: at least one place begins so
                assert any(name.startswith(last) for name in found), key


@pytest.mark.parametrize("area", ["errors", "faults", "straps", "terminal"])
def test_whatever_is_wrong_comes_with_what_to_do(area: str) -> None:
    keys = {key for key, _ in places(ENGLISH, area)}
    wrong = {key.removesuffix(".wrong") for key in keys if key.endswith(".wrong")}
    assert [key for key in wrong if f"{key}.do" not in keys] == []


def test_whatever_a_person_reads_is_in_the_catalogue() -> None:
    assert list(left_in_rooms(ROOT / "coreg")) == []


def test_each_room_in_which_english_stays_is_there() -> None:
    assert [
        room for room in STAYS_ENGLISH if not (ROOT / "coreg" / room).exists()
    ] == []


@pytest.mark.parametrize(
    "code",
    [
        'raise StorageUnusable(f"{path} cannot be written.", "Free some space.")',
        'raise StorageUnusable(*wrong_and_do("errors.folder.link"), "or else")',
        'raise PasscodeRefused("That is wrong", say("a.b"), why="passcode-wrong")',
        'raise BadRow(f"event {seq} is missing")',
        'tell(f"{done} of {of} evenings")',
        'getpass.getpass(f"{name}\'s passcode: ")',
        '_WHY = {1: "That was more than an hour ago."}',
        'trouble = f"Recording stopped, because {why}."',
    ],
)
def test_words_left_in_the_code_are_found(code: str) -> None:
    assert left_in(code)


@pytest.mark.parametrize(
    "code",
    [
        'raise StorageUnusable(*wrong_and_do("errors.folder.link", folder=folder))',
        'raise PasscodeRefused(*told, why="passcode-wrong")',
        'tell(say("terminal.starting"))',
        'say(f"{sign}  {finding.what:10} {finding.words}")',
        'def done() -> None:\n    """Say that it is done, in words."""',
        'raise ValueError("Only a bug of ours gets here.")',
        'db.execute("INSERT INTO setting VALUES (?, ?) ON CONFLICT DO NOTHING.")',
    ],
)
def test_what_no_person_reads_is_not_taken_for_words(code: str) -> None:
    assert left_in(code) == []


def test_a_section_is_no_sentence() -> None:
    with pytest.raises(KeyError):
        say("pages.home", n=1)
    with pytest.raises(KeyError):
        say("pages.home.nothing-of-the-kind")


# What browsers send, by RFC 9110 (12.5.4), with their own examples.
@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("da, en-gb;q=0.8, en;q=0.7", "en"),
        ("fr-CH, fr;q=0.9, *;q=0.5", "en"),
        ("de;q=0, en", "en"),
        ("de;q=0", "en"),
        ("DE-at", "de"),
        ("", "en"),
    ],
)
def test_a_browser_gets_the_language_it_asks_for(asked: str, language: str) -> None:
    assert asked_for(asked) == language


@given(st.text())
@example("de;q=" + "9" * 5000)
@example("," * 100_000)
def test_no_wish_for_a_language_breaks_anything(asked: str) -> None:
    assert asked_for(asked) in Language
    assert of_tag(asked) in {None, *Language}


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
        ({"LANG": "en_GB.UTF-8", "COREG_LANGUAGE": "de"}, "de"),
        ({"LANG": "ja_JP.UTF-8"}, "en"),
    ],
)
def test_a_terminal_gets_the_language_it_is_set_to(
    environment: dict[str, str], language: str
) -> None:
    assert of_system(environment) == language


def test_numbers_and_dates_are_written_as_people_there_write_them() -> None:
    when = date(2026, 11, 9)
    assert day(when) == "9 November 2026"
    assert (day(when, with_year=False), number(-5.25, 2)) == ("9 November", "−5.25")
    with speaking(Language.GERMAN):
        assert day(when) == "9. November 2026"
        assert (day(when, with_year=False), number(-5.25, 2)) == (
            "9. November",
            "−5,25",
        )


def test_what_somebody_wrote_into_a_practice_is_shown_as_it_was_written() -> None:
    with speaking(Language.GERMAN):
        assert (
            in_words("Hold hands, if that is nice.") == "Hold hands, if that is nice."
        )


@pytest.mark.parametrize("language", OTHERS)
def test_every_practice_that_ships_is_put_into_words(language: Language) -> None:
    said = dict(places(language, "practices"))
    for plan in (parse_plan(plan_text(name)) for name in plan_names()):
        texts = [plan.title, plan.purpose]
        texts += [text for block in plan.blocks for text in (block.name, block.words)]
        for text in filter(None, texts):
            assert f"practices.{text}" in said, f"{plan.name}: {text}"
