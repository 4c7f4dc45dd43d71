"""Every page and every form, for every role and for nobody: generated from what was declared."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute

from gateway.api.console_app import SUBJECTS
from gateway.api.guard import Needs, declared
from gateway.console.pages import GuardedPage
from gateway.console.site import all_pages
from gateway.model.operators.rights import OBJECTS, Right
from tests.gateway.api.console import NOBODY, ROLES, Answer, Browser, Console
from tests.gateway.console.visitors import Forms, ask, send

FILLED = {
    "lookup": "A" * 22, "ticket": "99999999", "operator": "nobody", "list": "999999",
    "notice": "99999", "message": "99999", "file": "99999", "code": "zh", "alarm": "links",
    "version": "0" * 12,
}  # fmt: skip
PAGES = all_pages()
LOOKS = [page for page in PAGES if page.method == "GET"]
FORMS = [page for page in PAGES if page.method == "POST"]


def named(page: GuardedPage) -> str:
    return f"{page.method} {page.path}"


def filled(path: str) -> str:
    def value(found: re.Match[str]) -> str:
        return FILLED[found[2] or found[1]]

    return re.sub(r"{(\w+)(?::(\w+))?}", value, path)


def may(role: str, needs: Right | Needs) -> bool:
    return not isinstance(needs, Right) or needs in ROLES[role].rights


@pytest.mark.parametrize("page", LOOKS, ids=named)
def test_a_page_lets_in_whom_it_says(
    hall: Console, logged_in: dict[str, Browser], page: GuardedPage
) -> None:
    path = filled(page.path)
    if page.route.needs is not Needs.NOTHING:
        refused = ask(hall, "GET", path)
        assert (refused.status, refused.headers["location"][:10]) == (303, "/login?to=")
        assert refused.body == b""
    for role in ROLES:
        answer = ask(hall, "GET", path, by=logged_in[role])
        if may(role, page.route.needs):
            assert answer.status in (200, 303, 404), (role, answer.body)
        else:
            assert answer.status == 403, role
            assert "没有这项权限".encode() in answer.body


@pytest.mark.parametrize("page", FORMS, ids=named)
def test_a_form_is_taken_from_whom_it_says(
    hall: Console, logged_in: dict[str, Browser], page: GuardedPage
) -> None:
    """Without a login, without its token, from elsewhere, without the right: nothing is done, and
    of those who are known the refusal is in the audit."""
    path = filled(page.path)
    if path in ("/logout", "/login"):  # it would end the sessions of all tests; tested apart
        return
    assert ask(hall, "POST", path, {}).headers["location"] == "/login"
    for role in ROLES:
        browser = logged_in[role]
        before = hall.audit()[0].id if hall.audit() else 0
        for token in ("", "0" * 64, logged_in["agent2"].csrf or ""):
            assert ask(hall, "POST", path, {"csrf": token}, browser).status == 403
        foreign = {"csrf": browser.csrf or ""}
        assert ask(hall, "POST", path, foreign, browser, Origin="http://evil.example").status == 403
        assert ask(hall, "POST", path, foreign, browser, Origin="null").status == 403
        assert ask(hall, "POST", path, foreign, browser, Origin="").status == 403
        assert hall.audit()[0].id == before  # none of these is worth a row, and none did a thing
        if not may(role, page.route.needs):
            assert send(hall, path, browser).status == 403
            (entry,) = [one.entry for one in hall.audit() if one.id > before]
            assert entry.result == "refused: no such right"
            assert (entry.operator, entry.action) == (role, str(page.route.needs))


@pytest.mark.parametrize("page", FORMS, ids=named)
def test_a_form_is_no_page(hall: Console, logged_in: dict[str, Browser], page: GuardedPage) -> None:
    """What changes something is changed by no link."""
    if any(look.path == page.path for look in LOOKS):
        return
    assert ask(hall, "GET", filled(page.path), by=logged_in["leader"]).status in (404, 405)


def test_what_is_declared_is_a_right_that_there_is() -> None:
    for page in PAGES:
        if isinstance(page.route.needs, Right):
            assert page.route.needs.verb in OBJECTS[page.route.needs.object], named(page)
        else:
            assert page.path.startswith(("/login", "/logout", "/account", "/language")) or (
                page.path == "/" and page.route.needs is Needs.LOGIN
            )


def assert_safe(answer: Answer, where: str) -> Forms:
    """No script, no style and no handler stands in a page of ours: the policy would stop it, and
    so it is seen here."""
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy, where
    assert "default-src 'none'" in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    found = Forms(answer.body.decode())
    for tag, told in found.tags:
        assert tag != "style", where
        assert tag != "script" or str(told.get("src", "")).startswith("/static/"), where
        assert not [name for name in told if name.startswith("on") or name == "style"], (
            where,
            told,
        )
        assert not str(told.get("href", "")).lower().startswith("javascript:"), where
    return found


def needs_of(method: str, form: str) -> list[Right | Needs]:
    """What a form of a page, or a route of the API that its script asks, was declared with."""
    pages = [one.route.needs for one in PAGES if one.method == method and fits(one.path, form)]
    routes = [
        guarded.needs
        for subject in SUBJECTS
        for route in subject.router.routes
        if isinstance(route, APIRoute)
        and method in (route.methods or ())
        and route.path_regex.fullmatch(form)
        and (guarded := declared(route.endpoint)) is not None
    ]
    return pages + routes


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_link_leads_somewhere_and_every_page_is_safe(
    hall: Console, logged_in: dict[str, Browser], role: str
) -> None:
    """Walked from the overview, for each role: no dead link, and no link to what one may not."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        answer = ask(hall, "GET", path, by=logged_in[role])
        if "attachment" in answer.headers.get("content-disposition", ""):
            assert answer.status == 200, path
            continue
        assert answer.status == 200, (role, path, answer.body.decode()[-1500:])
        page = assert_safe(answer, path)
        for form, values in page.found.items():
            needed = needs_of(values[""], form)
            assert needed, f"{path}: {form} is no form of ours"
            assert any(may(role, needs) for needs in needed), (role, path, form)
        for link in page.links:
            if link.startswith("#") or link.startswith("/language") or link in seen:
                continue
            if shape(link) in {shape(one) for one in seen} and len(seen) > 400:
                continue
            seen.add(link)
            waiting.append(link)


