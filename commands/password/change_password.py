"""MMXG, 501: a new service password, for somebody who has proven the old one.

Sent in one message, `new` and `again` are secrets; typed one by one, `new` comes here as the mark
that was kept of it, and `again` is the secret.
"""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request, Secret
from commands.password.password_rules import broken_rule


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Set it, if it keeps the rules and was said twice alike. Raises Refusal."""
    new = check_again(request, hall)
    _keep_rules(new, request, hall)
    hall.passwords.change(request.subject, new, weak=False, initial=False, now=request.now)
    return (Reply("pw.changed", {"now": request.now}),)


def check_new(request: Request, hall: Hall) -> None:
    """As soon as it is typed. Raises Refusal."""
    new = request.args["new"]
    assert isinstance(new, Secret)  # a step's value is always one
    _keep_rules(new, request, hall)


def check_again(request: Request, hall: Hall) -> Secret:
    """The second entry, if it is like the first. Raises Refusal."""
    new, again = request.args["new"], request.args["again"]
    assert isinstance(again, Secret)  # the last of the dialogue, or sent with the others
    alike = new == again if isinstance(new, Secret) else new == hall.passwords.mark(again)
    if not alike:
        raise Refusal("pw.mismatch")
    return again


def _keep_rules(new: Secret, request: Request, hall: Hall) -> None:
    digits = [secret.reveal() for secret in hall.passwords.forbidden_digits(request.subject)]
    rule = broken_rule(new.reveal(), request.subject, digits)
    if rule is None and hall.passwords.matches(request.subject, new):
        rule = "old"
    if rule is not None:
        raise Refusal(f"pw.rule.{rule}")
