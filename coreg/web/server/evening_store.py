"""Between the evening and its library: what is kept, read back and erased."""

import datetime as dt
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from coreg.base import clock
from coreg.errors import CoregError
from coreg.exercises import ladder
from coreg.exercises.home_plan import HomePlan, offered
from coreg.exercises.open_hour import is_of_an_hour
from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan import Pace, readable_plan
from coreg.exercises.plan_blocks import has_quiet
from coreg.facts.both import Both
from coreg.facts.events import NS_PER_S, Opened, Partner, Source
from coreg.facts.kinds import WhyNot
from coreg.facts.opened import LearnedBefore
from coreg.session.broken_off import LONGEST_AWAY_S, broken_off
from coreg.session.home_plan_shelf import (
    home_plan_in,
    plans_there,
    practised_last,
)
from coreg.store import erasing, learned
from coreg.store.audit import Line, What, erased_by
from coreg.store.erasing import HOME_PLAN, SET_UP, worn_by
from coreg.store.keys import is_locked
from coreg.store.left import leave
from coreg.store.library import (
    began_utc,
    list_session_files,
    list_sessions,
    session_path,
)
from coreg.store.library_db import (
    HARDER_UNTIL,
    RESTS_AS_SAID,
    RESTS_UNTIL,
    Library,
    Purpose,
    Sitting,
)
from coreg.store.loose_ends import LooseEnds
from coreg.store.our_lines import OurLine
from coreg.store.own_things import (
    AnswerKept,
    HappenedKept,
    OwnThings,
    RatingKept,
    WordsKept,
)
from coreg.store.passcode import USUAL_COST, Cost
from coreg.store.release import CONSENT_VERSION, Renamed, Said, may_see
from coreg.store.retention import ANNOUNCED, KEEP_DAYS, due, keep_days
from coreg.web.evening.effects import (
    EraseAtEnd,
    ForgetLine,
    ForgetRead,
    Keep,
    KeepAnswer,
    KeepAside,
    KeepConsent,
    KeepDays,
    KeepHappened,
    KeepHarder,
    KeepInQuiet,
    KeepLearned,
    KeepLine,
    KeepLooseEnd,
    KeepNames,
    KeepPace,
    KeepPractised,
    KeepRating,
    KeepRest,
    KeepSat,
    KeepSettings,
    KeepTimes,
    KeepWish,
    KeepWords,
    KeepWorn,
    LeaveUnfinished,
    Remove,
    Withdraw,
)
from coreg.web.evening.on_session import NOT_KEPT
from coreg.web.evening.state import (
    HARDER_REST_S,
    NOT_TODAY_S,
    STEADY_SIX,
    Agreed,
    Chosen,
    Evening,
    Notice,
    PaceChosen,
    Unfinished,
    first_screen,
)
from coreg.web.wire.named import Erasing, LockIs, PaceWay, Screen
from coreg.web.wire.readers import pace

NOT_ERASED = "not-erased"
LIBRARY_MENDED = "library-mended"
_LOCK = "locked with a passphrase"

PRACTISED = "evenings practised"
_PRACTISED_OF = "practised: "
ERASE_AT_END = "erase this session when it ends"  # or these, one a line
_Answered = (
    KeepRating
    | KeepAside
    | KeepInQuiet
    | KeepWords
    | KeepAnswer
    | KeepHappened
    | KeepWish
)
_Setting = KeepSettings | KeepPace | KeepPractised | KeepTimes | KeepDays
_OfEvening = KeepLearned | KeepLine | ForgetLine | ForgetRead | KeepSat | _Answered


