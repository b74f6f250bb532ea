"""The certificate that phones are shown: made on this computer, for this computer.

Strategy.

1. One key (ECDSA on P-256, which every phone knows) and one certificate that it signs
   itself. Nobody vouches for it, so a phone's browser warns once; the laptop shows its
   fingerprint beside the code that the phone scans.
2. It names the addresses of this computer in the house and its mDNS name, and nothing
   else. Where these change, or a month before it ends, another one takes its place:
   phones warn once more then.
3. Both lie in one file of the data folder, for this user alone, written whole: there is
   never a key without its certificate.

It lies there in clear also where a passphrase locks the folder: it opens nothing of an
evening, and phones must be answered that it is locked. It goes with everything that is
erased (`store.erasing`), as it says where this computer was.
"""

import datetime as dt
import hashlib
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from coreg.base.whole_file import NO_TRICKS, write_whole
from coreg.store.erasing import PHONES_CERTIFICATE_NAME

NAME = PHONES_CERTIFICATE_NAME
LASTS = dt.timedelta(days=397)  # browsers refuse longer ones from authorities
RENEWED_BEFORE_ITS_END = dt.timedelta(days=30)
_CLOCKS_DIFFER_BY = dt.timedelta(days=1)
_LARGEST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate in its file, and what a person may hold it against.

    `fingerprint` is its SHA-256, in pairs of digits as browsers show it.
    """

    path: Path
    fingerprint: str


def certificate_in(
    folder: Path, *, addresses: tuple[str, ...], name: str, now: dt.datetime
) -> Certificate:
    """Return the folder's certificate for these addresses; made anew where it must be.

    Parameters
    ----------
    folder
        The data folder.
    addresses
        This computer's addresses in the house.
    name
        What it is called there; empty where it has no such name.
    now
        The time of day, UTC.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path = folder.resolve() / NAME
    found = _read(path)
    if found is not None and _serves(found, addresses, name, now):
        return Certificate(path=path, fingerprint=fingerprint_of(found))
    made, pem = _made(addresses, name, now)
    write_whole(path, pem)
    return Certificate(path=path, fingerprint=fingerprint_of(made))


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return its SHA-256 as browsers show it."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    return hashlib.sha256(der).digest().hex(":").upper()


def _serves(
    certificate: x509.Certificate,
    addresses: tuple[str, ...],
    name: str,
    now: dt.datetime,
) -> bool:
    """Whether it names just these, and lasts for a while."""
    lasts = (
        certificate.not_valid_before_utc <= now
        and now + RENEWED_BEFORE_ITS_END <= certificate.not_valid_after_utc
    )
    try:
        named = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        ).value
    except x509.ExtensionNotFound:
        return False
    return lasts and set(named) == set(_names(addresses, name))


def _names(addresses: tuple[str, ...], name: str) -> list[x509.GeneralName]:
    of_addresses: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(address)) for address in addresses
    ]
    return [*of_addresses, x509.DNSName(name)] if name else of_addresses


def _made(
    addresses: tuple[str, ...], name: str, now: dt.datetime
) -> tuple[x509.Certificate, bytes]:
    """Return a new certificate, and it with its key as a file holds them."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "coreg")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER_BY)
        .not_valid_after(now - _CLOCKS_DIFFER_BY + LASTS)
        .add_extension(
            x509.SubjectAlternativeName(_names(addresses, name)), critical=False
        )
        # It vouches for nobody else, whoever may have been told to trust it.
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    of_key = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate, of_key + certificate.public_bytes(serialization.Encoding.PEM)


def _read(path: Path) -> x509.Certificate | None:
    """Return the certificate in a file whose key fits to it; None where none does."""
    try:
        pem = _bytes_of(path)
        certificate = x509.load_pem_x509_certificate(pem)
        key = serialization.load_pem_private_key(pem, password=None)
    except (OSError, ValueError, TypeError):
        return None
    is_its_own = key.public_key() == certificate.public_key()
    return certificate if is_its_own else None


def _bytes_of(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | NO_TRICKS)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(_LARGEST_BYTES)
