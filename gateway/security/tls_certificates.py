"""The certificates and keys that settings name, looked at before the start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from OpenSSL.SSL import Error as SslError
from twisted.internet.error import VerifyError

from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.settings import AsteriskSettings, LinkSettings, Settings
from smpp.tls_endpoints import ClientTls, ServerTls, client_options, server_options


def client_tls(link: LinkSettings | AsteriskSettings) -> ClientTls | None:
    """Whom a link trusts and who it is when it connects."""
    if (tls := link.tls) is None:
        return None
    return ClientTls(tls.hostname or link.host, tls.ca, tls.certificate, tls.key)


def server_tls(link: LinkSettings) -> ServerTls | None:
    """Who a link is to an SMSC that connects to us."""
    if link.outbind is None or (tls := link.outbind.tls) is None:
        return None
    return ServerTls(tls.certificate, tls.key, tls.ca)


def look(settings: Settings, file: Path | None) -> None:
    """Raises BadFile where a file is not there, or holds something else."""
    where = str(file) if file is not None else "the defaults"
    if findings := [Finding(where, 0, what, _FIX) for what in _problems(settings)]:
        raise BadFile(findings)


_UNUSABLE = (OSError, ValueError, SslError, VerifyError)
_FIX = "Name PEM files that this user may read, and the key of that certificate"


def _problems(settings: Settings) -> Iterator[str]:
    for place, usable in _named(settings):
        try:
            usable()
        except _UNUSABLE as error:
            yield f"'{place}': {_words(error)}"


def _named(settings: Settings) -> Iterator[tuple[str, Callable[[], object]]]:
    """Where they stand, and what fails if they are of no use."""
    for n, link in enumerate(settings.smpp.links):
        if (tls := client_tls(link)) is not None:
            yield f"smpp.links.{n}.tls", partial(client_options, tls)
        if (server := server_tls(link)) is not None:
            yield f"smpp.links.{n}.outbind.tls", partial(server_options, server)
    for n, pbx in enumerate(settings.ivr.asterisk):
        if (tls := client_tls(pbx)) is not None:
            yield f"ivr.asterisk.{n}.tls", partial(client_options, tls)
    for name, asked in (("boss", settings.boss), ("console.oidc", settings.console.oidc)):
        if asked is not None and asked.ca is not None:
            yield f"{name}.ca", partial(client_options, ClientTls(name, asked.ca, None, None))


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be read: {error.strerror}"
    return (
        str(error)
        if isinstance(error, ValueError | VerifyError)
        else "the files cannot be used for TLS"
    )
