"""`import coreg`: what a researcher gets, gives, and is told."""

import ast
import csv
import dataclasses
import doctest
import gzip
import inspect
import json
import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import coreg
from coreg import errors
from coreg.cli import main
from tests.helpers.short_plans import BREATHING

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "library.md"
SESSIONS = ROOT / "tests" / "data" / "sessions_of_0_1" / "sessions"
PAUSED, KILLED = "20261129-173257-b372", "20261129-173430-b8c0"
OF_A_SESSION = "20261129-173420-df43"
FUNCTIONS = (
    *("clean", "hrv", "read_recording", "replay", "review", "simulate_couple"),
    "synchrony",
)
NOTEBOOKS = sorted((ROOT / "examples").glob("notebook_*.py"))


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short practice of two simulated people, as a session file."""
    folder = tmp_path_factory.mktemp("evening")
    plan = folder / "short.toml"
    plan.write_text(BREATHING, encoding="utf-8")
    told = ["simulate", "--out", str(folder), "--practice", str(plan), "--seed", "4"]
    assert main(told) == 0
    return (folder / "couple-0004.coreg").rename(folder / "evening.coreg")


def session(name: str, folder: Path) -> Path:
    path = folder / f"{name}.coreg"
    for packed in SESSIONS.glob(f"{name}*.gz"):  # and its log, if it was cut off
        plain = folder / packed.stem
        plain.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


# --- the door -----------------------------------------------------------------


def probe(program: str) -> str:
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip()


def test_importing_it_loads_nothing_that_takes_time() -> None:
    heavy = ["numpy", "scipy", "bleak", "matplotlib", "sqlite3", "starlette", "asyncio"]
    told = probe(
        "import sys, coreg; dir(coreg); coreg.CoregError; coreg.__version__;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    assert told == "[]"


def test_cleaning_and_measuring_need_no_radio_no_database_and_no_picture() -> None:
    edges = ["bleak", "matplotlib", "sqlite3", "starlette", "pandas"]
    told = probe(
        "import sys, coreg; coreg.synchrony; coreg.hrv(coreg.clean([800.0] * 9).nn_ms);"
        f"print([name for name in {edges!r} if name in sys.modules])"
    )
    assert told == "[]"


def test_what_type_checkers_see_is_what_is_fetched() -> None:
    tree = ast.parse((ROOT / "coreg" / "__init__.py").read_text(encoding="utf-8"))
    fenced = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: node.module
        for node in fenced.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    fetched = {name: getattr(coreg, name).__module__ for name in seen}
    assert fetched == seen
    assert {*seen, *errors_of_the_tree(), "__version__"} == set(coreg.__all__)


def errors_of_the_tree() -> set[str]:
    return {name for name, _ in inspect.getmembers(errors, inspect.isclass)}


def test_every_error_is_public_and_is_drawn_in_the_tree() -> None:
    for name in errors_of_the_tree():
        assert getattr(coreg, name) is getattr(errors, name)
        assert re.search(rf"(^    |-- ){name}\b", f"{errors.__doc__}", re.MULTILINE), (
            name
        )


def test_an_unknown_name_is_an_attribute_error_and_known_ones_are_listed() -> None:
    with pytest.raises(AttributeError, match="no attribute 'cleen'"):
        coreg.cleen  # type: ignore[attr-defined] # noqa: B018
    assert set(coreg.__all__) <= set(dir(coreg))
    assert set(FUNCTIONS) <= set(coreg.__all__)


def test_it_says_that_it_is_typed() -> None:
    assert (ROOT / "coreg" / "py.typed").is_file()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_takes_gives_and_raises(name: str) -> None:
    told = inspect.getdoc(getattr(coreg, name)) or ""
    for part in ("Parameters\n---", "Returns\n---", "Raises\n---"):
        assert part in told, f"{name} has no {part[:-4]}"


# --- the page and the notebooks -----------------------------------------------


def test_every_example_of_the_page_is_true(
    evening: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(evening.parent)
    page = re.sub(r"^```.*$", "", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(page, {}, PAGE.name, str(PAGE), 0)
    told: list[str] = []
    ran = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(
        examples, out=told.append
    )
    assert not ran.failed, "".join(told)
    assert ran.attempted == page.count(">>> ") > 25


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_page_shows_every_function_at_work(name: str) -> None:
    assert re.search(rf">>> .*\bcoreg\.{name}\(", PAGE.read_text(encoding="utf-8"))


def test_there_are_two_notebooks() -> None:
    assert len(NOTEBOOKS) == 2


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_a_notebook_is_in_cells_and_uses_nothing_private(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    cells = re.findall(r"^# %%.*$", text, flags=re.MULTILINE)
    assert text.startswith("# %% [markdown]\n")
    assert set(cells) == {"# %%", "# %% [markdown]"}
    assert not re.search(r"(from|import) coreg\.", text)
    used = set(re.findall(r"\bcoreg\.(\w+)", text))
    assert used <= set(coreg.__all__)


PRIVATELY = {"custom_measure.py", "recordings_to_report.py"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").glob("*.py")), ids=lambda p: p.name
)
def test_an_example_uses_the_library_or_says_that_it_goes_through_private_rooms(
    path: Path,
) -> None:
    text = path.read_text(encoding="utf-8")
    is_private = re.search(r"^(from|import) coreg\.", text, flags=re.MULTILINE)
    assert (is_private is not None) is (path.name in PRIVATELY)
    assert ("private rooms" in text) is (path.name in PRIVATELY)


# --- recordings ---------------------------------------------------------------


def test_the_holter_record_000_has_its_published_figures(recordings: Path) -> None:
    name = "physionet_healthy_rr/000_first2h_ms.txt"
    recording = coreg.read_recording(recordings / name)
    figures = coreg.hrv(recording.rr_ms[:306])
    assert figures.rmssd_ms == pytest.approx(52.622348, abs=5e-7)
    assert figures.mean_hr_bpm == pytest.approx(61.230, abs=5e-4)


def test_five_libraries_agree_on_a_polar_recording(recordings: Path) -> None:
    # NeuroKit2, hrv-analysis, hrv, systole and pyHRV agree on these to 1e-6.
    recording = coreg.read_recording(
        str(recordings / "rhenanbartels_polar/rest_rri.txt")
    )
    figures = coreg.hrv(recording.rr_ms, recording.t_s)
    assert figures.mean_nn_ms == pytest.approx(1058.718681319, rel=1e-9)
    assert figures.sdnn_ms == pytest.approx(57.81817771970, rel=1e-9)
    assert figures.rmssd_ms == pytest.approx(55.13744203127, rel=1e-9)
    assert figures.pnn50_pct == pytest.approx(35.31353135314, rel=1e-9)


@pytest.mark.parametrize(
    "name",
    [
        "polar_h10_arrival_times/dhyb_10min.csv",  # with a clock of its own
        "rhenanbartels_polar/real_rri.txt",  # with marks of lost beats
    ],
)
def test_a_recording_cleaned_has_the_figures_of_the_command(
    recordings: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", str(recordings / name), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    beats = coreg.read_recording(recordings / name).cleaned()
    figures = coreg.hrv(beats.nn_ms, beats.t_s).to_dict()
    assert beats.label_counts == told["labels"]
    names = set(figures) - {"clean_s", "cautions", "reasons"}
    assert {n: figures[n] for n in names} == {n: told[n] for n in names}
    assert figures["reasons"] == told["reasons"]


def test_a_file_that_is_no_recording_says_what_would_be(tmp_path: Path) -> None:
    with pytest.raises(coreg.BadRecordingError, match="There is no file"):
        coreg.read_recording(tmp_path / "absent.csv")
    with pytest.raises(coreg.BadInputError, match="names no file"):
        coreg.read_recording(7)  # type: ignore[arg-type]


# --- cleaning and variability, by hand ----------------------------------------


def test_a_missed_and_an_extra_beat_are_found_where_they_were_planted() -> None:
    rr_ms = np.full(40, 800.0)
    rr_ms[12] = 1600.0
    rr_ms[25:27] = 350.0, 450.0
    beats = coreg.clean(rr_ms)
    odd = {i: label for i, label in enumerate(beats.labels) if label != "normal"}
    assert odd == {12: "missed", 25: "extra", 26: "extra"}
    assert np.flatnonzero(np.isnan(beats.nn_ms)).tolist() == [12, 25, 26]
    assert beats.accepted_share == 37 / 40
    # The beat that was none is taken out; of the one not seen nothing is made up.
    assert np.flatnonzero(np.isnan(beats.corrected_ms)).tolist() == [12]
    assert np.nansum(beats.corrected_ms) == 38 * 800
    assert beats.t_s[:2].tolist() == [0.8, 1.6]


def test_lost_beats_are_seen_by_the_time_that_went_on() -> None:
    t_s = np.arange(1.0, 21.0)
    t_s[10:] += 5.0
    assert coreg.clean(np.full(20, 1000.0), t_s).labels.index("gap") == 10
    assert coreg.clean(np.full(20, 1000.0)).label_counts == {"normal": 20}


def test_rmssd_and_sdnn_are_those_worked_by_hand() -> None:
    # Successive differences of +-20 ms; 40 values 10 ms off the mean, n - 1.
    figures = coreg.hrv([990, 1010] * 20)
    assert figures.rmssd_ms == pytest.approx(20.0)
    assert figures.sdnn_ms == pytest.approx(10 * math.sqrt(40 / 39))
    assert figures.mean_hr_bpm == pytest.approx(60.0)


def test_a_rejected_interval_makes_no_neighbours() -> None:
    nn_ms = np.tile([800.0, 900.0], 30)
    nn_ms[1::4] = np.nan  # 800 nan 800 900: only rises of 100 and falls of 100
    assert coreg.hrv(nn_ms).rmssd_ms == pytest.approx(100.0)


def test_nothing_at_all_gives_reasons_and_no_figures() -> None:
    figures = coreg.hrv([])
    assert math.isnan(figures.mean_nn_ms)
    assert figures.reasons["mean_nn_ms"] == "needs 2 clean intervals and got 0"
    assert coreg.clean([]).labels == ()
    assert math.isnan(coreg.clean([]).accepted_share)


# --- what is refused ----------------------------------------------------------


def two(**changed: object) -> Callable[[], object]:
    """Compare two hearts, with something wrong."""
    given: dict[str, object] = {
        "beats_a_s": np.arange(300.0),
        "beats_b_s": np.arange(300.0),
        "phases": {"rest": (0, 300)},
        "pacer": None,
        "surrogates": 99,
        "seed": 1,
    }
    return lambda: coreg.synchrony(**(given | changed))  # type: ignore[arg-type]


BROKEN_PACER = coreg.Pacer(
    t_s=np.arange(3.0),
    rate_hz=np.array([0.1, np.nan, 0.1]),
    phase_rad=np.zeros(3),
    is_on=np.ones(3, dtype=np.bool_),
)

REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "seconds for ms": (lambda: coreg.clean([0.8, 0.9]), "Multiply by 1000"),
    "below 0": (lambda: coreg.clean([800, -1]), r"rr_ms\[1\] is -1"),
    "infinite": (lambda: coreg.clean([800, np.inf]), r"rr_ms\[1\] is infinite"),
    "two rows": (lambda: coreg.clean(np.ones((2, 9))), r"shape \(2, 9\)"),
    "one number": (lambda: coreg.clean(800.0), r"shape \(\)"),
    "ragged rows": (lambda: coreg.clean([[1], [1, 2]]), "different lengths"),
    "words": (lambda: coreg.clean(["800", "810"]), "other than numbers"),
    "None": (lambda: coreg.clean([800, None]), "NaN where one is missing"),  # type: ignore[arg-type]
    "a mask": (lambda: coreg.clean(np.ma.array([800.0], mask=[True])), "masked"),
    "too few times": (lambda: coreg.clean([800, 810], [1.0]), "rr_ms 2, t_s 1"),
    "NaN in times": (lambda: coreg.clean([800, 810], [1, np.nan]), r"t_s\[1\] is NaN"),
    "times go back": (lambda: coreg.clean([800, 810], [2, 1]), "earlier than 2"),
    "times in ms": (lambda: coreg.clean([800] * 3, [800, 1600, 2400]), "by 1000"),
    "a beat of 0": (lambda: coreg.hrv([800, 0]), r"coreg\.clean\(rr_ms\)\.nn_ms"),
    "hrv below 0": (lambda: coreg.hrv([800, -800]), r"nn_ms\[1\] is -800"),
    "hrv times": (lambda: coreg.hrv([800], [1.0, 2.0]), "differ in length"),
    "beats at once": (two(beats_a_s=[1, 1, 2]), "two beats at once"),
    "beats without time": (two(beats_b_s=[1, np.nan]), r"beats_b_s\[1\] is NaN"),
    "beats of a month": (two(beats_a_s=np.arange(9e5)), "at most a week"),
    "no phase": (two(phases={}), "There is no phase"),
    "a phase backwards": (two(phases={"rest": (300, 0)}), "a later end"),
    "a phase of one": (two(phases={"rest": (0,)}), "phase 'rest'"),
    "phases that overlap": (
        two(phases={"rest": (0, 100), "talk": (90, 200)}),
        "'talk' begins before 'rest' is over",
    ),
    "a pace for a pacer": (two(pacer=6), r"coreg\.Pacer"),
    "a pacer without rate": (two(pacer=BROKEN_PACER), "rate or phase is NaN"),
    "few surrogates": (two(surrogates=9), "from 19 to 19999"),
    "a seed in halves": (two(seed=0.5), "whole number from 0"),
    "a seed below 0": (two(seed=-1), "seed is -1"),
    "a fast pacer": (
        lambda: coreg.Pacer.steady(60, start_s=0, end_s=10),
        "from 3 to 30",
    ),
    "breaths that overlap": (
        lambda: coreg.Pacer.of_breaths([0, 5], [6, 10]),
        "do not overlap",
    ),
    "minutes of nobody": (lambda: coreg.simulate_couple(0, 1), "minutes is 0"),
    "a long evening": (lambda: coreg.simulate_couple(181, 1), "to 180"),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_bad_input_is_refused_in_words(wrong: str) -> None:
    call, words = REFUSED[wrong]
    with pytest.raises(coreg.BadInputError, match=words) as told:
        call()
    assert isinstance(told.value, ValueError)
    assert told.value.do.endswith(".")


def test_an_unknown_couple_is_refused_by_name() -> None:
    with pytest.raises(coreg.BadCoupleError, match="happy"):
        coreg.simulate_couple(1, 1, couple="happy")


# --- two hearts ---------------------------------------------------------------


def test_the_couple_that_follows_is_found_to_and_strangers_are_not() -> None:
    told = {}
    for couple in ("one-leads", "usual"):
        lives = coreg.simulate_couple(20, seed=3, couple=couple)
        told[couple] = coreg.synchrony(
            lives.a.true_beat_s,
            lives.b.true_beat_s,
            phases={"sitting": (0, 1200)},
            pacer=None,
            seed=1,
        )
    # couples/one-leads.toml: B's slow waves are A's, three seconds later.
    follows, strangers = told["one-leads"], told["usual"]
    assert follows.p_hr <= 0.01
    assert follows.lag_s == pytest.approx(3, abs=1)
    assert follows.lead(1.0) == "A before B"
    assert follows.lead(10.0) == "no clear leader"
    assert strangers.p_any > 0.05


def test_the_same_seed_gives_the_same_answer_and_another_another() -> None:
    lives = coreg.simulate_couple(5, seed=8)

    def asked(seed: int) -> dict[str, object]:
        return coreg.synchrony(
            lives.a.true_beat_s,
            lives.b.true_beat_s,
            phases={"rest": (0, 150), "talk": (150, 300)},
            pacer=None,
            surrogates=99,
            seed=seed,
        ).to_dict()

    assert asked(1) == asked(1)
    assert asked(1) != asked(2)


def test_a_pacer_of_breaths_is_the_steady_one_where_they_are_steady() -> None:
    starts_s = np.arange(0.0, 60.0, 10.0)
    steady = coreg.Pacer.steady(6, start_s=0, end_s=60)
    breaths = coreg.Pacer.of_breaths(starts_s, starts_s + 10)
    np.testing.assert_allclose(breaths.phase_rad, steady.phase_rad)
    np.testing.assert_allclose(breaths.rate_hz, 0.1)
    assert breaths.is_on.all()


# --- simulated couples --------------------------------------------------------


def test_a_simulated_couple_is_the_same_again_and_breathes_as_led() -> None:
    first, again = (coreg.simulate_couple(3, 9, breaths_per_min=5.5) for _ in "ab")
    assert first.to_dict() == again.to_dict()
    assert first.pacer is not None
    for heart in (first.a, first.b):
        assert 0 <= heart.true_beat_s[0] < heart.true_beat_s[-1] <= 180
        assert np.median(heart.true_breaths_per_min) == pytest.approx(5.5)
        assert (heart.arrival_s[-1]) <= 180
    free = coreg.simulate_couple(3, 9)
    assert free.pacer is None
    assert np.median(free.a.true_breaths_per_min) > 8


def test_what_the_straps_sent_is_in_the_order_of_its_arrival() -> None:
    heart = coreg.simulate_couple(2, seed=3).a
    assert (np.diff(heart.arrival_s) >= 0).all()
    true_ms = 1000 * np.diff(heart.true_beat_s)
    assert np.median(heart.rr_ms) == pytest.approx(np.median(true_ms), rel=0.02)


# --- sessions -----------------------------------------------------------------


def test_a_replay_counts_what_0_1_counted_and_says_what_differs(
    tmp_path: Path,
) -> None:
    again = coreg.replay(session(PAUSED, tmp_path))
    assert (again.features, again.cues) == (1820, 26)  # tests/test_sessions_of_0_1.py
    assert again.is_identical is (again.difference == "")
    assert again.is_identical or not again.has_same_versions
    assert again.recorded_with["coreg"] == "0.1.0"


def test_a_session_of_this_computer_replays_to_the_last_bit(evening: Path) -> None:
    again = coreg.replay(evening)
    assert again.has_same_versions
    assert again.is_identical, again.difference


def test_a_review_has_the_numbers_of_the_session(
    evening: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = coreg.review(evening)
    assert (told.session_id, told.source) == ("20000105-200000-0004", "simulated")
    assert (told.state, told.ending) == ("whole", "complete")
    arrive, breathe = told.phases
    assert (arrive.start_s, arrive.end_s, breathe.start_s) == (0, 120, 120)
    assert 240 <= breathe.end_s < 255  # its last breath is breathed out
    for heart in (told.a, told.b):
        assert heart.rr_ms.size == heart.nn_ms.size == heart.beat_t_s.size
        assert heart.clean_beats <= heart.beats
        assert "simulated" in heart.stream
    assert main(["synchrony", str(evening), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert told.synchrony is not None
    assert told.synchrony.to_dict()["p_hr"] == printed["p_hr"]
    assert told.synchrony.seed == printed["seed"]
    assert {each.name for each in told.measures} >= {"co_breathing", "concordance"}


def test_hearts_that_cannot_be_compared_say_why(tmp_path: Path) -> None:
    told = coreg.review(session(OF_A_SESSION, tmp_path))
    assert told.synchrony is None
    assert told.untested == "hearts of an earlier session, which followed its pacer"


def test_a_session_without_an_end_is_reviewed_as_far_as_it_goes(
    tmp_path: Path,
) -> None:
    told = coreg.review(session(KILLED, tmp_path))
    assert (told.state, told.ending) == ("interrupted", None)


@pytest.mark.parametrize("ask", [coreg.replay, coreg.review])
def test_what_is_no_session_is_refused(
    ask: Callable[[Path], object], tmp_path: Path
) -> None:
    with pytest.raises(coreg.SessionNotFound):
        ask(tmp_path / "absent.coreg")
    other = tmp_path / "other.coreg"
    other.write_text("812\n790\n", encoding="ascii")
    with pytest.raises(coreg.SessionDamaged):
        ask(other)


# --- frozen, and plain --------------------------------------------------------


def results(folder: Path, evening: Path) -> list[Any]:
    couple = coreg.simulate_couple(2, seed=5, breaths_per_min=6)
    path = folder / "a.csv"
    with path.open("w", newline="", encoding="ascii") as file:
        rows = zip(couple.a.arrival_s, couple.a.rr_ms, strict=True)
        csv.writer(file).writerows([("arrival_s", "rr_ms"), *rows])
    recording = coreg.read_recording(path)
    beats = recording.cleaned()
    return [
        couple,
        couple.a,
        recording,
        beats,
        coreg.hrv(beats.nn_ms, beats.t_s),
        coreg.synchrony(
            couple.a.true_beat_s,
            couple.b.true_beat_s,
            phases={"led": (0, 120)},
            pacer=couple.pacer,
            surrogates=19,
            seed=1,
        ),
        coreg.replay(evening),
        coreg.review(evening),
    ]


def test_results_are_frozen_and_become_json(tmp_path: Path, evening: Path) -> None:
    for each in results(tmp_path, evening):
        name = dataclasses.fields(each)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(each, name, None)
        for field in dataclasses.fields(each):
            value = getattr(each, field.name)
            if isinstance(value, np.ndarray):
                assert not value.flags.writeable, f"{type(each)}.{field.name}"
        json.dumps(each.to_dict(), allow_nan=False)


def test_arguments_stay_as_they_are_and_results_do_not_follow_them() -> None:
    rr_ms = np.full(40, 800.0)
    rr_ms[10] = 1600.0
    before = rr_ms.copy()
    beats = coreg.clean(rr_ms)
    assert (rr_ms == before).all()
    rr_ms[:] = 1.0
    assert beats.rr_ms[0] == 800.0


def test_a_table_without_pandas_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(coreg.MissingPackageError, match="pip install pandas") as told:
        coreg.clean([800.0] * 5).to_frame()
    assert isinstance(told.value, ImportError)


def test_a_table_has_a_row_an_interval_a_phase_or_a_recording(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, evening: Path
) -> None:
    """With a stand-in: pandas is not among what the tests need."""
    stand_in = ModuleType("pandas")
    stand_in.DataFrame = dict  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pandas", stand_in)
    tables = {
        type(each).__name__: each.to_frame()
        for each in results(tmp_path, evening)
        if hasattr(each, "to_frame")
    }
    assert list(tables["CleanBeats"]) == ["t_s", "rr_ms", "nn_ms", "label"]
    assert len(tables["Hrv"]["rmssd_ms"]) == 1
    assert tables["Synchrony"]["name"] == ["led"]
    assert tables["Review"]["name"] == ["Arrive", "Breathe together"]
    for table in tables.values():
        assert len({len(column) for column in table.values()}) == 1
