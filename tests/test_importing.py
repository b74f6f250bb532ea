"""Two recordings taken into the library: a session like any other, or words why not."""

import json
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.errors import BadRecordingError
from coreg.facts.events import NS_PER_S, Input, Intervals, Partner, Source
from coreg.sensors.decoding import heart_rate
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.session import live
from coreg.session.engine import Engine, Output
from coreg.session.recorded_pair import expect_one_clock, offset_by_marks_s
from coreg.store.folder import sessions_folder
from coreg.store.library import find_session
from coreg.store.reader import read_session

Pair = tuple[Path, Path]
LASTS_S = 200


def rows_of(couple: SimulatedCouple) -> dict[Partner, list[tuple[float, float]]]:
    rows: dict[Partner, list[tuple[float, float]]] = {who: [] for who in Partner}
    for packet in couple.advance(LASTS_S * NS_PER_S):
        for rr_ms in heart_rate.decode(packet.data).rr_ms:
            rows[packet.partner].append((packet.t_ns / NS_PER_S, rr_ms))
    return rows


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Two people on one clock."""
    folder = tmp_path_factory.mktemp("clocked")
    paths = (folder / "a.csv", folder / "b.csv")
    both = rows_of(SimulatedCouple(seed=5)).values()
    for path, rows in zip(paths, both, strict=True):
        lines = ["arrival_s,rr_ms", *(f"{t_s:.6f},{rr:.6f}" for t_s, rr in rows)]
        path.write_text("\n".join(lines), encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def unclocked(clocked: Pair) -> Pair:
    """The same intervals without any time."""
    paths = tuple(path.with_suffix(".txt") for path in clocked)
    for path, source in zip(paths, clocked, strict=True):
        lines = source.read_text(encoding="utf-8").splitlines()[1:]
        intervals = "\n".join(line.split(",")[1] for line in lines)
        path.write_text(intervals, encoding="utf-8")
    return paths[0], paths[1]


def given(pair: Pair, data: Path, *options: str) -> list[str]:
    return ["import", *map(str, pair), "--data-dir", str(data), *options]


def test_two_recordings_on_one_clock_are_a_session_that_opens_checks_and_replays(
    clocked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given(clocked, tmp_path)) == 0
    name = capsys.readouterr().out.strip()
    session = read_session(find_session(tmp_path, name))
    assert session.opened.couple.source is Source.RECORDINGS
    assert session.opened.identity.consent == ""
    assert session.opened.straps.common_clock
    assert main(["check", "--data-dir", str(tmp_path)]) == 0
    assert main(["replay", name, "--data-dir", str(tmp_path)]) == 0
    assert "identical" in capsys.readouterr().out
    # What was recorded is what was read, from the moment on that both are there.
    recordings = [read_recording(path) for path in clocked]
    start_s = max(each.arrivals_s[0] for each in recordings)
    end_s = min(each.arrivals_s[-1] for each in recordings)
    for partner, recording in zip(Partner, recordings, strict=True):
        kept = [
            (round(fact.t_ns / NS_PER_S + start_s, 6), fact.rr_ms)
            for event in session.events
            if isinstance(fact := event.fact, Intervals) and fact.partner is partner
        ]
        assert kept == [
            (round(t_s, 6), rr_ms)
            for t_s, rr_ms in recording.packets
            if start_s <= t_s <= end_s
        ]


def test_its_page_says_that_it_is_from_recordings(
    clocked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given(clocked, tmp_path)) == 0
    out = str(tmp_path / "pages")
    report = ["report", "last", "--format", "html", "--out", out]
    assert main([*report, "--data-dir", str(tmp_path)]) == 0
    (page,) = (tmp_path / "pages").glob("*.html")
    shown = page.read_text(encoding="utf-8")
    assert "from recordings" in shown
    assert "in common." in shown
    assert "a.csv" in shown
    capsys.readouterr()
    assert main(["sessions", "--json", "--data-dir", str(tmp_path)]) == 0
    (listed,) = json.loads(capsys.readouterr().out)["sessions"]
    assert listed["source"] == "recordings"


def test_without_a_clock_nothing_is_imported_and_it_is_said_what_to_give(
    unclocked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given(unclocked, tmp_path)) == 1
    said = capsys.readouterr().err
    assert "a.txt and b.txt do not say when" in said
    assert "--offset-s" in said
    assert "--mark-a" in said
    assert not sessions_folder(tmp_path).exists() or not any(
        sessions_folder(tmp_path).iterdir()
    )


@pytest.mark.parametrize(
    "options",
    [["--offset-s", "7.5"], ["--mark-a", "0:20", "--mark-b", "12.5"]],
    ids=["offset", "marks"],
)
def test_an_offset_given_by_hand_moves_b_is_said_and_claims_no_resolution(
    unclocked: Pair,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
) -> None:
    assert main(given(unclocked, tmp_path, *options)) == 0
    name = capsys.readouterr().out.strip()
    session = read_session(find_session(tmp_path, name))
    straps = session.opened.straps
    assert straps.streams[1] == "b.txt, moved by +7.5 s (intervals as text)"
    assert straps.lag_resolution_s != straps.lag_resolution_s  # NaN: not known
    # B's first interval ended 7.5 s later than by itself; the session begins there.
    first = next(e.fact for e in session.events if isinstance(e.fact, Intervals))
    second_a = read_recording(unclocked[0])
    begins_s = read_recording(unclocked[1]).arrivals_s[0] + 7.5
    first_a_s = next(t for t in second_a.arrivals_s if t >= begins_s)
    of_a = next(
        e.fact
        for e in session.events
        if isinstance(e.fact, Intervals) and e.fact.partner is Partner.A
    )
    assert first.partner is Partner.B
    assert first.t_ns == 0
    assert of_a.t_ns / NS_PER_S == pytest.approx(first_a_s - begins_s)


def test_a_mark_beyond_a_recording_is_refused(unclocked: Pair) -> None:
    a, b = (read_recording(path) for path in unclocked)
    with pytest.raises(BadRecordingError, match=r"nothing at 9999 s in b\.txt"):
        offset_by_marks_s(a, 10.0, b, 9999.0)


def test_the_clocks_of_two_phones_are_offered_and_not_taken(tmp_path: Path) -> None:
    for name, begins_s in (("a", 0.0), ("b", 4.5)):
        rows = [
            f"10:{int(t_s // 60):02d}:{t_s % 60:06.3f};800"
            for t_s in (begins_s + 0.8 * n for n in range(200))
        ]
        text = "\n".join(["Phone timestamp;RR-interval [ms]", *rows])
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    a, b = (read_recording(tmp_path / f"{name}.txt") for name in "ab")
    with pytest.raises(BadRecordingError, match=r"--offset-s 4\.500"):
        expect_one_clock(a, b)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--mark-a", "3"], "go together"),
        (["--mark-a", "3", "--mark-b", "3", "--offset-s", "1"], "does not go with"),
        (["--mark-a", "3:75", "--mark-b", "3"], "is no time"),
        (["--mark-a", "-3", "--mark-b", "3"], "is no time"),
        (["--offset-s", "nan"], "is more than 30 days"),
        (["--starts", "19:02", "19:03"], "no time with seconds, as in 19:02:10"),
        (["--starts", "2:10.5", "3:10.5"], "no time with seconds"),
        (["--starts", "25:61:00", "19:00:00"], "no time with seconds"),
        (["--starts", "25:00:00", "19:00:00"], "no time with seconds"),
        (["--starts", "2026-03-01 19:02:10", "19:02:10"], "not one of each"),
        (["--starts", "19:02:10", "19:02:17", "--offset-s", "7"], "goes alone"),
    ],
)
def test_options_that_say_nothing_or_too_much_are_refused(
    clocked: Pair,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    words: str,
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(given(clocked, tmp_path, *options))
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("moved_s", "words"), [("0", "same heartbeats"), ("150", "in common")]
)
def test_one_heart_twice_and_too_little_in_common_are_refused(
    clocked: Pair,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    moved_s: str,
    words: str,
) -> None:
    pair = (clocked[0], clocked[0] if moved_s == "0" else clocked[1])
    assert main(given(pair, tmp_path, "--offset-s", moved_s)) == 1
    assert words in capsys.readouterr().err


def test_an_import_that_is_stopped_leaves_nothing(
    clocked: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(Engine):
        def feed(self, given: Input) -> list[Output]:
            if given.t_ns > 60 * NS_PER_S:
                raise KeyboardInterrupt
            return super().feed(given)

    monkeypatch.setattr(live, "Engine", Stopped)
    assert main(given(clocked, tmp_path)) == 130
    assert list(sessions_folder(tmp_path).glob("*.coreg*")) == []


def test_the_same_recordings_joined_in_another_way_are_said_to_be_one_evening(
    unclocked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tables counted them as two evenings of two couples, without a word."""
    assert main(given(unclocked, tmp_path, "--offset-s", "0")) == 0
    first = capsys.readouterr()
    assert "Caution" not in first.err
    assert main(given(unclocked, tmp_path, "--offset-s", "7")) == 0
    assert f"Caution: {first.out.strip()} holds" in capsys.readouterr().err


