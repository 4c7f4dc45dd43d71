"""Orders that wait for their confirm: put aside, answered once, carried out as they were placed."""

from __future__ import annotations

from dataclasses import replace

from commands.auth.proof import PROOFS
from commands.dispatch.command_kinds import ChangeCommand
from commands.dispatch.command_table import ACTIONS
from commands.dispatch.execution import execute
from commands.dispatch.opposite_codes import opposite_codes
from commands.model.dialogue import Dialogue, PendingConfirm
from commands.model.hall import Hall
from commands.model.orders import ASKED_AT, PlacedOrder
from commands.model.request import AuthLevel, Channel, ConfirmRule, Refusal, Reply, Request
from commands.model.turn import TurnOutcome, TurnState
from commands.parser.parsed_message import ConfirmAnswer

YES = "是"


def propose(turn: TurnState, request: Request, action: ChangeCommand) -> TurnOutcome:
    """Put the order aside and ask. A newer order of the same kind takes the older's place; and of
    those that only want a Y, one waits at a time.

    Raises Refusal if it could not be done."""
    assert action.propose is not None
    spec, rules = request.spec, turn.hall.settings
    proposal = action.propose(request, turn.hall)
    wait = rules.confirm_twice if spec.confirm is ConfirmRule.TWICE else rules.confirm_once
    until = request.now + wait
    against = opposite_codes(request, turn.register, turn.hall.catalogue)
    pending = PendingConfirm(request.id, spec.action, spec.confirm, until, against)
    replaced = [p for p in turn.dialogue.pending if _gives_way(p, pending)]
    if replaced and turn.context.channel is Channel.DOOR:
        raise Refusal("door.waits")  # nobody else takes back what a subscriber has ordered himself
    dropped = [(p, turn.hall.orders.decline(p.order, "", request.now)) for p in replaced]
    args = {name: value for name, value in request.args.items() if name not in PROOFS}
    if action.terms is not None:
        args |= action.terms(request, turn.hall)
    if number := turn.hall.catalogue.number:
        args[ASKED_AT] = number
    turn.hall.orders.propose(
        PlacedOrder(
            request.id, spec.action, request.phone, request.subject, args,
            request.channel, request.interface, int(request.level), request.now, until,
            turn.context.operator,
        )
    )  # fmt: skip
    others = tuple(p for p in turn.dialogue.pending if p not in replaced)
    # an open list would take the 1 that is meant for the confirm
    choice = turn.dialogue.choice if action.from_list else None
    turn.dialogue = replace(turn.dialogue, choice=choice, pending=(*others, pending))
    told = _replaced(turn, dropped, spec.name)
    return replace(turn.outcome(spec.action, "asked", proposal, *told), proposed=request.id)


def _replaced(
    turn: TurnState, dropped: list[tuple[PendingConfirm, PlacedOrder | None]], newer: str
) -> list[Reply]:
    """That something else waits no more is told; not that the same is asked once more."""
    now = turn.context.now
    names = [facts_of(turn, p, order)["name"] for p, order in dropped if order and p.until > now]
    names = [name for name in names if name != newer]
    on_sms = turn.context.channel is Channel.SMS  # elsewhere one thing at a time is open
    return [Reply("confirm.replaced", {"names": names})] if names and on_sms else []


def _gives_way(older: PendingConfirm, newer: PendingConfirm) -> bool:
    once = older.confirm is newer.confirm is ConfirmRule.ONCE
    return once or older.action == newer.action


def answered(turn: TurnState, said: ConfirmAnswer) -> TurnOutcome:
    """The answer ends the wait, whatever it is."""
    pending, now, before = said.pending, turn.context.now, turn.dialogue
    turn.dialogue = _without(before, pending)
    if pending.until <= now:
        return _declined(turn, said, "expired", _too_late(pending))
    if not said.yes:
        return _declined(turn, said, "declined", _no(turn, pending))
    order = turn.hall.orders.consume(pending.order, said.word, now)
    if order is not None:
        return _carry_out(turn, order)
    if turn.hall.orders.find(pending.order) is not None:  # nobody knows that it was read
        turn.dialogue = before
        return ask_again(turn, pending)
    return _gone(turn, pending)


def _gone(turn: TurnState, pending: PendingConfirm) -> TurnOutcome:
    facts = facts_of(turn, pending, None)
    return turn.outcome(pending.action, "gone", Reply("confirm.gone", facts))


