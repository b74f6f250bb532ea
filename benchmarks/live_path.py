"""What a live beat costs, and whether an hour of practice grows.

    python benchmarks/live_path.py

A simulated couple practises for an hour, straight through the engine, without waiting.
Printed: CPU time per beat, apart for the running-sum windows (10 s heart rate and 60 s
RMSSD), the beat clock, the cleaner, the spectrum and the swings; the windows beside a
numpy recomputation of the same two figures at every beat (a ratio, which travels
between machines); what it costs to look for a pace, beside the breath that is decided;
and the memory that the engine holds after 10 and after 60 minutes.

Then the same hour with what two Polar H10s measure beside heartbeats, ECG (130 Hz) and
acceleration (50 Hz as coreg asks for it, and 200 Hz): CPU seconds of the engine, of the
log, the size of the log, the memory of the process after 10 and after 60 minutes, and
how long all that comes within a quarter of a second keeps the engine: for so long, at
most, a notification waits for what came with it.
The log commits as often as in life only at the pace of life
(``python -m benchmarks.web_latency --streams``). Only this part:
``python -m benchmarks.live_path --streams``.
"""

import argparse
import gc
import tempfile
import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.measured import Measured
from coreg.analysis.cleaning_causal import CausalCleaner
from coreg.analysis.windows import HeartRateWindow, RmssdWindow, SpectrumWindow
from coreg.exercises.pacing.shared_pacer import SharedPacer
from coreg.facts.codec import CUES
from coreg.facts.events import (
    NS_PER_S,
    Beat,
    BeatLabel,
    Input,
    Notification,
    Opened,
    Partner,
    Source,
    Tick,
)
from coreg.sensors.decoding.heart_rate import decode
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.sensors.timing.beats import BeatClock
from coreg.session.engine import Engine
from coreg.store.plans import plan_text
from coreg.store.session_log import SessionLog
from tests.helpers.openings import opening

TICK_NS = NS_PER_S // 4
MINUTES = 60
Row = tuple[float, float, bool]


def opened() -> Opened:
    return opening(
        session_id="20260101-200000-long",
        opened_utc="2026-01-01T20:00:00.000+00:00",
        source=Source.SIMULATED,
        streams=("simulated person A", "simulated person B"),
        common_clock=True,
        latency_s=(0.0, 0.0),
        lag_resolution_s=2.2,
        seed=1,
        plan_toml=plan_text("relaxed-and-alert"),
        breathing_min=MINUTES - 3.0,
        steps_wait=False,
        ends_with_source=True,
        consent="simulated people",
        versions=(),
    )


def live_hour() -> tuple[list[Input], list[Beat], float]:
    """Return the inputs, the beats and the engine's CPU seconds."""
    engine, couple = Engine(), SimulatedCouple(seed=1)
    inputs: list[Input] = [opened()]
    beats: list[Beat] = []
    engine.feed(inputs[0])
    cpu_s = 0.0
    for number in range(4 * 60 * MINUTES + 1):
        t_ns = number * TICK_NS
        arrived: list[Input] = [*couple.advance(t_ns), Tick(t_ns=t_ns)]
        for given in arrived:
            began = time.process_time()
            outputs = engine.feed(given)
            cpu_s += time.process_time() - began
            inputs.append(given)
            for output in outputs:
                if isinstance(output, CUES):
                    couple.hear(output)
                elif isinstance(output, Beat):
                    beats.append(output)
    return inputs, beats, cpu_s


def memory(inputs: Sequence[Input]) -> dict[int, int]:
    """Return the bytes that a fresh engine holds after so many minutes."""
    held: dict[int, int] = {}
    engine = Engine()
    tracemalloc.start()
    for given in inputs:
        engine.feed(given)
        minute = given.t_ns // (60 * NS_PER_S)
        if minute in (10, 30, 59) and minute not in held:
            gc.collect()
            held[minute] = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return held


def per_beat_us(what: Callable[[], None], beats: int) -> float:
    """Return the CPU microseconds a beat, the least of five runs."""
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        what()
        best = min(best, time.process_time() - began)
    return 1e6 * best / beats


def windows(rows: Sequence[Row]) -> None:
    hr, rmssd = HeartRateWindow(), RmssdWindow()
    for t_s, nn_ms, adjacent in rows:
        hr.push(t_s, nn_ms)
        rmssd.push(t_s, nn_ms, adjacent=adjacent)


def numpy_windows(rows: Sequence[Row]) -> None:
    """Recompute both figures from the beats at every beat, as most programs do."""
    t_s = np.array([row[0] for row in rows])
    nn_ms = np.array([row[1] for row in rows])
    for last in range(1, t_s.size + 1):
        ten = nn_ms[np.searchsorted(t_s, t_s[last - 1] - 10) : last]
        sixty = nn_ms[np.searchsorted(t_s, t_s[last - 1] - 60) : last]
        if np.isfinite(ten).any() and np.isfinite(sixty).sum() > 2:
            _ = 60_000 / np.nanmean(ten)
            _ = np.sqrt(np.nanmean(np.diff(sixty) ** 2))


def beat_clock(inputs: Sequence[Input]) -> None:
    clock = BeatClock()
    for given in inputs:
        if isinstance(given, Notification) and given.partner is Partner.A:
            clock.feed(given.t_ns / NS_PER_S, decode(given.data).rr_ms)


