"""Every sentence about one's own ratings and about several evenings.

All of it is read by one of a couple. No streak, no comparison of partners, no "better":
a line that rises is a line that rises.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from coreg.facts.events import Opened, Source
from coreg.findings.own_rating import OwnRating
from coreg.findings.together import Answer
from coreg.report.words.numbers import NONE
from coreg.words import say

BEFORE, AFTER = "before", "after"
"""The two moments, as a rating keeps them; they are no words."""

_APART_SHARE = 0.15
_MOST_TOLD = 12
_SENTENCES: Final[Mapping[Answer, str]] = {Answer.ALIKE: "alike"}
"""What a couple reads; of all else, that there is no clear pattern."""


def rating_name(name: str) -> str:
    """Return what a rating is called."""
    return say(f"report.evenings.rating_names.{name}")


def rating_ends(name: str) -> tuple[str, str]:
    """Return what the left and the right end of a rating mean."""
    return (
        say(f"report.evenings.rating_ends.{name}.low"),
        say(f"report.evenings.rating_ends.{name}.high"),
    )


def rating_columns() -> tuple[str, ...]:
    """Return the columns of one evening's ratings."""
    return "", say("report.evenings.before"), say("report.evenings.after")


def ratings_over_columns() -> tuple[str, ...]:
    """Return the columns of the ratings over evenings."""
    return (
        say("report.evenings.evening"),
        *(
            say(f"report.evenings.rating.{moment}", rating=rating_name(name))
            for name in ("at_ease", "awake", "myself")
            for moment in (BEFORE, AFTER)
        ),
    )


def rating_table(ratings: Iterable[OwnRating]) -> str:
    """Return what stands above figures, and that some were asked the other way."""
    return " ".join((say("report.evenings.rating_table"), *turned_round(ratings)))


def turned_round(ratings: Iterable[OwnRating]) -> tuple[str, ...]:
    """Say that answers on the old scale of awake are turned round, where some are."""
    if any(each.is_turned_round for each in ratings):
        return (say("report.evenings.turned_round"),)
    return ()


def rated(name: str, before: str, after: str) -> str:
    """Say one rating before and after; nothing where neither was given.

    Examples
    --------
    >>> rated("awake", "5", "8"), rated("myself", "–", "6"), rated("myself", "–", "–")
    ('Awake: 5 before, 8 after.', 'Myself: 6 after.', '')
    """
    if before == after == NONE:
        return ""
    given = "before" if after == NONE else "after" if before == NONE else "both"
    rating = _first_large(rating_name(name))
    return say(
        f"report.evenings.rated.{given}", rating=rating, before=before, after=after
    )


def told(what: str, values: Sequence[str]) -> str:
    """Say one thing of several evenings to somebody who cannot see the chart.

    Of many evenings only the last ones: whoever listens cannot skim.

    Examples
    --------
    >>> told("pace", ["6.0", "6.0"])
    'Pace: 6.0 on all 2 evenings.'
    >>> told("pace", ["6.0", "–", "5.8"])
    'Pace, evening by evening: 6.0; nothing; 5.8.'
    """
    what = _first_large(what)
    if len(set(values)) == 1:
        value = _or_nothing(values[0])
        return say("report.evenings.told.same", what=what, value=value, n=len(values))
    listed = "; ".join(map(_or_nothing, values[-_MOST_TOLD:]))
    if len(values) <= _MOST_TOLD:
        return say("report.evenings.told.each", what=what, values=listed)
    return say("report.evenings.told.last", what=what, values=listed, n=_MOST_TOLD)


def _or_nothing(value: str) -> str:
    return say("report.evenings.nothing") if value == NONE else value


def _first_large(words: str) -> str:
    return words[:1].upper() + words[1:]


def varied(share: float) -> str:
    """Say in a word how much a heart varied beside its middle evening.

    Parameters
    ----------
    share : float
        How far from the middle evening, of how far the chart goes.

    Examples
    --------
    >>> varied(0.5), varied(0.0), varied(float("nan"))
    ('more', 'in between', '–')
    """
    if math.isnan(share):
        return NONE
    if abs(share) < _APART_SHARE:
        return say("report.evenings.rest_between")
    if share > 0:
        return say("report.evenings.rest_more")
    return say("report.evenings.rest_less")


def unread(number: int) -> str:
    """Say that evenings are missing because this coreg cannot open them."""
    return say("report.evenings.unread", n=number) if number else ""


def how_many(evenings: int) -> str:
    """Say over how many evenings this page goes."""
    return say("report.evenings.how_many", n=evenings)


def not_yet(wanted: int, last: Opened) -> str:
    """Say from about how many evenings on there is an answer.

    How many counted so far is not said: one that the other set aside does not, and
    whoever can count their evenings would know.
    """
    opened = "fairer_opened" if _is_yours(last) else "fairer"
    return say(f"report.evenings.{opened}", wanted=wanted)


def _is_yours(last: Opened) -> bool:
    """Whether somebody had to open these: simulated and recorded ones nobody does."""
    return last.couple.source is Source.STRAPS


def moved_together(
    breathing: Answer, free_after: Answer, last: Opened
) -> tuple[str, ...]:
    """Say over all evenings what may be said; over how many is not (`not_yet`).

    Where neither kind of time has anything to tell, that is said once, of both.
    """
    told = [
        say(f"report.evenings.{when}.{_SENTENCES[found]}")
        for when, found in (("afterwards", free_after), ("breathing", breathing))
        if found in _SENTENCES
    ]
    if not told:
        told = [say("report.evenings.no_pattern")]
    yours = (say("report.evenings.you_both_opened"),) if _is_yours(last) else ()
    return (*told, *yours)


def evening_name(number: int, date: str) -> str:
    """Return a row's name."""
    return say("report.evenings.name", number=number, date=date)
