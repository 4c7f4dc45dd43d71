"""Logging in through a provider of identities, which is a real server with a real key: as it is
meant, and as attackers and broken providers do it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from sqlalchemy import delete, update

from gateway.store.operators.audit_check import check_chain
from gateway.store.tables import begun_logins, strikes
from simulators.identity.http_server import identity_server
from simulators.identity.provider import IdentityProvider
from simulators.identity.tokens import WRONG
from tests.gateway.api.console import NOBODY, Answer, Browser, Console, console

BEGIN = "/api/v1/session/oidc"
SESSION, OPERATORS = "/api/v1/session", "/api/v1/operators"


@dataclass(frozen=True)
class Place:
    hall: Console
    provider: IdentityProvider

    def begin(self) -> tuple[str, str]:
        """Where a browser is sent, and the cookie that it has been given."""
        sent = self.hall.ask("GET", BEGIN)
        assert sent.status == 303, sent
        name, _, cookie = sent.headers["set-cookie"].partition(";")[0].partition("=")
        assert name == "hallgate_oidc"
        return sent.headers["location"], cookie

    def at_provider(self, address: str, who: str) -> str:
        """Somebody logs in there; where it sends their browser, without our host."""
        parts = urlsplit(f"{address}&{urlencode({'who': who})}")
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}")
            answer = connection.getresponse()
            assert answer.status == 302, answer.read()
            back = urlsplit(answer.getheader("Location") or "")
        finally:
            connection.close()
        assert back.netloc == f"127.0.0.1:{self.hall.port}"
        return f"{back.path}?{back.query}"

    def finish(self, path: str, cookie: str | None) -> Answer:
        if cookie is None:
            return self.hall.ask("GET", path)
        return self.hall.ask("GET", path, Cookie=f"hallgate_oidc={cookie}")

    def visit(self, who: str) -> Answer:
        address, cookie = self.begin()
        return self.finish(self.at_provider(address, who), cookie)


def session(answer: Answer) -> Browser:
    """Which cookies a browser has after it."""
    given = answer.headers["set-cookie"]
    assert given.startswith("hallgate_session="), given
    for wanted in ("HttpOnly", "Secure", "SameSite=strict"):
        assert wanted in given
    return Browser(given.partition(";")[0].partition("=")[2], None)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)]
)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """8001 may log in with a password as well."""
    folder = tmp_path_factory.mktemp("oidc")
    secret = folder / "secret"
    secret.write_text("a secret: with signs+%\n")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'hall.db'}"
        if request.param != "sqlite":
            url = stack.enter_context(request.getfixturevalue("postgres_server").fresh_database())
        provider = stack.enter_context(identity_server())
        provider.client_secret = "a secret: with signs+%"
        running = stack.enter_context(
            console(
                url, folder, f"console.oidc.issuer={provider.issuer}",
                "console.oidc.client_id=hallgate", f"console.oidc.client_secret_file={secret}",
                "console.oidc.local=[break]", "console.oidc.timeout=1", samples=False,
            )
        )  # fmt: skip
        for number, role in (("8001", "leader"), ("8002", "agent"), ("break", "admin")):
            running.hire(number, role)
        yield Place(running, provider)
        assert check_chain(running.store).findings == ()
        assert "request failed" not in running.log.read_text()


@pytest.fixture(autouse=True)
def as_meant(place: Place) -> None:
    place.provider.wrong, place.provider.careless, place.provider.away = "", False, False
    with place.hall.store.transaction() as connection:
        connection.execute(delete(strikes))


def test_the_roster_says_who_somebody_is(place: Place) -> None:
    answer = place.visit("8001")
    assert answer.status == 200
    me = place.hall.ask("GET", SESSION, by=session(answer)).json
    assert (me["operator"], me["role"]) == ("8001", "leader")
    assert "operators.change" not in me["rights"]
    (entry,) = place.hall.audit(operator="8001", action="session.login")[:1]
    assert entry.entry.result == "done"
    assert entry.entry.reason == "vouched for by the provider"


def test_what_the_browser_takes_there(place: Place) -> None:
    """A challenge of the verifier, a nonce, a state; none of them twice; and no secret."""
    first, cookie = place.begin()
    second, _ = place.begin()
    asked, again = (parse_qs(urlsplit(each).query) for each in (first, second))
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"http://127.0.0.1:{place.hall.port}{BEGIN}/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name][0]) >= 43
        assert asked[name] != again[name]
    assert cookie not in first
    assert "secret" not in first


def test_the_page_after_it_is_ours(place: Place) -> None:
    """A browser that was sent here by another site sends no strict cookie with a redirect."""
    answer = place.visit("8002")
    assert answer.headers["content-type"].startswith("text/html")
    assert b"url=/" in answer.body
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_a_wrong_token_lets_nobody_in(place: Place, wrong: str) -> None:
    place.provider.wrong = wrong
    refused = place.visit("8001")
    assert (refused.status, "set-cookie" in refused.headers) == (401, False)
    assert "does not let you in" in refused.problem
    (entry,) = place.hall.audit(action="session.login")[:1]
    assert (entry.entry.operator, entry.entry.result) == ("?", "refused")
    assert entry.entry.reason.startswith("provider: ")


def test_a_name_that_is_not_in_the_roster(place: Place) -> None:
    for who in ("8009", "cli:root", "8001 ", "８００１", "", "8001\x00"):
        assert place.visit(who or "?").status == 401, who


def test_a_locked_operator(place: Place) -> None:
    """The provider does not know of it; and whoever is in is out."""
    place.hall.hire("leaver", "agent")
    inside = session(place.visit("leaver"))
    admin = place.hall.log_in("break")
    assert place.hall.ask("POST", f"{OPERATORS}/leaver/lock", {}, admin).status == 200
    assert place.hall.ask("GET", SESSION, by=inside).status == 401
    assert place.visit("leaver").status == 401
    (entry,) = place.hall.audit(action="session.login", operator="leaver")[:1]
    assert entry.entry.result == "refused"


# -- the way back --------------------------------------------------------------------------------


def test_a_state_that_is_not_ours(place: Place) -> None:
    address, cookie = place.begin()
    back = place.at_provider(address, "8001")
    asked = dict(parse_qsl(urlsplit(back).query))
    for state in ("", "x" * 43, asked["state"][:-1], asked["state"] + "A"):
        path = f"{BEGIN}/callback?{urlencode(asked | {'state': state})}"
        assert place.finish(path, cookie).status == 401, state
    assert place.finish(back, cookie).status == 200  # it was not used up by that


def test_an_answer_in_another_browser(place: Place) -> None:
    """Somebody is given the link with the attacker's code, or the attacker has the victim's."""
    address, _ = place.begin()
    back = place.at_provider(address, "8001")
    _, elsewhere = place.begin()
    for cookie in (None, "", elsewhere, "A" * 43):
        assert place.finish(back, cookie).status == 401


def test_an_answer_is_good_once(place: Place) -> None:
    address, cookie = place.begin()
    back = place.at_provider(address, "8001")
    assert place.finish(back, cookie).status == 200
    assert place.finish(back, cookie).status == 401


@pytest.mark.parametrize("careless", [False, True])
def test_a_stolen_code_is_worth_nothing(place: Place, careless: bool) -> None:
    """In the attacker's own login: the verifier does not fit, and where the provider does not look
    at it, the nonce does not."""
    place.provider.careless = careless
    stolen = parse_qs(urlsplit(place.at_provider(place.begin()[0], "8001")).query)["code"][0]
    address, cookie = place.begin()
    asked = dict(parse_qsl(urlsplit(place.at_provider(address, "8002")).query))
    path = f"{BEGIN}/callback?{urlencode(asked | {'code': stolen})}"
    assert place.finish(path, cookie).status == 401
    (entry,) = place.hall.audit(action="session.login")[:1]
    assert ("nonce" in entry.entry.reason) is careless


def test_the_answer_of_another_issuer(place: Place) -> None:
    address, cookie = place.begin()
    asked = dict(parse_qsl(urlsplit(place.at_provider(address, "8001")).query))
    path = f"{BEGIN}/callback?{urlencode(asked | {'iss': 'https://evil.example'})}"
    assert place.finish(path, cookie).status == 401


def test_a_login_that_took_too_long(place: Place) -> None:
    address, cookie = place.begin()
    back = place.at_provider(address, "8001")
    with place.hall.store.transaction() as connection:
        connection.execute(update(begun_logins).values(until_at=1))
    assert place.finish(back, cookie).status == 401


def test_an_error_of_the_provider(place: Place) -> None:
    address, cookie = place.begin()
    state = parse_qs(urlsplit(address).query)["state"][0]
    path = f"{BEGIN}/callback?{urlencode({'state': state, 'error': 'access_denied'})}"
    assert place.finish(path, cookie).status == 401
    (entry,) = place.hall.audit(action="session.login")[:1]
    assert entry.entry.reason == "provider: access_denied"


def test_too_many_wrong_answers(place: Place) -> None:
    """Of an address; then none is looked at, and the audit does not grow."""
    statuses = [place.finish(f"{BEGIN}/callback?state={n}", "x").status for n in range(22)]
    assert statuses == [401] * 20 + [429] * 2


# -- the provider --------------------------------------------------------------------------------


def test_a_new_key_is_learnt(place: Place) -> None:
    """Once a minute at most: whoever makes up names of keys makes us ask no oftener."""
    assert place.visit("8001").status == 200
    place.provider.renew_key()
    before = place.provider.asked.count("/keys")
    statuses = [place.visit("8001").status for _ in range(3)]
    assert place.provider.asked.count("/keys") - before <= 1
    assert len(set(statuses)) == 1


def test_a_provider_that_is_away(place: Place) -> None:
    """It is no wrong login; and colleagues of the list come in without it."""
    address, cookie = place.begin()
    back = place.at_provider(address, "8001")
    place.provider.away = True
    before = len(place.hall.audit(action="session.login"))
    answer = place.finish(back, cookie)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "the provider does not answer" in answer.problem
    assert len(place.hall.audit(action="session.login")) == before
    assert place.hall.log_in("break")


# -- passwords beside it -------------------------------------------------------------------------


def test_only_who_is_listed_may_use_a_password(place: Place) -> None:
    assert place.hall.ask("POST", SESSION, place.hall.form("break")).status == 201
    refused = place.hall.ask("POST", SESSION, place.hall.form("8001"))
    assert refused.status == 401
    assert BEGIN in refused.problem
    nobody = place.hall.ask("POST", SESSION, {**place.hall.form("8001"), "operator": "nobody"})
    assert nobody.problem == refused.problem


def test_which_ways_there_are(place: Place, hall: Console) -> None:
    ways = "/api/v1/session/ways"
    told = {"password": False, "provider": place.provider.issuer}
    assert place.hall.ask("GET", ways).json == told
    assert hall.ask("GET", ways).json == {"password": True, "provider": None}
    for path in (BEGIN, f"{BEGIN}/callback?state=x&code=y"):
        assert hall.ask("GET", path, by=NOBODY).status == 404


def test_a_secret_that_cannot_be_read(tmp_path: Path) -> None:
    """Is told at the start."""
    lost = tmp_path / "lost"
    with (
        pytest.raises(AssertionError, match="lost"),
        console(
            f"sqlite:///{tmp_path / 'hall.db'}", tmp_path,
            "console.oidc.issuer=http://127.0.0.1:1", "console.oidc.client_id=x",
            f"console.oidc.client_secret_file={lost}", samples=False,
        ),
    ):  # fmt: skip
        pass
