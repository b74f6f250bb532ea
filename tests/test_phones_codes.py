"""Codes by which a phone takes a place: once, in time, and not by trying."""

import secrets

import pytest

from coreg.web.phones.budget import ADDRESSES, NEW_ADDRESSES, Budget
from coreg.web.phones.join_codes import (
    GOOD_FOR_S,
    TRIES_OF_ALL,
    TRIES_OF_ONE,
    JoinCodes,
    Why,
)
from coreg.web.server.phone_door import KNOCKS_OF_ALL, KNOCKS_OF_ONE
from coreg.web.server.room import Here, Room

ADAS_PHONE = "192.168.1.20"


@pytest.fixture
def codes() -> JoinCodes[str]:
    return JoinCodes(secrets.token_urlsafe)


def use(codes: JoinCodes[str], text: str, now_s: float = 0.0) -> str | Why:
    return codes.use(text, address=ADAS_PHONE, now_s=now_s)


def test_a_code_opens_its_place_once(codes: JoinCodes[str]) -> None:
    code = codes.code_for("A", 0.0).text
    assert use(codes, code) == "A"
    assert use(codes, code) is Why.USED
    assert use(codes, code, GOOD_FOR_S) is Why.USED


def test_it_holds_at_least_128_bits_and_no_two_are_alike(codes: JoinCodes[str]) -> None:
    drawn = {codes.code_for(f"{number}", 0.0).text for number in range(100)}
    assert len(drawn) == 100
    assert all(len(each) * 6 >= 128 for each in drawn)  # 64 signs are 6 bits each


def test_it_ends_after_two_minutes(codes: JoinCodes[str]) -> None:
    code = codes.code_for("A", 10.0)
    assert code.until_s == 130.0
    assert use(codes, code.text, 130.0) is Why.ENDED
    assert use(codes, codes.code_for("A", 130.0).text, 249.9) == "A"


def test_whoever_scans_one_has_at_least_a_minute(codes: JoinCodes[str]) -> None:
    first = codes.code_for("A", 0.0)
    assert codes.code_for("A", 59.0) == first
    second = codes.code_for("A", 61.0)
    assert second != first
    assert use(codes, first.text, 119.0) == "A"
    assert use(codes, second.text, 119.0) is Why.ENDED


def test_places_are_apart(codes: JoinCodes[str]) -> None:
    of_a, of_b = codes.code_for("A", 0.0), codes.code_for("B", 0.0)
    assert use(codes, of_b.text) == "B"
    assert use(codes, of_a.text) == "A"


def test_what_was_withdrawn_opens_nothing(codes: JoinCodes[str]) -> None:
    of_a, of_b = codes.code_for("A", 0.0), codes.code_for("B", 0.0)
    codes.withdraw("A")
    assert use(codes, of_a.text) is Why.ENDED
    codes.withdraw_all()
    assert use(codes, of_b.text) is Why.ENDED


@pytest.mark.parametrize("wrong", ["", "x", "\ud800", "x" * 10_000, "é\x00"])
def test_a_guess_opens_nothing(codes: JoinCodes[str], wrong: str) -> None:
    code = codes.code_for("A", 0.0).text
    for text in (wrong, code[:-1], code + wrong + "x", code.swapcase()):
        assert use(codes, text) is Why.UNKNOWN
    assert use(codes, code) == "A"


def test_whoever_tries_and_tries_is_not_heard_any_more(codes: JoinCodes[str]) -> None:
    code = codes.code_for("A", 0.0).text
    for _ in range(TRIES_OF_ONE.at_once):
        assert use(codes, "wrong") is Why.UNKNOWN
    assert use(codes, code) is Why.TOO_OFTEN
    assert use(codes, code, TRIES_OF_ONE.again_s) == "A"


def test_one_that_tries_takes_nothing_from_the_others(codes: JoinCodes[str]) -> None:
    code = codes.code_for("A", 0.0).text
    for _ in range(10 * TRIES_OF_ALL.at_once):
        codes.use("wrong", address="192.168.1.66", now_s=0.0)
    assert use(codes, code) == "A"


def test_all_together_cannot_try_often_either_and_a_right_code_opens_all_the_same(
    codes: JoinCodes[str],
) -> None:
    most = TRIES_OF_ALL.at_once
    tried = [
        codes.use("wrong", address=f"10.0.{number}.1", now_s=0.0)
        for number in range(2 * most)
    ]
    assert tried == [Why.UNKNOWN] * most + [Why.TOO_OFTEN] * most
    code = codes.code_for("A", 0.0).text
    assert use(codes, code) == "A"  # nobody else can lock a phone out


def test_what_is_remembered_of_many_addresses_is_bounded() -> None:
    budget = Budget(TRIES_OF_ONE, TRIES_OF_ALL)
    for number in range(3 * ADDRESSES):
        budget.allows(f"address {number}", 100.0 * number)
    assert len(budget._each) == ADDRESSES  # noqa: SLF001


PAGE = KNOCKS_OF_ONE.at_once  # more than a page that joins asks for, with all its files


@pytest.mark.parametrize(("addresses", "for_s"), [(10, 1), (10, 60), (200, 60)])
def test_a_device_of_many_addresses_keeps_no_page_of_a_phone_out(
    addresses: int, for_s: int
) -> None:
    budget = Budget(KNOCKS_OF_ONE, KNOCKS_OF_ALL)
    for now_s in range(for_s + 1):
        for number in range(addresses):
            while budget.allows(f"10.0.0.{number}", now_s):
                pass
    while budget.allows_all(for_s):
        pass
    assert all(budget.allows(ADAS_PHONE, for_s) for _ in range(PAGE))
    assert not budget.allows(ADAS_PHONE, for_s)


def test_what_many_addresses_may_at_once_is_bounded_by_how_many_are_new() -> None:
    budget = Budget(KNOCKS_OF_ONE, KNOCKS_OF_ALL)
    firsts = NEW_ADDRESSES.at_once * PAGE
    answered = sum(
        budget.allows(f"10.0.0.{number}", 0.0)
        for number in range(ADDRESSES)
        for _ in range(2 * PAGE)
    )
    assert answered == firsts + KNOCKS_OF_ALL.at_once


# --- who makes room for a connection ------------------------------------------

HOUSE = Room(most=8, of_one=4, of_strangers=6, has_joined="joined".__eq__)


def here(*names: str, stays: str = "") -> list[Here]:
    return [Here(address=name, may_go=name != stays) for name in names]


def test_whoever_opens_too_many_loses_the_oldest_of_their_own() -> None:
    assert HOUSE.leaves(here("joined", *4 * ["flood"])) is None
    assert HOUSE.leaves(here("joined", *5 * ["flood"])) == 1


def test_strangers_together_take_no_room_from_who_has_joined() -> None:
    many = ("one", "two", "two", "three", "four", "five")
    assert HOUSE.leaves(here("joined", *many)) is None
    assert HOUSE.leaves(here("joined", *many, "six")) == 2  # of whom has most
    assert HOUSE.leaves(here("joined", "joined", "joined", *many)) == 0


def test_what_is_being_answered_is_never_let_go() -> None:
    assert HOUSE.leaves(here(*9 * ["flood"], stays="flood")) is None
    assert HOUSE.leaves(here(*6 * ["one"], "two", stays="one")) is None
