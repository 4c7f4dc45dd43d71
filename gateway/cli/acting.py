"""Who acts at the command line, for the audit: the system's user, or the operator who says so.

Nobody is asked for a password here: who may read the hall's key can do anything to the store. So an
operator's number is what the user claims, and the user stands beside it as the origin.
"""

from __future__ import annotations

import argparse
import os
import pwd
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gateway.cli.verb import Run, add_verb, settings_of
from gateway.model.operators.audit import Actor, AuditEntry
from gateway.model.operators.refusals import ActForbidden
from gateway.model.operators.rights import Right, may

# what takes long to load is loaded by who acts: help need not wait for it
if TYPE_CHECKING:
    from gateway.store.connection import Connection
    from gateway.store.store import Store


def add_actor(verb: Any, needs: str = "") -> None:
    """The options of a verb that shows or changes somebody. `needs`: the right that an operator who
    is named must have, such as lists.change; empty: the verb looks for that itself."""
    verb.set_defaults(needs=needs)
    verb.add_argument(
        "--operator", default="", metavar="NUMBER", help="who acts (工号); default: the system user"
    )
    verb.add_argument(
        "--reason", default="", metavar="WORDS", help="why, and which ticket; kept in the audit"
    )


def add_act(
    verbs: Any,
    name: str,
    run: Run,
    help: str,
    example: str,
    *,
    number: Mapping[str, Any],
    needs: str = "",
) -> Any:
    """A verb for the one thing that a number names; `number` says how that argument is told."""
    verb = add_verb(verbs, name, run, help, example)
    verb.add_argument("number", **number)
    add_actor(verb, needs)
    return verb


def system_user() -> str:
    """cli:USER, by what the system knows and not by what the environment says."""
    uid = os.getuid()
    try:
        return f"cli:{pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"cli:{uid}"


def actor_of(chosen: argparse.Namespace, connection: Connection, store: Store) -> Actor:
    """Raises RosterRefusal for an operator who is none, or locked, or has no right to this. A verb
    that only looks need not ask who acts."""
    from gateway.operators.roster import RosterRefusal  # noqa: PLC0415
    from gateway.store.operators.accounts import SqlOperators  # noqa: PLC0415

    user, named = system_user(), getattr(chosen, "operator", "")
    if not named:
        return Actor(user, user)
    found = SqlOperators(connection, store.seal).find(named)
    if found is None or not found.active:
        what = "is locked" if found else "is none: see hallgate operators list"
        raise RosterRefusal(f"operator {named} {what}")
    actor = Actor(found.number, user)
    if needs := getattr(chosen, "needs", ""):
        _must(chosen, store, actor, found.role, needs)
    return actor


class RightMissing(ActForbidden):
    """The operator who was named may not do this; `entry` says so in the audit."""

    def __init__(self, right: Right, entry: AuditEntry) -> None:
        super().__init__(f"operator {entry.operator} has not the right {right}")
        self.entry = entry


def _must(chosen: argparse.Namespace, store: Store, actor: Actor, role: str, needs: str) -> None:
    """By the roles in force. Raises RightMissing."""
    from gateway.config.roles import read_roles  # noqa: PLC0415
    from gateway.editions.conf_in_force import ConfInForce  # noqa: PLC0415

    thing, _, verb = needs.partition(".")
    conf = ConfInForce(settings_of(chosen), store)
    try:
        allowed = may(read_roles(conf.settings.conf), role, Right(verb, thing))
    finally:
        conf.close()
    if not allowed:
        refused = actor.did(needs, time.time(), result="refused: no such right")
        raise RightMissing(Right(verb, thing), refused)


@contextmanager
def noting_refusals(store: Store) -> Iterator[None]:
    """That somebody has tried is kept, though nothing else is."""
    from gateway.store.operators.audit import SqlAudit  # noqa: PLC0415

    try:
        yield
    except RightMissing as missing:
        with store.transaction() as connection:
            SqlAudit(connection, store.seal).append(missing.entry)
        raise


@contextmanager
def acting(chosen: argparse.Namespace, store: Store) -> Iterator[CommandLineAct]:
    """One transaction, with what is done in it and its audit rows: all is kept, or nothing."""
    with noting_refusals(store), store.transaction() as connection:
        yield CommandLineAct(chosen, connection, store)


class CommandLineAct:
    """`connection` for what is done, `note` for who did it."""

    def __init__(self, chosen: argparse.Namespace, connection: Connection, store: Store) -> None:
        from gateway.store.operators.audit import SqlAudit  # noqa: PLC0415

        self.connection = connection
        self._chosen, self._store = chosen, store
        self.actor = actor_of(chosen, connection, store)
        self.now = int(time.time())
        self._reason: str = getattr(chosen, "reason", "")
        self._audit = SqlAudit(connection, store.seal)

    def must(self, needs: str) -> None:
        """More than the verb does for everybody. Raises RightMissing."""
        from gateway.store.operators.accounts import SqlOperators  # noqa: PLC0415

        if named := getattr(self._chosen, "operator", ""):
            found = SqlOperators(self.connection, self._store.seal).find(named)
            role = found.role if found else ""
            _must(self._chosen, self._store, self.actor, role, needs)

    def note(self, action: str, *subscribers: str, result: str = "done") -> None:
        """A row for each subscriber; one without, if there is none."""
        entries = [
            self.actor.did(action, self.now, subscriber=number, reason=self._reason, result=result)
            for number in subscribers or ("",)
        ]
        self._audit.append(*entries)
