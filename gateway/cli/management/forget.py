"""`hallgate forget`: erase what the law lets erase of a number, and say what stays."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

import orjson

from gateway.cli.acting import acting, add_actor
from gateway.cli.verb import add_verb, msisdn, settings_of
from gateway.operators.forgetting import (
    FORGET,
    ReasonWanted,
    erase_recordings,
    forget_number,
    messages_to,
)
from gateway.store.forgetting.forgetting import ForgettingReport
from gateway.store.opening import prepared_store


def add(verbs: Any, help: str) -> None:
    example = "hallgate forget 13800138001 --reason 'request 20261129-17 of its owner'"
    verb = add_verb(verbs, "forget", forget, help, example)
    verb.add_argument("msisdn", type=msisdn, metavar="MSISDN", help="eleven digits")
    verb.add_argument("--json", action="store_true", help="as JSON")
    add_actor(verb, "subscribers.forget")


def forget(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    if not chosen.reason.strip():
        raise ReasonWanted("say why: --reason 'WORDS'")
    with prepared_store(settings) as store:
        sent = messages_to(store, chosen.msisdn)
        with acting(chosen, store) as act:
            report, told = forget_number(
                store, act.connection, chosen.msisdn, chosen.reason, act.now, sent
            )
            act.note(str(FORGET), chosen.msisdn, result=told)
    recordings = erase_recordings(settings.ivr.recordings, report)
    if chosen.json:
        print(orjson.dumps(dataclasses.asdict(report), option=orjson.OPT_INDENT_2).decode())
    else:
        _tell(report, recordings, redis=settings.sessions.url != "store")
    return 0


def _tell(report: ForgettingReport, recordings: int, *, redis: bool) -> None:
    for erased in report.erased:
        print(f"erased {erased.rows:>6}  {erased.what} ({erased.table})")
    if recordings:
        print(f"erased {recordings:>6}  recordings")
    if not report.erased:
        print("nothing was there to be erased")
    for kept in report.kept:
        print(f"stays  {kept.rows:>6}  {kept.what} ({kept.table}): {kept.why}")
    if redis:
        print("Redis forgets where it stood by itself, within the hour.")
    print("Backups of before still hold it: see how long they are kept.")
