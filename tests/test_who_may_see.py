"""Who may see what of an evening: one place decides it, for pages and command line."""

import ast
import asyncio
import datetime as dt
import itertools
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from coreg.errors import NotReleased
from coreg.facts.events import Ended, Ending, Partner, Source
from coreg.report.page_format import PageFormat, Whose
from coreg.report.session import report_session
from coreg.report.wanted import Wanted
from coreg.store.folder import data_folder
from coreg.store.library import session_path
from coreg.store.library_db import Library, Purpose
from coreg.store.release import CONSENT_VERSION, Said, Wish, may_see
from coreg.store.session_log import SessionLog
from tests.helpers.evening_server import LATE_S, entered, served
from tests.helpers.living import couple_of, live, opened
from tests.helpers.sessions import SESSION_ID

ROOT = Path(__file__).resolve().parents[1]
UTC = "2026-03-01T19:30:00+00:00"


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("whose", [None, *Partner])
def test_a_joint_page_takes_both_and_an_own_page_its_owner(
    source: Source, whose: Partner | None
) -> None:
    for wishes in itertools.product((None, *Wish), repeat=2):
        for shows in itertools.product((False, True), repeat=2):
            said = {
                partner: Said(wish=wish, shows=show, owns=True)
                for partner, wish, show in zip(Partner, wishes, shows, strict=True)
            }
            if source is not Source.STRAPS:
                right = True  # nobody of this house
            elif whose is None:
                right = wishes == (Wish.OURS, Wish.OURS) and shows == (True, True)
            else:  # whatever anybody wished: a passcode opens it
                right = False
                assert may_see(source, said.__getitem__, whose, {whose})
                other = {each for each in Partner if each is not whose}
                assert not may_see(source, said.__getitem__, whose, other)
                before = {whose: replace(said[whose], owns=False)}
                assert not may_see(source, before.__getitem__, whose, {whose})
            assert may_see(source, said.__getitem__, whose) is right, (wishes, shows)


def kept_evening(data: Path) -> tuple[Path, Library]:
    """A short evening with straps that both released to one another."""
    folder = data_folder(data)
    begins = opened(source=Source.STRAPS)
    assert begins.identity.session_id == SESSION_ID
    lived = live(couple_of(1), begins, until_s=60)
    with SessionLog.create(session_path(folder, SESSION_ID), begins) as log:
        for given in lived.inputs[1:]:
            log.append(given, given.t_ns)
        ended = Ended(t_s=60.0, ending=Ending.FINISHED_EARLY)
        log.append(ended, lived.inputs[-1].t_ns)
    library = Library(folder)
    for partner in Partner:
        library.keep_wish(partner, SESSION_ID, Wish.OURS, utc=UTC)
    return folder, library


def may_open_on_the_pages(folder: Path) -> tuple[bool, bool]:
    """Whether the joint page is offered, and whether it is given."""

    async def go() -> tuple[bool, bool]:
        async with served(folder) as at:
            headers = await entered(at)
            async with httpx.AsyncClient(headers=headers, timeout=LATE_S) as client:
                (line,) = (await client.get(f"{at.origin}/evenings")).json()
                path = f"{at.origin}/evenings/{SESSION_ID}/page"
                answer = await client.get(path)
                assert answer.status_code in {200, 403}
                return line["page"] is not None, answer.status_code == 200

    return asyncio.run(go())


def may_open_at_the_command_line(folder: Path, out: Path) -> bool:
    wanted = Wanted(
        pages=(Whose.JOINT,),
        formats=(PageFormat.HTML,),
        data_folder=folder,
        left_out=frozenset(),
        zone=dt.UTC,
    )
    path = session_path(folder, SESSION_ID)
    report = report_session(path, out, wanted, lambda _: None)
    assert {type(each.error) for each in report.undrawn} <= {NotReleased}
    return bool(report.pages)


@pytest.mark.parametrize(
    ("versions", "is_open"),
    [
        ((CONSENT_VERSION, CONSENT_VERSION), True),
        ((CONSENT_VERSION, CONSENT_VERSION - 1), False),
        ((CONSENT_VERSION + 1, CONSENT_VERSION), False),
        ((CONSENT_VERSION, None), False),
    ],
)
def test_what_was_agreed_to_in_other_words_opens_nothing_anywhere(
    versions: tuple[int, int | None], is_open: bool, tmp_path: Path
) -> None:
    folder, library = kept_evening(tmp_path / "data")
    yes = {Purpose.RECORD: True, Purpose.SHOW_PARTNER: True}
    for partner, version in zip(Partner, versions, strict=True):
        if version is not None:
            library.keep_consent(partner, yes, version=version, utc=UTC)
    assert may_open_on_the_pages(folder) == (is_open, is_open)
    assert may_open_at_the_command_line(folder, tmp_path) is is_open


def test_nobody_else_reads_what_was_agreed_to() -> None:
    """A second reader of the consents would forget their version, as one once did."""
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "coreg").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"given", "wishes"}
        if isinstance(node.ctx, ast.Load) and not _is_own(node)
    }
    assert readers <= {
        "coreg/report/personal.py",  # for that one alone, who gave the passcode
        "coreg/store/library_db.py",
        "coreg/web/evening/on_answers.py",  # the answers of tonight, as they are given
        "coreg/web/evening/state.py",
    }


def _is_own(node: ast.Attribute) -> bool:
    """Whether it is another thing of that name: a couple file's, say."""
    return isinstance(node.value, ast.Name) and node.value.id in {"described", "top"}
