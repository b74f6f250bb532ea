"""What many sessions say: planted rows, and what by hand is to be found in them."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coreg.batch.cohort import Cohort
from coreg.batch.prints import heart_print
from coreg.batch.table import parquet_of
from coreg.cli import main
from coreg.cli.cohort_picture import panels
from coreg.errors import BadInputError
from coreg.report.charts.intervals import Interval, Panel, Scale, intervals
from coreg.report.charts.theme import MARKS
from tests.helpers.texts_apart import collisions, cut, texts_of
from tests.test_strangers import cohort as planted_waves

SLOPE = 0.1
"""Of ln RMSSD from a session to the next, of every couple on average."""


def planted(
    couples: int = 6, sessions: int = 3, *, own: float = 1.0, known: bool = True
) -> list[dict[str, Any]]:
    """Rows of couples who practised often, and who share waves of their own."""
    rng = np.random.default_rng(5)
    rows = list[dict[str, Any]]()
    for couple in range(couples):
        tilt = SLOPE + 0.02 * (couple - (couples - 1) / 2)
        for session in range(sessions):
            (a,), (b,) = planted_waves(1, rng, own=own)
            for partner, slow in (("A", a), ("B", b)):
                row = {
                    "file": f"{couple}/{session}.coreg",
                    "opened_utc": f"2026-03-{session + 1:02d}T19:30:00Z",
                    "practice": "calm",
                    "source": "straps",
                    "couple": f"couple {couple}" if known else None,
                    "partner": partner,
                    "beats": 100 * couple + session + 1,
                    "mean_hr_bpm": 60.0 + couple + 6 * (partner == "B"),
                    "rmssd_ms": math.exp(3 + tilt * session),
                }
                part = {"part": 1, "part_name": "Breathe", "pair_programme": "same"}
                rows.append({**row, "scope": "practice"})
                rows.append({**row, **part, "scope": "part", "pair_slow": slow})
    return rows


def table(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "rows.parquet"
    path.write_bytes(parquet_of(rows))
    return path


@pytest.fixture
def of_six(tmp_path: Path) -> Path:
    error = {"file": "x.coreg", "error_kind": "SessionDamaged", "error": "torn"}
    return table(tmp_path, [*planted(), error])


def test_what_there_is_is_counted_and_errors_are_in_nothing_else(of_six: Path) -> None:
    counted = Cohort(of_six).counted()
    assert (counted.sessions, counted.couples) == (18, 6)
    assert (counted.unknown, counted.errors) == (0, 1)


def test_what_broke_off_or_is_damaged_is_counted_and_has_its_figures(
    tmp_path: Path,
) -> None:
    rows = planted()
    for row in rows:
        row["ending"], row["is_damaged"] = "complete", 0
        if row["file"] == "0/0.coreg":
            row["ending"] = "broken off"
        if row["file"] in {"0/0.coreg", "3/2.coreg"}:
            row["is_damaged"] = 1
    cohort = Cohort(table(tmp_path, rows))
    assert (cohort.counted().unfinished, cohort.counted().sessions) == (2, 18)
    assert cohort.distributions()[0].hearts == 36


def test_quantiles_are_those_by_hand(of_six: Path) -> None:
    """Hearts of 60 to 71 a minute, each three times: in the middle lies 65.5."""
    (heart_rate, *_) = Cohort(of_six).distributions()
    assert (heart_rate.figure, heart_rate.hearts) == ("mean_hr_bpm", 36)
    assert heart_rate.quantiles == pytest.approx((60.0, 62.75, 65.5, 68.25, 71.0))


def test_a_planted_change_is_found_over_couples(of_six: Path) -> None:
    changes = {each.figure: each for each in Cohort(of_six).changes()}
    change = changes["rmssd_ms"]
    assert (change.is_log, change.couples) == (True, 6)
    assert change.mean == pytest.approx(SLOPE)
    # Slopes 0.05, 0.07, ... 0.15: standard error 0.03742 / sqrt(6), t(5) = 2.5706.
    assert change.high - change.mean == pytest.approx(2.5706 * 0.0374166 / 6**0.5, 1e-4)
    assert changes["mean_hr_bpm"].mean == pytest.approx(0.0)


def of_both(folder: Path) -> Path:
    """Six couples of people, and three simulated whose hearts beat 40 faster."""
    made_up = [
        {
            **row,
            "file": f"simulated/{row['file']}",
            "couple": f"simulated {row['couple']}",
            "source": "simulated",
            "mean_hr_bpm": row["mean_hr_bpm"] + 40,
        }
        for row in planted(couples=3)
    ]
    error = {"file": "x.coreg", "error_kind": "SessionDamaged", "error": "torn"}
    return table(folder, [*planted(), *made_up, error])


def test_simulated_hearts_and_peoples_are_never_counted_together(
    tmp_path: Path,
) -> None:
    path = of_both(tmp_path)
    with pytest.raises(BadInputError, match=r"9 and 18\), which are never") as refused:
        Cohort(path)
    assert "--source people" in refused.value.do
    people, simulated = (Cohort(path, simulated=each) for each in (False, True))
    assert (people.counted().sessions, people.counted().simulated) == (18, 0)
    assert (simulated.counted().sessions, simulated.counted().simulated) == (9, 9)
    assert people.counted().errors == simulated.counted().errors == 1
    assert people.distributions()[0].quantiles[-1] == pytest.approx(71.0)
    assert simulated.distributions()[0].quantiles[0] >= 100.0
    assert [each.couples for each in people.changes()] == [6, 6]
    assert [each.couples for each in simulated.changes()] == [3, 3]
    (dealt,) = people.together(draws=9, rng=np.random.default_rng(1))
    assert dealt.found is not None
    assert dealt.found.couples == 6
    assert simulated.together(draws=9, rng=np.random.default_rng(1)) == []


def test_the_command_says_whose_hearts_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = of_both(tmp_path)
    assert main(["cohort", str(path)]) == 1
    assert "--source simulated" in capsys.readouterr().err
    assert main(["cohort", str(path), "--source", "simulated"]) == 0
    assert "simulated: 9, all of them" in capsys.readouterr().out
    assert main(["cohort", str(path), "--source", "people"]) == 0
    assert "simulated" not in capsys.readouterr().out
    drawn = panels(
        Cohort(path, simulated=True).distributions(), [], [], draws=99, simulated=True
    )
    assert drawn[0].title.startswith("Simulated hearts")


def test_two_sessions_of_a_couple_make_no_change(tmp_path: Path) -> None:
    assert Cohort(table(tmp_path, planted(sessions=2))).changes() == []


@pytest.mark.parametrize(("own", "is_found"), [(1.0, True), (0.0, False)])
def test_couples_who_share_something_are_told_from_strangers(
    tmp_path: Path, own: float, is_found: bool
) -> None:
    cohort = Cohort(table(tmp_path, planted(own=own)))
    (told,) = cohort.together(draws=99, rng=np.random.default_rng(1))
    assert told.found is not None
    assert (told.found.couples, told.found.sessions) == (6, 18)
    assert (told.found.p == pytest.approx(0.01)) is is_found
    assert told.p_holm == told.found.p  # one look
    assert cohort.alone() == 0


def test_of_whom_nobody_knows_who_they_are_nobody_is_dealt_until_a_list_says_it(
    tmp_path: Path,
) -> None:
    path = table(tmp_path, planted(known=False))
    cohort = Cohort(path)
    assert cohort.counted().unknown == 18
    assert cohort.changes() == []
    assert cohort.together(draws=9, rng=np.random.default_rng(1)) == []
    names = tmp_path / "couples.csv"
    lines = [f"{n}/{m}.coreg,couple {n}" for n in range(6) for m in range(3)]
    names.write_text("\n".join(["file,couple", *lines]), encoding="utf-8")
    named = Cohort(path, names)
    assert named.counted().unknown == 0
    (told,) = named.together(draws=9, rng=np.random.default_rng(1))
    assert told.found is not None
    names.write_text("\n".join(["file,couple", *lines, lines[0]]), encoding="utf-8")
    with pytest.raises(BadInputError, match="names a session twice"):
        Cohort(path, names)


def test_a_session_that_lies_there_twice_is_refused(tmp_path: Path) -> None:
    rows = planted()
    copies = [{**each, "file": "copy.coreg"} for each in rows[:4]]
    with pytest.raises(BadInputError, match="hold the same session"):
        Cohort(table(tmp_path, [*rows, *copies]))


def lists_of_intervals(folder: Path, seed: int) -> list[str]:
    """Two hearts of four minutes as lists of intervals, without any time."""
    folder.mkdir()
    rng = np.random.default_rng(seed)
    paths = [folder / "a.txt", folder / "b.txt"]
    for path in paths:
        slow = 40 * np.sin(np.arange(280) / 9 + rng.uniform(0, 6))
        rr_ms = 850 + slow + rng.normal(0, 15, 280)
        path.write_text("\n".join(f"{x:.0f}" for x in rr_ms), encoding="utf-8")
    return [str(path) for path in paths]


def test_one_evening_imported_with_two_offsets_is_said_to_be_there_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another pair of people, in the same practice, is not named."""
    data, out = tmp_path / "data", tmp_path / "rows.parquet"
    names = list[str]()
    for seed, offset_s in ((1, "0"), (1, "20"), (2, "0")):
        folder = tmp_path / f"{seed} {offset_s}"
        pair = lists_of_intervals(folder, seed)
        moved = ["--offset-s", offset_s, "--data-dir", str(data)]
        assert main(["import", *pair, *moved]) == 0
        names.append(capsys.readouterr().out.strip())
    work_out = ["batch", "--in", str(data), "--out", str(out), "--surrogates", "99"]
    assert main(work_out) == 0
    (same,) = Cohort(out).same_beats()
    assert {Path(same.first).stem, Path(same.second).stem} == set(names[:2])
    assert same.hearts == 2
    capsys.readouterr()
    assert main(["cohort", str(out)]) == 0
    (warned,) = (
        line for line in capsys.readouterr().out.splitlines() if "WARNING" in line
    )
    assert names[0] in warned
    assert names[1] in warned
    assert "both hearts" in warned


