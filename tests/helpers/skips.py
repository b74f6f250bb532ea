"""Skipped tests, where nobody is there to read why: a check that nobody runs is none.

Where `CI` is `true`, a test that is skipped for another reason than those below fails.
`tests/conftest.py` registers this as a plugin, so that it holds for the doctests too.
"""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

THOROUGH = "set COREG_THOROUGH to run it"
RECORDINGS = "the reference recordings are not in"

MAY_BE_SKIPPED = (
    THOROUGH,  # minutes long: for the night, not for every commit
    RECORDINGS,  # ../shared is no part of the repository
    "root may read everything",  # so nothing can be forbidden to it
    "only root can mount",  # and a CI that is not root still checks the rest
    "lets not even root mount",  # as in most containers
)

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _judged(report: Report) -> Report:
    # An expected failure is told as skipped, and is none.
    is_skipped = report.skipped and not hasattr(report, "wasxfail")
    if os.environ.get("CI") != "true" or not is_skipped:
        return report
    reason = (
        report.longrepr[2]
        if isinstance(report.longrepr, tuple)
        else str(report.longrepr)
    )
    if not any(known in reason for known in MAY_BE_SKIPPED):
        report.outcome = "failed"
        report.longrepr = (
            f"{reason}\nNothing may be skipped in CI for that reason. Install what is "
            "missing, or add the reason to MAY_BE_SKIPPED in tests/helpers/skips.py."
        )
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[
    None, pytest.TestReport, pytest.TestReport
]:
    """Judge a test that was skipped."""
    return _judged((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[
    None, pytest.CollectReport, pytest.CollectReport
]:
    """Judge a module that was skipped as a whole."""
    return _judged((yield))
