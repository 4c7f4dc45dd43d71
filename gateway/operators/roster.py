"""Operators made, locked, given another role, given new secrets; each act with its audit row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from gateway.model.operators.audit import Actor
from gateway.model.operators.operators import NUMBER, Operator, OperatorSecrets, OperatorState
from gateway.model.operators.refusals import ActRefusal, NothingSuch
from gateway.model.operators.rights import Right, Roles
from gateway.security import operator_passwords, totp
from gateway.security.encryption import Seal
from gateway.store.connection import Connection
from gateway.store.operators.accounts import SqlOperators
from gateway.store.operators.audit import SqlAudit
from gateway.store.operators.sessions import SqlOperatorSessions

MANAGES: Final = Right("change", "operators")


class RosterRefusal(ActRefusal):
    """An operator cannot be made or changed so; the text says why, and what to do."""


class UnknownOperator(RosterRefusal, NothingSuch):
    def __init__(self, number: str) -> None:
        super().__init__(f"there is no operator {number}")


@dataclass(frozen=True, slots=True)
class NewSecrets:
    """As the operator is told them, once; `kept` is what the store holds of them."""

    password: str
    totp: str
    kept: OperatorSecrets


def new_secrets(password: str = "", totp_secret: str = "") -> NewSecrets:
    """Takes a quarter of a second: before the transaction, not in it."""
    password = password or operator_passwords.new_password()
    secret = totp_secret or totp.new_secret()
    kept = OperatorSecrets(operator_passwords.hashed(password), secret)
    return NewSecrets(password, secret, kept)


class Roster:
    """In one transaction, for one actor."""

    def __init__(
        self, connection: Connection, seal: Seal, roles: Roles, actor: Actor, now: int
    ) -> None:
        self._operators = SqlOperators(connection, seal)
        self._sessions = SqlOperatorSessions(connection, seal)
        self._audit = SqlAudit(connection, seal)
        self._roles, self._actor, self._now = roles, actor, now

    def all(self) -> list[Operator]:
        return self._operators.all()

    def find(self, number: str) -> Operator:
        """Raises UnknownOperator."""
        found = self._operators.find(number)
        if found is None:
            raise UnknownOperator(number)
        return found

    def add(
        self, number: str, name: str, role: str, organisation: str, secrets: OperatorSecrets,
        reason: str = "",
    ) -> Operator:  # fmt: skip
        """Raises RosterRefusal."""
        if not re.fullmatch(NUMBER, number):
            raise RosterRefusal(f"'{number}' is no 工号: 2 to 32 letters, digits, . _ or -")
        if not name.strip():
            raise RosterRefusal("an operator has a name")
        self._known(role)
        if self._operators.find(number) is not None:
            raise RosterRefusal(f"there is an operator {number} already")
        made = Operator(
            number, name, role, organisation, created_at=self._now, changed_at=self._now
        )
        self._operators.add(made, secrets)
        self._note("add", number, reason, f"role {role}")
        return made

    def lock(self, number: str, reason: str = "") -> Operator:
        """Whoever is logged in is so no longer. Raises RosterRefusal."""
        found = self._others(number)
        self._keeps_a_manager(found)
        self._operators.set_state(number, OperatorState.LOCKED, self._now)
        self._sessions.end_all(number)
        self._note("lock", number, reason)
        return self.find(number)

    def unlock(self, number: str, reason: str = "") -> Operator:
        self._others(number)
        self._operators.set_state(number, OperatorState.ACTIVE, self._now)
        self._note("unlock", number, reason)
        return self.find(number)

    def log_out(self, number: str, reason: str = "") -> Operator:
        """Wherever they are logged in, they are so no longer; they may log in again. Raises
        RosterRefusal."""
        found = self._others(number)
        self._sessions.end_all(number)
        self._note("logout", number, reason)
        return found

    def give_role(self, number: str, role: str, reason: str = "") -> Operator:
        """Holds from the operator's next step. Raises RosterRefusal."""
        found = self._others(number)
        self._known(role)
        if MANAGES not in self._roles[role].rights:
            self._keeps_a_manager(found)
        self._operators.set_role(number, role, self._now)
        self._note("role", number, reason, f"from {found.role} to {role}")
        return self.find(number)

    def reset(self, number: str, *, password_hash: str = "", totp: str = "",
              reason: str = "") -> Operator:  # fmt: skip
        """What is given takes the place of what was; sessions end. Raises RosterRefusal."""
        self._others(number)
        if password_hash:
            self._operators.set_password(number, password_hash, initial=True)
        if totp:
            self._operators.set_totp(number, totp)
        self._sessions.end_all(number)
        what = " and ".join(["password"] * bool(password_hash) + ["TOTP"] * bool(totp))
        self._note("reset", number, reason, what)
        return self.find(number)

    def _others(self, number: str) -> Operator:
        """Nobody does it to themselves."""
        self._operators.hold()  # two who lock each other leave nobody
        found = self.find(number)
        if self._actor.operator == number:
            raise RosterRefusal("nobody locks, promotes or resets themselves: ask a colleague")
        return found

    def _known(self, role: str) -> None:
        if role not in self._roles:
            known = ", ".join(self._roles)
            raise RosterRefusal(f"conf/roles.yaml has no role '{role}'; there are: {known}")

    def _keeps_a_manager(self, leaving: Operator) -> None:
        """Else nobody could manage operators but from a shell."""
        managing = [code for code, role in self._roles.items() if MANAGES in role.rights]
        manages = leaving.role in managing and leaving.active
        if manages and self._operators.active_in(managing) == 1:
            raise RosterRefusal(
                f"{leaving.number} is the last one who may change operators: name another first"
            )

    def _note(self, what: str, number: str, reason: str, more: str = "") -> None:
        result = f"{number}: {more}" if more else number
        action = f"operators.{what}"
        self._audit.append(self._actor.did(action, self._now, reason=reason, result=result))
