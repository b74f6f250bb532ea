"""How long it takes, and how many presses, until a couple at a therapist's practises.

`coreg clinic` is started as a program of its own, with what guards a passphrase as
strong as in life. Two worn straps are on a fake BlueZ as quick as in life; a browser
has the pages, and presses as soon as there is something to press. So what is printed
is what the machine takes: whoever reads and decides adds their own time. An hour may
take 90 seconds to begin, and four presses of the therapist.

Run: python -m benchmarks.hour_begins
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from coreg.store.passcode import USUAL_COST
from tests.helpers.browser import CHROMIUMS, FLAGS, pages_in
from tests.helpers.clinic_hour import begin_an_hour, remembered_couple, worn_straps


def main() -> None:
    """Begin some hours and print a line for each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--hours", type=int, default=3)
    given = asked.parse_args()
    executable = next(filter(None, map(shutil.which, CHROMIUMS)))
    with sync_playwright() as playwright, worn_straps() as bus:
        browser = playwright.chromium.launch(
            executable_path=executable, args=list(FLAGS)
        )
        for number in range(1, given.hours + 1):
            with (
                tempfile.TemporaryDirectory() as folder,
                pages_in(browser, []) as open_page,
            ):
                remembered_couple(Path(folder), USUAL_COST)
                begun = begin_an_hour(open_page, Path(folder), bus)
            print(
                f"hour {number}: {begun.seconds:.1f} s, {begun.by_therapist} presses "
                f"of the therapist, {begun.by_couple} of the couple",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
