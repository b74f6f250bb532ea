"""Places to turn to: dated, with a source; one's own list whole or not at all."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from coreg.cli import main
from coreg.web.server.places import parse_places, places_of
from coreg.web.wire.readers import BadMessage

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
    assert "1 places, as of May 2026" in well["words"]
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
