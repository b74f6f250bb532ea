"""Scripted couples: what was asked for is what the hearts then do.

Truth is what the script says; it is looked for with plain arithmetic on true beats.
"""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from coreg.cli import main
from coreg.errors import BadCoupleError
from coreg.facts.events import NS_PER_S, Breath, Partner
from coreg.sensors.simulation.couple import (
    SimulatedCouple,
    SimulatedPerson,
    draw_traits,
)
from coreg.sensors.simulation.couple_file import parse_couple
from coreg.sensors.simulation.events import EventKind, usual_event
from coreg.sensors.simulation.truth import (
    COLUMNS,
    best_per_min,
    truth_facts,
    truth_rows,
)
from coreg.session.couple_shelf import couple_names, couple_text
from coreg.session.sources import simulated_couple

A, B = Partner.A, Partner.B
Floats = NDArray[np.float64]
HEAD = 'format = 1\nname = "two"\npurpose = "To be tested."\n'
QUIET = "slow_sd_ms = 30\nadherence = 1\nlowest_comfortable_per_min = 3\n"


def couple(toml: str, seed: int = 1) -> SimulatedCouple:
    return simulated_couple(seed=seed, described=parse_couple(HEAD + toml))


def lived(
    toml: str, minutes: float, *, seed: int = 1, rate_per_min: float | None = None
) -> SimulatedCouple:
    """Return a couple after so many minutes, breathing freely or at a rate."""
    two = couple(toml, seed)
    if rate_per_min is not None:
        period_s = 60 / rate_per_min
        for number in range(int(60 * minutes / period_s)):
            two.hear(
                Breath(
                    t_s=number * period_s, period_s=period_s, inhale_s=0.4 * period_s
                )
            )
    two.advance(round(60 * minutes * NS_PER_S))
    return two


def hr_bpm(person: SimulatedPerson, grid_s: Floats) -> Floats:
    beats_s = np.array(person.beat_times_s)
    return np.interp(grid_s, beats_s[1:], 60 / np.diff(beats_s))


def mean_hr_bpm(person: SimulatedPerson, from_s: float, to_s: float) -> float:
    beats_s = np.array(person.beat_times_s)
    within = beats_s[(beats_s >= from_s) & (beats_s < to_s)]
    return float(60 * (within.size - 1) / np.ptp(within))


# --- coupling -----------------------------------------------------------------


def correlations(two: SimulatedCouple, minutes: float) -> dict[int, float]:
    """Return the plain correlation of slow heart rates; lag > 0: B after A."""
    grid_s = np.arange(20.0, 60 * minutes - 20, 1.0)
    smooth = np.ones(5) / 5  # own breaths of 10/min and more average out
    a, b = (
        np.convolve(hr_bpm(person, grid_s), smooth, "valid")
        for person in two.people.values()
    )
    return {
        lag: float(
            np.corrcoef(
                a[max(0, -lag) : a.size - max(0, lag)],
                b[max(0, lag) : b.size - max(0, -lag)],
            )[0, 1]
        )
        for lag in range(-12, 13)
    }


def pooled(coupling: str, minutes: float = 20) -> dict[int, float]:
    """Return the mean correlation of six couples at each lag."""
    each = [
        correlations(
            lived(f"[coupling]\n{coupling}\n[A]\n{QUIET}[B]\n{QUIET}", minutes, seed=s),
            minutes,
        )
        for s in range(6)
    ]
    return {lag: float(np.mean([one[lag] for one in each])) for lag in each[0]}


@pytest.mark.parametrize(("leader", "lag_s"), [("A", 3), ("A", 7), ("B", 5)])
def test_a_follower_is_found_at_the_lag_that_was_asked_for(
    leader: str, lag_s: int
) -> None:
    found = pooled(
        f'kind = "leader-follower"\nleader = "{leader}"\nstrength = 0.9\n'
        f"lag_s = {lag_s}"
    )
    best = max(found, key=found.__getitem__)
    assert best == pytest.approx(lag_s if leader == "A" else -lag_s, abs=1)
    assert found[best] > 0.5


