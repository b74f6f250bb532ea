"""A yes to what a strap measures, taken back within a practice: a fact of its own.

Who reads of it afterwards must not take it for a strap that fell silent; and nobody but
its owner reads of it at all.
"""

import re
from dataclasses import replace
from functools import cache

import pytest

from coreg.facts import codec
from coreg.facts.events import (
    NS_PER_S,
    BlockEnded,
    Breath,
    BreathSeen,
    Cue,
    EcgBeat,
    Feature,
    Input,
    NoLongerMeasured,
    Opened,
    PacedBreathSeen,
    Partner,
    Stream,
    StreamPacket,
    StreamStarted,
    StreamTakenBack,
)
from coreg.findings.ecg_seen import ecg_seen
from coreg.findings.summary import SessionSummary, own, summarise
from coreg.findings.together import together
from coreg.report.html.document import document
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.session.chest import Chest
from coreg.session.engine import Output, run
from coreg.store.rows import entry, event_row, recorded
from tests.helpers.banned import everything_said
from tests.test_breath_by_heart import LENGTH_S, breathing_heart, by_heart, started
from tests.test_paced_breaths_seen import line, whole

A, B = Partner.A, Partner.B
ECG, MOVES = Stream.ECG, Stream.ACCELERATION
BACK_S, AGAIN_S = 300.0, 400.0


def taken_back(t_s: float, stream: Stream = MOVES) -> StreamTakenBack:
    return StreamTakenBack(t_ns=round(t_s * NS_PER_S), partner=A, stream=stream)


def without_frames(
    inputs: list[Input], since_s: float, until_s: float = 1e9
) -> list[Input]:
    """Leave out what A's strap measured in this time."""

    def is_left_out(given: Input) -> bool:
        is_frame = isinstance(given, StreamPacket) and given.partner is A
        return is_frame and since_s <= given.t_ns / NS_PER_S < until_s

    return [given for given in inputs if not is_left_out(given)]


def put_in(inputs: list[Input], given: Input) -> list[Input]:
    at = sum(isinstance(i, Opened) or i.t_ns < given.t_ns for i in inputs)
    return [*inputs[:at], given, *inputs[at:]]


@cache
def lost() -> tuple[list[Input], list[Output]]:
    """A practice of nine minutes in which A's strap falls silent after five."""
    inputs = without_frames(whole()[0], BACK_S)
    return inputs, list(run(inputs))


@cache
def taken() -> tuple[list[Input], list[Output]]:
    """The same, but A took it back then."""
    inputs = put_in(lost()[0], taken_back(BACK_S))
    return inputs, list(run(inputs))


def summary(of: tuple[list[Input], list[Output]]) -> SessionSummary:
    opened = of[0][0]
    assert isinstance(opened, Opened)
    return summarise(opened, of[1])


def paced_until(said: list[Output], t_s: float) -> int:
    """How many breaths had been out for a quarter of their length by then."""
    paced = [each for each in said if isinstance(each, Breath)]
    return sum(each.t_s + 1.25 * each.period_s < t_s for each in paced)


def test_breaths_after_it_are_nobodys_that_could_not_be_told() -> None:
    breath = summary(taken()).chest_breath
    planted = paced_until(taken()[1], BACK_S)
    assert planted - 1 <= breath[A].paced <= planted
    assert breath[A].untold <= 5  # before the first movement was seen
    assert breath[B].paced == sum(isinstance(each, Breath) for each in taken()[1])


def test_breaths_of_a_strap_that_fell_silent_are_untold_as_ever() -> None:
    breath = summary(lost()).chest_breath
    assert breath[A].paced == breath[B].paced
    assert breath[A].untold > 15


def test_nothing_else_on_any_page_tells_it_from_a_silent_strap() -> None:
    a, b = summary(taken()), summary(lost())
    both = together(a, surrogates=19)
    sheets = [everything_said(document(therapist_page(of, both))) for of in (a, b)]
    lines = [line(of.chest_breath[A]) for of in (a, b)]
    assert lines[0] in sheets[0]
    assert sheets[0].replace(lines[0], lines[1]) == sheets[1]
    assert document(joint_page(a, both)) == document(joint_page(b, both))
    for partner in Partner:
        pages = [own_page(own(of, partner), partner, ()) for of in (a, b)]
        assert document(pages[0]) == document(pages[1])


