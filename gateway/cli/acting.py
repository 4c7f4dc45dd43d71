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
from typing import Any

from gateway.cli.verb import Run, add_verb
from gateway.model.operators.audit import Actor
from gateway.operators.roster import RosterRefusal
from gateway.store.connection import Connection
from gateway.store.operators.accounts import SqlOperators
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store


def add_actor(verb: Any) -> None:
    """The options of a verb that shows or changes somebody."""
    verb.add_argument(
        "--operator", default="", metavar="NUMBER", help="who acts (工号); default: the system user"
    )
    verb.add_argument(
        "--reason", default="", metavar="WORDS", help="why, and which ticket; kept in the audit"
    )


def add_act(
    verbs: Any, name: str, run: Run, help: str, example: str, *, number: Mapping[str, Any]
) -> Any:
    """A verb for the one thing that a number names; `number` says how that argument is told."""
    verb = add_verb(verbs, name, run, help, example)
    verb.add_argument("number", **number)
    add_actor(verb)
    return verb


def system_user() -> str:
    """cli:USER, by what the system knows and not by what the environment says."""
    uid = os.getuid()
    try:
        return f"cli:{pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"cli:{uid}"


def actor_of(chosen: argparse.Namespace, connection: Connection, store: Store) -> Actor:
    """Raises RosterRefusal for an operator who is none, or locked. A verb that only looks need not
    ask who acts."""
    user, named = system_user(), getattr(chosen, "operator", "")
    if not named:
        return Actor(user, user)
    found = SqlOperators(connection, store.seal).find(named)
    if found is None or not found.active:
        what = "is locked" if found else "is none: see hallgate operators list"
        raise RosterRefusal(f"operator {named} {what}")
    return Actor(found.number, user)


@contextmanager
def acting(chosen: argparse.Namespace, store: Store) -> Iterator[CommandLineAct]:
    """One transaction, with what is done in it and its audit rows: all is kept, or nothing."""
    with store.transaction() as connection:
        yield CommandLineAct(chosen, connection, store)


class CommandLineAct:
    """`connection` for what is done, `note` for who did it."""

    def __init__(self, chosen: argparse.Namespace, connection: Connection, store: Store) -> None:
        self.connection = connection
        self.actor = actor_of(chosen, connection, store)
        self.now = int(time.time())
        self._reason: str = getattr(chosen, "reason", "")
        self._audit = SqlAudit(connection, store.seal)

    def note(self, action: str, *subscribers: str, result: str = "done") -> None:
        """A row for each subscriber; one without, if there is none."""
        entries = [
            self.actor.did(action, self.now, subscriber=number, reason=self._reason, result=result)
            for number in subscribers or ("",)
        ]
        self._audit.append(*entries)
