"""The research sheet's names of figures, and what each is (the report's words, too)."""

from typing import Final

MEASURES: Final = "Figures for research"
MEASURES_CAPTION: Final = (
    "Named as in the functions of coreg.analysis and in docs/measures.md, where their "
    "formulas, references and limits are. None of them is about the two people."
)
MEASURE, VALUE = "figure", "value"
HRV: Final = "Levels and HRV, part by part"
HRV_CAPTION: Final = (
    "Alike and calm, or alike and stirred: two pictures. Pauses left out; – below a "
    "figure’s floor. LF holds slow breath, so it says nothing of balance. Definitions: "
    "docs/measures.md."
)
HRV_PART: Final = "part"
NOT_HELD_OUT: Final = (
    "not given: on unseen blocks it predicts no more than without the partner"
)

NO_FREE_TIME: Final = "not given: too little free time in which both hearts are known"

P_HR: Final = (
    "share of surrogates with as large a correlation of slow heart rate "
    "(0.01–0.06 Hz) at any shift up to 10 s, session taken out"
)
P_RSA: Final = "the same of ln envelope of the swing with the breath"
P_ANY: Final = "the smaller of both, corrected for there being two (Holm 1979)"
R_HR: Final = "that correlation at its best shift"
LAG: Final = "that shift; above 0, A is earlier"
P_DIRECTION: Final = "share of surrogates in which either side of no shift weighs more"
SHARED: Final = "seconds in which both hearts are known in tested parts"
SURROGATES: Final = (
    "B with Fourier phases drawn anew, then the same regression and band "
    "(Theiler 1992); the seed repeats them"
)
ADHERENCE: Final = (
    "phase locking of the heart to the pacer, 0 to 1, over {breaths} breaths: the "
    "exercise, not a connection"
)
ADHERENCE_DELAY: Final = (
    "where in the breath the heart rate is highest, on average: 0 where breathing in "
    "begins, a whole breath is 2π, from −π to π"
)
_FOUR: Final = "one of four such p and not corrected for it"
OSCILLATOR: Final = (
    "coupled damped oscillator, free time (Butler & Randall 2013): squared error saved "
    "by the partner’s terms on eight held-out blocks, p {p}, " + _FOUR
)
GROWTH: Final = (
    "fastest growth of both together, beside {apart} apart; below it swings die away "
    "sooner together"
)
INERTIA: Final = (
    "next five seconds from one’s own last and the partner’s last (Reed 2013): squared "
    "error saved by the partner on held-out blocks, p {p}, " + _FOUR
)
COORDINATION: Final = "weight of the partner’s last value in that model"
