"""What the light of a practice is about to do: breaths, swells and sparks to come."""

from dataclasses import replace

from coreg.facts.events import Breath, Glint, Glow, PacerStopped
from coreg.web.evening.effects import Stepped, Tell
from coreg.web.evening.running import Running
from coreg.web.evening.state import Evening
from coreg.web.wire.outgoing import BreathTold, GlintTold, PacerStoppedTold


def breath(evening: Evening, running: Running, breath: Breath) -> Stepped:
    """Announce a breath, and count it as breathed together."""
    return _to_come(
        evening, replace(running, sat=running.sat.and_breathed(breath)), breath
    )


def glow(evening: Evening, running: Running, glow: Glow) -> Stepped:
    """Show a swell as a breath is shown; nobody breathes with it: none is counted."""
    shown = Breath(t_s=glow.t_s, period_s=glow.period_s, inhale_s=glow.rise_s)
    return _to_come(evening, running, shown)


def _to_come(evening: Evening, running: Running, breath: Breath) -> Stepped:
    shifted = replace(running, breath=running.next_breath, next_breath=breath)
    told = BreathTold(
        t_s=running.clock.server_s(breath.t_s),
        period_s=running.clock.length_s(breath.period_s),
        inhale_s=running.clock.length_s(breath.inhale_s),
    )
    return replace(evening, running=shifted), (Tell(told=told),)


def stopped(evening: Evening, running: Running, stopped: PacerStopped) -> Stepped:
    """Take back what was announced for later."""
    still = replace(running, breath=None, next_breath=None)
    told = PacerStoppedTold(t_s=running.clock.server_s(stopped.t_s))
    return replace(evening, running=still), (Tell(told=told),)


def glint(evening: Evening, running: Running, glint: Glint) -> Stepped:
    """Announce a spark."""
    return evening, (Tell(told=GlintTold(t_s=running.clock.server_s(glint.t_s))),)
