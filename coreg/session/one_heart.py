"""One heart of a session whose other one was erased.

The engine cannot say again what happened: paces came of both hearts. So the practice is
what was logged of it, and only what this heart's own beats say is computed anew, by the
same `Heart` that the engine asks. Nothing that watches over two is asked at all.
"""

from collections.abc import Iterable, Iterator

from coreg.facts.both import Both
from coreg.facts.codec import CUES
from coreg.facts.events import (
    NS_PER_S,
    Breath,
    Continued,
    Cue,
    Ended,
    Fact,
    Feature,
    Intervals,
    LinkChanged,
    Notification,
    Opened,
    PacerStopped,
    Partner,
    Tick,
)
from coreg.session.heart import Heart


def heard_alone(
    opened: Opened, facts: Iterable[Fact], partner: Partner
) -> Iterator[Feature | Cue]:
    """Yield what one heart's own beats say, and the practice as it was logged.

    Parameters
    ----------
    opened : Opened
    facts : iterable of facts
        What was logged, in its order.
    partner : Partner
        Whose heart it is.
    """
    heart = Heart(
        partner,
        Both(*opened.straps.latency_s)[partner],
        stamped=Both(*opened.straps.stamped)[partner],
        by_labels=opened.practice.by_labels,
        by_ticks=opened.straps.by_ticks,
    )
    now_s, is_over = 0.0, False
    for fact in facts:
        if isinstance(fact, Tick | Notification | Intervals | LinkChanged):
            now_s = fact.t_ns / NS_PER_S
            yield from _of_input(heart, fact)
        elif isinstance(fact, Continued):  # another clock counts from here
            now_s = fact.t_ns / NS_PER_S
            yield from heart.let_go().features
            heart.begin_segment(now_s)
        elif isinstance(fact, CUES):
            is_over = isinstance(fact, Ended)
            if is_over:  # what was held back comes before the end, as it did live
                yield from _let_go(heart, now_s)
            _follow(heart, fact)
            yield fact
        if is_over:
            return
    yield from _let_go(heart, now_s)


def _of_input(
    heart: Heart, given: Tick | Notification | Intervals | LinkChanged
) -> list[Feature]:
    t_s = given.t_ns / NS_PER_S
    if isinstance(given, Tick):
        return heart.tick(t_s)
    if given.partner is heart.partner:
        match given:
            case Notification(data=data):
                return heart.packet(t_s, data).features
            case Intervals(rr_ms=rr_ms):
                return heart.intervals(t_s, rr_ms).features
            case LinkChanged(link=link):
                heart.link_changed(link)
    return []


def _follow(heart: Heart, cue: Cue) -> None:
    """Let a heart know which breaths it is to be measured in."""
    match cue:
        case Breath():
            heart.on_breath(cue)
        case PacerStopped(t_s=t_s):
            heart.discard_from(t_s)


def _let_go(heart: Heart, t_s: float) -> list[Feature]:
    return [*heart.let_go().features, *heart.silence_until(t_s)]
