"""Whoever is seen to breathe their own way is waited for; nobody else is."""

import math

import pytest

from coreg.exercises.pacing.follow import keeps_pace
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.facts.events import InStep, Pacing, Partner

A, B = Partner.A, Partner.B


def paced(own_b: float | None, minutes: float) -> list[tuple[float, float, Pacing]]:
    """Start and rate of each breath: A's chest follows, B's breathes at `own_b`.

    None: B's chest follows as well; NaN: it is not seen.
    """
    pacer, said = SharedPacer.steady(), list[tuple[float, float, Pacing]]()
    now_s, second = 100.0, 71.0
    while now_s < 100 + 60 * minutes:
        while second <= now_s:
            paced_at = mean_pace(said, second - 30, second)
            for partner in Partner:
                free = partner is B and own_b is not None
                rate = own_b if free and own_b is not None else paced_at
                pacer.see(partner, second, rate, 30.0)
            second += 1.0
        rate = pacer.rate_per_min(now_s)
        said.append((now_s, rate, pacer.pacing))
        now_s += 60 / rate
    return said


def mean_pace(
    said: list[tuple[float, float, Pacing]], from_s: float, to_s: float
) -> float:
    """How fast they were paced from then to then; twelve a minute before."""
    count = 0.0
    at_s = from_s
    for start_s, rate, _ in said:
        end_s = min(start_s + 60 / rate, to_s)
        if end_s > at_s:
            count += max(0.0, min(start_s, to_s) - at_s) * 12 / 60
            at_s = max(at_s, start_s)
            count += (end_s - at_s) * rate / 60
            at_s = end_s
    return 60 * (count + (to_s - at_s) * 12 / 60) / (to_s - from_s)


def reached_s(said: list[tuple[float, float, Pacing]], rate: float) -> float:
    """How long after the start the pace was down to this."""
    return next((t_s - said[0][0] for t_s, each, _ in said if each <= rate), math.inf)


@pytest.mark.parametrize("own", [11.0, 13.0, 16.0])
def test_a_glide_waits_for_whoever_breathes_their_own_way_and_not_for_ever(
    own: float,
) -> None:
    followed, waited = paced(None, 10), paced(own, 10)
    assert reached_s(followed, 6.5) < 180
    assert 210 < reached_s(waited, 6.5) < 480
    holding = [t_s for t_s, _, pacing in waited if pacing is Pacing.HOLDING]
    assert holding[-1] - holding[0] > 150


def test_whoever_follows_is_never_waited_for() -> None:
    assert Pacing.HOLDING not in {pacing for _, _, pacing in paced(None, 2)}


def test_a_chest_that_is_not_seen_changes_nothing() -> None:
    blind = SharedPacer.steady()
    unseen = SharedPacer.steady()
    for second in range(600):
        unseen.see(A, float(second), math.nan, 0.0)
        if second % 10 == 0:
            assert blind.rate_per_min(second) == unseen.rate_per_min(second)


def test_the_glide_begins_at_the_breath_that_the_slower_chest_shows() -> None:
    pacer = SharedPacer.steady()
    for second in range(10):
        pacer.see(A, float(second), 14.0, 30.0)
        pacer.see(B, float(second), 8.5, 30.0)
    assert pacer.rate_per_min(10.0) == 8.5


def test_the_glide_does_not_begin_at_a_breath_seen_long_ago() -> None:
    pacer, blind = SharedPacer.steady(), SharedPacer.steady()
    for second in range(10):
        pacer.see(A, float(second), 14.0, 30.0)
        pacer.see(B, float(second), 8.5, 30.0)
    assert pacer.rate_per_min(600.0) == blind.rate_per_min(600.0)


def test_what_was_seen_a_while_ago_is_not_gone_by() -> None:
    pacer = SharedPacer.steady()
    pacer.rate_per_min(0.0)
    rates = []
    for breath in range(1, 30):
        pacer.see(B, 5.0 * breath, 16.0, 30.0)
        pacer.see(B, 5.0 * breath, math.nan, 0.0)
        rates.append(pacer.rate_per_min(5.0 * breath))
    assert pacer.pacing is not Pacing.HOLDING
    assert rates[-1] < 8


