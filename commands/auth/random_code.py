"""Random codes: the second proof of A3, sent to the phone of the number that it is about (R6)."""

from __future__ import annotations

from dataclasses import replace

from commands.auth.proof import PROOFS, SIX_DIGITS, wait_for
from commands.model.credentials import SentRandomCode
from commands.model.hall import Hall
from commands.model.request import AuthLevel, Channel, Refusal, Reply, Request, Secret
from commands.model.turn import TurnOutcome, TurnState

DIGITS = 6
SENT = "code"  # a sent code is counted as this


def ask(turn: TurnState, request: Request) -> TurnOutcome:
    """Send a code for this operation and wait for it to be typed. Raises Refusal if too many were
    sent."""
    try:
        code = _send(purpose(request, turn.hall), request.subject, turn.hall, request.now)
    except Refusal:
        if _on_its_way(request, turn.hall):
            wait_for(turn, "code", request)
        raise
    wait_for(turn, "code", request)
    facts: dict[str, object] = {"name": request.spec.name}
    told = Reply("auth.ask_otp", facts)
    if request.channel is Channel.DOOR:
        told = Reply("door.ask_otp", facts)
        if turn.hall.accounts.find(request.subject) is None:  # nobody learns that, there either
            return turn.outcome(request.spec.action, "asked", told)
        interface = turn.register.registry[request.interface]
        message = Reply(
            "door.otp", {**facts, "code": code, "by": interface.name}, to=request.subject
        )
    else:
        message = Reply("auth.otp", {**facts, "code": code}, to=request.subject)
    return turn.outcome(request.spec.action, "asked", told, message)


def again(turn: TurnState) -> TurnOutcome:
    """YZM: another code for the operation that waits for one. Raises Refusal."""
    step = turn.dialogue.step
    if step is None or step.wants != "code":
        raise Refusal("auth.otp_none")
    now = turn.context.now
    code = _send(step.action, step.subject, turn.hall, now)
    turn.wait_for(replace(step, until=now + turn.hall.settings.step))
    facts = {"name": turn.register.spec(step.action, step.args).name}
    message = Reply("auth.otp", {**facts, "code": code}, to=step.subject)
    return turn.outcome("otp.send", "ok", Reply("auth.ask_otp", facts), message)


def check(request: Request, hall: Hall) -> Request:
    """The request at A3, if the code that came with it is the one that was sent. Raises Refusal."""
    typed = request.args["code"]
    sent = hall.codes.sent(request.subject)
    rules = hall.settings
    if sent is None or sent.action != purpose(request, hall):
        raise Refusal("auth.otp_none")
    if request.now - sent.sent_at >= rules.code_lasts:
        hall.codes.forget(request.subject)
        raise Refusal("auth.otp_expired")
    if not isinstance(typed, Secret) or not SIX_DIGITS.fullmatch(typed.reveal()):
        raise Refusal("auth.otp_shape")  # a slip, no guess
    if hall.passwords.mark(typed) == sent.mark:
        hall.codes.forget(request.subject)
        return replace(request, level=AuthLevel.A3)
    left = rules.code_tries - sent.wrong - 1
    if left <= 0:
        hall.codes.forget(request.subject)
        raise Refusal("auth.otp_none")
    hall.codes.keep(request.subject, replace(sent, wrong=sent.wrong + 1))
    raise Refusal("auth.otp_wrong", {"left": left})


def purpose(request: Request, hall: Hall) -> str:
    """What a code is good for. One for another interface, only for what was asked for there, with
    the same parameters: nobody can use it for more than the subscriber was told."""
    action = request.spec.action
    if request.channel is not Channel.DOOR:
        return action
    args = {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in request.args.items()
        if name not in PROOFS
    }
    what = f"{action}@{request.interface} {sorted(args.items())}"
    return f"{action}@{request.interface} {hall.passwords.mark(Secret(what))}"


def _on_its_way(request: Request, hall: Hall) -> bool:
    """Was one sent for the same a moment ago? It still counts."""
    sent = hall.codes.sent(request.subject)
    return (
        sent is not None
        and sent.action == purpose(request, hall)
        and request.now - sent.sent_at < hall.settings.code_lasts
    )


def _send(action: str, subject: str, hall: Hall, now: int) -> Secret:
    rules, attempts = hall.settings, hall.attempts
    today = attempts.count(SENT, subject, now - 24 * 3600)
    wait = attempts.last(SENT, subject) + rules.code_every - now
    if today >= rules.codes_a_day or wait > 0:
        left = max(0, rules.codes_a_day - today)
        minutes = -(-wait // 60) if left else 24 * 60
        raise Refusal("auth.otp_limit", {"minutes": minutes, "left": left})
    attempts.add(SENT, subject, now)
    code = Secret(hall.random.digits(DIGITS))
    hall.codes.keep(subject, SentRandomCode(action, hall.passwords.mark(code), now))
    return code
