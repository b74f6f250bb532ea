"""A table of a TOML file that knows its place, for errors that name it.

People write plans and couples by hand. Whatever is wrong in such a file is named by
its place, by what was seen there, and by what would be right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coreg.base.bounds import BadText, shown, toml_of
from coreg.errors import CoregError


def read_toml(
    text: str, place: str, error: Callable[[str, str], CoregError], *, compare_with: str
) -> "TomlTable":
    """Return the table that a whole text describes.

    Raises
    ------
    CoregError
        Of the type given, if the text is not TOML, or beyond what is read.
    """
    try:
        values = toml_of(text)
    except BadText as fault:
        wrong = f"{_at_start(place)} {fault}."
        raise error(wrong, f"Compare it with {compare_with}.") from fault
    return TomlTable(place, values, error)


def _at_start(place: str) -> str:
    """Return a place as a sentence begins with it; a file's name is as it is.

    Examples
    --------
    >>> _at_start("the plan"), _at_start("rest.txt.corrections.toml")
    ('The plan', 'rest.txt.corrections.toml')
    """
    is_file = " " not in place and "." in place
    return place if is_file else f"{place[:1].upper()}{place[1:]}"


@dataclass(frozen=True, slots=True)
class TomlTable:
    """One table; its methods return what is there, or raise `error` with its place."""

    place: str
    values: Mapping[str, Any]
    error: Callable[[str, str], CoregError]

    def wrong(self, key: str, right: str) -> CoregError:
        """Return the error that says what stands at a key and what would be right."""
        seen = shown(self.values[key]) if key in self.values else "nothing"
        where = f"In {self.place}, {_named(key)} is {seen}."
        return self.error(where, f"Write {right}.")

    def allow(self, *keys: str) -> None:
        """Refuse every other key: a misspelt one would do nothing, silently."""
        for key in self.values:
            if key not in keys:
                raise self.wrong(key, f"only these here: {', '.join(keys)}")

    def list_of(self, key: str) -> list[Any]:
        """Return a list of anything."""
        value = self.values.get(key)
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, "a whole number")
        if not least <= value <= most:
            raise self.wrong(key, f"a whole number from {least} to {most}")
        return value

    def expect_format(self, number: int) -> None:
        """Refuse a file of another format than this one."""
        self.format_of((number,))

    def format_of(self, numbers: tuple[int, ...]) -> int:
        """Return which of these formats a file has; refuse every other."""
        value = self.values.get("format")
        if isinstance(value, int) and not isinstance(value, bool) and value in numbers:
            return value
        if len(numbers) == 1:
            raise self.wrong("format", f"{numbers[0]}, the only format there is so far")
        first = ", ".join(map(str, numbers[:-1]))
        raise self.wrong("format", f"{first} or {numbers[-1]}, the formats there are")

    def text(self, key: str) -> str:
        """Return some words."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "some words in quotes")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of words."""
        values = self.list_of(key)
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key, 'a list of words in quotes, such as ["own words"]')
        return tuple(values)

    def text_or(self, key: str, usual: str) -> str:
        """Return some words, the usual ones where none are written."""
        return self.text(key) if key in self.values else usual

    def texts_or_none(self, key: str) -> tuple[str, ...]:
        """Return a list of words, an empty one where none is written."""
        return self.texts(key) if key in self.values else ()

    def flag_or(self, key: str, *, usual: bool) -> bool:
        """Return true or false, the usual one where nothing is written."""
        value = self.values.get(key, usual)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        """Return one of these words."""
        value = self.values.get(key)
        if value not in choices:
            raise self.wrong(key, f"one of: {', '.join(choices)}")
        return str(value)

    def one_of_or(self, key: str, choices: tuple[str, ...], usual: str) -> str:
        """Return one of these words, the usual one where nothing is written."""
        return self.one_of(key, choices) if key in self.values else usual

    def number(self, key: str, low: float, high: float, unit: str) -> float:
        """Return a number from `low` to `high`."""
        return self._number(key, low, high, f"{unit} from {low:g} to {high:g}")

    def number_or(
        self, key: str, low: float, high: float, unit: str, usual: float
    ) -> float:
        """Return a number from `low` to `high`, the usual one where none is written."""
        return self.number(key, low, high, unit) if key in self.values else usual

    def minutes(self, key: str, longest: float) -> float:
        """Return minutes above 0."""
        right = f"minutes above 0, at most {longest:g}"
        value = self._number(key, 0.0, longest, right)
        if value == 0:
            raise self.wrong(key, right)
        return value

    def tables(self, key: str, name: str) -> tuple["TomlTable", ...]:
        """Return the tables of a list, each with its own place; none may be there."""
        if key not in self.values:
            return ()
        return tuple(
            self._table(f"{name} {number}", each)
            for number, each in enumerate(self.list_of(key), start=1)
        )

    def table_or_empty(self, key: str) -> "TomlTable":
        """Return the table at a key, an empty one where nothing is written."""
        return self._table(f"[{key}]", self.values.get(key, {}))

    def _table(self, place: str, given: Any) -> "TomlTable":
        if not isinstance(given, dict):
            raise self.error(f"In {place}: {shown(given)}.", "Write it as a table.")
        return TomlTable(place, given, self.error)

    def _number(self, key: str, low: float, high: float, right: str) -> float:
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, right)
        if not low <= value <= high:  # NaN is refused here too
            raise self.wrong(key, right)
        return float(value)


def _named(key: str) -> str:
    """Return a key as it can be read: one that is long or odd in quotes, cut short."""
    return key if key.isidentifier() and len(key) <= 40 else shown(key)
