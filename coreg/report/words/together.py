"""What a therapist reads of two hearts compared: what was found, and what it is not.

What a couple reads of it is one sentence, in `couple`. Never said: love, fit, health,
who calmed whom, that more is better, that one evening without a finding is a finding.
"""

import math
from collections.abc import Collection, Sequence

from coreg.analysis.influence import TellingMinute
from coreg.analysis.synchrony import Lead, PhaseSynchrony, Synchrony
from coreg.facts.events import InQuiet, Opened, Partner
from coreg.findings.power import PART_TOLD, PART_TOLD_OF_LOST
from coreg.findings.together import (
    MOST_CARRIED,
    Answer,
    Stretch,
    Together,
    Unquiet,
    Untested,
    answer,
    is_much_lost,
)
from coreg.report.words.numbers import NONE, clock, figure
from coreg.report.words.session import name
from coreg.words import number, say

_TOLD_P = 0.05


def columns(table: str, *names: str) -> tuple[str, ...]:
    """Return the columns of one of the tables here, by their names."""
    return tuple(say(f"report.together.columns.{table}.{name}") for name in names)


def strips_alt(parts: list[tuple[Stretch, PhaseSynchrony]]) -> str:
    """Describe the strips to somebody who cannot see them."""
    each = (f"{stretch_name(s)}: {told(phase)}." for s, phase in parts)
    return " ".join((say("report.together.strips_alt"), *each))


def stretch_name(stretch: Stretch) -> str:
    """Return the name of a tested part."""
    told = name(stretch.name)
    if not stretch.part:
        return told
    return say("report.together.part_of", name=told, part=stretch.part)


def told(phase: PhaseSynchrony) -> str:
    """Return the few words beside one part's mark."""
    return say(f"report.together.answers.{answer(phase).name.lower()}")


def listed(things: Sequence[str]) -> str:
    """Return up to three things as a sentence names them.

    Examples
    --------
    >>> listed(["talking"]), listed(["talking", "sound"])
    ('talking', 'talking and sound')
    """
    *others, last = things
    if not others:
        return last
    first, *more = others
    if not more:
        return say("report.couple.not_quiet.and", first=first, last=last)
    return say("report.couple.not_quiet.two", first=first, second=more[0], last=last)


def minutes(together: Together, start_s: float) -> tuple[str, ...]:
    """Tell a therapist of each part that is told alike whether one minute carries it.

    `start_s` is when the session began.
    """
    return tuple(
        _minute(stretch, minute, start_s)
        for stretch, minute in zip(together.stretches, together.minutes, strict=False)
        if minute is not None
    )


def _minute(stretch: Stretch, minute: TellingMinute, start_s: float) -> str:
    part = stretch_name(stretch)
    if math.isnan(minute.left):
        return say("report.together.minute.untold", part=part)
    how = "carries" if minute.left < MOST_CARRIED else "spread"
    since = clock(minute.start_s - start_s)
    left = number(100 * max(minute.left, 0.0))
    return say(f"report.together.minute.{how}", part=part, since=since, left=left)


def power(together: Together) -> tuple[str, ...]:
    """Say how often a part is told where something is there, if one was not.

    The figures are those of made-up couples (`findings.power`), and where much was lost
    one of such as well.
    """
    if together.found is None:
        return ()
    told = [answer(phase) for phase in together.found.per_phase]
    if Answer.OPEN not in told:
        return ()
    shares = {
        f"at_{round(10 * coupling)}": number(100 * share)
        for coupling, share in PART_TOLD.items()
    }
    usual = say("report.together.power.usual", **shares)
    if not is_much_lost(together):
        return (usual,)
    lost = number(100 * PART_TOLD_OF_LOST)
    return usual, say("report.together.power.lost", lost=lost)


def was_in_quiet(unquiet: Sequence[Unquiet]) -> str:
    """Return what was said to have been in the quiet time; empty where nothing was."""
    named = [
        say(f"report.couple.not_quiet.{each.name.lower()}")
        for each in (Unquiet.TALK, Unquiet.MOVING, Unquiet.SOUND)
        if each in unquiet
    ]
    return listed(named) if named else ""