def beside(told: list[InStep], seconds: int = 400) -> list[Pacing]:
    """What the pacer does while B's breaths are told so, again and again."""
    pacer, now_s, said = SharedPacer.steady(), 0.0, list[Pacing]()
    number = 0
    while now_s < seconds:
        rate = pacer.rate_per_min(now_s)
        said.append(pacer.pacing)
        now_s += 60 / rate
        pacer.see(B, now_s, math.nan, 0.0)  # uneven: no rate can be told
        pacer.see_beside(B, now_s, told[number % len(told)])
        number += 1
    return said


def test_uneven_breaths_of_ones_own_are_waited_for_breath_by_breath() -> None:
    own = beside([InStep.OWN_WAY])
    waited = own.count(Pacing.HOLDING)
    assert own.index(Pacing.HOLDING) == 4
    assert waited > 30
    assert own[-1] is not Pacing.HOLDING  # and not for ever


def test_breaths_that_cannot_be_told_are_no_reason_to_wait() -> None:
    assert Pacing.HOLDING not in beside([InStep.UNTOLD])
    assert Pacing.HOLDING not in beside([InStep.FOLLOWED, InStep.OWN_WAY])


def test_who_follows_again_is_waited_for_no_more() -> None:
    own, followed = [InStep.OWN_WAY] * 8, [InStep.FOLLOWED] * 100
    said = beside([*own, *followed])
    held = [n for n, each in enumerate(said) if each is Pacing.HOLDING]
    assert held == list(range(4, 10))


def test_what_was_told_before_a_pause_counts_no_more() -> None:
    pacer = SharedPacer.steady()
    for number in range(6):
        pacer.rate_per_min(5.0 * number)
        pacer.see_beside(B, 5.0 * number + 4, InStep.OWN_WAY)
    pacer.stopped(30.0)
    pacer.rate_per_min(30.0)
    assert pacer.pacing is not Pacing.HOLDING


def test_a_sigh_and_a_late_breath_are_still_followed() -> None:
    # Half a minute at six a minute holds three breaths; with a sigh, two and a half.
    assert keeps_pace(5.0, 6.0)
    assert keeps_pace(6.0 * 1.16, 6.0)
    assert not keeps_pace(8.0, 6.0)


def leads_at_last(told: list[InStep], *, until_back: bool) -> bool:
    """Whether B's heart leads in the end, B's breaths told so after five of B's own.

    Both hearts answer each breath alike, so only B's chest can keep one from leading.
    """
    pacer = SharedPacer.finding(until_back=until_back)
    now_s, leads = 0.0, list[tuple[bool, bool]]()
    for each in [*[InStep.FOLLOWED] * 40, *[InStep.OWN_WAY] * 5, *told]:
        rate = pacer.rate_per_min(now_s)
        leads.append(
            (
                not pacer._ears[A].is_unled(now_s),  # noqa: SLF001
                not pacer._ears[B].is_unled(now_s),  # noqa: SLF001
            )
        )
        for partner in Partner:
            for beat in range(round(60 / rate)):
                beat_s = now_s + beat + 0.5
                swing_ms = 60 * math.sin(2 * math.pi * (beat_s - now_s) * rate / 60)
                pacer.observe(partner, beat_s, 1000 + swing_ms)
        now_s += 60 / rate
        pacer.see_beside(B, now_s, each)
    assert all(a for a, _ in leads)
    assert not all(b for _, b in leads)
    return leads[-1][1]


MIXED = [InStep.FOLLOWED, InStep.OWN_WAY, InStep.FOLLOWED] * 12


def test_who_went_their_own_way_leads_again_once_seen_to_go_along() -> None:
    assert leads_at_last([InStep.FOLLOWED] * 36, until_back=True)


def test_who_still_goes_along_only_at_times_does_not_lead_for_time_alone() -> None:
    assert not leads_at_last(MIXED, until_back=True)
    # In sessions from before four minutes were enough.
    assert leads_at_last(MIXED, until_back=False)


def test_where_a_chest_is_seen_no_more_the_time_alone_decides() -> None:
    assert leads_at_last([InStep.UNTOLD] * 36, until_back=True)
