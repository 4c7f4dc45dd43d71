"""What is open besides an answer: confirms and steps that go on waiting, how they are left, and how
that is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from commands.confirming import facts_of
from commands.counter import Counter, Outcome
from commands.dialogue import Asked, Dialogue, Lapsed, Left, Pending, Step, Typed, Understood, Which
from commands.vocabulary import Reply


def left(here: Counter, said: Left | Lapsed) -> Outcome:
    """Out of what was asked; or it was over already."""
    step = said.step
    if step is None:
        here.dialogue = replace(here.dialogue, choice=None)
        return here.said("pick", "left", Reply("list.left"))
    here.wait_for(None)
    here.dialogue = replace(here.dialogue, lapsed=None)
    late = isinstance(said, Lapsed)
    text, result = ("step.expired", "expired") if late else ("step.left", "left")
    return here.said(step.action, result, Reply(text, _facts(here, step)))


def told(here: Counter, said: Understood, outcome: Outcome, before: Dialogue) -> list[Reply]:
    """Beside the answer to something else: what still waits, and what does not any more."""
    return [*_confirms(here, said, outcome, before), *_step(here, said, outcome, before)]


def _confirms(
    here: Counter, said: Understood, outcome: Outcome, before: Dialogue
) -> Iterable[Reply]:
    """Not while what was typed is still to be gone on with: one question at a time."""
    now, after = here.visit.now, outcome.dialogue.pending
    if isinstance(said, Which) or (isinstance(said, Typed) and outcome.dialogue.step):
        return
    waiting = [p for p in after if p in before.pending and p.until > now]
    waiting = [p for p in waiting if p.order != outcome.proposed]
    if waiting:  # how it is answered is told where nothing else is to be answered first
        asks = bool(outcome.proposed) or outcome.dialogue.step is not None
        text = "confirm.besides" if asks else "confirm.waiting"
        yield Reply(text, {"names": _names(here, waiting)})


def _names(here: Counter, pending: Iterable[Pending]) -> list[object]:
    return [facts_of(here, p, here.hall.orders.find(p.order))["name"] for p in pending]


def _step(here: Counter, said: Understood, outcome: Outcome, before: Dialogue) -> Iterable[Reply]:
    step, now = before.step, outcome.dialogue.step
    if step is None or isinstance(said, Typed | Left):
        return
    if now is step:
        yield Reply("step.waiting", _facts(here, step))
    elif not (now and now.action == step.action) and _other(said, step):
        yield Reply("step.left", _facts(here, step))


def _other(said: Understood, step: Step) -> bool:
    return not (isinstance(said, Asked) and said.spec.action == step.action)


def _facts(here: Counter, step: Step) -> dict[str, object]:
    spec = here.register.spec(step.action, step.args)
    return {"name": spec.name, "code": here.register.code_of(spec)}
