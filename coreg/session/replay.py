"""Is a session what its inputs say? Recompute and compare, to the last bit."""

from collections.abc import Sequence
from dataclasses import dataclass

from coreg.errors import HeartGone
from coreg.facts.codec import CUES, INPUTS
from coreg.facts.events import Cue, Fact, HeartErased, Input, RepeatedPacket
from coreg.session.engine import run
from coreg.words import wrong_and_do


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a replay gave beside what was logged live.

    `difference` is empty where all logged cues came again, bit for bit.
    `repeated_packets` are those that had come already and were left out.
    """

    features: int
    cues: int
    repeated_packets: int
    difference: str


def compare(recorded: Sequence[Fact], *, is_whole: bool) -> Comparison:
    """Recompute a session from its inputs and compare the cues (block hashes included).

    Of an interrupted session (`is_whole` false) the last cues may not have reached the
    disk: there the logged ones have to be the first of the recomputed ones.

    Raises
    ------
    HeartGone
        If one of the two hearts was erased: what followed from both cannot come again.
    """
    if any(isinstance(fact, HeartErased) for fact in recorded):
        raise HeartGone(*wrong_and_do("errors.session.not-again"))
    inputs: list[Input] = [fact for fact in recorded if isinstance(fact, INPUTS)]
    logged: list[Cue] = [fact for fact in recorded if isinstance(fact, CUES)]
    outputs = list(run(inputs))
    again: list[Cue] = [output for output in outputs if isinstance(output, CUES)]
    if not is_whole:
        again = again[: len(logged)]
    return Comparison(
        features=sum(not isinstance(output, CUES) for output in outputs),
        cues=len(logged),
        repeated_packets=sum(isinstance(each, RepeatedPacket) for each in outputs),
        difference=_first_difference(logged, again),
    )


def _first_difference(logged: list[Cue], again: list[Cue]) -> str:
    for number, (live, replayed) in enumerate(
        zip(logged, again, strict=False), start=1
    ):
        if live != replayed:
            return f"cue {number}: live {live}, replayed {replayed}"
    if len(logged) != len(again):
        return f"{len(logged)} cues were logged live, the replay gives {len(again)}"
    return ""
