# %% [markdown]
"""
# Two hearts: alike, or only doing the same.

A notebook in plain Python: open it in an editor that knows cells (`# %%`), turn it into
a notebook with `jupytext --to notebook`, or run it as it is:

    python examples/notebook_two_hearts.py

Three simulated couples, whose truth is known: strangers who breathe freely, the same
strangers led by one pacer, and a couple in which B's heart follows A's.
"""

# %%
import numpy as np

import coreg

MINUTES = 15
WHOLE = {"sitting": (0.0, 60.0 * MINUTES)}


def correlation(couple: coreg.SimulatedCouple) -> float:
    """Return how alike two heart rates look, second by second."""
    length = min(couple.a.second_s.size, couple.b.second_s.size)
    a, b = (heart.true_hr_bpm[:length] for heart in (couple.a, couple.b))
    return float(np.corrcoef(a, b)[0, 1])


# %% [markdown]
# ## The figure that misleads
#
# Correlate two heart rates, and one pacer makes strangers a couple.

# %%
strangers = coreg.simulate_couple(MINUTES, seed=5)
paced = coreg.simulate_couple(MINUTES, seed=5, breaths_per_min=6)
follows = coreg.simulate_couple(MINUTES, seed=5, couple="one-leads")
for name, couple in (
    ("strangers", strangers),
    ("strangers on one pacer", paced),
    ("B follows A", follows),
):
    print(f"{name:24} r {correlation(couple):+.2f}")

# %% [markdown]
# ## The question put fairly
#
# What the session does to anybody is taken out of both, the pacer too, and what is left
# is held against chance. Give the pacer: it has no default.

# %%
for name, couple in (
    ("strangers", strangers),
    ("strangers on one pacer", paced),
    ("B follows A", follows),
):
    found = coreg.synchrony(
        couple.a.true_beat_s,
        couple.b.true_beat_s,
        phases=WHOLE,
        pacer=couple.pacer,
        seed=1,
    )
    print(
        f"{name:24} p {found.p_hr:.3f}, shift {found.lag_s:+.1f} s, "
        f"{found.lead(lag_resolution_s=1.0)}"
    )

# %% [markdown]
# ## What it may be called
#
# More alike than these two with their timing broken: that, and nothing of love or fit.
# Two who talk, move or hear music together are, too.
# Of real couples you do not know the truth. Ask many evenings, and believe none alone.
