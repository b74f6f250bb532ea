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

LARGEST_BYTES: Final = 100_000
_What = TypeVar("_What")


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlShelf:
    """One kind of such files, in the folder where coreg's own lie.

    `one` is what a file describes and `file` what it is called, in words for people;
    `error` is raised where there is none.
    """

    folder: Traversable
    one: str
    file: str
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
        path, give = Path(name), f"Give a {self.file} file, written in TOML."
        if path.is_dir():
            raise self.error(f"{name} is a folder.", give)
        if not path.is_file() and (path.suffix or path.name != name):
            raise self.error(f"There is no file {name}.", "Check its name and folder.")
        if not path.is_file():
            raise self.error(
                f"There is no {self.one} called {name!r}.", self._meant(name)
            )
        try:
            return text_of(path, LARGEST_BYTES)
        except BadText as fault:
            raise self.error(f"{name} {fault}.", give) from None
        except OSError as fault:
            why = fault.strerror or fault
            raise self.error(f"{name} cannot be read ({why}).", give) from fault

    def _meant(self, name: str) -> str:
        """Say what to give instead of a name that is none."""
        if meant := nearest(name, self.names()):
            return f"Did you mean {meant}?"
        return (
            f"Choose one of: {', '.join(self.names())}; or give a {self.file} file by "
            "its path."
        )

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
