"""A practice with closed eyes: what is said, sounded and felt, and by which voice."""

from typing import Any

import pytest

from tests.helpers.pages import (
    OpenPage,
    caught_up,
    heading,
    knowing,
    look_until,
    press,
    shown,
)
from tests.helpers.stand_in_server import StandInServer

LATE_S = 0.25
A_HAIR_S = 0.06  # by which clocks are unsure of each other
HALF_S = 1.5
# A voice that says what it is given, for a while; it keeps what and when.
VOICES = """(voices) => {
  const keep = {said: [], cancelled: 0, takes_ms: 300};
  window.spoken = keep;
  let now = null;
  const over = (said) => {
    if (now === said) now = null;
    said.dispatchEvent(new Event("end"));
  };
  const synth = {
    getVoices: () => voices,
    cancel() { keep.cancelled += 1; if (now) over(now); },
    speak(said) {
      now = said;
      keep.said.push({
        words: said.text, voice: said.voice.name,
        at_ms: performance.now(), rate: said.rate,
      });
      said.dispatchEvent(new Event("start"));
      setTimeout(() => now === said && over(said), keep.takes_ms);
    },
  };
  Object.defineProperty(window, "speechSynthesis", {value: synth});
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  };
  window.tones = [];
  AudioContext.prototype.createOscillator = new Proxy(
    AudioContext.prototype.createOscillator,
    { apply(made, audio, given) {
      window.tones.push(performance.now());
      return Reflect.apply(made, audio, given);
    } },
  );
  window.felt = [];
  navigator.vibrate = (touch) => window.felt.push(touch);
}"""
HERE = {"name": "Here", "lang": "en-GB", "localService": True, "default": False}
AWAY = {"name": "Away", "lang": "en-GB", "localService": False, "default": True}
OTHER = {"name": "Hier", "lang": "de-DE", "localService": True, "default": True}
SAID_AT = """async () => {
  const {app} = await import("/static/main.js");
  const local_s = performance.now() / 1000;
  return window.spoken.said.map(({words, at_ms, rate, voice}) => ({
    words, rate, voice, at_s: app.now_s() - local_s + at_ms / 1000,
  }));
}"""
CHOOSE = """async (heard) => {
  const {app} = await import("/static/main.js");
  await app.hearing.choose(heard);
}"""


def opened(
    open_page: OpenPage,
    server: StandInServer,
    *voices: dict[str, Any],
    cookies: tuple[str, ...] = (),
) -> Any:
    """A page with these voices, on which somebody has tapped once."""

    def watch(context: Any) -> None:
        script = VOICES.strip()
        context.add_init_script(f"({script})({list_of(voices)})")
        for name in cookies:
            key, value = name.split("=")
            context.add_cookies([{"name": key, "value": value, "url": server.url}])

    page = open_page(server.url, watch=watch)
    shown(page).locator("h1").click()
    may_sound = """async () => {
      const {app} = await import("/static/main.js");
      return app.hearing.audio.running !== null;
    }"""
    look_until(page, lambda: page.evaluate(may_sound))
    return knowing(page, server)


def list_of(voices: tuple[dict[str, Any], ...]) -> str:
    return str(list(voices)).replace("True", "true").replace("False", "false")


def words(page: Any) -> list[str]:
    return [each["words"] for each in page.evaluate("window.spoken.said")]


def block(kind: str, number: int, **more: Any) -> dict[str, Any]:
    return {
        "number": number, "count": 6, "name": kind, "kind": kind, "words": "",
        "length_s": 120.0, "began_server_s": 0.0, "waits": False, **more,
    }  # fmt: skip


def breathing(server: StandInServer) -> None:
    server.state |= {"screen": "breathe", "block": block("breathe", 2)}


def test_words_come_with_the_breath_in_order_and_never_late(
    open_page: OpenPage, server: StandInServer
) -> None:
    breathing(server)
    page = opened(open_page, server, AWAY, OTHER, HERE)
    page.evaluate(CHOOSE, "voice")
    due: list[tuple[float, str]] = []
    said: list[dict[str, Any]] = []
    while len(said) < 3 and len(due) < 40:  # on a busy machine some are left out
        t_s = server.now_s() + 0.5
        server.breathe(t_s, period_s=2 * HALF_S, inhale_s=HALF_S)
        due += [(t_s, "in"), (t_s + HALF_S, "out")]
        page.wait_for_timeout(1000 * (2 * HALF_S + 0.5))
        said = page.evaluate(SAID_AT)
    assert len(said) >= 3
    for each in said:
        late_s = [
            each["at_s"] - at_s for at_s, word in due if word == each["words"]
        ]  # fmt: skip
        assert any(-0.4 - A_HAIR_S <= s <= LATE_S + A_HAIR_S for s in late_s), late_s
    assert {each["voice"] for each in said} == {"Here"}
    assert page.evaluate("window.tones.length") == 0  # not both


