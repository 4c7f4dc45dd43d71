"""A notice changed on its page: whom it is for stays as it was, unless somebody changes that."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from gateway.console.screens.notices import _CONDITIONS
from gateway.model.notices.notice import NoticeTarget
from tests.gateway.api.console import Browser, Console
from tests.gateway.console.visitors import Forms, ask, send, words_of

NOTICES = "/api/v1/notices"
TARGET: dict[str, Any] = {
    "brands": ["QQT"], "plans": ["QQT88"], "classes": ["vip"], "regions": ["北京"],
    "services": ["LL10"], "without": ["LL30"], "used": "data_mb", "at_least": 500,
    "customer_list": "30",
}  # fmt: skip


def test_a_draft_that_is_saved_as_it_is_goes_to_the_same_people(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    """One word put right, and everybody would be told instead of a customer list."""
    writer = logged_in["marketing"]
    asked = {"name": "名单通知", "kind": "service", "zh": "请注意", "target": TARGET}
    made = hall.ask("POST", NOTICES, asked, writer)
    assert made.status == 201, made
    at = f"/notices/{made.json['number']}"
    page = ask(hall, "GET", f"{at}/change", by=writer)
    form = Forms(page.body.decode()).found[f"{at}/change"]
    typed = {name: value for name, value in form.items() if name not in ("", "csrf", "key")}
    sent = send(hall, f"{at}/change", writer, **typed | {"kind": "service", "zh": "请您注意"})
    assert sent.status == 303, words_of(sent)
    after = hall.ask("GET", f"{NOTICES}/{made.json['number']}", by=writer).json
    assert (after["zh"], after["target"]) == ("请您注意", made.json["target"])
    assert len(after["target"]) == len(TARGET)


def test_two_who_change_one_draft_do_not_overwrite_each_other(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    """Both have its page open; who saves last is told, and what he typed stays in his form."""
    writer = logged_in["marketing"]
    asked = {"name": "两人", "kind": "service", "zh": "原文"}
    at = f"/notices/{hall.ask('POST', NOTICES, asked, writer).json['number']}"
    form = Forms(ask(hall, "GET", f"{at}/change", by=writer).body.decode()).found[f"{at}/change"]
    typed = {name: value for name, value in form.items() if name not in ("", "csrf", "key")}
    assert typed["seen"]
    assert send(hall, f"{at}/change", writer, **typed | {"zh": "改一"}).status == 303
    refused = send(hall, f"{at}/change", writer, **typed | {"zh": "改二"})
    assert "在您看过之后被改动" in words_of(refused)
    assert "改一" in words_of(ask(hall, "GET", at, by=writer))


def test_who_is_told_is_told_in_names(hall: Console, logged_in: dict[str, Browser]) -> None:
    writer = logged_in["marketing"]
    asked = {"name": "名称", "kind": "service", "zh": "请注意", "target": TARGET}
    number = hall.ask("POST", NOTICES, asked, writer).json["number"]
    told = " ".join(words_of(ask(hall, "GET", f"/notices/{number}", by=writer)).split())
    assert "品牌 全球通;套餐 " in told
    assert "客户类别 大客户;" in told or "客户类别 VIP;" in told
    assert "本月已用 data_mb ≥ 500;名单 30" in told


def test_who_approves_sees_to_which_numbers(hall: Console, logged_in: dict[str, Browser]) -> None:
    """Masked, and how many were written: also those that are nobody's."""
    written = ["13800138001", "13800138002", "13999999999"]
    asked = {"name": "三个", "kind": "service", "zh": "请注意", "numbers": written}
    number = hall.ask("POST", NOTICES, asked, logged_in["marketing"]).json["number"]
    told = hall.ask("GET", f"{NOTICES}/{number}", by=logged_in["leader"]).json
    assert (told["given"], told["numbers"][2]) == (3, "139****9999")
    words = words_of(ask(hall, "GET", f"/notices/{number}", by=logged_in["leader"]))
    assert "只发给指定的号码 138****8001、138****8002、139****9999" in " ".join(words.split())


def test_each_condition_has_its_name() -> None:
    assert set(_CONDITIONS) == {one.name for one in fields(NoticeTarget)}


def test_codes_and_facts_stand_beside_the_form(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    told = " ".join(words_of(ask(hall, "GET", "/notices/new", by=logged_in["marketing"])).split())
    assert "{balance} 余额(元)" in told
    assert "QQT 全球通" in told
    assert "LL30" in told
