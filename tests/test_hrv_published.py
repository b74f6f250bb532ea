"""Figures on recordings whose reference values others have published."""

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.hrv import hrv
from coreg.analysis.tachogram import elapsed_s
from tests.helpers.shared import DATA, needs_data


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def numbers(name: str) -> NDArray[np.float64]:
    words = (DATA / name).read_text(encoding="latin1").split()
    return np.array([float(word) for word in words])


@needs_data
def test_the_holter_record_000_has_its_published_rmssd_and_heart_rate() -> None:
    nn_ms = numbers("physionet_healthy_rr/000_first2h_ms.txt")[:306]
    figures = hrv(elapsed_s(nn_ms), nn_ms)
    assert figures.rmssd_ms == pytest.approx(52.622348, abs=5e-7)
    assert figures.mean_hr_bpm == pytest.approx(61.230, abs=5e-4)


@needs_data
@pytest.mark.parametrize(
    ("name", "mean_nn_ms", "sdnn_ms", "rmssd_ms", "pnn50_pct"),
    [
        # NeuroKit2, hrv-analysis, hrv, systole and pyHRV agree on these to 1e-6.
        (
            "pyhrv_reference/SampleNNISeriesShort.txt",
            888.9554896142,
            95.69035398755,
            101.3006340177,
            48.51190476190,
        ),
        (
            "rhenanbartels_polar/rest_rri.txt",
            1058.718681319,
            57.81817771970,
            55.13744203127,
            35.31353135314,
        ),
    ],
)
def test_five_libraries_agree_with_ours(
    name: str, mean_nn_ms: float, sdnn_ms: float, rmssd_ms: float, pnn50_pct: float
) -> None:
    nn_ms = numbers(name)
    figures = hrv(elapsed_s(nn_ms), nn_ms)
    assert figures.mean_nn_ms == pytest.approx(mean_nn_ms, rel=1e-9)
    assert figures.sdnn_ms == pytest.approx(sdnn_ms, rel=1e-9)
    assert figures.rmssd_ms == pytest.approx(rmssd_ms, rel=1e-9)
    assert figures.pnn50_pct == pytest.approx(pnn50_pct, rel=1e-9)


@needs_data
@pytest.mark.parametrize("record", ["nsr001", "nsr004"])
def test_the_windows_of_nsr2db_have_their_published_figures(record: str) -> None:
    folder = DATA / "nsr2db_ref"
    beats = read_rows(folder / f"{record}_beats_first2h.csv")
    t_s = np.array([float(row["t_ref_s"]) for row in beats])
    normal = np.array([row["label"] == "N" for row in beats])
    nn_ms = 1000 * np.diff(t_s)
    # The reference keeps pairs of normal beats 375-2000 ms apart.
    kept = normal[1:] & normal[:-1] & (nn_ms >= 375) & (nn_ms <= 2000)
    nn_ms[~kept] = np.nan
    errors = []
    for row in read_rows(folder / f"{record}_reference_hrv.csv"):
        inside = (t_s[1:] > float(row["t_start"])) & (t_s[1:] <= float(row["t_end"]))
        figures = hrv(t_s[1:][inside], nn_ms[inside])
        ours = (figures.mean_nn_ms, figures.sdnn_ms, figures.rmssd_ms)
        theirs = tuple(float(row[name]) for name in ("NNmean", "SDNN", "RMSSD"))
        errors.append(np.abs(np.divide(ours, theirs) - 1))
    assert len(errors) == 231
    assert np.nanmedian(errors, axis=0).max() <= 0.002