def test_what_would_be_said_after_a_sleep_is_not_said_at_all(
    open_page: OpenPage, server: StandInServer
) -> None:
    breathing(server)
    page = opened(open_page, server, HERE, cookies=("coreg.touch=yes",))
    page.evaluate(CHOOSE, "voice")
    server.breathe(server.now_s() + 1.0, period_s=2 * HALF_S, inhale_s=HALF_S)
    caught_up(page)
    page.evaluate("{ const now = Date.now; Date.now = () => now() + 3600e3; }")
    page.wait_for_timeout(1000 * (1.0 + HALF_S + LATE_S + 0.2))
    assert (words(page), page.evaluate("window.felt")) == ([], [])
    look_until(page, lambda: next_breath_is_said(page, server))


def next_breath_is_said(page: Any, server: StandInServer) -> bool:
    server.breathe(server.now_s() + 0.5, period_s=2 * HALF_S, inhale_s=HALF_S)
    page.wait_for_timeout(1000)
    return words(page) == ["in"]


def test_without_a_voice_of_this_device_in_this_language_the_tone_is_heard(
    open_page: OpenPage, server: StandInServer
) -> None:
    breathing(server)
    page = opened(open_page, server, AWAY, OTHER)
    page.evaluate(CHOOSE, "voice")
    server.breathe(server.now_s() + 1.0, period_s=2 * HALF_S, inhale_s=HALF_S)
    look_until(page, lambda: page.evaluate("window.tones.length"), lambda n: n == 2)
    server.show(screen="rest", block=block("rest", 3))
    caught_up(page)
    assert words(page) == []


def test_a_pause_silences_voice_and_touch_at_once(
    open_page: OpenPage, server: StandInServer
) -> None:
    breathing(server)
    page = opened(open_page, server, HERE, cookies=("coreg.touch=yes",))
    page.evaluate(CHOOSE, "voice")
    page.evaluate("window.spoken.takes_ms = 60_000")
    look_until(page, lambda: next_breath_is_said(page, server))
    server.breathe(server.now_s() + 1.0, period_s=2 * HALF_S, inhale_s=HALF_S)
    caught_up(page)
    silenced = page.evaluate(
        """async () => {
          const {app} = await import("/static/main.js");
          const before = window.spoken.cancelled;
          app.pause();
          return [window.spoken.cancelled > before, window.felt.at(-1)];
        }"""
    )
    assert silenced == [True, 0]
    so_far = words(page)
    page.wait_for_timeout(1000 * (1.0 + HALF_S + LATE_S))
    assert words(page) == so_far


def test_a_whole_practice_is_told_to_closed_eyes_and_nothing_that_is_for_one_alone(
    open_page: OpenPage, server: StandInServer, complaints: list[str]
) -> None:
    server.state |= {"screen": "arrive", "block": block("arrive", 1)}
    page = opened(open_page, server, HERE)
    press(page, "Eyes closed")
    shown(page).get_by_text("You can close your eyes now.").wait_for()
    tells(page, "You can close your eyes now. You’ll hear what comes next.")
    lost = {"id": "lost-A", "words": "Nothing from Ada’s strap. Move closer."}
    private = block("question", 5, speaker="What hurts most?", words="Say it here.")
    turn = block("turn", 6, who="A", speaker="Tell it.", listener="Just enjoy it.")
    within = turn | {
        "name": "Within",
        "speaker": "What happened.",
        "listener": "Listen.",
    }
    for told, state in (
        (
            "Breathe along. Small, easy breaths.",
            {"screen": "breathe", "block": block("breathe", 2)},
        ),
        (lost["words"], {"notices": [lost]}),
        ("Both straps are back.", {"notices": []}),
        ("A lot going on. All right?", {"asks": True}),
        (
            "Paused. Take all the time you need.",
            {"screen": "pause", "paused": True, "asks": False},
        ),
        ("Carrying on.", {"screen": "breathe", "paused": False}),
        (
            "Rest now. There’s nothing to follow.",
            {"screen": "rest", "block": block("rest", 3)},
        ),
        (
            "Now there’s a page just for Bo.",
            {"screen": "question", "turn": "B", "block": private},
        ),
        (
            "Ada: Tell it. Bo: Just enjoy it.",
            {"screen": "turn", "turn": None, "block": turn},
        ),
        (  # another practice of the same hour asks first, and nothing has ended
            "Now there’s a page just for Ada.",
            {"screen": "gate", "turn": "A", "block": None},
        ),
        (
            "Ada: What happened. Bo: Listen.",
            {"screen": "turn", "turn": None, "block": within},
        ),
        (
            "That’s the end. Open your eyes whenever you like.",
            {"screen": "look-back", "turn": "A", "block": None},
        ),
    ):
        server.show(**state)
        tells(page, told)
    assert not any("hurts most" in each for each in words(page))
    assert complaints == []


