"""The pace that a couple chose, and the question that is put to both."""

import asyncio
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from coreg.cli import main
from coreg.exercises.blocks import BlockKind
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan import parse_plan
from coreg.exercises.practice import BlockOver
from coreg.facts.both import Both
from coreg.facts.events import (
    BlockBegan,
    FloodingPassed,
    Opened,
    PaceTurned,
    Pacing,
    Partner,
    Paused,
    PossibleFlooding,
    Press,
    Pressed,
    Quirk,
    QuirkNoticed,
    SignalBack,
    Source,
)
from coreg.store import learned
from coreg.store.folder import data_folder
from coreg.store.library import find_session
from coreg.store.library_db import Library
from coreg.store.plans import plan_text
from coreg.store.reader import read_session
from coreg.web.evening.effects import Do, KeepPace, Refuse
from coreg.web.evening.happenings import Heard, SessionOver
from coreg.web.evening.state import STEADY_SIX, Notice, PaceChosen
from coreg.web.evening.step import step
from coreg.web.server.evening_store import EveningStore
from coreg.web.server.practice_catalogue import PracticeCatalogue
from coreg.web.server.view import state_of
from coreg.web.wire.incoming import (
    ChoosePace,
    Lively,
    Message,
    Pressing,
    parse,
)
from coreg.web.wire.named import PaceWay, Screen
from coreg.web.wire.outgoing import encode
from coreg.web.words import say
from tests.helpers.evening_server import one_page, simulated
from tests.helpers.short_plans import SHORT_EVENING, SHORT_FILE
from tests.test_set_pace import evening as cues_of
from tests.test_web_evening import BEGAN, BREATHING, FREE, HOME, SHELF

WILLING = replace(FREE, find_pace=True)
BOTH = replace(HOME, agreed=Both(WILLING, WILLING))
FIND = ChoosePace(way=PaceWay.FIND, per_min=6.0, in_out=InOut.LONGER_OUT)
WORDS = Path(__file__).parents[1] / "coreg" / "words" / "en" / "pages.json"
REST = BlockBegan(t_s=0.0, number=3, name="Just be", kind="rest", length_s=60.0)
SET = ChoosePace(way=PaceWay.SET, per_min=5.4, in_out=InOut.EVEN)


def told(evening: object) -> str:
    return encode(state_of(evening, server_s=0.0, catalogue=SHELF, straps=()))  # type: ignore[arg-type]


# --- choosing -------------------------------------------------------------------


@pytest.mark.parametrize("agreed", [(WILLING, FREE), (FREE, WILLING), (FREE, FREE)])
def test_finding_a_pace_takes_both(agreed: tuple[object, object]) -> None:
    evening = replace(HOME, agreed=agreed)  # type: ignore[arg-type]
    assert step(evening, FIND, server_s=0.0) == (evening, (Refuse(why="takes-both"),))
    # The other one learns nothing of who did not.
    assert told(evening) == told(replace(HOME, agreed=Both(FREE, FREE)))


def test_a_pace_that_both_agreed_to_find_is_found_and_kept() -> None:
    evening, effects = step(BOTH, FIND, server_s=0.0)
    assert evening.finds_pace
    assert effects == (KeepPace(pace=evening.pace),)
    assert not replace(evening, agreed=Both(WILLING, FREE)).finds_pace
    without = replace(evening.chosen, without_breathing=True)
    assert not replace(evening, chosen=without).finds_pace


def test_no_heart_moves_a_pace_where_it_would_mislead() -> None:
    ticked = replace(WILLING, heart_rhythm=True)
    evening = replace(BOTH, agreed=Both(ticked, WILLING))
    assert step(evening, FIND, server_s=0.0)[0] == evening
    assert json.loads(told(evening))["pace"]["may_find"] is False


def test_choosing_a_pace_is_choosing_the_breath() -> None:
    quiet = replace(HOME, chosen=replace(HOME.chosen, without_breathing=True))
    evening, _ = step(quiet, SET, server_s=0.0)
    assert not evening.chosen.without_breathing
    plan = parse_plan(PracticeCatalogue().text_for(evening))
    assert (plan.breaths_per_min, plan.in_out) == (5.4, InOut.EVEN)
    assert math.isnan(parse_plan(PracticeCatalogue().text_for(HOME)).breaths_per_min)