class EveningStore:
    """Keeps what the evening asks it to; each call waits for the disk."""

    def __init__(self, folder: Path, *, passcode_cost: Cost = USUAL_COST) -> None:
        self._folder = folder
        self._library = Library(folder, passcode_cost=passcode_cost)
        self._unerased = erasing.finish_erasing(folder, self._library)
        self._worn = self._read_worn()

    @property
    def own(self) -> OwnThings:
        """What each wrote and how each was, under their own passcodes."""
        return self._library.own

    @property
    def offered(self) -> LooseEnds:
        """Return the loose ends that either offered to the other."""
        return self._library.loose_ends

    def renamed(self) -> Both[Renamed | None]:
        """Return when each was named anew last, of who has a passcode."""
        return Both(*map(self._library.renamed, Partner))

    def lines(self) -> list[OurLine]:
        """Return the lines of both, newest first."""
        return self._library.lines.all()

    def sittings(self) -> dict[str, Sitting]:
        """Return how long two sat together, by session."""
        return self._library.sittings()

    @property
    def worn(self) -> dict[str, Partner]:
        """Who wore which strap last, by the strap's stable identity."""
        return self._worn

    def evening(
        self, practices: frozenset[str], *, source: Source, seed: int, speed: float
    ) -> Evening:
        """Return the evening as it begins, with all that is remembered."""
        self._erase_what_nobody_wants()
        to_go = self._erase_what_is_old()
        settings = self._library.settings()
        a, b = (self._library.person(partner) for partner in Partner)
        practised = self._practised(settings)
        is_real = source is Source.STRAPS
        usual, today = ladder.offered(practised), clock.today()
        plan = self._home_plan(settings)
        planned = self._planned(plan, today)
        agreed = Both(self._agreed(Partner.A), self._agreed(Partner.B))
        evening = Evening(
            screen=Screen.WELCOME,
            turn=None,
            names=Both(a.name, b.name),
            passcode_utc=Both(*map(self.own.chosen_utc, Partner)),
            agreed=agreed,
            practices=practices,
            chosen=Chosen(
                practice=planned or usual if is_real else ladder.MAIN,
                minutes=0.0,
                length=None,
                without_breathing=False,
            ),
            pace=_pace(settings),
            source=source,
            seed=seed,
            speed=speed,
            worn=Both(None, None),
            swapped=False,
            straight=False,
            starting=False,
            running=None,
            looking=None,
            notices=(*self._mended(), *to_go, *self._not_erased()),
            recording_trouble="",
            warmth=settings.get("warmth", "on") == "on",
            bell=settings.get("bell", "on") == "on",
            practised=practised,
            practised_of=_practised_of(settings),
            was_set_up=all(agreed) or settings.get(SET_UP) == "yes",
            renamed=self.renamed(),
            rests_until_s=_until_s(settings, RESTS_UNTIL, NOT_TODAY_S),
            harder_until_s=_until_s(settings, HARDER_UNTIL, HARDER_REST_S),
            rests_as_said=settings.get(RESTS_AS_SAID) == "yes",
            lock=self._lock(settings),
            keep_days=keep_days(settings),
            unfinished=self._unfinished(),
            loose_ends=self._library.loose_ends.all(),
            home_plan=plan if plan is not None and plan.holds(today) else None,
            home_plan_rests=planned is None,
        )
        return first_screen(evening)

    def _planned(self, plan: HomePlan | None, today: dt.date) -> str | None:
        """Return the practice that a home plan gives tonight."""
        if plan is None:
            return None
        last = practised_last(self._folder, clock.HERE)
        return offered(plan, today, plans_there(self._folder), last)

    def _home_plan(self, settings: dict[str, str]) -> HomePlan | None:
        if not settings.get(HOME_PLAN):  # else all practices are read for nothing
            return None
        return home_plan_in(self._library, plans_there(self._folder))

    def _practised(self, settings: dict[str, str]) -> int:
        """Return how many evenings these two have practised.

        Before they were counted, those that were recorded say so.
        """
        if PRACTISED in settings:
            return int(settings[PRACTISED]) if settings[PRACTISED].isdecimal() else 0
        if settings.get(SET_UP) != "yes":
            return 0
        opened = (session.opened for session in list_sessions(self._folder))
        return sum(
            each is not None and each.couple.source is Source.STRAPS for each in opened
        )

    def keep_no_lock(self) -> None:
        """Keep that both want no passphrase for what is kept here."""
        self._library.keep_setting(_LOCK, "no")

    def _lock(self, settings: dict[str, str]) -> LockIs:
        if is_locked(self._folder):
            return LockIs.LOCKED
        return LockIs.OPEN if settings.get(_LOCK) == "no" else LockIs.UNASKED

    def keep(self, what: Keep) -> None:
        """Keep it, and have it on the disk; not among rows that are to be erased."""
        erasing.erase_rows_first(self._folder, self._library)
        match what:
            case KeepNames(names=names):
                self._library.note_renamed(names, utc=_utc())
                self._library.keep_names(*names)
            case KeepConsent():
                self._consent(what)
            case Withdraw(partner=partner):
                self._library.withdraw(partner, utc=_utc())
            case (
                KeepSettings() | KeepPace() | KeepPractised() | KeepTimes() | KeepDays()
            ):
                self._set(what)
            case KeepWorn(identities=identities):
                self._keep_worn(identities)
            case LeaveUnfinished(session_id=session_id):
                leave(session_path(self._folder, session_id))
            case KeepLooseEnd(number=number, has_room=has_room, done=done):
                self._library.loose_ends.keep(number, has_room=has_room, done=done)
            case KeepRest() | KeepHarder():
                self._keep_rest(what)
            case EraseAtEnd(session_ids=session_ids):
                self._keep_to_erase(session_ids)
            case _:
                self._keep_of_evening(what)

    def _keep_rest(self, what: KeepRest | KeepHarder) -> None:
        until = clock.utc_now() + dt.timedelta(seconds=what.for_s)
        kept = until.isoformat(timespec="seconds") if what.for_s else ""
        if isinstance(what, KeepHarder):
            self._library.keep_setting(HARDER_UNTIL, kept)
            return
        self._library.keep_setting(RESTS_UNTIL, kept)
        self._library.keep_setting(RESTS_AS_SAID, "yes" if what.was_said else "no")

    def _keep_of_evening(self, what: _OfEvening) -> None:
        match what:
            case KeepLearned():
                self._keep_learned(what)
            case KeepLine(partner=partner, session_id=session_id, text=text):
                self._library.lines.keep(partner, session_id, text, utc=_utc())
            case ForgetLine(number=number):
                self._library.lines.remove(number)
            case ForgetRead(partner=partner, session_id=session_id, texts=texts):
                self._library.lines.take_back(partner, session_id, texts)
            case KeepSat(session_id=session_id, sat=sat):
                self._library.keep_sitting(
                    session_id,
                    Sitting(
                        sat_s=sat.sat_s,
                        breathing_s=sat.breathing_s,
                        breaths_per_min=sat.breaths_per_min,
                    ),
                )
            case _:
                self._answer(what)

    def _keep_learned(self, what: KeepLearned) -> None:
        """Keep what an evening taught; one that was set aside teaches nothing."""
        if what.session_id in self._library.aside():
            return
        learned.keep_pace(self._library, what.couple, what.pace_belief)
        learned.keep_rest(
            self._library, what.couple, what.arrived_bpm, session_id=what.session_id
        )
        learned.keep_taps(self._library, what.couple, what.usual_taps_s)

    def _keep_worn(self, identities: Both[str]) -> None:
        for partner, identity in identities.items():
            self._library.keep_setting(worn_by(partner), identity)
        self._worn = self._read_worn()

    def _set(self, what: _Setting) -> None:
        for name, value in _settings(what).items():
            self._library.keep_setting(name, value)

    def known_of(self, couple: str) -> LearnedBefore:
        """Return what earlier evenings taught of a couple."""
        return learned.known_of(self._library, couple)

    def forget(self, partner: Partner) -> None:
        """Erase a forgotten passcode, what it opened, and what was learned of one."""
        self.own.forget(partner, now=clock.utc_now())
        learned.forget_own(self._library, partner)
        self._library.audit.blank(whose=partner.value)

    def note(self, what: What, whose: str, session_id: str, place: str = "") -> None:
        """Note that something of an evening was opened or erased."""
        line = Line(
            utc=_utc(), what=what, whose=whose, session_id=session_id, place=place
        )
        self._library.audit.add(line)

    def remove(self, what: Remove) -> None:
        """Erase it, now or, where something is in the way, at the next start."""
        by = erased_by(what.partner, self.own.has_passcode)
        match what.what:
            case Erasing.SESSION if what.whole_hour:
                erasing.erase_hour(self._folder, self._library, what.session_id or "")
            case Erasing.SESSION:
                self._erase_session(what.session_id or "")
            case Erasing.PARTNER if what.partner is not None:
                erasing.erase_partner(self._folder, self._library, what.partner)
            case Erasing.EVERYTHING:
                erasing.erase_everything(self._folder, self._library)
        self._worn = self._read_worn()
        if what.what is not Erasing.EVERYTHING:
            place = f"what belonged to {what.partner}" if what.partner else ""
            self.note(What.ERASED, by, "", place)  # no longer which

    def may_see(
        self, opened: Opened, whose: Partner | None, unlocked: Container[Partner] = ()
    ) -> bool:
        """Whether one partner's own page of a session is open, or the joint one."""

        def said(partner: Partner) -> Said:
            return self._library.said(partner, opened.identity.session_id)

        return may_see(opened.couple.source, said, whose, unlocked)

    def _read_worn(self) -> dict[str, Partner]:
        settings = self._library.settings()
        worn = {settings.get(worn_by(partner), ""): partner for partner in Partner}
        return {identity: partner for identity, partner in worn.items() if identity}

    def _agreed(self, partner: Partner) -> Agreed | None:
        person = self._library.person(partner)
        if not person.has_agreed:
            return None
        return Agreed(
            record=person.agrees(Purpose.RECORD),
            show_partner=person.agrees(Purpose.SHOW_PARTNER),
            heart_rhythm=person.heart_rhythm,
            see_doctor=person.see_doctor,
            find_pace=person.agrees(Purpose.FIND_PACE),
            show_therapist=person.agrees(Purpose.THERAPIST),
            movement=person.agrees(Purpose.MOVEMENT),
            ecg=person.agrees(Purpose.ECG),
        )

    def _consent(self, what: KeepConsent) -> None:
        given = {
            Purpose.RECORD: what.agreed.record,
            Purpose.SHOW_PARTNER: what.agreed.show_partner,
            Purpose.FIND_PACE: what.agreed.find_pace,
            Purpose.THERAPIST: what.agreed.show_therapist,
            Purpose.MOVEMENT: what.agreed.movement,
            Purpose.ECG: what.agreed.ecg,
        }
        self._library.keep_body(
            what.partner,
            heart_rhythm=what.agreed.heart_rhythm,
            see_doctor=what.agreed.see_doctor,
        )
        self._library.keep_consent(
            what.partner, given, version=CONSENT_VERSION, utc=_utc()
        )
        if all(self._agreed(partner) for partner in Partner):
            self._library.keep_setting(SET_UP, "yes")

    def _answer(self, what: _Answered) -> None:
        """Keep what one said alone; of who has no passcode, nothing private is kept."""
        match what:
            case KeepAside(session_id=session_id):
                self._library.keep_aside(session_id)
            case KeepInQuiet(session_id=session_id, what=in_quiet):
                self._library.keep_in_quiet(session_id, in_quiet)
            case KeepRating():
                rating = RatingKept(
                    session_id=what.session_id,
                    moment=what.moment,
                    at_ease=what.at_ease,
                    awake=None,
                    wide_awake=what.wide_awake,
                    myself=what.myself,
                    utc=_utc(),
                )
                self.own.keep(what.partner, rating)
            case KeepWords():
                words = WordsKept(
                    session_id=what.session_id,
                    block=what.block,
                    text=what.text,
                    utc=_utc(),
                )
                self.own.keep(what.partner, words)
            case KeepAnswer(session_id=session_id, answered=answered):
                answer = AnswerKept(
                    session_id=session_id,
                    name=answered.name,
                    words=answered.words,
                    value=answered.value,
                    utc=_utc(),
                    block=answered.block,
                    is_yes_no=answered.is_yes_no,
                )
                self.own.keep(answered.partner, answer)
            case KeepHappened():
                said = HappenedKept(
                    session_id=what.session_id, happened=what.happened, utc=_utc()
                )
                self.own.keep(what.partner, said)
            case KeepWish():
                self._library.keep_wish(
                    what.partner, what.session_id, what.whose, utc=_utc()
                )

    def _erase_what_nobody_wants(self) -> None:
        """Erase what was to be erased at its end, and was ended by a fault.

        What cannot be erased now is tried again at the next start.
        """
        for session_id in self._to_erase():
            with suppress(CoregError):
                self._erase_session(session_id)

    def _to_erase(self) -> tuple[str, ...]:
        """Return what is to be erased: one a line, as where there was only ever one."""
        return tuple(self._library.settings().get(ERASE_AT_END, "").splitlines())

    def _keep_to_erase(self, session_ids: tuple[str, ...]) -> None:
        self._library.keep_setting(ERASE_AT_END, "\n".join(session_ids))

    def _erase_what_is_old(self) -> tuple[Notice, ...]:
        """Erase what was said to go; return what says that more is too old by now."""
        settings = self._library.settings()
        names = [path.stem for path in list_session_files(self._folder)]
        began = {name: began_utc(name) for name in names}
        found = due(began, settings, clock.utc_now())
        for session_id in found.erase:
            with suppress(CoregError):  # it is tried again at the next start
                self._erase_session(session_id)
                self.note(What.ERASED, "", "", "too old")
        if found.note != settings.get(ANNOUNCED, ""):
            self._library.keep_setting(ANNOUNCED, found.note)
        if not found.announce:
            return ()
        key = "one-to-go" if len(found.announce) == 1 else "some-to-go"
        return (Notice(id="to-go", key=key, detail=str(len(found.announce))),)

    def _erase_session(self, session_id: str) -> None:
        erasing.erase_session(self._folder, self._library, session_id)
        to_erase = self._to_erase()
        if session_id in to_erase:
            self._keep_to_erase(tuple(e for e in to_erase if e != session_id))

    def _mended(self) -> tuple[Notice, ...]:
        """Return what says that choices may be those of an earlier moment."""
        if not self._library.is_mended:
            return ()
        return (Notice(id=LIBRARY_MENDED, key=LIBRARY_MENDED, detail=""),)

    def _not_erased(self) -> tuple[Notice, ...]:
        """Return what says that something is there still, though it was to go."""
        id_ = f"{NOT_KEPT}-{NOT_ERASED}"
        words = (error.wrong for error in self._unerased)
        return tuple(Notice(id=id_, key=NOT_ERASED, detail=each) for each in words)[:1]

    def _unfinished(self) -> Unfinished | None:
        """Return the practice that broke off when coreg last stopped, if one did."""
        found = broken_off(self._folder, utc=clock.utc_now())
        plan = None if found is None else readable_plan(found.opened.practice.plan_toml)
        if found is None or plan is None:
            return None
        if found.session_id in self._to_erase():
            return None  # it could not be erased, and is nothing to go on with
        waits = found.opened.practice.steps_wait  # as all that begins on the pages
        until_s = None
        if found.away_s is not None:
            now_s = clock.monotonic_ns() / NS_PER_S
            until_s = now_s + LONGEST_AWAY_S - found.away_s
        worn = {partner: identity for identity, partner in self._worn.items()}
        return Unfinished(
            session_id=found.session_id,
            source=found.opened.couple.source,
            why_not=found.why_not or (None if waits else WhyNot.COMMAND_LINE),
            until_server_s=until_s,
            by_heart=plan.pace is not Pace.FIXED,
            finds_pace=found.opened.practice.finds_pace,
            worn=Both(*(worn.get(partner, "") for partner in Partner)),
            had_quiet=has_quiet(plan.blocks) and not is_of_an_hour(found.opened),
            measured=Both(*map(frozenset, found.opened.straps.measured)),
        )


