"""Places to turn to: dated, with a source; one's own list whole or not at all."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreg.web.places import parse_places, places_of
from coreg.web.readers import BadMessage

OURS: dict[str, Any] = {
    "as_of": "May 2026",
    "places": [
        {"where": "Our town", "name": "Centre", "number": "000 000", "source": "us"}
    ],
}


def test_every_place_that_ships_has_a_number_to_dial_and_a_source(
    tmp_path: Path,
) -> None:
    shipped = places_of(tmp_path)
    assert re.fullmatch(r"20\d\d", shipped.as_of)
    for place in shipped.places:
        assert re.fullmatch(r"[\d -]{3,16}", place.number)
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", place.source)


def test_a_list_of_ones_own_takes_the_place_of_it(tmp_path: Path) -> None:
    (tmp_path / "places.json").write_text(json.dumps(OURS), encoding="utf-8")
    assert places_of(tmp_path).told() == OURS | {"places": tuple(OURS["places"])}


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        '{"as_of": "2026"}',
        json.dumps(OURS)[:-3],
        json.dumps(OURS).replace('"000 000"', '""'),
        json.dumps(OURS).replace('"000 000"', "112"),
        json.dumps(OURS | {"places": OURS["places"] * 101}),
    ],
)
def test_half_a_list_is_not_shown(tmp_path: Path, broken: str) -> None:
    (tmp_path / "places.json").write_text(broken, encoding="utf-8")
    assert places_of(tmp_path) == places_of(tmp_path / "elsewhere")
    with pytest.raises((BadMessage, ValueError)):
        parse_places(broken)


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
