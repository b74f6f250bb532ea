"""No page of a couple judges, counts, cheers or tells anybody to touch.

What is searched for stands in the design notes of the words that people read: whoever
is rated or praised performs, and nobody rests who performs.
"""

import re
from collections.abc import Iterator, Mapping

import pytest

from coreg.exercises.plan import parse_plan
from coreg.store.plans import plan_names, plan_text
from coreg.words import ENGLISH, Language
from coreg.words.catalogue import places

NEVER_SAID = {
    ENGLISH: re.compile(
        r"\b(judged|clean|chance|unrelated|opposite|against|beyond|tested|settled"
        r"|versions?|RMSSD|RSA|UTC|HRV|scores?|points?|streaks?|badges?|match|winners?"
        r"|calmer|goals?|failed|well done|great|congrat\w*|compatib\w*|in sync"
        r"|synchron\w*|hold your (breath|hands)|eye contact|deep breaths?)\b|!",
        re.IGNORECASE,
    ),
    Language.GERMAN: re.compile(
        r"\b(bewertet|beurteilt|sauber|Zufalls?|gegenläufig\w*|getestet|Version(en)?"
        r"|RMSSD|RSA|UTC|HRV|Punkt(e|zahl)?|Serien?|Abzeichen|Gewinner\w*|ruhiger als"
        r"|Ziele?|gescheitert|Glückwunsch|kompatib\w*|im Gleichklang|synchron\w*"
        r"|Erfolg\w*|Leistung\w*|toll|super|Atem anhalten|Augenkontakt"
        r"|tief(e|en)? Atem\w*|schau(t)? (dir|euch) in die Augen|haltet euch"
        r"|halt(et)? die Hand)\b|!",
        re.IGNORECASE,
    ),
}
MEANT_OTHERWISE = {
    "pages.signal.silent",  # a strap that lies against the skin
    "pages.own.howKey",  # a dot that is filled or open (German: Punkt)
}


def said(language: Language) -> Iterator[tuple[str, str]]:
    """Whatever is on a page or a card, and in a practice, with where it stands."""
    for area in ("pages", "cards"):
        for key, entry in places(language, area):
            forms = entry.values() if isinstance(entry, Mapping) else (entry,)
            yield from ((key, str(form)) for form in forms)
    if language is ENGLISH:
        for name in plan_names():
            plan = parse_plan(plan_text(name))
            yield from ((name, block.words) for block in plan.blocks)
    else:
        yield from ((key, str(entry)) for key, entry in places(language, "practices"))


def test_each_language_has_a_list_of_its_own() -> None:
    assert NEVER_SAID.keys() == set(Language)


@pytest.mark.parametrize("language", list(Language))
def test_nothing_judges_or_cheers(language: Language) -> None:
    never = NEVER_SAID[language]
    found = [
        f"{key}: {text}"
        for key, text in said(language)
        if key not in MEANT_OTHERWISE and never.search(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", list(Language))
def test_enough_is_searched(language: Language) -> None:
    """A catalogue that moved elsewhere would pass unseen."""
    assert len(list(said(language))) > 500
    assert {key for key, _ in said(language)} >= MEANT_OTHERWISE


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (ENGLISH, "Well done!"),
        (ENGLISH, "Your score today"),
        (ENGLISH, "You were calmer and in sync"),
        (Language.GERMAN, "Ihr wart synchron"),
        (Language.GERMAN, "Deine Punktzahl"),
        (Language.GERMAN, "Schaut euch in die Augen"),
    ],
)
def test_what_is_forbidden_would_be_found(language: Language, text: str) -> None:
    assert NEVER_SAID[language].search(text)
