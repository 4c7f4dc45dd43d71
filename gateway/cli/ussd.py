"""`hallgate ussd`: a screen on a phone that has not dialled."""

from __future__ import annotations

import argparse
from typing import Any

from gateway.cli.acting import add_actor
from gateway.cli.verb import add_group, add_verb, msisdn


def add(verbs: Any, help: str) -> None:
    kinds = add_group(verbs, "ussd", help, "kind")
    asked = add_verb(kinds, "ask", ask, "open the menu on a phone, and take its keys",
                     "hallgate ussd ask 13800138001 --config conf/gateway.yaml")  # fmt: skip
    told = add_verb(kinds, "notify", notify, "show a text; by SMS if it cannot be shown",
                    "hallgate ussd notify 13800138001 夜间系统维护,请谅解。")  # fmt: skip
    for verb in (asked, told):
        verb.add_argument("msisdn", type=msisdn, metavar="MSISDN", help="eleven digits")
        add_actor(verb, "subscribers.change")
    told.add_argument("text", help="what the screen says")


def ask(chosen: argparse.Namespace) -> int:
    from gateway.cli.push import push  # noqa: PLC0415  # help needs neither store nor conf/

    return push(chosen, lambda pushed, by: pushed.ask(chosen.msisdn, by))


def notify(chosen: argparse.Namespace) -> int:
    from gateway.cli.push import push  # noqa: PLC0415

    return push(chosen, lambda pushed, by: pushed.notify(chosen.msisdn, chosen.text, by))
