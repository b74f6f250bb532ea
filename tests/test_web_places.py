"""Places to turn to: for whom, dated, with a source; one's own list whole or not."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from coreg.cli import main
from coreg.web.server.places import parse_places, places_of
from coreg.web.wire.answers import Place
from coreg.web.wire.readers import BadMessage

OURS: dict[str, Any] = {
    "as_of": "May 2026",
    "places": [
        {"where": "Our town", "name": "Centre", "number": "000 000", "source": "us"}
    ],
}


FOR_WHOM = [
    "for anyone",
    "for anyone in a crisis",
    "for women",
    "for men",
    "for LGBT+ people",
    "for young LGBT+ people",
    "for trans people",
]
MONTHS = "January February March April May June July August September October"
MONTH = rf"({'|'.join([*MONTHS.split(), 'November', 'December'])}) 20\d\d"
DOMAIN = r"[a-z0-9-]+(\.[a-z0-9-]+)+"
DIALLED = r"\d[\d -]{1,14}\d"
BY_TEXT = rf"text ([A-Z]+ to )?{DIALLED}|WhatsApp {DIALLED}|chat at {DOMAIN}"
COUNTRIES = {
    *("Australia", "Austria", "Belgium", "Canada", "Denmark", "Finland", "France"),
    *("Germany", "Iceland", "Ireland", "Italy", "Netherlands", "New Zealand"),
    *("Norway", "Spain", "Sweden", "Switzerland", "United Kingdom", "United States"),
}
CRISIS_LINE_NOT_CONFIRMED: set[str] = set()  # countries whose number nobody could check


@pytest.fixture
def shipped(tmp_path: Path) -> tuple[Place, ...]:
    """The places that ship."""
    return places_of(tmp_path / "no-list-of-ones-own").places


@pytest.fixture
def by_country(shipped: tuple[Place, ...]) -> dict[str, list[Place]]:
    """The same by their country."""
    found = defaultdict(list)
    for place in shipped:
        found[place.where].append(place)
    return found


def test_the_numbers_that_ship_were_looked_up_in_a_month(tmp_path: Path) -> None:
    assert re.fullmatch(MONTH, places_of(tmp_path).as_of)


def test_every_place_that_ships_can_be_reached_and_has_a_source(
    shipped: tuple[Place, ...],
) -> None:
    for place in shipped:
        assert place.number or place.by_text, place
        assert re.fullmatch(rf"({DIALLED})?", place.number), place
        assert re.fullmatch(rf"(({BY_TEXT})(, or (?!$)|$))*", place.by_text), place
        assert re.fullmatch(DOMAIN, place.source), place


def test_every_place_that_ships_says_for_whom_it_is(
    shipped: tuple[Place, ...],
) -> None:
    assert {place.for_whom for place in shipped} <= set(FOR_WHOM)


def test_places_stand_by_country_and_those_for_anyone_first(
    shipped: tuple[Place, ...],
) -> None:
    order = [(place.where, FOR_WHOM.index(place.for_whom)) for place in shipped]
    assert order == sorted(order)


def test_nobody_reads_that_there_is_somebody_for_women_only(
    by_country: dict[str, list[Place]],
) -> None:
    for country, places in by_country.items():
        said = {place.for_whom for place in places}
        for_a_man = {"for anyone", "for anyone in a crisis", "for men"}
        assert "for women" not in said or said & for_a_man, country


def test_every_country_has_somebody_to_turn_to_in_a_crisis(
    by_country: dict[str, list[Place]],
) -> None:
    assert set(by_country) == COUNTRIES
    without = {
        country
        for country, places in by_country.items()
        if "for anyone in a crisis" not in {place.for_whom for place in places}
    }
    assert without == CRISIS_LINE_NOT_CONFIRMED


def test_no_number_ships_twice_in_one_country(shipped: tuple[Place, ...]) -> None:
    dialled = Counter(
        (place.where, re.sub(r"\D", "", place.number))
        for place in shipped
        if place.number
    )
    assert set(dialled.values()) == {1}


def test_1800respect_ships_with_the_number_that_it_publishes(
    by_country: dict[str, list[Place]],
) -> None:
    """From www.1800respect.org.au/terms-and-conditions."""
    first = by_country["Australia"][0]
    assert (first.name, first.number) == ("1800RESPECT", "1800 737 732")
    assert "text 0458 737 732" in first.by_text


def test_a_list_of_ones_own_takes_the_place_of_it(tmp_path: Path) -> None:
    ours = [OURS["places"][0] | {"for_whom": "for men", "by_text": "text 000"}]
    own = tmp_path / "places.json"
    own.write_text(json.dumps(OURS | {"places": ours}), encoding="utf-8")
    assert places_of(tmp_path).told() == OURS | {"places": tuple(ours)}


def test_a_list_from_before_it_said_for_whom_is_still_read(tmp_path: Path) -> None:
    (tmp_path / "places.json").write_text(json.dumps(OURS), encoding="utf-8")
    (place,) = places_of(tmp_path).told()["places"]
    assert place == OURS["places"][0] | {"for_whom": "", "by_text": ""}


def test_a_place_needs_no_number_where_there_is_a_way_by_text() -> None:
    texted = OURS["places"][0] | {"number": "", "by_text": "text 000"}
    (place,) = parse_places(json.dumps(OURS | {"places": [texted]})).places
    assert (place.number, place.by_text) == ("", "text 000")


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        '{"as_of": "2026"}',
        json.dumps(OURS)[:-3],
        json.dumps(OURS).replace('"000 000"', '""'),
        json.dumps(OURS).replace('"000 000"', "112"),
        json.dumps(OURS).replace('"000 000"', '"", "by_text": ""'),
        json.dumps(OURS).replace('"number": "000 000"', '"by_text": "text 000"'),
        json.dumps(OURS).replace('"000 000"', '"000 000", "for_whom": null'),
        json.dumps(OURS).replace('"000 000"', f'"000 000", "by_text": "{"0" * 121}"'),
        json.dumps(OURS | {"places": OURS["places"] * 101}),
    ],
)
def test_half_a_list_is_not_shown(tmp_path: Path, broken: str) -> None:
    (tmp_path / "places.json").write_text(broken, encoding="utf-8")
    assert places_of(tmp_path) == places_of(tmp_path / "elsewhere")
    with pytest.raises((BadMessage, ValueError)):
        parse_places(broken)


def doctor_on_places(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[Any]:
    main(["doctor", "--json", "--data-dir", str(folder)])
    said = json.loads(capsys.readouterr().out)["findings"]
    return [each for each in said if each["what"] == "places"]


def test_the_doctor_says_whether_a_list_of_ones_own_is_shown(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    assert doctor_on_places(tmp_path, capsys) == []
    own = tmp_path / "places.json"
    own.write_text(json.dumps(OURS), encoding="utf-8")
    (well,) = doctor_on_places(tmp_path, capsys)
    assert well["is_well"]
    assert "1 place, as of May 2026" in well["words"]
    for broken, why in {
        '{"as_of": "2026"}': "has nowhere 'places'",
        json.dumps(OURS)[:-3]: "is no JSON",
        json.dumps(OURS).replace('"Centre"', '""'): "has an empty field",
    }.items():
        own.write_text(broken, encoding="utf-8")
        (ill,) = doctor_on_places(tmp_path, capsys)
        assert not ill["is_well"]
        assert f"places.json {why}" in ill["words"]
        assert "The list that ships is shown instead" in ill["words"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(ANYTHING | st.fixed_dictionaries({"as_of": ANYTHING, "places": ANYTHING}))
def test_whatever_the_file_holds_is_a_list_or_refused(anything: Any) -> None:
    try:
        told = parse_places(json.dumps(anything))
    except ValueError:
        return
    assert parse_places(json.dumps(told.told())) == told
