"""The research sheet's tables: the test part by part, beside figures, HRV."""

import math
from collections.abc import Iterator

from coreg.analysis.synchrony import Synchrony
from coreg.findings.measures import (
    HEART_MEASURES,
    Form,
    Measured,
    Practised,
    pair_figures,
)
from coreg.findings.research import PartnerInfluence, Research, hrv_of_phase
from coreg.findings.summary import SessionSummary
from coreg.findings.together import Together
from coreg.report.tables import Table, table
from coreg.report.words import (
    research as words,
    session as general,
    together as together_words,
)
from coreg.report.words.numbers import NONE, figure, with_unit

Row = tuple[str, str, str]
_HELPS = 0.05


def phases_table(together: Together, found: Synchrony) -> Table:
    """Return the test part by part."""
    probability = together_words.probability
    return table(
        together_words.PHASES_CAPTION,
        together_words.PHASE_COLUMNS,
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
        caption=words.MEASURES_CAPTION,
        columns=(words.MEASURE, words.VALUE),
        owners=(None, None),
        rows=tuple((name, value) for name, value, _ in rows),
        remarks=tuple(definition for _, _, definition in rows),
    )


def _tested(found: Synchrony) -> Iterator[Row]:
    probability = together_words.probability
    yield "p_hr", probability(found.p_hr), words.P_HR
    yield "p_rsa", probability(found.p_rsa), words.P_RSA
    yield "p_any", probability(found.p_any), words.P_ANY
    yield "r", figure(found.hr.r, 3), words.R_HR
    yield "lag_s", figure(found.lag_s, 1), words.LAG
    yield "p_direction", probability(found.p_direction), words.P_DIRECTION
    yield "shared_s", f"{found.shared_s}", words.SHARED
    drawn = f"{found.surrogates}, {with_unit('seed', str(found.seed))}"
    yield "surrogates", drawn, words.SURROGATES


def _followed(beside: Research) -> Iterator[Row]:
    for each in beside.followed:
        name = f"adherence, {each.partner}"
        breaths = f"{each.of.breaths:.0f}"
        told = words.ADHERENCE.format(breaths=breaths)
        yield name, figure(each.of.locking, 2), told
        delay = f"{figure(each.of.delay_rad, 2)} rad"
        yield f"delay, {each.partner}", delay, words.ADHERENCE_DELAY


def _single(measured: Measured) -> Row:
    """Return a figure as its record says it is written."""
    of, value = measured.measure, measured.value
    if of.form is Form.PROBABILITY:
        return of.name, together_words.probability(value), of.definition
    number = figure(value, of.digits)
    told = with_unit(number, of.unit) if of.unit and number != NONE else number
    return of.name, told, of.definition


def _influence(beside: Research) -> Iterator[Row]:
    for each in beside.oscillators:
        yield f"oscillator, {each.partner}", *_gain(each, words.OSCILLATOR)
    if all(map(_helps, beside.oscillators)):
        apart = figure(beside.growth_apart_per_s, 4)
        told = words.GROWTH.format(apart=apart)
        yield "growth_per_s", figure(beside.growth_per_s, 4), told
    else:
        yield "growth_per_s", NONE, _why_none(*beside.oscillators)
    for each in beside.inertias:
        yield f"inertia, {each.partner}", *_gain(each, words.INERTIA)
        if _helps(each):
            weight = figure(each.coefficients[-1], 2)
            yield f"coordination, {each.partner}", weight, words.COORDINATION
        else:
            yield f"coordination, {each.partner}", NONE, _why_none(each)


def _why_none(*models: PartnerInfluence) -> str:
    """Tell a model that did not help from one that could not be fitted."""
    fitted = not any(math.isnan(of.held_out.gain) for of in models)
    return words.NOT_HELD_OUT if fitted else words.NO_FREE_TIME


def _gain(of: PartnerInfluence, told: str) -> tuple[str, str]:
    if math.isnan(of.held_out.gain):
        return NONE, words.NO_FREE_TIME
    p = together_words.probability(of.held_out.p)
    return figure(of.held_out.gain, 3), told.format(p=p)


def _helps(of: PartnerInfluence) -> bool:
    """Say whether the partner helps to predict what the model has not seen."""
    return of.held_out.p < _HELPS and not math.isnan(of.held_out.gain)


def hrv_table(summary: SessionSummary) -> Table:
    """Return HRV figures by partner and phase."""
    columns = (words.HRV_PART, *(each.column for each in HEART_MEASURES))
    rows = []
    for phase in summary.phases:
        for heart in summary.hearts:
            hrv = hrv_of_phase(heart, phase, summary.pauses)
            rows.append(
                (
                    f"{heart.partner}, {general.name(phase.name)}",
                    *(figure(each.of(hrv), each.digits) for each in HEART_MEASURES),
                )
            )
    return Table(
        caption=words.HRV_CAPTION,
        columns=columns,
        owners=(None,) * len(columns),
        rows=tuple(rows),
        remarks=(),
    )
