"""Orders that wait for their confirm: put aside, answered once, carried out as they were placed."""

from __future__ import annotations

from dataclasses import replace

from commands.actions import ACTIONS, Change
from commands.counter import Counter, Outcome
from commands.dialogue import Answered, Dialogue, Pending
from commands.doing import done
from commands.ports import Order
from commands.proof import PROOFS
from commands.undoing import opposites
from commands.vocabulary import Channel, Confirm, Level, Refusal, Reply, Request

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
    against = opposites(request, here.register, here.hall.catalogue)
    pending = Pending(request.id, spec.action, spec.confirm, until, against)
    replaced = [p for p in here.dialogue.pending if _gives_way(p, pending)]
    dropped = [(p, here.hall.orders.decline(p.order, "", request.now)) for p in replaced]
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
    told = _replaced(here, dropped, spec.name)
    return replace(here.said(spec.action, "asked", proposal, *told), proposed=request.id)


def _replaced(
    here: Counter, dropped: list[tuple[Pending, Order | None]], newer: str
) -> list[Reply]:
    """That something else waits no more is told; not that the same is asked once more."""
    now = here.visit.now
    names = [facts_of(here, p, order)["name"] for p, order in dropped if order and p.until > now]
    names = [name for name in names if name != newer]
    on_sms = here.visit.channel is Channel.SMS  # elsewhere one thing at a time is open
    return [Reply("confirm.replaced", {"names": names})] if names and on_sms else []


def _gives_way(older: Pending, newer: Pending) -> bool:
    once = older.confirm is newer.confirm is Confirm.ONCE
    return once or older.action == newer.action


def answered(here: Counter, said: Answered) -> Outcome:
    """The answer ends the wait, whatever it is."""
    pending, now, before = said.pending, here.visit.now, here.dialogue
    here.dialogue = _without(before, pending)
    if pending.until <= now:
        return _declined(here, said, "expired", _too_late(pending))
    if not said.yes:
        return _declined(here, said, "declined", _no(here, pending))
    order = here.hall.orders.consume(pending.order, said.word, now)
    if order is not None:
        return _carry_out(here, order)
    if here.hall.orders.find(pending.order) is not None:  # nobody knows that it was read
        here.dialogue = before
        return ask_again(here, pending)
    return _gone(here, pending)


def _gone(here: Counter, pending: Pending) -> Outcome:
    facts = facts_of(here, pending, None)
    return here.said(pending.action, "gone", Reply("confirm.gone", facts))


def ask_again(here: Counter, pending: Pending) -> Outcome:
    """In the words of the confirm: somebody asks back, or says yes before the network has taken
    what asked. It goes on waiting."""
    order = here.hall.orders.find(pending.order)
    if pending.until <= here.visit.now:
        return answered(here, Answered(pending, "", yes=False))
    if order is None:
        here.dialogue = _without(here.dialogue, pending)
        return _gone(here, pending)
    request = _placed(here, order)
    action = ACTIONS[order.action]
    assert isinstance(action, Change)  # only changes are ever proposed
    assert action.propose is not None
    try:
        proposal = action.propose(request, here.hall)
    except Refusal as refusal:  # it cannot be done any more
        here.hall.orders.decline(order.id, "", here.visit.now)
        here.dialogue = _without(here.dialogue, pending)
        return here.said(order.action, "refused", refusal.reply)
    return replace(here.said(order.action, "asked", proposal), proposed=order.id)


def _too_late(pending: Pending) -> str:
    if pending.confirm is Confirm.ONCE:
        return "confirm.expired"
    return "sv.expired" if _ordering(pending) else "confirm.expired.twice"


def _no(here: Counter, pending: Pending) -> str:
    if kept := here.register.specs[pending.action].kept:
        return kept
    twice = pending.confirm is Confirm.TWICE
    return "sv.not_ordered" if twice and _ordering(pending) else "confirm.dropped"


def _ordering(pending: Pending) -> bool:
    """Is something to be had by it? Then it is said that nothing is charged."""
    action = ACTIONS.get(pending.action)
    return not (isinstance(action, Change) and action.gives_up)


def _declined(here: Counter, said: Answered, result: str, text: str) -> Outcome:
    pending = said.pending
    order = here.hall.orders.decline(pending.order, said.word, here.visit.now)
    return here.said(pending.action, result, Reply(text, facts_of(here, pending, order)))


def facts_of(here: Counter, pending: Pending, order: Order | None) -> dict[str, object]:
    """What was ordered, by its own name, and the code to order it again."""
    spec = here.register.spec(pending.action, order.args if order else {})
    return {"name": spec.name, "code": here.register.code_of(spec)}


def _without(dialogue: Dialogue, pending: Pending) -> Dialogue:
    left = tuple(p for p in dialogue.pending if p.order != pending.order)
    return replace(dialogue, pending=left)


def _placed(here: Counter, order: Order) -> Request:
    """As it was placed: with its own number, parameters, channel, interface and proof."""
    return Request(
        order.id, here.visit.now, order.channel, order.interface, order.phone, order.subject,
        here.register.spec(order.action, order.args), order.args, Level(order.level),
    )  # fmt: skip


def _carry_out(here: Counter, order: Order) -> Outcome:
    request = _placed(here, order)
    spec = request.spec
    action = ACTIONS[spec.action]
    assert isinstance(action, Change)  # only changes are ever proposed
    try:
        return done(here, action, request)
    except Refusal as refusal:
        return here.said(spec.action, "refused", refusal.reply)


def which(here: Counter, pending: tuple[Pending, ...]) -> Outcome:
    """A bare yes while several wait: the list's numbers say to which."""
    orders = [here.hall.orders.find(p.order) for p in pending]
    facts = [facts_of(here, p, order) for p, order in zip(pending, orders, strict=True)]
    names = [fact["name"] for fact in facts]
    here.offer(tuple(f"{YES}#{p.order}" for p in pending))
    return here.said("confirm", "asked", Reply("confirm.which", {"names": names}))
