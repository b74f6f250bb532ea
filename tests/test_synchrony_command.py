"""`coreg synchrony`, and the pages of `coreg report`: what is told, who is refused."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from coreg.cli import main
from coreg.facts.events import NS_PER_S, Partner, Tick
from coreg.report.page_format import PageFormat, Whose
from coreg.report.session import report_session
from coreg.report.wanted import Wanted
from coreg.sensors.decoding import heart_rate
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.store.library import find_session
from coreg.store.library_db import Library, Purpose
from coreg.store.plans import plan_text
from coreg.store.session_log import SessionLog
from coreg.words import ENGLISH, speak
from tests.helpers.couples import opened_by
from tests.helpers.evening_server import CHEAP, NOW
from tests.helpers.openings import changed
from tests.helpers.readers import html_words


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two people who sit and breathe freely, stamped on one clock."""
    folder = tmp_path_factory.mktemp("recordings")
    rows: dict[Partner, list[str]] = {who: ["arrival_s,rr_ms"] for who in Partner}
    for packet in SimulatedCouple(seed=5).advance(240 * NS_PER_S):
        for rr_ms in heart_rate.decode(packet.data).rr_ms:
            rows[packet.partner].append(f"{packet.t_ns / NS_PER_S:.6f},{rr_ms:.6f}")
    paths = tuple(folder / f"simulated-{who}.csv" for who in Partner)
    for path, lines in zip(paths, rows.values(), strict=True):
        path.write_text("\n".join(lines), encoding="utf-8")
    return paths[0], paths[1]


def test_two_recordings_on_one_clock_are_tested_and_drawn(
    recordings: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(path) for path in recordings]
    assert (
        main(["synchrony", *files, "--surrogates", "99", "--out", str(tmp_path)]) == 0
    )
    told = capsys.readouterr().out
    assert "Not distinguishable from" in told
    assert "This assumes you both breathed freely" in told
    assert "99 chance pairings" in told
    (page,) = tmp_path.glob("*.html")
    shown = html_words(page.read_text(encoding="utf-8"))
    assert "simulated couple" in shown
    assert re.search(r"Two recordings, 3\smin\s5\d\ss in common\.", shown)
    assert "practice took" not in shown  # nobody practised
    assert [path.suffix for path in sorted(tmp_path.iterdir())] == [".html", ".pdf"]


