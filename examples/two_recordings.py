"""Two RR recordings, read and cleaned, and what their hearts did.

    python examples/two_recordings.py [A B]

Each is a text file of RR intervals or any other recording that coreg reads. Without
files it makes two of its own: 240 beats at about 71 and 63 a minute, one of which was
missed by the strap.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import coreg

BEATS = 240


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files
    with TemporaryDirectory() as folder:
        for path in files or made_up(Path(folder)):
            recording = coreg.read_recording(path)
            beats = recording.cleaned()
            figures = coreg.hrv(beats.nn_ms, beats.t_s)
            print(
                f"{path.name}: {len(recording.rr_ms)} intervals, "
                f"{figures.mean_hr_bpm:.1f} beats a minute, "
                f"RMSSD {figures.rmssd_ms:.1f} ms"
            )


def made_up(folder: Path) -> list[Path]:
    """Write two recordings and return where they are."""
    paths = []
    for name, rr_ms in (("A", 850), ("B", 950)):
        intervals = [rr_ms + 40 * (beat % 5 - 2) for beat in range(BEATS)]
        intervals[100] *= 2  # the strap missed a beat, and cleaning finds it
        paths.append(folder / f"{name}.txt")
        paths[-1].write_text("\n".join(map(str, intervals)), encoding="utf-8")
    return paths


if __name__ == "__main__":
    main()
