"""Whatever a task raises is said, keeps its traceback, and takes nothing else along."""

import asyncio
import logging

import pytest

from coreg.base.supervision import again, ended, once, whole
from coreg.errors import CoregError


class Planted(Exception):
    """A fault that was planted."""


def test_a_task_that_fails_says_so_keeps_its_traceback_and_ends_calmly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[Exception] = []
    planted = Planted("in the middle")

    async def go() -> None:
        async def work() -> None:
            await asyncio.sleep(0)
            raise planted

        await once("planting", work, failed=told.append)

    asyncio.run(go())
    assert told == [planted]
    (record,) = caplog.records
    assert "planting" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[1] is planted


def test_what_a_person_can_mend_is_words_and_no_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[Exception] = []
    full = CoregError("The disk is full.", "Make room.")

    async def go() -> None:
        async def work() -> None:
            raise full

        await once("planting", work, failed=told.append)

    asyncio.run(go())
    assert [str(each) for each in told] == ["The disk is full. Make room."]
    assert caplog.records == []


def test_what_has_to_go_on_is_begun_anew_and_the_same_fault_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun: list[int] = []
    told: list[Exception] = []

    async def go() -> None:
        well = asyncio.Event()

        async def work() -> None:
            begun.append(len(begun))
            if len(begun) < 3:
                raise Planted
            well.set()
            await asyncio.Event().wait()

        task = again("planting", work, failed=told.append, after_s=0.0)
        await well.wait()
        await ended(task)
        assert task.cancelled()

    asyncio.run(go())
    assert begun == [0, 1, 2]
    assert len(told) == 2
    assert len(caplog.records) == 1


def test_being_cancelled_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    told: list[Exception] = []

    async def go() -> None:
        async def work() -> None:
            await asyncio.Event().wait()

        at_once = once("cancelled before it began", work, failed=told.append)
        await ended(at_once)
        later = once("cancelled on the way", work, failed=told.append)
        await asyncio.sleep(0)
        await ended(later)

    asyncio.run(go())
    assert told == []
    assert caplog.records == []


def test_what_is_carried_out_whole_ends_before_whoever_was_cancelled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []

    async def go() -> None:
        released = asyncio.Event()

        async def work() -> None:
            await released.wait()
            done.append("work")
            raise Planted

        async def wanting() -> None:
            try:
                await whole("planting", work)
            finally:
                done.append("wanting")

        task = once("wanting", wanting, failed=lambda _: None)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        released.set()
        await asyncio.wait([task])
        assert task.cancelled()

    asyncio.run(go())
    assert done == ["work", "wanting"]
    assert len(caplog.records) == 1  # nobody waited for what it raised


def test_a_fault_of_what_is_carried_out_whole_is_its_waiters() -> None:
    async def work() -> None:
        raise Planted

    with pytest.raises(Planted):
        asyncio.run(whole("planting", work))


def test_a_fault_while_a_fault_is_told_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def go() -> None:
        async def work() -> None:
            raise Planted("first")

        def failed(_error: Exception) -> None:
            raise Planted("second")

        await once("planting", work, failed=failed)

    asyncio.run(go())
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2


def test_a_task_lives_on_where_nobody_keeps_it() -> None:
    import gc  # noqa: PLC0415

    ran: list[bool] = []

    async def go() -> None:
        released: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def work() -> None:
            await asyncio.wait_for(asyncio.shield(released), None)
            ran.append(True)

        once("kept by nobody", work, failed=lambda _: None)
        await asyncio.sleep(0)
        gc.collect()
        released.set_result(None)
        while not ran:
            await asyncio.sleep(0)

    asyncio.run(go())
    assert ran == [True]