def ask_again(turn: TurnState, pending: PendingConfirm) -> TurnOutcome:
    """In the words of the confirm: somebody asks back, or says yes before the network has taken
    what asked. It goes on waiting."""
    order = turn.hall.orders.find(pending.order)
    if pending.until <= turn.context.now:
        return answered(turn, ConfirmAnswer(pending, "", yes=False))
    if order is None:
        turn.dialogue = _without(turn.dialogue, pending)
        return _gone(turn, pending)
    request = _placed(turn, order)
    action = ACTIONS[order.action]
    assert isinstance(action, ChangeCommand)  # only changes are ever proposed
    assert action.propose is not None
    try:
        proposal = action.propose(request, _as_proposed(turn.hall, order))
    except Refusal as refusal:  # it cannot be done any more
        turn.hall.orders.decline(order.id, "", turn.context.now)
        turn.dialogue = _without(turn.dialogue, pending)
        return turn.outcome(order.action, "refused", refusal.reply)
    return replace(turn.outcome(order.action, "asked", proposal), proposed=order.id)


def _too_late(pending: PendingConfirm) -> str:
    if pending.confirm is ConfirmRule.ONCE:
        return "confirm.expired"
    return "sv.expired" if _ordering(pending) else "confirm.expired.twice"


def _no(turn: TurnState, pending: PendingConfirm) -> str:
    if kept := turn.register.specs[pending.action].kept:
        return kept
    twice = pending.confirm is ConfirmRule.TWICE
    return "sv.not_ordered" if twice and _ordering(pending) else "confirm.dropped"


def _ordering(pending: PendingConfirm) -> bool:
    """Is something to be had by it? Then it is said that nothing is charged."""
    action = ACTIONS.get(pending.action)
    return not (isinstance(action, ChangeCommand) and action.gives_up)


def _declined(turn: TurnState, said: ConfirmAnswer, result: str, text: str) -> TurnOutcome:
    pending = said.pending
    order = turn.hall.orders.decline(pending.order, said.word, turn.context.now)
    return turn.outcome(pending.action, result, Reply(text, facts_of(turn, pending, order)))


def facts_of(
    turn: TurnState, pending: PendingConfirm, order: PlacedOrder | None
) -> dict[str, object]:
    """What was ordered, by its own name, and the code to order it again."""
    spec = turn.register.spec(pending.action, order.args if order else {})
    return {"name": spec.name, "code": turn.register.code_of(spec)}


def _without(dialogue: Dialogue, pending: PendingConfirm) -> Dialogue:
    left = tuple(p for p in dialogue.pending if p.order != pending.order)
    return replace(dialogue, pending=left)


def _placed(turn: TurnState, order: PlacedOrder) -> Request:
    """As it was placed: with its own number, parameters, channel, interface and proof."""
    return Request(
        order.id, turn.context.now, order.channel, order.interface, order.phone, order.subject,
        turn.register.spec(order.action, order.args), order.args, AuthLevel(order.level),
    )  # fmt: skip


def _as_proposed(hall: Hall, order: PlacedOrder) -> Hall:
    """With the prices of when and where it was proposed: what was agreed to is what was shown,
    though a price may have changed since, as it was known that it would, or the yes is sent
    elsewhere."""
    catalogue = hall.catalogue.of(str(order.args.get(ASKED_AT, "")), order.proposed_at)
    return hall if catalogue is hall.catalogue else replace(hall, catalogue=catalogue)


def _carry_out(turn: TurnState, order: PlacedOrder) -> TurnOutcome:
    turn.hall = _as_proposed(turn.hall, order)
    request = _placed(turn, order)
    spec = request.spec
    action = ACTIONS[spec.action]
    assert isinstance(action, ChangeCommand)  # only changes are ever proposed
    try:
        outcome = execute(turn, action, request)
    except Refusal as refusal:
        outcome = turn.outcome(spec.action, "refused", refusal.reply)
    if order.channel is Channel.DOOR:
        turn.hall.orders.ended(order.id, outcome.result)
    return outcome


def which(turn: TurnState, pending: tuple[PendingConfirm, ...]) -> TurnOutcome:
    """A bare yes while several wait: the list's numbers say to which."""
    orders = [turn.hall.orders.find(p.order) for p in pending]
    facts = [facts_of(turn, p, order) for p, order in zip(pending, orders, strict=True)]
    names = [fact["name"] for fact in facts]
    turn.offer(tuple(f"{YES}#{p.order}" for p in pending))
    return turn.outcome("confirm", "asked", Reply("confirm.which", {"names": names}))