def test_in_anti_phase_one_heart_does_the_opposite_of_the_other() -> None:
    found = pooled('kind = "anti-phase"\nstrength = 0.9')
    lowest = min(found, key=found.__getitem__)
    assert lowest == pytest.approx(0, abs=1)
    assert found[lowest] < -0.5


def test_where_each_follows_the_other_no_direction_is_favoured() -> None:
    found = pooled('kind = "both"\nstrength = 0.6\nlag_s = 2')
    assert found[2] == pytest.approx(found[-2], abs=0.1)
    assert min(found[2], found[-2]) > 0.4


def test_uncoupled_hearts_that_breathe_freely_are_unrelated_at_every_lag() -> None:
    assert max(abs(r) for r in pooled('kind = "none"\nstrength = 0').values()) < 0.2


def test_coupling_leaves_the_leader_as_it_was() -> None:
    alone = lived("", 3).people[A].beat_times_s
    leading = lived('[coupling]\nkind = "leader-follower"\nstrength = 0.9', 3)
    assert leading.people[A].beat_times_s == alone
    assert leading.people[B].beat_times_s != lived("", 3).people[B].beat_times_s


def test_a_coupling_of_no_strength_changes_no_beat() -> None:
    none = lived('[coupling]\nkind = "both"\nstrength = 0\nlag_s = 4', 3)
    for partner in Partner:
        alone = lived("", 3).people[partner].beat_times_s
        assert none.people[partner].beat_times_s == alone


# --- what happens -------------------------------------------------------------


def happening(kind: str, more: str = "") -> str:
    return f'[[event]]\nkind = "{kind}"\npartner = "A"\nat_min = 5\n{more}\n'


def difference_bpm(event: str, from_s: float, to_s: float, seed: int = 1) -> float:
    """Return what an event changes: the same evening with it and without."""
    minutes = to_s / 60 + 0.5
    moved, calm = (
        lived(toml, minutes, seed=seed, rate_per_min=6) for toml in (event, "")
    )
    return mean_hr_bpm(moved.people[A], from_s, to_s) - mean_hr_bpm(
        calm.people[A], from_s, to_s
    )


@pytest.mark.parametrize("rise_bpm", [8, 15, 25])
def test_an_upset_raises_the_heart_by_what_was_asked(rise_bpm: int) -> None:
    event = happening("upset", f"change_bpm = {rise_bpm}")
    assert difference_bpm(event, 325, 435) == pytest.approx(rise_bpm, abs=1.5)
    assert difference_bpm(event, 60, 299) == 0


def test_a_slow_escalation_takes_minutes_and_is_halfway_in_the_middle() -> None:
    event = happening("escalation", "change_bpm = 20\nrise_s = 400")
    assert difference_bpm(event, 480, 520) == pytest.approx(10, abs=2)
    assert difference_bpm(event, 705, 800) == pytest.approx(20, abs=2)


@pytest.mark.parametrize("kind", ["drowsiness", "settling"])
def test_drowsiness_and_settling_slow_the_heart(kind: str) -> None:
    event = happening(kind, "change_bpm = -6\nhold_min = 4")
    assert difference_bpm(event, 370, 590) == pytest.approx(-6, abs=1.2)


def test_what_happens_to_one_leaves_the_other_alone() -> None:
    moved, calm = lived(happening("upset"), 8), lived("", 8)
    assert moved.people[B].beat_times_s == calm.people[B].beat_times_s


def test_an_event_for_both_moves_both() -> None:
    both = happening("upset").replace('"A"', '"both"')
    for partner in Partner:
        moved, calm = (lived(toml, 7).people[partner] for toml in (both, ""))
        rise_bpm = mean_hr_bpm(moved, 325, 410) - mean_hr_bpm(calm, 325, 410)
        assert rise_bpm == pytest.approx(15, abs=2)