def fits(path: str, address: str) -> bool:
    pattern = re.sub(r"{\w+(:\w+)?}", "[^/]+", path)
    return re.fullmatch(pattern, address.partition("?")[0]) is not None


def shape(link: str) -> str:
    return re.sub("[0-9]+", "0", link)


def test_who_is_logged_out_is_logged_out(hall: Console) -> None:
    again = hall.log_in("agent2")
    assert ask(hall, "GET", "/", by=again).status == 200
    assert send(hall, "/logout", again).headers["location"] == "/login?told=logged_out"
    assert ask(hall, "GET", "/", by=again).status == 303
    assert ask(hall, "GET", "/live?show=strip", by=again).status == 401


def test_a_login_leads_nowhere_but_to_us(hall: Console) -> None:
    for to in ("//evil.example/", "https://evil.example/", "/\\evil.example", "evil", "/\t/evil"):
        made = ask(hall, "POST", "/login", {**hall.form("agent2"), "to": to})  # type: ignore[dict-item]
        assert (made.status, made.headers["location"]) == (303, "/")
    made = ask(hall, "POST", "/login", {**hall.form("agent2"), "to": "/tickets?view=mine"})  # type: ignore[dict-item]
    assert made.headers["location"] == "/tickets?view=mine"
    cookie = made.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("secure", "httponly", "samesite=strict", "path=/"))


def test_a_wrong_login_says_what_it_says_to_all(hall: Console) -> None:
    wrong = ask(hall, "POST", "/login", {"operator": "agent2", "password": "x", "code": "000000"})
    nobody = ask(hall, "POST", "/login", {"operator": "nobody", "password": "x", "code": "000000"})
    assert (wrong.status, nobody.status) == (401, 401)
    assert wrong.body.replace(b"agent2", b"nobody") == nobody.body
    assert "set-cookie" not in wrong.headers


def test_pages_are_not_framed_by_others_and_say_so_without_a_login(hall: Console) -> None:
    assert_safe(ask(hall, "GET", "/login", by=NOBODY), "/login")
    assert_safe(ask(hall, "GET", "/nowhere", by=NOBODY), "/nowhere")
