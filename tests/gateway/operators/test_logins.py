"""Who is kept out by wrong logins, and who is not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gateway.config.roles import read_roles
from gateway.config.settings import OWN_CONF
from gateway.model.operators.audit import Actor
from gateway.operators.logins import LoginRules, Logins, LoginThrottled, WrongLogin
from gateway.operators.roster import Roster
from gateway.security import totp
from gateway.store.store import Store
from tests.gateway.api.console import cheap_secrets
from tests.gateway.messages import NOON

DESK, ELSEWHERE = "192.0.2.7", "203.0.113."
RULES = LoginRules(by_name=5, by_address=1_000)


@dataclass
class Desk:
    """One operator, and whoever tries to be them."""

    store: Store
    now: float = NOON

    def __post_init__(self) -> None:
        self.secrets = cheap_secrets()
        self.logins = Logins(self.store, RULES, lambda: self.now)
        with self.store.transaction() as connection:
            actor, roles = Actor("cli:test", "cli:test"), read_roles(OWN_CONF)
            roster = Roster(connection, self.store.seal, roles, actor, int(self.now))
            roster.add("8001", "王芳", "agent", "", self.secrets.kept)

    def comes(self, address: str = DESK) -> str:
        """How it ends; each time with a new code."""
        self.now += 30
        return self._tries(address, self.secrets.password)

    def guesses(self, times: int, address: str = "") -> list[str]:
        return [self._tries(address or f"{ELSEWHERE}{n}", "wrong") for n in range(times)]

    def _tries(self, address: str, password: str) -> str:
        code = totp.code_of(self.secrets.totp, totp.step_at(self.now))
        try:
            self.logins.log_in("8001", password, code, address)
        except (WrongLogin, LoginThrottled) as refused:
            return type(refused).__name__
        return "in"


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_nobody_is_kept_out_of_where_they_work_by_guesses_from_elsewhere(desk: Desk) -> None:
    """Who guesses is, wherever from: many addresses are no way around."""
    assert desk.comes() == "in"
    assert desk.guesses(8) == ["WrongLogin"] * 5 + ["LoginThrottled"] * 3
    assert desk.comes() == "in"
    assert desk.guesses(1) == ["LoginThrottled"]
    assert desk.comes("198.51.100.9") == "LoginThrottled"


def test_guesses_from_where_somebody_works_are_counted_there(desk: Desk) -> None:
    assert desk.comes() == "in"
    assert desk.guesses(6, DESK) == ["WrongLogin"] * 5 + ["LoginThrottled"]
    assert desk.comes() == "LoginThrottled"
    assert desk.comes("198.51.100.9") == "in"


def test_where_somebody_was_long_ago_is_elsewhere(desk: Desk) -> None:
    assert desk.comes() == "in"
    desk.now += 31 * 24 * 3600
    desk.guesses(5)
    assert desk.comes() == "LoginThrottled"
