"""Every sentence that rests on a figure is listed, with the command that prints it.

The list is the last section of docs/measures.md. A figure in words for people or in the
papers that is not on it fails here, and so does a listed one that nobody says any more,
or whose command is not there. What holds a digit and claims nothing measured, such as a
scale, a setting or a window, is named below, by place.
"""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
WORDS = ROOT / "coreg" / "words" / "en"
PAPERS = ("README.md", "docs/why.md")
BEGINS: Final = "## What pages say in figures\n"

_COUNT: Final = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten"
    "|fifteen|nineteen|twenty|hundred)"
)
_OF: Final = "(?: (?:people|couples?|parts?|cells?|times|evenings))? (?:in|of|out of)"
_SHARE: Final = (
    rf"\b{_COUNT}{_OF} (?:a |every )?{_COUNT}\b"
    r"|\d+(?:\.\d+)? ?%|\bhundred|\bthousand"
    r"|\b(?:half|most|a third|a quarter) of (?:people|couples|us)\b"
    rf"|\b{_COUNT} minutes or more\b|\bsix there.s a fairer\b"
)
IN_WORDS: Final = re.compile(rf"\d|{_SHARE}", re.IGNORECASE)
IN_PAPERS: Final = re.compile(
    rf"{_SHARE}|\b(?:about|in|takes) (?:half a|a|{_COUNT}) (?:seconds?|minutes?)\b"
    rf"|\b{_COUNT} to {_COUNT}(?:-\w+)? minutes",
    re.IGNORECASE,
)

NO_CLAIMS: Final = {
    "scales that are answered on": (
        "pages.own.ratings.*",
        "pages.own.how*",
        "pages.own.answered",
        "pages.heard.*",
        "pages.wish.on",
        "report.evenings.rating_table",
        "report.evenings.turned_round",
        "report.steps.*",
        "report.room.dots_*",
        "report.pace.couple_table_shared",
    ),
    "names, keys, events and counts of one": (
        "errors.why.*",
        "errors.clinic.label.wrong",
        "pages.clinic.labels",
        "pages.consent.doctor",
        "pages.phones.fingerprint",
        "report.note.*.one",
        "straps.trouble.interference.*",
        "terminal.*.one",
    ),
    "definitions: bands, windows, scales, years of papers": (
        "report.chest_breath.*",
        "report.couple.own_caption",
        "report.ecg.caption",
        "report.recording.meanings.*",
        "report.recording.remarks.*",
        "report.research.*",
        "report.session.*",
        "report.together.phases_caption",
        "report.together.profile_alt",
        "straps.quirk.*",
    ),
    "floors, which docs/measures.md has at each measure": ("report.room.warm_floor",),
    "intervals of 95 % whose numbers are this couple's own": (
        "report.room.care_median*",
        "report.room.warm_*",
        "report.alone.level",
        "report.alone.swing",
    ),
}


class Listed(NamedTuple):
    """A row of the list: where it is said, what of it, and what prints it."""

    place: str
    figure: str
    printed_by: str


def listed() -> list[Listed]:
    text = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    section = text.partition(BEGINS)[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines()]
    return [
        Listed(row[0].strip("`"), row[1], row[2])
        for row in rows
        if len(row) == 3 and row[0].startswith("`")
    ]


def leaves(of: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(of, dict):
        for key, value in of.items():
            yield from leaves(value, f"{place}.{key}")
    elif isinstance(of, str):
        yield place, of


def words() -> dict[str, str]:
    """Return every text for people by its place, without what is filled in."""
    return {
        place: " ".join(re.sub(r"\{\w+\}", "", text).split())
        for path in sorted(WORDS.glob("*.json"))
        for place, text in leaves(json.loads(path.read_text("utf-8")), path.stem)
    }


def paper(name: str) -> str:
    return " ".join((ROOT / name).read_text(encoding="utf-8").split())


def is_no_claim(place: str) -> bool:
    patterns = (each for group in NO_CLAIMS.values() for each in group)
    return any(fnmatchcase(place, pattern) for pattern in patterns)


def unlisted(place: str, text: str, pattern: re.Pattern[str]) -> list[str]:
    for each in listed():
        if each.place == place:
            text = text.replace(each.figure, "")
    return [found.group() for found in pattern.finditer(text)]


def test_every_figure_in_words_for_people_is_listed_or_no_claim() -> None:
    left = {
        place: unlisted(place, text, IN_WORDS)
        for place, text in words().items()
        if not is_no_claim(place)
    }
    assert {place: found for place, found in left.items() if found} == {}


@pytest.mark.parametrize("name", PAPERS)
def test_every_figure_in_the_papers_is_listed(name: str) -> None:
    assert unlisted(name, paper(name), IN_PAPERS) == []


def test_what_is_listed_is_still_said() -> None:
    said = words()
    for each in listed():
        text = paper(each.place) if each.place in PAPERS else said[each.place]
        assert each.figure in text, each.place


def test_what_prints_it_is_there() -> None:
    assert len(listed()) > 10
    for each in listed():
        modules = re.findall(r"python -m (benchmarks\.\w+)", each.printed_by)
        tests = re.findall(r"pytest (tests/\w+\.py)", each.printed_by)
        scripts = re.findall(r"`(\.ci/\w+)`", each.printed_by)
        files = [f"{name.replace('.', '/')}.py" for name in modules] + tests + scripts
        if not files:  # and then the list says so, for all to see
            assert each.printed_by.startswith(("published: ", "not backed: ")), each
        for file in files:
            assert (ROOT / file).is_file(), file


def test_no_place_is_kept_that_holds_no_digit_any_more() -> None:
    holds = [place for place, text in words().items() if IN_WORDS.search(text)]
    for group in NO_CLAIMS.values():
        for pattern in group:
            assert any(fnmatchcase(place, pattern) for place in holds), pattern


@pytest.mark.parametrize(
    "claim",
    [
        "It finds two people in three.",
        "One in fifteen is skipped.",
        "It is right nineteen of twenty times.",
        "Accurate to about 15%.",
        "Half of couples are told nothing.",
    ],
)
def test_a_claim_is_seen_as_one(claim: str) -> None:
    assert IN_WORDS.search(claim)
    assert IN_PAPERS.search(claim)