def test_other_hearts_are_not_said_to_be_the_same(
    unclocked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given(unclocked, tmp_path, "--offset-s", "0")) == 0
    others = []
    for path, rows in zip("cd", rows_of(SimulatedCouple(seed=6)).values(), strict=True):
        others.append(tmp_path / f"{path}.txt")
        others[-1].write_text("\n".join(f"{rr:.6f}" for _, rr in rows))
    assert main(given((others[0], others[1]), tmp_path, "--offset-s", "0")) == 0
    assert "holds" not in capsys.readouterr().err


# --- when each began, by a clock -----------------------------------------------


@pytest.fixture(scope="module")
def timed(clocked: Pair) -> Pair:
    """The same beats, each file counting its own seconds, B's from 12 s later on."""
    paths = tuple(path.with_name(f"own-{path.name}") for path in clocked)
    for path, source, later_s in zip(paths, clocked, (0.0, 12.0), strict=True):
        rows = [row.split(",") for row in source.read_text().splitlines()[1:]]
        lines = [
            f"{float(t_s) - later_s:.6f},{rr}"
            for t_s, rr in rows
            if float(t_s) >= later_s
        ]
        path.write_text("\n".join(["since start [s],RR [ms]", *lines]))
    return paths[0], paths[1]


def beats_of(data: Path, name: str) -> dict[Partner, list[int]]:
    found: dict[Partner, list[int]] = {who: [] for who in Partner}
    for each in read_session(find_session(data, name)).events:
        if isinstance(each.fact, Intervals):
            found[each.fact.partner].append(each.fact.t_ns)
    return found


