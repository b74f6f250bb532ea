"""A simulated couple as a small file: who they are, how coupled, what happens to whom.

Everything may be left out; what is left out is drawn from the seed. `parse_couple`
reads its text; whatever is wrong is named by its place and by what would be right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from coreg.base.toml_table import TomlTable, read_toml
from coreg.errors import BadCoupleError
from coreg.facts.events import Partner
from coreg.sensors.simulation.couple import PersonTraits, Script
from coreg.sensors.simulation.coupling import (
    ALL_ALONG_S,
    UNCOUPLED,
    Coupling,
    CouplingKind,
)
from coreg.sensors.simulation.events import EventKind, ScriptedEvent, usual_event
from coreg.sensors.simulation.turns import FELT, SPEAKING_BPM, Felt, ScriptedTurn

FORMAT: Final = 1
BOTH: Final = "both"
_LATEST_MIN = 180.0
_LONGEST_MIN = 60.0
_LARGEST_BPM = 60.0
_LONGEST_LAG_S = 15.0
_USUAL_FLOOR = 0.5
_SLOWS: Final = (EventKind.DROWSINESS, EventKind.SETTLING, EventKind.RELIEF)
_NOBODY: Final = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trait:
    """One trait that a file may set: where it lives, and what it may be."""

    of: str
    field: str
    low: float
    high: float
    unit: str


_TRAITS: Final = {
    "hr_bpm": _Trait(of="", field="", low=40, high=120, unit="beats a minute"),
    "resonance_per_min": _Trait(
        of="curve", field="resonance_per_min", low=4, high=7.5, unit="breaths a minute"
    ),
    "peak_rsa_ms": _Trait(
        of="curve", field="peak_rsa_ms", low=1, high=400, unit="milliseconds"
    ),
    "width_per_min": _Trait(
        of="curve", field="width_per_min", low=0.2, high=5, unit="breaths a minute"
    ),
    "floor_share": _Trait(of="curve", field="far_share", low=0, high=1, unit="a share"),
    "own_rate_per_min": _Trait(
        of="breath", field="own_rate_per_min", low=6, high=24, unit="breaths a minute"
    ),
    "adherence": _Trait(of="breath", field="adherence", low=0, high=1, unit="a share"),
    "lowest_comfortable_per_min": _Trait(
        of="breath",
        field="lowest_comfortable_per_min",
        low=2,
        high=10,
        unit="breaths a minute",
    ),
    "slow_sd_ms": _Trait(
        of="body", field="slow_sd_ms", low=0, high=150, unit="milliseconds"
    ),
    "latency_s": _Trait(of="strap", field="latency_s", low=0.1, high=5, unit="seconds"),
    "artefact_share": _Trait(
        of="strap", field="artefact_share", low=0, high=0.3, unit="a share"
    ),
    "dropouts_per_min": _Trait(
        of="strap", field="dropouts_per_min", low=0, high=6, unit="times a minute"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoupleFile:
    """A couple as its file describes it; `wishes` are traits, by partner and name."""

    name: str
    purpose: str
    wishes: Mapping[Partner, Mapping[str, float]]
    script: Script


def parse_couple(text: str) -> CoupleFile:
    """Return the couple that a TOML text describes.

    Raises
    ------
    BadCoupleError
        Naming the place in the text and what would be right there.
    """
    top = read_toml(
        text, "the couple", BadCoupleError, compare_with="docs/simulated-couples.md"
    )
    top.allow("format", "name", "purpose", *Partner, "coupling", "event", "turn")
    top.expect_format(FORMAT)
    events = [_event(table) for table in top.tables("event", "event")]
    turns = tuple(_turn(table) for table in top.tables("turn", "turn"))
    return CoupleFile(
        name=top.text("name"),
        purpose=top.text("purpose"),
        wishes={partner: _wishes(top.table_or_empty(partner)) for partner in Partner},
        script=Script(
            coupling=_coupling(top.table_or_empty("coupling")),
            events={
                partner: (
                    *(event for whose, event in events if partner in whose),
                    *(event for turn in turns for event in turn.events_of(partner)),
                )
                for partner in Partner
            },
            turns=turns,
        ),
    )


def as_wished(traits: PersonTraits, wishes: Mapping[str, float]) -> PersonTraits:
    """Return a drawn person with the traits that a file sets.

    Whoever is given a resonance has one, also where a person without was drawn.
    """
    flat = traits.body.curve.far_share == 1
    if flat and "resonance_per_min" in wishes:
        wishes = {"floor_share": _USUAL_FLOOR, **wishes}
    for name, value in wishes.items():
        traits = _with_trait(traits, name, value)
    return traits


def _with_trait(traits: PersonTraits, name: str, value: float) -> PersonTraits:
    if name == "hr_bpm":
        return replace(traits, body=replace(traits.body, mean_rr_ms=60_000 / value))
    trait, body = _TRAITS[name], traits.body
    # The fields' names are checked against the traits' own by the tests.
    change = cast("dict[str, Any]", {trait.field: value})
    match trait.of:
        case "curve":
            return replace(
                traits, body=replace(body, curve=replace(body.curve, **change))
            )
        case "breath":
            return replace(
                traits, body=replace(body, breath=replace(body.breath, **change))
            )
        case "body":
            return replace(traits, body=replace(body, **change))
        case _:
            return replace(traits, strap=replace(traits.strap, **change))


def _wishes(table: TomlTable) -> dict[str, float]:
    table.allow(*_TRAITS)
    return {
        name: table.number(name, trait.low, trait.high, trait.unit)
        for name, trait in _TRAITS.items()
        if name in table.values
    }


def _coupling(table: TomlTable) -> Coupling:
    if not table.values:
        return UNCOUPLED
    table.allow("kind", "leader", "strength", "lag_s", "begins_min")
    return Coupling(
        kind=CouplingKind(table.one_of("kind", tuple(CouplingKind))),
        leader=Partner(table.one_of_or("leader", tuple(Partner), Partner.A)),
        strength=table.number("strength", 0, 1, "a share"),
        lag_s=table.number_or("lag_s", 0, _LONGEST_LAG_S, "seconds", 0.0),
        begins_s=60
        * table.number_or(
            "begins_min", 0, _LATEST_MIN, "minutes of the session", ALL_ALONG_S / 60
        ),
    )


def _turn(table: TomlTable) -> ScriptedTurn:
    """Return one turn: who speaks, and what it is for each of the two."""
    table.allow("at_min", "minutes", "speaker", "speaking_bpm", *Partner)
    speaker = table.one_of_or("speaker", (*Partner, _NOBODY), _NOBODY)
    return ScriptedTurn(
        start_s=60 * table.number("at_min", 0, _LATEST_MIN, "minutes of the session"),
        length_s=60 * table.number("minutes", 0.1, _LONGEST_MIN, "minutes"),
        speaker=None if speaker == _NOBODY else Partner(speaker),
        speaking_bpm=table.number_or(
            "speaking_bpm", 0.0, _LARGEST_BPM, "beats a minute", SPEAKING_BPM
        ),
        feels=tuple(felt for partner in Partner for felt in _felt(partner, table)),
    )


def _felt(partner: Partner, of: TomlTable) -> tuple[Felt, ...]:
    """Return what a turn is for one of the two; nothing where it does not say."""
    table = of.table_or_empty(partner)
    if not table.values:
        return ()
    table = replace(table, place=f"{of.place}, {partner}")
    table.allow("feels", "change_bpm", "after_s", "rise_s", "fade_s")
    kind = EventKind(table.one_of("feels", FELT))
    low, high = (-_LARGEST_BPM, 0.0) if kind in _SLOWS else (0.0, _LARGEST_BPM)
    usual = usual_event(kind, 0.0)
    longest_s = 60 * _LONGEST_MIN
    return (
        Felt(
            partner=partner,
            kind=kind,
            change_bpm=table.number_or(
                "change_bpm", low, high, "beats a minute", usual.change_bpm
            ),
            after_s=table.number_or("after_s", 0, longest_s, "seconds", 0.0),
            rise_s=table.number_or("rise_s", 1, longest_s, "seconds", usual.rise_s),
            fade_s=table.number_or("fade_s", 1, longest_s, "seconds", usual.fade_s),
        ),
    )


def _event(table: TomlTable) -> tuple[tuple[Partner, ...], ScriptedEvent]:
    """Return one event, and whose it is."""
    table.allow(
        "kind", "partner", "at_min", "change_bpm", "rise_s", "hold_min", "fade_s"
    )
    kind = EventKind(table.one_of("kind", tuple(EventKind)))
    whose = table.one_of("partner", (*Partner, BOTH))
    start_s = 60 * table.number("at_min", 0, _LATEST_MIN, "minutes of the session")
    usual = usual_event(kind, start_s)
    low, high = (-_LARGEST_BPM, 0.0) if kind in _SLOWS else (0.0, _LARGEST_BPM)
    longest_s = 60 * _LONGEST_MIN
    event = replace(
        usual,
        change_bpm=table.number_or(
            "change_bpm", low, high, "beats a minute", usual.change_bpm
        ),
        rise_s=table.number_or("rise_s", 1, longest_s, "seconds", usual.rise_s),
        hold_s=60
        * table.number_or("hold_min", 0, _LONGEST_MIN, "minutes", usual.hold_s / 60),
        fade_s=table.number_or("fade_s", 1, longest_s, "seconds", usual.fade_s),
    )
    return tuple(Partner) if whose == BOTH else (Partner(whose),), event