@pytest.mark.parametrize("name", ["our-pace", "our-pace-second-evening"])
def test_whoever_chose_to_go_without_breathing_is_never_paced(name: str) -> None:
    chosen = replace(HOME.chosen, practice=name, without_breathing=True)
    evening = replace(HOME, chosen=chosen)
    plan = parse_plan(PracticeCatalogue().text_for(evening))
    assert BlockKind.BREATHE not in {block.kind for block in plan.blocks}
    assert json.loads(told(evening))["practice"]["title"] == plan.title


def test_a_practice_that_keeps_paces_of_its_own_says_so_and_keeps_them() -> None:
    chosen = replace(HOME.chosen, practice="our-pace")
    evening = replace(HOME, chosen=chosen, pace=replace(STEADY_SIX, way=PaceWay.SET))
    assert json.loads(told(evening))["practice"]["own_pace"] is True
    assert json.loads(told(HOME))["practice"]["own_pace"] is False
    assert math.isnan(parse_plan(PracticeCatalogue().text_for(evening)).breaths_per_min)


def test_no_practice_is_called_what_a_way_of_breathing_is_called() -> None:
    ways = json.loads(WORDS.read_text())["home"]["pace"].values()
    titles = [one["title"] for one in json.loads(told(HOME))["choices"]]
    assert not {*ways} & {*titles}
    assert len(titles) == len({*titles})


@pytest.mark.parametrize("per_min", [4.4, 7.1, 1e308, True, "6", None])
def test_a_pace_beyond_the_guided_ones_is_refused(per_min: object) -> None:
    asked = {"type": "pace", "way": "set", "per_min": per_min, "in_out": "40:60"}
    with pytest.raises(ValueError, match="pace"):
        parse(json.dumps(asked))


# --- while breathing --------------------------------------------------------------


def test_too_slow_is_pressed_by_nobody_and_only_where_there_is_a_pace() -> None:
    pressed = Pressing(press=Press.TOO_SLOW)
    assert step(BREATHING, pressed, server_s=0.0)[1] == (Do(press=Press.TOO_SLOW),)
    rest = BlockBegan(t_s=60.0, number=3, name="rest", kind="rest", length_s=60.0)
    for cue in (rest, Paused(t_s=9.0)):
        unled, _ = step(BREATHING, Heard(cue=cue), server_s=0.0)
        assert step(unled, pressed, server_s=0.0)[1] == (Refuse(why="not-now"),)


def notices_through(
    presses: dict[float, Press], name: str = "our-pace"
) -> list[tuple[str, str]]:
    """What is noticed at each block of five paces, with its kind."""
    began = replace(BEGAN, blocks=parse_plan(plan_text(name)).blocks)
    evening, _ = step(HOME, began, server_s=0.0)
    noticed = []
    for cue in cues_of(name, 24 * 60, presses):
        if isinstance(cue, BlockOver):
            continue
        evening, _ = step(evening, Heard(cue=cue), server_s=0.0)
        if isinstance(cue, BlockBegan):
            notices = json.loads(told(evening))["notices"]
            noticed.append((cue.kind, " ".join(one["words"] for one in notices)))
    return noticed


def test_where_every_pace_left_is_too_slow_a_calm_word_ends_the_breathing() -> None:
    kept = notices_through({})
    assert len(kept) == 13
    assert {words for _, words in kept} == {""}
    # In the third pace, 5.5: all that would come are slower still. In the last one too.
    for at_min in (11, 18):
        asks, words = notices_through({at_min * 60.0: Press.TOO_SLOW})[-2:]
        assert asks == ("gate", say("slow-enough"))  # of the pace that was left
        assert words == ("words", say("slow-enough"))


def test_where_a_quicker_pace_still_comes_nobody_is_told_that_it_is_over() -> None:
    """The second evening begins with the slowest: the next ones are left to come."""
    after_slowest = notices_through(
        {6 * 60.0: Press.TOO_SLOW}, "our-pace-second-evening"
    )
    assert [kind for kind, _ in after_slowest[2:5]] == ["breathe", "gate", "breathe"]
    assert {words for _, words in after_slowest} == {""}


def test_a_pause_is_not_taken_for_a_pace_that_was_left() -> None:
    presses = {11 * 60.0: Press.PAUSE, 13 * 60.0: Press.RESUME}
    assert {words for _, words in notices_through(presses)} == {""}


def test_the_calm_word_is_gone_with_the_evening() -> None:
    noticed = BREATHING.noticed(Notice(id="slow-enough", key="slow-enough", detail=""))
    for over in (SessionOver(), Heard(cue=replace(REST, t_s=900.0))):
        after, _ = step(noticed, over, server_s=0.0)
        assert after.notices == ()


