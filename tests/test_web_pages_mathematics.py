"""The clock and the breath of a page, run in a browser, judged by Python."""

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from coreg.exercises.pacing.pacer import fullness
from coreg.facts.events import Breath
from tests.helpers.stand_in_server import PLAIN_STATE, StandInServer

RUN_CLOCK = """async ({pongs, asked}) => {
  const {ServerClock} = await import("/static/clock.js");
  const clock = new ServerClock();
  const happenings = [
    ...pongs.flatMap((p, i) => [
      {at: p.sent_s, do: () => { p.id = clock.sent(p.sent_s); }},
      {at: p.heard_s, do: () => clock.heard(p.id, p.server_s, p.heard_s)},
    ]),
    ...asked.map((at, i) => ({at, do: () => { told[i] = clock.at(at); }})),
  ].sort((a, b) => a.at - b.at);
  const told = [];
  for (const happening of happenings) happening.do();
  return told;
}"""

RUN_SCHEDULE = """async ({steps, asked}) => {
  const {Schedule} = await import("/static/phase.js");
  const schedule = new Schedule();
  for (const [kind, given] of steps) schedule[kind](given);
  return asked.map((t_s) => [schedule.fullness(t_s), schedule.turn(t_s)]);
}"""

AHEAD_S = 5000.0


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    """One page for all: only its modules are used."""
    server = StandInServer()
    page = browser.new_page()
    page.goto(server.url)
    yield page
    page.close()
    server.close()


def pong(sent_s: float, out_s: float, back_s: float, ahead_s: float) -> dict[str, Any]:
    return {
        "sent_s": sent_s,
        "heard_s": sent_s + out_s + back_s,
        "server_s": sent_s + out_s + ahead_s,
    }


def evening_of_pings(
    rng: np.random.Generator, *, minutes: float, jitter_s: float, ahead_s: float
) -> list[dict[str, Any]]:
    """Pings as a page sends them over a network that delays each way by chance."""
    starts = [0.04 * i for i in range(12)]
    for round_s in np.arange(5.0, 60 * minutes, 5.0):
        starts += [float(round_s) + 0.04 * i for i in range(4)]
    return [
        pong(
            start,
            0.001 + float(rng.exponential(jitter_s)),
            0.001 + float(rng.exponential(jitter_s)),
            ahead_s,
        )
        for start in starts
    ]


def breath(t_s: float, period_s: float = 10.0, inhale_s: float = 4.0) -> dict[str, Any]:
    return {"t_s": t_s, "period_s": period_s, "inhale_s": inhale_s}


def test_a_symmetric_delay_leaves_no_error_in_the_clock(page: Any) -> None:
    pongs = [pong(0.04 * i, 0.02, 0.02, AHEAD_S) for i in range(12)]
    (told,) = page.evaluate(RUN_CLOCK, {"pongs": pongs, "asked": [2.0]})
    assert told == pytest.approx(2.0 + AHEAD_S, abs=1e-9)


def test_a_quick_round_trip_among_slow_ones_is_believed(page: Any) -> None:
    pongs = [pong(0.04 * i, 0.3, 0.005, AHEAD_S) for i in range(11)]
    pongs.append(pong(0.6, 0.002, 0.002, AHEAD_S))
    (told,) = page.evaluate(RUN_CLOCK, {"pongs": pongs, "asked": [2.0]})
    assert told == pytest.approx(2.0 + AHEAD_S, abs=1e-9)


def test_a_quick_way_there_and_another_pings_quick_way_back_are_enough(
    page: Any,
) -> None:
    """No round trip is below 0.3 s; each way by itself was once a millisecond."""
    pongs = [pong(0.4 * i, 0.3, 0.3, AHEAD_S) for i in range(10)]
    pongs += [pong(4.0, 0.001, 0.3, AHEAD_S), pong(4.4, 0.3, 0.001, AHEAD_S)]
    (told,) = page.evaluate(RUN_CLOCK, {"pongs": pongs, "asked": [5.2]})
    # In half a second two clocks may part by as much as this.
    assert told == pytest.approx(5.2 + AHEAD_S, abs=0.5 * 5e-5)


def test_clocks_that_part_faster_than_thought_are_followed(page: Any) -> None:
    """One runs 0.1 % fast: what is a minute old contradicts what is new."""
    pongs = [
        pong(i, 0.001, 0.001, AHEAD_S + 1e-3 * i) for i in np.arange(0.0, 120.0, 1.0)
    ]
    (told,) = page.evaluate(RUN_CLOCK, {"pongs": pongs, "asked": [120.0]})
    assert told == pytest.approx(120.0 + AHEAD_S + 0.12, abs=0.004)


