# %% [markdown]
"""
# One heart, from a file of intervals to figures.

A notebook in plain Python: open it in an editor that knows cells (`# %%`), turn it into
a notebook with `jupytext --to notebook`, or run it as it is:

    python examples/notebook_one_heart.py

Put the path of a recording of your own in place of `mine.csv`. Here it is of somebody
simulated, who breathes with a pacer.
"""

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import coreg

# %% [markdown]
# ## A recording
#
# The columns are when a packet arrived, and the interval in it.

# %%
simulated = coreg.simulate_couple(6, seed=21, breaths_per_min=6)
folder = TemporaryDirectory()
path = Path(folder.name) / "mine.csv"
rows = np.column_stack((simulated.a.arrival_s, simulated.a.rr_ms))
np.savetxt(path, rows, "%.6f", ",", header="arrival_s,rr_ms", comments="")

recording = coreg.read_recording(path)
print(f"{recording.name}: {recording.kind}, {recording.rr_ms.size} intervals")

# %% [markdown]
# ## Cleaning
#
# Look at what was rejected before you look at any figure.

# %%
beats = recording.cleaned()
print(f"accepted: {beats.accepted_share:.1%}")
for label, count in sorted(beats.label_counts.items()):
    print(f"  {label}: {count}")

# %% [markdown]
# ## Figures
#
# Each with its unit in its name; where one is missing, why.

# %%
figures = coreg.hrv(beats.nn_ms, beats.t_s)
for name in ("mean_hr_bpm", "sdnn_ms", "rmssd_ms", "lf_ms2", "hf_ms2", "vlf_ms2"):
    value = getattr(figures, name)
    reason = figures.reasons.get(name) or figures.cautions.get(name, "")
    print(f"{name:12} {value:10.1f}  {reason}")

# %% [markdown]
# ## Minute by minute
#
# A window keeps its NaN, so no difference reaches over what was rejected.

# %%
minutes = np.floor((beats.t_s - beats.t_s[0]) / 60).astype(int)
for minute in range(int(minutes[-1])):
    within = minutes == minute
    window = coreg.hrv(beats.nn_ms[within], beats.t_s[within])
    print(
        f"minute {minute + 1}: {window.mean_hr_bpm:.1f} beats a minute, "
        f"RMSSD {window.rmssd_ms:.1f} ms"
    )

# %% [markdown]
# ## Was it right?
#
# Of somebody simulated the truth is known.

# %%
true_ms = 1000 * np.diff(simulated.a.true_beat_s)
true_rmssd_ms = coreg.hrv(true_ms).rmssd_ms
raw_rmssd_ms = coreg.hrv(
    np.where(recording.rr_ms > 0, recording.rr_ms, np.nan)
).rmssd_ms
print(
    f"RMSSD {figures.rmssd_ms:.1f} ms, in truth {true_rmssd_ms:.1f} ms, "
    f"without cleaning {raw_rmssd_ms:.1f} ms"
)

# %%
folder.cleanup()
