"""Whole evenings through a real server, as pages live them."""

import asyncio
import itertools
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from coreg.facts.events import Notification, Partner, Pressed, Source
from coreg.session.replay import compare
from coreg.session.sources import simulated_hearts
from coreg.store.library_db import Library
from coreg.store.reader import State, read_session
from coreg.store.session_log import SessionLog
from coreg.web.server.drawing import PageAsked, drawn
from tests.helpers.evening_server import (
    LATE_S,
    Served,
    entered,
    one_page,
    page,
    served,
    simulated,
)
from tests.helpers.openings import changed
from tests.helpers.short_plans import SHORT_EVENING
from tests.helpers.two_people import (
    FAST,
    TwoStraps,
    agree,
    evening_of_two,
    first_use,
    look_back,
    ratings_of,
    said_before,
    sessions,
    unlock,
    words_of,
)

ROOT = Path(__file__).resolve().parents[1]


def test_a_whole_evening_of_two_people_from_first_use_to_look_back(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await first_use(one)
                hearts = await one.told_when("hearts", lambda m: len(m["straps"]) == 2)
                assert {s["partner"] for s in hearts["straps"]} == {"A", "B"}
                for strap in hearts["straps"]:
                    assert strap["arrives"]
                    assert "hr_bpm" not in strap
                await one.begin(said_before)
                for screen in ("arrive", "breathe", "rest", "words"):
                    await one.screen(screen)
                await one.say("press", press="next")
                look = await look_back(one)
                async with httpx.AsyncClient(headers=good, timeout=LATE_S) as client:
                    for whose in ("page", "A", "B"):
                        path = f"/evenings/{look['session_id']}/{whose}"
                        if whose != "page":
                            answer = await client.get(at.origin + path)
                            assert answer.status_code == 403
                            path += f"?ticket={await unlock(one, whose)}"
                        answer = await client.get(at.origin + path)
                        assert answer.status_code == 200
                        assert "Relaxed and alert" in answer.text
                await one.say("go", screen="home")
                await one.screen("home")
                heard = "".join(one.raw)
        assert "secret" not in heard  # what each wrote goes nowhere, not even back

    asyncio.run(go())
    (path,) = sessions(tmp_path)
    session = read_session(path)
    assert session.state is State.WHOLE
    assert session.opened.practice.steps_wait
    facts = [event.fact for event in session.events]
    compared = compare(facts, is_whole=True)
    assert compared.difference == ""
    assert compared.features > 500
    library = Library(tmp_path)
    assert library.aside() == {session.opened.identity.session_id}
    for partner in Partner:
        assert words_of(tmp_path, partner) == [
            f"secret {partner} before",
            f"secret {partner} after",
        ]
        assert [r.at_ease for r in ratings_of(tmp_path, partner)] == [7, 7]
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"secret" not in kept


def soon_over(data: Path) -> AbstractAsyncContextManager[Served]:
    """Serve a practice of the simulated couple that takes no time."""
    return simulated(data, speed=FAST, plan_toml=SHORT_EVENING)


async def pause_by(data: Path, which: int) -> list[list[str]]:
    """Let one of two pages pause and finish; return what each was told, as shapes."""
    # So slow that no strap of these two is lost meanwhile, which both would be told.
    async with simulated(data, speed=5) as at:
        good = await entered(at)
        async with page(at, good) as first, page(at, good) as second:
            both = (first, second)
            for each in both:
                await each.screen("arrive")
            await both[which].say("press", press="pause")
            for each in both:
                await each.screen("pause")
            await both[which].say("pause-way", way="near")
            for each in both:
                await each.state_when(lambda m: bool((m["pause"] or {}).get("way")))
            await both[which].say("press", press="finish")
            for each in both:
                await each.screen("look-back")
    return [[shape(text) for text in each.raw] for each in both]


def test_neither_page_is_told_who_pressed(tmp_path: Path) -> None:
    """Both hear the same, and the same as where the other one had pressed."""
    told = [
        texts
        for which in (0, 1)
        for texts in asyncio.run(pause_by(tmp_path / str(which), which))
    ]
    assert len(paused(told[0])) == 2  # paused, and its way on
    assert all(paused(texts) == paused(told[0]) for texts in told)
    every = "".join(text for texts in told for text in texts)
    for word in ("who", "pressed", "asked_by", "presser", "client", "page_id"):
        assert f'"{word}"' not in every


def test_the_file_does_not_hold_who_pressed(tmp_path: Path) -> None:
    kept = []
    for which in (0, 1):
        data = tmp_path / str(which)
        asyncio.run(pause_by(data, which))
        (path,) = sessions(data)
        facts = [event.fact for event in read_session(path).events]
        pressed = [fact for fact in facts if isinstance(fact, Pressed)]
        kept.append([replace(fact, t_ns=0) for fact in pressed])
        assert [each.name for each in fields(Pressed)] == ["t_ns", "press"]
    assert kept[0] == kept[1]
    assert [fact.press for fact in kept[0]] == ["next", "pause", "finish"]


def test_whoever_comes_to_see_the_practice_sees_it_first(tmp_path: Path) -> None:
    async def go() -> list[str]:
        async with one_page(simulated(tmp_path, speed=20)) as one:
            await one.screen("arrive")
            return [each["screen"] for each in one.heard if each["type"] == "state"]

    assert asyncio.run(go()) == ["arrive"]


def sentences(html: str) -> list[str]:
    """What a page says to eyes and to screen readers, sentence by sentence."""
    body = re.sub(r"(?s)<(style|metadata).*?</\1>", "", html)
    said = re.findall(r'(?:aria-label|title)="([^"]*)"', body)
    said += re.split(r"<[^>]*>", body)
    return [each for words in said for each in re.split(r"[.;:] ", words)]


def test_an_own_page_alone_tells_of_a_pause_and_not_whose_it_was(
    tmp_path: Path,
) -> None:
    somebody = re.compile(r"\b(A|B|Left|Right|who|whose|pressed|asked)\b")
    for which in (0, 1):
        data = tmp_path / str(which)
        asyncio.run(pause_by(data, which))
        (path,) = sessions(data)

        def said_to(whose: Partner | None, path: Path = path) -> list[str]:
            asked = PageAsked(path=path, whose=whose, ratings=(), called=("A", "B"))
            return sentences(drawn(asked).html)

        assert not any("pause" in each.lower() for each in said_to(None))
        told = [
            [each for each in said_to(partner) if "pause" in each.lower()]
            for partner in Partner
        ]
        assert told[0] == told[1]  # whoever asked for it
        assert told[0]  # the pause is on the page: there is something to look at
        assert any(somebody.search(each) for each in said_to(Partner.A))
        assert not any(somebody.search(each) for each in told[0]), told[0]


def shape(text: str) -> str:
    """A message without its times and the session's name: what is left says who."""
    message = json.loads(text)
    for field in ("server_s", "block", "look", "breath", "next_breath"):
        message.pop(field, None)
    return json.dumps(message)


def paused(texts: list[str]) -> list[str]:
    """What was said of the pause, each thing once, in order."""
    of_pause = [text for text in texts if '"screen": "pause"' in text]
    return list(dict.fromkeys(of_pause))


@pytest.mark.parametrize("who", [0, 1])
def test_either_page_pauses_both_and_going_on_takes_two(
    tmp_path: Path, who: int
) -> None:
    async def go() -> None:
        async with simulated(tmp_path, speed=50) as at:
            good = await entered(at)
            async with page(at, good) as first, page(at, good) as second:
                both = (first, second)
                for each in both:
                    await each.screen("breathe")
                await both[who].say("press", press="pause")
                for each in both:
                    state = await each.screen("pause")
                    assert state["paused"]
                    assert state["next_breath"] is None
                    assert any(m["type"] == "pacer-stopped" for m in each.heard)
                await both[who].say("hold", partner="A", on=True)
                await both[1 - who].say("hold", partner="B", on=True)
                for each in both:
                    assert not (await each.screen("breathe"))["paused"]
                    await each.until(lambda m: m["type"] == "breath")

    asyncio.run(go())


def test_no_heart_is_shown_while_anybody_practises(tmp_path: Path) -> None:
    async def go() -> list[dict[str, Any]]:
        async with one_page(soon_over(tmp_path)) as one:
            await one.screen("words")
            await one.say("press", press="next")
            await one.screen("look-back")
            return one.heard

    heard = asyncio.run(go())
    practising = ("question", "arrive", "breathe", "rest", "words", "pause")
    began = next(i for i, m in enumerate(heard) if m.get("screen") in practising)
    for message in heard[began:]:
        assert message["type"] in {"state", "breath", "pacer-stopped", "warmth"}
        if message["type"] == "state":
            assert message["straps"] == []
    warmths = [m["value"] for m in heard if m["type"] == "warmth"]
    assert len(warmths) > 10
    assert all(value is None or 0 <= value <= 1 for value in warmths)


def test_breaths_follow_one_another_on_the_server_s_clock(tmp_path: Path) -> None:
    async def go() -> list[dict[str, Any]]:
        async with one_page(simulated(tmp_path, speed=100)) as one:
            await one.screen("rest")
            return one.heard

    breaths = [m for m in asyncio.run(go()) if m["type"] == "breath"]
    assert len(breaths) > 40
    for one, following in itertools.pairwise(breaths):
        assert following["t_s"] == pytest.approx(one["t_s"] + one["period_s"], abs=1e-6)
    assert 100 * breaths[-1]["period_s"] == pytest.approx(10.0)  # six a minute


def test_a_reload_finds_the_evening_where_it_is(tmp_path: Path) -> None:
    async def go() -> None:
        async with simulated(tmp_path, speed=50) as at:
            good = await entered(at)
            async with page(at, good) as one:
                before = await one.state_when(lambda state: bool(state["breath"]))
            async with page(at, good) as again:
                after = await again.hear()
        assert (after["type"], after["screen"]) == ("state", "breathe")
        assert after["block"] == before["block"]
        assert after["breath"]["t_s"] >= before["breath"]["t_s"]

    asyncio.run(go())


def test_a_new_page_goes_on_when_coreg_is_started_again(tmp_path: Path) -> None:
    async def go() -> None:
        for _ in range(2):
            async with one_page(soon_over(tmp_path)) as one:
                await one.screen("breathe")

    asyncio.run(go())
    states = [read_session(path).state for path in sessions(tmp_path)]
    assert states == [State.WHOLE, State.WHOLE]


def test_an_evening_that_stopped_in_the_middle_is_told_at_home(tmp_path: Path) -> None:
    async def go() -> dict[str, Any] | None:
        at_home = TwoStraps(FAST)
        async with one_page(served(tmp_path, at_home=at_home)) as one:
            if (await one.hear())["screen"] == "welcome":
                await first_use(one)
                await one.say("go", screen="home")
            told: dict[str, Any] | None = (await one.screen("home"))["unfinished"]
            return told

    async def interrupted() -> None:
        async with one_page(soon_over(tmp_path)) as one:
            await one.screen("breathe")
            await one.say("press", press="finish")
            await one.screen("look-back")

    asyncio.run(interrupted())
    assert asyncio.run(go()) is None
    path = sessions(tmp_path)[-1]
    opened = read_session(path).opened
    later = path.with_name("20990101-000000-0000.coreg")
    opened = changed(opened, session_id=later.stem)
    SessionLog.create(later, opened).close()
    unfinished = asyncio.run(go())
    assert unfinished is not None
    assert "made-up couple stopped" in unfinished["title"]
    assert unfinished["page"] == f"/evenings/{later.stem}/page"


def test_without_consent_to_record_no_heart_is_kept_and_each_ones_words_are(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with one_page(evening_of_two(tmp_path)) as one:
            await one.screen("welcome")
            await one.say("names", A="Ada", B="Bo")
            for partner, record in (("A", True), ("B", False)):
                await one.turn(partner)
                await agree(one, partner, record=record)
            await one.screen("home")
            await one.say("assign", strap_id="simulated-A", partner="A")
            await one.say("assign", strap_id="simulated-B", partner="B")
            await one.begin(said_before)
            state = await one.screen("arrive")
            assert state["recording"]["words"] == ""  # nobody learns of the other's no
            await one.screen("words")
            await one.say("press", press="next")
            look = await look_back(one)
            assert look is None

    asyncio.run(go())
    assert sessions(tmp_path) == []
    # What each wrote is that one's own, and kept whatever the other agreed to.
    for partner in Partner:
        assert len(words_of(tmp_path, partner)) == 2
        assert len(ratings_of(tmp_path, partner)) == 2


def test_erasing_a_partner_takes_the_answers_and_that_ones_heart(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with one_page(evening_of_two(tmp_path)) as one:
            await first_use(one)
            await one.begin(said_before)
            await one.screen("words")
            await one.say("press", press="finish")
            await one.screen("look-back")
            await one.say("go", screen="home")
            await one.screen("home")
            await one.say("go", screen="settings")
            await one.screen("settings")
            erase = {"what": "partner", "partner": "A", "confirm": "erase"}
            await unlock(one, "A")
            await one.say("erase", **erase)
            state = await one.screen("welcome")
            assert state["couple"]["A"]["name"] == "Left"  # the place, not the name
            assert state["couple"]["B"]["name"] == "Bo"

    asyncio.run(go())
    (session,) = sessions(tmp_path)
    left = read_session(session)
    assert left.erased is Partner.A
    packets = [e.fact for e in left.events if isinstance(e.fact, Notification)]
    assert {packet.partner for packet in packets} == {Partner.B}
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"secret" not in kept
    assert b"Ada" not in kept
    assert words_of(tmp_path, Partner.B) == ["secret B before"]
    assert not Library(tmp_path).own.has_passcode(Partner.A)


def test_a_heart_rhythm_problem_leaves_the_pace_to_time_alone(tmp_path: Path) -> None:
    async def go(data: Path) -> dict[str, Any]:
        async with one_page(evening_of_two(data)) as one:
            await one.screen("welcome")
            await one.say("names", A="Ada", B="Bo")
            for partner, ticked in (("A", False), ("B", True)):
                await one.turn(partner)
                await agree(one, partner, heart_rhythm=ticked)
            await one.screen("home")
            await one.say("assign", strap_id="simulated-A", partner="A")
            await one.say("assign", strap_id="simulated-B", partner="B")
            await one.begin()
            await one.screen("words")
            await one.say("press", press="finish")
            state = await one.screen("look-back")
            warmth = [m["value"] for m in one.heard if m["type"] == "warmth"]
            assert set(warmth) <= {None}
            assert "rhythm" not in "".join(one.raw)
            return state

    asyncio.run(go(tmp_path))
    (path,) = sessions(tmp_path)
    session = read_session(path)
    assert 'pace = "fixed"' in session.opened.practice.plan_toml
    assert "rhythm" not in session.opened.identity.consent
    facts = [event.fact for event in session.events]
    assert compare(facts, is_whole=True).difference == ""


def test_what_was_asked_of_one_session_is_not_open_in_another(tmp_path: Path) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await first_use(one)
                for whose in ("ours", "nothing"):
                    await one.begin()
                    await one.screen("words")
                    await one.say("press", press="next")
                    await one.screen("look-back")
                    for partner in "BA":
                        await unlock(one, partner)
                        await one.say("look", partner=partner, whose=whose)
                        await one.turn("A" if partner == "B" else None)
                    await one.say("go", screen="home")
                    await one.screen("home")
                await check(at, good)

    async def check(at: Served, good: Mapping[str, str]) -> None:
        async with httpx.AsyncClient(headers=good, timeout=LATE_S) as client:
            listed = (await client.get(at.origin + "/evenings")).json()
            opened = sorted(each["page"] is not None for each in listed)
            assert opened == [False, True]
            for each in listed:
                url = f"{at.origin}/evenings/{each['id']}/page"
                answer = await client.get(url)
                assert answer.status_code == (200 if each["page"] else 403)

    asyncio.run(go())


def test_recordings_open_the_pages_too_and_are_no_simulated_couple(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        hearts = replace(
            simulated_hearts(seed=1, speed=FAST),
            kind=Source.RECORDINGS,
        )
        async with one_page(served(tmp_path, straight_to=hearts, speed=FAST)) as one:
            state = await one.screen("breathe")
            assert (state["simulated"], state["source"]) == (False, "recordings")
            await one.say("press", press="finish")
            await one.screen("look-back")
            await one.say("go", screen="home")
            state = await one.screen("welcome")
            assert state["source"] == "straps"

    asyncio.run(go())


# --- as a program -------------------------------------------------------------


def program(data: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "coreg", *arguments, "--no-browser", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COREG_DATA_DIR": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_ctrl_c_ends_a_practice_in_order(tmp_path: Path) -> None:
    async def practise_with(url: str) -> None:
        at = Served(hall=None, launch_url=url, stop=asyncio.Event())  # type: ignore[arg-type]
        async with page(at, await entered(at)) as one:
            await one.screen("breathe")

    with program(tmp_path, "--simulate", "--speed", "400") as running:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        asyncio.run(practise_with(url))
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in errors
    (path,) = sessions(tmp_path)
    assert read_session(path).state is State.WHOLE
    assert not list((tmp_path / "sessions").rglob("*-lock"))


def test_two_programs_do_not_share_a_data_folder(tmp_path: Path) -> None:
    """The second one leads to the first one's pages, and is done."""
    with program(tmp_path) as running:
        assert running.stdout is not None
        first = urlsplit(running.stdout.readline().strip())
        with program(tmp_path) as second:
            led, _ = second.communicate(timeout=60)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert second.returncode == 0
    assert urlsplit(led.strip()).netloc == first.netloc
    assert running.returncode == 130


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--simulate", "sessions"), "takes no --simulate"),
        (("--seed", "3", "practice", "--simulate"), "--seed belongs after practice"),
        (("--port", "99999"), "no port"),
        (("--wifi",), "there is no --wifi"),
    ],
)
def test_an_option_is_never_lost_in_silence(
    tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "coreg", *arguments],
        cwd=ROOT,
        env={**os.environ, "COREG_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 2
    assert why in ran.stderr


def test_their_own_pages_name_both_and_the_session_s_file_does_not(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with evening_of_two(tmp_path) as at:
            good = await entered(at)
            async with page(at, good) as one:
                await first_use(one)
                await one.begin()
                await one.screen("words")
                await one.say("press", press="next")
                await one.screen("look-back")
                for partner in "BA":
                    await unlock(one, partner)
                    await one.say("look", partner=partner, whose="ours")
                    await one.turn("A" if partner == "B" else None)
                assert await names_on(at, good, one.state["look"]["page"]) == AB
                path = f"/evenings/{one.state['look']['session_id']}/A"
                own = f"{path}?ticket={await unlock(one, 'A')}"
                assert await names_on(at, good, own) == {"Ada"}

    asyncio.run(go())
    (path,) = tmp_path.rglob("*.coreg")
    assert b"Ada" not in path.read_bytes()


AB = {"Ada", "Bo"}


async def names_on(at: Served, good: Mapping[str, str], path: str) -> set[str]:
    """Which of both names a page says."""
    async with httpx.AsyncClient(headers=good, timeout=LATE_S) as client:
        text = (await client.get(at.origin + path)).text
    return {name for name in AB if f">{name}<" in text or f"{name}:" in text}
