"""Pages drawn for a command: where they are on standard output, faults on the other.

Loads everything that draws: imported only by who wants pages.
"""

import sys
import traceback
from pathlib import Path

from coreg.cli.common import say, tell
from coreg.report.session import report_session
from coreg.report.wanted import Wanted
from coreg.report.words.progress import undrawn


def draw_pages(session: Path, out: Path, wanted: Wanted) -> int:
    """Draw pages and say where they are; return 1 where any could not be drawn."""
    report = report_session(session, out, wanted, tell)
    for page in report.pages:
        say(str(page))
    sys.stdout.flush()
    for failed in report.undrawn:
        words = str(failed.error)
        if failed.is_of_coreg:  # a bug keeps its traceback
            for line in "".join(traceback.format_exception(failed.error)).splitlines():
                tell(line)
            words = undrawn(failed.whose)
        tell(f"coreg: {words}")
    return int(bool(report.undrawn))
