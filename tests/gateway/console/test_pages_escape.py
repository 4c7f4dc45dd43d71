"""What people write is shown as they wrote it, and does nothing."""

from __future__ import annotations

import html
from urllib.parse import quote

import pytest

from gateway.config.editions.conf_files import conf_files
from gateway.model.editions.edition_draft import mark_of
from tests.commands.fakes import OWN_CONF
from tests.gateway.api.console import Browser, Console
from tests.gateway.console.test_pages_guarded import assert_safe
from tests.gateway.console.visitors import Desk, ask, send

EVIL = [
    "<script>window.done=1</script>",
    '"><img src=x onerror=window.done=1>',
    "' onfocus=window.done=1 autofocus x='",
    "</textarea><svg/onload=window.done=1>",
    "{{ 7*7 }}{% raw %}",
    "javascript:window.done=1",
]


def shown(hall: Console, path: str, by: Browser, evil: str) -> None:
    answer = ask(hall, "GET", path, by=by)
    assert answer.status == 200, path
    page = answer.body.decode()
    assert_safe(answer, path)
    assert html.escape(evil) in html.escape(html.unescape(page))  # it is there …
    if "<" in evil or '"' in evil:
        assert evil not in page, path  # … and not as it was written
    assert "49{%" not in page


@pytest.mark.parametrize("evil", EVIL)
def test_words_of_all_kinds_are_escaped(
    hall: Console, logged_in: dict[str, Browser], evil: str
) -> None:
    leader, agent, admin = (logged_in[role] for role in ("leader", "agent", "admin"))
    made = send(hall, "/tickets/new", agent, kind="suggestion", subscriber="13800138002", said=evil)
    ticket = made.headers["location"].partition("?")[0]
    assert send(hall, f"{ticket}/accept", agent).status == 303
    assert send(hall, f"{ticket}/note", agent, words=evil).status == 303
    shown(hall, ticket, agent, evil)
    assert send(hall, f"{ticket}/done", agent, result=evil).status == 303
    shown(hall, ticket, agent, evil)
    looked = send(hall, "/subscribers", leader, number="13800138002", reason=evil)
    assert ask(hall, "GET", looked.headers["location"], by=leader).status == 200
    shown(hall, "/audit", logged_in["auditor"], evil)
    number = str(1000 + EVIL.index(evil))
    listed = send(hall, "/lists/types", leader, number=number, name=evil[:60], note=evil)
    assert listed.status == 303
    shown(hall, "/lists", leader, evil)
    shown(hall, f"/lists/{number}", leader, evil)
    assert send(
        hall, f"/lists/{number}/entries", leader, numbers="13800138003", reason=evil
    ).status == 303  # fmt: skip
    shown(hall, f"/lists/{number}", leader, evil)
    person = f"x{EVIL.index(evil)}"
    added = send(hall, "/operators/new", admin, number=person, name=evil[:60], role="agent",
                 organisation=evil)  # fmt: skip
    assert added.status == 200
    assert_safe(added, "secrets")
    shown(hall, "/operators", admin, evil)
    shown(hall, f"/operators/{person}", admin, evil)
    plain = evil.replace("{", "(").replace("}", ")")  # braces name what is known of a subscriber
    notice = send(
        hall, "/notices/new", logged_in["marketing"], name=evil[:60], zh=f"您好{plain}",
        kind="service", control="0",
    )  # fmt: skip
    assert notice.status == 303, notice.body.decode()
    assert_safe(ask(hall, "GET", notice.headers["location"], by=leader), "notice")
    assert_safe(ask(hall, "GET", "/notices", by=leader), "notices")


