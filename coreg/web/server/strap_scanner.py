"""The straps in the air at home: searched while somebody looks, then held.

Every strap found is held, so that its heart is seen and a session begins without
connecting anew. The search goes on in the background, a few seconds at a time behind
the radio's one lock, and stops when nobody looks any more; a session under way keeps
its straps. Whatever is wrong with the radio is said and tried again, because people
switch Bluetooth on while they read that it is off.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from coreg import words
from coreg.base import clock
from coreg.base.supervision import again, ended
from coreg.errors import BadPacketError, CoregError, RadioError
from coreg.facts.both import Both
from coreg.facts.events import NS_PER_S, Link, Notification, Partner, Quirk, Stream
from coreg.sensors.quirks.words import Trouble, quirk_words, sentence
from coreg.sensors.straps.hub import Arrived, StrapHub, StrapState
from coreg.sensors.straps.radio import FoundStrap, Radio
from coreg.session.engine import LOW_BATTERY_PERCENT
from coreg.session.sources import SessionSource
from coreg.session.strap_source import WornPair
from coreg.web.evening.strap_seen import Signal, StrapSeen
from coreg.web.server.beat_jumps import BeatJumps
from coreg.web.words import say

MOST_STRAPS = 6
_SEARCH_S = 3.0
_PAUSE_S = 2.0
_PAUSE_WITH_TWO_S = 15.0  # then a search is only for a third one
_LOOKED_AT_S = 2.0  # Home asks twice a second
_FORGOTTEN_S = 60.0
_ENDS = 4

_DRY = frozenset({Quirk.NO_SIGNAL, Quirk.NO_CONTACT})
_CONNECTED = frozenset({Link.CONNECTED, Link.WAITING_FOR_RR})


class StrapScanner:
    """All straps in the air, from the first look until this is left (`async with`).

    `remembered` says who wore which strap last; `named` are how the addresses or names
    of A's and B's straps end, where the couple said so.
    """

    def __init__(
        self,
        radio: Radio,
        folder: Path,
        *,
        remembered: Callable[[], Mapping[str, Partner]],
        named: tuple[str, ...],
    ) -> None:
        self._radio = radio
        self._folder = folder
        self._remembered = remembered
        self._named = dict(zip(Partner, named, strict=False))
        self._hub = StrapHub(radio)
        self._seen: dict[str, _Seen] = {}
        self._trouble = ""
        self._looked_at_ns: int | None = None
        self._look = asyncio.Event()
        self._searching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._searching = again(
            "searching for straps",
            self._search_on,
            failed=self._search_failed,
            after_s=_PAUSE_S,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self._hub:
            for seen in self._seen.values():
                seen.close()
            if self._searching is not None:
                await ended(self._searching)

    @property
    def trouble(self) -> str:
        """Why no strap is seen, in words; empty while there is one."""
        return self._trouble

    def straps(self, now_ns: int) -> tuple[StrapSeen, ...]:
        """Return the straps, those remembered first; asking keeps the search going."""
        self._looked_at_ns = now_ns
        self._look.set()
        seen = [self._strap(state, now_ns) for state in self._hub.states]
        return tuple(sorted(seen, key=lambda each: each.worn_by or "unknown"))

    def open_session(
        self, a: str, b: str, measured: Both[frozenset[Stream]]
    ) -> SessionSource:
        """Return two held straps as the hearts of a session.

        Raises
        ------
        CoregError
            If one of them is not there, or what is known of them cannot be read.
        """
        held = {state.address for state in self._hub.states}
        if not {a, b} <= held:
            raise CoregError(
                words.say("faults.strap-gone.wrong"), words.say("faults.strap-gone.do")
            )
        self._looked_at_ns = None  # nobody looks now, and nobody is let go
        return WornPair(self._hub, a, b).hearts_of_each(self._folder, measured)

    async def _search_on(self) -> None:
        while True:
            if not self._is_looked_at():
                self._look.clear()
                await self._look.wait()
            await self._forget()
            if len(self._hub.states) < MOST_STRAPS:
                await self._search()
            await asyncio.sleep(self._pause_s())

    def _search_failed(self, _error: Exception) -> None:
        self._trouble = say("fault-straps")

    def _is_looked_at(self) -> bool:
        if self._looked_at_ns is None:
            return False
        return clock.monotonic_ns() - self._looked_at_ns < _LOOKED_AT_S * NS_PER_S

    async def _search(self) -> None:
        try:
            found = await self._radio.find_straps(_SEARCH_S)
        except RadioError as error:
            # Another's search is no trouble yet: the next one is in two seconds.
            trouble = Trouble(error.trouble)
            self._trouble = "" if trouble is Trouble.BUSY else sentence(trouble)
            return
        taken = [words for strap in found if (words := self._hold(strap))]
        self._trouble = ""
        if len(self._hub.states) < len(Partner):
            self._trouble = " ".join(taken)
        if not self._hub.states and not taken:
            self._trouble = sentence(Trouble.NOTHING_FOUND)

    def _hold(self, strap: FoundStrap) -> str:
        """Hold a strap; return who has it where that is somebody else."""
        is_full = len(self._hub.states) == MOST_STRAPS
        if strap.address in self._seen or is_full:
            return ""
        try:
            self._hub.hold(strap)
        except RadioError as error:
            name = strap.name or strap.address
            return sentence(Trouble(error.trouble), strap=name)
        self._seen[strap.address] = _Seen(self._hub, strap.address)
        return ""

    async def _forget(self) -> None:
        """Let go of straps that went home: their place and the radio are for others."""
        for address, seen in list(self._seen.items()):
            if seen.is_gone(self._hub.state(address).link):
                seen.close()
                del self._seen[address]
                await self._hub.let_go(address)

    def _pause_s(self) -> float:
        sending = [s for s in self._hub.states if s.link is Link.STREAMING]
        return _PAUSE_WITH_TWO_S if len(sending) >= 2 else _PAUSE_S

    def _strap(self, state: StrapState, now_ns: int) -> StrapSeen:
        signal, words = _signal(state)
        return StrapSeen(
            id=state.address,
            identity=state.identity,
            has_said_who=state.info is not None,
            name=state.name,
            model=state.model,
            ends=(state.name or state.address)[-_ENDS:],
            worn_by=self._worn_by(state),
            jumps=self._seen[state.address].jumps.at(now_ns / NS_PER_S),
            signal=signal,
            words=words,
            sees_breath=_sees_breath(state),
        )

    def _worn_by(self, state: StrapState) -> Partner | None:
        if not self._named:
            return self._remembered().get(state.identity)
        for partner, ending in self._named.items():
            names = (state.address.casefold(), state.name.casefold())
            if any(name.endswith(ending.casefold()) for name in names):
                return partner
        return None


class _Seen:
    """What Home shows of one strap, and since when nothing was heard of it."""

    def __init__(self, hub: StrapHub, address: str) -> None:
        self.jumps = BeatJumps()
        self._heard_ns = clock.monotonic_ns()
        self._listening = ExitStack()
        anybody = {Partner.A: address}  # a line does not ask whose it is
        self._listening.enter_context(hub.heard_by(self._hear, anybody))

    def close(self) -> None:
        """Listen no more."""
        self._listening.close()

    def is_gone(self, link: Link) -> bool:
        """Whether it has been lost, or was never there, for a minute."""
        quiet_ns = clock.monotonic_ns() - self._heard_ns
        is_away = link in (Link.SEARCHING, Link.LOST)
        return is_away and quiet_ns > _FORGOTTEN_S * NS_PER_S

    def _hear(self, arrived: Arrived) -> None:
        if isinstance(arrived, Notification):
            self._heard_ns = arrived.t_ns
            with suppress(BadPacketError):
                self.jumps.hear(arrived.t_ns / NS_PER_S, arrived.data)


def _sees_breath(state: StrapState) -> bool | None:
    """Return whether it can measure how a chest moves; None: it has not said yet."""
    return None if state.offers is None else Stream.ACCELERATION in state.offers


def _signal(state: StrapState) -> tuple[Signal, str]:
    """Return how well a strap is heard, and the words where there are more of them."""
    if state.link is Link.GAP:
        return "silent", state.words
    if state.link in (Link.SEARCHING, Link.LOST):
        return "searching", state.words
    dry = [quirk for quirk in state.quirks if quirk in _DRY]
    if dry:
        return "dry", quirk_words(dry[0])
    if state.link in _CONNECTED:
        return "searching", state.words or say("strap-waiting")
    percent = state.battery_percent
    if percent is not None and percent <= LOW_BATTERY_PERCENT:
        return "good", f"{say('strap-good')} {quirk_words(Quirk.BATTERY_LOW)}"
    return "good", ""
