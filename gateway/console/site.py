"""All pages of the console, put into the application of the API."""

from __future__ import annotations

from threading import Thread
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from gateway.api.context import ConsoleContext
from gateway.api.problems import Problem
from gateway.console import serving
from gateway.console.assets import send_asset
from gateway.console.frame import compile_templates
from gateway.console.live import Live, Region
from gateway.console.pages import GuardedPage, Pages
from gateway.console.phone_line import HeldPhones
from gateway.console.screens import (
    audit,
    conf,
    draft_phone,
    draft_views,
    drafts,
    figures,
    links,
    lists,
    login,
    notices,
    operators,
    overview,
    phone,
    reminders,
    subscribers,
    tickets,
    why,
)
from gateway.console.trial_phones import TrialPhones
from gateway.console.watching.gateway_pages import GatewayPages, addresses
from gateway.console.watching.hall_watch import HallWatch
from gateway.console.watching.lookers import Lookers
from gateway.tts.browser_sounds import BrowserSounds
from gateway.tts.synthesis import find_voice


class _Part(Convertor[str]):
    """What may stand in an address at that place."""

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


def _part(name: str, pattern: str) -> None:
    kind = type(f"{name}_part", (_Part,), {"regex": pattern})
    register_url_convertor(name, kind())


_part("lookup", "[A-Za-z0-9_-]{22}")
_part("ticket", "[0-9]{4,20}")
_part("operator", "[A-Za-z0-9][A-Za-z0-9._-]{1,31}")
_part("alarm", "[a-z]{1,20}")
_part("list", "[0-9]{1,6}")
_part("notice", "[1-9][0-9]{0,14}")
_part("file", "[1-9][0-9]{0,14}")
_part("message", "[0-9]{1,18}")
_part("version", "[0-9a-f]{12}")

SCREENS: Final[tuple[Pages, ...]] = (
    login.pages,
    overview.pages,
    subscribers.pages,
    why.pages,
    tickets.pages,
    links.pages,
    figures.pages,
    notices.pages,
    reminders.pages,
    lists.pages,
    conf.pages,
    drafts.pages,
    draft_views.pages,
    draft_phone.pages,
    operators.pages,
    audit.pages,
    phone.pages,
)
REGIONS: Final[dict[str, Region]] = {
    "strip": overview.STRIP,
    "ticket": tickets.LOOKING,
    "tickets": tickets.TABS,
    "draft": drafts.LOOKING,
    "links": links.LINKS,
    "phone": phone.PHONE,
}


def all_pages() -> list[GuardedPage]:
    return [page for screen in SCREENS for page in screen.all]


def add_pages(app: FastAPI, context: ConsoleContext) -> None:
    """Behind the routes of the API, which keep their paths."""
    watched = GatewayPages(addresses(context.settings), context.clock)
    app.state.hall_watch = HallWatch(context.store, watched, context.clock)
    app.state.lookers = Lookers(context.store)
    app.state.phones = HeldPhones(context.settings.console.phone, context.clock)
    app.state.trial_phones = TrialPhones()
    app.state.sounds = BrowserSounds(context.settings.ivr.sounds, find_voice())
    Thread(target=compile_templates, name="templates", daemon=True).start()
    live = Live(REGIONS)
    app.router.routes.extend(
        Route(page.path, serving.endpoint(page), methods=[page.method]) for page in all_pages()
    )
    app.router.routes.append(Route("/live", live.stream, methods=["GET"]))
    app.router.routes.append(Route("/static/{mark}/{name}", send_asset, methods=["GET"]))
    app.router.routes.append(_NoSuchPage("/{path:path}", _no_such_page, methods=["GET"]))


class _NoSuchPage(Route):
    """For people who look; programs are answered by the API."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        accept = dict(scope.get("headers", ())).get(b"accept", b"")
        path = str(scope.get("path", ""))
        if path.startswith(("/api/", "/x/")) or b"text/html" not in accept:
            return Match.NONE, {}
        return super().matches(scope)


async def _no_such_page(request: Request) -> Response:
    act = await run_in_threadpool(serving.visitor, request)
    return serving.refused(request, act, Problem(404, "there is no such page"))
