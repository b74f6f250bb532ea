"""What people, files and straps are called is printed so that all of it is seen."""

from contextlib import suppress
from functools import cache
from pathlib import Path
from unicodedata import category

import pytest

from coreg.base.plain_text import plain
from coreg.cli import main
from coreg.cli.progress import Progress
from coreg.facts.events import BlockBegan, Link, LinkChanged, Partner
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.plans import plan_text
from coreg.store.session_log import SessionLog
from tests.helpers.openings import changed
from tests.helpers.sessions import ENDED, OPENED

# Wipe the line, name the window, turn round what follows, hide, and begin a new line.
ORDERS = "\x1b[2K\x1b]0;owned\x07\x9b31m\u202eko\u2066\u200b\ufeff\r\nok: all whole"
SHOWN = r"\x1b[2K\x1b]0;owned\x07\x9b31m\u202eko\u2066\u200b\ufeff\x0d\x0aok: all whole"
# Unicode 16, Bidi_Control, and Default_Ignorable_Code_Point of what Python would print.
TURNS = [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
UNSEEN = [0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0]


@cache
def obeyed_or_unseen() -> frozenset[str]:
    """Every character that a terminal obeys, hides, or lets turn others round."""
    kinds = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    obeyed = (each for each in map(chr, range(0x110000)) if category(each) in kinds)
    return frozenset([*obeyed, *map(chr, [*TURNS, *UNSEEN])])


def test_no_character_that_a_terminal_obeys_or_hides_is_printed() -> None:
    tried = obeyed_or_unseen()
    assert len(tried) > 100_000
    assert not tried.intersection(plain("".join(sorted(tried))))
    assert plain(ORDERS) == SHOWN


def test_marks_piled_up_to_cover_other_lines_are_numbers() -> None:
    assert plain("e" + "\u0301" * 9) == "e" + "\u0301" * 4 + r"\u0301" * 5


@pytest.mark.parametrize(
    "name",
    [
        "Zoë & Łukasz",
        "李雷和韩梅梅",
        "אורי",
        "Nguyê\u0303\u0323n",
        "❤\ufe0f 👍🏽",
        "A\xa0B",
    ],
)
def test_what_people_are_called_stays_as_it_is(name: str) -> None:
    assert plain(name) == name


# --- at the command line ------------------------------------------------------------


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Run a command; return its lines, of which none holds anything unseen."""
    with suppress(SystemExit):
        main(arguments)
    said = "".join(capsys.readouterr())
    assert not obeyed_or_unseen().difference("\n").intersection(said)
    return said.splitlines()


def plan(folder: Path, **parts: str) -> Path:
    """A practice whose words were written by somebody who means no good."""
    text = plan_text("relaxed-and-alert")
    for key, words in parts.items():
        (line,) = [each for each in text.splitlines() if each.startswith(f"{key} = ")]
        escaped = "".join(
            each if each.isascii() and each.isprintable() else f"\\U{ord(each):08x}"
            for each in words
        )
        text = text.replace(line, f'{key} = "{escaped}"')
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_title_of_a_practice_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plan(tmp_path, title=ORDERS)
    line, *_ = printed(capsys, "practices", "check", str(path))
    assert SHOWN in line


def test_a_file_s_name_is_shown_in_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("check", "replay", "report", "analyze"):
        (line,) = printed(capsys, command, f"{tmp_path}/{ORDERS}.coreg")
        assert SHOWN in line
    (line,) = printed(capsys, "practice", f"--{ORDERS}")
    assert r"\x1b]0;owned\x07" in line


def test_a_session_that_somebody_sent_is_shown_in_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = data_folder(tmp_path / "data")
    opened = changed(
        OPENED,
        opened_utc=ORDERS,
        plan_toml=plan(tmp_path, title=ORDERS).read_text(encoding="utf-8"),
        versions=(("coreg", ORDERS),),
    )
    with SessionLog.create(session_path(folder, ORDERS[:20]), opened) as log:
        log.append(ENDED, 0)
    data = ("--data-dir", str(folder))
    (line,) = printed(capsys, "sessions", *data)
    assert SHOWN in line
    (line,) = printed(capsys, "check", *data)
    assert line.startswith(SHOWN[:20])
    assert len(printed(capsys, "replay", "last", *data)) == 1


def test_a_folder_s_name_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ORDERS).write_text("no folder", encoding="utf-8")
    (line,) = printed(capsys, "sessions", "--data-dir", str(tmp_path / ORDERS))
    assert SHOWN in line


class Terminal:
    """A terminal that keeps one line up to date."""

    def __init__(self) -> None:
        self.said = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.said += text
        return len(text)

    def flush(self) -> None:
        """Show it."""


def test_what_a_practice_and_a_strap_say_is_shown_while_it_runs() -> None:
    terminal = Terminal()
    progress = Progress(terminal)  # type: ignore[arg-type]
    began = BlockBegan(t_s=0.0, number=0, name=ORDERS, kind="breathe", length_s=60.0)
    lost = LinkChanged(t_ns=0, partner=Partner.A, link=Link.LOST, detail=ORDERS)
    progress(lost, [began])
    own = terminal.said.replace("\r\x1b[K", "")
    assert own.count(SHOWN) == 2
    assert not obeyed_or_unseen().difference("\n").intersection(own)
