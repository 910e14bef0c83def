# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosted face: bearer keys, TLS, a gateway's prefix, no license endpoint."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.emulator.support.emulators import SOURCE, Instance, control, pairs, serving

KEY = "00ff" * 16


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("hosted"), "--hosted", "--api-key", KEY) as started:
        yield started


def status(url: str, authorization: str | None, path: str = "conn-src") -> int:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = requests.get(f"{url}/gw/1/ingest/api/ingest/{path}", headers=headers, timeout=60)
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "API key" in answer.json()["message"]
    return answer.status_code


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (f"Bearer {KEY}", 200),
        (f"bearer {KEY}", 200),
        (None, 401),
        ("", 401),
        ("Bearer", 401),
        ("Bearer 1234", 401),
        (f"Basic {KEY}", 401),
        (f"Bearer {KEY}x", 401),
        (KEY, 401),
    ],
)
def test_only_known_keys_are_accepted(url: str, authorization: str | None, expected: int) -> None:
    assert status(url, authorization) == expected


def test_without_key_paths_and_bodies_are_not_revealed(url: str) -> None:
    for path in ("config-var/licence", "nothing"):
        assert status(url, None, path) == 401
    answer = requests.patch(f"{url}/x/ingest/api/ingest/conn-src", data=b"{", timeout=60)
    assert answer.status_code == 401


def test_key_is_refused_after_it_expires(url: str) -> None:
    control(url, "PUT", "keys", {"abcd": {"expires_at": "2027-01-01T00:00:00Z"}, "ef01": {"expires_at": None}})
    control(url, "PUT", "clock", {"now": "2026-12-31T23:00:00Z"})
    assert [status(url, f"Bearer {key}") for key in ("abcd", "ef01")] == [200, 200]
    control(url, "PUT", "clock", {"now": "2027-01-01T00:00:00Z"})
    assert [status(url, f"Bearer {key}") for key in ("abcd", "ef01")] == [401, 200]
    control(url, "PUT", "clock", {"now": None})


def test_key_can_be_revoked(url: str) -> None:
    control(url, "PUT", "keys", {"beef": {}})
    assert status(url, "Bearer beef") == 200
    control(url, "PUT", "keys", {"beef": {"expires_at": "2000-01-01T00:00:00"}})
    assert status(url, "Bearer beef") == 401


def test_license_endpoint_is_missing_and_not_needed(url: str) -> None:
    instance = Instance(url, "gw/license")
    instance.session.headers["Authorization"] = f"Bearer {KEY}"
    body = [{"name": "_lic_key", "value": "A-B-C-D"}]
    assert instance.refused("GET", "config-var/licence")[0] == 404
    assert instance.refused("PATCH", "config-var/licence", body)[0] == 404
    instance.save("conn-src", pairs(SOURCE))
    instance.save("conn-dst", pairs({**SOURCE, "host": "destination.demo", "type": "rds.sstorem"}))
    instance.select("offices")
    assert instance.run("full")["state"] == "done"


def test_reset_keeps_only_keys_of_the_command_line(url: str) -> None:
    control(url, "PUT", "keys", {"cafe": {}})
    control(url, "POST", "reset", params={"instance": "gw/1"})
    assert [status(url, f"Bearer {key}") for key in (KEY, "cafe")] == [200, 200]
    control(url, "POST", "reset")
    assert [status(url, f"Bearer {key}") for key in (KEY, "cafe")] == [200, 401]


def certificate(folder: Path) -> tuple[Path, Path]:
    """Return a self-signed certificate for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "emulator")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    encoding = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(*encoding))
    return files


def test_tls_uses_the_given_certificate(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    with serving(data, "--tls-cert", str(cert), "--tls-key", str(key), verify=str(cert)) as url:
        assert url.startswith("https://127.0.0.1:")
        instance = Instance(url, "tls")
        answer = instance.send("GET", "conn-src", verify=str(cert))
        assert (answer.status_code, answer.json()) == (200, [])
        with pytest.raises(requests.exceptions.SSLError):
            instance.send("GET", "conn-src")
        control(url, "PUT", "faults", [{"drop": "before"}], verify=str(cert))
        with pytest.raises(requests.ConnectionError):
            instance.send("GET", "conn-src", verify=str(cert))
        control(url, "DELETE", "faults", verify=str(cert))
    assert "ERROR" not in (tmp_path / "data.log").read_text()