def test_it_changes_nothing_of_the_practice() -> None:
    def cues(said: list[Output]) -> list[Cue]:
        """All that was said, but the hashes of what was known."""
        given = [each for each in said if isinstance(each, Cue)]
        return [
            replace(each, features=0, features_sha256="")
            if isinstance(each, BlockEnded)
            else each
            for each in given
        ]

    assert cues(taken()[1]) == cues(lost()[1])


def test_it_is_said_once_and_a_replay_says_it_again() -> None:
    inputs, said = taken()
    assert [each for each in said if isinstance(each, NoLongerMeasured)] == [
        NoLongerMeasured(t_s=BACK_S, partner=A, stream=MOVES)
    ]
    assert [repr(each) for each in run(inputs)] == [repr(each) for each in said]
    assert not [each for each in lost()[1] if isinstance(each, NoLongerMeasured)]


def test_a_frame_that_comes_after_it_is_not_looked_at() -> None:
    inputs = put_in(whole()[0], taken_back(BACK_S))
    assert [repr(each) for each in run(inputs)] == [repr(each) for each in taken()[1]]


def test_who_says_yes_again_is_counted_from_then_on() -> None:
    inputs = without_frames(whole()[0], BACK_S, AGAIN_S)
    inputs = put_in(inputs, taken_back(BACK_S))
    (begun,) = (
        each for each in inputs if isinstance(each, StreamStarted) and each.partner is A
    )
    inputs = put_in(inputs, replace(begun, t_ns=round(AGAIN_S * NS_PER_S)))
    said = list(run(inputs))
    breath = summary((inputs, said)).chest_breath[A]
    paced = sum(isinstance(each, Breath) for each in said)
    between = sum(
        BACK_S < each.t_s < AGAIN_S for each in said if isinstance(each, Breath)
    )
    assert paced - between - 5 <= breath.paced <= paced - between + 1
    assert [
        each
        for each in said
        if isinstance(each, PacedBreathSeen)
        and each.partner is A
        and each.breath_start_s > AGAIN_S
    ]


def heard(strap_streams: list[Stream], back: Stream) -> list[Feature]:
    """What a chest says whose owner takes this back after a minute."""
    strap, chest, said = breathing_heart(13.0), Chest(A), list[Feature]()
    for stream in strap_streams:
        chest.started(started(strap, stream))
    for second in range(1, LENGTH_S):
        if second == 60:
            said += [chest.taken_back(60.0, taken_back(60.0, back))]
        for data in strap.frames(float(second)):
            stream = ECG if data[0] == 0 else MOVES
            packet = StreamPacket(
                t_ns=second * NS_PER_S, partner=A, stream=stream, data=data
            )
            said += chest.packet(float(second), packet)
    return said


@pytest.mark.parametrize(("back", "kind"), [(ECG, EcgBeat), (MOVES, BreathSeen)])
def test_the_other_stream_goes_on(back: Stream, kind: type) -> None:
    said = heard([MOVES, ECG], back)
    at = said.index(NoLongerMeasured(t_s=60.0, partner=A, stream=back))
    other = BreathSeen if kind is EcgBeat else EcgBeat
    for of, before, after in ((kind, True, False), (other, True, True)):
        assert any(isinstance(each, of) for each in said[:at]) is before
        assert any(isinstance(each, of) for each in said[at:]) is after


def test_whose_chest_is_no_longer_seen_has_no_breath_taken_from_the_ecg() -> None:
    said = heard([MOVES, ECG], MOVES)
    assert not by_heart(said)


def test_an_ecg_is_gone_over_to_where_it_was_taken_back() -> None:
    strap = breathing_heart(13.0)
    facts: list[Input] = [started(strap, ECG)]
    for second in range(1, LENGTH_S):
        if second == 60:
            facts.append(taken_back(60.0, ECG))
        facts += (
            StreamPacket(t_ns=second * NS_PER_S, partner=A, stream=ECG, data=data)
            for data in strap.frames(float(second))
        )
    seen = ecg_seen(facts, A)
    assert seen is not None
    assert 55 < seen.sample_t_s[-1] < 61


def test_it_is_one_partners_own_row_of_a_log() -> None:
    fact = taken_back(12.5, ECG)
    assert codec.encode(fact) == b'[12500000000,"A","ecg"]'
    row = event_row(7, entry(fact, fact.t_ns))
    assert row[2:4] == ("A", "StreamTakenBack")
    assert recorded(row, seq=7).fact == fact


def test_the_sheet_has_no_word_for_it() -> None:
    found = summary(taken())
    sheet = everything_said(
        document(therapist_page(found, together(found, surrogates=19)))
    )
    assert not re.search(r"taken back|took .* back|withdr|consent", sheet)
