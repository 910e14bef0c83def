# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates made during the tests: an authority, and the certificates that it signs."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
HERE = "127.0.0.1"


@dataclass(frozen=True)
class Identity:
    """A certificate and its key, each in its own file, and both in one."""

    cert: Path
    key: Path
    both: Path

    def server(self, *, asking: Authority | None = None) -> ssl.SSLContext:
        """Return a server's TLS context; it may require client certificates of an authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        if asking:
            context.load_verify_locations(asking.file)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


class Authority:
    """Signs certificates; ``file`` is its own, ``folder`` holds it in OpenSSL's layout.

    The name is in lower case, because OpenSSL looks for it in that form.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._place = folder / name
        self._place.mkdir()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        own = (
            self._builder(name, self._key.public_key(), expired=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = self._place / "authority.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        self.folder = self._place / "hashed"
        self.folder.mkdir()
        # OpenSSL names the file after the first four bytes of a digest of the name, without the outer DER header.
        digest = hashlib.sha1(self._name.public_bytes()[2:]).digest()
        (self.folder / f"{int.from_bytes(digest[:4], 'little'):08x}.0").write_bytes(self.file.read_bytes())

    def vouch(self, name: str = HERE, *, expired: bool = False) -> Identity:
        """Make a certificate for a host, by name or address."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject: x509.GeneralName = x509.DNSName(name)
        with suppress(ValueError):
            subject = x509.IPAddress(ipaddress.ip_address(name))
        cert = (
            self._builder(name, key.public_key(), expired=expired)
            .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        stem = f"{name}{'-expired' * expired}"
        identity = Identity(*(self._place / f"{stem}.{end}" for end in ("pem", "key", "both")))
        identity.cert.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
        identity.key.write_bytes(_pem(key, serialization.NoEncryption()))
        identity.both.write_bytes(identity.cert.read_bytes() + identity.key.read_bytes())
        return identity

    def _builder(self, name: str, key: ec.EllipticCurvePublicKey, *, expired: bool) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - 3 * DAY)
            .not_valid_after(NOW - DAY if expired else NOW + DAY)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )


def locked(identity: Identity, password: str) -> Path:
    """Return a file with an identity's certificate and its password-protected key."""
    key = serialization.load_pem_private_key(identity.key.read_bytes(), None)
    path = identity.key.with_suffix(".locked")
    encryption = serialization.BestAvailableEncryption(password.encode())
    path.write_bytes(identity.cert.read_bytes() + _pem(key, encryption))
    return path


def _pem(key: serialization.PrivateKeyTypes, encryption: serialization.KeySerializationEncryption) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
