"""A therapist who is there says how fast: by small steps, and losing nobody."""

from hypothesis import given, settings, strategies as st

from coreg.exercises.pacing.pace_limits import FASTEST_PER_MIN, SLOWEST_PER_MIN
from coreg.exercises.pacing.shared_pacer import BY_HAND_PER_MIN, SharedPacer
from coreg.facts.events import Pacing

FURTHEST_PER_MIN = 0.25 + 1e-9


def breathed(pacer: SharedPacer, count: int, t_s: float = 0.0) -> list[float]:
    """The rates of so many breaths, one after another, of hearts that nobody hears."""
    rates = []
    for _ in range(count):
        rates.append(pacer.rate_per_min(t_s))
        t_s += 60 / rates[-1]
    return rates


def test_slower_and_quicker_are_a_quarter_of_a_breath_a_press() -> None:
    pacer = SharedPacer.at(6.0)
    breathed(pacer, 40)
    pacer.led_by_hand(-BY_HAND_PER_MIN)
    assert breathed(pacer, 3, 400.0) == [5.75, 5.75, 5.75]
    assert pacer.pacing is Pacing.BY_HAND
    for _ in range(2):
        pacer.led_by_hand(BY_HAND_PER_MIN)
    assert breathed(pacer, 3, 450.0) == [6.0, 6.25, 6.25]


def test_a_pace_that_is_held_on_the_way_down_stays_where_it_is() -> None:
    pacer = SharedPacer.at(6.0)
    way = breathed(pacer, 8)
    pacer.led_by_hand(0.0)
    held = breathed(pacer, 5, 60.0)
    assert way[-1] > 6.5
    assert held == [way[-1]] * 5
    pacer.led_by_itself()
    on = breathed(pacer, 60, 120.0)
    assert on[0] <= way[-1]
    assert on[-1] == 6.0
    assert pacer.pacing is not Pacing.BY_HAND


def test_what_somebody_called_too_slow_stays_too_slow_by_hand() -> None:
    pacer = SharedPacer.at(6.0)
    breathed(pacer, 40)
    pacer.too_slow(400.0)
    for _ in range(10):
        pacer.led_by_hand(-BY_HAND_PER_MIN)
    assert min(breathed(pacer, 20, 400.0)[2:]) >= 6.5


PRESSES = st.lists(
    st.tuples(
        st.sampled_from(["slower", "faster", "hold", "let go"]), st.integers(0, 6)
    ),
    max_size=30,
)


@given(PRESSES, st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_whatever_is_pressed_the_pace_goes_by_small_steps_within_its_bounds(
    presses: list[tuple[str, int]], first: int
) -> None:
    pacer, rates = SharedPacer.at(6.0), []
    rates += breathed(pacer, first)
    before = list(rates)
    for press, count in presses:
        match press:
            case "slower":
                pacer.led_by_hand(-BY_HAND_PER_MIN)
            case "faster":
                pacer.led_by_hand(BY_HAND_PER_MIN)
            case "hold":
                pacer.led_by_hand(0.0)
            case _:
                pacer.led_by_itself()
        t_s = sum(60 / rate for rate in rates)
        rates += breathed(pacer, count, t_s)
    glided = max(FASTEST_PER_MIN, before[-1])
    for earlier, later in zip(rates[first - 1 :], rates[first:], strict=False):
        assert later >= SLOWEST_PER_MIN
        assert later <= glided + 1e-9
        if earlier <= 7.5:  # below that a glide has no greater steps, either
            assert abs(later - earlier) <= FURTHEST_PER_MIN
