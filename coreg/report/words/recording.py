"""Every sentence about one recording."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from coreg.report.words.numbers import NBSP, figure, short_length
from coreg.report.words.stored import in_own_words
from coreg.words import say

UNITS: Final[Mapping[str, str]] = {
    "mean_nn_ms": "ms",
    "mean_hr_bpm": "beats/min",
    "mean_inst_hr_bpm": "beats/min",
    "sdnn_ms": "ms",
    "rmssd_ms": "ms",
    "ln_rmssd": "ln ms",
    "pnn50_pct": "%",
    "sd1_ms": "ms",
    "sd2_ms": "ms",
    "vlf_ms2": "ms²",
    "lf_ms2": "ms²",
    "hf_ms2": "ms²",
    "lf_peak_hz": "Hz",
    "hf_peak_hz": "Hz",
    "lf_hf": "",
    "sampen": "",
    "dfa_alpha1": "",
}
_NORMAL: Final = "normal"
_LONGEST_NAME: Final = 60
_NOTHING: Final[Mapping[str, Mapping[str, str | int]]] = MappingProxyType({})


def unit(name: str) -> str:
    """Return a figure's unit."""
    found = UNITS[name]
    return say("report.recording.beats_per_min") if found == "beats/min" else found


def meaning(name: str) -> str:
    """Return what a figure is, in few words."""
    return say(f"report.recording.meanings.{name}")


def why_none(reason: str) -> str:
    """Return why there is no such figure.

    Examples
    --------
    >>> why_none("needs 60 s of clean intervals and got 40 s")
    'needs 60 s of clean intervals and got 40 s'
    """
    return in_own_words(reason, "figures")


def meaning_with(caution: str | None, name: str) -> str:
    """Return what a figure is, and why it is to be read with care, where it is."""
    if caution is None:
        return meaning(name)
    why = in_own_words(caution, "figures")
    return say("report.recording.with_caution", meaning=meaning(name), why=why)


def label(name: str) -> str:
    """Return what cleaning calls an interval that it set aside."""
    return say(f"report.recording.labels.{name}")


def caution_lines(cautions: Mapping[str, str]) -> list[str]:
    """Return each caution once, with the figures that it is about.

    Examples
    --------
    >>> caution_lines({"lf_ms2": "from 200 s", "lf_hf": "from 200 s"})
    ['Caution: from 200 s (lf_ms2, lf_hf)']
    """
    about: dict[str, list[str]] = {}
    for name, why in cautions.items():
        about.setdefault(why, []).append(name)
    return [
        say(
            "report.recording.caution",
            why=in_own_words(why, "figures"),
            figures=", ".join(names),
        )
        for why, names in about.items()
    ]


def untrue_lines(over_counted_s: float) -> list[str]:
    r"""Warn of more heartbeats than there was time for, where there were.

    Examples
    --------
    >>> untrue_lines(0.0), untrue_lines(90.0)[0][:23]
    ([], 'Caution: for 1\xa0min\xa030\xa0s')
    """
    if not over_counted_s:
        return []
    return [say("report.recording.untrue", length=short_length(over_counted_s))]


def irregular_lines(irregular_s: float) -> list[str]:
    r"""Say where the rhythm was irregular, that there are no figures, and no more.

    Examples
    --------
    >>> irregular_lines(0.0), irregular_lines(90.0)[0][:9]
    ([], 'For 1\xa0min')
    """
    if not irregular_s:
        return []
    return [say("report.recording.irregular", length=short_length(irregular_s))]


def remark_lines(
    remarks: Sequence[str], details: Mapping[str, Mapping[str, str | int]] = _NOTHING
) -> list[str]:
    """Say what was met in a file that whoever reads its figures should know.

    `details` says what a remark is about: the names of columns, and how many rows.

    Examples
    --------
    >>> remark_lines(["values-missing"])[0][:36]
    'Some values are missing in this file'
    """
    return [
        say(f"report.recording.remarks.{each}", **_shortened(details.get(each, {})))
        for each in remarks
    ]


def _shortened(about: Mapping[str, str | int]) -> dict[str, str | int]:
    """Return what a remark is about, with names that fit into a line."""
    return {
        name: value[:_LONGEST_NAME] if isinstance(value, str) else value
        for name, value in about.items()
    }


def summary_line(*, kind: str, intervals: int, labels: Mapping[str, int]) -> str:
    """Return what a recording is and what cleaning made of it."""
    told = sorted((label(each), n) for each, n in labels.items() if each != _NORMAL)
    aside = ", ".join(f"{n} {name}" for name, n in told)
    kind = in_own_words(kind)
    if not aside:
        return say("report.recording.none_aside", n=intervals, kind=kind)
    return say("report.recording.some_aside", n=intervals, kind=kind, aside=aside)


def power(tens: int) -> str:
    r"""Return a power of ten as it stands on an axis.

    Examples
    --------
    >>> power(-1), power(3), power(6)
    ('0.1', '1000', '1\xa0000\xa0000')
    """
    if tens < 0:
        return figure(10.0**tens, -tens)
    number = 10**tens
    return f"{number:,}".replace(",", NBSP) if number >= 10_000 else f"{number}"
