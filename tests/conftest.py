"""What several tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from coreg.base import clock
from coreg.sensors.straps import strap_locks
from tests.helpers import fast, once, skips

# Fixtures of the pages' tests; as a plugin they could only be named by one module.
from tests.helpers.browser import browser, complaints, launched, open_page, server
from tests.helpers.one_tab import looked_at
from tests.helpers.shared import DATA
from tests.helpers.thorough import THOROUGH

__all__ = ["browser", "complaints", "launched", "looked_at", "open_page", "server"]

# Both processors have a test each: more threads for one product only wait for them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Programs begun by tests compile coreg once between them, not each for itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How fast a test runs is never what it tests: a busy machine must not fail it. Each run
# of a commit draws the same inputs, so that what passed once passes again; others are
# drawn under COREG_THOROUGH, and what they find becomes a test of its own.
settings.register_profile("coreg", deadline=None, derandomize=True)
settings.register_profile("thorough", deadline=None)
settings.load_profile("thorough" if THOROUGH else "coreg")


def pytest_configure(config: pytest.Config) -> None:
    """Judge skips everywhere, not only below this folder."""
    config.pluginmanager.register(skips)


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is fast."""
    for item in items:
        if fast.is_fast(item):
            item.add_marker("fast")


@pytest.fixture(autouse=True)
def clock_given_back() -> Iterator[None]:
    """Fail the test that leaves a clock of its own behind; later ones stood still."""
    before = clock.monotonic_ns
    yield
    assert clock.monotonic_ns is before


@pytest.fixture(scope="session", autouse=True)
def straps_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep virtual straps from those of another run, which have the same addresses."""
    folder = tmp_path_factory.mktemp("straps")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strap_locks, "common_folder", lambda: folder)
        yield


@pytest.fixture(scope="session", autouse=True)
def made_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let the processes of one run share what they made for all."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        once.share_in(tmp_path_factory.getbasetemp().parent / "made-once")


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Real recordings; they are not part of the repository."""
    if not DATA.is_dir():
        pytest.skip(f"{skips.RECORDINGS} {DATA}")
    return DATA
