"""What somebody writes for oneself is kept as it is, or that one is told."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from coreg.errors import StorageUnusable
from coreg.facts.events import Partner
from coreg.web.evening.effects import KeepWords
from coreg.web.server.evening_store import EveningStore
from coreg.web.wire.incoming import (
    Consent,
    Names,
    OwnWords,
    parse,
)
from coreg.web.wire.readers import BadMessage
from tests.helpers.evening_server import PageClient, entered, page, served
from tests.helpers.short_plans import ASKED_IN_BETWEEN
from tests.helpers.two_people import (
    FAST,
    TwoStraps,
    first_use,
    ratings_of,
    words_of,
)

MOST = 4000
CALM = {"moment": "before", "at_ease": 7, "wide_awake": 8, "myself": 8}
ODD = "one\vtwo\x00three\x07\x1b[31m\x85four\u2028\ufeff\u202efive\U0001f600"


def written(text: str) -> str:
    """What the server understands of this text."""
    told = parse(json.dumps({"type": "words", "partner": "A", "text": text}))
    assert isinstance(told, OwnWords)
    return told.text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=MOST))
@example(ODD)
@example("\v")
@example("\ufeff\ufeff")
@example("\x00" * MOST)
@example("\U0001f600" * MOST)
def test_whatever_is_written_is_taken_as_it_is(text: str) -> None:
    assert written(text) == text.strip()


def test_more_than_is_kept_is_refused_and_not_cut() -> None:
    with pytest.raises(BadMessage, match="longer than 4000"):
        written("x" * (MOST + 1))


def test_a_name_may_hold_anything_and_is_one_line() -> None:
    told = parse(json.dumps({"type": "names", "A": "Ada\vL\x00\x07 B", "B": "\t"}))
    assert told == Names(A="Ada L B", B="")


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("\u202egnidda\u2066 Bo\u2069", "gnidda Bo"),  # turns round what is behind it
        ("\u200b\u2060\ufeff", ""),  # and the page says Left or Right
        ("\u200d\u0301", ""),
        ("Ada\u200b\u00ad\U000e0041", "Ada"),
        ("نازنین\u200cزهرا", "نازنین\u200cزهرا"),  # Persian, spelt with one of them
        ("👩\u200d❤\ufe0f\u200d👨", "👩\u200d❤\ufe0f\u200d👨"),
        ("a\u2028b", "a b"),
    ],
)
def test_of_a_name_all_is_seen_and_nothing_turns_its_sentence_round(
    given_name: str, name: str
) -> None:
    told = parse(json.dumps({"type": "names", "A": given_name, "B": ""}))
    assert told == Names(A=name, B="")


def evening(
    data: Path, what: Callable[[PageClient, PageClient], Awaitable[None]]
) -> None:
    """Bring two people to the question before their practice, then do this.

    They have two pages open.
    """

    async def go() -> None:
        async with served(
            data, speed=FAST, at_home=TwoStraps(FAST), plan_toml=ASKED_IN_BETWEEN
        ) as at:
            good = await entered(at)
            async with page(at, good) as one, page(at, good) as other:
                await first_use(one)
                await one.begin()
                await one.screen("question")
                await what(one, other)

    asyncio.run(go())


async def answered(one: PageClient, number: int) -> dict[str, Any]:
    """Hear until the message of this number is answered."""
    return await one.until(lambda m: m["type"] != "pong" and m.get("id") == number)


@pytest.mark.parametrize(
    "text",
    [
        ODD,
        "\x01" * (MOST - 1) + ".",
        "\U0001f600" * MOST,
        "[{" * (MOST // 2),
        '"\\' * 2000,
    ],
    ids=["odd", "control characters", "emoji", "brackets", "escaped"],
)
def test_words_are_on_the_disk_once_they_are_taken(tmp_path: Path, text: str) -> None:
    async def what(one: PageClient, _other: PageClient) -> None:
        for number in (1, 2):  # a page that heard no answer says it once more
            await one.say("words", partner="A", text=text, id=number)
            assert await answered(one, number) == {
                "type": "taken",
                "id": number,
                "agreed": None,
                "unlocked": None,
                "own": None,
                "recovery_key": None,
            }
            assert words_of(tmp_path, Partner.A) == [text]
        assert words_of(tmp_path, Partner.B) == []

    evening(tmp_path, what)


def test_words_that_are_not_taken_are_refused_by_their_number(tmp_path: Path) -> None:
    async def what(one: PageClient, _other: PageClient) -> None:
        await one.say("words", partner="A", text="x" * (MOST + 1), id=1)
        assert "longer than" in (await answered(one, 1))["why"]
        await one.say("words", partner="B", text="not mine", id=2)
        assert await answered(one, 2) == {
            "type": "refused",
            "why": "not-your-turn",
            "id": 2,
            "wait_s": None,
        }
        await asyncio.gather(
            *(one.say("words", partner="A", text="", id=10 + n) for n in range(40))
        )
        hasty = await one.until(lambda m: m.get("why") == "too-fast")
        assert hasty["id"] in range(10, 50)
        assert words_of(tmp_path, Partner.A) == []

    evening(tmp_path, what)


def test_words_that_the_disk_does_not_take_are_refused_to_who_wrote_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = EveningStore.keep

    def full(evening_store: EveningStore, what: Any) -> None:
        if isinstance(what, KeepWords):
            raise StorageUnusable("The disk is full.", "Make room.")
        keep(evening_store, what)

    async def what(one: PageClient, _other: PageClient) -> None:
        monkeypatch.setattr(EveningStore, "keep", full)
        await one.say("words", partner="A", text="first", id=1)
        assert (await answered(one, 1))["why"] == "not-kept"
        monkeypatch.undo()
        await one.say("words", partner="A", text="again", id=2)
        assert (await answered(one, 2))["type"] == "taken"
        assert words_of(tmp_path, Partner.A) == ["again"]

    evening(tmp_path, what)


def test_the_turn_is_handed_on_and_answered_once_the_rating_is_kept(
    tmp_path: Path,
) -> None:
    async def what(one: PageClient, _other: PageClient) -> None:
        await one.say("rating", partner="A", id=5, **CALM)
        assert (await answered(one, 5))["type"] == "taken"
        assert one.state["turn"] == "B"
        assert len(ratings_of(tmp_path, Partner.A)) == 1

    evening(tmp_path, what)


def test_no_answer_goes_to_another_page(tmp_path: Path) -> None:
    async def what(one: PageClient, other: PageClient) -> None:
        await one.say("words", partner="A", text="secret", id=1)
        await answered(one, 1)
        await other.say("press", press="resume")  # is refused: all before is heard
        await other.until(lambda m: m["type"] == "refused")
        assert "taken" not in {each["type"] for each in other.heard}
        assert "secret" not in "".join(other.raw)

    evening(tmp_path, what)


def test_a_consent_of_today_may_bear_a_number() -> None:
    told = parse('{"type":"consent","id":3,"partner":"A","choice":"not-now",' + REST)
    assert isinstance(told, Consent)
    with pytest.raises(BadMessage, match="whole number"):
        parse('{"type":"start","id":"three"}')


REST = (
    '"adult":false,"record":false,"show_partner":false,'
    '"heart_rhythm":false,"see_doctor":false,"find_pace":false,'
    '"show_therapist":false}'
)
