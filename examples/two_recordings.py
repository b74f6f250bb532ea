"""Two RR recordings through the whole path, without the command line.

Make two text files of RR intervals, one a line, send both through the engine and print
what a practice would have known about them. Run it as it is: it makes its own files.
"""

import math
from pathlib import Path
from tempfile import TemporaryDirectory

from coreg.facts.events import (
    Beat,
    HeartWindow,
    Input,
    Opened,
    Partner,
    Source,
    SourceEnded,
    Tick,
)
from coreg.facts.opened import Identity, PracticeChosen, StrapsWorn, WhoseHearts
from coreg.sensors.recordings.inputs import to_inputs
from coreg.sensors.recordings.reading import read_recording
from coreg.session.engine import run
from coreg.store.plans import plan_text

QUARTER_S_NS = 250_000_000
SECONDS = 240


def main() -> None:
    with TemporaryDirectory() as folder:
        inputs: list[Input] = []
        for partner, rr_ms in ((Partner.A, 850), (Partner.B, 950)):
            path = Path(folder) / f"{partner}.txt"
            intervals = [rr_ms + 40 * (beat % 5 - 2) for beat in range(SECONDS)]
            path.write_text("\n".join(map(str, intervals)), encoding="utf-8")
            inputs += to_inputs(read_recording(path), partner)
    inputs += [Tick(t_ns=n * QUARTER_S_NS) for n in range(4 * SECONDS)]
    inputs.sort(key=lambda each: each.t_ns)
    inputs = [each for each in inputs if each.t_ns <= SECONDS * 4 * QUARTER_S_NS]
    inputs.append(SourceEnded(t_ns=inputs[-1].t_ns))

    outputs = list(run([opened(), *inputs]))
    for partner in Partner:
        beats = [o for o in outputs if isinstance(o, Beat) and o.partner is partner]
        last = [
            o for o in outputs if isinstance(o, HeartWindow) and o.partner is partner
        ][-1]
        print(
            f"{partner}: {len(beats)} beats, {last.hr_bpm:.1f} beats a minute, "
            f"RMSSD {last.rmssd_ms:.1f} ms"
        )


def opened() -> Opened:
    return Opened(
        t_ns=0,
        identity=Identity(
            session_id="20260101-200000-demo",
            opened_utc="2026-01-01T20:00:00.000+00:00",
            consent="made-up numbers",
            versions=(),
        ),
        couple=WhoseHearts(source=Source.RECORDINGS, seed=0),
        practice=PracticeChosen(
            plan_toml=plan_text("relaxed-and-alert"),
            breathing_min=0.0,
            steps_wait=False,
            ends_with_source=True,
        ),
        straps=StrapsWorn(
            streams=("A.txt", "B.txt"),
            common_clock=False,  # neither file says when its first beat was
            latency_s=(0.0, 0.0),
            lag_resolution_s=math.nan,
        ),
    )


if __name__ == "__main__":
    main()
