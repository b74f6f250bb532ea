"""Who unlocked their own things, on which page, and what they ask of these.

A right passcode unlocks one person's things on the page where it was given, for as long
as they are looked at: until that page locks them again or goes, a practice begins, or
nothing was asked for ten minutes. The unlocked key lies in this program's memory and
nowhere else. A report opens in a tab of its own, which shows a ticket instead.
"""

import secrets
import threading
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from coreg.base import clock
from coreg.errors import EnoughTold, PasscodeRefused
from coreg.exercises.plan_blocks import YES
from coreg.facts.events import Partner
from coreg.store.loose_ends import LooseEnds
from coreg.store.own_things import (
    AnswerKept,
    Entered,
    HappenedKept,
    OwnLine,
    OwnLines,
    OwnThings,
    OwnWishKept,
    RatingKept,
    WordsKept,
)
from coreg.store.passcode import OwnKey
from coreg.store.release import Wish
from coreg.web.evening.happenings import (
    Happening,
    OwnWordsGone,
    PasscodeChosen,
    PasscodeForgotten,
)
from coreg.web.evening.on_loose_ends import LOOSE_END
from coreg.web.evening.state import Evening
from coreg.web.server.page import PageConnection
from coreg.web.wire.incoming import (
    Consent,
    Erase,
    Look,
    LooseEndIs,
    Message,
    OwnConsent,
)
from coreg.web.wire.named import Erasing, Happened
from coreg.web.wire.of_own import (
    BringOwnLine,
    ChangeOwnLine,
    ChoosePasscode,
    DeleteOwnLine,
    EnterPasscode,
    ForgetPasscode,
    KeepOwnWish,
    OfferLooseEnd,
    OfOwnThings,
    OwnLinesTold,
    OwnLineTold,
    ReadOwnLines,
    SayHappened,
    ShowOwnWish,
    UnlockedTold,
    WriteLooseEnd,
)
from coreg.web.wire.outgoing import (
    RefusedTold,
    Taken,
)
from coreg.words import in_words

UNLOCKED_FOR_S = 600.0
LOCKED = "locked"
OWN_WISH = "wish"
_TICKET_BYTES = 16
Visit = tuple[int, int]
Answer = tuple[Taken | RefusedTold, Happening | None]


