"""Notices and campaigns: written by one, approved by another, paused, stopped; what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from gateway.api.problems import Problem
from gateway.api.refusal_texts import refused_in, told_in
from gateway.api.routes import notices
from gateway.api.routes.notices import (
    APPROVE,
    CHANGE,
    READ,
    NewNotice,
    NoticeAct,
    NoticeApproval,
    NoticeChange,
    TrialAsked,
    WholeNoticeTold,
)
from gateway.console.frame import language_of
from gateway.console.pages import Done, Form, Outcome, Pages, ShownPage, Visit, Words
from gateway.console.screens.lists import numbers_of
from gateway.model.notices.notice import NoticeKind
from gateway.model.operators.refusals import ActRefusal
from gateway.model.operators.rights import Right
from gateway.notices.wording import FACTS
from tariffs.bilingual_name import BilingualName, in_language

pages: Final = Pages()
_TITLE: Final = Words("通知", "Notices")
_TARGET: Final = ("brands", "plans", "classes", "regions", "services", "without")
_MOMENTS: Final = ("start", "happens", "ends")
_CONDITIONS: Final = {  # fields of a target, and what their codes are of
    "brands": (Words("品牌", "brand"), "brand"),
    "plans": (Words("套餐", "plan"), "plan"),
    "classes": (Words("客户类别", "class"), "class"),
    "regions": (Words("归属地", "region"), ""),
    "services": (Words("有业务", "has"), "service"),
    "without": (Words("没有业务", "has not"), "service"),
    "used": (Words("本月已用", "has used this month"), ""),
    "at_least": (Words("", ""), ""),
    "list": (Words("名单", "customer list"), ""),
    "numbers": (Words("只发给指定的号码", "only the numbers that were given"), ""),
}
_FACTS: Final = {
    "brand": Words("品牌名称", "the name of the brand"),
    "plan": Words("套餐名称", "the name of the plan"),
    "balance": Words("余额(元)", "the balance in yuan"),
    "points": Words("积分", "the points"),
    "region": Words("归属地", "the region"),
    "number": Words("手机号码", "the number"),
}


@pages.get("/notices", READ)
def notices_page(visit: Visit) -> Outcome:
    values = {"notices": notices.list_notices(visit.act).notices, "may_change": visit.may(CHANGE)}
    return ShownPage("notices.html", _TITLE, values)


@pages.get("/notices/new", CHANGE)
def new_notice_page(visit: Visit) -> Outcome:
    values: dict[str, Any] = {
        "one": None,
        "kinds": list(NoticeKind),
        "target": {},
        "action": "/notices/new",
        "code_table": _code_table(visit),
    }
    return ShownPage("notice_form.html", Words("新通知", "A new notice"), values)


@pages.post("/notices/new", CHANGE)
def add_notice(visit: Visit) -> Outcome:
    made = notices.add_notice(visit.act, _draft(visit, NewNotice))
    return Done(to=f"/notices/{made.number}", told="changed")


@pages.get("/notices/{number:notice}", READ)
def notice_page(visit: Visit) -> Outcome:
    number = int(visit.path("number"))
    one = notices.show_notice(visit.act, number)
    values: dict[str, Any] = {
        "one": one,
        "whom": list(_whom(visit, one)),
        "results": None if one.state == "draft" else notices.notice_results(visit.act, number),
        "may_change": visit.may(CHANGE),
        "may_approve": visit.may(APPROVE),
        "mine": one.written_by == visit.act.operator.number,
    }
    return ShownPage(
        "notice.html", Words(f"通知 {number} {one.name}", f"Notice {number} {one.name}"), values
    )


@pages.get("/notices/{number:notice}/preview", READ)
def preview_page(visit: Visit) -> Outcome:
    number = int(visit.path("number"))
    values: dict[str, Any] = {"one": notices.show_notice(visit.act, number)}
    return ShownPage("notice_preview.html", Words(f"预览 {number}", f"Preview {number}"), values)


@pages.get("/notices/{number:notice}/preview/counted", READ)
def counted_preview(visit: Visit) -> Outcome:
    """Put into that page when it is there: of a million subscribers it takes seconds."""
    number, language = int(visit.path("number")), language_of(visit.request)
    values: dict[str, Any] = {
        "seen": None, "why": "", "told_in": lambda what: told_in(language, what),
    }  # fmt: skip
    try:
        values["seen"] = notices.preview_notice(visit.act, number)
    except ActRefusal as refusal:
        values["why"] = refused_in(language, 409, str(refusal))
    return ShownPage("notice_counted.html", Words("预览", "Preview"), values)


@pages.get("/notices/{number:notice}/change", CHANGE)
def change_page(visit: Visit) -> Outcome:
    one = notices.show_notice(visit.act, int(visit.path("number")))
    values = {
        "one": one, "kinds": list(NoticeKind), "target": one.target,
        "action": f"/notices/{one.number}/change", "code_table": _code_table(visit),
    }  # fmt: skip
    return ShownPage(
        "notice_form.html", Words(f"改通知 {one.number}", f"Change notice {one.number}"), values
    )


@pages.post("/notices/{number:notice}/change", CHANGE)
def change_notice(visit: Visit) -> Outcome:
    form = _draft(visit, NoticeChange, seen=visit.field("seen"))
    changed = notices.change_notice(visit.act, int(visit.path("number")), form)
    return Done(to=f"/notices/{changed.number}", told="changed")


@pages.post("/notices/{number:notice}/trial", CHANGE)
def try_notice(visit: Visit) -> Outcome:
    form = visit.form(TrialAsked, "reason", phones=numbers_of(visit))
    notices.try_notice(visit.act, int(visit.path("number")), form)
    return Done(to=f"/notices/{visit.path('number')}", told="sent")


def _act(
    path: str, needs: Right, told: str, act: Callable[[Visit, int, NoticeAct], object]
) -> None:
    @pages.post(f"/notices/{{number:notice}}/{path}", needs)
    def acted(visit: Visit) -> Outcome:
        act(visit, int(visit.path("number")), visit.form(NoticeAct, "reason"))
        return Done(to=f"/notices/{visit.path('number')}", told=told)


@pages.post("/notices/{number:notice}/approve", APPROVE)
def approve_notice(visit: Visit) -> Outcome:
    """What stood on the page, and no other words."""
    form = visit.form(NoticeApproval, "reason", seen=visit.field("seen"))
    notices.approve_notice(visit.act, int(visit.path("number")), form)
    return Done(to=f"/notices/{visit.path('number')}", told="approved")


_act("pause", CHANGE, "paused", lambda v, n, f: notices.pause_notice(v.act, n, f))
_act("resume", CHANGE, "resumed", lambda v, n, f: notices.resume_notice(v.act, n, f))
_act("stop", CHANGE, "stopped", lambda v, n, f: notices.stop_notice(v.act, n, f))


def _whom(visit: Visit, one: WholeNoticeTold) -> Iterator[tuple[Words, list[str]]]:
    """Who is told, in the reader's language: each condition with what is asked for."""
    target: Mapping[str, Any] = one.target
    names, language = visit.act.context.conf.code_names(), language_of(visit.request)
    for what, values in target.items():
        words, kind = _CONDITIONS[what]
        if what == "used":
            yield words, [f"{values} ≥ {target.get('at_least', 0)}"]
        elif what == "numbers":
            rest = one.given - len(one.numbers)
            more = Words(f"另有{rest}个", f"{rest} more").said(language)
            yield words, [*one.numbers, *([more] if rest else [])]
        elif what != "at_least":
            named = names.get(kind, {})
            codes = [values] if isinstance(values, str) else values
            yield words, [in_language(named.get(code) or code, language) for code in codes]


