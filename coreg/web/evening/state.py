"""The evening as a value: everything the pages show follows from it.

A reload, a second page or a server that came back needs nothing but this. It knows the
time only where it was told, and never who pressed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from coreg.exercises import ladder
from coreg.exercises.home_plan import HomePlan
from coreg.exercises.open_hour import HourPart
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan import Plan, Straps
from coreg.exercises.plan_blocks import (
    Length,
    Scale,
)
from coreg.facts.both import Both
from coreg.facts.events import InQuiet, Partner, Source, Stream
from coreg.facts.kinds import WhyNot
from coreg.store.release import LooseEnd, Renamed, Wish
from coreg.web.evening.running import Running
from coreg.web.evening.sat import NOT_SAT, Sat
from coreg.web.wire.named import GateAnswer, HourGoes, LockIs, PaceWay, Screen

MAIN_PRACTICE = ladder.MAIN
_QUIET = frozenset({ladder.MAIN, ladder.FIRST_TIME})
INTERRUPTED = "interrupted"
NOT_TODAY_S = 12 * 3600.0
HARDER_REST_S = 48 * 3600.0
"""So long after a harder practice, another one becomes a quiet evening."""
FIRST_AFTERWARDS = Partner.B
"""Who was asked last before a practice, and has the laptop beside them since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What one person agreed to, and what that person's body asks for.

    `movement` and `ecg` are what their strap may measure beside heartbeats.
    """

    record: bool
    show_partner: bool
    heart_rhythm: bool
    see_doctor: bool
    find_pace: bool
    show_therapist: bool
    movement: bool = False
    ecg: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceChosen:
    """Who sets the pace; `per_min` counts where the couple does."""

    way: PaceWay
    per_min: float
    in_out: InOut


STEADY_SIX = PaceChosen(way=PaceWay.SIX, per_min=6.0, in_out=InOut.LONGER_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The practice of tonight. `minutes` 0 leaves the plan's own breathing.

    `length` holds for whichever practice is chosen and allows it, None leaves the
    plan's own. It is tonight's alone: a short evening is an exception, and the next one
    begins at its usual length again. `first` is who has the first place in it; None:
    the one who was second last time. `without_straps`: nothing of a heart is heard.
    """

    practice: str
    minutes: float
    length: Length | None
    without_breathing: bool
    first: Partner | None = None
    without_straps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHour:
    """An hour with a therapist that other practices come in: one session after another.

    `session_id` is its first session and `chosen` the hour itself. `part` is its own
    part that it goes on from (None: its beginning), and `within` the practice in it,
    under way or about to begin. Once the session under way is over, `then` says where
    it goes, unless `comes` does: a practice. What it comes to counts as one evening
    (`has_counted`), is sat through as one (`sat`), and was `wished` for once. `kept`
    are its sessions that are being saved, `scales` what it asks each at its own end.
    """

    session_id: str
    chosen: Chosen
    part: HourPart | None = None
    within: Chosen | None = None
    then: HourGoes | None = None
    comes: Chosen | None = None
    has_counted: bool = False
    sat: Sat = NOT_SAT
    wished: bool = False
    kept: tuple[str, ...] = ()
    scales: Both[tuple[Scale, ...]] = Both((), ())  # noqa: RUF009 -- frozen

    def and_kept(self, running: Running) -> "OpenHour":
        """Return the hour with one more session, where that is being saved."""
        return replace(self, kept=(*self.kept, *running.kept_with_it))


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What one person said alone before a practice, until there is one to keep it."""

    text: str
    aside: bool
    at_ease: int | None
    wide_awake: int | None
    myself: int | None


NOBODY = Both[Before | None](None, None)
"""Nobody said anything before a practice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one person said alone from 0 to 10; `name` and `words` say what of.

    `block` is the number of the part that asked for it, None before and after.
    Where `is_yes_no`, it is a yes (1) or a no (0).
    """

    partner: Partner
    name: str
    words: str
    value: int
    block: int | None
    is_yes_no: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbegun:
    """What each said before a practice that could not begin: it waits for the next.

    Until `until_s`, on the server's clock: another day's is asked anew.
    """

    said: Both[Before | None]
    until_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Afterwards: what each wants to see. Nobody is told of the other's answer.

    `is_first`: it was the first evening of these two; `strapless`: no heart was heard.
    `scales` is what the practice asks each of them alone; `wished`: each was asked
    before it what would be good; `had_quiet`: it had free time that may be compared,
    where it was quiet; `in_quiet` is what each said of that, None until then.
    `needs_more`: one of them called several times within an hour; `found_per_min` is a
    pace that was comfortable for both, where paces were compared.
    `read` are the lines that each wants to read to the other: told once both answered.
    `earlier` are the sessions of the same hour before this one, where it was several.
    """

    session_id: str
    kept: bool
    ending: str
    wishes: Both[Wish | None]
    is_first: bool = False
    strapless: bool = False
    sat: Sat = NOT_SAT
    read: tuple[tuple[Partner, str], ...] = ()
    scales: Both[tuple[Scale, ...]] = Both((), ())  # noqa: RUF009 -- frozen
    found_per_min: float | None = None
    wished: bool = False
    had_quiet: bool = False
    in_quiet: Both[frozenset[InQuiet] | None] = Both(None, None)  # noqa: RUF009 -- frozen
    needs_more: bool = False
    earlier: tuple[str, ...] = ()

    def wish(self, partner: Partner) -> Wish | None:
        """Return what one partner asked to see."""
        return self.wishes[partner]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A practice that broke off, until somebody goes on with it, looks back or begins.

    `why_not` says why it does not go on, if so. It may until `until_server_s`, on the
    server's clock; None: nobody can tell since when it is over. `by_heart` and
    `finds_pace` are what it was begun with, `measured` what A and B let their straps
    measure beside heartbeats, and `worn` which straps, by what stays the
    same of a strap. `is_worn` says that A and B wear these now, `had_quiet` that its
    plan has free time that may be compared.
    """

    session_id: str
    source: Source
    why_not: WhyNot | None
    until_server_s: float | None
    by_heart: bool
    finds_pace: bool
    worn: Both[str]
    is_worn: bool = False
    had_quiet: bool = False
    measured: Both[frozenset[Stream]] = Both(frozenset(), frozenset())  # noqa: RUF009 -- frozen

    @property
    def is_real(self) -> bool:
        """Whether two people sat there with straps on."""
        return self.source is Source.STRAPS

    def goes_on(self, server_s: float) -> bool:
        """Return whether it may go on at this moment of the server's clock."""
        until_s = self.until_server_s
        return self.why_not is None and (until_s is None or server_s <= until_s)

    def why_not_at(self, server_s: float) -> WhyNot | None:
        """Return why it may not go on at this moment; None where it may."""
        if self.why_not is None and not self.goes_on(server_s):
            return WhyNot.LONG_AGO
        return self.why_not


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something both should know, until it is over; `key` names its words."""

    id: str
    key: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """Where the evening stands.

    `straight` waits for the first page and then goes to the practice by itself.
    `starting` is the moment between asking for a session and its beginning. `taps`,
    experimental, says that glints are given and answered. `arriving` are the straps
    whose hearts are heard now, worn or not, and `seeing` those that can see how a chest
    moves. Until `lines_until_s`, on the server's
    clock, lines tell which strap is whose; None while nobody had to be told.
    `asks_both` says that consent is asked of both, one after the other; where it is
    one person's own, `came_from` is where that leads back to, and whose turn it was
    there. `was_set_up`
    stays true where somebody takes it back: what the other sees must not tell.
    Until `harder_until_s` a harder practice becomes a quiet evening: there was one.
    Until `rests_until_s`, on the server's clock, it is not the day: nobody asks again.
    `rests_as_said`: one of the two said so, which no choice made anew undoes.
    `pauses_s` says when, on the server's clock, one of the two needed a pause; it is
    kept nowhere. `gate` holds what the first one answered until the second one has, and
    nothing after that, and `before` what each said with it until the practice begins,
    and `answered` what of the questions that this practice asks; `unbegun` keeps what
    each said where it did not, for want of a strap or through a fault. `plans` are the
    practices by name;
    `practised` counts the evenings that these two have practised. `is_gentle`
    says that tonight is a quiet one, for whatever reason. `renamed` says of who has a
    passcode when their name changed last. `unfinished` is a practice
    that broke off when coreg last stopped. `loose_ends` are those that either offered.
    `home_plan` is one that holds today; it rests where its practice is a harder one and
    was practised within a week.
    `with_therapist`, as the program was started: a therapist is with them, so that what
    therapists open may be chosen, and nothing waits for its evening; `therapist_hears`:
    what somebody tells the therapist alone can be kept. `put_by` was
    chosen until something for right now came in between. `called_s` is when that was,
    within an hour, on the server's clock: it is kept nowhere. `practised_of` is how
    often they practised what says something the first times; no page is told.
    `hour` is one with a therapist that is under way, until its last session is over.
    `may_quit` says that there is no terminal that coreg could be ended from.
    """

    screen: Screen
    turn: Partner | None
    names: Both[str]
    passcode_utc: Both[str | None]
    agreed: Both[Agreed | None]
    practices: frozenset[str]
    chosen: Chosen
    pace: PaceChosen
    source: Source
    seed: int
    speed: float
    worn: Both[str | None]
    swapped: bool
    straight: bool
    starting: bool
    running: Running | None
    looking: Looking | None
    notices: tuple[Notice, ...]
    recording_trouble: str
    warmth: bool
    taps: bool = False
    arriving: frozenset[str] = frozenset()
    seeing: frozenset[str] = frozenset()
    lines_until_s: float | None = None
    asks_both: bool = False
    came_from: tuple[Screen, Partner | None] | None = None
    was_set_up: bool = False
    pauses_s: tuple[float, ...] = ()
    rests_until_s: float | None = None
    rests_as_said: bool = False
    harder_until_s: float | None = None
    gate: tuple[GateAnswer, ...] = ()
    before: Both[Before | None] = Both(None, None)  # noqa: RUF009 -- frozen
    answered: tuple[Answered, ...] = ()
    plans: Mapping[str, Plan] = field(default_factory=dict)
    unbegun: Unbegun | None = None
    practised: int = 0
    bell: bool = True
    is_gentle: bool = False
    renamed: Both[Renamed | None] = Both(None, None)  # noqa: RUF009 -- frozen
    lock: LockIs = LockIs.OPEN
    keep_days: int = 0
    unfinished: Unfinished | None = None
    loose_ends: tuple[LooseEnd, ...] = ()
    home_plan: HomePlan | None = None
    home_plan_rests: bool = False
    with_therapist: bool = False
    therapist_hears: bool = False
    put_by: Chosen | None = None
    called_s: tuple[float, ...] = ()
    may_quit: bool = False
    practised_of: Mapping[str, int] = field(default_factory=dict)
    hour: OpenHour | None = None

    @property
    def is_set_up(self) -> bool:
        """Whether both agreed, so that real hearts may be recorded."""
        return all(self.agreed)

    @property
    def is_simulated(self) -> bool:
        """Whether the couple is a simulated one: said on every screen."""
        return self.source is Source.SIMULATED

    @property
    def is_real(self) -> bool:
        """Whether two people sit here with straps on, who have to be asked."""
        return self.source is Source.STRAPS

    @property
    def is_busy(self) -> bool:
        """Whether a session is under way or about to be."""
        return self.starting or self.running is not None

    @property
    def is_beginning(self) -> bool:
        """Whether a session was asked for and its first screen is still to come."""
        began = self.running is not None and self.running.block is not None
        return self.is_busy and not began

    @property
    def front(self) -> Screen:
        """Where one arrives: Home, once both have agreed and chosen a lock or none."""
        if not self.is_real:
            return Screen.HOME
        if not (self.is_set_up or self.was_set_up):
            return Screen.WELCOME
        return Screen.LOCK if self.lock is LockIs.UNASKED else Screen.HOME

    @property
    def by_heart(self) -> bool:
        """Whether hearts may steer: off where a heart's rhythm is not to be relied on.

        Beta-blockers, pacemakers and arrhythmias make heart-driven feedback wrong.
        """
        if self.running is not None:
            return self.running.by_heart
        ticked = any(one.heart_rhythm for one in self.agreed if one is not None)
        return not self.is_real or not ticked

    @property
    def may_find_pace(self) -> bool:
        """Whether both agreed, each alone, that their hearts may move the pace."""
        if self.running is not None:
            return self.running.may_find
        agreed = all(one is not None and one.find_pace for one in self.agreed)
        return self.by_heart and (agreed or not self.is_real)

    @property
    def pace_way(self) -> PaceWay:
        """Who sets the pace tonight: finding it is over where either takes it back."""
        is_closed = self.pace.way is PaceWay.FIND and not self.may_find_pace
        return PaceWay.SIX if is_closed else self.pace.way

    @property
    def finds_pace(self) -> bool:
        """Whether tonight's pace is looked for."""
        return self.pace_way is PaceWay.FIND and not self.chosen.without_breathing

    @property
    def may_keep(self) -> bool:
        """Whether hearts may be saved: both agree to it, or nobody has to be asked."""
        return not self.is_real or all(one and one.record for one in self.agreed)

    @property
    def measured(self) -> Both[frozenset[Stream]]:
        """What the straps of A and B may measure beside heartbeats, if they can.

        ECG is for an hour with a therapist alone: at home nothing reads it.
        """
        return Both(*(self._measured_of(partner) for partner in Partner))

    def _measured_of(self, partner: Partner) -> frozenset[Stream]:
        if self.is_simulated:  # nobody has to be asked
            plan = self.plan
            return frozenset() if plan is None else plan.measured_of_each
        agreed = self.agreed[partner]
        if agreed is None or not self.is_real:
            return frozenset()
        has_ecg = agreed.ecg and self.with_therapist
        return frozenset(
            ({Stream.ACCELERATION} if agreed.movement else set())
            | ({Stream.ECG} if has_ecg else set())
        )

    @property
    def measured_on(self) -> Both[frozenset[Stream]]:
        """What may be measured on of what broke off: what it began with, at most."""
        if self.unfinished is None:
            return self.measured
        before = self.unfinished.measured
        return Both(*(now & before[of] for of, now in self.measured.items()))

    @property
    def may_see_breaths(self) -> bool:
        """Whether a light may follow both: each agreed, and both straps can see it."""
        if self.is_simulated:
            return True
        is_agreed = all(Stream.ACCELERATION in each for each in self.measured)
        return is_agreed and all(worn in self.seeing for worn in self.worn)

    def may_offer(self, practice: str) -> bool:
        """Return whether what this practice needs to see may be seen."""
        plan = self.plans.get(practice)
        return plan is None or not plan.follows_breaths or self.may_see_breaths

    @property
    def kept(self) -> tuple[str, ...]:
        """The sessions of tonight that are being saved: one, or those of an hour."""
        if self.hour is not None:
            return self.hour.kept
        return self.running.kept_with_it if self.running is not None else ()

    @property
    def both_arrive(self) -> bool:
        """Whether both wear a strap whose heart is heard now."""
        return all(worn in self.arriving for worn in self.worn)

    def rests(self, server_s: float) -> bool:
        """Return whether it is not the day at this moment of the server's clock."""
        return self.rests_until_s is not None and server_s < self.rests_until_s

    def takes_right_now(self, server_s: float) -> bool:
        """Whether *Right now* may begin: not over a no, nor where one never agreed.

        Either leads to where every evening that is none leads. It stays on Home: a no
        that the other does not know of yet would show in its going, and so would a
        yes that was taken back.
        """
        return not self.is_real or (self.is_set_up and not self.rests(server_s))

    def needed_pause(self, server_s: float) -> bool:
        """Return whether one of the two needed a pause on the day of this moment."""
        return any(at_s > server_s - NOT_TODAY_S for at_s in self.pauses_s)

    def had_harder(self, server_s: float) -> bool:
        """Return whether tonight's practice is a harder one, so soon after another.

        Where a therapist is there, how soon is for the therapist to say.
        """
        until_s = self.harder_until_s
        is_harder = self.plan is not None and self.plan.is_harder
        waits = is_harder and not self.with_therapist
        return waits and until_s is not None and server_s < until_s

    def asks_again(self, server_s: float) -> bool:
        """Return whether both are asked once more what each answered just now."""
        return self.unbegun is not None and server_s < self.unbegun.until_s

    def said_before(self, partner: Partner, server_s: float) -> Before | None:
        """Return what one said before a practice that could not begin."""
        if self.unbegun is None or not self.asks_again(server_s):
            return None
        return self.unbegun.said[partner]

    def shows_lines(self, server_s: float) -> bool:
        """Return whether lines tell which strap is whose: on Home, for a minute."""
        is_home = self.screen is Screen.HOME and self.is_real
        until_s = self.lines_until_s
        return is_home and until_s is not None and server_s < until_s

    def agreed_by(self, partner: Partner) -> Agreed | None:
        """Return what one partner agreed to."""
        return self.agreed[partner]

    @property
    def plan(self) -> Plan | None:
        """The practice that is chosen, as it is written."""
        return self.plans.get(self.chosen.practice)

    @property
    def planned(self) -> str | None:
        """The practice that a home plan gives tonight, which nobody changes here."""
        if not self.is_real or self.home_plan is None or self.home_plan_rests:
            return None
        return self.home_plan.practice

    def may_choose(self, practice: str) -> bool:
        """Return whether this practice may be chosen beside a home plan.

        With a therapist there it is no matter. What needs no straps always may, and
        while a harder practice rests, whatever is not a harder one.
        """
        if not self.is_real or self.home_plan is None or self.with_therapist:
            return True
        plan = self.plans.get(practice)
        if plan is not None and plan.straps is Straps.NONE:
            return True
        if self.planned is not None:
            return practice == self.planned
        return plan is None or not plan.is_harder

    @property
    def needs_no_gate(self) -> bool:
        """Whether tonight's practice is for right now: nobody is asked or recorded."""
        return self.plan is not None and self.plan.straps is Straps.NONE

    @property
    def is_strapless(self) -> bool:
        """Whether tonight is without straps: nothing of a heart is heard or kept."""
        plan = self.plan
        if not self.is_real or plan is None or plan.straps is Straps.WORN:
            return False
        return self.chosen.without_straps or plan.straps is Straps.NONE

    @property
    def first(self) -> Partner:
        """Who has the first place tonight: as chosen, or by turns."""
        by_turns = Partner.A if self.practised % 2 == 0 else Partner.B
        return self.chosen.first or by_turns

    @property
    def tonight(self) -> "Evening":
        """The evening as it will be practised: a quiet one has no breath to follow.

        Nobody has to tell or to hear anything in it, either.
        """
        if not self.is_gentle:
            return self
        practice = self.chosen.practice
        quiet = replace(
            self.chosen,
            practice=practice if practice in _QUIET else MAIN_PRACTICE,
            minutes=0.0,
            without_breathing=True,
        )
        return replace(self, chosen=quiet)

    def choosing(self, chosen: Chosen) -> "Evening":
        """Return the evening with another practice chosen."""
        return replace(self, chosen=chosen)

    def noticed(self, notice: Notice) -> "Evening":
        """Return the evening with this notice, once."""
        others = tuple(each for each in self.notices if each.id != notice.id)
        return replace(self, notices=(*others, notice))

    def settled(self, notice_id: str) -> "Evening":
        """Return the evening without this notice."""
        return replace(
            self, notices=tuple(each for each in self.notices if each.id != notice_id)
        )


def first_screen(evening: Evening) -> Evening:
    """Return the evening at its front door."""
    return replace(evening, screen=evening.front, turn=None)


def asked_each(evening: Evening) -> Evening:
    """Return the evening where, before a practice, the first one is asked alone."""
    return replace(evening, screen=Screen.GATE, turn=Partner.A, gate=(), answered=())
