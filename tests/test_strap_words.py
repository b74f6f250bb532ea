"""Every trouble of the radio, provoked and read as the sentence a person gets.

The left column is what bleak 3 and the systems under it raise, the right one what the
specification wants a person to read.
"""

import asyncio

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakGATTProtocolError,
)

from coreg.errors import RadioError
from coreg.facts.events import Link, Partner
from coreg.sensors.quirks.words import Trouble, once_ended, radio_error, sentence
from coreg.testing.virtual_radio.air import RadioModel
from coreg.testing.virtual_radio.clockwork import run_in_no_time
from coreg.testing.virtual_radio.couple import virtual_couple
from coreg.testing.virtual_radio.ears import Ear, held
from coreg.testing.virtual_radio.straps import VirtualStrap, packets

Reason = BleakBluetoothNotAvailableReason


def unavailable(reason: Reason) -> Exception:
    return BleakBluetoothNotAvailableError("as bleak says", reason)


def dbus(name: str, text: str) -> Exception:
    return BleakDBusError(name, [text])


BUSY = dbus("org.bluez.Error.InProgress", "Operation already in progress")
ABORTED = dbus("org.bluez.Error.Failed", "le-connection-abort-by-local")

TABLE = [
    pytest.param(
        "scan",
        unavailable(Reason.NO_BLUETOOTH),
        "No Bluetooth adapter found. Plug in a USB Bluetooth adapter and coreg will "
        "carry on.",
        id="no adapter",
    ),
    pytest.param(
        "scan",
        unavailable(Reason.NO_BLE_CENTRAL_ROLE),
        "This adapter is too old for heart-rate straps (no Bluetooth Low Energy).",
        id="adapter too old",
    ),
    pytest.param(
        "scan",
        unavailable(Reason.POWERED_OFF),
        "Bluetooth is off. Turn it on and coreg will carry on.",
        id="off",
    ),
    pytest.param(
        "connect",
        dbus("org.bluez.Error.Failed", "Input/output error"),
        "Bluetooth is off. Turn it on and coreg will carry on.",
        id="off while connecting",
    ),
    pytest.param(
        "scan",
        unavailable(Reason.DENIED_BY_USER),
        "Allow this program under Privacy & Security > Bluetooth.",
        id="denied by the user",
    ),
    pytest.param(
        "scan",
        unavailable(Reason.DENIED_BY_SYSTEM),
        "Your account isn’t allowed to use Bluetooth. Ask whoever set up this "
        "computer; coreg doctor says what they need.",
        id="denied by the system",
    ),
    pytest.param(
        "scan",
        dbus("org.freedesktop.DBus.Error.AccessDenied", "Rejected send message"),
        "Your account isn’t allowed to use Bluetooth. Ask whoever set up this "
        "computer; coreg doctor says what they need.",
        id="D-Bus AccessDenied",
    ),
    pytest.param(
        "scan",
        FileNotFoundError(2, "No such file or directory"),
        "The Bluetooth service is not running. Restart this computer; if that doesn’t "
        "help, coreg doctor says what will.",
        id="no system bus",
    ),
    pytest.param(
        "scan",
        dbus("org.freedesktop.DBus.Error.ServiceUnknown", "org.bluez was not provided"),
        "The Bluetooth service is not running. Restart this computer; if that doesn’t "
        "help, coreg doctor says what will.",
        id="no service",
    ),
    pytest.param(
        "connect",
        BleakDeviceNotFoundError("C0", "was not found"),
        "Lost the strap. Move closer. Looking again…",
        id="device not found",
    ),
    pytest.param(
        "connect",
        dbus("org.freedesktop.DBus.Error.UnknownObject", "no such object"),
        "Lost the strap. Move closer. Looking again…",
        id="UnknownObject",
    ),
    pytest.param(
        "connect",
        TimeoutError(),
        "No answer from the strap. Another app may be using it.",
        id="timeout",
    ),
    pytest.param(
        "notify",
        BleakGATTProtocolError(0x05),
        "Remove the strap in the computer’s Bluetooth settings.",
        id="ATT 0x05",
    ),
    pytest.param(
        "notify",
        BleakGATTProtocolError(0x0F),
        "Remove the strap in the computer’s Bluetooth settings.",
        id="ATT 0x0F",
    ),
    pytest.param(
        "scan",
        RuntimeError("WinError -2147020577"),
        "Something went wrong with Bluetooth.",
        id="something new",
    ),
]


