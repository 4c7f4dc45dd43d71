"""`hallgate tickets`: what subscribers wait for."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any
from zoneinfo import ZoneInfo

from commands.care.ticket_progress import KINDS
from gateway.cli.acting import acting, add_actor
from gateway.cli.verb import add_group, add_verb, settings_of
from gateway.store.open_tickets import open_tickets, ticket_lines
from gateway.store.opening import prepared_store


def add(verbs: Any, help: str) -> None:
    things = add_group(verbs, "tickets", help, "thing")
    listed = add_verb(things, "list", show, "those not done, the most urgent first",
                      "hallgate tickets list --kind callback")  # fmt: skip
    listed.add_argument("--kind", choices=KINDS, default="", help="only these")
    closed = add_verb(things, "done", close, "one is done: whoever opened it is told by SMS",
                      "hallgate tickets done 5970023000101 已退还当月功能费5元")  # fmt: skip
    closed.add_argument("number", metavar="NUMBER", help="the ticket's")
    closed.add_argument("result", metavar="RESULT", help="what the subscriber is told")
    for verb in (listed, closed):
        add_actor(verb)


def show(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    with prepared_store(settings) as store:
        found = open_tickets(store, chosen.kind)
        with acting(chosen, store) as act:
            act.note("tickets.read", *sorted({one.phone for one in found}))
    for line in ticket_lines(found, int(time.time()), ZoneInfo(settings.service.timezone)):
        print(line)
    print(f"{len(found)} tickets")
    return 0


def close(chosen: argparse.Namespace) -> int:
    from gateway.cli.push import push  # noqa: PLC0415  # it takes a whole hall to answer

    closed: list[bool] = []
    code = push(
        chosen,
        lambda pushed, by: closed.append(pushed.close_ticket(chosen.number, chosen.result, by)),
    )
    if closed == [False]:
        print(f"no open ticket has the number {chosen.number}", file=sys.stderr)
        return 1
    return code
