"""The research sheet's tables: the test part by part, beside figures, HRV."""

import math
from collections.abc import Iterator

from coreg.analysis.synchrony import Synchrony
from coreg.findings.heart import HeartFigures
from coreg.findings.measures import (
    HEART_MEASURES,
    Form,
    HeartMeasure,
    Measured,
    PairMeasure,
    Practised,
    pair_figures,
)
from coreg.findings.research import (
    PartnerInfluence,
    Research,
    hrv_of_phase,
    rmssd_caution,
)
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import BlockSpan
from coreg.findings.together import Together
from coreg.findings.turns import is_talked_in
from coreg.report.tables import Table, table
from coreg.report.words import (
    session as general,
    together as together_words,
)
from coreg.report.words.numbers import NONE, figure, with_unit
from coreg.report.words.stored import in_own_words
from coreg.words import say, section

Row = tuple[str, str, str]
_HELPS = 0.05


def phases_table(together: Together, found: Synchrony) -> Table:
    """Return the test part by part."""
    probability = together_words.probability
    return table(
        say("report.together.phases_caption"),
        together_words.columns(
            "phases", "part", "n", "r", "shift", "p", "p_holm", "swing_p_holm"
        ),
        (
            (
                together_words.stretch_name(stretch),
                f"{phase.shared_s}",
                figure(phase.hr.r, 2),
                figure(phase.hr.lag_s, 1),
                probability(phase.hr.p),
                probability(phase.p_hr_holm),
                probability(phase.p_rsa_holm),
            )
            for stretch, phase in zip(together.stretches, found.per_phase, strict=True)
        ),
    )


def measures_table(found: Synchrony, practised: Practised) -> Table:
    """Return every figure of the whole practice with what it is."""
    rows = [
        *_tested(found),
        *_followed(practised.research),
        *map(_single, pair_figures(practised)),
        *_influence(practised.research),
    ]
    return Table(
        caption=" ".join(
            (say("report.research.measures_caption"), say("report.research.models"))
        ),
        columns=(say("report.research.measure"), say("report.research.value")),
        owners=(None, None),
        rows=tuple((name, value) for name, value, _ in rows),
        remarks=tuple(definition for _, _, definition in rows),
    )


def _tested(found: Synchrony) -> Iterator[Row]:
    probability = together_words.probability
    yield "p_hr", probability(found.p_hr), say("report.research.p_hr")
    yield "p_rsa", probability(found.p_rsa), say("report.research.p_rsa")
    yield "p_any", probability(found.p_any), say("report.research.p_any")
    yield "r", figure(found.hr.r, 3), say("report.research.r_hr")
    yield "lag_s", figure(found.lag_s, 1), say("report.research.lag")
    yield (
        "p_direction",
        probability(found.p_direction),
        say("report.research.p_direction"),
    )
    yield "shared_s", f"{found.shared_s}", say("report.research.shared")
    drawn = say("report.research.drawn", n=found.surrogates, seed=found.seed)
    yield "surrogates", drawn, say("report.research.surrogates")


def _followed(beside: Research) -> Iterator[Row]:
    for each in beside.followed:
        name = f"adherence, {each.partner}"
        breaths = f"{each.of.breaths:.0f}"
        told = say("report.research.adherence", breaths=breaths)
        yield name, figure(each.of.locking, 2), told
        delay = f"{figure(each.of.delay_rad, 2)} rad"
        yield f"delay, {each.partner}", delay, say("report.research.adherence_delay")


def _single(measured: Measured) -> Row:
    """Return a figure as its record says it is written."""
    of, value = measured.measure, measured.value
    definition = _definition(of)
    if of.form is Form.PROBABILITY:
        return of.name, together_words.probability(value), definition
    number = figure(value, of.digits)
    told = with_unit(number, of.unit) if of.unit and number != NONE else number
    return of.name, told, definition


