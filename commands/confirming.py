"""Orders that wait for their confirm: put aside, answered once, carried out as they were placed."""

from __future__ import annotations

from dataclasses import replace

from commands.actions import ACTIONS, Change
from commands.counter import Counter, Outcome
from commands.dialogue import Answered, Pending
from commands.doing import done
from commands.ports import Order
from commands.proof import PROOFS
from commands.vocabulary import Confirm, Level, Refusal, Reply, Request

YES = "是"


def propose(here: Counter, request: Request, action: Change) -> Outcome:
    """Put the order aside and ask. A newer order of the same kind takes the older's place; and of
    those that only want a Y, one waits at a time.

    Raises Refusal if it could not be done."""
    assert action.propose is not None
    spec, rules = request.spec, here.hall.settings
    proposal = action.propose(request, here.hall)
    wait = rules.confirm_twice if spec.confirm is Confirm.TWICE else rules.confirm_once
    until = request.now + wait
    pending = Pending(request.id, spec.action, spec.confirm, until)
    replaced = [p for p in here.dialogue.pending if _gives_way(p, pending)]
    for older in replaced:
        here.hall.orders.decline(older.order, "", request.now)
    args = {name: value for name, value in request.args.items() if name not in PROOFS}
    if action.terms is not None:
        args |= action.terms(request, here.hall)
    here.hall.orders.propose(
        Order(
            request.id, spec.action, request.phone, request.subject, args,
            request.channel, request.interface, int(request.level), request.now, until,
            here.visit.operator,
        )
    )  # fmt: skip
    others = tuple(p for p in here.dialogue.pending if p not in replaced)
    # an open list would take the 1 that is meant for the confirm
    choice = here.dialogue.choice if action.from_list else None
    here.dialogue = replace(here.dialogue, choice=choice, pending=(*others, pending))
    return replace(here.said(spec.action, "asked", proposal), proposed=request.id)


def _gives_way(older: Pending, newer: Pending) -> bool:
    once = older.confirm is newer.confirm is Confirm.ONCE
    return once or older.action == newer.action


def answered(here: Counter, said: Answered) -> Outcome:
    """The answer ends the wait, whatever it is."""
    pending, now = said.pending, here.visit.now
    left = tuple(p for p in here.dialogue.pending if p.order != pending.order)
    here.dialogue = replace(here.dialogue, pending=left)
    if pending.until <= now:
        return _declined(here, said, "expired", _too_late(pending))
    if not said.yes:
        return _declined(here, said, "declined", _no(pending))
    order = here.hall.orders.consume(pending.order, said.word, now)
    if order is None:
        facts = _facts(here, pending, None)
        return here.said(pending.action, "gone", Reply("confirm.gone", facts))
    return _carry_out(here, order)


def _too_late(pending: Pending) -> str:
    if pending.confirm is Confirm.ONCE:
        return "confirm.expired"
    return "sv.expired" if _ordering(pending) else "confirm.expired.twice"


def _no(pending: Pending) -> str:
    twice = pending.confirm is Confirm.TWICE
    return "sv.not_ordered" if twice and _ordering(pending) else "confirm.dropped"


def _ordering(pending: Pending) -> bool:
    """Is something to be had by it? Then it is said that nothing is charged."""
    action = ACTIONS.get(pending.action)
    return not (isinstance(action, Change) and action.gives_up)


def _declined(here: Counter, said: Answered, result: str, text: str) -> Outcome:
    pending = said.pending
    order = here.hall.orders.decline(pending.order, said.word, here.visit.now)
    return here.said(pending.action, result, Reply(text, _facts(here, pending, order)))


def _facts(here: Counter, pending: Pending, order: Order | None) -> dict[str, object]:
    """What was ordered, by its own name, and the code to order it again."""
    spec = here.register.spec(pending.action, order.args if order else {})
    return {"name": spec.name, "code": here.register.code_of(spec)}


def _carry_out(here: Counter, order: Order) -> Outcome:
    """As it was placed: with its own number, parameters, channel, interface and proof."""
    spec = here.register.spec(order.action, order.args)
    request = Request(
        order.id, here.visit.now, order.channel, order.interface, order.phone, order.subject,
        spec, order.args, Level(order.level),
    )  # fmt: skip
    action = ACTIONS[spec.action]
    assert isinstance(action, Change)  # only changes are ever proposed
    try:
        return done(here, action, request)
    except Refusal as refusal:
        return here.said(spec.action, "refused", refusal.reply)


def which(here: Counter, pending: tuple[Pending, ...]) -> Outcome:
    """A bare yes while several wait: the list's numbers say to which."""
    orders = [here.hall.orders.find(p.order) for p in pending]
    facts = [_facts(here, p, order) for p, order in zip(pending, orders, strict=True)]
    names = [fact["name"] for fact in facts]
    here.offer(tuple(f"{YES}#{p.order}" for p in pending))
    return here.said("confirm", "asked", Reply("confirm.which", {"names": names}))