def _practised_of(settings: dict[str, str]) -> dict[str, int]:
    """Return how often they practised what says something the first times."""
    return {
        name.removeprefix(_PRACTISED_OF): int(times)
        for name, times in settings.items()
        if name.startswith(_PRACTISED_OF) and times.isdecimal()
    }


def _settings(what: _Setting) -> dict[str, str]:
    match what:
        case KeepSettings(warmth=warmth, bell=bell):
            on = {"warmth": warmth, "bell": bell}
            return {name: _on(is_on=each) for name, each in on.items()}
        case KeepDays(days=days):
            return {KEEP_DAYS: str(days), ANNOUNCED: ""}
        case KeepPractised(evenings=evenings):
            return {PRACTISED: str(evenings)}
        case KeepTimes(practice=practice, times=times):
            return {f"{_PRACTISED_OF}{practice}": str(times)}
        case KeepPace(pace=chosen):
            return {
                "pace": chosen.way,
                "breaths a minute": f"{chosen.per_min:g}",
                "in to out": chosen.in_out,
            }


def _until_s(settings: dict[str, str], key: str, most_s: float) -> float | None:
    """Return until when on the server's clock something holds; None: no more.

    No clock that was set back makes it longer than it was said for.
    """
    try:
        until = dt.datetime.fromisoformat(settings.get(key, ""))
        left_s = (until - clock.utc_now()).total_seconds()
    except (ValueError, TypeError):  # never said, or not by coreg
        return None
    if left_s <= 0:
        return None
    return clock.monotonic_ns() / NS_PER_S + min(left_s, most_s)


def _on(*, is_on: bool) -> str:
    return "on" if is_on else "off"


def _pace(settings: dict[str, str]) -> PaceChosen:
    """Return the pace that was chosen last; what cannot be read is six a minute."""
    try:
        return PaceChosen(
            way=PaceWay(settings.get("pace", PaceWay.SIX)),
            per_min=pace(float(settings.get("breaths a minute", 6.0))),
            in_out=InOut(settings.get("in to out", InOut.LONGER_OUT)),
        )
    except ValueError:
        return STEADY_SIX


def _utc() -> str:
    return clock.utc_now().isoformat(timespec="seconds")