def cleaner(beats: Sequence[Beat]) -> None:
    causal = CausalCleaner()
    for beat in beats:
        after_gap = beat.label is BeatLabel.GAP
        causal.feed(t_s=beat.t_s, rr_ms=beat.rr_ms, after_gap=after_gap)


def spectrum(rows: Sequence[Row]) -> None:
    window, next_s = SpectrumWindow(), 0.0
    for t_s, nn_ms, _ in rows:
        window.push(t_s, nn_ms)
        if t_s >= next_s:
            window.at(t_s)
            next_s = t_s + 1


def pace_share(beats: Sequence[Beat]) -> float:
    """Return the CPU time of looking for a pace, as a share of the time breathed."""
    pacer, waiting = SharedPacer.finding(), deque(beats)
    began, t_s, until_s = time.process_time(), 0.0, beats[-1].t_s
    while t_s < until_s:
        while waiting and waiting[0].t_s <= t_s:
            beat = waiting.popleft()
            pacer.observe(beat.partner, beat.t_s, beat.nn_ms)
        t_s += 60 / pacer.rate_per_min(t_s)
    return (time.process_time() - began) / until_s


def hour_of_streams(acceleration_hz: int | None) -> None:
    """Print what an hour costs with streams, or without any, through engine and log."""
    engine, couple = Engine(), SimulatedCouple(seed=1)
    measured = Measured(acceleration_hz=acceleration_hz) if acceleration_hz else None
    engine_s = log_s = 0.0
    frames, rss_mib, turns_s = 0, dict[int, float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "20260101-200000-long.coreg")
        engine.feed(opened())
        with SessionLog.create(path, opened()) as log:
            for number in range(4 * 60 * MINUTES + 1):
                t_ns = number * TICK_NS
                arrived: list[Input] = [*couple.advance(t_ns), Tick(t_ns=t_ns)]
                if measured is not None:
                    arrived = [*measured.until(t_ns), *arrived]
                frames += len(arrived)
                began_s = time.process_time()
                for given in arrived:
                    log.append(given, given.t_ns)
                log_s += time.process_time() - began_s
                began_s = time.thread_time()
                for given in arrived:
                    for output in engine.feed(given):
                        if isinstance(output, CUES):
                            couple.hear(output)
                turns_s.append(time.thread_time() - began_s)
                engine_s += turns_s[-1]
                if (minute := t_ns // (60 * NS_PER_S)) in (10, 59):
                    rss_mib[minute] = _resident_mib()
            began_s = time.process_time()
        log_s += time.process_time() - began_s  # what waited is written by now
        size_mb = path.stat().st_size / 1e6
    what = f"ECG and {acceleration_hz} Hz" if acceleration_hz else "heartbeats alone"
    hour_s = 60 * MINUTES
    print(
        f"  {what:20} engine {engine_s:6.1f} s ({100 * engine_s / hour_s:.2f} % of a "
        f"core), log {log_s:5.1f} s, {size_mb:5.1f} MB, {frames} inputs, "
        + ", ".join(f"{mib:.0f} MiB at {at} min" for at, mib in rss_mib.items())
    )
    turns_ms = 1000 * np.array(turns_s)
    p50, p99 = np.percentile(turns_ms, [50, 99])
    print(
        f"  {'':20} all of a quarter of a second: p50 {p50:.2f}, p99 {p99:.2f}, most "
        f"{turns_ms.max():.2f} ms of CPU"
    )


def _resident_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def streams() -> None:
    """Print the hour with and without what straps measure beside heartbeats."""
    print(f"{MINUTES} min of two hearts; CPU seconds:")
    for acceleration_hz in (None, 50, 200):
        hour_of_streams(acceleration_hz)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", action="store_true")
    if not parser.parse_args().streams:
        hearts()
    streams()


def hearts() -> None:
    """Print what a beat costs, part by part."""
    inputs, beats, cpu_s = live_hour()
    mine = [beat for beat in beats if beat.partner is Partner.A]
    rows = [(b.t_s, b.nn_ms, b.label is not BeatLabel.GAP) for b in mine]
    sums_us = per_beat_us(lambda: windows(rows), len(mine))
    numpy_us = per_beat_us(lambda: numpy_windows(rows), len(mine))
    parts_us = {
        "running-sum windows": sums_us,
        "the same by numpy": numpy_us,
        "decoding and beat clock": per_beat_us(lambda: beat_clock(inputs), len(mine)),
        "cleaning": per_beat_us(lambda: cleaner(mine), len(mine)),
        "spectrum at 1 Hz": per_beat_us(lambda: spectrum(rows), len(mine)),
        "everything": 1e6 * cpu_s / len(beats),
    }
    print(f"{len(beats)} beats of two hearts in {MINUTES} min; CPU a beat:")
    for name, cost_us in parts_us.items():
        print(f"  {name:38} {cost_us:8.2f} us")
    print(f"  {'ratio numpy / running sums':38} {numpy_us / sums_us:8.1f}")
    share = pace_share(beats)
    print(f"  {'looking for a pace, of the time breathed':40} {100 * share:6.3f} %")
    for minute, held in memory(inputs).items():
        print(
            f"the engine holds after {minute:2} min            {held / 1024:8.0f} KiB"
        )


if __name__ == "__main__":
    main()
