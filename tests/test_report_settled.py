"""What pages say of settled: one's own page alone, in words and never a number."""

import re

import pytest

from coreg.exercises.states.gates import Gate
from coreg.facts.events import Partner, SettledWindow
from coreg.findings.own_rating import OwnRating
from coreg.findings.settled import Settled, settled_of
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.pages.session import joint_page, own_page
from coreg.report.words.settled import sentences
from coreg.words import say
from tests.helpers.living import Lived, Upset, couple_of, live, opened
from tests.helpers.once import once_a_run

CANNOT_TELL = say("report.settled.cannot_tell")
MEANING = say("report.settled.means.slower")
SAME_MEANING = say("report.settled.means.the_same")
SLOWER = say("report.settled.slower")
STIRRED = say("report.settled.stirred")
STIRRED_MEANING = say("report.settled.means.stirred_slower")
STIRRED_SAME_MEANING = say("report.settled.means.stirred_the_same")
THE_SAME = say("report.settled.the_same")

UPSET = Upset(
    partner=Partner.A, start_s=420.0, rise_bpm=15.0, rise_s=20.0, hold_s=120.0
)


@once_a_run
def evening() -> Lived:
    usual = (63.0, float("nan"))  # A arrives at 75 a minute
    return live(couple_of(3, upset=UPSET), opened(finds_pace=True, rest_bpm=usual))


@once_a_run
def summary() -> SessionSummary:
    return summarise(opened(), [said for _, said in evening().outputs])


def own(partner: Partner, *ratings: OwnRating) -> str:
    with style():
        return document(own_page(summary(), partner, ratings))


def test_the_page_of_both_says_nothing_of_settled_stirred_or_flooded() -> None:
    with style():
        compared = together(summary(), surrogates=99)
        both = document(joint_page(summary(), compared)).lower()
    for word in (
        "settled",
        "slower for part",
        "stirred",
        "flood",
        "lively",
        "left out",
        "judged",
        "usual rest",
    ):
        assert word not in both


def test_one_s_own_page_begins_with_one_s_own_words() -> None:
    rating = OwnRating(moment="after", at_ease=7, awake=3, myself=8)
    told = own(Partner.A, rating)
    assert (
        told.index("How it was for you")
        < told.index("Your heart")
        < told.index(STIRRED)
        < told.index("beats/min")
    )
    assert STIRRED not in own(Partner.B)


def told_of(
    *,
    judged_s: float,
    settled_s: float,
    is_stirred: bool = False,
    much_going_on_s: float = 0.0,
) -> Settled:
    return Settled(
        judged_s=judged_s,
        settled_s=settled_s,
        is_stirred=is_stirred,
        not_judged_s={Gate.AROUSED: much_going_on_s},
    )


def window(
    minute: int, partner: Partner, length_s: float, *gates: str
) -> SettledWindow:
    return SettledWindow(
        t_s=60.0 * minute + length_s,
        partner=partner,
        start_s=60.0 * minute,
        length_s=length_s,
        settled=float("nan") if gates else 0.1,
        gates=gates,
    )


def test_what_was_left_out_is_told_without_minutes_and_nobody_was_flooded() -> None:
    mine = (
        *(window(at, Partner.A, 60.0, "WARMING_UP") for at in (0, 1)),
        # Shut for three reasons at once: it counts for the first, and once.
        window(5, Partner.A, 30.0, "AROUSED", "SIGNAL", "WARMING_UP"),
        *(window(at, Partner.A, 60.0) for at in (6, 7)),
    )
    hers = tuple(window(at, Partner.B, 60.0, "SIGNAL") for at in range(8))
    assert sentences(settled_of(Partner.A, (*mine, *hers))) == (
        THE_SAME,
        "Left out: the first minutes, and gaps in the signal.",
        SAME_MEANING,
    )
    assert sentences(settled_of(Partner.B, (*mine, *hers))) == (CANNOT_TELL,)
    upset = tuple(window(at, Partner.A, 60.0, "AROUSED") for at in (2, 3, 4))
    told = sentences(settled_of(Partner.A, (*mine, *upset)))
    assert told == (CANNOT_TELL,)  # it may have been faster: then it was not the same


def test_a_reason_of_under_half_a_minute_is_not_told() -> None:
    facts = (
        window(0, Partner.A, 29.0, "WARMING_UP"),
        *(window(at, Partner.A, 60.0) for at in (1, 2)),
    )
    assert sentences(settled_of(Partner.A, facts)) == (THE_SAME, SAME_MEANING)


def test_slower_is_told_only_of_more_than_sitting_still_gives() -> None:
    """Of people who do not change a tenth of the time is called settled on average."""
    for judged_s, settled_s, told in (
        (1200.0, 121.0, SLOWER),
        (1200.0, 119.0, THE_SAME),
        (540.0, 61.0, SLOWER),
        (540.0, 59.0, THE_SAME),  # no minute of nine
        (540.0, 0.0, THE_SAME),
    ):
        assert sentences(told_of(judged_s=judged_s, settled_s=settled_s))[0] == told
    little = sentences(told_of(judged_s=50.0, settled_s=50.0))
    assert little == (CANNOT_TELL,)
    upset = told_of(judged_s=540.0, settled_s=0.0, much_going_on_s=60.0)
    assert sentences(upset) == (CANNOT_TELL,)


def test_nobody_reads_how_many_minutes_or_that_there_were_none() -> None:
    for settled_s in (0.0, 61.0, 300.0):
        told = " ".join(sentences(told_of(judged_s=540.0, settled_s=settled_s)))
        assert not re.search(r"\d|\bno(ne)?\b|judged|settled", told)


def test_settled_means_what_one_was_held_against() -> None:
    calm = sentences(told_of(judged_s=540.0, settled_s=61.0))
    assert calm[-1] == MEANING
    stirred = sentences(told_of(judged_s=540.0, settled_s=61.0, is_stirred=True))
    assert (stirred[0], stirred[-1]) == (STIRRED, STIRRED_MEANING)
    same = sentences(told_of(judged_s=540.0, settled_s=0.0, is_stirred=True))
    assert same == (STIRRED, THE_SAME, STIRRED_SAME_MEANING)
    assert "first two minutes" not in " ".join((*stirred, *same))
    assert "other evenings" not in " ".join(calm)


@pytest.mark.parametrize("partner", Partner)
def test_what_is_judged_is_no_longer_than_what_was_practised(partner: Partner) -> None:
    told = summary().settled[partner]
    assert 0 <= told.settled_s <= told.judged_s <= 14 * 60
    assert told.judged_s > 4 * 60
