"""Who knocks: another interface, by its key or its client certificate, and the operator who acts
there. A request without an origin is refused."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

from fastapi import Request

from gateway.api.act import Act
from gateway.api.context import ConsoleContext, address_of, context_of, is_of, peer_of
from gateway.api.problems import Problem
from gateway.model.doors import DoorInterface, DoorState
from gateway.operators.logins import OpenLogin
from gateway.store.doors.interfaces import SqlInterfaces

KEY_HEADER: Final = "X-Interface-Key"
NUMBER_HEADER: Final = "X-Interface"  # for who has a certificate and no key
CERTIFICATE_HEADER: Final = "X-Client-Certificate"  # believed from console.proxies only
_NOBODY: Final = "say from which interface: a key that opens, or the certificate of its number"


def knocked(request: Request, operator: Callable[[], OpenLogin]) -> Act:
    """`operator` is who is logged in. Raises Problem."""
    context = context_of(request)
    interface = _interface(request, context)
    act = Act(context, address_of(request), "requests", interface=interface)
    if wait := context.rate.wait(f"interface {interface.number}", interface.per_minute):
        raise Problem(429, "too many requests", headers={"Retry-After": str(int(wait) + 1)})
    if interface.state is not DoorState.OPEN:
        context.log.event(
            "door refused", interface=interface.number, why=interface.state.value,
            origin=act.address,
        )  # fmt: skip
        raise Problem(403, f"interface {interface.number} is {interface.state.value}")
    if interface.operators:
        act.who = operator()
        if act.operator.number not in interface.operators:
            act.note_refused(f"no operator of interface {interface.number}")
            raise Problem(403, "this operator does not act at this interface")
    return act


def _interface(request: Request, context: ConsoleContext) -> DoorInterface:
    """What an interface has it must show: a key, a certificate, or both. Raises Problem."""
    id, _, secret = request.headers.get(KEY_HEADER, "").partition(".")
    certificate = _certificate(request, context)
    with context.store.reading() as connection:
        kept = SqlInterfaces(connection, context.store.seal)
        number = kept.opened_by(id, secret) if secret else ""
        found = kept.find(number or (request.headers.get(NUMBER_HEADER, "") if not secret else ""))
        has_key = found is not None and any(not k.ended_at for k in kept.keys(found.number))
    shown = found is not None and (found.certificate or has_key)
    if found is None or not shown or (has_key and not number):
        raise _nobody(request, context, "no key that opens")
    if found.certificate and found.certificate != certificate:
        raise _nobody(request, context, "another certificate")
    return found


def _certificate(request: Request, context: ConsoleContext) -> str:
    """SHA-256 of the client certificate that a proxy of ours has seen; empty if none has."""
    given = request.headers.getlist(CERTIFICATE_HEADER)
    if len(given) != 1 or not is_of(peer_of(request), context.settings.console.proxies):
        return ""
    written = given[0].strip()
    if "CERTIFICATE" in written:  # as nginx has it: PEM, with percent signs
        try:
            return sha256(ssl.PEM_cert_to_DER_cert(unquote(written).strip())).hexdigest()
        except ValueError:
            return ""
    return written.replace(":", "").lower()


def _nobody(request: Request, context: ConsoleContext, why: str) -> Problem:
    context.log.event("door refused", interface="?", why=why, origin=address_of(request))
    return Problem(401, _NOBODY, headers={"WWW-Authenticate": KEY_HEADER})
