"""A session that takes too long is a row that says so: one that hangs ends no run.

A row is to depend on nothing but the session; whether time was enough depends on the
computer, too. So the limit is far above what any session takes, its rows are never
taken for done by a run that goes on (`shards`), and it is no parameter of figures.

What ends the work is raised in its own thread, between two steps of Python: in a pool,
a Dask worker's thread and the main one alike. A call that never comes back, as a read
from a share that is gone, is not ended by it.
"""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from coreg.batch.session import Row, error_row, session_rows
from coreg.batch.work import Item, Parameters

TOO_LONG: Final = "TookTooLong"


class _TooLong(BaseException):
    """Raised in the midst of a session; nothing that catches faults may catch it."""


def rows_within(item: Item, parameters: Parameters, limit_s: float) -> list[Row]:
    """Return the rows of a session; one row that says so where it takes too long."""
    try:
        with _ended_after(limit_s):
            return session_rows(item, parameters)
    except _TooLong:
        words = f"It was not worked out within {limit_s:g} s."
        return [error_row(item, TOO_LONG, words)]


@contextmanager
def _ended_after(limit_s: float) -> Iterator[None]:
    """Raise `_TooLong` in this thread after a while, unless it is over before."""
    thread = ctypes.c_ulong(threading.get_ident())
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    lock, is_over = threading.Lock(), False

    def end() -> None:
        with lock:
            if not is_over:
                raise_in(thread, ctypes.py_object(_TooLong))

    timer = threading.Timer(limit_s, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            is_over = True
            raise_in(thread, None)  # what is raised but not there yet would hit others
        timer.cancel()
