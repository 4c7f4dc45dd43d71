"""`hallgate consent`: what a number confirmed."""

from __future__ import annotations

import argparse
import time
from typing import Any

from gateway.cli.acting import acting, add_actor
from gateway.cli.verb import add_verb, msisdn, settings_of
from gateway.store.consents import consents, lines
from gateway.store.opening import prepared_store


def add(verbs: Any, help: str) -> None:
    example = "hallgate consent 13800138001 --config conf/gateway.yaml"
    verb = add_verb(verbs, "consent", consent, help, example)
    verb.add_argument("msisdn", type=msisdn, metavar="MSISDN", help="eleven digits")
    add_actor(verb, "subscribers.reveal")


def consent(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    with prepared_store(settings) as store, acting(chosen, store) as act:
        found = consents(act.connection, store.seal, chosen.msisdn)
        act.note("subscribers.reveal", chosen.msisdn, result=f"{len(found)} consents")
    for line in lines(found, int(time.time()), settings.service.zone):
        print(line)
    print(f"{len(found)} orders")
    return 0