def heard_while(monkeypatch: pytest.MonkeyPatch, what: str, *errors: Exception) -> Ear:
    """Hold a strap for a minute while the radio raises these, one after the other."""

    async def scene() -> Ear:
        async with virtual_couple() as couple:
            couple.computer.fail_next(what, *errors)
            async with held(couple.radio, couple.straps[Partner.A].address) as ear:
                await asyncio.sleep(60)
            return ear

    return run_in_no_time(scene(), monkeypatch)


@pytest.mark.parametrize(("what", "error", "words"), TABLE)
def test_a_trouble_is_read_as_a_sentence_and_got_over(
    what: str, error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = heard_while(monkeypatch, what, error)
    assert len(ear.words) == 1
    assert words in ear.words[0]
    assert ear.links[-1][1] is Link.STREAMING


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BUSY, "Bluetooth is busy. Turn Bluetooth off and on again."),
        (
            ABORTED,
            "Radio interference. Move closer, and away from USB-3 devices and Wi-Fi.",
        ),
    ],
    ids=["InProgress", "abort by local"],
)
def test_what_passes_by_itself_is_retried_silently_and_said_when_it_stays(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = heard_while(monkeypatch, "connect", *[error] * 3)
    assert short.words == []
    assert short.links[-1][1] is Link.STREAMING
    long = heard_while(monkeypatch, "connect", *[error] * 4)
    assert long.words == [words]


def test_a_strap_that_is_not_there_is_to_be_wetted_and_put_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> Ear:
        async with virtual_couple() as couple:
            async with held(couple.radio, "C0:00:00:00:00:FF") as ear:
                await asyncio.sleep(60)
            return ear

    (words,) = run_in_no_time(scene(), monkeypatch).words
    assert words == (
        "Strap not found. Wet the pads, put the strap on, and disconnect it from your "
        "phone or watch."
    )


def test_a_strap_that_was_held_and_is_not_there_went_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> Ear:
        async with virtual_couple(RadioModel(supervision_s=2.0)) as couple:
            strap = couple.straps[Partner.A]
            async with held(couple.radio, strap.address) as ear:
                await asyncio.sleep(20)
                couple.air.walk_away(strap.address)
                await asyncio.sleep(60)
            couple.air.come_back(strap.address)
            return ear

    assert run_in_no_time(scene(), monkeypatch).words == [
        "Lost the strap. Move closer. Looking again…"
    ]


def test_something_without_a_heart_rate_is_no_strap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> Ear:
        async with virtual_couple() as couple:
            lamp = VirtualStrap(
                couple.air,
                name="lamp",
                address="C0:00:00:00:00:0C",
                heart=packets(1),
                measures_heart=False,
            )
            await lamp.put_on()
            async with held(couple.radio, lamp.address) as ear:
                await asyncio.sleep(30)
            await lamp.take_off()
            return ear

    (words,) = set(run_in_no_time(scene(), monkeypatch).words)
    assert words.startswith("This is not a heart-rate strap.")


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_is_two_sentences_that_end(trouble: Trouble) -> None:
    for words in (sentence(trouble), str(radio_error(trouble))):
        assert words.endswith((".", "…"))
        assert words.count(". ") >= 1
        assert "{" not in words


@pytest.mark.parametrize("trouble", Trouble)
def test_a_page_names_no_command_line_and_a_command_does_not_say_that_it_goes_on(
    trouble: Trouble,
) -> None:
    """Two at home type nothing; and what has ended will not carry on by itself."""
    page, command = sentence(trouble), str(radio_error(trouble))
    for typed in ("--", "sudo", "systemctl", "group bluetooth", "coreg straps"):
        assert typed not in page
    for promised in ("carry on", "again…", "Reconnecting", "by ourselves"):
        assert promised not in command


@pytest.mark.parametrize("trouble", Trouble)
def test_of_what_a_page_says_a_command_that_ends_says_what_is_true_of_it(
    trouble: Trouble,
) -> None:
    wrong, do = once_ended(sentence(trouble))
    assert f"{wrong} {do}" == str(radio_error(trouble))
    assert sentence(trouble).startswith(f"{wrong} ")
    assert once_ended("Words of a habit.") == ("Words of a habit.", "")


def test_a_service_that_never_answers_is_given_up_within_five_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> float:
        async with virtual_couple() as couple:
            start_s = asyncio.get_running_loop().time()

            async def never(_self: object) -> None:
                await asyncio.sleep(3600)

            scanner = couple.computer.backends.scanner
            assert scanner is not None
            monkeypatch.setattr(scanner, "start", never)
            with pytest.raises(RadioError, match="service is not running"):
                await couple.radio.find_straps(1.0)
            return asyncio.get_running_loop().time() - start_s

    assert run_in_no_time(scene(), monkeypatch) < 5
