"""How to reach an SMSC, and how it reaches us: TCP, or TLS that verifies whom it talks to."""

# mypy: allow-untyped-calls
# (Twisted's certificates are not annotated)

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.ssl import (
    Certificate,
    CertificateOptions,
    PrivateCertificate,
    TLSVersion,
    optionsForClientTLS,
    platformTrust,
    trustRootFromCertificates,
)

_CONNECT_TIMEOUT = 10.0
_END = b"-----END CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class ClientTls:
    """Whom to trust, whom to expect, and who we are.

    `hostname` is the name (or address) that the SMSC's certificate must have. Without `ca_file`
    the system's authorities are trusted. `certificate` and `key` are ours, both or neither.
    """

    hostname: str
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


def client_endpoint(
    reactor: object, host: str, port: int, tls: ClientTls | None = None
) -> IStreamClientEndpoint:
    """The way to an SMSC. Reads the files of `tls` now, and raises if they cannot be used."""
    plain = HostnameEndpoint(reactor, host, port, timeout=_CONNECT_TIMEOUT)
    if tls is None:
        return plain
    return wrapClientTLS(client_options(tls), plain)


def client_options(tls: ClientTls) -> Any:
    """What a TLS client needs. Reads the files of `tls` now, and raises if they cannot be used."""
    trust = _authorities(tls.ca_file) if tls.ca_file else platformTrust()
    return optionsForClientTLS(tls.hostname, trust, _own_certificate(tls))


@dataclass(frozen=True, slots=True)
class ServerTls:
    """Who we are to an SMSC that connects to us, and, with `ca_file`, who may sign for it."""

    certificate: Path
    key: Path
    ca_file: Path | None = None


def server_options(tls: ServerTls) -> Any:
    """What a TLS server needs. Reads the files of `tls` now, and raises if they cannot be used."""
    # pyOpenSSL wants these, though Twisted's annotations still name what it wanted before
    chain: Any = load_pem_x509_certificates(tls.certificate.read_bytes())
    key: Any = load_pem_private_key(tls.key.read_bytes(), None)
    options = CertificateOptions(
        privateKey=key,
        certificate=chain[0],
        extraCertChain=chain[1:],
        trustRoot=_authorities(tls.ca_file) if tls.ca_file else None,
        raiseMinimumTo=TLSVersion.TLSv1_2,
    )
    options.getContext()  # whether the key is the certificate's
    return options


def _authorities(ca_file: Path) -> Any:
    *certificates, _ = ca_file.read_bytes().split(_END)
    if not certificates:
        raise ValueError(f"{ca_file} holds no certificate")
    return trustRootFromCertificates([Certificate.loadPEM(pem + _END) for pem in certificates])


def _own_certificate(tls: ClientTls) -> Any:
    if tls.certificate is None or tls.key is None:
        return None
    return PrivateCertificate.loadPEM(tls.certificate.read_bytes() + tls.key.read_bytes())
