"""How long care took until it was said to help, and what only says "at least"."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coreg.errors import NotReleased
from coreg.facts.events import (
    BlockBegan,
    BlockEnded,
    Cue,
    Ended,
    Ending,
    Feature,
    Partner,
    Paused,
    Resumed,
    WentOn,
)
from coreg.findings.care import FEWEST_HELPED, Care, Until, care_of, care_over
from coreg.findings.summary import SessionSummary, summarise
from coreg.report.charts.frame import draw_frame
from coreg.report.charts.theme import style
from coreg.report.words import couple, session as general
from tests.helpers.openings import changed
from tests.helpers.report_sessions import opened

BOTH = frozenset(Partner)
MENU = 'choices = [{ words = "A hand" }, { words = "Listen" }]\n'
HELPS = 'choices = [{ words = "That helps" }]\n'
HEAD = """
format = 2
name = "heard"
version = 1
title = "Heard"
purpose = "To be heard."
opened_by = "couple"
"""


def block(name: str, kind: str, more: str = "") -> str:
    who = 'who = "first"\n' if kind in {"turn", "care"} else ""
    return (
        f'[[block]]\nname = "{name}"\nkind = "{kind}"\nminutes = 2\nwords = "Be."\n'
        f"{who}{more}"
    )


PLAN = (
    HEAD
    + block("Say it back", "turn")
    + block("What would help?", "care", MENU)
    + block("What helps", "care", HELPS)
    + block("Rest", "rest")
)


def evening(
    *ends_s: float,
    plan: str = PLAN,
    ending: Ending = Ending.COMPLETE,
    pause: tuple[float, float] | None = None,
    broke_off: tuple[float, float] | None = None,
    steps_wait: bool = True,
) -> SessionSummary:
    kinds = ["turn", "care", "care", "rest"]
    facts: list[Feature | Cue] = []
    begins_s = (0.0, *ends_s)
    for number, end_s in enumerate(ends_s):
        facts += [
            BlockBegan(
                t_s=begins_s[number],
                number=number,
                name=str(number),
                kind=kinds[number],
                length_s=120.0,
            ),
            BlockEnded(t_s=end_s, number=number, features=0, features_sha256=""),
        ]
    if pause is not None:
        facts += [Paused(t_s=pause[0]), Resumed(t_s=pause[1])]
    if broke_off is not None:
        since_s, t_s = broke_off
        facts.append(WentOn(t_s=t_s, since_s=since_s, is_timed=True))
    facts.append(Ended(t_s=ends_s[-1], ending=ending))
    return summarise(changed(opened(), plan_toml=plan, steps_wait=steps_wait), facts)


def care(*ends_s: float, **more: object) -> Care:
    (found,) = care_of(evening(*ends_s, **more))  # type: ignore[arg-type]
    return found


def test_it_lasts_from_the_question_to_the_press_that_it_helps() -> None:
    found = care(120, 150, 217, 337)
    assert found == Care(start_s=120, seconds=97, until=Until.HELPED)


def test_a_pause_leaves_it_open_from_where_the_pause_began() -> None:
    found = care(120, 150, 300, 420, pause=(160.0, 220.0))
    assert found == Care(start_s=120, seconds=40, until=Until.PAUSE)
    late = care(120, 150, 217, 500, pause=(300.0, 400.0))
    assert late.until is Until.HELPED


def test_where_a_session_broke_off_nobody_knows_when_it_helped() -> None:
    found = care(120, 150, 300, 420, broke_off=(170.0, 230.0))
    assert found == Care(start_s=120, seconds=50, until=Until.PAUSE)


def test_a_stop_is_no_word_that_it_helped() -> None:
    found = care(120, 150, 200, ending=Ending.FINISHED_EARLY)
    assert found == Care(start_s=120, seconds=80, until=Until.STOP)
    # In the menu, too.
    assert care(120, 150, ending=Ending.FINISHED_EARLY).until is Until.STOP


def test_time_alone_leaves_it_open() -> None:
    by_time = PLAN.replace(HELPS, 'ends = "time"\n')
    assert care(120, 150, 270, 390, plan=by_time).until is Until.TIME
    assert care(120, 150, 217, 337, steps_wait=False).until is Until.TIME


def test_a_choice_among_several_does_not_say_that_it_helped() -> None:
    menu_last = PLAN.replace(HELPS, MENU)
    assert care(120, 150, 217, 337, plan=menu_last).until is Until.TIME


def test_of_a_plan_that_cannot_be_read_nobody_knows() -> None:
    assert care(120, 150, 217, 337, plan="format = 99\n").until is Until.TIME


def test_without_both_consents_nothing_is_told() -> None:
    helped = [[Care(start_s=0, seconds=60.0, until=Until.HELPED)]] * 10
    for agreed in ({Partner.A}, {Partner.B}, set[Partner]()):
        with pytest.raises(NotReleased, match="both"):
            care_over(helped, agreed)
    assert care_over(helped, BOTH).median_s == 60


def test_below_eight_that_helped_there_is_no_median() -> None:
    few = [[Care(start_s=0, seconds=60.0, until=Until.HELPED)]] * (FEWEST_HELPED - 1)
    stopped = [[Care(start_s=0, seconds=30.0, until=Until.STOP)]] * 5
    found = care_over([*few, *stopped], BOTH)
    assert math.isnan(found.median_s)
    assert (found.helped, found.censored) == (FEWEST_HELPED - 1, 5)


def test_published_times_give_the_published_median() -> None:
    # Remission under 6-mercaptopurine (Freireich et al. 1963), in weeks; R's survfit
    # (conf.type = "log-log") prints a median of 23 and a lower limit of 13, no upper.
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    open_at = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    evenings = [
        *([Care(start_s=0, seconds=s, until=Until.HELPED)] for s in ended),
        *([Care(start_s=0, seconds=s, until=Until.STOP)] for s in open_at),
    ]
    found = care_over(evenings, BOTH)
    assert (found.low_s, found.median_s, found.high_s) == (13, 23, math.inf)
    assert (found.helped, found.censored) == (9, 12)


def test_what_was_stopped_does_not_make_care_look_quick() -> None:
    rng = np.random.default_rng(2)
    true_s = rng.exponential(120 / math.log(2), 400)
    stopped_s = rng.exponential(200, 400)
    evenings = [
        [
            Care(
                start_s=0,
                seconds=float(min(helps, stops)),
                until=Until.HELPED if helps <= stops else Until.STOP,
            )
        ]
        for helps, stops in zip(true_s, stopped_s, strict=True)
    ]
    found = care_over(evenings, BOTH)
    assert found.median_s == pytest.approx(120, rel=0.15)
    assert found.low_s < 120 < found.high_s


def test_no_page_says_how_long_care_took() -> None:
    # The first sentence of every page listed each part with its length.
    summary = evening(120, 150, 217, 337)
    for told in (couple.what_happened, couple.what_i_did, general.what_happened):
        words = " ".join(told(summary))
        assert "What helps" not in words
        assert "1\u00a0min" not in words
        assert "6\u00a0minutes" in words  # the practice in all


def test_no_chart_shows_how_often_something_was_said_or_how_long_care_took() -> None:
    """All that two said in a row is one part: a border on a time axis is a clock."""
    turns = evening(120, 150, 217, 337)
    (talk, rest) = general.told_parts(turns)
    assert (talk.start_s, talk.end_s) == (0.0, 217.0)
    assert rest.start_s == 217.0
    # Where it took longer, or once more, there are the same parts with the same names.
    longer = general.told_parts(evening(120, 180, 300, 420))
    assert [each.name for each in longer] == [talk.name, rest.name]
    with style():
        figure, axes = plt.subplots()
        draw_frame(axes, turns)
        borders = [float(np.asarray(line.get_xdata())[0]) for line in axes.lines]
        plt.close(figure)
    assert borders == [217.0 / 60]
