"""Client certificates, as a proxy of ours has seen them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.gateway.api.console import Browser, Console, console
from tests.gateway.api.test_requests import BALANCE, BANK, asks


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console behind a proxy on this machine."""
    folder: Path = tmp_path_factory.mktemp("proxied")
    url = f"sqlite:///{folder / 'hall.db'}"
    with console(url, folder, 'console.proxies=["127.0.0.1"]') as running:
        running.hire("admin", "admin")
        yield running


@pytest.fixture(scope="module")
def admin(hall: Console) -> Browser:
    return hall.log_in("admin")


@pytest.fixture(scope="module")
def certificate() -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "partner")])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


def test_a_certificate_that_the_proxy_has_seen_opens(
    hall: Console, admin: Browser, certificate: x509.Certificate
) -> None:
    """In hex, or as PEM; another one does not. Who has a key as well shows both."""
    mark = sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    pem = quote(certificate.public_bytes(Encoding.PEM).decode())
    made = {"number": "70", "kind": "web", "name": "证书网站", "certificate": mark}
    assert hall.ask("POST", "/api/v1/interfaces", made, admin).status == 201
    for seen in (mark, mark.upper(), pem):
        told = asks(hall, BALANCE, None, X_Interface="70", X_Client_Certificate=seen)
        assert (told.status, told.json["state"]) == (200, "done")
    for seen in ("ab" * 32, "", pem[:-40], "CERTIFICATE"):
        told = asks(hall, BALANCE, None, X_Interface="70", X_Client_Certificate=seen)
        assert told.status == 401
    assert asks(hall, BALANCE, None, X_Interface="71", X_Client_Certificate=mark).status == 401
    assert asks(hall, BALANCE, None, X_Interface="63", X_Client_Certificate=mark).status == 401
    change = hall.ask("POST", "/api/v1/interfaces/62/change", {"certificate": mark}, admin)
    assert change.status == 200
    assert asks(hall, BALANCE, BANK).status == 401
    assert asks(hall, BALANCE, None, X_Interface="62", X_Client_Certificate=mark).status == 401
    both = asks(hall, BALANCE, BANK, X_Client_Certificate=mark)
    assert both.status == 200