def followed_share(event: str, from_s: float, to_s: float) -> float:
    two = lived(event + f"[A]\n{QUIET}", to_s / 60 + 0.5, rate_per_min=6)
    within = two.people[A].followed[int(from_s / 10) : int(to_s / 10)]
    return float(np.mean(within))


def test_who_talks_follows_no_breath_and_does_so_again_afterwards() -> None:
    talk = happening("talk", "hold_min = 2")
    assert followed_share(talk, 310, 420) == 0
    assert followed_share(talk, 500, 700) > 0.9


def test_who_is_drowsy_misses_about_half_of_the_breaths() -> None:
    drowsy = happening("drowsiness", "hold_min = 30")
    assert followed_share(drowsy, 380, 2100) == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize("adherence", [0.3, 0.7, 1.0])
def test_the_share_of_breaths_followed_is_the_adherence_asked_for(
    adherence: float,
) -> None:
    two = lived(
        f"[B]\nadherence = {adherence}\nlowest_comfortable_per_min = 3\n",
        40,
        rate_per_min=6,
    )
    used_to_it = two.people[B].followed[12:]
    assert np.mean(used_to_it) == pytest.approx(adherence, abs=0.07)


def test_an_upset_halves_the_swing_and_settling_widens_it_by_a_third() -> None:
    for kind, factor in (("upset", 0.5), ("settling", 1.35)):
        two = [
            lived(toml + f"[A]\n{QUIET}", 7.5, rate_per_min=6)
            for toml in (happening(kind), "")
        ]
        moved_ms, calm_ms = (
            np.mean([m.rsa_ms for m in each.people[A].moments[380:420]]) for each in two
        )
        assert moved_ms / calm_ms == pytest.approx(factor, abs=0.03)


# --- curves -------------------------------------------------------------------


@pytest.mark.parametrize("resonance", [4.8, 5.5, 6.3])
def test_the_heart_swings_widest_at_the_resonance_asked_for(resonance: float) -> None:
    toml = (
        f"[A]\nresonance_per_min = {resonance}\nwidth_per_min = 0.5\n"
        f"floor_share = 0.2\npeak_rsa_ms = 120\n{QUIET.replace('30', '0')}"
    )
    rates = (4.5, 4.8, 5.2, 5.5, 5.9, 6.3, 6.8)
    swings_ms = []
    for rate in rates:
        person = lived(toml, 6, rate_per_min=rate).people[A]
        grid_s = np.arange(120.0, 120 + 60 / rate * int(4 * rate), 0.25)
        beats_s = np.array(person.beat_times_s)
        rr_ms = np.interp(grid_s, beats_s[1:], 1000 * np.diff(beats_s))
        turn = np.exp(-2j * np.pi * rate / 60 * grid_s)
        swings_ms.append(4 * abs(np.mean((rr_ms - rr_ms.mean()) * turn)))
    assert rates[int(np.argmax(swings_ms))] == resonance


def test_the_best_rate_for_two_is_between_their_own() -> None:
    two = couple(
        "[A]\nresonance_per_min = 5\nlowest_comfortable_per_min = 3\n"
        "[B]\nresonance_per_min = 6.4\nlowest_comfortable_per_min = 3\n"
    )
    alone = [best_per_min([person.traits]) for person in two.people.values()]
    together = best_per_min(person.traits for person in two.people.values())
    assert alone[0] == pytest.approx(5, abs=0.3)
    assert alone[1] == pytest.approx(6.4, abs=0.4)
    assert alone[0] < together < alone[1]


# --- the file -----------------------------------------------------------------


def test_what_a_file_leaves_out_is_drawn_from_the_seed() -> None:
    two = couple("[A]\nhr_bpm = 70\n", seed=9)
    drawn = draw_traits(9)
    assert two.people[B].traits == drawn[B]
    body = replace(drawn[A].body, mean_rr_ms=60_000 / 70)
    assert two.people[A].traits == replace(drawn[A], body=body)


