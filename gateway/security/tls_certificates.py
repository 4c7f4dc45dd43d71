"""The certificates and keys of links, looked at before the start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from OpenSSL.SSL import Error as SslError
from twisted.internet.error import VerifyError

from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.settings import LinkSettings
from smpp.tls_endpoints import ClientTls, ServerTls, client_options, server_options


def client_tls(link: LinkSettings) -> ClientTls | None:
    """Whom a link trusts and who it is when it connects."""
    if (tls := link.tls) is None:
        return None
    return ClientTls(tls.hostname or link.host, tls.ca, tls.certificate, tls.key)


def server_tls(link: LinkSettings) -> ServerTls | None:
    """Who a link is to an SMSC that connects to us."""
    if link.outbind is None or (tls := link.outbind.tls) is None:
        return None
    return ServerTls(tls.certificate, tls.key, tls.ca)


def look(links: Sequence[LinkSettings], file: Path | None) -> None:
    """Raises BadFile where a file is not there, or holds something else."""
    where = str(file) if file is not None else "the defaults"
    if findings := [Finding(where, 0, what, _FIX) for what in _problems(links)]:
        raise BadFile(findings)


_UNUSABLE = (OSError, ValueError, SslError, VerifyError)
_FIX = "Name PEM files that this user may read, and the key of that certificate"


def _problems(links: Sequence[LinkSettings]) -> Iterator[str]:
    for n, link in enumerate(links):
        try:
            if (tls := client_tls(link)) is not None:
                client_options(tls)
        except _UNUSABLE as error:
            yield f"'smpp.links.{n}.tls': {_words(error)}"
        try:
            if (server := server_tls(link)) is not None:
                server_options(server)
        except _UNUSABLE as error:
            yield f"'smpp.links.{n}.outbind.tls': {_words(error)}"


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be read: {error.strerror}"
    return (
        str(error)
        if isinstance(error, ValueError | VerifyError)
        else "the files cannot be used for TLS"
    )
