"""A state in which nothing is told: what any other one is put together from."""

from coreg.exercises.pacing.in_out import InOut
from coreg.exercises.plan import Begins, Straps
from coreg.exercises.plan_blocks import Length
from coreg.facts.events import Partner, Source
from coreg.web.wire.named import LockIs, PaceWay, Screen, Seat
from coreg.web.wire.outgoing import (
    NOBODY,
    PROTOCOL,
    PaceShown,
    PracticeShown,
    RecordingShown,
    SettingsShown,
    State,
)

_NO_PRACTICE = PracticeShown(
    name="",
    title="",
    purpose="",
    minutes=1.0,
    length=Length.USUAL,
    lengths={},
    own_pace=False,
    asks="",
    straps=Straps.WORN,
    begins=Begins.TURNS,
    not_when="",
    at_first="",
    is_led=True,
    has_turns=False,
)
NOTHING = State(
    v=PROTOCOL,
    server_s=0.0,
    screen=Screen.HOME,
    simulated=False,
    source=Source.STRAPS,
    seed=0,
    speed=1.0,
    couple=dict.fromkeys(Partner, NOBODY),
    turn=None,
    practice=_NO_PRACTICE,
    choices=(),
    first=Partner.A,
    strapless=False,
    scales=(),
    without_breathing=False,
    pace=PaceShown(way=PaceWay.SIX, per_min=6.0, in_out=InOut.EVEN, may_find=False),
    block=None,
    paused=False,
    pause=None,
    breath=None,
    next_breath=None,
    pacing=None,
    asks=False,
    taps=False,
    notices=(),
    recording=RecordingShown(ok=True, words=""),
    ending=None,
    closing="",
    look=None,
    sat=None,
    read=(),
    lock=LockIs.OPEN,
    keep_days=0,
    unfinished=None,
    loose_ends=(),
    home_plan=None,
    seat=Seat.LIGHT,
    elsewhere=False,
    phones=(),
    marks=(),
    with_therapist=False,
    therapist_hears=False,
    sound=False,
    settings=SettingsShown(
        sound=False, warmth=False, bell=False, our_pace=False, may_quit=False
    ),
    straps=(),
)
