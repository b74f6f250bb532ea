"""A number is one: whatever else stands in its place, in any file, is named."""

import datetime as dt
import json
import math
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from types import GenericAlias
from typing import Any, get_args, get_type_hints

import pytest

from coreg.base.bounds import toml_of
from coreg.base.toml_writer import toml_text
from coreg.errors import (
    BadCoupleError,
    BadPlanError,
    CoregError,
    SessionDamaged,
    StorageUnusable,
)
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.exercises.plan import parse_plan
from coreg.facts import codec
from coreg.facts.events import Tick
from coreg.facts.opened import PARTS, WRITTEN, Opened
from coreg.report.words.session import date
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.simulation.couple_file import parse_couple
from coreg.store.calibrations import keep_strap_pair, strap_pair
from coreg.store.plans import plan_text
from coreg.store.reader import check_session, read_head, read_session
from coreg.store.rows import Entry, entry, event_row
from coreg.web.wire.incoming import (
    parse,
)
from coreg.web.wire.readers import BadMessage
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED, whole_session
from tests.test_strap_latency import PAIR

Place = tuple[str | int, ...]

# --- plans and couples ------------------------------------------------------------

PLAN = toml_of(plan_text("relaxed-and-alert")) | {"breaths_per_min": 6.0}
PACES = toml_of(plan_text("our-pace"))
COUPLE: dict[str, Any] = {
    "format": 1,
    "name": "odd",
    "purpose": "To be tested.",
    "A": {
        "hr_bpm": 70.0,
        "resonance_per_min": 5.5,
        "peak_rsa_ms": 80.0,
        "width_per_min": 1.0,
        "floor_share": 0.5,
        "own_rate_per_min": 14.0,
        "adherence": 0.9,
        "lowest_comfortable_per_min": 5.0,
        "slow_sd_ms": 20.0,
        "latency_s": 1.0,
        "artefact_share": 0.01,
        "dropouts_per_min": 0.1,
    },
    "coupling": {"kind": "both", "strength": 0.5, "lag_s": 2.0},
    "event": [
        {
            "kind": "upset",
            "partner": "A",
            "at_min": 5.0,
            "change_bpm": 10.0,
            "rise_s": 20.0,
            "hold_min": 2.0,
            "fade_s": 60.0,
        }
    ],
}
NO_NUMBERS = [
    *(True, False, "3", "", [], [3], {}, {"x": 3}),
    *(dt.date(2026, 3, 1), dt.time(19, 30), dt.datetime(2026, 3, 1, tzinfo=dt.UTC)),
    *(math.nan, math.inf, -math.inf, 1e300, -1e300, 10**90, -(10**90)),
]


def numbers_in(table: Any, place: Place = ()) -> Iterator[Place]:
    """Where numbers stand in what a file holds."""
    if isinstance(table, dict | list):
        inner = table.items() if isinstance(table, dict) else enumerate(table)
        for key, value in inner:
            yield from numbers_in(value, (*place, key))
    elif isinstance(table, int | float):
        yield place


def planted(table: Any, place: Place, value: object) -> Any:
    """The same with another value there."""
    if not place:
        return value
    copy: Any = list(table) if isinstance(table, list) else dict(table)
    copy[place[0]] = planted(table[place[0]], place[1:], value)
    return copy


TOMLS: list[tuple[dict[str, Any], Callable[[str], object], type[CoregError]]] = [
    (PLAN, parse_plan, BadPlanError),
    (PACES, parse_plan, BadPlanError),
    (COUPLE, parse_couple, BadCoupleError),
]


@pytest.mark.parametrize(
    ("table", "parse_toml", "error", "place"),
    [
        pytest.param(*toml, place, id="-".join(map(str, (toml[0]["name"], *place))))
        for toml in TOMLS
        for place in numbers_in(toml[0])
    ],
)
def test_what_is_no_number_is_named_by_its_key_in_a_plan_or_couple(
    table: dict[str, Any],
    parse_toml: Callable[[str], object],
    error: type[CoregError],
    place: Place,
) -> None:
    parse_toml(toml_text(table))
    for value in NO_NUMBERS:
        with pytest.raises(error, match=rf"\b{place[-1]} is ") as caught:
            parse_toml(toml_text(planted(table, place, value)))
        assert caught.value.do.startswith("Write ")
        assert len(str(caught.value)) < 400


