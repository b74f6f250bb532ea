"""What pages say of awake and of both: only with taps, in words, minutes of nobody."""

import datetime as dt
from dataclasses import replace

import pytest

from coreg.exercises.states.awake import wakefulness
from coreg.exercises.states.gates import MinutesTogether
from coreg.facts.events import AwakeWindow, Partner, SettledWindow, Wakefulness
from coreg.findings.awake import Awake, awake_of, both_minutes
from coreg.findings.summary import SessionSummary, read_in, summarise
from coreg.findings.together import together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words.awake import both_sentences, sentences
from coreg.session.alertness import RECENT_GLINTS, gap_s
from coreg.words import say
from tests.helpers.banned import banned_in, everything_said
from tests.helpers.living import couple_of, live, opened
from tests.helpers.once import once_a_run

AS_USUAL = say("report.awake.as_usual")
BOTH_CANNOT_TELL = say("report.awake.both_cannot_tell")
BOTH_HEADING = say("report.awake.both_heading")
CANNOT_TELL = say("report.awake.cannot_tell")
FOR_PART = say("report.awake.for_part")
HEADING = say("report.awake.heading")
MEANING = say("report.awake.meaning")
SLOWER = say("report.awake.slower")


def settled_at(minute: int, partner: Partner, settled: float) -> SettledWindow:
    return SettledWindow(
        t_s=60.0 * minute + 30,
        partner=partner,
        start_s=60.0 * minute + 20,
        length_s=10.0,
        settled=settled,
        gates=(),
    )


def awake_at(
    minute: int, partner: Partner, band: Wakefulness, *gates: str
) -> AwakeWindow:
    return AwakeWindow(
        t_s=60.0 * minute + 40,
        partner=partner,
        start_s=60.0 * minute + 10,
        length_s=30.0,
        band=band,
        gates=gates,
    )


def test_both_minutes_are_those_in_which_both_were_both() -> None:
    facts: list[SettledWindow | AwakeWindow] = [
        *(settled_at(minute, who, 0.9) for minute in range(4) for who in Partner),
        *(awake_at(minute, Partner.A, Wakefulness.AWAKE) for minute in range(4)),
        awake_at(0, Partner.B, Wakefulness.AWAKE),
        awake_at(1, Partner.B, Wakefulness.BETWEEN),
        awake_at(2, Partner.B, Wakefulness.UNKNOWN, "FEW_TAPS"),
    ]
    # Both in minute 0; judged, not both in 1; B not known in 2 and not asked in 3.
    found = both_minutes(tuple(facts))
    assert (found.together_min, found.judged_min) == (1, 2)
    assert found.by_chance_min == pytest.approx(0.02)
    later = settled_at(0, Partner.A, 0.1)
    unsettled = both_minutes((*facts, replace(later, t_s=50.0)))
    assert (unsettled.together_min, unsettled.judged_min) == (0, 2)


def test_two_drowsy_minutes_may_never_show_and_the_own_page_says_so() -> None:
    gaps_s = [gap_s(number, 0) for number in range(RECENT_GLINTS)]
    assert sum(gaps_s) / 60 == pytest.approx(5.0, abs=0.3)
    # Four of ten 40 % slower, the slowest two left out: exp(2/8 ln 1.4) - 1 is 8.8 %.
    latest_s = [0.3] * 6 + [0.42] * 4
    assert wakefulness(latest_s, [0.3] * 8) is Wakefulness.AWAKE
    assert "ten sparks, about five minutes, so two drowsy minutes may never" in MEANING


def test_minutes_of_both_stand_beside_about_what_chance_gives() -> None:
    for judged_min, chance in ((14, "about 0.1 minutes"), (3, "less than 0.1 minutes")):
        # A tenth of a tenth of the minutes: 0.14 and 0.03.
        minutes = MinutesTogether(
            judged_min=judged_min, together_min=1, by_chance_min=0.01 * judged_min
        )
        told = both_sentences(minutes)[2].replace("\N{NO-BREAK SPACE}", " ")
        assert told.endswith(f"would get {chance} on average.")


