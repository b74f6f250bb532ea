"""What `coreg practices check` says of a plan that is valid: what it is, part by part.

It stays English, as the file does.
"""

import math
from pathlib import Path

from coreg.exercises.blocks import Who
from coreg.exercises.plan import Asked, Pace, Plan, Straps, parse_plan, with_length
from coreg.exercises.plan_blocks import Block, Does, Scale
from coreg.session.plan_shelf import FoundPlan, is_name
from coreg.store.folder import practices_folder
from coreg.store.plans import is_taken

_WHOSE = {
    Who.FIRST: "first",
    Who.SECOND: "second",
    Who.BOTH: "both",
    Who.EACH: "each alone",
}


def outline(found: FoundPlan) -> list[str]:
    """Return what a plan is, a line a part."""
    plan = found.plan
    lengths = [
        f"{length} {parse_plan(with_length(found.text, length)).minutes:.0f} min"
        for length in plan.lengths
        if length is not plan.length
    ]
    about = [
        f"for a {plan.opened_by}",
        f"from evening {plan.from_evening}",
        f"straps {plan.straps}",
        *(["not twice within two days"] if plan.is_harder else []),
        *(["warm"] if plan.is_warm else []),
        *lengths,
    ]
    return [
        f"ok: {plan.title}, {len(plan.blocks)} parts, about {plan.minutes:.0f} minutes",
        f"    {', '.join(about)}",
        *(
            [f"    the first {plan.at_first_times}: “{plan.at_first}”"]
            if plan.at_first
            else []
        ),
        *(f"    asked before: {_asked(each)}" for each in plan.before),
        *(
            f"{number:3} {_part(block)}"
            for number, block in enumerate(plan.blocks, start=1)
        ),
        *(f"    asked after: {_asked(each)}" for each in plan.after),
    ]


def _part(block: Block) -> str:
    minutes = (block.length_s - block.quiet_s) / 60
    return (
        f"{minutes:4g} min  {_WHOSE[block.who]:10}  {block.name} ({block.kind}"
        f"{_more(block)})"
    )


def _more(block: Block) -> str:
    """Return what is out of the ordinary about a part."""
    more = []
    if not math.isnan(block.breaths_per_min):
        more.append(f"{block.breaths_per_min:g} breaths a minute")
    if block.is_again:
        more.append("only when asked for once more")
    if block.waits:
        more.append("until one presses")
    more += [
        f"“{each.words}”{'' if each.does is Does.ON else f' leads to {each.does}'}"
        for each in block.choices
    ]
    more += [
        f"{'yes or no' if each.is_yes_no else '0 to 10'}: “{each.words}”{_reply(each)}"
        for each in block.scales
    ]
    return "".join(f"; {each}" for each in more)


def _asked(asked: Asked) -> str:
    scale, more = asked.scale, ""
    for limit, side, said in (
        (asked.gentler_above, "above", "yes"),
        (asked.gentler_below, "below", "no"),
    ):
        if not math.isnan(limit):
            when = f"after {said}" if scale.is_yes_no else f"{side} {limit:g}"
            more += f"; {when} it becomes a quiet evening"
    ends = "yes or no" if scale.is_yes_no else f"0 {scale.low}, 10 {scale.high}"
    return f"{_WHOSE[asked.who]}, “{scale.words}” {ends}{more}{_reply(scale)}"


def _reply(scale: Scale) -> str:
    """Return what that one alone reads after some answers."""
    if not scale.reply:
        return ""
    after = "yes" if scale.is_yes_no else f"{scale.reply_at_most} or less"
    keeps = "; may be kept among what still hurts" if scale.may_keep else ""
    return f"; after {after}: “{scale.reply}”{keeps}"


def advice_on(file: str, plan: Plan, folder: Path) -> list[str]:
    """Return what to know of a plan that is valid."""
    advice = []
    if plan.pace is Pace.FIXED:
        advice.append(
            f'With pace = "{Pace.FIXED}" no heart is watched, for people whose heart '
            f"coreg may not rely on. To have both watched, write pace = "
            f'"{Pace.BLOCKS}" if the blocks set the pace; otherwise leave the line out.'
        )
    if plan.straps is Straps.NONE and (plan.before or plan.after):
        advice.append(
            f'With straps = "{Straps.NONE}" it begins at once and nothing is kept, so '
            "nobody is asked what stands in [[before]] and [[after]]. To have it "
            f'asked, write straps = "{Straps.OPTIONAL}".'
        )
    if Path(file).suffix and not _is_there(Path(file), folder):
        advice.append(_way_home(plan, folder))
    return advice


def _is_there(file: Path, folder: Path) -> bool:
    """Whether a file lies where plans do that are on Home."""
    return file.resolve().parent == practices_folder(folder).resolve()


def _way_home(plan: Plan, folder: Path) -> str:
    if not is_name(plan.name) or is_taken(plan.name):
        return (
            "For Home it needs another name: small letters, digits and hyphens, and "
            "none of coreg's own."
        )
    return (
        f"To keep it with the others, put it into {practices_folder(folder)} as "
        f"{plan.name}.toml."
    )