def test_pages_are_told_what_the_pace_does() -> None:
    turned = PaceTurned(t_s=1.0, pacing=Pacing.QUICKER)
    evening, _ = step(BREATHING, Heard(cue=turned), server_s=0.0)
    assert json.loads(told(evening))["pacing"] == "quicker"


def test_that_beats_cannot_be_read_is_said_until_they_can() -> None:
    noticed = QuirkNoticed(t_s=1.0, partner=Partner.B, quirk=Quirk.UNREADABLE)
    evening, _ = step(BREATHING, Heard(cue=noticed), server_s=0.0)
    (notice,) = json.loads(told(evening))["notices"]
    assert notice["words"].startswith("Right strap: Can’t read this strap right now.")
    back = Heard(cue=SignalBack(t_s=40.0, partner=Partner.B))
    assert json.loads(told(step(evening, back, server_s=0.0)[0]))["notices"] == []


def test_what_nobody_can_do_anything_about_is_not_told_in_a_practice() -> None:
    noticed = QuirkNoticed(t_s=1.0, partner=Partner.B, quirk=Quirk.CONTACT_UNKNOWN)
    evening, _ = step(BREATHING, Heard(cue=noticed), server_s=0.0)
    assert json.loads(told(evening))["notices"] == []


@pytest.mark.parametrize(
    "after",
    [Lively(), Heard(cue=FloodingPassed(t_s=9.0)), Heard(cue=Paused(t_s=9.0))],
    ids=["lively", "passed", "paused"],
)
def test_both_are_asked_until_it_is_answered_or_over(after: Message | Heard) -> None:
    asked, _ = step(BREATHING, Heard(cue=PossibleFlooding(t_s=1.0)), server_s=0.0)
    before, now = json.loads(told(BREATHING)), json.loads(told(asked))
    assert now == before | {"asks": True}  # that, and never whose
    assert asked.screen is Screen.BREATHE  # asked, never imposed
    answered, _ = step(asked, after, server_s=0.0)
    assert json.loads(told(answered))["asks"] is False