def why_not_quiet(unquiet: Sequence[Unquiet]) -> str:
    """Return the name of the sentence that says why quiet time is not compared.

    What somebody said comes before what was known without anybody.
    """
    if was_in_quiet(unquiet):
        return "said"
    for each in (Unquiet.UNNAMED, Unquiet.WITH_THERAPIST, Unquiet.NOBODY_SAID):
        if each in unquiet:
            return each.name.lower()
    return "may_listen"


def left_out(together: Together, in_quiet: Collection[InQuiet]) -> tuple[str, ...]:
    """Tell a therapist what was not tested since it was not quiet, or that it was."""
    if not together.left_out:
        was_quiet = set(in_quiet) == {InQuiet.NOTHING}
        return (say("report.together.left_out.nothing"),) if was_quiet else ()
    parts = ", ".join(dict.fromkeys(map(stretch_name, together.left_out)))
    why, what = why_not_quiet(together.unquiet), was_in_quiet(together.unquiet)
    blanks = {"what": what} if what else {}
    return (say(f"report.together.left_out.{why}", parts=parts, **blanks),)


def untested(why: Untested | None) -> str:
    """Say why two hearts were not compared."""
    return say(f"report.together.untested.{(why or Untested.NO_PHASE).name.lower()}")


def tested(together: Together, opened: Opened) -> tuple[str, ...]:
    """Tell a therapist what was found over the whole practice, and how finely."""
    found = together.found
    if found is None:
        return (untested(together.untested),)
    if found.missing is not None:
        return (say(f"report.together.missing.{found.missing.name.lower()}"),)
    return (verdict(found), direction(together, opened.straps.lag_resolution_s))


def verdict(found: Synchrony) -> str:
    """Say whether chance reaches what was seen, by which figures.

    Where both of them count, also which of them gave p, the smaller one.
    """
    smaller = "hr" if found.p_hr <= found.p_rsa else "rsa"
    by_hr, by_rsa = found.p_hr < _TOLD_P, found.p_rsa < _TOLD_P
    if found.p_any >= _TOLD_P or not (by_hr or by_rsa):
        sentence = f"open_{smaller}"
    elif not by_hr:
        sentence = "tied"
    else:
        way = "alike" if found.sign > 0 else "opposite"
        sentence = f"{way}_both_{smaller}" if by_rsa else way
    return say(
        f"report.together.verdict.{sentence}",
        n=found.surrogates,
        p=probability(found.p_any),
    )


def direction(together: Together, lag_resolution_s: float) -> str:
    """Say which heart moved earlier, where that may be said."""
    found = together.found
    if found is None or together.lead is Lead.NOBODY:
        return f"{say('report.together.nobody_first')} {_finest(lag_resolution_s)}"
    early, late = (
        (Partner.A, Partner.B) if together.lead is Lead.A else (Partner.B, Partner.A)
    )
    earlier = say(
        "report.together.earlier",
        early=early.value,
        late=late.value,
        lag=number(abs(found.lag_s)),
        p=probability(found.p_direction),
    )
    return f"{earlier} {_finest(lag_resolution_s)}"


def _finest(lag_resolution_s: float) -> str:
    if math.isnan(lag_resolution_s):
        return say("report.together.no_finest")
    return say("report.together.finest", shift=number(lag_resolution_s, 1))


def probability(p: float) -> str:
    """Return a probability as papers of the language write it.

    In English without its leading zero.

    Examples
    --------
    >>> probability(0.001), probability(0.0304), probability(1.0), probability(1e-6)
    ('.001', '.030', '1', '<.001')
    """
    if math.isnan(p):
        return NONE
    if p > 0.9995:
        return "1"
    told = number(max(p, 0.001), 3)
    told = told[1:] if told.startswith("0.") else told
    return f"<{told}" if p < 0.0005 else told


def null_caption(found: Synchrony) -> str:
    """Say what the picture of chance is made of."""
    return say("report.together.null_caption", n=found.surrogates, seed=found.seed)


def null_alt(found: Synchrony) -> str:
    """Describe the picture of chance."""
    reached = probability(found.p_hr)
    return say("report.together.null_alt", n=found.surrogates, share=reached)


def profile_alt(found: Synchrony) -> str:
    """Describe the chart of shifts."""
    return say("report.together.profile_alt", r=figure(found.hr.r, 2))
