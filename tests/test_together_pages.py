"""Twelve simulated couples: which sentences may and may not stand on which page."""

import re
from functools import cache
from pathlib import Path

import pytest

from coreg.facts.events import Partner
from coreg.findings.evenings import evening, over_evenings
from coreg.findings.own_rating import OwnRating
from coreg.findings.summary import SessionSummary, summarise
from coreg.findings.together import Together, together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.page import Chart, Numbers, Page
from coreg.report.page_format import PageFormat
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words import together as words
from coreg.report.write_page import write_page
from tests.helpers.couples import SHORT_BLOCKS, Planted, couple, opened_by
from tests.helpers.readers import (
    html_words,
    pdf_words,
    plain,
    png_size,
    svg_words,
)

LOST_OF_B = ((Partner.B, 200.0, 960.0),)
GAP_OF_B = ((Partner.B, 700.0, 745.0),)

COUPLES = {
    "coupled": (Planted(seed=1, coupling=0.9), 2.2),
    "not coupled": (Planted(seed=2, coupling=0.0), 2.2),
    "anti-phase": (Planted(seed=3, coupling=0.9, sign=-1.0), 2.2),
    "leader": (Planted(seed=4, coupling=0.95, lag_s=5.0), 2.2),
    "gap": (Planted(seed=5, coupling=0.9, lost=GAP_OF_B), 2.2),
    "upset": (Planted(seed=6, coupling=0.0, upset_of_a=True), 2.2),
    "strap lost": (Planted(seed=7, coupling=0.9, lost=LOST_OF_B), 2.2),
    "too short": (Planted(seed=8, coupling=0.9, blocks=SHORT_BLOCKS), 2.2),
    "all noise": (Planted(seed=9, coupling=0.9, noise_of_b=True), 2.2),
    "mixed straps": (Planted(seed=4, coupling=0.95, lag_s=5.0), 6.5),
}
RATINGS = (
    OwnRating(moment="before", at_ease=4, awake=5, myself=6),
    OwnRating(moment="after", at_ease=7, awake=3, myself=None),
)

NEVER = re.compile(
    r"in sync\b|\blove|compatib|empath|soul|health|bond|calmed|soothed|because of"
    r"|\bscore|\brank|better|worse|good job|well done|success|failed|should|!|closer to"
)
NOT_FOR_COUPLES = re.compile(
    r"earlier|leader|surrogate|p \.\d|\bHolm\b|upset|rose|paused by|first to|distress"
    r"|coherence|oscillator|correlation of slow heart rate \(|therapist"
)
MORE_ALIKE = ("more alike than unrelated hearts would", "more alike than that")
MORE_OPPOSITE = ("more against one another", "more opposite than that")


@cache
def summary_of(case: str) -> SessionSummary:
    planted, lag_resolution_s = COUPLES[case]
    header = opened_by(1, lag_resolution_s=lag_resolution_s)
    return summarise(header, couple(planted))


@cache
def together_of(case: str) -> Together:
    return together(summary_of(case))


def said_on(page: Page) -> str:
    with style():
        return html_words(document(page))


@cache
def joint(case: str) -> str:
    return said_on(joint_page(summary_of(case), together_of(case)))


@cache
def therapist(case: str) -> str:
    return said_on(therapist_page(summary_of(case), together_of(case)))


@cache
def own(case: str) -> str:
    return said_on(own_page(summary_of(case), Partner.A, RATINGS))


def owners_on(page: Page) -> set[Partner | None]:
    """Whose columns the page's tables hold."""
    return {
        owner
        for sheet in page.sheets
        for each in sheet
        if isinstance(each, Chart | Numbers)
        for owner in each.table.owners
    }


def has_any(text: str, sentences: tuple[str, ...]) -> bool:
    return any(plain(sentence) in text for sentence in sentences)


# --- on every page of every couple ----------------------------------------------


