"""Codes that would undo what an order does: sent while it waits for its yes, they say no."""

from __future__ import annotations

from commands.dispatch.command_kinds import ChangeCommand
from commands.dispatch.command_table import ACTIONS
from commands.model.command_register import CommandCode, CommandRegister
from commands.model.request import Arguments, Request
from tariffs.catalogue import Catalogue


def opposite_codes(
    request: Request, register: CommandRegister, catalogue: Catalogue
) -> tuple[str, ...]:
    """QXLL10 for KTLL10, QXEDU for KTEDU40, and KTCL for QXCL."""
    back, mine = _undone_by(request.spec.action), _services(request.args, catalogue)
    ordering = not _gives_up(request.spec.action)
    if not ordering and "service" not in request.args:
        mine = frozenset()  # to order one of a group takes the place of another: a wish of its own

    def undoes(code: CommandCode) -> bool:
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
    return isinstance(found, ChangeCommand) and found.propose is not None


def _undone_by(action: str) -> str:
    found = ACTIONS[action]
    return found.undone_by if isinstance(found, ChangeCommand) else ""


def _gives_up(action: str) -> bool:
    found = ACTIONS[action]
    return isinstance(found, ChangeCommand) and found.gives_up
