"""Proof: what is known of who is asking, and how the rest is asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from commands import authority
from commands.counter import Counter, Outcome, Visit
from commands.dialogue import Step
from commands.parameters import Kind
from commands.ports import Hall
from commands.register import Register
from commands.vocabulary import Channel, Level, Refusal, Reply, Request, Secret

SIX_DIGITS = re.compile("[0-9]{6}")
PROOFS = ("password", "old", "code")  # parameters that prove, and are kept nowhere
NUMBER = "subject"  # the parameter that says which number it is about
ASKS_NUMBER = "auth.ask_number"


def kind_of(wants: str, register: Register) -> Kind:
    """What a step waits for: a password or a code, or a parameter of the register."""
    return Kind.PASSWORD if wants in PROOFS else register.parameters.get(wants, Kind.TEXT)


def standing(here: Counter, subject: str) -> Level:
    return proven(here.visit, subject, here.hall)


def proven(visit: Visit, subject: str, hall: Hall) -> Level:
    """What is known of a visitor without a further word: the network vouches for a phone that is
    registered; a password that was right holds until the dialogue or call ends."""
    if visit.proved == subject:
        return Level.A2
    if not visit.asserted or subject != visit.phone:
        return Level.A0
    account = hall.accounts.find(subject)
    return Level.A1 if account is not None and account.real_named else Level.A0


def anybody(here: Counter, request: Request) -> bool:
    """Whether it takes no proof of anything."""
    return here.register.level(request.spec.operation, request.channel) is Level.A0


def ask_number(here: Counter, request: Request) -> Outcome:
    """A call that shows no number, or a phone that is no mobile: which number is it about?"""
    wait_for(here, NUMBER, request)
    return here.said(request.spec.action, "asked", Reply(ASKS_NUMBER, {"name": request.spec.name}))


def needed(here: Counter, request: Request) -> tuple[Level, Level]:
    """The level that the operation lists for the channel, and the one this request needs.

    Raises Refusal from a phone that is no subscriber's, about itself. Whether another number exists
    is told to nobody: who asks needs its password, and none is right for one that does not."""
    listed = here.register.level(request.spec.operation, request.channel)
    if listed is Level.A0:
        return listed, listed
    account = here.hall.accounts.find(request.subject)
    if account is None and request.own:
        raise Refusal("sys.no_account", {"number": request.subject})
    return listed, authority.demanded(request, account, listed)


def by_password(here: Counter, request: Request) -> Request | None:
    """The request at A2, if a password came with it and is right; None if none came.

    Raises Refusal, and counts, if it is wrong."""
    for name in ("password", "old"):
        password = request.args.get(name)
        if isinstance(password, Secret):
            if not SIX_DIGITS.fullmatch(password.reveal()):
                raise Refusal("auth.pw_shape")  # a slip, no guess: it is not counted
            authority.check_password(request, password, here.hall)
            authority.strong_enough(request, here.hall)
            return replace(request, level=max(request.level, Level.A2))
    return None


def ask_password(here: Counter, request: Request, *, raised: bool) -> Outcome:
    """Wait for it to be typed. To ask by SMS about another number, it must come along.

    Raises Refusal, also where none would be taken: who asks hears of the lock before typing."""
    other = request.phone != request.subject
    if other and request.channel is Channel.SMS and request.spec.reads_only:
        raise Refusal("q.refuse.nopw")
    authority.not_locked(request, here.hall)
    wait_for(here, "password", request)
    text = "auth.not_realname" if raised else request.spec.asks.get("password", "auth.ask_pw")
    facts: dict[str, object] = {"name": request.spec.name}
    if other and request.channel is Channel.SMS:
        text, facts = "auth.ask_pw.other", {**facts, "number": request.subject}
    return here.said(request.spec.action, "asked", Reply(text, facts))


def waits_for_code(here: Counter) -> bool:
    """A code is on its way to the phone: a question in between must not make it worthless."""
    step = here.dialogue.step
    return step is not None and step.wants == "code"


def wait_for(here: Counter, wants: str, request: Request) -> None:
    """The next message is taken as `wants`. Secrets gathered so far are kept as marks only."""
    mark = here.hall.passwords.mark
    kept = {
        name: mark(value) if isinstance(value, Secret) else value
        for name, value in request.args.items()
        if name not in PROOFS
    }
    until = here.visit.now + here.hall.settings.step
    spec = request.spec
    here.wait_for(Step(spec.action, request.subject, wants, request.level, until, kept))
