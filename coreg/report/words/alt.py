"""What is said of pictures to somebody who cannot see them."""

import math

from coreg.findings.summary import SessionSummary
from coreg.report.words.numbers import count
from coreg.report.words.session import SWINGS


def hearts_alt(summary: SessionSummary) -> str:
    """Describe the chart of both hearts to somebody who cannot see it."""
    return f"Line chart of heart rate over time. {_range(summary, 'beats a minute')}"


def swings_alt(summary: SessionSummary) -> str:
    """Describe the chart of the swings."""
    measured = {
        summary.called[heart.partner]: sum(map(math.isfinite, heart.swings.rsa_bpm))
        for heart in summary.hearts
    }
    counts = " and ".join(
        f"{count(breaths, 'breath')} of {name}" for name, breaths in measured.items()
    )
    return f"{SWINGS}: {counts} measured."


SURFACE_ALT = (
    "Coloured surface of the correlation of both heart rates over time and shift; its "
    "numbers are in the table below."
)


def _range(summary: SessionSummary, unit: str) -> str:
    spans = []
    for heart in summary.hearts:
        name = summary.called[heart.partner]
        known = [rate for rate in heart.hr_bpm.tolist() if math.isfinite(rate)]
        if known:
            spans.append(f"{name}: {min(known):.0f} to {max(known):.0f} {unit}.")
        else:
            spans.append(f"{name}: nothing known.")
    return " ".join(spans)
