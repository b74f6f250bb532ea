"""The practices that a couple may choose from, and their versions without breathing."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from coreg.exercises import ladder
from coreg.exercises.blocks import Who
from coreg.exercises.open_hour import gone_on_with
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan import (
    Asked,
    OpenedBy,
    Plan,
    breathing_for_taps_min,
    parse_plan,
    with_breathing_min,
    with_fixed_pace,
    with_in_out,
    with_length,
    with_set_pace,
)
from coreg.exercises.plan_blocks import (
    Block,
    Length,
)
from coreg.session.plan_shelf import NO_OWN, WITHOUT_BREATHING as WITHOUT, OwnPlans
from coreg.store.plans import plan_names, plan_text
from coreg.web.evening.state import Chosen, Evening
from coreg.web.wire.named import PaceWay
from coreg.web.wire.outgoing import PracticeShown
from coreg.words import in_words

MAIN = ladder.MAIN
_ALL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """A plan at one of its lengths, as text and as read."""

    text: str
    plan: Plan


class PracticeCatalogue:
    """Coreg's own plans, read once, those of a data folder, and one brought along.

    Pages choose by name from here and from nowhere else: a name is never a path.

    Raises
    ------
    BadPlanError
        If the plan that was brought along has a fault.
    """

    def __init__(self, brought_toml: str | None = None, own: OwnPlans = NO_OWN) -> None:
        texts = {name: plan_text(name) for name in plan_names()}
        texts |= {name: found.text for name, found in own.plans.items()}
        self._left_out = tuple(each.path.name for each in own.left_out)
        if brought_toml is not None:
            texts[parse_plan(brought_toml).name] = brought_toml
        self._plans = {name: parse_plan(text) for name, text in texts.items()}
        self._versions = {
            name: _versions(texts[name], plan) for name, plan in self._plans.items()
        }

    @property
    def names(self) -> frozenset[str]:
        """What may be chosen: practices a couple opens, without other versions."""
        return frozenset(
            name
            for name, plan in self._plans.items()
            if plan.opened_by is OpenedBy.COUPLE and not name.endswith(WITHOUT)
        )

    @property
    def names_with_therapist(self) -> frozenset[str]:
        """What may be chosen where a therapist is there: what therapists open, too."""
        return frozenset(name for name in self._plans if not name.endswith(WITHOUT))

    @property
    def left_out(self) -> tuple[str, ...]:
        """The files of the data folder that cannot be used as practices."""
        return self._left_out

    @property
    def plans(self) -> Mapping[str, Plan]:
        """Every practice as it is written, by name."""
        return MappingProxyType(self._plans)

    def shown(self, evening: Evening) -> tuple[PracticeShown, ...]:
        """Return what may be chosen at home, and what was asked for by name."""
        with_therapist = evening.with_therapist
        names = self.names_with_therapist if with_therapist else self.names
        plans = (self._plans[name] for name in names)
        # Whoever looks around with a made-up couple may look at all there is.
        practised = _ALL if evening.is_simulated else evening.practised
        at_home = ladder.at_home(plans, practised, with_therapist=with_therapist)
        offered = {*at_home, evening.chosen.practice}
        offered = {name for name in offered if evening.may_choose(name)} or offered
        offered = {name for name in offered if evening.may_offer(name)} or offered
        return tuple(
            _shown(
                self._versions[name],
                self._plans[name].length,
                lambda _: 0.0,
                evening.practised_of,
            )
            for name in sorted(offered, key=self._place)
        )

    def _place(self, name: str) -> tuple[bool, int, str]:
        """Return where a practice stands: the main one first, then as they come."""
        plan = self._plans[name]
        return name != MAIN, plan.from_evening, plan.title

    def tonight(self, evening: Evening) -> PracticeShown:
        """Return the practice of tonight as it will be, at every length it may have."""
        chosen = evening.chosen
        versions, length = self._versions[self._name(chosen)], self._length(chosen)
        if chosen.minutes:  # named on the command line: not to be chosen once more
            versions = {length: versions[length]}
        breathing_min = partial(_breathing_min, evening)
        return _shown(versions, length, breathing_min, evening.practised_of)

    def breathing_min(self, evening: Evening) -> float:
        """Return for how long tonight breathes; 0 leaves the plan's own minutes.

        Taps want longer than usual; an evening that was chosen shorter stays so.
        """
        return _breathing_min(evening, self._version(evening.chosen).plan)

    def text(self, chosen: Chosen) -> str:
        """Return the plan's text: without breathing where wanted, as long as wanted."""
        return self._version(chosen).text

    def text_for(self, evening: Evening) -> str:
        """Return the plan's text for this evening, with the pace that was chosen."""
        text, hour = self.text(evening.chosen), evening.hour
        if hour is not None and hour.within is None and hour.part is not None:
            text = gone_on_with(text, hour.part)
        if evening.pace.in_out is not InOut.LONGER_OUT:
            text = with_in_out(text, evening.pace.in_out)
        if evening.pace_way is PaceWay.SET and not _sets_own_pace(parse_plan(text)):
            text = with_set_pace(text, evening.pace.per_min)
        return text if evening.by_heart else with_fixed_pace(text)

    def _name(self, chosen: Chosen) -> str:
        """Return the plan's name; whoever goes without breathing is never paced."""
        if not chosen.without_breathing:
            return chosen.practice
        other = f"{chosen.practice}{WITHOUT}"
        if other in self._plans:
            return other
        paces = _breathes(self._plans[chosen.practice])
        return f"{MAIN}{WITHOUT}" if paces else chosen.practice

    def _length(self, chosen: Chosen) -> Length:
        """Return the length that was chosen, where this practice may have it."""
        name = self._name(chosen)
        if chosen.minutes or chosen.length not in self._versions[name]:
            return self._plans[name].length
        return chosen.length

    def _version(self, chosen: Chosen) -> _Version:
        return self._versions[self._name(chosen)][self._length(chosen)]


