"""Two recordings of one evening as apps write them: a clock time and an interval."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

BEGAN = datetime(2026, 3, 1, 19, 30)  # noqa: DTZ001 - as apps write it, without a zone


def two_files_of_one_evening(first: Path, second: Path, *, later_s: float) -> None:
    """Write ten minutes of two hearts; the second recording begins so much later."""
    rng = np.random.default_rng(3)
    for path, mean_ms, began_s in ((first, 812, 0.0), (second, 905, later_s)):
        t_s, lines = 0.0, ["time,rr_ms"]
        while t_s < 600:
            breath = 45 * np.sin(2 * np.pi * 0.25 * t_s)
            slow = 20 * np.sin(2 * np.pi * 0.08 * t_s)
            rr_ms = round(mean_ms + breath + slow + rng.normal(0, 12))
            t_s += rr_ms / 1000
            ended = BEGAN + timedelta(seconds=began_s + t_s)
            lines.append(f"{ended.isoformat(' ', 'milliseconds')},{rr_ms}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