def test_after_the_burst_the_clock_slews_by_ten_milliseconds_a_second(
    page: Any,
) -> None:
    wrong = [pong(0.04 * i, 0.1, 0.02, AHEAD_S) for i in range(12)]  # 40 ms ahead
    right = [pong(5.0, 0.002, 0.002, AHEAD_S)]
    asked = [4.0, 5.01, 6.01, 8.01, 20.0]
    told = page.evaluate(RUN_CLOCK, {"pongs": wrong + right, "asked": asked})
    errors_s = [t - a - AHEAD_S for t, a in zip(told, asked, strict=True)]
    expected_s = [0.04, 0.04 - 0.01 * 0.006, 0.03 - 0.01 * 0.006, 0.01 - 6e-5, 0.0]
    assert errors_s == pytest.approx(expected_s, abs=1e-6)


def test_an_old_best_sample_is_forgotten_after_a_minute(page: Any) -> None:
    quick = [pong(0.04 * i, 0.001, 0.001, AHEAD_S) for i in range(12)]
    drifted = [pong(61.0 + i, 0.02, 0.02, AHEAD_S + 0.02) for i in range(10)]
    (told,) = page.evaluate(RUN_CLOCK, {"pongs": quick + drifted, "asked": [75.0]})
    assert told == pytest.approx(75.0 + AHEAD_S + 0.02, abs=1e-6)


