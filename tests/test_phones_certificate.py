"""The certificate that phones are shown: what it names, and when it ends."""

import datetime as dt
import ipaddress
import shutil
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from coreg.web.phones.addresses import is_private, private_addresses
from coreg.web.phones.certificate import NAME, Certificate, certificate_in

NOW = dt.datetime(2026, 3, 1, 21, 0, tzinfo=dt.UTC)
AT_HOME = ("192.168.178.23", "10.0.0.7")


def made(
    folder: Path, *, addresses: tuple[str, ...] = AT_HOME, days: int = 0
) -> Certificate:
    return certificate_in(
        folder,
        addresses=addresses,
        name="ada.local",
        now=NOW + dt.timedelta(days=days),
    )


def read(of: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(of.path.read_bytes())


def test_it_names_this_computer_in_the_house_and_nothing_else(tmp_path: Path) -> None:
    found = read(made(tmp_path))
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = names.get_values_for_type(x509.IPAddress)
    assert addresses == [ipaddress.ip_address(each) for each in AT_HOME]
    assert names.get_values_for_type(x509.DNSName) == ["ada.local"]
    assert len(list(names)) == 3


def test_it_vouches_for_nobody_and_only_serves(tmp_path: Path) -> None:
    found = read(made(tmp_path))
    of = found.extensions.get_extension_for_class
    assert not of(x509.BasicConstraints).value.ca
    assert not of(x509.KeyUsage).value.key_cert_sign
    assert list(of(x509.ExtendedKeyUsage).value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    key = found.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"


def test_nobody_else_may_read_its_key(tmp_path: Path) -> None:
    path = made(tmp_path).path
    assert path == tmp_path / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or sys.platform == "win32"


def test_the_fingerprint_is_the_one_that_openssl_finds(tmp_path: Path) -> None:
    """Whoever compares does so against what another program shows."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine")
    of = made(tmp_path)
    told = subprocess.run(
        [openssl, "x509", "-in", of.path, "-noout", "-fingerprint", "-sha256"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert told.stdout.strip().partition("=")[2] == of.fingerprint


def test_it_stays_until_the_addresses_change(tmp_path: Path) -> None:
    first = made(tmp_path)
    assert made(tmp_path, days=7) == first
    moved = made(tmp_path, addresses=("192.168.178.24",))
    assert moved.fingerprint != first.fingerprint


def test_a_month_before_its_end_another_one_takes_its_place(tmp_path: Path) -> None:
    first = made(tmp_path)
    assert made(tmp_path, days=365).fingerprint == first.fingerprint
    assert made(tmp_path, days=367).fingerprint != first.fingerprint
    assert made(tmp_path, days=-400).fingerprint != first.fingerprint


@pytest.mark.parametrize("spoilt", ["empty", "cut", "another-key", "a-link"])
def test_one_that_is_spoilt_is_made_anew(tmp_path: Path, spoilt: str) -> None:
    first = made(tmp_path)
    pem = first.path.read_text()
    if spoilt == "empty":
        first.path.write_text("")
    elif spoilt == "cut":
        first.path.write_text(pem[: len(pem) // 2])
    elif spoilt == "another-key":
        (tmp_path / "other").mkdir()
        other = made(tmp_path / "other").path.read_text()
        cut = "-----BEGIN CERTIFICATE-----"
        first.path.write_text(other.partition(cut)[0] + cut + pem.partition(cut)[2])
    else:
        elsewhere = tmp_path / "elsewhere.pem"
        first.path.rename(elsewhere)
        first.path.symlink_to(elsewhere)
    again = made(tmp_path)
    assert again.fingerprint != first.fingerprint
    assert not again.path.is_symlink()
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(again.path)


def test_only_private_addresses_are_listened_to() -> None:
    assert all(map(is_private, private_addresses()))
    assert not any(
        map(is_private, ("127.0.0.1", "0.0.0.0", "8.8.8.8", "192.0.2.1", "::", ""))  # noqa: S104
    )
