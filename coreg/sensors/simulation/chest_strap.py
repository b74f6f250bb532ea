"""The acceleration that the strap of a simulated person sends while they breathe.

Tilt, lean and noise are those of `coreg.sensors.simulation.chest`; heart, sway and
stirs are left out, for a look around needs none. Frames are those of a real strap, so
that all that reads them is tried as well.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from coreg.facts.arrays import Floats
from coreg.facts.events import NS_PER_S, Partner, Stream, StreamPacket, StreamStarted
from coreg.sensors.decoding.polar_control import (
    Answer,
    Op,
    Status,
    decode_request,
    encode_control,
    settings_wanted,
    start,
)
from coreg.sensors.decoding.polar_frames import (
    AccelerationFrame,
    Form,
    encode_acceleration,
)
from coreg.sensors.simulation.chest import (
    ONE_G_MG,
    chest_chance,
    draw_chest_traits,
)
from coreg.sensors.simulation.couple import SimulatedPerson

RATE_HZ: Final = 50  # as coreg asks a strap for it
_SAMPLES_A_FRAME: Final = 36


class ChestStrap:
    """What one simulated person's strap tells of their chest; chance by the seed."""

    def __init__(self, partner: Partner, person: SimulatedPerson, seed: int) -> None:
        self._partner = partner
        self._person = person
        drawn, noise = chest_chance(seed, list(Partner).index(partner)).spawn(2)
        self._traits = draw_chest_traits(np.random.default_rng(drawn))
        self._noise = np.random.default_rng(noise)
        self._sent = 0

    def started(self) -> StreamStarted:
        """Return that it begins, at the session's own beginning."""
        stream = Stream.ACCELERATION
        asked = start(stream, settings_wanted(stream))
        answer = Answer(
            op=Op.START,
            measurement=decode_request(asked).measurement,
            status=Status.SUCCESS,
            more=False,
            parameters=b"",
        )
        return StreamStarted(
            t_ns=0,
            partner=self._partner,
            stream=stream,
            asked=asked,
            answer=encode_control(answer),
        )

    def frames(self, until_ns: int) -> Iterator[StreamPacket]:
        """Yield the frames that are whole by then, as far as this person has lived."""
        lungs_t_s, lungs = self._person.lungs
        lived_s = min(until_ns / NS_PER_S, float(lungs_t_s[-1]) if lungs.size else 0.0)
        while (self._sent + _SAMPLES_A_FRAME - 1) / RATE_HZ <= lived_s:
            t_s = (self._sent + np.arange(_SAMPLES_A_FRAME)) / RATE_HZ
            self._sent += _SAMPLES_A_FRAME
            data = self._frame(t_s, np.interp(t_s, lungs_t_s, lungs))
            yield StreamPacket(
                t_ns=until_ns,
                partner=self._partner,
                stream=Stream.ACCELERATION,
                data=data,
            )

    def _frame(self, t_s: Floats, lungs: Floats) -> bytes:
        traits = self._traits
        tilt_rad = traits.swing_mg / ONE_G_MG * lungs
        lean_rad = traits.lean_rad + tilt_rad * np.cos(traits.skewed_rad)
        roll_rad = traits.roll_rad + tilt_rad * np.sin(traits.skewed_rad)
        mg = ONE_G_MG * np.column_stack(
            (
                np.sin(roll_rad),
                np.cos(lean_rad) * np.cos(roll_rad),
                np.sin(lean_rad) * np.cos(roll_rad),
            )
        )
        mg += traits.noise_mg * self._noise.standard_normal(mg.shape)
        measured = np.round(mg).astype(int).tolist()
        return encode_acceleration(
            AccelerationFrame(
                last_ns=round(float(t_s[-1]) * NS_PER_S),
                form=Form.MG_16_BIT,
                acceleration_mg=tuple((x, y, z) for x, y, z in measured),
            )
        )