ALL_TRAITS = {
    "hr_bpm": 66.0,
    "resonance_per_min": 5.1,
    "peak_rsa_ms": 77.0,
    "width_per_min": 0.9,
    "floor_share": 0.45,
    "own_rate_per_min": 11.0,
    "adherence": 0.5,
    "lowest_comfortable_per_min": 4.4,
    "slow_sd_ms": 21.0,
    "latency_s": 1.3,
    "artefact_share": 0.01,
    "dropouts_per_min": 0.4,
}


@pytest.mark.parametrize("name", ALL_TRAITS)
def test_every_trait_of_a_file_changes_that_one_thing(name: str) -> None:
    value = ALL_TRAITS[name]
    before, after = (
        couple(f"[A]\nfloor_share = 0.6\n{toml}").people[A].traits
        for toml in ("", "" if name == "floor_share" else f"{name} = {value}\n")
    )
    if name == "floor_share":
        after = couple(f"[A]\n{name} = {value}\n").people[A].traits
    changed = [
        (new, old)
        for new, old in zip(_leaves(after), _leaves(before), strict=True)
        if new != old
    ]
    assert len(changed) == 1
    assert changed[0][0] == (60_000 / value if name == "hr_bpm" else value)


def _leaves(thing: object) -> list[object]:
    names = getattr(thing, "__dataclass_fields__", None)
    if names is None:
        return [thing]
    return [leaf for name in names for leaf in _leaves(getattr(thing, name))]


@pytest.mark.parametrize("name", couple_names())
def test_every_couple_that_ships_is_valid_and_named_as_its_file(name: str) -> None:
    assert parse_couple(couple_text(name)).name == name


@pytest.mark.parametrize(
    ("toml", "place", "right"),
    [
        ("[A]\nadherence = 1.2", "[A], adherence is 1.2", "a share from 0 to 1"),
        ("[B]\nhr_bpm = nan", "[B], hr_bpm is nan", "beats a minute from 40 to 120"),
        ("[A]\nresonance = 5", "[A], resonance is 5", "only these here: hr_bpm"),
        ('[coupling]\nkind = "love"', "[coupling], kind is 'love'", "leader-follower"),
        ('[coupling]\nkind = "both"', "[coupling], strength is nothing", "a share"),
        (
            '[coupling]\nkind = "both"\nstrength = 1\nlag_s = 99',
            "lag_s is 99",
            "seconds from 0 to 15",
        ),
        (happening("hiccup"), "event 1, kind is 'hiccup'", "upset, escalation, talk"),
        (happening("upset", "change_bpm = -5"), "event 1, change_bpm", "from 0 to 60"),
        (happening("drowsiness", "change_bpm = 5"), "change_bpm is 5", "from -60 to 0"),
        (happening("talk") + happening("talk", "x = 1"), "event 2, x", "only these"),
        (happening("talk").replace('"A"', '"C"'), "partner is 'C'", "A, B, both"),
        ("event = 3", "the couple, event is 3", "a list"),
        ("event = [3]", "event 1: 3", "as a table"),
        ("A = 3", "[A]: 3", "as a table"),
        ("[A", "The couple is not valid TOML", "docs/simulated-couples.md"),
    ],
)
def test_a_fault_is_named_by_its_place_and_by_what_would_be_right(
    toml: str, place: str, right: str
) -> None:
    with pytest.raises(BadCoupleError) as caught:
        parse_couple(HEAD + toml)
    assert place in caught.value.wrong
    assert right in caught.value.do


@given(st.text(max_size=200))
def test_any_text_is_a_couple_or_a_named_fault(text: str) -> None:
    with pytest.raises(BadCoupleError):
        parse_couple(text)


VALUES = st.one_of(
    st.integers(-5, 5).map(str),
    st.floats(-10, 200).map(str),
    st.sampled_from(['"A"', '"both"', '"upset"', "true", "[]", "inf", "nan"]),
)
KEYS = st.sampled_from(
    ["kind", "partner", "at_min", "change_bpm", "strength", "lag_s", "adherence"]
)