def test_one_s_own_bands_are_told_in_words_and_never_as_a_number() -> None:
    facts = (
        awake_at(0, Partner.A, Wakefulness.AWAKE),
        awake_at(1, Partner.A, Wakefulness.AWAKE),
        awake_at(2, Partner.A, Wakefulness.BETWEEN),
        awake_at(3, Partner.A, Wakefulness.DROWSY),
        awake_at(4, Partner.A, Wakefulness.UNKNOWN, "FEW_TAPS"),
        awake_at(5, Partner.B, Wakefulness.AWAKE),
    )
    mine = awake_of(Partner.A, facts)
    assert (mine.awake_s, mine.slower_s, mine.unknown_s) == (60.0, 60.0, 30.0)
    for awake_s, slower_s, told in (
        (60.0, 60.0, FOR_PART),
        (600.0, 0.0, AS_USUAL),
        (600.0, 29.0, AS_USUAL),
        (0.0, 60.0, SLOWER),
        (0.0, 20.0, SLOWER),
    ):
        of = replace(mine, awake_s=awake_s, slower_s=slower_s, not_judged_s={})
        assert sentences(of) == (told, MEANING)
        assert not any(each.isdigit() for each in " ".join(sentences(of)))
    nobody = Awake(awake_s=0.0, slower_s=0.0, unknown_s=0.0, not_judged_s={})
    assert sentences(nobody) == (CANNOT_TELL,)
    assert both_sentences(both_minutes(())) == (BOTH_CANNOT_TELL,)


def test_why_awake_is_not_known_is_told_in_words() -> None:
    unknown = Wakefulness.UNKNOWN
    facts = (
        # Early both gates are shut; that counts as warming up, and once: 4 x 30 s.
        *(
            awake_at(at, Partner.A, unknown, "WARMING_UP", "FEW_TAPS")
            for at in range(4)
        ),
        awake_at(4, Partner.A, unknown, "FEW_TAPS"),
        awake_at(5, Partner.A, unknown),  # glints enough, of which most were missed
        awake_at(6, Partner.A, Wakefulness.AWAKE),
        *(awake_at(at, Partner.B, unknown, "FEW_TAPS") for at in range(6)),
    )
    assert sentences(awake_of(Partner.A, facts)) == (
        AS_USUAL,
        "Left out: the first minutes, and where too few sparks were tapped.",
        MEANING,
    )
    assert sentences(awake_of(Partner.B, facts)) == (CANNOT_TELL,)
    all_known = (awake_at(6, Partner.A, Wakefulness.AWAKE),)
    assert sentences(awake_of(Partner.A, all_known)) == (AS_USUAL, MEANING)


@once_a_run
def summary(*, taps: bool) -> SessionSummary:
    begins = opened(taps=taps)
    lived = live(couple_of(3), begins)
    return summarise(begins, [said for _, said in lived.outputs])


def page_texts(*, taps: bool) -> dict[str, str]:
    told = summary(taps=taps)
    both = together(told, surrogates=99)
    with style():
        return {
            "own": document(own_page(told, Partner.A, ())),
            "joint": document(joint_page(told, both)),
            "therapist": document(therapist_page(told, both)),
        }


def test_pages_speak_of_awake_only_where_taps_were_asked_for() -> None:
    for text in page_texts(taps=False).values():
        assert HEADING not in text
        assert BOTH_HEADING not in text
    with_taps = page_texts(taps=True)
    assert HEADING in with_taps["own"]
    for page in ("own", "joint"):  # minutes of both are the therapist's
        assert BOTH_HEADING not in with_taps[page]
    assert BOTH_HEADING in with_taps["therapist"]
    for page in ("joint", "therapist"):
        assert HEADING not in with_taps[page]  # nobody's own bands
        assert "Left out: the first" not in with_taps[page]


def test_no_banned_word_stands_on_a_couple_s_pages_of_an_evening_with_taps() -> None:
    of = read_in(summary(taps=True), dt.timezone(dt.timedelta(hours=1)))
    with style():
        for page in (
            joint_page(of, together(of, surrogates=99)),
            *(own_page(of, partner, ()) for partner in Partner),
        ):
            assert not banned_in(everything_said(document(page)))
