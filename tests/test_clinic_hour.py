"""An hour begins with few presses: `coreg clinic`, a couple of several, two straps."""

import sys
from pathlib import Path

import pytest

from tests.helpers.evening_server import CHEAP
from tests.helpers.pages import OpenPage

if sys.platform != "linux":
    pytest.skip("BlueZ is the Bluetooth of Linux", allow_module_level=True)

from coreg.testing.fake_bluez.daemon import is_installed
from tests.helpers.clinic_hour import begin_an_hour, remembered_couple, worn_straps

MOST_PRESSES = 4


@pytest.mark.skipif(not is_installed(), reason="dbus-daemon is not installed")
def test_a_couple_that_was_here_before_practises_after_few_presses(
    open_page: OpenPage, tmp_path: Path
) -> None:
    remembered_couple(tmp_path, CHEAP)
    with worn_straps() as bus:
        begun = begin_an_hour(open_page, tmp_path, bus)
    print(f"\nclinic: {begun.seconds:.1f} s until two people practised")
    assert begun.by_therapist <= MOST_PRESSES, begun
    assert begun.by_couple <= 2, begun  # a yes each, alone