@pytest.mark.parametrize("case", COUPLES)
def test_no_page_claims_what_hearts_cannot_show(case: str) -> None:
    for text in (joint(case), own(case), therapist(case)):
        assert not NEVER.search(text), NEVER.search(text)


@pytest.mark.parametrize("case", COUPLES)
def test_pages_of_the_couple_name_nobody_first_and_hold_no_statistics(
    case: str,
) -> None:
    for text in (joint(case), own(case)):
        assert not NOT_FOR_COUPLES.search(text), NOT_FOR_COUPLES.search(text)


@pytest.mark.parametrize("case", COUPLES)
def test_an_own_page_holds_nothing_of_the_partner_and_nothing_of_both(
    case: str,
) -> None:
    text = own(case)
    owners = owners_on(own_page(summary_of(case), Partner.A, RATINGS))
    assert Partner.A in owners
    assert Partner.B not in owners
    assert "beats/min" in text
    assert not re.search(r"\b[AB], (beats|RMSSD)", text)  # one heart needs no letter
    assert not has_any(text, (*MORE_ALIKE, *MORE_OPPOSITE, words.STRIPS))
    assert "How it was for you" in text


@pytest.mark.parametrize("case", COUPLES)
def test_a_joint_page_says_beside_the_test_what_it_is_not(case: str) -> None:
    if together_of(case).found is not None:
        assert plain(words.NOT_ABOUT_YOU) in joint(case)
        assert plain(words.ONE_EVENING) in joint(case)


@pytest.mark.parametrize("case", COUPLES)
def test_the_joint_page_has_no_heart_beat_by_beat(case: str) -> None:
    page = joint_page(summary_of(case), together_of(case))
    with style():
        text = document(page)
    assert "the mean of the two minutes around each moment" in html_words(text)
    assert "the median of" not in html_words(text)


# --- what each couple may and may not read --------------------------------------


def test_a_coupled_pair_reads_that_it_was_more_alike_than_unrelated_hearts() -> None:
    for sentence in MORE_ALIKE:  # each of them is what others must not read
        assert has_any(joint("coupled"), (sentence,))
    assert not has_any(joint("coupled"), MORE_OPPOSITE)
    assert "Tested: more alike than 999 chance pairings" in therapist("coupled")
    assert "No clear leader" in therapist("coupled")


def test_an_uncoupled_pair_with_one_pacer_reads_that_nobody_can_tell() -> None:
    text = joint("not coupled")
    assert "Breathing together: can’t tell tonight." in text
    assert "In free time: can’t tell tonight." in text
    assert not has_any(text, (*MORE_ALIKE, *MORE_OPPOSITE))
    assert "Tested: not told from 999 chance pairings" in therapist("not coupled")
    assert "That is no finding of absence" in therapist("not coupled")


def test_hearts_in_anti_phase_are_opposite_and_never_alike() -> None:
    for sentence in MORE_OPPOSITE:
        assert has_any(joint("anti-phase"), (sentence,))
    assert not has_any(joint("anti-phase"), MORE_ALIKE)
    assert "Tested: more opposite than" in therapist("anti-phase")


def test_only_the_therapist_reads_who_was_earlier_and_that_it_is_no_cause() -> None:
    assert re.search(
        r"A’s heart moved about [456] s earlier than B’s \(p \.\d+\): earlier, which "
        r"is not because",
        therapist("leader"),
    )
    assert "earlier" not in joint("leader")


def test_a_gap_is_counted_and_the_rest_is_still_tested() -> None:
    assert has_any(joint("gap"), MORE_ALIKE)
    assert re.search(r"1 gap, 4[4-7] s", joint("gap"))  # 45 s, to the next beats


def test_one_upset_heart_is_not_told_of_and_makes_nobody_alike() -> None:
    assert not has_any(joint("upset"), (*MORE_ALIKE, *MORE_OPPOSITE))
    assert not re.search(r"\b[AB] (rose|was)|at 11:40|calm", joint("upset"))


