"""Twelve simulated couples: which sentences may and may not stand on which page."""

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pypdf import PdfReader

from coreg.facts.events import Partner
from coreg.findings.evenings import evening, over_evenings
from coreg.findings.own_rating import OwnRating
from coreg.findings.summary import SessionSummary, read_in, summarise
from coreg.findings.together import Answer, Together, together
from coreg.report.charts.theme import style
from coreg.report.html.document import document
from coreg.report.html.figures import WIDE_IN, chart_figure
from coreg.report.page import Chart, Numbers, Page
from coreg.report.page_format import PageFormat
from coreg.report.pages.evenings import evenings_page
from coreg.report.pages.session import joint_page, own_page, therapist_page
from coreg.report.words.evenings import moved_together
from coreg.report.write_page import write_page
from coreg.words import say
from tests.helpers.banned import banned_in, everything_said
from tests.helpers.couples import SHORT_BLOCKS, Planted, couple, opened_by
from tests.helpers.once import once_a_run
from tests.helpers.readers import html_words, pdf_words, plain, png_size, svg_words

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
    "the other leads": (Planted(seed=11, coupling=0.95, lag_s=-5.0), 2.2),
    "a little coupled": (Planted(seed=12, coupling=0.4), 2.2),
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
    r"|coherence|oscillator|correlation|therapist|leads|follows"
)
TRUE_OF_NOTHING = ("More isn’t better.", "doesn’t mean because of")
"""Sentences that hold such a word because they deny it."""
MORE_ALIKE = (say("report.couple.moved_together"), say("report.couple.for_part"))
MORE_OPPOSITE = ("in opposite directions", "against one another", "opposite")
BERLIN = dt.timezone(dt.timedelta(hours=1), "CET")


@once_a_run
def summary_of(case: str) -> SessionSummary:
    planted, lag_resolution_s = COUPLES[case]
    header = opened_by(1, lag_resolution_s=lag_resolution_s)
    return read_in(summarise(header, couple(planted)), BERLIN)


@once_a_run
def together_of(case: str) -> Together:
    return together(summary_of(case))


def said_on(page: Page) -> str:
    with style():
        return everything_said(document(page))


def denied(text: str) -> str:
    """Return a text without the sentences that say what is not so."""
    for sentence in TRUE_OF_NOTHING:
        text = text.replace(plain(sentence), "")
    return text


@once_a_run
def joint(case: str) -> str:
    return said_on(joint_page(summary_of(case), together_of(case)))


@once_a_run
def therapist(case: str) -> str:
    return said_on(therapist_page(summary_of(case), together_of(case)))


@once_a_run
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
        assert not NEVER.search(denied(text)), NEVER.search(denied(text))


@pytest.mark.parametrize("case", COUPLES)
def test_pages_of_the_couple_name_nobody_first_and_hold_no_statistics(
    case: str,
) -> None:
    for text in (joint(case), own(case)):
        assert not NOT_FOR_COUPLES.search(text), NOT_FOR_COUPLES.search(text)


@pytest.mark.parametrize("case", COUPLES)
def test_no_page_of_a_couple_holds_a_banned_word(case: str) -> None:
    for text in (joint(case), own(case)):
        assert not banned_in(text)
    assert banned_in(therapist(case))  # there such words are looked for, and found


@pytest.mark.parametrize("case", COUPLES)
def test_the_joint_page_says_one_thing_of_both_and_says_it_once(case: str) -> None:
    answers = (
        *MORE_ALIKE,
        say("report.couple.no_pattern"),
        say("report.couple.lost"),
        say("report.couple.too_short"),
    )
    assert sum(joint(case).count(plain(each)) for each in answers) == 1


@pytest.mark.parametrize("case", COUPLES)
def test_the_joint_page_gives_neither_heart_s_level_away(case: str) -> None:
    """Whoever reads 64 above 76 reads: you are the nervous one."""
    page = joint_page(summary_of(case), together_of(case))
    (chart,) = (each for each in page.sheets[0] if isinstance(each, Chart))
    assert {cell for _, *row in chart.table.rows for cell in row} <= {
        *(
            say("report.couple.faster"),
            say("report.couple.between"),
            say("report.couple.slower"),
        ),
        "–",
    }
    with style():
        drawn = chart_figure(chart, WIDE_IN)
    for axes in drawn.axes:
        labels = {label.get_text() for label in axes.get_yticklabels()}
        assert labels <= {say("report.couple.faster"), say("report.couple.slower")}
        assert axes.get_ylabel() == ""
    assert not re.search(r"\bbeats|bpm|\bHz\b|\bms\b", joint(case))


