"""Every sentence about one's own ratings and about several evenings.

All of it is read by one of a couple. No streak, no comparison of partners, no "better":
a line that rises is a line that rises.
"""

import math
from collections.abc import Mapping
from typing import Final

from coreg.facts.events import Opened, Source
from coreg.findings.together import Answer
from coreg.report.words.numbers import NONE, count

RATINGS: Final = "How it was for you"
RATINGS_SAID: Final = (
    "These are your own answers. Nobody else sees them here unless you show them."
)
RATINGS_CAPTION: Final = "How you rated it. Open dot: before. Solid dot: after."
RATING_NAMES: Final = {"at_ease": "at ease", "awake": "awake", "myself": "myself"}
RATING_ENDS: Final = {
    "at_ease": ("not at all", "completely"),
    "awake": ("nearly asleep", "wide awake"),
    "myself": ("not at all", "completely"),
}
RATING_COLUMNS: Final = ("", "before", "after")
RATING_TABLE: Final = (
    "As you gave them: at ease and myself from 0 to 10; awake from 1, wide awake, to "
    "9, nearly asleep."
)
BEFORE, AFTER = "before", "after"

TITLE: Final = "Your evenings"
OWN_RATINGS: Final = "How you felt"
OWN_RATINGS_SAID: Final = "Your own ratings, evening by evening."
OWN_RATINGS_CAPTION: Final = "Open: before. Solid: after. Higher is more."
REST: Final = "Your heart at rest"
REST_SAID: Final = (
    "How much your heart varied while you settled in. Sleep, illness and the day all "
    "change it."
)
REST_CAPTION: Final = "One mark for each evening; higher is more."
USUAL: Final = "Grey: the middle half of these evenings."
REST_MORE, REST_BETWEEN, REST_LESS = "more", "in between", "less"
PACE: Final = "Your breathing pace"
PACE_SAID: Final = "Breaths a minute at the end of each evening."
PACE_CAPTION: Final = "One mark for each evening."
POOLED: Final = "All evenings together"
NO_RATINGS: Final = "You didn’t rate these evenings."
NO_PACE: Final = "No paced breathing yet."
NO_REST: Final = "Not enough clear heartbeats yet."
EVENINGS_ALT: Final = "A small chart over evenings; the table says the same."
RATINGS_OVER_COLUMNS: Final = (
    "evening", "at ease, before", "after", "awake, before", "after", "myself, before",
    "after",
)  # fmt: skip
REST_COLUMNS: Final = ("evening", "how much it varied")
PACE_COLUMNS: Final = ("evening", "breaths/min")
LEFT_OUT: Final = "Some evenings aren’t shown."
YOU_BOTH_OPENED: Final = "These are evenings that you both opened."
NOT_A_MEASURE: Final = (
    "Nothing here says how you’re doing as a couple. Evenings differ for lots of "
    "reasons."
)
_APART_SHARE = 0.15


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
        return REST_BETWEEN
    return REST_MORE if share > 0 else REST_LESS


def unread(number: int) -> str:
    """Say that evenings are missing because this coreg cannot open them."""
    if not number:
        return ""
    if number == 1:
        return f"{count(1, 'evening')} can’t be opened by this coreg and isn’t here."
    evenings = count(number, "evening")
    return f"{evenings} can’t be opened by this coreg and aren’t here."


def how_many(evenings: int) -> str:
    """Say over how many evenings this page goes."""
    order = ", oldest first" if evenings > 1 else ""
    return f"{count(evenings, 'evening')}{order}."


def not_yet(evenings: int, wanted: int, last: Opened) -> str:
    """Say that there are too few evenings for an answer."""
    so_far = count(evenings, "evening")
    fairer = f"after {wanted} there’s a fairer picture."
    if _is_yours(last):
        return f"Moving together: {so_far} you both opened so far; {fairer}"
    return f"Moving together: {so_far} so far; {fairer}"


def _is_yours(last: Opened) -> bool:
    """Whether somebody had to open these: simulated and recorded ones nobody does."""
    return last.couple.source is Source.STRAPS


def moved_together(
    breathing: tuple[Answer, int], free_after: tuple[Answer, int], last: Opened
) -> tuple[str, ...]:
    """Say over all evenings what may be said, each answer with its evenings.

    Where neither kind of time has anything to tell, that is said once, of both.
    """
    told = [
        sentences[found].format(over=count(evenings, "evening"))
        for (found, evenings), sentences in (
            (free_after, _AFTERWARDS),
            (breathing, _BREATHING),
        )
        if found in sentences
    ]
    if not told:
        most = max(evenings for _, evenings in (breathing, free_after))
        told = [f"No clear pattern over {count(most, 'evening')}."]
    return (*told, *((YOU_BOTH_OPENED,) if _is_yours(last) else ()))


_AFTERWARDS: Final[Mapping[Answer, str]] = {
    Answer.ALIKE: (
        "In the quiet time afterwards, over {over}, your hearts moved together more "
        "than two strangers’ would."
    ),
    Answer.TIED: (
        "In the quiet time afterwards, over {over}, how your hearts moved was "
        "different from evening to evening."
    ),
}
_BREATHING: Final[Mapping[Answer, str]] = {
    Answer.ALIKE: (
        "While you breathed together, over {over}, your hearts moved together more "
        "than two strangers’ would."
    ),
    Answer.TIED: (
        "While you breathed together, over {over}, how your hearts moved was different "
        "from evening to evening."
    ),
}


def evening_name(number: int, date: str) -> str:
    """Return a row's name."""
    return f"{number}: {date}"
