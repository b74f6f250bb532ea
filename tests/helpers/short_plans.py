"""Plans that are over soon, for tests of what comes after a practice."""

import re
from pathlib import Path

from coreg.store.plans import plan_text


def in_short(name: str, **minutes: float) -> str:
    """One of coreg's own practices with all its blocks, each over sooner.

    `minutes` says how long blocks of a kind last. Other lengths of an evening go: they
    would be longer than the usual one.
    """
    text = re.sub(r"(shorter|longer)_minutes = .*\n", "", plan_text(name))
    for kind, each in minutes.items():
        text = re.sub(rf'(kind = "{kind}"\nminutes = ).*', rf"\g<1>{each:g}", text)
    return text


SHORT_EVENING = in_short("relaxed-and-alert", arrive=1, breathe=2, rest=1, words=1)
"""The main practice: as much happens, of all kinds, in less than six minutes."""
_HEAD, _QUESTION, _ARRIVE, *_LATER = re.split(r"(?=\[\[block\]\])", SHORT_EVENING)
ASKED_IN_BETWEEN = "".join((_HEAD, _ARRIVE, _QUESTION, *_LATER))
"""The same with its question after the first part: one that no gate asks."""
SHORT_FILE = Path(__file__).resolve().parents[1] / "data" / "short-evening.toml"
"""The same as a file, for the command line (`test_plan.py` holds it to this)."""

ARRIVING = """
format = 1
name = "short"
version = 1
title = "A short evening"
purpose = "For trying things out."
opened_by = "couple"

[[block]]
name = "Arrive"
kind = "arrive"
minutes = 2
words = "Nothing to do."
inputs = []
measured = ["heart rate"]
shown = []
"""
BREATHING = f"""{ARRIVING}
[[block]]
name = "Breathe together"
kind = "breathe"
minutes = 2
words = "In and out."
inputs = []
measured = ["heart rate"]
shown = []
"""
