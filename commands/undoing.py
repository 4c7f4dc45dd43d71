"""Codes that would undo what an order does: sent while it waits for its yes, they say no."""

from __future__ import annotations

from typing import Final

from commands.actions import ACTIONS, Change
from commands.register import Code, Register
from commands.vocabulary import Arguments, Request
from tariffs.catalogue import Catalogue

# where neither of the two names a service
_BACK: Final = {
    "sv.forward": "sv.forward.off",
    "sv.reminder": "sv.reminder.off",
    "sv.plan_change": "sv.plan_undo",
}


def opposites(request: Request, register: Register, catalogue: Catalogue) -> tuple[str, ...]:
    """QXLL10 for KTLL10, QXEDU for KTEDU40, and KTCL for QXCL."""
    back, mine = _BACK.get(request.spec.action), _services(request.args, catalogue)
    ordering = not _gives_up(request.spec.action)
    if not ordering and "service" not in request.args:
        mine = frozenset()  # to order one of a group takes the place of another: a wish of its own

    def undoes(code: Code) -> bool:
        action = code.spec.action
        if action == back:
            return True
        other_way = _proposes(action) and _gives_up(action) is ordering
        return other_way and not mine.isdisjoint(_services(code.fixed, catalogue))

    found = register.codes.items()
    return tuple(word for word, code in found if any(undoes(one) for one in code.readings))


def _services(args: Arguments, catalogue: Catalogue) -> frozenset[str]:
    if "group" in args:
        return frozenset(one.code for one in catalogue.of_group(str(args["group"])))
    return frozenset({str(args["service"])} if "service" in args else ())


def _proposes(action: str) -> bool:
    found = ACTIONS[action]
    return isinstance(found, Change) and found.propose is not None


def _gives_up(action: str) -> bool:
    found = ACTIONS[action]
    return isinstance(found, Change) and found.gives_up
