"""Files that people write by hand: those that ship with coreg, or one by its path."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeVar

from coreg.base.bounds import BadText
from coreg.base.nearest import nearest
from coreg.base.text_files import text_of
from coreg.errors import CoregError
from coreg.words import system_said, wrong_and_do

LARGEST_BYTES: Final = 100_000
_What = TypeVar("_What")


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlShelf:
    """One kind of such files, in the folder where coreg's own lie.

    `words` is where the catalogue speaks of this kind (`errors.shelf`); `error` is
    raised where there is none.
    """

    folder: Traversable
    words: str
    error: Callable[[str, str], CoregError]

    def names(self) -> list[str]:
        """Return the names of those that ship with coreg."""
        names = [entry.name for entry in self.folder.iterdir()]
        return sorted(name[:-5] for name in names if name.endswith(".toml"))

    def text(self, name: str) -> str:
        """Return the text of one: coreg's own by name, or a file by its path.

        Raises
        ------
        CoregError
            Of this shelf's kind, if there is none, or it cannot be read as text.
        """
        if name in self.names():
            return (self.folder / f"{name}.toml").read_text(encoding="utf-8")
        path = Path(name)
        if path.is_dir():
            raise self._refused("folder", name=name)
        if not path.is_file() and (path.suffix or path.name != name):
            raise self._refused("no-file", name=name)
        if not path.is_file():
            raise self._unknown(name)
        try:
            return text_of(path, LARGEST_BYTES)
        except BadText as fault:
            raise self._refused("no-text", name=name, why=str(fault)) from None
        except OSError as fault:
            why = system_said(fault)
            raise self._refused("unreadable", name=name, why=why) from fault

    def _unknown(self, name: str) -> CoregError:
        """Return what to give instead of a name that is none."""
        if meant := nearest(name, self.names()):
            return self._refused("unknown-near", name=repr(name), near=meant)
        names = ", ".join(self.names())
        return self._refused("unknown", name=repr(name), names=names)

    def _refused(self, wrong: str, **blanks: str) -> CoregError:
        return self.error(*wrong_and_do(f"errors.shelf.{self.words}.{wrong}", **blanks))

    def read(self, name: str, parse: Callable[[str], _What]) -> _What:
        """Return what `parse` makes of a text; its faults name the file they are in.

        Raises
        ------
        CoregError
            Of this shelf's kind, if there is no such text, or it has a fault.
        """
        text = self.text(name)
        try:
            return parse(text)
        except CoregError as fault:
            raise self.error(f"{name}: {fault.wrong}", fault.do) from fault