def test_a_lost_strap_leaves_not_enough_clean_data_and_no_finding() -> None:
    text = joint("strap lost")
    assert "Breathing together: not enough clean data." in text
    assert not has_any(text, (*MORE_ALIKE, *MORE_OPPOSITE))
    assert "the strap was silent from 3:20 to the end" in text
    # 80 s of seven minutes are not the breath that was offered.
    assert plain(words.EACH_FOLLOWED) in joint("coupled")
    assert plain(words.EACH_FOLLOWED) not in text


def test_a_short_practice_is_too_short_to_tell() -> None:
    assert "In free time: too short to tell." in joint("too short")
    assert "can’t tell tonight" not in joint("too short")
    assert not has_any(joint("too short"), MORE_ALIKE)


def test_noise_is_not_enough_clean_data() -> None:
    text = joint("all noise")
    assert "not enough clean data" in text
    assert not has_any(text, (*MORE_ALIKE, *MORE_OPPOSITE, "can’t tell tonight"))


def test_straps_of_two_models_give_nobody_a_lead() -> None:
    assert "No clear leader. The straps tell no shift below 6.5 s." in therapist(
        "mixed straps"
    )
    assert "earlier than" not in therapist("mixed straps")


@cache
def evenings_of(count: int, left_out: int) -> str:
    """Six or so evenings of a couple whose hearts are moderately coupled."""
    taken = []
    for number in range(1, count + 1):
        planted = Planted(seed=100 + number, coupling=0.75)
        summary = summarise(opened_by(number), couple(planted))
        both = together(summary)
        taken.append(evening(summary, both, Partner.A, RATINGS))
    return said_on(evenings_page(over_evenings(Partner.A, taken, left_out=left_out)))


def test_six_evenings_give_the_pooled_answer_with_its_interval() -> None:
    text = evenings_of(6, 0)
    assert "Free time afterwards, over 6 evenings: more alike than unrelated" in text
    assert "95 % interval" in text
    assert "left out" not in text
    assert not NEVER.search(text)
    assert not NOT_FOR_COUPLES.search(text.replace("p, Holm", ""))
    assert text.index("How you were") < text.index("All evenings together")


def test_a_marked_evening_is_left_out_and_five_give_no_answer_yet() -> None:
    text = evenings_of(5, 1)
    assert "1 evening was left out: marked for alcohol" in text
    assert "from 6 evenings on there is an answer" in text
    assert not has_any(text, ("more alike than unrelated hearts",))


# --- each export, by a reader that is not ours -----------------------------------


@pytest.mark.parametrize("whose", ["joint", "own", "therapist"])
def test_paper_and_screen_say_the_same(whose: str, tmp_path: Path) -> None:
    summary = summary_of("coupled")
    page = {
        "joint": lambda: joint_page(summary, together_of("coupled")),
        "own": lambda: own_page(summary, Partner.A, RATINGS),
        "therapist": lambda: therapist_page(summary, together_of("coupled")),
    }[whose]()
    write_page(page, tmp_path, "page", list(PageFormat))
    pictures = sorted(tmp_path.glob("*.svg"), key=lambda path: (len(path.stem), path))
    texts = (
        html_words((tmp_path / "page.html").read_text("utf-8")),
        pdf_words(tmp_path / "page.pdf"),
        plain(" ".join(map(svg_words, pictures))),
    )
    said = [page.title, *page.story, page.limitation]
    for section in (each for sheet in page.sheets for each in sheet):
        said += [section.heading, *getattr(section, "notes", ())]
    for text in texts:
        for sentence in said:
            assert plain(sentence) in text
    for picture in tmp_path.glob("*.png"):
        width, height = png_size(picture)
        assert height / width == pytest.approx(297 / 210, abs=0.002)  # A4, ISO 216


def test_the_same_session_gives_the_same_answer() -> None:
    again = together(summary_of("coupled"))
    found = together_of("coupled").found
    assert again.found is not None
    assert found is not None
    assert (again.seed, again.found.p_any) == (found.seed, found.p_any)
