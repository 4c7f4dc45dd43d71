"""CZMM, MMCZ: a new service password for somebody who has forgotten it and names the certificate.

From one's own phone only, and only while the number is in service (R7). Asked step by step, the
certificate comes back here as a mark.
"""

from __future__ import annotations

from commands.auth import certificates
from commands.model.accounts import NumberState
from commands.model.hall import Hall
from commands.model.parameters import ParameterKind
from commands.model.request import Refusal, Reply, Request, Secret
from commands.model.subscriber_lookup import account
from commands.password import change_password


def allowed(request: Request, hall: Hall) -> None:
    if not request.own:
        raise Refusal("sys.own_phone")
    state = account(request, hall).state
    if state is not NumberState.NORMAL:
        raise Refusal("sv.err.status", {"state": state.value})
    certificates.still_open(request, hall)


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Set it, if everything holds and the new one keeps the rules."""
    allowed(request, hall)
    certificate = request.args["certificate"]
    if isinstance(certificate, Secret):
        check_certificate(request, hall)
    else:
        certificates.check_mark(request, hall, certificate, wrong="pw.reset.id_wrong")
    return change_password.carry_out(request, hall)


def check_certificate(request: Request, hall: Hall) -> None:
    """Raises Refusal, and counts, if the number is not registered for it."""
    certificate = request.args["certificate"]
    assert isinstance(certificate, Secret)  # its kind is one
    allowed(request, hall)
    if ParameterKind.CERTIFICATE.clean(certificate.reveal().upper()) is None:
        raise Refusal("pw.reset.id_shape")  # a slip, no guess
    certificates.check(request, hall, wrong="pw.reset.id_wrong")