@pytest.mark.parametrize(
    "starts",
    [
        ("19:01:58", "19:02:10"),
        ("23:59:54", "00:00:06"),
        ("7:01:58 pm", "7:02:10 PM"),
        ("2026-03-01 23:59:54", "2026-03-02 00:00:06"),
    ],
    ids=["evening", "midnight", "halves", "dates"],
)
def test_clock_times_of_both_beginnings_give_the_times_of_one_clock(
    clocked: Pair,
    timed: Pair,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    starts: tuple[str, str],
) -> None:
    assert main(given(timed, tmp_path / "by-hand", "--starts", *starts)) == 0
    done = capsys.readouterr()
    session = read_session(find_session(tmp_path / "by-hand", done.out.strip()))
    assert session.opened.straps.streams[1].startswith("own-b.csv, moved by +12 s")
    assert main(given(clocked, tmp_path / "one-clock")) == 0
    name = capsys.readouterr().out.strip()
    there, here = (
        beats_of(tmp_path / "one-clock", name),
        beats_of(tmp_path / "by-hand", done.out.strip()),
    )
    # Here B is there only from 12 s on; from then on the beats lie as on the one clock.
    apart_ns = {there[who][-1] - here[who][-1] for who in Partner}
    assert max(apart_ns) - min(apart_ns) <= 2000
    # A second of the clock, and what is open between two unknown straps (0.4 to 2.6 s).
    assert session.opened.straps.lag_resolution_s == pytest.approx(1.0 + 2.2)
    assert "can hide 1.0 s" in done.err
    assert "less than 3.2 s" in done.err


def test_tenths_of_a_clock_hide_a_tenth(
    timed: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    starts = ("--starts", "19:01:58.0", "19:02:10.0")
    assert main(given(timed, tmp_path, *starts)) == 0
    session = read_session(find_session(tmp_path, capsys.readouterr().out.strip()))
    assert session.opened.straps.lag_resolution_s == pytest.approx(0.1 + 2.2)


def test_beats_without_times_are_placed_by_a_clock_and_claim_no_lag(
    unclocked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    starts = ("--starts", "19:02:10", "19:02:17")
    assert main(given(unclocked, tmp_path, *starts)) == 0
    done = capsys.readouterr()
    straps = read_session(find_session(tmp_path, done.out.strip())).opened.straps
    assert straps.streams[1] == "b.txt, moved by +7 s (intervals as text)"
    assert straps.lag_resolution_s != straps.lag_resolution_s  # NaN: not known
    assert "nothing is said of who moved first" in done.err


def test_clock_times_beside_one_clock_are_refused(
    clocked: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given(clocked, tmp_path, "--starts", "19:02:10", "19:02:17")) == 1
    assert "Leave out --starts" in capsys.readouterr().err