def test_a_page_presses_too_slow_and_the_file_does_not_hold_who(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with one_page(simulated(tmp_path, speed=60)) as one:
            await one.until(lambda m: m["type"] == "breath")
            await one.say("press", press="too slow")
            await one.until(lambda m: m.get("pacing") == "no slower")
            await one.say("press", press="finish")
            await one.screen("look-back")

    asyncio.run(go())
    facts = [e.fact for e in read_session(find_session(tmp_path, "last")).events]
    pressed = [fact for fact in facts if isinstance(fact, Pressed)]
    assert [press.press for press in pressed].count(Press.TOO_SLOW) == 1
    assert "partner" not in Pressed.__dataclass_fields__


# --- what evenings taught -----------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(data_folder(tmp_path))


def test_a_rest_is_known_after_three_evenings(library: Library) -> None:
    for bpm in (61.0, 90.0):
        learned.keep_rest(library, learned.OURS, (bpm, math.nan), session_id=f"{bpm}")
    assert all(map(math.isnan, learned.known_of(library, learned.OURS).rest_bpm))
    learned.keep_rest(library, learned.OURS, (63.0, 70.0), session_id="3")
    a, b = learned.known_of(library, learned.OURS).rest_bpm
    assert a == 63.0
    assert math.isnan(b)


@pytest.mark.parametrize("text", ["", "no JSON", "{}", "[1, null]", "[" * 4000])
def test_a_broken_figure_is_as_none(library: Library, text: str) -> None:
    library.keep_setting("rest of A, ours", text)
    assert all(map(math.isnan, learned.known_of(library, learned.OURS).rest_bpm))


def test_a_couple_forgets_with_the_one_who_is_erased(library: Library) -> None:
    learned.keep_pace(library, learned.OURS, '{"of": "both"}')
    for _ in range(3):
        learned.keep_rest(library, learned.OURS, (60.0, 70.0), session_id="1")
    learned.forget_partner(library, Partner.A)
    known = learned.known_of(library, learned.OURS)
    assert known.pace_belief == ""
    assert math.isnan(known.rest_bpm[0])
    assert known.rest_bpm[1] == 70.0


def test_couples_do_not_share_what_they_learned(library: Library) -> None:
    learned.keep_pace(library, learned.simulated(3), "three")
    assert learned.known_of(library, learned.simulated(4)) == learned.known_of(
        library, learned.OURS
    )


# --- without pages --------------------------------------------------------------------


def opened_last(folder: Path) -> Opened:
    return read_session(find_session(folder, "last")).opened


def practise(folder: Path, *words: str) -> int:
    """Practise without pages; what is over soon, where no practice is named."""
    fixed = ("--simulate", "--seed", "3", "--headless", "--speed", "100000")
    named = () if words and not words[0].startswith("--") else (str(SHORT_FILE),)
    return main(["practice", *named, *words, *fixed, "--data-dir", str(folder)])


def test_a_pace_that_was_looked_for_is_known_on_the_next_evening(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for evenings in (0, 1):
        assert practise(tmp_path, "--find-pace", "--minutes", "4") == 0
        assert main(["replay", "last", "--data-dir", str(tmp_path)]) == 0
        opened = opened_last(tmp_path)
        assert opened.practice.finds_pace
        belief = json.loads(opened.learned.pace_belief or '{"evenings": 0}')
        assert belief["evenings"] == evenings
    assert capsys.readouterr().out.count("identical") == 2


def test_a_set_pace_stands_in_the_session_s_own_plan(tmp_path: Path) -> None:
    words = ("--pace", "5.5", "--in-out", "50:50", "--minutes", "1")
    assert practise(tmp_path, *words) == 0
    plan = parse_plan(opened_last(tmp_path).practice.plan_toml)
    assert (plan.breaths_per_min, plan.in_out) == (5.5, InOut.EVEN)
    assert not opened_last(tmp_path).practice.finds_pace


@pytest.mark.parametrize(
    "words", [("--pace", "3"), ("--pace", "5", "--find-pace"), ("--in-out", "1:1")]
)
def test_a_pace_that_cannot_be_is_refused_before_anything_begins(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as stopped:
        practise(tmp_path, *words)
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    ("practice", "asked", "why"),
    [
        ("our-pace", ("--pace", "5"), "set the pace themselves"),
        ("resonance-second-evening", ("--find-pace",), "set the pace themselves"),
        ("relaxed-and-alert-without-breathing", ("--pace", "5"), "no paced breath"),
        ("relaxed-and-alert-without-breathing", ("--find-pace",), "no paced breath"),
        (
            "relaxed-and-alert-without-breathing",
            ("--in-out", "50:50"),
            "no paced breath",
        ),
        ("relaxed-and-alert-without-breathing", ("--taps",), "no paced breath"),
    ],
)
def test_a_pace_without_effect_is_refused_with_what_to_do(
    practice: str,
    asked: tuple[str, ...],
    why: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert practise(tmp_path, practice, *asked) == 1
    told = capsys.readouterr().err
    assert " ".join(asked) in told
    assert why in told
    assert f"Leave {asked[0]} out" in told
    assert not list(tmp_path.iterdir())  # and nothing has begun


def test_where_blocks_set_the_pace_breath_is_still_shared_and_tapped_in(
    tmp_path: Path,
) -> None:
    words = ("--in-out", "50:50", "--taps", "--minutes", "1")
    assert practise(tmp_path, "our-pace", *words) == 0
    opened = opened_last(tmp_path)
    assert opened.practice.taps
    assert parse_plan(opened.practice.plan_toml).in_out is InOut.EVEN


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ('pace = "fixed"', "no heart leads its pace"),
        ('pace = "blocks"', "no heart leads its pace"),
        ("breaths_per_min = 5.5", "it sets its pace itself"),
    ],
)
def test_where_no_heart_leads_no_pace_is_looked_for(
    head: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "own.toml"
    own = SHORT_EVENING.replace('"relaxed-and-alert"', '"own"')
    plan.write_text(f"{head}\n{own}", encoding="utf-8")
    kept = tmp_path / "kept"
    assert practise(kept, str(plan), "--find-pace") == 1
    told = capsys.readouterr().err
    assert why in told
    assert "Leave --find-pace out" in told
    assert not kept.exists()  # nothing has begun
    # Another pace is led to by time, so it may still be set.
    assert practise(kept, str(plan), "--pace", "5", "--minutes", "1") == 0
    assert parse_plan(opened_last(kept).practice.plan_toml).breaths_per_min == 5


def test_a_pace_that_was_chosen_is_there_again(tmp_path: Path) -> None:
    evening_store = EveningStore(data_folder(tmp_path))
    chosen = PaceChosen(way=PaceWay.SET, per_min=5.4, in_out=InOut.EVEN)
    evening_store.keep(KeepPace(pace=chosen))

    def pace() -> PaceChosen:
        return evening_store.evening(
            SHELF.names, source=Source.STRAPS, seed=1, speed=1.0
        ).pace

    assert pace() == chosen
    Library(data_folder(tmp_path)).keep_setting("breaths a minute", "a lot")
    assert pace() == STEADY_SIX
