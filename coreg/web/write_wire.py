"""Write what follows from the definition of the wire: the browser's part, and tables.

    python -m coreg.web.write_wire

For a checkout of coreg, after a change of its messages; a test fails until it is done.
"""

from pathlib import Path

from coreg.web.wire.definition import asked_table, javascript, told_tables
from coreg.web.words import STATIC

SCRIPT = STATIC / "wire.js"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "web-messages.md"
_BEGINS = "<!-- {}: written by `python -m coreg.web.write_wire` -->"
_ENDS = "<!-- {}: end -->"


def page_written(page: str) -> str:
    """Return the page of documentation with its tables as they are to be.

    Raises
    ------
    ValueError
        If the places of the tables are not marked on it.
    """
    for name, table in (("told", told_tables()), ("asked", asked_table())):
        begins, ends = _BEGINS.format(name), _ENDS.format(name)
        before, inside = page.split(begins)
        _old, after = inside.split(ends)
        page = f"{before}{begins}\n\n{table}\n\n{ends}{after}"
    return page


def main() -> None:
    """Write both files."""
    SCRIPT.write_text(javascript(), encoding="utf-8", newline="\n")
    page = page_written(PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