def test_every_trait_of_a_couple_has_its_test_here() -> None:
    written = {place[1] for place in numbers_in(COUPLE) if place[0] == "A"}
    with pytest.raises(BadCoupleError) as caught:
        parse_couple(toml_text({**COUPLE, "A": {"x": 1}}))
    assert all(f"{trait}" in caught.value.do for trait in written)
    assert caught.value.do.count(",") == len(written) - 1


@pytest.mark.parametrize("version", [-1, 10**18, 1.0, 1.5])
def test_a_version_is_a_whole_number_that_can_be_one(version: float) -> None:
    with pytest.raises(BadPlanError, match=r"version is .* a whole number"):
        parse_plan(toml_text(PLAN | {"version": version}))
    assert parse_plan(toml_text(PLAN | {"version": 202603011930})).version


# --- pairs of straps, beliefs, messages -------------------------------------------

NO_JSON_NUMBERS = ["true", "false", "null", '"3"', "[]", "[3]", "{}", "1e999", "-1e999"]


@pytest.mark.parametrize("field", ["difference_s", "uncertainty_s"])
@pytest.mark.parametrize(
    "value", [*NO_JSON_NUMBERS, "-60.1", "60.1", "NaN", "9" * 90, "9" * 9000]
)
def test_what_is_no_number_is_named_in_a_pair_of_straps(
    tmp_path: Path, field: str, value: str
) -> None:
    keep_strap_pair(tmp_path, PAIR)
    path = tmp_path / "strap-pairs.json"
    (kept,) = json.loads(path.read_text(encoding="utf-8"))
    text = json.dumps([kept | {field: "HERE"}]).replace('"HERE"', value)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StorageUnusable, match=r"strap-pairs\.json") as caught:
        strap_pair(tmp_path, PAIR.a, PAIR.b)
    assert "calibrate the straps again" in caught.value.do
    if value in NO_JSON_NUMBERS:
        assert f"In pair 1 of {path}, {field} is " in caught.value.wrong


@pytest.mark.parametrize("value", [None, 3, "", True, [], {}])
@pytest.mark.parametrize("field", ["a", "b", "measured_utc"])
def test_words_that_are_none_are_named_in_a_pair_of_straps(
    tmp_path: Path, field: str, value: object
) -> None:
    keep_strap_pair(tmp_path, replace(PAIR, a="other"))
    keep_strap_pair(tmp_path, PAIR)
    path = tmp_path / "strap-pairs.json"
    first, second = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([first, second | {field: value}]), encoding="utf-8")
    with pytest.raises(StorageUnusable, match=f"In pair 2 of .*, {field} is "):
        strap_pair(tmp_path, PAIR.a, PAIR.b)


BELIEF: dict[str, Any] = json.loads(json.dumps(SharedPacer.steady().belief()))


@pytest.mark.parametrize(
    "place", [("format",), ("evenings",), ("partners", "A", 7), ("partners", "B", 0)]
)
@pytest.mark.parametrize(
    "value", [None, "1", True, [], {}, -1, 10**90, math.nan, math.inf, 1e300]
)
def test_a_belief_with_something_else_where_a_number_was_is_none(
    place: Place, value: object
) -> None:
    SharedPacer.steady(belief=BELIEF)
    with pytest.raises(ValueError, match="belief"):
        SharedPacer.steady(belief=planted(BELIEF, place, value))


MESSAGES = {
    "id": '{"type": "ping", "id": HERE}',
    "minutes": '{"type": "choose", "practice": "x", "minutes": HERE}',
    "per_min": '{"type": "pace", "way": "set", "per_min": HERE}',
    "seed": '{"type": "source", "source": "simulated", "seed": HERE}',
    "at_ease": '{"type": "rating", "partner": "A", "moment": "after", "at_ease": HERE}',
    "wide_awake": '{"type": "rating", "partner": "A", "moment": "after", '
    '"wide_awake": HERE}',
    "myself": '{"type": "rating", "partner": "A", "moment": "after", "myself": HERE}',
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (field, value)
        for field in MESSAGES
        for value in (*NO_JSON_NUMBERS, "-1", "9" * 90, "1e300", "NaN", "9" * 9000)
        if value != "null" or field in {"id", "per_min"}  # null leaves others out
    ],
)
def test_what_is_no_number_is_refused_in_a_message(field: str, value: str) -> None:
    why = "is no JSON|more than 100 digits" if value in {"NaN", "9" * 9000} else field
    with pytest.raises(BadMessage, match=why):
        parse(MESSAGES[field].replace("HERE", value))


# --- facts in a session's file ----------------------------------------------------


