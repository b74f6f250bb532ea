"""What companions hear of a heart: beats as cleaning labels them, three beats late."""

import math

from coreg.facts.events import BeatLabel, Partner
from coreg.session.heart import Heart

USUAL_MS = (800.0, 812.0, 795.0, 805.0)
MISSED_AT = 40


def heard(heart: Heart) -> list[tuple[float, float, str]]:
    """Feed a minute of beats, one missed; return time, interval and label as told."""
    told, t_s = list[tuple[float, float, str]](), 0.0
    for number in range(60):
        rr_ms = USUAL_MS[number % 4] * (2 if number == MISSED_AT else 1)
        t_s += rr_ms / 1000
        beats = heart.intervals(t_s, (rr_ms,)).beats
        told += [(beat.t_s, beat.nn_ms, str(beat.label)) for beat in beats]
    return told


def test_a_missed_beat_comes_as_no_interval_and_the_last_ones_when_it_ends() -> None:
    heart = Heart(Partner.A, 0.0, by_labels=True)
    told = heard(heart)
    (rejected,) = [n for n, beat in enumerate(told) if math.isnan(beat[1])]
    assert told[rejected][2] == BeatLabel.MISSED
    rest = [beat.t_s for beat in heart.let_go().beats]
    assert len(rest) >= 3
    assert len(told) + len(rest) == 60
    assert [beat[0] for beat in told] + rest == sorted([b[0] for b in told] + rest)


def test_in_a_session_of_before_beats_come_at_once_and_as_sent() -> None:
    heart = Heart(Partner.A, 0.0, by_labels=False)
    told = heard(heart)
    as_sent = [USUAL_MS[n % 4] * (2 if n == MISSED_AT else 1) for n in range(60)]
    rest = [beat.nn_ms for beat in heart.let_go().beats]
    assert [beat[1] for beat in told] + rest == as_sent
    assert len(told) > len(heard(Heart(Partner.A, 0.0, by_labels=True)))