@given(
    st.sampled_from(["[A]", "[B]", "[coupling]", "[[event]]"]),
    st.dictionaries(KEYS, VALUES),
)
def test_any_table_is_taken_or_refused_in_words(
    place: str, table: dict[str, str]
) -> None:
    lines = "\n".join(f"{key} = {value}" for key, value in table.items())
    try:
        described = parse_couple(f"{HEAD}{place}\n{lines}\n")
    except BadCoupleError:
        return
    assert 0 <= described.script.coupling.strength <= 1
    assert all(0 <= v <= 1 for w in described.wishes.values() for v in w.values())


# --- the truth ----------------------------------------------------------------


def test_the_truth_has_a_row_a_second_and_says_when_somebody_was_settled() -> None:
    two = lived(happening("settling", "rise_s = 60\nhold_min = 1\nfade_s = 60"), 9)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in truth_rows(two)]
    settled = {int(str(row["t_s"])): row["settled"] for row in rows[::2]}
    assert {row["partner"] for row in rows[::2]} == {"A"}
    assert all(row["settled"] == 0 for row in rows[1::2])
    # Half up at 330 s; half down a minute's fade times ln 2 after 420 s.
    assert [t for t, is_so in settled.items() if is_so] == list(range(330, 462))


def test_somebody_upset_is_not_settled_whatever_came_before() -> None:
    calm_then_not = happening("settling", "hold_min = 5") + happening("upset").replace(
        "at_min = 5", "at_min = 7"
    )
    two = lived(calm_then_not, 9)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in truth_rows(two)]
    settled = {int(str(row["t_s"])): row["settled"] for row in rows[::2]}
    assert settled[415] == 1
    assert settled[440] == 0


def test_the_truth_s_heart_rate_is_that_of_the_beats() -> None:
    person = lived("", 10).people[A]
    moments = np.array([(m.t_s, m.hr_bpm) for m in person.moments])
    assert 60_000 / np.mean(60_000 / moments[:, 1]) == pytest.approx(
        mean_hr_bpm(person, 0, 600), rel=0.005
    )


def test_events_are_as_large_as_the_specification_of_flooding_has_them() -> None:
    upset = usual_event(EventKind.UPSET, 0.0)
    slow = usual_event(EventKind.ESCALATION, 0.0)
    assert (upset.change_bpm, upset.rise_s) == (15, 20)
    assert (slow.change_bpm, slow.rise_s) == (20, 480)


# --- the command --------------------------------------------------------------


def coreg(*arguments: object) -> int:
    return main([str(each) for each in arguments])


def test_a_couple_of_a_file_is_simulated_with_its_truth_beside_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(HEAD + "[A]\nlatency_s = 0.7\n" + happening("upset"))
    out = tmp_path / "out"
    assert coreg("simulate", "--out", out, "--couple", file, "--minutes", 2) == 0
    facts = json.loads((out / "couple-0001-truth.json").read_text())
    assert facts["couple"] == "two"
    assert facts["partners"]["A"]["strap"]["latency_s"] == 0.7
    assert [e["kind"] for e in facts["partners"]["A"]["events"]] == ["upset"]
    with (out / "couple-0001-truth.csv").open() as rows:
        read = list(csv.DictReader(rows))
    at_height = next(r for r in read if r["t_s"] == "330" and r["partner"] == "A")
    assert float(at_height["upset"]) == 1
    again = tmp_path / "again"
    coreg("simulate", "--out", again, "--couple", file, "--minutes", 2)
    for name in ("couple-0001-truth.csv", "couple-0001-truth.json"):
        assert (again / name).read_bytes() == (out / name).read_bytes()


