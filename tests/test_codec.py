"""Facts have one canonical byte form, and it keeps every bit."""

import json
import math
import struct
from dataclasses import dataclass, fields, is_dataclass
from itertools import takewhile

import pytest
from hypothesis import given, strategies as st

from coreg.facts import codec
from coreg.facts.events import (
    Beat,
    BeatLabel,
    Breath,
    Fact,
    Notification,
    Opened,
    Partner,
)


def facts() -> st.SearchStrategy[Fact]:
    number = st.floats(allow_nan=True, allow_infinity=False)
    with_float = {float: number, str: st.text(st.characters(exclude_categories=["Cs"]))}
    for python_type, strategy in with_float.items():
        st.register_type_strategy(python_type, strategy)
    return st.one_of([st.builds(kind) for kind in codec.FACTS.values()])


def same_bits(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return struct.pack("<d", one) == struct.pack("<d", other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same_bits, one, other))
    if type(one) is type(other) and is_dataclass(one):
        return all(
            same_bits(getattr(one, field.name), getattr(other, field.name))
            for field in fields(one)
        )
    return type(one) is type(other) and one == other


def width(fact: Fact) -> int:
    """How many values a fact is written as: parts of a beginning are one row."""
    parts = [getattr(fact, field.name) for field in fields(fact)]
    return sum(len(fields(part)) if is_dataclass(part) else 1 for part in parts)


@given(facts())
def test_every_fact_comes_back_bit_for_bit(fact: Fact) -> None:
    again = codec.decode(type(fact).__name__, codec.encode(fact))
    assert type(again) is type(fact)
    for field in fields(fact):
        assert same_bits(getattr(fact, field.name), getattr(again, field.name))


@given(facts())
def test_the_bytes_are_strict_json_that_anybody_can_read(fact: Fact) -> None:
    def refuse(text: str) -> None:
        raise AssertionError(text)

    values = json.loads(codec.encode(fact), parse_constant=refuse)
    # At the end of a beginning is left out what is as usual: it is written as it was
    # before there was such a thing.
    left_out = 0
    if isinstance(fact, Opened):
        last = (
            not fact.practice.until_back,
            not fact.straps.by_ticks,
            fact.straps.measured == ((), ()),
            fact.straps.stamped == (False, False),
            not fact.practice.by_labels,
            not fact.practice.asks_quiet,
            not fact.practice.only_in_step,
            not fact.identity.hour,
            fact.practice.first is Partner.A,
        )
        left_out = len(list(takewhile(bool, last)))
    assert len(values) == width(fact) - left_out


def test_not_known_is_null_and_raw_bytes_are_hexadecimal() -> None:
    beat = Beat(
        t_s=1.5,
        partner=Partner.A,
        rr_ms=937.5,
        nn_ms=math.nan,
        label=BeatLabel.MISSED,
    )
    assert codec.encode(beat) == b'[1.5,"A",937.5,null,"missed"]'
    packet = Notification(t_ns=7, partner=Partner.B, data=b"\x10\x40")
    assert codec.encode(packet) == b'[7,"B","1040"]'


def test_a_whole_number_given_for_a_float_is_the_same_fact() -> None:
    whole = codec.encode(Breath(t_s=3, period_s=10, inhale_s=4))
    assert whole == codec.encode(Breath(t_s=3.0, period_s=10.0, inhale_s=4.0))


def test_an_infinite_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="infinite"):
        codec.encode(Breath(t_s=math.inf, period_s=10, inhale_s=4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A fact that has grown a field since older sessions were written."""

    t_s: float
    note: str = "none yet"


def test_a_fact_that_grew_reads_what_was_written_before() -> None:
    assert codec.decode_as(Grown, b"[1.5]") == Grown(t_s=1.5)
    assert codec.decode_as(Grown, b'[1.5,"now"]') == Grown(t_s=1.5, note="now")


@pytest.mark.parametrize("payload", [b"[]", b'[1.5,"now","later"]'])
def test_a_fact_reads_nothing_shorter_or_longer(payload: bytes) -> None:
    with pytest.raises(ValueError, match="Grown"):
        codec.decode_as(Grown, payload)


@pytest.mark.parametrize(
    "payload",
    [
        b"[1" + 400 * b"0" + b',"A",1,1,"normal"]',
        b"[" * 100_000,
        b'[1,"A",true,1,"normal"]',
        b'[Infinity,"A",1,1,"normal"]',
    ],
    ids=["beyond a double", "too deep", "a boolean", "infinite"],
)
def test_what_json_can_hold_and_a_beat_cannot_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the promise is the type
        codec.decode("Beat", payload)


@given(st.sampled_from([*codec.FACTS, "Nobody"]), st.one_of(st.binary(), st.text()))
def test_any_other_bytes_are_a_value_error(kind: str, payload: bytes | str) -> None:
    data = payload if isinstance(payload, bytes) else payload.encode()
    try:
        codec.decode(kind, data)
    except ValueError:
        return
    assert kind in codec.FACTS
