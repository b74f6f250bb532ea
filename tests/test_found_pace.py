"""An evening of several paces: planted curves come out, and pages say no more."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.cli import main
from coreg.exercises.pacing.curves import GUIDED_PER_MIN, candidates
from coreg.exercises.pacing.pace_curve import Answers, answers, curve, points, shared
from coreg.facts.events import (
    NS_PER_S,
    Beat as BeatFact,
    BeatLabel,
    Breath,
    Cue,
    Feature,
    Gap,
    IrregularRhythm,
    Opened,
    OverCounted,
    Partner,
    Source,
)
from coreg.findings.pace import found_pace
from coreg.findings.summary import SessionSummary, read_in, summarise
from coreg.findings.together import Together, together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.page_format import PageFormat
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words import pace as pace_words
from coreg.report.write_page import write_page
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.sensors.simulation.couple_file import parse_couple
from coreg.session.sources import simulated_couple
from coreg.store.plans import plan_text
from coreg.words import say
from tests.helpers.banned import banned_in, everything_said
from tests.helpers.openings import changed
from tests.helpers.report_sessions import opened

A, B = Partner.A, Partner.B
Floats = NDArray[np.float64]
RATES = (6.5, 6.0, 5.5, 5.0, 4.5)


def evening(rates: tuple[float, ...] = RATES, minutes: float = 3) -> list[Breath]:
    """Return breaths at each rate in turn, from 120 s on."""
    breaths: list[Breath] = []
    t_s = 120.0
    for rate in rates:
        period_s = 60 / rate
        for _ in range(round(60 * minutes / period_s)):
            breaths.append(Breath(t_s=t_s, period_s=period_s, inhale_s=0.4 * period_s))
            t_s += period_s
    return breaths


def times(breaths: list[Breath]) -> tuple[Floats, Floats]:
    return np.array([b.t_s for b in breaths]), np.array([b.period_s for b in breaths])


def heart(swing_ms: dict[float, float]) -> tuple[Floats, Floats]:
    """Return beats that swing by so much with each pace, and do nothing else."""
    start_s, period_s = times(evening(tuple(swing_ms)))
    t_s = np.arange(0.0, start_s[-1] + period_s[-1] + 30)
    middle_s = t_s - 0.5
    at = np.clip(np.searchsorted(start_s, middle_s, "right") - 1, 0, None)
    size_ms = np.array([swing_ms[round(60 / p, 3)] for p in period_s])[at]
    phase = 2 * np.pi * (middle_s - start_s[at]) / period_s[at]
    return t_s, 1000 + size_ms / 2 * np.cos(phase)


def lived(resonances: tuple[float, float], seed: int) -> SimulatedCouple:
    toml = 'format = 1\nname = "two"\npurpose = "To be tested."\n' + "".join(
        f"[{partner}]\nresonance_per_min = {rate}\nwidth_per_min = 0.6\n"
        "floor_share = 0.4\npeak_rsa_ms = 110\nlowest_comfortable_per_min = 3\n"
        for partner, rate in zip(Partner, resonances, strict=True)
    )
    couple = simulated_couple(seed=seed, described=parse_couple(toml))
    breaths = evening()
    for breath in breaths:
        couple.hear(breath)
    couple.advance(round((breaths[-1].t_s + 30) * NS_PER_S))
    return couple


def heard(couple: SimulatedCouple, partner: Partner) -> Answers:
    beats_s = np.array(couple.people[partner].beat_times_s)
    return answers(beats_s[1:], 1000 * np.diff(beats_s), *times(evening()))


# --- curves -------------------------------------------------------------------


def test_points_have_the_proportions_that_were_planted() -> None:
    planted = {6.5: 30.0, 6.0: 40.0, 5.5: 60.0, 5.0: 50.0, 4.5: 30.0}
    found = answers(*heart(planted), *times(evening(tuple(planted))))
    seen = points(found, curve(found.weights))
    assert seen.rate_per_min == pytest.approx(sorted(planted))
    ratios = seen.relative / seen.relative.max()
    truth = np.array([planted[rate] for rate in sorted(planted)]) / 60
    assert ratios == pytest.approx(truth, abs=0.06)  # a change of pace blurs a breath
    assert seen.breaths.tolist() == [14, 15, 16, 18, 20]


def test_a_heart_that_ignores_the_pacer_swings_by_nothing_but_its_error() -> None:
    rng = np.random.default_rng(4)
    t_s = np.arange(0.0, 1100.0, 0.9)
    found = answers(t_s, 900 + 30 * rng.standard_normal(t_s.size), *times(evening()))
    sizes_ms = 2 * np.abs(found.answer_ms)
    mean_ms = 2 * abs(np.nanmean(found.answer_ms))
    assert mean_ms < 0.3 * np.nanmean(sizes_ms)


@pytest.mark.parametrize("resonances", [(4.8, 4.8), (5.4, 6.4), (6.3, 6.3)])
def test_the_choice_for_two_is_on_average_worth_nearly_the_best_there_is(
    resonances: tuple[float, float],
) -> None:
    reached = []
    for seed in range(6):
        couple = lived(resonances, seed)
        choice = shared(*(heard(couple, p).weights for p in Partner)).choice_per_min
        swings_ms = [
            np.array([person.steady_rsa_ms(float(r)) for r in GUIDED_PER_MIN])
            for person in couple.people.values()
        ]
        worth = np.min([each / each.max() for each in swings_ms], axis=0)
        reached.append(np.interp(choice, GUIDED_PER_MIN, worth) / worth.max())
    assert np.mean(reached) > 0.9


def test_two_hearts_in_three_have_their_widest_swing_where_it_is_said_to_be() -> None:
    """At least: four in five is what is meant; these hearts are sharper than most."""
    inside = []
    for seed in range(8):
        for resonances in ((4.8, 5.4), (5.8, 6.4)):
            couple = lived(resonances, seed)
            for partner, person in couple.people.items():
                found = curve(heard(couple, partner).weights)
                swings = [person.steady_rsa_ms(float(r)) for r in GUIDED_PER_MIN]
                best = GUIDED_PER_MIN[int(np.argmax(swings))]
                low, high = found.best_low_per_min, found.best_high_per_min
                inside.append(low - 0.06 <= best <= high + 0.06)
    assert np.mean(inside) > 2 / 3


def test_a_heart_that_was_not_heard_is_believed_to_be_anybody_s() -> None:
    nothing = np.zeros(0)
    found = answers(nothing, nothing, *times(evening()))
    assert found.weights == pytest.approx(candidates().prior)
    assert points(found, curve(found.weights)).rate_per_min.size == 0


def test_a_band_lies_around_its_curve_and_below_the_best() -> None:
    found = curve(heard(lived((5.0, 6.0), 1), A).weights)
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()
    assert found.high.max() <= 1


# --- pages --------------------------------------------------------------------


def session(
    couple: SimulatedCouple, *, who: tuple[Partner, ...] = (A, B)
) -> list[Feature | Cue]:
    facts: list[Feature | Cue] = [*evening()]
    for partner in who:
        beats_s = np.array(couple.people[partner].beat_times_s)
        for t_s, rr_ms in zip(beats_s[1:], 1000 * np.diff(beats_s), strict=True):
            facts.append(
                BeatFact(
                    t_s=float(t_s),
                    partner=partner,
                    rr_ms=float(rr_ms),
                    nn_ms=float(rr_ms),
                    label=BeatLabel.NORMAL,
                )
            )
    return facts


def opening(plan: str = "our-pace", source: Source = Source.SIMULATED) -> Opened:
    return changed(opened(source), plan_toml=plan_text(plan))


def compared(summary: SessionSummary) -> Together:
    return together(summary, surrogates=19)


@pytest.fixture(scope="module")
def summary() -> SessionSummary:
    return summarise(opening(), session(lived((5.0, 6.0), 2)))


def test_an_own_page_has_the_own_curve_and_nothing_of_the_other(
    summary: SessionSummary,
) -> None:
    with style():
        page = document(own_page(summary, A, ()))
    assert say("report.pace.own") in page
    assert say("report.pace.shared") not in page
    found = found_pace(summary)
    assert found is not None
    assert found.shared is not None
    assert pace_words.for_both(found.shared) not in page
    assert pace_words.own_best(found.hearts[A].curve) in page
    for told in (pace_words.best, pace_words.own_best):
        assert told(found.hearts[B].curve) not in page


def test_the_joint_page_has_the_choice_and_nobody_s_curve(
    summary: SessionSummary,
) -> None:
    with style():
        page = document(joint_page(summary, compared(summary)))
    assert say("report.pace.shared") in page
    assert say("report.pace.own") not in page
    found = found_pace(summary)
    assert found is not None
    assert found.shared is not None
    assert pace_words.choice(found.shared).split(".")[0] in page
    assert "suits less" not in page  # there are only two whom it could be
    for of in found.hearts.values():
        for told in (pace_words.best, pace_words.own_best):
            assert told(of.curve) not in page


def test_no_banned_word_stands_on_a_couple_s_pages_of_a_found_pace(
    summary: SessionSummary,
) -> None:
    of = read_in(summary, dt.timezone(dt.timedelta(hours=1)))
    with style():
        pages = (joint_page(of, compared(of)), own_page(of, A, ()), own_page(of, B, ()))
        for page in pages:
            assert not banned_in(everything_said(document(page)))


def test_every_page_says_what_a_curve_cannot_tell(summary: SessionSummary) -> None:
    with style():
        for page in (joint_page(summary, compared(summary)), own_page(summary, B, ())):
            text = document(page).replace("\N{NO-BREAK SPACE}", " ")
            assert "two people of three" in text or "two people in three" in text
            assert "1.7 times" in text
            assert "no better than six" in text


def test_the_therapist_gets_a_sheet_of_its_own(
    summary: SessionSummary, tmp_path: Path
) -> None:
    page = therapist_page(summary, compared(summary))
    write_page(page, tmp_path, "x", (PageFormat.SVG,))
    text = (tmp_path / "x-2.svg").read_text(encoding="utf-8")
    for partner in Partner:
        assert pace_words.heart(partner) in text
    again = tmp_path / "again"
    again.mkdir()
    write_page(page, again, "x", (PageFormat.SVG,))
    assert (again / "x-2.svg").read_text(encoding="utf-8") == text


def test_no_curve_is_drawn_where_none_was_looked_for_or_nobody_breathed() -> None:
    facts = session(lived((5.0, 6.0), 2))
    assert found_pace(summarise(opening("relaxed-and-alert"), facts)) is None
    recorded = opening(source=Source.RECORDINGS)
    assert found_pace(summarise(recorded, facts)) is None
    broken = changed(opening(), plan_toml="[[[")
    assert found_pace(summarise(broken, facts)) is None


def test_with_one_heart_there_is_no_choice_for_both_and_the_page_says_why(
    tmp_path: Path,
) -> None:
    alone = summarise(opening(), session(lived((5.0, 6.0), 2), who=(B,)))
    found = found_pace(alone)
    assert found is not None
    assert found.shared is None
    assert list(found.hearts) == [B]
    with style():
        assert say("report.pace.no_shared") in document(
            joint_page(alone, compared(alone))
        )
        assert say("report.pace.no_own") in document(own_page(alone, A, ()))
    page = therapist_page(alone, compared(alone))
    assert write_page(page, tmp_path, "x", (PageFormat.PDF,))[-1].exists()


def test_whoever_stopped_early_is_not_told_of_a_bad_strap() -> None:
    whole = session(lived((5.0, 6.0), 2))
    lasting = Gap | OverCounted | IrregularRhythm
    facts = [one for one in whole if not isinstance(one, lasting) and one.t_s < 360]
    with style():
        page = document(own_page(summarise(opening(), facts), A, ()))
    assert say("report.pace.no_own") in page
    assert "strap" not in say("report.pace.no_own")


def test_where_six_is_as_good_the_couple_is_told_so() -> None:
    nobody_known = shared(candidates().prior, candidates().prior)
    assert "Six a minute is one of them" in pace_words.choice(nobody_known)
    assert "Tonight can’t tell" in pace_words.best(curve(candidates().prior))


def test_a_couple_can_look_for_its_pace_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = ("--data-dir", str(tmp_path)), tmp_path / "out"
    fast = ("--simulate", "--headless", "--speed", "100000", "--minutes", "1")
    assert main([*data, "practice", "our-pace", *fast, "--out", str(out)]) == 0
    page = next(out.glob("*.html")).read_text(encoding="utf-8")
    assert say("report.pace.shared") in page
    capsys.readouterr()
    assert main([*data, "replay", "last"]) == 0
    assert capsys.readouterr().out.startswith("identical")
