"""What forms do: once, with their row in the audit, and what is said when they cannot."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

from gateway.model.operators.audit import Actor
from gateway.serving.ticket_work import RaiseAlarms
from gateway.store.operators.audit import SqlAudit
from tests.gateway.api.console import Browser, Console
from tests.gateway.api.served import ZHANG, desk_beside
from tests.gateway.console.test_pages_guarded import assert_safe
from tests.gateway.console.visitors import Forms, ask, send, words_of


def opened(hall: Console, by: Browser) -> str:
    made = send(hall, "/tickets/new", by, kind="suggestion", subscriber="13800138002", said="灯")
    return made.headers["location"].partition("?")[0]


def test_a_form_that_is_sent_twice_has_its_effect_once(hall: Console, agent: Browser) -> None:
    """And leads both times to the same page."""
    before = hall.audit()[0].id
    form = {"kind": "suggestion", "subscriber": "13800138002", "said": "两次"}
    one, two = (send(hall, "/tickets/new", agent, "key-1", **form) for _ in range(2))
    assert one.status == two.status == 303
    assert one.headers["location"] == two.headers["location"]
    made = [each for each in hall.audit() if each.id > before]
    assert [each.entry.action for each in made] == ["tickets.open"]
    other = send(hall, "/tickets/new", agent, "key-1", **{**form, "said": "另一件"})
    assert other.status == 409
    assert "这张表单已经提交过" in words_of(other)


def test_secrets_are_shown_once(hall: Console, logged_in: dict[str, Browser]) -> None:
    form = {"number": "once", "name": "一次", "role": "agent"}
    one, two = (send(hall, "/operators/new", logged_in["admin"], "key-2", **form) for _ in "12")
    assert one.status == 200
    assert "otpauth://" in words_of(one)
    assert two.status == 409
    assert "otpauth://" not in words_of(two)


def test_each_form_of_a_page_has_a_key_of_its_own(hall: Console, agent: Browser) -> None:
    page = Forms(ask(hall, "GET", opened(hall, agent), by=agent).body.decode())
    keys = [form["key"] for path, form in page.found.items() if path.startswith("/tickets/")]
    assert len(set(keys)) == len(keys) > 1
    assert {form["csrf"] for form in page.found.values() if "csrf" in form} == {agent.csrf}


def test_a_step_is_in_the_audit_with_who_and_why(hall: Console, agent: Browser) -> None:
    ticket = opened(hall, agent)
    done = send(hall, f"{ticket}/accept", agent, reason="轮到我")
    assert parse_qs(urlsplit(done.headers["location"]).query) == {"told": ["taken"]}
    entry = hall.audit()[0].entry
    assert (entry.operator, entry.action) == ("agent", "tickets.accept")
    assert (entry.subscriber, entry.reason) == ("13800138002", "轮到我")


def test_what_does_not_fit_is_told_and_nothing_is_done(hall: Console, agent: Browser) -> None:
    ticket = opened(hall, agent)
    before = hall.audit()[0].id
    for path, form, told in (
        (f"{ticket}/done", {"result": ""}, "请写明处理结果"),
        (f"{ticket}/appoint", {"at": "gestern", "until": ""}, "开始时间"),
        (
            "/tickets/new",
            {"kind": "suggestion", "subscriber": "1", "said": "x"},
            "用户号码格式不对",
        ),
        ("/subscribers", {"number": "abc"}, "号码格式不对"),
    ):
        refused = send(hall, path, agent, **form)
        assert refused.status == 422
        assert told in words_of(refused), path
    assert hall.audit()[0].id == before


def test_a_script_is_answered_with_a_piece_of_a_page(hall: Console, agent: Browser) -> None:
    ticket = opened(hall, agent)
    form = {"csrf": agent.csrf or "", "result": ""}
    refused = ask(hall, "POST", f"{ticket}/done", form, agent, HX_Request="true")
    assert refused.status == 422
    assert b"<html" not in refused.body
    assert "请写明处理结果" in words_of(refused)
    done = ask(hall, "POST", f"{ticket}/accept", form, agent, HX_Request="true")
    assert (done.status, done.headers["hx-redirect"]) == (204, f"{ticket}?told=taken")
    gone = ask(hall, "POST", f"{ticket}/accept", form, None, HX_Request="true")
    assert (gone.status, gone.headers["hx-redirect"]) == (401, "/login")


def test_a_wrong_service_password_is_told_and_counts(hall: Console, agent: Browser) -> None:
    """委托受理: whoever guesses at the form is stopped as by the API."""
    form = {"kind": "entrust", "subscriber": "13800138008", "said": "停机保号"}
    for _ in range(3):
        refused = send(hall, "/tickets/new", agent, password="111222", **form)
        assert (refused.status, "服务密码不对" in words_of(refused)) == (403, True)
    told = hall.audit()[0].entry
    assert (told.action, told.result) == ("tickets.open", "refused: the service password is wrong")
    locked = send(hall, "/tickets/new", agent, password="258096", **form)
    assert (locked.status, "服务密码已锁定" in words_of(locked)) == (403, True)


def test_counts_are_of_the_whole_table(hall: Console, agent: Browser) -> None:
    for _ in range(60):
        opened(hall, agent)
    page = ask(hall, "GET", "/tickets?view=all&kind=suggestion", by=agent)
    told = words_of(page)
    api = hall.ask("POST", "/api/v1/tickets/search", {"state": "all", "kind": "suggestion"}, agent)
    assert f"共  {api.json['total']}  件" in told
    assert api.json["total"] > 60
    assert page.body.count(b'<tr class="late"') + page.body.count(b"<tr>") == 51  # a page, a head
    after = [link for link in Forms(page.body.decode()).links if "after=" in link]
    assert ask(hall, "GET", after[0], by=agent).status == 200


def test_english_is_kept_by_a_cookie(hall: Console, agent: Browser) -> None:
    chosen = ask(hall, "GET", "/language/en?to=/tickets", by=agent)
    assert (chosen.status, chosen.headers["location"]) == (303, "/tickets")
    cookie = f"hallgate_session={agent.cookie}; hallgate_language=en"
    page = ask(hall, "GET", "/tickets", Cookie=cookie)
    assert "Not taken".lower() in words_of(page).lower()
    assert ask(hall, "GET", "/language/xx?to=//evil.example", by=agent).headers["location"] == "/"


def test_a_form_of_another_kind_is_refused(hall: Console, agent: Browser) -> None:
    for media in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        refused = ask(hall, "POST", "/subscribers", {}, agent, Content_Type=media)
        assert refused.status == 415
    many = {f"f{n}": "x" for n in range(300)}
    assert ask(hall, "POST", "/subscribers", many, agent).status == 400
    octets = ask(hall, "POST", "/subscribers", {"number": "1" * 300_000}, agent)
    assert octets.status == 413


def test_forms_that_show_something_show_it(hall: Console, logged_in: dict[str, Browser]) -> None:
    """Pages that only a form leads to: in full for the reason that was given."""
    leader, auditor, agent = (logged_in[role] for role in ("leader", "auditor", "agent"))
    ticket = opened(hall, agent)
    for path, by, form, told in (
        (f"{ticket}/reveal", leader, {"reason": "投诉"}, "13800138002"),
        ("/lists/numbers", leader, {"number": "13800138006"}, "红名单"),
        ("/lists/numbers", leader, {"number": "13800138001"}, "不在任何名单里"),
        ("/lists/20/reveal", leader, {"reason": "核对"}, "13800138006"),
        ("/reminders", leader, {"number": "13800138001"}, "138****8001"),
        ("/reminders/try", leader, {"number": "13800138001", "kind": "balance_low"}, "没有发"),
        ("/audit", auditor, {"operator": "leader"}, "subscribers.reveal"),
        ("/audit", auditor, {"suspicious": "on"}, "没有工单"),
        ("/audit/verify", auditor, {"anchors": ""}, "条都没有改动"),
    ):
        answer = send(hall, path, by, **form)
        assert answer.status == 200, (path, words_of(answer))
        assert told in words_of(answer), path
        assert_safe(answer, path)


def test_whose_ticket_went_back_is_told(hall: Console, agent: Browser, leader: Browser) -> None:
    """And before it goes, when it will."""
    made = send(hall, "/tickets/new", agent, kind="suggestion", subscriber=ZHANG, said="开夜间窗口")
    at = made.headers["location"].partition("?")[0]
    assert send(hall, f"{at}/accept", agent).status == 303
    assert "没有动作就自动放回" in words_of(ask(hall, "GET", at, by=agent))
    with desk_beside(hall) as desk:
        # its clock: seen from three hours on
        desk.serve([RaiseAlarms(int(time.time()) + 3 * 3600)])
    page = ask(hall, "GET", "/tickets", by=agent)
    assert "120 分钟没有动过,已自动放回" in words_of(page)
    assert at in Forms(page.body.decode()).links
    assert "已自动放回" not in words_of(ask(hall, "GET", "/tickets", by=leader))
    history = words_of(ask(hall, "GET", at, by=agent))
    assert "自动放回" in history
    assert "还没有人接" in history
    assert send(hall, f"{at}/accept", agent).status == 303
    assert at not in _given_back(hall, agent)


def _given_back(hall: Console, by: Browser) -> str:
    return ask(hall, "GET", "/tickets", by=by).body.decode().partition('<nav class="tabs"')[0]


def test_words_are_found_in_all_files_of_a_draft(hall: Console, leader: Browser) -> None:
    """Whoever wants to change a text knows its words, and not its file."""
    made = send(hall, "/conf/drafts/new", leader, name="找")
    draft = made.headers["location"].partition("?")[0]
    page = ask(
        hall, "GET", f"{draft}?find=%E9%95%BF%E8%80%85%E4%B8%93%E5%B8%AD%E3%80%82", by=leader
    )
    links = [one for one in Forms(page.body.decode()).links if "line=" in one]
    assert links
    assert all("name=menus%2Fmain.yaml" in one for one in links)
    assert "您好,长者专席。请稍候" in words_of(page)
    nothing = ask(hall, "GET", f"{draft}?find=%3Cscript%3E", by=leader)
    assert "没有文件里有这些字" in words_of(nothing)


def test_files_are_sent_as_files(hall: Console, logged_in: dict[str, Browser]) -> None:
    got = send(hall, "/lists/20/export", logged_in["leader"], reason="核对")
    assert got.headers["content-disposition"] == 'attachment; filename="list-20.csv"'
    assert b"13800138006" in got.body
    got = send(hall, "/audit/export", logged_in["auditor"], reason="检查")
    assert got.headers["content-disposition"] == 'attachment; filename="audit.jsonl"'
    assert send(hall, "/audit/export", logged_in["auditor"], reason="").status == 422


def test_who_searches_the_audit_gets_to_all_of_it(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    """Also behind the first five hundred, by the same search."""
    auditor = logged_in["auditor"]
    entry = Actor("80099", "127.0.0.1").did("tickets.read", int(time.time()), reason="很多")
    with hall.store.transaction() as connection:
        SqlAudit(connection, hall.store.seal).append(*[entry] * 501)
    page = send(hall, "/audit", auditor, operator="80099")
    assert "共  501  条 · 本页 500" in words_of(page)
    (older,) = (form for form in Forms(page.body.decode()).every if form.get("before"))
    assert older["operator"] == "80099"
    rest = send(hall, "/audit", auditor, operator="80099", before=older["before"])
    assert "共  501  条 · 本页 1" in words_of(rest)


def test_who_may_see_a_list_in_full_gets_behind_its_first_page(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    leader = logged_in["leader"]
    numbers = [f"1390000{n:04}" for n in range(60)]
    assert send(hall, "/lists/types", leader, number="777", name="很长").status == 303
    put = send(hall, "/lists/777/entries", leader, numbers=" ".join(numbers), reason="很多")
    assert put.status == 303, words_of(put)
    page = send(hall, "/lists/777/reveal", leader, reason="核对")
    found = Forms(page.body.decode()).every
    (more,) = (form for form in found if form.get("after"))
    assert (numbers[0] in words_of(page), numbers[-1] in words_of(page)) == (True, False)
    assert more["reason"] == "核对"
    last = send(hall, "/lists/777/reveal", leader, reason="核对", after=more["after"])
    assert (numbers[0] in words_of(last), numbers[-1] in words_of(last)) == (False, True)


def test_a_notice_goes_from_hand_to_hand(hall: Console, logged_in: dict[str, Browser]) -> None:
    """Written by one, approved by another, paused, gone on with, stopped."""
    writer, leader = logged_in["marketing"], logged_in["leader"]
    made = send(
        hall, "/notices/new", writer, name="停机通知", kind="service", zh="今晚维护", control="0",
        brands="QQT, SZX",
    )  # fmt: skip
    assert made.status == 303, words_of(made)
    notice = made.headers["location"].partition("?")[0]
    assert "今晚维护" in words_of(ask(hall, "GET", notice, by=leader))
    assert "正在逐个用户计算" in words_of(ask(hall, "GET", f"{notice}/preview", by=leader))
    assert "涉及" in words_of(ask(hall, "GET", f"{notice}/preview/counted", by=leader))
    seen = Forms(ask(hall, "GET", notice, by=leader).body.decode()).found[f"{notice}/approve"]
    changed = send(hall, f"{notice}/change", writer, name="停机通知", kind="service", zh="明晚维护",
                   control="0")  # fmt: skip
    assert changed.status == 303
    unseen = send(hall, f"{notice}/approve", leader, seen=seen["seen"])
    assert (unseen.status, "在您看过之后被改动" in words_of(unseen)) == (409, True)
    seen = Forms(ask(hall, "GET", notice, by=leader).body.decode()).found[f"{notice}/approve"]
    own = send(hall, f"{notice}/approve", writer)
    assert own.status == 409
    assert "起草人不能批准自己的通知" in words_of(own)
    approved = send(hall, f"{notice}/approve", leader, seen=seen["seen"])
    assert approved.headers["location"].endswith("told=approved")
    page = ask(hall, "GET", notice, by=writer)
    assert_safe(page, notice)
    assert "效果" in words_of(page)
    assert send(hall, f"{notice}/stop", writer).headers["location"].endswith("told=stopped")
    assert "已经结束" in words_of(ask(hall, "GET", notice, by=writer))


def test_a_phone_is_there_only_with_a_network(hall: Console, leader: Browser) -> None:
    assert "/phone" not in Forms(ask(hall, "GET", "/", by=leader).body.decode()).links
    refused = send(hall, "/phone/number", leader, number="13800138001")
    assert refused.status == 404
    assert "没有连到模拟网络" in words_of(refused)