def _influence(beside: Research) -> Iterator[Row]:
    for each in beside.oscillators:
        yield f"oscillator, {each.partner}", *_gain(each)
    if all(map(_helps, beside.oscillators)):
        apart = figure(beside.growth_apart_per_s, 4)
        told = say("report.research.growth", apart=apart)
        yield "growth_per_s", figure(beside.growth_per_s, 4), told
    else:
        yield "growth_per_s", NONE, _why_none(*beside.oscillators)
    for each in beside.inertias:
        yield f"inertia, {each.partner}", *_gain(each)
        if _helps(each):
            weight = figure(each.coefficients[-1], 2)
            yield (
                f"coordination, {each.partner}",
                weight,
                say("report.research.coordination"),
            )
        else:
            yield f"coordination, {each.partner}", NONE, _why_none(each)


def _definition(of: PairMeasure) -> str:
    """Return what a figure is; one that no catalogue knows says it itself."""
    known = section("report")["research"]["definitions"]
    return str(known.get(of.name.replace(" ", "_"), of.definition))


def column_of(of: HeartMeasure) -> str:
    """Return what stands above a figure; names that all languages share stay."""
    known = section("report")["research"]["columns"]
    return str(known.get(of.name, of.column))


def _why_none(*models: PartnerInfluence) -> str:
    """Tell a model that did not help from one that could not be fitted."""
    fitted = not any(math.isnan(of.held_out.gain) for of in models)
    return (
        say("report.research.not_held_out")
        if fitted
        else say("report.research.no_free_time")
    )


def _gain(of: PartnerInfluence) -> tuple[str, str]:
    if math.isnan(of.held_out.gain):
        return NONE, say("report.research.no_free_time")
    p = together_words.probability(of.held_out.p)
    return figure(of.held_out.gain, 3), say("report.research.held_out", p=p)


def _helps(of: PartnerInfluence) -> bool:
    """Say whether the partner helps to predict what the model has not seen."""
    return of.held_out.p < _HELPS and not math.isnan(of.held_out.gain)


def hrv_table(summary: SessionSummary) -> Table:
    """Return HRV figures by partner and phase."""
    columns = (
        say("report.research.hrv_part"),
        *(column_of(each) for each in HEART_MEASURES),
    )
    rows = [
        (
            _heart_part(heart, phase),
            *_hrv_figures(summary, heart, at),
        )
        for at, phase in enumerate(summary.phases)
        for heart in summary.hearts
    ]
    return Table(
        caption=say("report.research.hrv_caption"),
        columns=columns,
        owners=(None,) * len(columns),
        rows=tuple(rows),
        remarks=(),
    )


def hrv_cautions(summary: SessionSummary) -> list[str]:
    """Return of each part where RMSSD hangs on few beats."""
    return [
        say(
            "report.research.rmssd_caution",
            part=_heart_part(heart, phase),
            why=in_own_words(why, "figures"),
        )
        for phase in summary.phases
        if not is_talked_in(phase.kind)
        for heart in summary.hearts
        if (why := rmssd_caution(summary, heart, phase)) is not None
    ]


def _heart_part(heart: HeartFigures, phase: BlockSpan) -> str:
    return say(
        "report.research.heart_part",
        heart=heart.partner.value,
        part=general.name(phase.name),
    )


def _hrv_figures(
    summary: SessionSummary, heart: HeartFigures, at: int
) -> tuple[str, ...]:
    """Return the figures of one part; of one in which people talk, the rate alone."""
    phase = summary.phases[at]
    if is_talked_in(phase.kind):
        rate = figure(heart.levels[at].mean_hr_bpm, 1)
        return tuple(
            rate if each.name == "mean_hr_bpm" else NONE for each in HEART_MEASURES
        )
    hrv = hrv_of_phase(heart, phase, summary.pauses)
    return tuple(figure(each.of(hrv), each.digits) for each in HEART_MEASURES)
