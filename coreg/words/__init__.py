"""Every sentence that a person reads, in each language: the lowest room of the house.

A catalogue is a folder a language (`en`, `de`) with a file an area. A word is found by
its place, such as `pages.home.title`. Sentences are whole, with named blanks; one that
counts has a form for each plural category of its language (Unicode CLDR), chosen by the
blank `n`. What no other language has yet is said in English, which is complete.

A program speaks one language at a time, as with gettext: whoever is at its edge says
which (`speak`), and nothing that computes asks.
"""

from coreg.words.catalogue import (
    in_words,
    say,
    say_in,
    section,
    system_said,
    wrong_and_do,
)
from coreg.words.language import (
    ENGLISH,
    Language,
    asked_for,
    of_system,
    of_tag,
    speak,
    speaking,
    spoken,
)
from coreg.words.local import day, full_day, number, of_day, short_day

__all__ = [
    "ENGLISH",
    "Language",
    "asked_for",
    "day",
    "full_day",
    "in_words",
    "number",
    "of_day",
    "of_system",
    "of_tag",
    "say",
    "say_in",
    "section",
    "short_day",
    "speak",
    "speaking",
    "spoken",
    "system_said",
    "wrong_and_do",
]