@pytest.mark.parametrize("evil", EVIL[:4])
def test_drafts_show_words_as_they_were_written(
    hall: Console, logged_in: dict[str, Browser], evil: str
) -> None:
    """Names of drafts, reasons, and what stands in a file, wrong or right."""
    leader = logged_in["leader"]
    made = send(hall, "/conf/drafts/new", leader, name=evil[:60])
    draft = made.headers["location"].partition("?")[0]
    shown(hall, "/conf", leader, evil[:60])
    text = conf_files(OWN_CONF)["holidays.yaml"] + f"\n# {evil}\n"
    saved = {"file": "holidays.yaml", "text": text, "seen": mark_of(text.rpartition("\n# ")[0])}
    path = f"/api/v1{draft.removeprefix('/conf')}"
    assert hall.ask("POST", f"{path}/files", saved, leader).status == 200
    shown(hall, f"{draft}/file?name=holidays.yaml", leader, evil)
    kept = send(hall, f"{draft}/keep", leader, reason=evil)
    version = kept.headers["location"].partition("?")[0]
    shown(hall, version, leader, evil)
    wrong = {"file": "replies/zh/queries.yaml", "text": f"q.plan: {evil!r}"}
    told = hall.ask("POST", f"{path}/check", wrong, leader)
    assert told.status == 200
    assert told.json["findings"]  # as JSON, which pages put in as text
    for query in (f"name={quote(evil)}", f"name=holidays.yaml&show={quote(evil)}"):
        answer = ask(hall, "GET", f"{draft}/file?{query}", by=leader)
        assert answer.status in (200, 404)
        assert_safe(answer, query)
    assert send(hall, f"{draft}/drop", leader).status == 303


def test_a_template_of_ops_can_do_nothing_but_say(hall: Console, leader: Browser) -> None:
    """What would count, call or go on for ever is a mistake at its line, told at once."""
    made = send(hall, "/conf/drafts/new", leader, name="x").headers["location"].partition("?")[0]
    name = "replies/zh/queries.yaml"
    own = conf_files(OWN_CONF)[name].splitlines()
    place = next(at for at, line in enumerate(own) if line.startswith("q.plan:"))
    for evil in ("{{ 7 * 7 }}", "{{ ().__class__.__mro__ }}", "{{ name.__class__ }}",
                 "{% for x in range(999999999) %}x{% endfor %}", "{{ 'x' * 999999999 }}",
                 "{% include '/etc/passwd' %}", "{{ cycler.__init__.__globals__ }}"):  # fmt: skip
        text = "\n".join(
            [*own[:place], f"q.plan: '{evil.replace(chr(39), chr(34))}'", *own[place + 1 :]]
        )
        told = hall.ask(
            "POST", f"/api/v1{made.removeprefix('/conf')}/check",
            {"file": name, "text": text, "shown": "q.plan"}, leader,
        ).json  # fmt: skip
        assert (name, place + 1) in [(one["file"], one["line"]) for one in told["findings"]], evil
        assert told["shown"] == []
    assert send(hall, f"{made}/drop", leader).status == 303


@pytest.mark.parametrize("evil", EVIL)
def test_what_stands_in_an_address_is_escaped(hall: Console, leader: Browser, evil: str) -> None:
    for name in ("view", "kind", "region", "after", "told", "before", "at", "span", "to"):
        for path in ("/tickets", "/", "/figures", "/reminders", "/lists/20", "/login"):
            answer = ask(hall, "GET", f"{path}?{name}={quote(evil)}", by=leader)
            assert answer.status in (200, 404, 422), (path, name)
            if "<" in evil:
                assert evil not in answer.body.decode()
            assert_safe(answer, path)


@pytest.mark.service
def test_nothing_of_it_runs_in_a_browser(
    hall: Console, logged_in: dict[str, Browser], screen: Desk
) -> None:
    for evil in EVIL:
        send(hall, "/tickets/new", logged_in["agent"], kind="suggestion",
             subscriber="13800138002", said=evil)  # fmt: skip
    screen.log_in("leader")
    for path in ("/tickets?view=all", "/lists", "/operators", "/notices", "/conf"):
        screen.go(path)
        assert screen.driver.execute_script("return window.done") is None
    assert screen.complaints() == []