def test_a_laptop_that_slept_has_the_right_time_at_once(page: Any) -> None:
    before = [pong(0.04 * i, 0.001, 0.001, AHEAD_S) for i in range(12)]
    after = [pong(10.0, 0.05, 0.05, AHEAD_S + 3600.0)]
    (told,) = page.evaluate(RUN_CLOCK, {"pongs": before + after, "asked": [10.2]})
    assert told == pytest.approx(10.2 + AHEAD_S + 3600.0, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_two_pages_on_a_home_network_agree_within_five_milliseconds(
    page: Any, seed: int, record_property: Any
) -> None:
    rng = np.random.default_rng(seed)
    asked = [float(t) for t in np.arange(2.0, 295.0, 0.5)]
    told = [
        page.evaluate(
            RUN_CLOCK,
            {
                "pongs": evening_of_pings(
                    rng, minutes=5, jitter_s=0.004, ahead_s=AHEAD_S
                ),
                "asked": asked,
            },
        )
        for _ in range(2)
    ]
    apart_s = np.abs(np.subtract(*told))
    p95_s = float(np.percentile(apart_s, 95))
    record_property("clock_apart_p95_ms", 1000 * p95_s)
    assert p95_s < 0.005


def test_the_clock_never_jumps_once_it_breathes(page: Any) -> None:
    rng = np.random.default_rng(7)
    asked = [float(t) for t in np.arange(2.0, 120.0, 0.1)]
    pongs = evening_of_pings(rng, minutes=2, jitter_s=0.03, ahead_s=AHEAD_S)
    told = np.array(page.evaluate(RUN_CLOCK, {"pongs": pongs, "asked": asked}))
    pace = np.diff(told) / np.diff(asked)
    assert np.all(np.abs(pace - 1) <= 0.01 + 1e-6)


def test_the_page_and_the_pacer_draw_the_same_breath(page: Any) -> None:
    rng = np.random.default_rng(1)
    for period_s in (5.0, 60 / 5.7, 13.3):
        one = breath(100.0, period_s, 0.4 * period_s)
        asked = [float(t) for t in 99 + (period_s + 2) * rng.random(200)]
        drawn = page.evaluate(
            RUN_SCHEDULE, {"steps": [["announce", one]], "asked": asked}
        )
        paced = [fullness(Breath(**one), t_s) for t_s in asked]
        assert [full for full, _ in drawn] == pytest.approx(paced, abs=1e-12)


def test_a_change_of_rate_leaves_no_seam(page: Any) -> None:
    steps = [
        ["announce", breath(0.0, 5.0, 2.0)],
        ["announce", breath(5.0, 8.0, 3.2)],
        ["announce", breath(13.0, 11.0, 4.4)],
    ]
    asked = [float(t) for t in np.arange(0.0, 24.0, 0.01)]
    drawn = page.evaluate(RUN_SCHEDULE, {"steps": steps, "asked": asked})
    full = np.array([value for value, _ in drawn])
    steepest_per_s = math.pi / 2 / 2.0  # half a cosine over the shortest breath in
    assert np.max(np.abs(np.diff(full))) <= steepest_per_s * 0.01 + 1e-9


def test_a_voided_breath_is_never_drawn_and_the_one_under_way_stands_still(
    page: Any,
) -> None:
    steps = [
        ["announce", breath(0.0)],
        ["announce", breath(10.0)],
        ["stop", 2.0],
    ]
    drawn = page.evaluate(
        RUN_SCHEDULE, {"steps": steps, "asked": [1.9, 2.0, 5.0, 12.0]}
    )
    assert [turn for _, turn in drawn] == ["in", "still", "still", "still"]
    assert [full for full, _ in drawn[1:]] == pytest.approx([0.5, 0.5, 0.5])


def test_after_a_pause_the_next_announced_breath_is_drawn(page: Any) -> None:
    steps = [["announce", breath(0.0)], ["stop", 2.0], ["announce", breath(30.0)]]
    drawn = page.evaluate(RUN_SCHEDULE, {"steps": steps, "asked": [29.0, 32.0, 37.0]})
    assert [full for full, _ in drawn] == pytest.approx([0.0, 0.5, 0.5])
    assert [turn for _, turn in drawn] == ["still", "in", "out"]


def test_between_breaths_the_lungs_are_empty(page: Any) -> None:
    drawn = page.evaluate(
        RUN_SCHEDULE, {"steps": [["announce", breath(5.0)]], "asked": [4.9, 15.0]}
    )
    assert drawn == [[0, "still"], [0, "still"]]


def test_the_orb_stays_between_its_two_sizes(page: Any) -> None:
    sizes = page.evaluate(
        """async () => {
          const {radius_px} = await import("/static/orb.js");
          return [radius_px(0, 800), radius_px(1, 800)];
        }"""
    )
    assert sizes == [pytest.approx(100.0), pytest.approx(168.0)]


def test_warmth_creeps_the_same_at_any_frame_rate(page: Any) -> None:
    seldom, often = page.evaluate(
        """async () => {
          const {Slow} = await import("/static/orb.js");
          const after = (frames) => {
            const slow = new Slow(0);
            let value = 0;
            for (let i = 0; i < frames; i += 1) value = slow.toward(1, 6 / frames);
            return value;
          };
          return [after(6), after(600)];
        }"""
    )
    assert seldom == pytest.approx(often)
    assert seldom == pytest.approx(1 - math.exp(-1))


def test_the_sound_swells_with_the_breath_and_is_silent_at_its_turns(
    page: Any,
) -> None:
    loudness = page.evaluate(
        """async () => {
          const {play} = await import("/static/sound.js");
          const rate = 8000;
          const audio = new OfflineAudioContext(1, 6 * rate, rate);
          play(audio, audio.destination, {t_s: 0, period_s: 5, inhale_s: 2}, 0.5);
          const data = (await audio.startRendering()).getChannelData(0);
          const rms = (from_s, to_s) => {
            const part = data.slice(from_s * rate, to_s * rate);
            return Math.sqrt(part.reduce((sum, x) => sum + x * x, 0) / part.length);
          };
          return {
            before: rms(0, 0.5), middleIn: rms(1.3, 1.7), turn: rms(2.48, 2.52),
            middleOut: rms(3.8, 4.2), after: rms(5.52, 6),
            peak: Math.max(...data.map(Math.abs)),
          };
        }"""
    )
    assert loudness["before"] == loudness["after"] == 0
    assert loudness["turn"] < 0.02 * loudness["middleIn"]
    assert loudness["middleIn"] > loudness["middleOut"] > 0.02
    assert loudness["peak"] < 0.2


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "null",
        '{"type":"constructor"}',
        '{"type":"breath","t_s":1,"period_s":4,"inhale_s":5}',
        '{"type":"breath","t_s":1,"period_s":-4,"inhale_s":-5}',
        '{"type":"glint","t_s":"soon"}',
        '{"type":"hearts","straps":"none"}',
    ],
)
def test_a_message_that_does_not_fit_is_left_aside(page: Any, text: str) -> None:
    assert page.evaluate(UNDERSTOOD, text) is None


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ('{"type":"warmth","value":1.5}', {"type": "warmth", "value": None}),
        ('{"type":"hearts","straps":[{"id":1}]}', {"type": "hearts", "straps": []}),
        ('{"type":"pong","id":1,"server_s":2,"new":3}', {"id": 1, "server_s": 2}),
    ],
)
def test_of_a_message_what_is_understood_is_heeded(
    page: Any, text: str, understood: dict[str, Any]
) -> None:
    assert (
        page.evaluate(UNDERSTOOD, text)
        == {"type": json.loads(text)["type"]} | understood
    )


def test_only_pages_of_earlier_evenings_may_be_opened(page: Any) -> None:
    state = PLAIN_STATE | {"server_s": 1.0}
    look = {"session_id": "x", "page": "/evenings/x/page"}
    for path, opens in (
        ("/evenings/x/page", True),
        ("/evenings/20260301-193000-7f3a/A?x=1", True),
        ("/evenings/%3Cx%3E/page", True),
        ("javascript:alert(1)", False),
        ("//elsewhere/evenings/x", False),
        ("https://a.b/evenings/x", False),
    ):
        told = json.dumps(state | {"look": look | {"page": path}})
        read = page.evaluate(UNDERSTOOD, told)["look"]["page"]
        assert read == (path if opens else None)


UNDERSTOOD = """async (text) =>
  (await import("/static/messages.js")).understood(text)"""