def sample(hint: Any) -> Any:
    """JSON that a field of this type may hold."""
    if isinstance(hint, GenericAlias):
        inner = get_args(hint)
        return [sample(each) for each in inner if each is not ...]
    if hint in {int, float, str, bytes, bool}:
        return {int: 1, float: 1.5, str: "x", bytes: "00", bool: True}[hint]
    return next(iter(hint)).value


def row_of(kind: Any) -> list[Any]:
    """What a fact of this kind may be written as; a beginning's parts are one row."""
    if kind is Opened:
        hints = {part: get_type_hints(of) for part, of in PARTS.items()}
        return [1, *(sample(hints[part][name]) for part, name in WRITTEN)]
    return [sample(get_type_hints(kind)[field.name]) for field in fields(kind)]


def found(values: Any, place: Place) -> Any:
    value = values
    for key in place:
        value = value[key]
    return value


FACTS: dict[str, Any] = {name: row_of(kind) for name, kind in codec.FACTS.items()}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        pytest.param(name, place, id=f"{name}-{'-'.join(map(str, place))}")
        for name, values in FACTS.items()
        for place in numbers_in(values)
        if not isinstance(found(values, place), bool)
    ],
)
def test_what_is_no_number_is_no_fact(name: str, place: Place) -> None:
    codec.decode(name, json.dumps(FACTS[name]).encode())
    is_whole = isinstance(found(FACTS[name], place), int)
    others = ["null", "1.5"] if is_whole else []
    wrong = [each for each in NO_JSON_NUMBERS if each != "null"]
    for value in (*wrong, *others, "NaN", "-Infinity", "9" * 9000):
        text = json.dumps(planted(FACTS[name], place, "HERE"))
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - the promise is the type
            codec.decode(name, text.replace('"HERE"', value).encode())
        assert len(str(caught.value)) < 200


def with_row(path: Path, seq: int, row: Entry) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM event WHERE seq = ?", (seq,))
        db.execute("INSERT INTO event VALUES (?,?,?,?,?,?)", event_row(seq, row))
        db.commit()


@pytest.mark.parametrize(
    "odd",
    [
        {"streams": ("one",)},
        *({"latency_s": each} for each in ((), (0.1,), (0.1,) * 3)),
        *({"latency_s": (0.1, each)} for each in (math.nan, 1e300, -1e300)),
        *({"lag_resolution_s": each} for each in (-0.1, 1e300)),
        *({"breathing_min": each} for each in (math.nan, -1.0, 1e300)),
        *({"rest_bpm": each} for each in ((), (60.0,), (-1.0, 60.0), (60.0, 1e300))),
        *({"first_taps_s": each} for each in ((), ((0.3,),), ((), (math.nan,)))),
        *({"usual_taps_s": each} for each in ((), ((0.3,),), ((-0.3,), ()))),
    ],
    ids=str,
)
def test_a_session_that_begins_as_none_can_is_damaged_and_says_where(
    tmp_path: Path, odd: dict[str, Any]
) -> None:
    path = tmp_path / "a.coreg"
    whole_session(path)
    with_row(path, 1, entry(changed(OPENED, **odd), 0))
    (name,) = odd
    for read in (read_session, read_head):
        with pytest.raises(SessionDamaged, match=rf"begins with such {name} \(event 1"):
            read(path)
    assert name in check_session(path).words


def test_an_event_whose_two_times_differ_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.coreg"
    whole_session(path)
    later = replace(entry(Tick(t_ns=5_000_000), 5_000_000), t_ns=6_000_000)
    with_row(path, 5, later)
    with pytest.raises(SessionDamaged, match="event 5 says another time than its row"):
        read_session(path)


@pytest.mark.parametrize(
    "utc", ["", "yesterday", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]
)
def test_a_time_of_day_that_is_none_is_shown_as_it_stands(utc: str) -> None:
    opened: Opened = changed(OPENED, opened_utc=utc)
    assert date(opened, dt.UTC) == utc


# --- recordings -------------------------------------------------------------------


def test_time_that_stands_still_is_named_by_its_line() -> None:
    chance = random.Random(1)  # noqa: S311 # intervals that do not come again
    rows = "".join(f"7,{800 + chance.randrange(50)}\n" for _ in range(100_001))
    with pytest.raises(CoregError, match=r"line 100002: time stands still at 7 s"):
        parse_recording(f"arrival_s,rr_ms\n{rows}".encode(), name="still.csv")
