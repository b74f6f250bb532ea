"""A beat that was lost with its connection leaves a gap as long as it was.

Packets carry no number, so one that never came is told by the clock alone, which is
hardly enough for a single beat: a strap that sends once a second keeps each for up to a
second. That the connection broke in between is known too, and is in the log.
"""

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from coreg.facts.events import (
    NS_PER_S,
    Beat,
    Feature,
    Gap,
    Input,
    Link,
    LinkChanged,
    Notification,
    Partner,
    SourceEnded,
    Tick,
)
from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, encode
from coreg.session.engine import Engine, run
from coreg.session.heart import Heart
from tests.test_engine import opened

LENGTH_S = 240
A = Partner.A


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A packet as it left the strap, and the beats in it (s)."""

    t_s: float
    beats_s: tuple[float, ...]
    rr_ms: tuple[float, ...]

    @property
    def data(self) -> bytes:
        said = HeartRateMeasurement(
            hr_bpm=68, wide_hr=False, contact=None, energy_kj=None, rr_ms=self.rr_ms
        )
        return encode(said)


def heart(seed: int, bpm: float) -> list[float]:
    """Return the beats of a heart that swings with a breath of 10 s."""
    rng = np.random.default_rng(seed)
    beats_s = [float(rng.uniform(0, 1))]
    while beats_s[-1] < LENGTH_S:
        swing = 0.05 * math.sin(2 * math.pi * beats_s[-1] / 10)
        beats_s.append(beats_s[-1] + 60 / bpm * (1 + swing) + rng.normal(0, 0.012))
    return beats_s


def once_a_second(beats_s: list[float]) -> list[Sent]:
    sent, waiting = [], list(itertools.pairwise(beats_s))
    for tick in range(1, LENGTH_S):
        ready = [(b, 1000 * (b - a)) for a, b in waiting if tick - 1 < b + 0.3 <= tick]
        beats, rr_ms = zip(*ready, strict=True) if ready else ((), ())
        sent.append(Sent(t_s=float(tick), beats_s=beats, rr_ms=rr_ms))
    return sent


def at_each_beat(beats_s: list[float]) -> list[Sent]:
    return [
        Sent(t_s=b + 0.3, beats_s=(b,), rr_ms=(1000 * (b - a),))
        for a, b in itertools.pairwise(beats_s)
    ]


def inputs(sent: list[Sent], lost: range, seed: int, *, is_told: bool) -> list[Input]:
    """Return A's evening in which the link dropped and these packets never came."""
    rng = np.random.default_rng(seed)
    between = sent[lost.stop].t_s - sent[lost.start - 1].t_s
    drop_s = sent[lost.start - 1].t_s + 0.2 * between
    back_s = sent[lost.stop].t_s - 0.2 * between
    changes = ((drop_s, Link.LOST), (back_s, Link.CONNECTED)) if is_told else ()
    arrivals: list[Input] = [
        *(Tick(t_ns=t) for t in range(0, LENGTH_S * NS_PER_S, NS_PER_S // 4)),
        *(
            LinkChanged(
                t_ns=round(t_s * NS_PER_S), partner=Partner.A, link=link, detail=""
            )
            for t_s, link in changes
        ),
        *(
            Notification(
                t_ns=round((each.t_s + rng.uniform(0, 0.05)) * NS_PER_S),
                partner=Partner.A,
                data=each.data,
            )
            for number, each in enumerate(sent)
            if number not in lost
        ),
    ]
    arrivals.sort(key=lambda each: each.t_ns)
    return [opened(), *arrivals, SourceEnded(t_ns=LENGTH_S * NS_PER_S)]


def gaps(sent: list[Sent], lost: range, seed: int) -> list[Gap]:
    """Return the gaps of A's heart."""
    return [f for f in features(sent, lost, seed) if isinstance(f, Gap)]


def features(sent: list[Sent], lost: range, seed: int) -> list[Feature]:
    heart, found = Heart(A, 0.0, by_labels=True), list[Feature]()
    for given in inputs(sent, lost, seed, is_told=True):
        match given:
            case Notification(t_ns=t_ns, data=data):
                found += heart.packet(t_ns / NS_PER_S, data).features
            case LinkChanged(link=link):
                heart.link_changed(link)
    return [*found, *heart.let_go().features]


def at(sent: list[Sent], t_s: float, count: int) -> range:
    first = next(i for i, each in enumerate(sent) if each.t_s > t_s)
    return range(first, first + count)


def missing_s(sent: list[Sent], lost: range) -> float:
    return sum(rr for i in lost for rr in sent[i].rr_ms) / 1000


def last_beat_s(sent: list[Sent], lost: range) -> float:
    return max(b for each in sent[: lost.start] for b in each.beats_s)


Send = Callable[[list[float]], list[Sent]]


@pytest.mark.parametrize("send", [once_a_second, at_each_beat])
@pytest.mark.parametrize("bpm", [55.0, 68.0, 90.0])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_one_packet_lost_with_its_connection_is_a_gap_as_long_as_its_beats(
    send: Send, bpm: float, seed: int
) -> None:
    sent = send(heart(seed, bpm))
    for after_s in (60 + 0.37 * seed, 150 + 0.37 * seed):
        lost = at(sent, after_s, 1)
        found = gaps(sent, lost, seed)
        if not missing_s(sent, lost):  # a second in which no heart beat
            assert found == []
            continue
        (gap,) = found
        assert gap.end_s - gap.start_s == pytest.approx(missing_s(sent, lost), abs=0.35)
        # The strap is 0.3 s late, which no arrival tells.
        assert gap.start_s == pytest.approx(last_beat_s(sent, lost) + 0.3, abs=0.15)


@pytest.mark.parametrize("send", [once_a_second, at_each_beat])
@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_more_of_them_are_one_gap_of_their_length(
    send: Send, count: int, seed: int
) -> None:
    sent = send(heart(seed, 68.0))
    lost = at(sent, 150 + 0.37 * seed, count)
    (gap,) = gaps(sent, lost, seed)

    assert gap.end_s - gap.start_s == pytest.approx(missing_s(sent, lost), abs=0.5)


@pytest.mark.parametrize("send", [once_a_second, at_each_beat])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_connection_that_broke_between_two_packets_lost_nothing(
    send: Send, seed: int
) -> None:
    sent = send(heart(seed, 68.0))
    for after_s in (20.0, 60.0, 150.0, 200.0):
        assert gaps(sent, at(sent, after_s, 0), seed) == []


@pytest.mark.parametrize("send", [once_a_second, at_each_beat])
def test_the_beats_after_it_are_where_they_were(send: Send) -> None:
    sent = send(heart(7, 68.0))
    lost = at(sent, 150.0, 1)

    def beats(lost: range) -> list[float]:
        return [f.t_s for f in features(sent, lost, 7) if isinstance(f, Beat)]

    after = sum(len(each.beats_s) for each in sent[lost.stop :])
    whole, cut = beats(range(lost.start, lost.start)), beats(lost)
    apart_s = np.subtract(whole[-after:], cut[-after:])
    assert np.abs(apart_s).max() < 0.15


@pytest.mark.parametrize("send", [once_a_second, at_each_beat])
def test_the_gap_is_known_when_its_next_beats_are(send: Send) -> None:
    sent = send(heart(3, 68.0))
    lost = at(sent, 150.0, 1)
    engine = Engine()
    for given in inputs(sent, lost, 3, is_told=True):
        if any(isinstance(each, Gap) for each in engine.feed(given)):
            break
    # Two seconds of doubt, and cleaning looks three beats ahead.
    assert given.t_ns / NS_PER_S - sent[lost.stop].t_s < 5.5


@pytest.mark.parametrize(
    "link", [Link.WAITING_FOR_RR, Link.STREAMING], ids=lambda link: link.value
)
def test_what_is_said_of_a_connection_that_holds_changes_no_beat(link: Link) -> None:
    sent = once_a_second(heart(5, 68.0))
    silent = inputs(sent, range(150, 150), 5, is_told=False)
    said = LinkChanged(t_ns=150 * NS_PER_S, partner=A, link=link, detail="")
    told = sorted([*silent[1:-1], said], key=lambda each: each.t_ns)

    assert list(run([silent[0], *told, silent[-1]])) == list(run(silent))
