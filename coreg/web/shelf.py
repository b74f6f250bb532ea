"""The practices that a couple may choose from, and their versions without breathing."""

import math
from dataclasses import replace

from coreg.exercises.plan import (
    BlockKind,
    InOut,
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
from coreg.store.plans import plan_names, plan_text
from coreg.web.evening import Chosen, Evening
from coreg.web.messages import PaceWay
from coreg.web.telling import PracticeShown

WITHOUT = "-without-breathing"
MAIN = "relaxed-and-alert"


class Shelf:
    """Coreg's own plans, read once, and one that was brought along.

    Pages choose by name from here and from nowhere else: a name is never a path.

    Raises
    ------
    BadPlanError
        If the plan that was brought along has a fault.
    """

    def __init__(self, brought_toml: str | None = None) -> None:
        self._texts = {name: plan_text(name) for name in plan_names()}
        if brought_toml is not None:
            self._texts[parse_plan(brought_toml).name] = brought_toml
        self._plans = {name: parse_plan(text) for name, text in self._texts.items()}

    @property
    def names(self) -> frozenset[str]:
        """What may be chosen: practices a couple opens, without other versions."""
        return frozenset(
            name
            for name, plan in self._plans.items()
            if plan.opened_by is OpenedBy.COUPLE and not name.endswith(WITHOUT)
        )

    def shown(self) -> tuple[PracticeShown, ...]:
        """Return what may be chosen, as it is shown."""
        return tuple(self._shown(name, 0.0) for name in sorted(self.names))

    def tonight(self, evening: Evening) -> PracticeShown:
        """Return the practice of tonight as it will be, at every length it may have."""
        chosen = evening.chosen
        shown = self._shown(self._name(chosen), chosen.minutes)
        lengths = {
            length: self._minutes(
                replace(evening, chosen=replace(chosen, length=length))
            )
            for length in shown.lengths
        }
        length = chosen.length if chosen.length in lengths else None
        return replace(
            shown,
            minutes=self._minutes(evening),
            lengths=lengths,
            length=length or shown.length,
        )

    def breathing_min(self, evening: Evening) -> float:
        """Return for how long tonight breathes; 0 leaves the plan's own minutes.

        Taps want longer than usual; an evening that was chosen shorter stays so.
        """
        chosen = evening.chosen
        if chosen.minutes or not evening.taps:
            return chosen.minutes
        return breathing_for_taps_min(parse_plan(self.text(chosen)))

    def text(self, chosen: Chosen) -> str:
        """Return the plan's text: without breathing where wanted, as long as wanted."""
        name = self._name(chosen)
        text, plan = self._texts[name], self._plans[name]
        length = chosen.length or plan.length
        if chosen.minutes or length is plan.length or length not in plan.lengths:
            return text
        return with_length(text, length)

    def text_for(self, evening: Evening) -> str:
        """Return the plan's text for this evening, with the pace that was chosen."""
        text = self.text(evening.chosen)
        if evening.pace.in_out is not InOut.LONGER_OUT:
            text = with_in_out(text, evening.pace.in_out)
        if evening.pace_way is PaceWay.SET and not _sets_own_pace(parse_plan(text)):
            text = with_set_pace(text, evening.pace.per_min)
        return text if evening.by_heart else with_fixed_pace(text)

    def _minutes(self, evening: Evening) -> float:
        """Return how long the whole evening is, as it was chosen."""
        plan = parse_plan(self.text(evening.chosen))
        breathing_min = self.breathing_min(evening)
        if breathing_min:
            plan = with_breathing_min(plan, breathing_min)
        return plan.minutes

    def _name(self, chosen: Chosen) -> str:
        """Return the plan's name; whoever goes without breathing is never paced."""
        if not chosen.without_breathing:
            return chosen.practice
        other = f"{chosen.practice}{WITHOUT}"
        if other in self._texts:
            return other
        paces = _breathes(self._plans[chosen.practice])
        return f"{MAIN}{WITHOUT}" if paces else chosen.practice

    def _shown(self, name: str, breathing_min: float) -> PracticeShown:
        plan = self._plans[name]
        # Minutes that were named on the command line are not to be chosen once more.
        lengths = () if breathing_min else plan.lengths
        if breathing_min:
            plan = with_breathing_min(plan, breathing_min)
        return PracticeShown(
            name=plan.name,
            title=plan.title,
            purpose=plan.purpose,
            minutes=plan.minutes,
            length=plan.length,
            lengths={
                length: parse_plan(with_length(self._texts[name], length)).minutes
                for length in lengths
                if len(lengths) > 1
            },
            own_pace=_sets_own_pace(plan),
        )


def block_words(text: str) -> tuple[str, ...]:
    """Return the words of a plan's blocks, in order."""
    return tuple(block.words for block in parse_plan(text).blocks)


def _breathes(plan: Plan) -> bool:
    return any(block.kind is BlockKind.BREATHE for block in plan.blocks)


def _sets_own_pace(plan: Plan) -> bool:
    return any(not math.isnan(block.breaths_per_min) for block in plan.blocks)
