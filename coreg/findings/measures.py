"""Every single figure that the therapist's sheets list, one record each.

A record here is all that the sheets, `coreg synchrony` and `coreg.review` need to know
of a figure; docs/add-a-measure.md adds one. What is more than a number (a test, a model
with its coefficients) is in `research`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from coreg.analysis.hrv import Hrv
from coreg.findings.research import Research
from coreg.findings.summary import SessionSummary
from coreg.findings.together import Together


class Form(StrEnum):
    """How a figure is written."""

    NUMBER = "number"
    PROBABILITY = "probability"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartMeasure:
    """A figure of one heart during one part of the practice, pauses left out.

    `name` is its name in `coreg.analysis` and docs/measures.md, `column` what stands
    above it, with its unit.
    """

    name: str
    column: str
    digits: int
    of: Callable[[Hrv], float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Practised:
    """What a measure of two hearts may look at: a session that was tested."""

    summary: SessionSummary
    together: Together
    research: Research


@dataclass(frozen=True, slots=True, kw_only=True)
class PairMeasure:
    """A figure of both hearts over the whole practice.

    `name` is its name in docs/measures.md, `unit` empty where it has none, `definition`
    what it is, in one line, with its source; `of` gives NaN where there is none.
    """

    name: str
    unit: str
    digits: int
    form: Form
    definition: str
    of: Callable[[Practised], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measure with its value; NaN where there is none."""

    measure: PairMeasure
    value: float


HEART_MEASURES: Final = (
    HeartMeasure(
        name="mean_hr_bpm", column="beats/min", digits=1, of=lambda hrv: hrv.mean_hr_bpm
    ),
    HeartMeasure(
        name="rmssd_ms", column="RMSSD, ms", digits=1, of=lambda hrv: hrv.rmssd_ms
    ),
    HeartMeasure(
        name="ln_rmssd", column="ln RMSSD", digits=2, of=lambda hrv: hrv.ln_rmssd
    ),
    HeartMeasure(
        name="sdnn_ms", column="SDNN, ms", digits=1, of=lambda hrv: hrv.sdnn_ms
    ),
    HeartMeasure(name="lf_ms2", column="LF, ms²", digits=0, of=lambda hrv: hrv.lf_ms2),
    HeartMeasure(name="hf_ms2", column="HF, ms²", digits=0, of=lambda hrv: hrv.hf_ms2),
)

PAIR_MEASURES: Final = (
    PairMeasure(
        name="co_breathing",
        unit="",
        digits=2,
        form=Form.NUMBER,
        definition="phase locking of both hearts at 0.15–0.40 Hz in free time "
        "(Lachaux 1999); talking in turn locks breaths too",
        of=lambda practised: practised.research.co_breathing.locking,
    ),
    PairMeasure(
        name="co_breathing p",
        unit="",
        digits=3,
        form=Form.PROBABILITY,
        definition="share of surrogates as locked",
        of=lambda practised: practised.research.co_breathing.p,
    ),
    PairMeasure(
        name="concordance",
        unit="",
        digits=2,
        form=Form.NUMBER,
        definition="ln of positive over negative correlations of slopes (Marci 2007); "
        "no null, and a shared start or breath raises it",
        of=lambda practised: practised.research.concordance_index,
    ),
)


def pair_figures(practised: Practised) -> tuple[Measured, ...]:
    """Take every figure of both hearts."""
    return tuple(
        Measured(measure=each, value=float(each.of(practised)))
        for each in PAIR_MEASURES
    )