_OfLines = (
    ReadOwnLines
    | ChangeOwnLine
    | DeleteOwnLine
    | SayHappened
    | KeepOwnWish
    | ShowOwnWish
    | BringOwnLine
    | WriteLooseEnd
    | OfferLooseEnd
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unlocked:
    page: PageConnection
    partner: Partner
    key: OwnKey
    ticket: str
    until_s: float


class Therapist(Protocol):
    """One who is there, and whom somebody may show what they wish for."""

    @property
    def hears(self) -> bool:
        """Whether anything shown can be kept."""
        ...

    def knows_wish(self, partner: Partner) -> bool:
        """Whether one's own wish is shown."""
        ...

    def show_wishes(self, partner: Partner, wishes: Sequence[OwnWishKept]) -> None:
        """Show these and no others."""
        ...

    def brought(self, partner: Partner) -> tuple[str, ...]:
        """Return the lines that one brings."""
        ...

    def bring(self, partner: Partner, texts: Sequence[str]) -> None:
        """Bring these and no others."""
        ...


class OwnAccess:
    """Answers what one person asks of their own things, once the disk has it."""

    def __init__(
        self,
        own: OwnThings,
        now_s: Callable[[], float],
        *,
        forget: Callable[[Partner], None],
        read: Callable[[Partner], Container[tuple[str, str]]],
        loose_ends: LooseEnds,
        therapist: Therapist,
    ) -> None:
        self._own = own
        self._now_s = now_s
        self._forget = forget
        self._read = read  # of which session, and what, one shows the other
        self._loose_ends = loose_ends
        self._therapist = therapist
        self._locked_all = 0
        self._unlocked: dict[str, _Unlocked] = {}
        self._one_at_a_time = threading.Lock()  # answers wait for the disk elsewhere

    def visit(self, page: PageConnection) -> Visit:
        """Return what is another one once this page, or everything, was locked."""
        return page.visit, self._locked_all

    def answer(
        self, asked: OfOwnThings, page: PageConnection, visit: Visit, number: int
    ) -> Answer:
        """Do what is asked, and return what to tell the page and what happened by it.

        `visit` is that of when it was asked: whoever left meanwhile unlocks nothing.

        Raises
        ------
        StorageUnusable
            If the library cannot be read or written.
        """
        try:
            return self._answer(asked, page, visit, number)
        except PasscodeRefused as error:
            return RefusedTold(why=error.why, id=number, wait_s=error.wait_s), None
        except EnoughTold:
            return RefusedTold(why="told-enough", id=number), None

    def why_locked(
        self, message: Message, page: PageConnection, evening: Evening
    ) -> str | None:
        """Return why something takes its owner's passcode first; None: it does not.

        That is what one agreed to, to open both hearts of an evening, and to have room
        for what hurts the other: nobody says yes to that for somebody else. Everybody
        has a passcode first, whatever they then say: that somebody has one tells
        nothing. Whoever has one is erased by nobody else, whichever hearts are chosen.
        """
        if isinstance(message, Erase) and message.what is Erasing.PARTNER:
            return self._why_not_erased(page, message.partner, evening)
        if not evening.is_real or not isinstance(
            message, Consent | OwnConsent | Look | LooseEndIs
        ):
            return None
        if isinstance(message, Look) and message.whose is not Wish.OURS:
            return None
        is_of_a_turn = not isinstance(message, LooseEndIs)
        if is_of_a_turn and evening.turn is not message.partner:
            return None  # the step refuses it
        has_none = evening.passcode_utc[message.partner] is None
        is_unlocked = self.is_unlocked(page, message.partner)
        return "passcode-first" if has_none else None if is_unlocked else LOCKED

    def _why_not_erased(
        self, page: PageConnection, whose: Partner | None, evening: Evening
    ) -> str | None:
        if whose is None or evening.passcode_utc[whose] is None:
            return None
        return None if self.is_unlocked(page, whose) else LOCKED

    def is_unlocked(self, page: PageConnection, partner: Partner) -> bool:
        """Whether this page may ask for one partner's own things now."""
        return self._key(page, partner) is not None

    def key_for(self, ticket: str, partner: Partner) -> OwnKey | None:
        """Return the key that a ticket stands for, None where it is not valid (now)."""
        found = self._unlocked.get(ticket)
        if found is None or found.partner is not partner:
            return None
        return self._used(found)

    def lock(self, page: PageConnection) -> None:
        """Lock whatever a page unlocked, or is about to."""
        page.visit += 1
        self._keep_unlocked(lambda each: each.page is not page)

    def lock_all(self) -> None:
        """Lock everything."""
        self._locked_all += 1
        self._keep_unlocked(lambda _: False)

    def lock_what_is_left_open(self) -> None:
        """Lock what was not used for ten minutes."""
        now_s = self._now_s()
        self._keep_unlocked(lambda each: each.until_s > now_s)

    def _answer(
        self, asked: OfOwnThings, page: PageConnection, visit: Visit, number: int
    ) -> Answer:
        match asked:
            case ChoosePasscode(partner=partner):
                entered = Entered(key=self._chosen(asked), wrong_tries=0, last_utc="")
                # Where it came in the place of another, the old key opens nothing.
                self._keep_unlocked(lambda each: each.partner is not partner)
                told = self._unlock(page, visit, partner, entered, number)
                utc = self._own.chosen_utc(partner) or ""
                return told, PasscodeChosen(partner=partner, utc=utc)
            case EnterPasscode(partner=partner, passcode=passcode):
                entered = self._own.enter(partner, passcode, now=clock.utc_now())
                return self._unlock(page, visit, partner, entered, number), None
            case ForgetPasscode(partner=partner):
                self.show_nothing(partner)  # first: its owner alone could take it back
                self._forget(partner)
                self._keep_unlocked(lambda each: each.partner is not partner)
                return Taken(id=number), PasscodeForgotten(partner=partner)
        return self._of_lines(asked, page, number)

    def _of_lines(
        self,
        asked: _OfLines,
        page: PageConnection,
        number: int,
    ) -> Answer:
        partner, key = asked.partner, self._key(page, asked.partner)
        if key is None:
            return RefusedTold(why=LOCKED, id=number), None
        before = self._own.lines(partner, key)
        # What was deleted where no book lay open: first, or something new is shown
        # because something old was.
        self._settle(partner, before)
        changes = isinstance(asked, ChangeOwnLine | DeleteOwnLine)
        why_not = self._done(asked, partner, key)
        if why_not:
            return RefusedTold(why=why_not, id=number), None
        lines = self._own.lines(partner, key)
        if isinstance(asked, DeleteOwnLine):
            self._loose_ends.keep_to(partner, {each.number for each in lines.lines})
        self._share_as_asked(asked, lines)
        self._settle(partner, lines)
        brought = self._therapist.brought(partner)
        offered = {
            each.handle
            for each in self._loose_ends.all()
            if each.partner is partner and not each.is_over
        }
        left = _words(lines)
        gone = tuple(each for each in _words(before) if each not in left and changes)
        happening = OwnWordsGone(partner=partner, said=gone) if gone else None
        read = self._read(partner)
        told = OwnLinesTold(
            lines=tuple(
                replace(
                    _told(line),
                    is_read=_said(line) in read,
                    offered=line.number in offered,
                    brought=_is_brought(line, brought),
                )
                for line in lines.lines
            ),
            unread=lines.unread,
            may_share=self._therapist.hears,
            wish_shared=self._therapist.knows_wish(partner),
        )
        return Taken(id=number, own=told), happening

    def show_nothing(self, partner: Partner) -> None:
        """Take back what a therapist was shown of one's own wish and lines."""
        if self._therapist.knows_wish(partner):
            self._therapist.show_wishes(partner, ())
        if self._therapist.brought(partner):
            self._therapist.bring(partner, ())

    def _settle(self, partner: Partner, lines: OwnLines) -> None:
        """Have a therapist's book hold what its owner shows as it is now."""
        words = _texts(lines).values()
        brought = self._therapist.brought(partner)
        wanted = [text for text in brought if text in words]
        if tuple(wanted) != brought:
            self._therapist.bring(partner, wanted)
        if self._therapist.knows_wish(partner):
            self._therapist.show_wishes(partner, lines.own_wishes)

    def _share_as_asked(self, asked: _OfLines, lines: OwnLines) -> None:
        """Show a therapist a line or one's own wish, or take it back."""
        partner = asked.partner
        match asked:
            case ShowOwnWish(shown=is_shown):
                self._therapist.show_wishes(
                    partner, lines.own_wishes if is_shown else ()
                )
            case BringOwnLine(number=number, brought=is_brought):
                text = _texts(lines).get(number)
                if text is None:
                    return
                brought = self._therapist.brought(partner)
                wanted = [each for each in brought if each != text]
                wanted += [text] if is_brought else []
                self._therapist.bring(partner, wanted)
            case _:
                pass

    def _done(self, asked: _OfLines, partner: Partner, key: OwnKey) -> str:
        """Do what is asked of one's own lines; return why not, where it is not done."""
        match asked:
            case ChangeOwnLine(number=line, text=text) if text:
                is_done = self._own.change(partner, key, line, text)
            case DeleteOwnLine(number=line):
                is_done = self._own.delete(partner, key, line)
            case SayHappened(session_id=session_id, happened=happened):
                said = HappenedKept(
                    session_id=session_id, happened=happened, utc=_utc()
                )
                self._own.keep_last(partner, key, said)
                is_done = True
            case KeepOwnWish(text=text, near=near) if text:
                on = clock.today().isoformat()
                wish = OwnWishKept(text=text, near=near, on=on, utc=_utc())
                self._own.keep_last(partner, key, wish)
                is_done = True
            case WriteLooseEnd(text=text) if text:
                is_done = self._own.keep(partner, _loose_end(text))
            case OfferLooseEnd():
                return self._offered(asked, key)
            case _:  # no words: who wants none deletes the line
                is_done = isinstance(asked, ReadOwnLines | ShowOwnWish | BringOwnLine)
        return "" if is_done else "no-such-line"

    def _offered(self, asked: OfferLooseEnd, key: OwnKey) -> str:
        partner, line = asked.partner, asked.number
        if not asked.offered:
            self._loose_ends.take_back(partner, line)
            return ""
        if not _has(self._own.lines(partner, key), line):
            return "no-such-line"
        return "" if self._loose_ends.offer(partner, line) else "enough-offered"

    def _chosen(self, asked: ChoosePasscode) -> OwnKey:
        if asked.old is None:
            if self._own.chosen_utc(asked.partner) is None:
                # What one before it opened is gone, and was perhaps forgotten where
                # no book lay open.
                self.show_nothing(asked.partner)
            now = clock.utc_now()
            return self._own.choose(asked.partner, asked.passcode, now=now)
        return self._own.change_passcode(
            asked.partner, asked.old, asked.passcode, now=clock.utc_now()
        )

    def _unlock(
        self,
        page: PageConnection,
        visit: Visit,
        partner: Partner,
        entered: Entered,
        number: int,
    ) -> Taken | RefusedTold:
        if visit != self.visit(page):  # whoever asked has left
            return RefusedTold(why=LOCKED, id=number)
        # One person at a time: whoever comes next on a page is another one.
        self._keep_unlocked(lambda each: each.page is not page)
        ticket = secrets.token_urlsafe(_TICKET_BYTES)
        unlocked = _Unlocked(
            page=page,
            partner=partner,
            key=entered.key,
            ticket=ticket,
            until_s=self._now_s() + UNLOCKED_FOR_S,
        )
        with self._one_at_a_time:
            self._unlocked[ticket] = unlocked
        told = UnlockedTold(
            ticket=ticket,
            last_utc=entered.last_utc,
            closed_until=self._own.closed_until(partner),
            wrong_tries=entered.wrong_tries,
        )
        return Taken(id=number, unlocked=told)

    def _key(self, page: PageConnection, partner: Partner) -> OwnKey | None:
        for each in list(self._unlocked.values()):
            if each.page is page and each.partner is partner:
                return self._used(each)
        return None

    def _used(self, unlocked: _Unlocked) -> OwnKey | None:
        """Return the key and keep it unlocked a while longer, unless it is too late."""
        self.lock_what_is_left_open()
        with self._one_at_a_time:
            if unlocked.ticket not in self._unlocked:
                return None
            longer = replace(unlocked, until_s=self._now_s() + UNLOCKED_FOR_S)
            self._unlocked[unlocked.ticket] = longer
            return unlocked.key

    def _keep_unlocked(self, holds: Callable[[_Unlocked], bool]) -> None:
        with self._one_at_a_time:
            self._unlocked = {
                ticket: each for ticket, each in self._unlocked.items() if holds(each)
            }


def _loose_end(text: str) -> WordsKept:
    return WordsKept(session_id="", block=LOOSE_END, text=text, utc=_utc())


def _utc() -> str:
    return clock.utc_now().isoformat(timespec="seconds")


def _has(lines: OwnLines, number: int) -> bool:
    """Whether a line is there that may be offered: something that still hurts."""
    return any(
        each.number == number
        and isinstance(each.thing, WordsKept)
        and each.thing.block == LOOSE_END
        for each in lines.lines
    )


def _texts(lines: OwnLines) -> dict[int, str]:
    """Return what somebody wrote, by its number."""
    return {
        each.number: each.thing.text
        for each in lines.lines
        if isinstance(each.thing, WordsKept)
    }


def _words(lines: OwnLines) -> list[tuple[str, str]]:
    """Return what somebody wrote, and of which session each is."""
    said = [_said(line) for line in lines.lines]
    return [each for each in said if each is not None]


def _said(line: OwnLine) -> tuple[str, str] | None:
    thing = line.thing
    return (thing.session_id, thing.text) if isinstance(thing, WordsKept) else None


def _is_brought(line: OwnLine, brought: tuple[str, ...]) -> bool:
    return isinstance(line.thing, WordsKept) and line.thing.text in brought


def _told(line: OwnLine) -> OwnLineTold:
    thing = line.thing
    told = OwnLineTold(
        number=line.number,
        session_id=thing.session_id,
        when_utc=thing.utc,
        block="",
        text=None,
        at_ease=None,
        wide_awake=None,
        awake=None,
        myself=None,
        happened=None,
        asked="",
        answered=None,
        is_read=False,
        offered=False,
        brought=False,
        said_yes=None,
    )
    match thing:
        case WordsKept(block=block, text=text):
            return replace(told, block=block, text=text)
        case OwnWishKept(text=text, near=near):
            return replace(told, block=OWN_WISH, asked=text, answered=near)
        case HappenedKept(happened=happened):
            known = Happened(happened) if happened in set(Happened) else None
            return replace(told, happened=known)
        case AnswerKept(words=words, value=value, is_yes_no=True):
            return replace(told, asked=in_words(words), said_yes=value == YES)
        case AnswerKept(words=words, value=value):
            return replace(told, asked=in_words(words), answered=value)
        case RatingKept():
            return replace(
                told,
                block=thing.moment,
                at_ease=thing.at_ease,
                wide_awake=thing.wide_awake,
                awake=thing.awake,
                myself=thing.myself,
            )
