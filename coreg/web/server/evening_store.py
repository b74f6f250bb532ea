"""Between the evening and its library: what is kept, read back and erased."""

from pathlib import Path

from coreg.base import clock
from coreg.errors import CoregError
from coreg.exercises.pacing.in_out import InOut
from coreg.facts.both import Both
from coreg.facts.events import Opened, Partner, Source
from coreg.facts.opened import LearnedBefore
from coreg.findings.own_rating import OwnRating
from coreg.store import learned
from coreg.store.erase import erase_session_file
from coreg.store.library import list_sessions, session_path
from coreg.store.library_db import Library, Purpose, RatingKept, WordsKept
from coreg.store.reader import State
from coreg.store.release import CONSENT_VERSION, Said, may_see
from coreg.web.evening.effects import (
    Keep,
    KeepAside,
    KeepConsent,
    KeepLearned,
    KeepNames,
    KeepPace,
    KeepRating,
    KeepSettings,
    KeepTaps,
    KeepWish,
    KeepWords,
    KeepWorn,
    Remove,
    Withdraw,
)
from coreg.web.evening.on_session import INTERRUPTED
from coreg.web.evening.state import (
    MAIN_PRACTICE,
    STEADY_SIX,
    Agreed,
    Chosen,
    Evening,
    Notice,
    PaceChosen,
    first_screen,
)
from coreg.web.wire.incoming import Erasing, PaceWay, Screen
from coreg.web.wire.readers import pace

SET_UP = "both agreed once"
"""A setting: what is taken back later must not show in where one arrives."""