def _versions(text: str, plan: Plan) -> dict[Length, _Version]:
    """Return a plan at every length it may have; at its own to the letter."""
    versions = {plan.length: _Version(text=text, plan=plan)}
    for length in plan.lengths:
        if length is not plan.length:
            other = with_length(text, length)
            versions[length] = _Version(text=other, plan=parse_plan(other))
    return {length: versions[length] for length in plan.lengths}


def _breathing_min(evening: Evening, plan: Plan) -> float:
    if evening.chosen.minutes or not evening.taps:
        return evening.chosen.minutes
    return breathing_for_taps_min(plan)


def _shown(
    versions: Mapping[Length, _Version],
    length: Length,
    breathing_min: Callable[[Plan], float],
    practised_of: Mapping[str, int],
) -> PracticeShown:
    minutes = {
        each: _minutes(version.plan, breathing_min(version.plan))
        for each, version in versions.items()
    }
    plan = versions[length].plan
    return PracticeShown(
        name=plan.name,
        title=in_words(plan.title),
        purpose=in_words(plan.purpose),
        minutes=minutes[length],
        length=length,
        lengths=minutes if len(minutes) > 1 else {},
        own_pace=_sets_own_pace(plan),
        straps=plan.straps,
        begins=plan.begins,
        not_when=in_words(plan.not_when) if plan.not_when else "",
        at_first=(
            in_words(plan.at_first)
            if practised_of.get(plan.name, 0) < plan.at_first_times
            else ""
        ),
        is_led=_breathes(plan),
        has_turns=any(map(_is_of_one, plan.blocks)),
        asks=in_words(plan.blocks[0].words) if plan.blocks[0].means.is_before else "",
    )


def _minutes(plan: Plan, breathing_min: float) -> float:
    """Return how long the whole evening is; 0 leaves the plan's own breathing."""
    return (with_breathing_min(plan, breathing_min) if breathing_min else plan).minutes


def in_place(text: str) -> tuple[tuple[Block, ...], tuple[Asked, ...]]:
    """Return a plan's blocks, and what it asks each at its end."""
    plan = parse_plan(text)
    return plan.blocks, plan.after


def _breathes(plan: Plan) -> bool:
    return any(block.means.is_led for block in plan.blocks)


def _is_of_one(block: Block) -> bool:
    """Whether it makes a difference who is first: one has a line, or the screen."""
    has_line = block.speaker or block.listener or block.prompts
    return block.who is Who.FIRST and bool(has_line or block.means.is_private)


def _sets_own_pace(plan: Plan) -> bool:
    return any(not math.isnan(block.breaths_per_min) for block in plan.blocks)
