"""What is round every page: who is logged in, where they can go, in which language; and the
headers that go with HTML of ours."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from gateway.api.act import Act
from gateway.api.context import ConsoleContext, context_of
from gateway.api.guard import COOKIE, csrf_token
from gateway.console import words
from gateway.console.assets import address_of_asset
from gateway.console.difference_texts import difference_told, walk_told
from gateway.console.notices_shown import TOLD
from gateway.console.pages import LANGUAGES, ShownPage, Words
from gateway.console.times import Times
from gateway.console.told_texts import text_told
from gateway.console.watching.reason_texts import reason_told
from gateway.model.operators.rights import Right, may
from tariffs.bilingual_name import in_language

LANGUAGE_COOKIE: Final = "hallgate_language"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    # with `no-referrer` browsers say `Origin: null` of our own forms
    "Referrer-Policy": "same-origin",
}


class NavPlace(NamedTuple):
    """A line of the navigation; `right` None: for whoever is logged in."""

    path: str
    name: Words
    right: Right | None


PHONE: Final = "/phone"
PLACES: Final = (
    NavPlace("/", Words("总览", "Overview"), None),
    NavPlace("/subscribers", Words("用户", "Subscribers"), Right("read", "subscribers")),
    NavPlace("/tickets", Words("工单", "Tickets"), Right("read", "tickets")),
    NavPlace("/links", Words("链路与通话", "Links and calls"), Right("read", "links")),
    NavPlace("/figures", Words("报表", "Figures"), Right("read", "figures")),
    NavPlace("/notices", Words("通知", "Notices"), Right("read", "notices")),
    NavPlace("/reminders", Words("提醒", "Reminders"), Right("read", "reminders")),
    NavPlace("/lists", Words("名单", "Lists"), Right("read", "lists")),
    NavPlace("/conf", Words("配置", "Configuration"), Right("read", "editions")),
    NavPlace(PHONE, Words("试机", "The phone"), Right("change", "subscribers")),
    NavPlace("/operators", Words("人员", "Operators"), Right("read", "operators")),
    NavPlace("/audit", Words("审计", "Audit"), Right("read", "audit")),
    NavPlace("/audit/verify", Words("审计核验", "Audit verified"), Right("verify", "audit")),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Round a page. Without an operator: nobody is logged in."""

    language: str
    path: str
    here: str  # the place in the navigation
    operator: str = ""
    name: str = ""
    role: str = ""
    csrf: str = ""
    places: tuple[NavPlace, ...] = ()
    password_initial: bool = False

    @property
    def other_language(self) -> str:
        return LANGUAGES[1 - LANGUAGES.index(self.language)]


def language_of(request: Request) -> str:
    """Chinese, unless somebody has chosen the other one."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def is_partial(request: Request) -> bool:
    """A script of the page asks, and puts the answer into it."""
    return request.headers.get("hx-request") == "true"


def shown(request: Request, act: Act | None, page: ShownPage) -> HTMLResponse:
    framed = _framed(request, act)
    told = TOLD.get(request.query_params.get("told", ""))
    values = {**_common(request, framed), **page.values}
    values |= {"title": page.title.said(framed.language), "flash": told}
    return html(_templates().get_template(page.template).render(values), page.status)


def fragment(
    request: Request, template: str, values: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    return html(part(request, None, template, values), status)


def part(request: Request, act: Act | None, template: str, values: Mapping[str, Any]) -> str:
    """A piece of a page, in the visitor's language."""
    common = _common(request, _framed(request, act))
    return _templates().get_template(template).render({**common, **values})


def html(text: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(text, status, headers=HEADERS)


def _framed(request: Request, act: Act | None) -> Frame:
    language = language_of(request)
    path = request.url.path if request.method == "GET" else "/"
    if act is None or act.who is None:
        return Frame(language, path, "")
    roles, operator = act.context.conf.roles(), act.operator
    without = {PHONE} if act.context.settings.console.phone == "off" else set()
    places = tuple(
        place
        for place in PLACES
        if place.path not in without and (not place.right or may(roles, operator.role, place.right))
    )
    role = roles.get(operator.role)
    name = operator.role if role is None else (role.name.en if language == "en" else str(role.name))
    token = "" if request.cookies.get(COOKIE) != act.who.id else csrf_token(act.context, act.who.id)
    return Frame(
        language, path, _here(request.url.path), operator.number, operator.name, name, token,
        places, operator.password_initial,
    )  # fmt: skip


def _here(path: str) -> str:
    """The place that a page belongs to; of several, the nearest."""
    over = (place.path for place in PLACES if f"{path}/".startswith(f"{place.path}/"))
    return max(over, key=len, default="/" if path == "/" else "")


def _common(request: Request, framed: Frame) -> dict[str, Any]:
    context: ConsoleContext = context_of(request)
    language = framed.language

    def say(zh: str, en: str) -> str:
        return en if language == "en" else zh

    def named(kind: str, code: object) -> str:
        return words.named(kind, str(code), language)

    def sized(size: str) -> str:
        return words.sized(size, language)

    def called(kind: str, code: str) -> str:
        found = context.conf.code_names().get(kind, {}).get(code)
        return in_language(found, language) if found else words.named("result", code, language)

    def link(path: str, **query: object) -> str:
        return f"{path}?{urlencode({name: str(v) for name, v in query.items() if v})}"

    return {
        "frame": framed,
        "say": say,
        "named": named,
        "called": called,
        "sized": sized,
        "deed_named": lambda action: words.deed_named(action, language),
        "reason_told": lambda reason: reason_told(reason, language),
        "text_told": lambda text: text_told(text, language),
        "difference_told": lambda text: difference_told(text, language),
        "walk_told": lambda text: walk_told(text, language),
        "link": link,
        "times": Times(context.zone, context.clock(), language),
        "asset": address_of_asset,
        "new_key": lambda: secrets.token_urlsafe(18),
        "here_with": lambda **query: _with(request, query),
    }


def compile_templates() -> None:
    """So that nobody's page waits for it."""
    for name in _templates().list_templates():
        _templates().get_template(name)


def _with(request: Request, query: Mapping[str, object]) -> str:
    """This page with other values in its address."""
    kept = {**dict(request.query_params), **query}
    kept.pop("told", None)
    text = urlencode({name: str(value) for name, value in kept.items() if value not in ("", None)})
    return f"{request.url.path}?{text}" if text else request.url.path


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("gateway.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[],
    )
    made.filters["number"] = lambda value: f"{value:,}"
    made.filters["yuan"] = lambda fen: f"{fen / 100:,.2f}"
    made.filters["lines"] = _lines
    return made


def _lines(text: str) -> Markup:
    """A text of several lines, each escaped."""
    return Markup("<br>").join(text.splitlines())