def _code_table(visit: Visit) -> list[tuple[Words, list[tuple[str, str]]]]:
    """What may be written into the form, with its names: nobody knows codes by heart."""
    world, language = visit.act.context.conf.notices(), language_of(visit.request)
    there, prices = world.regions.by_prefix.values(), world.catalogue
    named: list[tuple[Words, Iterable[tuple[str, BilingualName]]]] = [
        (Words("品牌", "Brands"), ((code, one.name) for code, one in prices.brands.items())),
        (Words("类别", "Classes"), ((one.code, one.name) for one in world.classes.known)),
        (Words("归属地", "Regions"), ((str(one), one) for one in dict.fromkeys(there))),
        (Words("套餐", "Plans"), ((code, one.name) for code, one in prices.plans.items())),
        (Words("业务", "Services"), ((code, one.name) for code, one in prices.services.items())),
    ]
    codes = [
        (words, [(code, in_language(name, language)) for code, name in rows])
        for words, rows in named
    ]
    facts = [(f"{{{fact}}}", _FACTS[fact].said(language)) for fact in FACTS]
    return [(Words("内容里可用的资料", "Facts for the texts"), facts), *codes]


def _draft(visit: Visit, model: type[Form], **also: str) -> Form:
    """Raises ValidationError, Problem."""
    target: dict[str, Any] = {name: _codes(visit.field(name)) for name in _TARGET}
    target["customer_list"] = visit.field("customer_list")
    if visit.field("used"):  # not asked for by the form, and kept
        target |= {"used": visit.field("used"), "at_least": visit.field("at_least")}
    asked: dict[str, Any] = {"target": target, "numbers": numbers_of(visit), **also}
    for name in _MOMENTS:
        if visit.field(name):
            asked[name] = _there(visit, visit.field(name))
    return visit.form(model, "name", "kind", "zh", "en", "control", "orders", "reason", **asked)


def _codes(written: str) -> list[str]:
    for between in ",\uff0c、":
        written = written.replace(between, " ")
    return written.split()


def _there(visit: Visit, written: str) -> str:
    try:
        zone = visit.act.context.zone
        return datetime.fromisoformat(written).replace(tzinfo=zone).isoformat()
    except ValueError:
        raise Problem(422, "a moment is written like 2026-11-29T22:00") from None