@pytest.mark.parametrize("command", ["simulate", "practice"])
def test_a_couple_that_is_not_there_is_answered_with_those_there_are(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ("--simulate", "--headless") if command == "practice" else ()
    to = ("--data-dir", tmp_path, "--out", tmp_path)
    assert coreg(command, "--couple", "nobody", *to, *more) == 1
    assert "one-leads" in capsys.readouterr().err


def test_a_practice_is_run_with_a_scripted_couple(tmp_path: Path) -> None:
    status = coreg(
        "practice",
        *("--simulate", "--couple", "one-leads", "--headless", "--minutes", "0.5"),
        *("--speed", "100000", "--data-dir", tmp_path, "--out", tmp_path / "out"),
    )
    assert status == 0
    page = next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8")
    assert "of the couple one-leads" in page


# --- turns ----------------------------------------------------------------------


TURNS = """
[A]
hr_bpm = 66
[B]
hr_bpm = 72
[[turn]]
at_min = 4
minutes = 2
speaker = "A"
B = { feels = "upset", change_bpm = 12, rise_s = 20 }
[[turn]]
at_min = 7
minutes = 2
B = { feels = "relief", change_bpm = -8, rise_s = 20, fade_s = 10 }
[[turn]]
at_min = 11
minutes = 2
speaker = "B"
A = { feels = "delight", change_bpm = 9, rise_s = 10, fade_s = 10 }
"""


def test_in_a_turn_each_heart_does_what_its_script_says() -> None:
    many = [lived(TURNS, 14, seed=seed) for seed in range(12)]

    def change(partner: Partner, from_s: float, to_s: float) -> float:
        return float(
            np.mean(
                [
                    mean_hr_bpm(two.people[partner], from_s, to_s)
                    - mean_hr_bpm(two.people[partner], 120, 240)
                    for two in many
                ]
            )
        )

    assert change(A, 245, 360) == pytest.approx(5, abs=1.5)  # speaking
    assert change(B, 265, 360) == pytest.approx(12, abs=1.5)
    assert change(A, 440, 540) == pytest.approx(0, abs=1.5)
    assert change(B, 440, 540) == pytest.approx(-8, abs=1.5)
    assert change(A, 675, 780) == pytest.approx(9, abs=1.5)


def test_the_truth_says_who_spoke_and_what_a_turn_did_to_each_heart() -> None:
    described = parse_couple(HEAD + TURNS)
    two = lived(TURNS, 14)
    first, second, _ = truth_facts(two, described.script)["turns"]
    assert (first["start_s"], first["length_s"], first["speaker"]) == (240, 120, "A")
    assert [first["partners"][each]["role"] for each in "AB"] == ["speaks", "listens"]
    # 12 less what is missing while it rises: half of 20 of 120 seconds.
    assert first["partners"]["B"]["change_bpm"] == pytest.approx(11, abs=0.1)
    assert second["speaker"] is None
    assert second["partners"]["A"]["role"] == "quiet"


def test_the_true_level_has_neither_breath_nor_waves_in_it() -> None:
    quiet = "[A]\nhr_bpm = 60\nslow_sd_ms = 30\n"
    two = lived(quiet + '[[turn]]\nat_min = 4\nminutes = 2\nspeaker = "A"\n', 7)
    body = two.people[A].traits.body
    level = {moment.t_s: moment.level_bpm for moment in two.people[A].moments}
    calm_rr_ms = body.mean_rr_ms + body.relaxation_ms * (1 - np.exp(-300 / 180))
    assert level[0.0] == pytest.approx(60)
    assert level[300.0] == pytest.approx(60_000 / calm_rr_ms + 5)


@pytest.mark.parametrize(
    "wrong",
    [
        'at_min = 4\nminutes = 2\nspeaker = "C"',
        'at_min = 4\nminutes = 2\nB = { feels = "talk" }',
        'at_min = 4\nminutes = 2\nB = { feels = "relief", change_bpm = 5 }',
        "at_min = 4",
    ],
)
def test_a_turn_with_a_fault_is_named(wrong: str) -> None:
    with pytest.raises(BadCoupleError, match="turn"):
        parse_couple(f"{HEAD}[[turn]]\n{wrong}\n")