def tells(page: Any, told: str) -> None:
    """Wait until this is the last thing that was said, and its tones were heard."""
    look_until(page, lambda: words(page)[-1:], lambda last: last == [told])
    assert page.evaluate("window.tones.length") > 0


def test_every_signal_sounds_and_feels_unlike_the_others(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    told = page.evaluate(
        """async () => {
          const {signal, touchesOf} = await import("/static/signals.js");
          const all = ["part", "end", "alone", "paused", "on", "asks", "lost", "back"];
          return all.map((event) => {
            const made = [];
            const rate = 8000;
            const audio = new OfflineAudioContext(1, rate, rate);
            const create = audio.createOscillator.bind(audio);
            audio.createOscillator = () => {
              const one = create();
              const start = one.start.bind(one);
              const curve = one.frequency.setValueCurveAtTime.bind(one.frequency);
              let hz = 0;
              one.frequency.setValueCurveAtTime = (hzs, ...at) => {
                hz = Math.round(hzs[0]);
                return curve(hzs, ...at);
              };
              one.start = (at_s) => { made.push([hz, at_s.toFixed(2)]); start(at_s); };
              return one;
            };
            signal(audio, audio.destination, event);
            return [JSON.stringify(made), JSON.stringify(touchesOf(event))];
          });
        }"""
    )
    for ways in zip(*told, strict=True):
        assert len(set(ways)) == len(told)


def test_of_two_pages_of_one_browser_one_speaks_and_a_light_never_does(
    open_page: OpenPage, server: StandInServer
) -> None:
    breathing(server)
    page = opened(open_page, server, HERE)
    page.evaluate(CHOOSE, "voice")
    look_until(page, lambda: next_breath_is_said(page, server))
    second = page.context.new_page()
    second.goto(server.url)
    second.get_by_role("heading", name="Breathing together").click()
    knowing(second, server)
    server.breathe(server.now_s() + 0.5, period_s=2 * HALF_S, inhale_s=HALF_S)
    look_until(page, lambda: len(words(page)) > 1)
    assert words(second) == []


def test_a_light_is_silent_and_offers_no_sound(
    open_page: OpenPage, server: StandInServer
) -> None:
    breathing(server)
    server.state |= {"seat": "light"}
    cookies = (
        "coreg.heard.light=voice",
        "coreg.heard.both=voice",
        "coreg.heard.=voice",
    )
    page = opened(open_page, server, HERE, cookies=cookies)
    server.breathe(server.now_s() + 0.5, period_s=2 * HALF_S, inhale_s=HALF_S)
    page.wait_for_timeout(1000 * (0.5 + LATE_S + 0.2))
    assert words(page) == []
    assert page.evaluate("window.tones.length") == 0
    assert shown(page).get_by_text("sound").count() == 0


def test_the_next_couple_at_a_therapists_laptop_finds_no_choice_of_the_last_one(
    open_page: OpenPage, server: StandInServer
) -> None:
    ones_own = {"coreg.heard.A": "voice", "coreg.eyes.A": "closed"}  # on a phone
    last_ones = {"coreg.heard.both": "voice", "coreg.eyes.both": "closed"}
    page = open_page(server.url)
    shown(page).locator("h1").wait_for()

    def kept() -> dict[str, str]:
        return {each["name"]: each["value"] for each in page.context.cookies()}

    def chosen() -> None:
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": server.url}
                for name, value in (ones_own | last_ones).items()
            ]
        )

    chosen()
    locked = {"type": "locked", "v": 1, "words": ""}
    server.tell(locked | {"clinic": None})
    heading(page, "Your passphrase, please")
    assert kept() == ones_own | last_ones  # at home the same two come back
    for told in (
        locked | {"clinic": "locked"},
        {"type": "clinic", "v": 1, "couples": [], "log": []},
        {"type": "ended", "v": 1},
    ):
        chosen()
        server.tell(told)
        look_until(page, kept, lambda now: now == ones_own)


CHOSEN_RATES = [(0.6, 1.2), (2.0, 1.2), (4.0, 0.85), (8.0, 0.7)]


def test_a_slower_breath_is_spoken_more_slowly_and_a_quick_one_not_at_all(
    open_page: OpenPage, server: StandInServer
) -> None:
    page = open_page(server.url)
    rates = page.evaluate(
        """async (halves) => {
          const {rateFor} = await import("/static/voice.js");
          return halves.map(rateFor);
        }""",
        [half_s for half_s, _ in CHOSEN_RATES],
    )
    assert rates == pytest.approx([rate for _, rate in CHOSEN_RATES], abs=0.003)
