"""A page that says what is wrong, where no terminal could, with a report to pass on.

The page is its user's own and may name a folder. The report is for somebody else: it is
made of nothing but the kinds of errors and the places in the program where they were
met. What an error says is left out, for a path, a name or a strap's address may be in
it, and so is every folder.
"""

import errno
import platform
import re
import sys
import tempfile
import traceback
import webbrowser
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import coreg
from coreg.errors import CoregError
from coreg.web.words import page_with
from coreg.words import say as word, spoken, system_said, wrong_and_do

if TYPE_CHECKING:
    from coreg.cli.doctor import Diagnosis

_PROGRAM = Path(coreg.__file__).parents[1]
_OF_PYTHON = re.compile(r".*[\\/](?:site-packages|python3\.\d+|Lib)[\\/]")
_MOST_PLACES = 40
_IS_BUNDLE = getattr(sys, "frozen", False)
_COPY = """
const report = document.querySelector("textarea");
const told = document.querySelector("[aria-live]");
document.querySelector("button").addEventListener("click", async () => {
  report.select();
  try {
    await navigator.clipboard.writeText(report.value);
    told.textContent = told.dataset.copied;
  } catch {
    told.textContent = told.dataset[document.execCommand("copy") ? "copied" : "not"];
  }
});
"""
_STYLE = """
textarea {
  width: 100%; height: 240px; padding: 14px; border: 1px solid #94A3AA;
  border-radius: 8px; background: none; color: var(--ink);
  font: 14px/1.5 ui-monospace, monospace; resize: vertical;
}
button {
  min-height: 44px; padding: 8px 22px; border: 1px solid #94A3AA; border-radius: 22px;
  background: none; color: var(--ink); font: inherit; cursor: pointer;
}
:focus-visible { outline: 2px solid var(--ink); outline-offset: 3px; }
h2 { margin: 18px 0 0; color: var(--ink); font-size: 20px; font-weight: 400; }
"""


def show_trouble(error: Exception) -> Path:
    """Open a page in the browser that says what is wrong; return its file.

    It lies in a new folder that no other user can read, and not in the data folder,
    which may be what is wrong.
    """
    findings = _looked_at()
    file = Path(tempfile.mkdtemp(prefix="coreg-")) / "coreg.html"
    file.write_text(page_of(error, findings), encoding="utf-8")
    webbrowser.open(file.as_uri())
    return file


def page_of(error: Exception, findings: Sequence["Diagnosis"] = ()) -> str:
    """Return the page: what was wrong, what to do, what else is not right, the report.

    `findings` are what a look at the computer found, of which the bad ones are told.
    """
    wrong, do = _told(error)
    also = [each.words for each in findings if not each.is_well]
    parts = [
        f"<h1>{escape(word('terminal.trouble.title'))}</h1>",
        f"<p>{escape(wrong)}</p><p>{escape(do)}</p>",
    ]
    if also := [words for words in also if wrong not in words]:
        listed = "".join(f"<p>{escape(words)}</p>" for words in also)
        parts.append(f"<h2>{escape(word('terminal.trouble.also-title'))}</h2>{listed}")
    parts += _report_to_copy(report_of(error, findings))
    return page_with("".join(parts), title=word("terminal.trouble.title"), style=_STYLE)


def _report_to_copy(report: str) -> list[str]:
    said = {
        name: escape(word(f"terminal.trouble.{name}"))
        for name in ("report-title", "report-lead", "copy", "copied", "not-copied")
    }
    title = said["report-title"]
    field = f'<textarea readonly spellcheck="false" aria-label="{title}">'
    copied, uncopied = said["copied"], said["not-copied"]
    return [
        f"<h2>{title}</h2><p>{said['report-lead']}</p>",
        f"{field}{escape(report)}</textarea>",
        f'<p><button type="button">{said["copy"]}</button></p>',
        f'<p aria-live="polite" data-copied="{copied}" data-not="{uncopied}"></p>',
        f'<script type="module">{_COPY}</script>',
    ]


def report_of(error: Exception, findings: Sequence["Diagnosis"] = ()) -> str:
    """Return what can be passed on: in English, and with nothing in it of anybody.

    Examples
    --------
    >>> print(report_of(PermissionError(13, "Permission denied", "/home/anna/x")))
    ... # doctest: +ELLIPSIS
    coreg ...
    PermissionError EACCES
    """
    release = re.match(r"[\d.]*\d", platform.release())
    system = f"{platform.system()} {release[0] if release else ''} {platform.machine()}"
    lines = [
        f"coreg {coreg.__version__}{' (bundle)' if _IS_BUNDLE else ''}",
        f"Python {platform.python_version()}, {system}, words in {spoken()}",
    ]
    lines += [f"{each.what}: {'ok' if each.is_well else 'not ok'}" for each in findings]
    for number, met in enumerate(_causes(error)):
        lines += [*(["while handling, or because of:"] if number else []), *_of(met)]
    return "\n".join(lines)


def _told(error: Exception) -> tuple[str, str]:
    if isinstance(error, CoregError):
        return error.wrong, error.do
    if isinstance(error, OSError):
        return wrong_and_do("terminal.trouble.system", why=system_said(error))
    return wrong_and_do("terminal.trouble.fault")


def _looked_at() -> list["Diagnosis"]:
    """Look at the computer as `coreg doctor` does; where that fails, at nothing."""
    try:
        # It loads a lot, and what is wrong may be just that.
        from coreg.cli.doctor import look_around  # noqa: PLC0415

        return look_around(None)
    except Exception:  # noqa: BLE001 - there is one trouble to be told already
        return []


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came of, each once."""
    met: list[BaseException] = []
    while error is not None and error not in met:
        met.append(error)
        yield error
        hidden = error.__suppress_context__
        error = error.__cause__ or (None if hidden else error.__context__)


def _of(error: BaseException) -> list[str]:
    """Return what kind of error it is and where it was met; nothing that it says."""
    kind = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        kind += f" {errno.errorcode.get(error.errno, error.errno)}"
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_PLACES:]
    return [kind, *(f"  {_place(each.filename)}:{each.lineno}" for each in frames)]


def _place(path: str) -> str:
    """Return where a module is in the program, without any folder above that.

    Examples
    --------
    >>> _place("/home/anna/coreg/.venv/lib/python3.11/site-packages/numpy/linalg.py")
    'numpy/linalg.py'
    >>> _place("/home/anna/try.py")
    'elsewhere'
    """
    at = Path(path)
    if at.is_relative_to(_PROGRAM / "coreg"):
        return at.relative_to(_PROGRAM).as_posix()
    if not at.is_absolute() and _IS_BUNDLE:  # its modules lie in one file
        return at.as_posix()
    within = _OF_PYTHON.sub("", path, count=1)
    return "elsewhere" if within == path else Path(within).as_posix()
