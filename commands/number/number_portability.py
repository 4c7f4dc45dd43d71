"""CXXZ, SQXZ: may this number go to another network, and the code to go with (携号转网)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from commands.auth import certificates
from commands.auth.random_code import DIGITS
from commands.model.accounts import NumberState, SubscriberAccount
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request, Secret
from commands.model.subscriber_lookup import account, from_own_phone

CHECKED: Final = "np.checked"  # a name and certificate that were right
ISSUED: Final = "np.code"  # a code that was issued, and the preference that keeps its mark
REASONS: Final = "XZYY"  # what Y to the count of reasons stands for
_DAY: Final = 24 * 3600

PortingObstacle = dict[str, object]  # the name of its text, and that text's facts


def query(request: Request, hall: Hall) -> Reply:
    """One reason is told at once, several are counted first. Raises Refusal."""
    _prove(request, hall)
    hall.attempts.add(CHECKED, request.phone, request.now)
    reasons = list(hindrances(request, hall))
    if not reasons:
        return Reply("np.ok")
    return _why(reasons)


def reasons(request: Request, hall: Hall) -> Reply:
    """All of them, for somebody who has just been told how many there are. Raises Refusal."""
    from_own_phone(request)
    if request.now - hall.attempts.last(CHECKED, request.phone) > hall.settings.step:
        raise Refusal("np.ask_again")
    found = list(hindrances(request, hall))
    return Reply("np.reasons", {"reasons": found}) if found else Reply("np.ok")


def authorise(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """A code for the other network's hall. A newer one takes an older one's place. Raises
    Refusal."""
    _prove(request, hall)
    found = list(hindrances(request, hall))
    if found:
        why = _why(found)
        hall.attempts.add(CHECKED, request.phone, request.now)
        raise Refusal(why.text, why.facts)
    today = hall.attempts.count(ISSUED, request.subject, request.now - _DAY)
    if today >= hall.settings.codes_a_day:
        raise Refusal("np.code_limit")
    code = Secret(hall.random.digits(DIGITS))
    mark = hall.passwords.mark(code)
    hall.attempts.add(ISSUED, request.subject, request.now)
    hall.preferences.put(request.subject, ISSUED, mark, request.interface, request.now)
    minutes = hall.settings.porting.code_lasts // 60
    return (Reply("np.code", {"code": code, "minutes": minutes}),)


def hindrances(request: Request, hall: Hall) -> Iterator[PortingObstacle]:
    """Everything that stands in the way now. What the record does not know hinders nothing."""
    found, record = account(request, hall), hall.records.of(request.subject)
    rules, now = hall.settings.porting, request.now
    if not found.real_named:
        yield _reason("real_name")
    if found.state not in (NumberState.NORMAL, NumberState.ARREARS):
        yield _reason("state", state=found.state.value)
    if owed := _owed(found):
        yield _reason("arrears", owed=owed)
    if record.joined_at and now - record.joined_at < rules.in_network:
        yield _reason("in_network", days=rules.in_network // _DAY)
    if record.ported_at and now - record.ported_at < rules.since_port:
        yield _reason("since_port", days=rules.since_port // _DAY)
    if record.contract_until > now:
        yield _reason("contract", until=record.contract_until)


def _owed(found: SubscriberAccount) -> int:
    """Fen."""
    return max(-found.balance_fen, found.past_due_fen, 0)


def _why(found: list[PortingObstacle]) -> Reply:
    if len(found) == 1:
        return Reply("np.one", {"reasons": found})
    return Reply("np.many", {"count": len(found)}, opens=(REASONS,))


def _reason(name: str, **facts: object) -> PortingObstacle:
    return {"name": name, "facts": facts}


def _prove(request: Request, hall: Hall) -> None:
    """By name and certificate, and from one's own phone only. Raises Refusal."""
    from_own_phone(request)
    account(request, hall)
    certificates.check(request, hall, wrong="np.mismatch", name=str(request.args["holder"]))
