"""What one chooses in private shows nowhere: the other sees the same to a byte.

Each evening here is walked twice, once with the choice and once without, and everything
that any page is told on the way is compared.
"""

from dataclasses import dataclass, replace

import pytest

from coreg.facts.events import Breath, Ended, Ending, Partner
from coreg.store.release import Wish
from coreg.web.evening.effects import Tell
from coreg.web.evening.happenings import (
    Happening,
    Heard,
    PasscodeChosen,
    SessionOver,
)
from coreg.web.evening.state import Evening
from coreg.web.evening.step import step
from coreg.web.wire.incoming import (
    Aside,
    Consent,
    Gate,
    Go,
    Look,
    Message,
    Names,
    OwnWords,
    Rating,
    Start,
)
from coreg.web.wire.named import Choice, GateAnswer, Moment, Screen
from coreg.web.wire.outgoing import encode
from tests.test_web_evening import BEGAN, HOME, NEW, YES, block, shown

A, B = Partner.A, Partner.B


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """What one person chooses alone; the other chooses as by default."""

    consent: Consent = YES
    gate: GateAnswer = GateAnswer.YES
    aside: bool = False
    words: str = ""
    at_ease: int | None = 5
    awake: int | None = 5

    def answers(self, partner: Partner, moment: Moment) -> list[Message]:
        """What this one says before or after a practice."""
        said: list[Message] = []
        if self.aside and moment is Moment.BEFORE:
            said.append(Aside(partner=partner))
        if self.words:
            said.append(OwnWords(partner=partner, text=self.words))
        rated = Rating(
            partner=partner,
            moment=moment,
            at_ease=self.at_ease,
            wide_awake=self.awake,
            myself=None,
        )
        return [*said, rated]


USUAL = Private()
CHOICES = {
    "not now": Private(consent=replace(YES, choice=Choice.NOT_NOW)),
    "not to be recorded": Private(consent=replace(YES, record=False)),
    "not to be seen": Private(consent=replace(YES, show_partner=False)),
    "a heart's rhythm": Private(consent=replace(YES, heart_rhythm=True)),
    "a body to be careful with": Private(consent=replace(YES, see_doctor=True)),
    "to find the pace": Private(consent=replace(YES, find_pace=True)),
    "to show a therapist": Private(consent=replace(YES, show_therapist=True)),
    "alcohol": Private(aside=True),
    "own words": Private(words="I am afraid."),
    "not at ease": Private(at_ease=0, awake=10),
    "no answer": Private(at_ease=None, awake=None),
}


def told(evening: Evening, given: Message | Happening) -> tuple[Evening, list[str]]:
    """Take one step; return what every page hears of it."""
    after, effects = step(evening, given, server_s=100.0)
    tells = [encode(each.told) for each in effects if isinstance(each, Tell)]
    return after, [*tells, shown(after)]


def first_use(of_a: Private, of_b: Private) -> list[str]:
    evening, heard = NEW, list[str]()
    of_bo = replace(of_b.consent, partner=B)
    for given in (
        Names(A="Ada", B="Bo"),
        PasscodeChosen(partner=A, utc=""),  # whatever either then says
        of_a.consent,
        PasscodeChosen(partner=B, utc=""),
        of_bo,
    ):
        evening, more = told(evening, given)
        heard += more
    return heard


def practice(of_a: Private, of_b: Private) -> list[str]:
    """Practise, from Home to where they are asked what to look at."""
    evening = HOME
    for partner, one in ((A, of_a), (B, of_b)):
        opened = Go(screen=Screen.CONSENT, partner=partner)
        agrees = replace(one.consent, partner=partner)
        asked: tuple[Message, ...] = (Go(screen=Screen.SETTINGS), opened, agrees)
        for each in asked:
            evening, _ = step(evening, each, server_s=100.0)
        evening, _ = step(evening, Go(screen=Screen.HOME), server_s=100.0)
    is_kept = all(one is not None and one.record for one in evening.agreed)
    heard = [shown(evening)]
    said: tuple[Message | Happening, ...] = (
        Start(),
        Gate(partner=A, answer=of_a.gate),
        Gate(partner=B, answer=of_b.gate),
        replace(BEGAN, kept=is_kept),
        block(0, "question"),
        *of_a.answers(A, Moment.BEFORE),
        *of_b.answers(B, Moment.BEFORE),
        block(1, "arrive"),
        block(2, "breathe"),
        Heard(cue=Breath(t_s=10.0, period_s=10.0, inhale_s=4.0)),
        block(4, "words"),
        Heard(cue=Ended(t_s=60.0, ending=Ending.COMPLETE)),
        SessionOver(),
        *of_b.answers(B, Moment.AFTER),
        Look(partner=B, whose=Wish.NOTHING),
        *of_a.answers(A, Moment.AFTER),
        Look(partner=A, whose=Wish.NOTHING),
    )
    for given in said:
        evening, more = told(evening, given)
        heard += more[-1:] if isinstance(given, Aside | OwnWords) else more
    return list(dict.fromkeys(heard))


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("partner", list(Partner))
def test_a_first_use_looks_the_same(name: str, partner: Partner) -> None:
    chosen = CHOICES[name]
    pair = (chosen, USUAL) if partner is A else (USUAL, chosen)
    heard, usual = first_use(*pair), first_use(USUAL, USUAL)
    if name == "not now":  # then both read a line that says not whose it was
        both = first_use(chosen, chosen)
        assert heard == both
        heard, usual = heard[:-1], usual[:-1]
    assert heard == usual


@pytest.mark.parametrize("name", [each for each in CHOICES if each != "not now"])
@pytest.mark.parametrize("partner", list(Partner))
def test_a_practice_looks_the_same(name: str, partner: Partner) -> None:
    chosen = CHOICES[name]
    pair = (chosen, USUAL) if partner is A else (USUAL, chosen)
    heard, usual = practice(*pair), practice(USUAL, USUAL)
    if name == "not to be recorded":  # in the end there is no page of it
        heard, usual = heard[:-1], usual[:-1]
    assert heard == usual


@pytest.mark.parametrize("wish", list(Wish))
def test_what_the_first_one_wishes_to_see_changes_nothing_for_the_second(
    wish: Wish,
) -> None:
    ended = HOME
    complete = Heard(cue=Ended(t_s=60.0, ending=Ending.COMPLETE))
    for given in (BEGAN, block(4, "words"), complete, SessionOver()):
        ended, _ = step(ended, given, server_s=100.0)
    _, heard = told(ended, Look(partner=B, whose=wish))
    _, usual = told(ended, Look(partner=B, whose=Wish.MINE))
    assert heard == usual