def test_a_clock_that_was_ahead_is_put_right_and_said(
    recordings: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """B's times are written 37.5 s late; with the offset nothing is different."""
    a, b = recordings
    head, *rows = b.read_text(encoding="utf-8").splitlines()
    late = tmp_path / "late.csv"
    told = (row.split(",") for row in rows)
    moved = [f"{float(t_s) + 37.5:.6f},{rr_ms}" for t_s, rr_ms in told]
    late.write_text("\n".join([head, *moved]), encoding="utf-8")

    def answer(*given: str) -> dict[str, Any]:
        asked = ("synchrony", str(a), *given, "--surrogates", "99", "--seed", "1")
        assert main([*asked, "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    right, mended = answer(str(b)), answer(str(late), "--offset", "-37.5")
    assert mended["r"] == pytest.approx(right["r"], abs=1e-3)
    assert mended["p_hr"] == right["p_hr"]
    assert mended["lag_s"] == right["lag_s"]
    assert "moved by -37.5 s" in mended["streams"][1]
    assert "moved by -2 s" in answer(str(b), "--offset", "-2")["streams"][1]


def test_json_is_the_same_whatever_language_a_terminal_speaks(
    recordings: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["synchrony", *map(str, recordings), "--surrogates", "99", "--json"]
    told = []
    for language in ("en", "de"):
        monkeypatch.setenv("COREG_LANGUAGE", language)
        assert main(asked) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert main(asked[:-1]) == 0
    assert "Zufallspaarungen" in capsys.readouterr().out  # it did speak German
    monkeypatch.undo()
    speak(ENGLISH)


def test_a_session_needs_no_offset(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["synchrony", "last", "--offset", "3"]) == 1
    assert "Leave out --offset" in capsys.readouterr().err


def test_the_seed_decides_and_is_told(
    recordings: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(path) for path in recordings]
    answers = []
    for seed in ("1", "1", "2"):
        given = ["synchrony", *files, "--surrogates", "99", "--seed", seed, "--json"]
        assert main(given) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]
    assert answers[0]["r"] == answers[2]["r"]  # the data are the same, chance is not
    assert [answer["seed"] for answer in answers] == [1, 1, 2]


def test_a_known_pace_is_taken_out_and_said(
    recordings: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    files = [str(path) for path in recordings]
    given = ["synchrony", *files, "--pace", "6", "--surrogates", "99"]
    assert main([*given, "--out", str(tmp_path)]) == 0
    assert "one pacer of this pace" in capsys.readouterr().out


def test_texts_without_times_are_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = []
    for who in Partner:
        path = tmp_path / f"{who}.txt"
        path.write_text("\n".join(["812", "790"] * 200), encoding="utf-8")
        files.append(str(path))
    assert main(["synchrony", *files]) == 1
    said = capsys.readouterr().err
    assert "A.txt (intervals as text) does not say when its heartbeats came" in said
    assert "columns arrival_s and rr_ms" in said


def test_recordings_of_other_hours_are_refused(
    recordings: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = tmp_path / "later.csv"
    rows = (f"{5000 + 0.8 * n:.3f},800" for n in range(400))
    later.write_text("\n".join(["arrival_s,rr_ms", *rows]), encoding="utf-8")
    assert main(["synchrony", str(recordings[0]), str(later)]) == 1
    assert "have 0 s in common" in capsys.readouterr().err


def test_two_sessions_have_two_clocks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (str(tmp_path / f"{name}.coreg") for name in ("one", "two"))
    assert main(["synchrony", one, two]) == 1
    assert "a clock and a pacer of its own" in capsys.readouterr().err


# --- pages of a session kept in a house -------------------------------------------


def service(folder: Path) -> str:
    """Keep the beginning of one evening with straps, of which nobody opened a page."""
    header = changed(opened_by(1), plan_toml=plan_text("relaxed-and-alert"))
    path = folder / "sessions" / f"{header.identity.session_id}.coreg"
    path.parent.mkdir(parents=True)
    with SessionLog.create(path, header) as log:
        for second in range(1, 90):
            log.append(Tick(t_ns=second * NS_PER_S), second * NS_PER_S)
    assert log.trouble is None
    return header.identity.session_id


def test_the_joint_page_takes_both_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session_id = service(tmp_path)
    given = ["report", session_id, "--data-dir", str(tmp_path), "--pages", "joint"]
    given += ["--format", "html", "--out", str(tmp_path / "out")]
    library = Library(tmp_path)
    for partner in Partner:
        assert main(given) == 1
        assert "is not open: it takes both partners" in capsys.readouterr().err
        library.keep_consent(
            partner, {Purpose.SHOW_PARTNER: True}, version=1, utc="2026-11-01"
        )
        library.keep_wish(partner, session_id, "ours", utc="2026-11-01")
    assert main(given) == 0
    assert (tmp_path / "out" / f"{session_id}-joint.html").exists()


def test_an_own_page_and_the_evenings_are_named_after_their_owner(
    tmp_path: Path,
) -> None:
    session_id = service(tmp_path)
    library = Library(tmp_path, passcode_cost=CHEAP)
    wanted = Wanted(
        pages=(Whose.A, Whose.EVENINGS_B),
        formats=(PageFormat.HTML,),
        data_folder=tmp_path,
        left_out=frozenset(),
        zone=dt.UTC,
        keys={each: library.own.choose(each, "4711", now=NOW) for each in Partner},
    )
    (tmp_path / "o").mkdir()
    report = report_session(
        find_session(tmp_path, session_id), tmp_path / "o", wanted, lambda _: None
    )
    assert report.undrawn == ()
    names = sorted(path.name for path in (tmp_path / "o").iterdir())
    assert names == [f"{session_id}-A.html", f"{session_id}-evenings-B.html"]


# --- absurd inputs ----------------------------------------------------------------


def test_one_heart_is_not_compared_with_itself(
    recordings: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = tmp_path / "another-name.csv"
    copied.write_bytes(recordings[0].read_bytes())
    for other in (recordings[0], copied):
        assert main(["synchrony", str(recordings[0]), str(other), "--json"]) == 1
        assert "hold the same heartbeats" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"),
    [("--pace", "600"), ("--pace", "0.5"), ("--surrogates", "100000000")],
)
def test_a_pace_nobody_breathes_and_chance_no_memory_holds_are_refused(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["synchrony", "a.csv", "b.csv", option, value])
    assert f"{value} is not between" in capsys.readouterr().err