def test_a_faster_heart_is_drawn_and_told_as_a_slower_one_is() -> None:
    """Only the distance from its own mean is left of a heart on the joint page."""
    here = summary_of("coupled")
    faster = replace(here, a=replace(here.a, hr_bpm=here.a.hr_bpm + 16))
    both = together_of("coupled")
    assert said_on(joint_page(faster, both)) == said_on(joint_page(here, both))


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
    assert not has_any(
        text, (*MORE_ALIKE, *MORE_OPPOSITE, say("report.couple.together"))
    )
    assert "How it was for you" in text


@pytest.mark.parametrize("case", COUPLES)
def test_a_joint_page_says_beside_the_test_what_it_is_not(case: str) -> None:
    if together_of(case).found is not None:
        assert plain(say("report.couple.not_about_you")) in joint(case)
        assert plain(say("report.couple.one_evening")) in joint(case)


@pytest.mark.parametrize("case", COUPLES)
def test_the_joint_page_has_no_heart_beat_by_beat(case: str) -> None:
    page = joint_page(summary_of(case), together_of(case))
    with style():
        text = document(page)
    assert "smoothed over two minutes" in html_words(text)
    assert not re.search(r"the median of|every beat|30 seconds", html_words(text))


# --- what each couple may and may not read --------------------------------------


def test_a_coupled_pair_reads_that_it_moved_together_more_than_strangers() -> None:
    assert say("report.couple.moved_together") in joint("coupled")
    assert not has_any(
        joint("coupled"), (*MORE_OPPOSITE, say("report.couple.no_pattern"))
    )
    assert "Tested: more alike than chance (999 pairings" in therapist("coupled")
    assert "Neither heart clearly moved first" in therapist("coupled")


def test_an_uncoupled_pair_with_one_pacer_reads_that_there_is_no_clear_pattern() -> (
    None
):
    text = joint("not coupled")
    assert say("report.couple.no_pattern") in text
    assert not has_any(text, (*MORE_ALIKE, *MORE_OPPOSITE))
    told = therapist("not coupled")
    assert "Not distinguishable from 999 chance pairings" in told
    assert "That doesn’t mean nothing is there" in told


def test_hearts_in_anti_phase_are_opposite_to_the_therapist_alone() -> None:
    assert say("report.couple.no_pattern") in joint("anti-phase")
    assert not has_any(joint("anti-phase"), (*MORE_ALIKE, *MORE_OPPOSITE))
    assert "Tested: more opposite than" in therapist("anti-phase")
    assert "in opposite directions more than chance" in therapist("anti-phase")


def test_only_the_therapist_reads_who_was_earlier_and_that_it_is_no_cause() -> None:
    assert re.search(
        r"A’s heart moved about [456] s earlier than B’s \(p \.\d+\); earlier doesn’t "
        r"mean because of",
        therapist("leader"),
    )
    assert "earlier" not in joint("leader")


def test_a_gap_is_counted_and_the_rest_is_still_tested() -> None:
    assert has_any(joint("gap"), MORE_ALIKE)
    assert re.search(r"1 gap, 4[4-7] s", therapist("gap"))  # 45 s, to the next beats
    assert "The straps heard you well." in joint("gap")  # 45 s of 16 minutes


def test_one_upset_heart_is_not_told_of_and_makes_nobody_alike() -> None:
    assert not has_any(joint("upset"), (*MORE_ALIKE, *MORE_OPPOSITE))
    assert not re.search(r"\b[AB] (rose|was)|at 11:40|calm", joint("upset"))


def test_a_lost_strap_has_only_what_it_heard_told_and_is_said_below() -> None:
    text = joint("strap lost")  # of hearts coupled by .9, with two minutes to compare
    assert say("report.couple.moved_together") not in text
    assert has_any(
        text, (say("report.couple.for_part"), say("report.couple.no_pattern"))
    )
    assert say("report.couple.much_lost") in text
    assert "B’s strap lost contact from 3:20." in text
    assert "There was too little to go by." in text
    assert "too little could be used" in therapist("strap lost")
    assert "the strap was silent from 3:20 to the end" in therapist("strap lost")
    # With one's own page beside it, that would tell of the other's heart.
    assert "followed the pace" not in joint("coupled")


def test_a_short_practice_is_too_short_to_tell() -> None:
    assert plain(say("report.couple.too_short")) in joint("too short")
    assert say("report.couple.no_pattern") not in joint("too short")
    assert not has_any(joint("too short"), MORE_ALIKE)


def test_noise_is_too_much_lost() -> None:
    text = joint("all noise")
    assert plain(say("report.couple.lost")) in text
    assert not has_any(
        text, (*MORE_ALIKE, *MORE_OPPOSITE, say("report.couple.no_pattern"))
    )


