"""What each kind of block means stands in one place, and everybody reads it there."""

import re
from pathlib import Path

import pytest

from coreg.exercises.blocks import MEANINGS, BlockKind, meaning_of

COREG = Path(__file__).resolve().parents[1] / "coreg"


def test_every_kind_has_a_record() -> None:
    assert set(MEANINGS) == set(BlockKind)


def test_both_are_led_only_where_a_breath_is_paced() -> None:
    assert [kind for kind in BlockKind if MEANINGS[kind].is_led] == ["breathe"]


def test_possible_flooding_is_told_only_while_two_sit_in_quiet() -> None:
    """With words or a laptop in one's hands a heart races for many reasons."""
    warned = {kind for kind in BlockKind if MEANINGS[kind].is_warned}
    assert warned == {"arrive", "breathe", "light", "rest"}


@pytest.mark.parametrize("kind", ["", "breath", "of a later coreg", "BREATHE"])
def test_a_kind_of_a_later_coreg_leads_watches_asks_and_compares_nothing(
    kind: str,
) -> None:
    means = meaning_of(kind)
    told = (means.is_led, means.is_arrival, means.is_quiet, means.is_warned)
    assert not any((*told, means.asks_each, means.waits, means.is_compared))


def test_nobody_else_tells_kinds_apart_by_name() -> None:
    by_name = re.compile(r"BlockKind\.[A-Z]+")
    found = {
        path.relative_to(COREG).as_posix()
        for path in COREG.rglob("*.py")
        if by_name.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"exercises/blocks.py"}
