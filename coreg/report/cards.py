"""Cards to read and to lie on a table: what each is called, and what it says."""

from dataclasses import dataclass

from coreg.words import section


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card; its lines follow one another."""

    title: str
    lines: tuple[str, ...]


def cards() -> tuple[Card, ...]:
    """Return all cards in the language that is spoken, in their order."""
    return tuple(
        Card(title=each["title"], lines=tuple(each["lines"].values()))
        for each in section("cards").values()
    )
