"""What a page sends is a message or refused, whatever it is; nobody is named in it."""

import json
from contextlib import suppress
from dataclasses import asdict, fields

import pytest
from hypothesis import example, given, strategies as st

from coreg.exercises.blocks import MEANINGS
from coreg.facts.events import Partner, Press
from coreg.web.wire.incoming import (
    TYPES,
    Consent,
    Names,
    OwnWords,
    Ping,
    Pressing,
    Rating,
    parse,
)
from coreg.web.wire.named import Moment, Screen
from coreg.web.wire.outgoing import TYPES as TOLD, Pong, RefusedTold, WarmthTold, encode
from coreg.web.wire.readers import BadMessage

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
NAMES = sorted({each.name for kind in TYPES.values() for each in fields(kind)})
ALMOST = st.dictionaries(
    st.sampled_from(NAMES),
    ANY_JSON | st.sampled_from(["A", "B", "yes", "pause", "home", "erase", "mine"]),
    max_size=8,
)


@given(ANY_JSON)
@example({"type": []})
@example({"type": {"a": 1}})
def test_any_json_is_a_message_or_refused(value: object) -> None:
    check(json.dumps(value))


@given(st.sampled_from(sorted(TYPES)), ALMOST)
def test_anything_near_a_message_is_one_or_refused(
    name: str, rest: dict[str, object]
) -> None:
    check(json.dumps({"type": name, **rest}))


@given(st.text())
@example("[" * 10_000)
@example('{"type":"ping","id":' + "9" * 5000 + "}")
@example('{"type":"ping","id":NaN}')
@example('{"type":"ping","id":1e999}')
@example('{"type":"words","partner":"A","text":"\\ud800"}')
def test_any_text_is_a_message_or_refused(text: str) -> None:
    check(text)


def check(text: str) -> None:
    with suppress(BadMessage):  # and nothing else
        message = parse(text)
        assert type(message) in TYPES.values()
        json.dumps(asdict(message), ensure_ascii=False).encode()  # can be written


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"type":"press","press":"stop"}', "press is not one of"),
        ('{"type":"press","press":"pause","who":"A"}', "no such field"),
        ('{"type":"press","press":"pause","partner":"A"}', "no such field"),
        ('{"type":"ping"}', "id is no whole number"),
        ('{"type":"ping","id":true}', "id is no whole number"),
        ('{"type":"ping","id":-1}', "id is not from 0"),
        ('{"type":"names","A":"' + "x" * 41 + '","B":""}', "longer than 40"),
        ('{"type":"assign","strap_id":"a\\u0000","partner":"A"}', "cannot be written"),
        ('{"type":"erase","what":"everything","confirm":"yes"}', "the word 'erase'"),
        ('{"type":"rating","partner":"C","moment":"before"}', "partner is not one of"),
        (
            '{"type":"rating","partner":"A","moment":"before","wide_awake":11}',
            "wide_awake is not from 0 to 10",
        ),
        (  # of a page of 0.1, whose scale ran the other way round
            '{"type":"rating","partner":"A","moment":"before","awake":3}',
            "rating has no such field",
        ),
        (
            '{"type":"choose","practice":"x","minutes":0.5,"without_breathing":false}',
            "1",
        ),
        ('{"type":"screen"}', "unknown type"),
        ('{"press":"pause"}', "unknown type"),
    ],
)
def test_a_refusal_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(BadMessage, match=why):
        parse(text)


def test_messages_read_as_they_are_documented() -> None:
    assert parse('{"type":"ping","id":7}') == Ping(id=7)
    assert parse('{"type":"press","press":"finish"}') == Pressing(press=Press.FINISH)
    assert parse('{"type":"names","A":"  Ada \\n L. ","B":""}') == Names(
        A="Ada L.", B=""
    )
    assert parse(
        '{"type":"rating","partner":"B","moment":"after","at_ease":0,"wide_awake":9}'
    ) == Rating(
        partner=Partner.B, moment=Moment.AFTER, at_ease=0, wide_awake=9, myself=None
    )
    assert parse('{"type":"words","partner":"A","text":"one\\ntwo"}') == OwnWords(
        partner=Partner.A, text="one\ntwo"
    )


def test_no_press_can_carry_who_pressed() -> None:
    """The promise is in the shape: there is no place where it could be."""
    assert [each.name for each in fields(Pressing)] == ["press"]
    with_somebody = {kind for kind in TYPES.values() if "partner" in NAMES_OF[kind]}
    assert with_somebody.isdisjoint({TYPES["press"], TYPES["pause-way"]})


NAMES_OF = {kind: {each.name for each in fields(kind)} for kind in TYPES.values()}


def test_every_consent_is_asked_for_by_itself() -> None:
    assert {"record", "show_partner", "adult"} <= NAMES_OF[Consent]


def test_every_kind_of_block_has_its_screen() -> None:
    assert {each.screen for each in MEANINGS.values()} <= {
        each.value for each in Screen
    }


def test_what_is_told_is_json_without_anything_unknown() -> None:
    assert json.loads(encode(WarmthTold(value=None))) == {
        "type": "warmth",
        "value": None,
    }
    assert json.loads(encode(Pong(id=1, server_s=2.5))) == {
        "type": "pong",
        "id": 1,
        "server_s": 2.5,
    }
    assert len(set(TOLD.values())) == len(TOLD)
    with pytest.raises(ValueError, match="JSON"):
        encode(WarmthTold(value=float("nan")))
    assert "refused" in encode(RefusedTold(why="not-now"))