class EveningStore:
    """Keeps what the evening asks it to; each call waits for the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._library = Library(folder)
        self._worn = self._read_worn()

    @property
    def worn(self) -> dict[str, Partner]:
        """Who wore which strap last, by the strap's stable identity."""
        return self._worn

    def evening(
        self, practices: frozenset[str], *, source: Source, seed: int, speed: float
    ) -> Evening:
        """Return the evening as it begins, with all that is remembered."""
        settings = self._library.settings()
        a, b = (self._library.person(partner) for partner in Partner)
        agreed = Both(self._agreed(Partner.A), self._agreed(Partner.B))
        evening = Evening(
            screen=Screen.WELCOME,
            turn=None,
            names=Both(a.name, b.name),
            agreed=agreed,
            practices=practices,
            chosen=Chosen(
                practice=MAIN_PRACTICE,
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
            notices=self._interrupted(),
            recording_trouble="",
            sound=settings.get("sound", "on") == "on",
            warmth=settings.get("warmth", "on") == "on",
            was_set_up=all(agreed) or settings.get(SET_UP) == "yes",
            taps=settings.get("taps", "off") == "on",
        )
        return first_screen(evening)

    def keep(self, what: Keep) -> None:
        """Keep it, and have it on the disk."""
        match what:
            case KeepNames(names=names):
                self._library.keep_names(*names)
            case KeepConsent():
                self._consent(what)
            case Withdraw(partner=partner):
                self._library.withdraw(partner)
            case KeepSettings() | KeepPace() | KeepTaps():
                self._set(what)
            case KeepWorn(identities=identities):
                self._keep_worn(identities)
            case _:
                self._keep_of_evening(what)

    def _keep_of_evening(
        self, what: KeepLearned | KeepRating | KeepAside | KeepWords | KeepWish
    ) -> None:
        if isinstance(what, KeepLearned):
            self._keep_learned(what)
        else:
            self._answer(what)

    def _keep_learned(self, what: KeepLearned) -> None:
        """Keep what an evening taught; one that was set aside teaches nothing."""
        if what.session_id in self._library.aside():
            return
        learned.keep_pace(self._library, what.couple, what.pace_belief)
        learned.keep_rest(self._library, what.couple, what.arrived_bpm)
        learned.keep_taps(self._library, what.couple, what.usual_taps_s)

    def _keep_worn(self, identities: Both[str]) -> None:
        for partner, identity in identities.items():
            self._library.keep_setting(_worn_by(partner), identity)
        self._worn = self._read_worn()

    def _set(self, what: KeepSettings | KeepPace | KeepTaps) -> None:
        for name, value in _settings(what).items():
            self._library.keep_setting(name, value)

    def known_of(self, couple: str) -> LearnedBefore:
        """Return what earlier evenings taught of a couple."""
        return learned.known_of(self._library, couple)

    def remove(self, what: Remove) -> None:
        """Erase it. Erasing a person erases the sessions both wore straps in, too.

        A session holds both hearts, woven into one sequence; taking one of them out
        would need a session format that can say so.
        """
        match what.what:
            case Erasing.SESSION:
                self._erase_session(what.session_id or "")
            case Erasing.PARTNER if what.partner is not None:
                self._library.keep_setting(_worn_by(what.partner), "")
                self._library.keep_setting(SET_UP, "no")
                learned.forget_partner(self._library, what.partner)
                self._library.erase_person(what.partner)
                self._erase_sessions({Source.STRAPS})
            case Erasing.EVERYTHING:
                self._library.erase_everything()
                self._erase_sessions(set(Source))
        self._worn = self._read_worn()

    def may_see(self, opened: Opened, whose: Partner | None) -> bool:
        """Whether one partner's own page of a session is open, or the joint one."""

        def said(partner: Partner) -> Said:
            return self._library.said(partner, opened.identity.session_id)

        return may_see(opened.couple.source, said, whose)

    def ratings(self, partner: Partner, session_id: str) -> list[OwnRating]:
        """Return what one partner said of a session, for that one's own page."""
        return [
            OwnRating(
                moment=each.moment,
                at_ease=each.at_ease,
                awake=each.awake,
                myself=each.myself,
            )
            for each in self._library.ratings(partner)
            if each.session_id == session_id
        ]

    def _read_worn(self) -> dict[str, Partner]:
        settings = self._library.settings()
        worn = {settings.get(_worn_by(partner), ""): partner for partner in Partner}
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
        )

    def _consent(self, what: KeepConsent) -> None:
        given = {
            Purpose.RECORD: what.agreed.record,
            Purpose.SHOW_PARTNER: what.agreed.show_partner,
            Purpose.FIND_PACE: what.agreed.find_pace,
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

    def _answer(self, what: KeepRating | KeepAside | KeepWords | KeepWish) -> None:
        match what:
            case KeepAside(session_id=session_id):
                self._library.keep_aside(session_id)
            case KeepRating():
                rating = RatingKept(
                    session_id=what.session_id,
                    moment=what.moment,
                    at_ease=what.at_ease,
                    awake=what.awake,
                    myself=what.myself,
                    utc=_utc(),
                )
                self._library.keep_rating(what.partner, rating)
            case KeepWords():
                words = WordsKept(
                    session_id=what.session_id,
                    block=what.block,
                    text=what.text,
                    utc=_utc(),
                )
                self._library.keep_words(what.partner, words)
            case KeepWish():
                self._library.keep_wish(
                    what.partner, what.session_id, what.whose, utc=_utc()
                )

    def _erase_session(self, session_id: str) -> None:
        known = {each.session_id for each in list_sessions(self._folder)}
        if session_id in known:
            erase_session_file(session_path(self._folder, session_id))
            self._library.erase_session(session_id)

    def _erase_sessions(self, sources: set[Source]) -> None:
        """Erase the hearts; what either wrote of them is that one's own.

        One that cannot be erased keeps none of the others, and is said at the end.
        """
        kept: list[CoregError] = []
        for each in list_sessions(self._folder):
            if each.opened is None or each.opened.couple.source in sources:
                try:
                    erase_session_file(each.path)
                except CoregError as error:
                    kept.append(error)
        if kept:
            raise kept[0]

    def _interrupted(self) -> tuple[Notice, ...]:
        sessions = list_sessions(self._folder)
        if not sessions or sessions[-1].state is not State.INTERRUPTED:
            return ()
        return (Notice(id=INTERRUPTED, key=INTERRUPTED, detail=""),)


def _settings(what: KeepSettings | KeepPace | KeepTaps) -> dict[str, str]:
    match what:
        case KeepSettings(sound=sound, warmth=warmth):
            return {"sound": _on(is_on=sound), "warmth": _on(is_on=warmth)}
        case KeepTaps(on=on):
            return {"taps": _on(is_on=on)}
        case KeepPace(pace=chosen):
            return {
                "pace": chosen.way,
                "breaths a minute": f"{chosen.per_min:g}",
                "in to out": chosen.in_out,
            }


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


def _worn_by(partner: Partner) -> str:
    return f"strap of {partner}"


def _utc() -> str:
    return clock.utc_now().isoformat(timespec="seconds")
