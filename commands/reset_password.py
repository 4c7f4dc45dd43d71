"""CZMM, MMCZ: a new service password for who has forgotten theirs and can name their certificate.

From one's own phone only, and only while the number is in service (R7). Asked step by step, the
certificate comes back here as a mark.
"""

from __future__ import annotations

from commands import certificates, change_password
from commands.parameters import Kind
from commands.ports import Hall, State
from commands.subscribers import account
from commands.vocabulary import Refusal, Reply, Request, Secret


def allowed(request: Request, hall: Hall) -> None:
    if not request.own:
        raise Refusal("sys.own_phone")
    state = account(request, hall).state
    if state is not State.NORMAL:
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
    if Kind.CERTIFICATE.clean(certificate.reveal().upper()) is None:
        raise Refusal("pw.reset.id_shape")  # a slip, no guess
    certificates.check(request, hall, wrong="pw.reset.id_wrong")
