"""Pages drawn for a command: where they are on standard output, faults on the other.

Loads everything that draws: imported only by who wants pages.
"""

import sys
import traceback
from pathlib import Path

from coreg.cli.common import tell
from coreg.report.page_format import Wanted
from coreg.report.session import report_session
from coreg.report.words.progress import undrawn


def draw_pages(session: Path, out: Path, wanted: Wanted) -> int:
    """Draw pages and say where they are; return 1 where any could not be drawn."""
    report = report_session(session, out, wanted, tell)
    for page in report.pages:
        print(page)
    sys.stdout.flush()
    for failed in report.undrawn:
        words = str(failed.error)
        if failed.is_of_coreg:  # a bug keeps its traceback
            traceback.print_exception(failed.error)
            words = undrawn(failed.whose)
        print(f"coreg: {words}", file=sys.stderr)
    return int(bool(report.undrawn))