def test_straps_of_two_models_give_nobody_a_lead() -> None:
    assert (
        "Neither heart clearly moved first."
        " Straps and clocks can’t resolve less than 6.5 s." in therapist("mixed straps")
    )
    assert "earlier than" not in therapist("mixed straps")


@once_a_run
def evenings_of(count: int, left_out: int) -> str:
    """Six or so evenings of a couple whose hearts are moderately coupled."""
    taken = []
    for number in range(1, count + 1):
        planted = Planted(seed=100 + number, coupling=0.75)
        summary = read_in(summarise(opened_by(number), couple(planted)), BERLIN)
        both = together(summary)
        taken.append(evening(summary, both, Partner.A, RATINGS))
    return said_on(evenings_page(over_evenings(Partner.A, taken, left_out=left_out)))


def test_six_evenings_give_an_answer_in_words_and_no_figure_of_it() -> None:
    text = evenings_of(6, 0)
    for when in ("In the quiet time afterwards", "While you breathed together"):
        assert (
            f"{when}, over several evenings, your hearts moved together more than "
            "chance would have it." in text
        )
    assert "aren’t shown" not in text
    assert not NEVER.search(text)
    assert not NOT_FOR_COUPLES.search(text)
    assert not banned_in(text)
    assert text.index("How you felt") < text.index("All evenings together")


def test_a_marked_evening_is_not_counted_aloud_and_five_give_no_answer_yet() -> None:
    text = evenings_of(5, 1)
    assert "Some evenings aren’t shown." in text
    # Whoever did not mark it is not told how many the other did, or for what.
    assert not re.search(r"1 evening (was|is)|alcohol|marked|medicine|illness or", text)
    assert (
        "after about 6 evenings that could be compared and that you both open" in text
    )
    assert not has_any(text, MORE_ALIKE)
    assert not banned_in(text)


@pytest.mark.parametrize(
    ("breathing", "free_after", "told"),
    [
        (Answer.OPEN, Answer.OPPOSITE, "No clear pattern over several evenings."),
        (Answer.OPPOSITE, Answer.OPEN, "No clear pattern over several evenings."),
    ],
)
def test_over_evenings_too_one_sentence_says_that_there_is_no_pattern(
    breathing: Answer, free_after: Answer, told: str
) -> None:
    found = moved_together(breathing, free_after, opened_by(1))
    assert plain(found[0]).endswith(told)
    assert len(found) == 2  # and that you both opened them


# --- the picture, for whoever asks for it -----------------------------------------


class Pictures(HTMLParser):
    """Where a page has its pictures: behind which summary, and open or not."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.behind: list[str] = []
        self._inside: list[str] = []
        self._is_open: list[bool] = []
        self._summary = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "details":
            self._inside.append("")
            self._is_open.append("open" in dict(attrs))
        self._summary = tag == "summary"
        if tag == "figure":
            closed = self._inside and not any(self._is_open)
            self.behind.append(self._inside[0] if closed else "in sight")

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._inside.pop()
            self._is_open.pop()
        if tag == "summary":
            self._summary = False

    def handle_data(self, data: str) -> None:
        if self._summary and self._inside:
            self._inside[-1] += data


def test_a_couple_is_shown_a_picture_when_it_asks_and_a_therapist_at_once() -> None:
    summary, both = summary_of("coupled"), together_of("coupled")
    one = evening(summary, both, Partner.A, RATINGS)
    over = over_evenings(Partner.A, [one, one], left_out=0)  # one alone is a sentence
    with style():
        for page, charts in (
            (joint_page(summary, both), 1),
            (own_page(summary, Partner.A, RATINGS), 3),
            (evenings_page(over), 3),
        ):
            html = document(page)
            assert Pictures(html).behind == ["Show me the picture"] * charts
            assert "<script" not in html
            for section in re.findall(r"<section aria-.*?</section>", html, re.DOTALL):
                sentence, picture = section.index("<p>"), section.index("<details")
                assert sentence < picture < section.index("<figure")
        seen = Pictures(document(therapist_page(summary, both))).behind
    assert set(seen) == {"in sight"}


def test_on_paper_the_pictures_of_a_couple_are_there(tmp_path: Path) -> None:
    page = joint_page(summary_of("coupled"), together_of("coupled"))
    (path,) = write_page(page, tmp_path, "page", [PageFormat.PDF])
    assert say("report.couple.faster") in pdf_words(path)  # beside the lines
    metadata = PdfReader(path).metadata
    assert metadata is not None
    assert metadata.author == "coreg"  # without its version


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
