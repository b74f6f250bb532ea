"""What `coreg straps`, `calibrate` and `doctor` take."""

from coreg.cli.options.parsing import Commands, add_command, add_json
from coreg.cli.options.values import above_zero

SEARCH_S = 10.0


def add_commands(commands: Commands) -> None:
    """Add `straps`, `calibrate` and `doctor`."""
    straps = add_command(
        commands,
        "straps",
        "coreg.cli.straps:show_straps",
        does="list the straps nearby",
        about="List the straps nearby, with their battery, signal and what they can do."
        " A strap in use is shown and left alone.",
        example="coreg straps --seconds 20",
    )
    straps.add_argument(
        "--seconds",
        type=above_zero,
        default=SEARCH_S,
        help=f"how long to look (default: {SEARCH_S:g})",
    )
    add_json(straps)
    calibration = add_command(
        commands,
        "calibrate",
        "coreg.cli.straps:calibrate_straps",
        does="measure how far one strap lags behind the other",
        about="Measure how far one strap lags behind the other. One person wears both, "
        "sits still and breathes deeply for a minute.",
        example="coreg calibrate 1A2B 3C4D",
    )
    calibration.add_argument("a", metavar="A", help="how its name or address ends")
    calibration.add_argument("b", metavar="B", help="how its name or address ends")
    add_json(calibration)
    doctor = add_command(
        commands,
        "doctor",
        "coreg.cli.doctor:see_doctor",
        does="find out what is wrong, and what to do about it",
        about="Find out what is wrong with Bluetooth, straps, browser, port or storage,"
        " and what to do about it.",
        example="coreg doctor",
    )
    add_json(doctor)