def test_a_heart_that_is_in_two_couples_is_said_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    rr_ms = rng.normal(900, 50, (3, 300))
    rows = [
        {
            "file": file,
            "partner": partner,
            "scope": "practice",
            "source": "recordings",
            "heart_print": heart_print(rr_ms[whose]),
        }
        for file, partner, whose in (
            ("x.coreg", "A", 0),
            ("x.coreg", "B", 1),
            ("y.coreg", "A", 2),
            ("y.coreg", "B", 0),
        )
    ]
    (same,) = Cohort(table(tmp_path, rows)).same_beats()
    assert (same.first, same.second, same.hearts) == ("x.coreg", "y.coreg", 1)


@pytest.mark.parametrize("content", [b"no table", b""])
def test_what_is_no_table_of_batch_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(content)
    assert main(["cohort", str(path)]) == 1
    assert main(["cohort", str(tmp_path / "none.parquet")]) == 1


def test_the_command_says_it_in_text_and_draws_it(
    of_six: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pictures"
    assert main(["cohort", str(of_six), "--draws", "99", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "sessions 18, couples 6" in said
    assert "without figures: 1" in said
    lines = [line.split() for line in said.splitlines()]
    assert ["calm", "mean_hr_bpm", "36"] in [line[:3] for line in lines]
    assert ["calm", "ln", "rmssd_ms", "6", "0.1"] in [line[:5] for line in lines]
    (told,) = (line for line in lines if line[:3] == ["calm", "Breathe", "6"])
    assert told[-2:] == ["0.01", "0.01"]
    assert "(draws 99, seed 1)" in said
    assert "one-sided; with 99 draws it is 0.01 at the smallest" in said
    assert "Fisher's z" in said
    assert "(1/e at 20 s)" in said
    assert (out / "cohort.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("draws", ["98", "0", "20000", "many"])
def test_too_few_draws_for_a_p_are_refused(
    draws: str, of_six: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["cohort", str(of_six), "--draws", draws])
    assert ended.value.code == 2
    assert "--draws" in capsys.readouterr().err


def test_no_two_texts_of_the_picture_meet_and_none_is_cut() -> None:
    rows = [
        Interval(
            label=f"Breathing together to the long soft tone, relaxed-and-alert ({n})",
            low=-1.0,
            middle=0.5 * n,
            high=6.0,
        )
        for n in range(12)
    ]
    title = "More alike than strangers who did the same (couples)"
    panel = Panel(title=title, x_label="own less strangers", rows=rows, zero=True)
    figure = intervals([panel, panel])
    assert len(texts_of(figure)) > 24
    assert not collisions(figure)
    assert not cut(figure)


def test_panels_say_how_many_each_row_is_of_and_slopes_have_the_unit_they_are_in(
    of_six: Path,
) -> None:
    cohort = Cohort(of_six)
    rng = np.random.default_rng(1)
    together = cohort.together(draws=99, rng=rng)
    drawn = panels(
        *(cohort.distributions(), cohort.changes(), together),
        draws=99,
        simulated=False,
    )
    for panel in drawn:
        for row in panel.rows:
            assert "(36\N{NO-BREAK SPACE}hearts)" in row.label or (
                "(6\N{NO-BREAK SPACE}couples)" in row.label
            )
    (by_factor,) = (each for each in drawn if each.x_label.startswith("%"))
    (rmssd,) = by_factor.rows
    assert rmssd.middle == pytest.approx(10.517, abs=1e-3)  # e to the 0.1, in per cent
    (beside,) = drawn[-1].rows
    (told,) = together
    assert told.found is not None
    assert beside.null == (told.found.null_low, told.found.null_high)
    assert "99 cohorts" in drawn[-1].note
    assert beside.beside == "p 0.01"


def test_no_partners_colour_is_drawn_where_both_are_meant(of_six: Path) -> None:
    cohort = Cohort(of_six)
    rng = np.random.default_rng(1)
    figure = intervals(
        panels(
            cohort.distributions(),
            cohort.changes(),
            cohort.together(draws=99, rng=rng),
            draws=99,
            simulated=True,
        )
    )
    lines = [line.get_color() for axes in figure.axes for line in axes.lines]
    assert lines
    assert not set(lines) & {mark.line for mark in MARKS.values()}
    assert not collisions(figure)
    assert not cut(figure)


@pytest.mark.parametrize(("low", "high"), [(31.0, 74.0), (12.0, 19.0), (3.0, 4000.0)])
def test_an_axis_by_factors_has_three_numbers_at_least(low: float, high: float) -> None:
    row = Interval(label="calm", low=low, middle=low + 1, high=high)
    panel = Panel(
        title="", x_label="SDNN (ms)", rows=[row], zero=False, scale=Scale.FACTORS
    )
    (axes,) = intervals([panel]).axes
    left, right = axes.get_xlim()
    numbers = [x for x in axes.get_xticks() if left <= x <= right]
    assert 3 <= len(numbers) <= 12


def test_a_mixed_model_allows_for_couples_who_change_differently(
    tmp_path: Path,
) -> None:
    """Where all came as often, it is what can be had by hand from couples' slopes.

    A model in which all change alike gives an interval of half that width here.
    """
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    rng = np.random.default_rng(11)
    rows = planted(couples=8, sessions=5)
    for row in rows:
        if row["scope"] == "practice":
            row["rmssd_ms"] *= math.exp(rng.normal(0, 0.03))
    cohort = Cohort(table(tmp_path, rows))
    (told,) = cohort.mixed()
    (by_hand,) = (each for each in cohort.changes() if each.figure == "rmssd_ms")
    assert (told.why, told.couples, told.people) == ("", 8, 16)
    assert told.slope == pytest.approx(by_hand.mean, abs=1e-3)
    assert told.low == pytest.approx(by_hand.low, abs=2e-3)
    assert told.high == pytest.approx(by_hand.high, abs=2e-3)
    assert told.low < SLOPE < told.high


def test_a_mixed_model_of_too_few_says_so(tmp_path: Path) -> None:
    (told,) = Cohort(table(tmp_path, planted(couples=3))).mixed()
    assert told.why == "it takes four couples, and three sessions of some of them"
    assert math.isnan(told.slope)


def test_a_mixed_model_that_cannot_be_fitted_says_so(tmp_path: Path) -> None:
    pytest.importorskip("statsmodels", reason="statsmodels is not installed")
    rows = planted()
    for row in rows:
        if "rmssd_ms" in row:
            row["rmssd_ms"] = 40.0
    (told,) = Cohort(table(tmp_path, rows)).mixed()
    assert told.why == "the model did not converge"
    assert math.isnan(told.slope)
