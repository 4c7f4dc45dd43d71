"""`hallgate notices`: what the hall says to many who have not asked."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gateway.cli.acting import actor_of, add_act, add_actor, noting_refusals
from gateway.cli.conf_in_force import settings_in_force
from gateway.cli.management.listing import Row, show_rows
from gateway.cli.verb import add_form, add_group, add_verb, msisdn, settings_of
from gateway.model.notices.notice import Notice, NoticeDraft, NoticeKind, NoticeTarget
from gateway.notices.campaigns import Campaigns
from gateway.notices.forms import as_row, preview_rows, result_rows
from gateway.notices.numbers_file import numbers_in
from gateway.notices.refusals import NoticeRefusal
from gateway.notices.world import read_notice_world
from gateway.store.opening import prepared_store

COLUMNS = ("notice", "name", "kind", "state", "starts", "ends", "written_by", "approved_by")
READ, CHANGE, APPROVE = "notices.read", "notices.change", "notices.approve"
PIECE = 2_000  # numbers of a file that are kept together
_one = partial(add_act, number={"metavar": "NOTICE", "type": int})


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "notices", help, "step")
    listed = add_verb(steps, "list", show, "all of them, the newest first",
                      "hallgate notices list --json")  # fmt: skip
    add_form(listed)
    add_actor(listed, READ)
    made = add_verb(steps, "add", add_notice, "a new draft; prints its number",
                    "hallgate notices add 流量包 --zh 回复KTLL30 --brand QQT")  # fmt: skip
    made.add_argument("name", metavar="NAME", help="for those who work here")
    _content(made)
    changed = _one(steps, "change", change, "a draft; what is not named stays",
                   "hallgate notices change 3 --zh 新的文字 --operator 8001",
                   needs=CHANGE)  # fmt: skip
    changed.add_argument("--name", help="for those who work here")
    _content(changed)
    for name, run, help in (
        ("show", show_one, "one of them, whole"),
        ("preview", preview, "how many it concerns, who is left out, what it costs"),
        ("results", show_results, "who was reached, wrote and ordered, beside who was not told"),
    ):
        add_form(_one(steps, name, run, help, f"hallgate notices {name} 3", needs=READ))
    tried = _one(steps, "trial", trial, "to phones of colleagues, ten at most, at once",
                 "hallgate notices trial 3 13800138001 --operator 8001", needs=CHANGE)  # fmt: skip
    tried.add_argument("phones", metavar="PHONE", nargs="+", type=msisdn)
    approved = _one(steps, "approve", approve,
                    "somebody else than who wrote it answers for it: it goes",
                    "hallgate notices approve 3 --seen 0123456789abcdef --operator 8002",
                    needs=APPROVE)  # fmt: skip
    approved.add_argument("--seen", metavar="MARK", default="",
                          help="of what was read, as `show` tells: no other goes")  # fmt: skip
    for name, run, needs, help in (
        ("pause", _pause, CHANGE, "nobody more is told for now, within a second"),
        ("resume", _resume, CHANGE, "after a pause"),
        ("stop", _stop, CHANGE, "for good, within a second"),
    ):
        _one(steps, name, run, help, f"hallgate notices {name} 3 --operator 8002", needs=needs)
    add_actor(made, CHANGE)


def _content(verb: Any) -> None:
    kinds = [kind.value for kind in NoticeKind]
    verb.add_argument("--kind", choices=kinds, help="default: advertising")
    verb.add_argument("--zh", metavar="WORDS", help="what is said, without the signature")
    verb.add_argument("--en", metavar="WORDS", help="the same for who reads English")
    for option, what in (
        ("brand", "a brand's code"), ("plan", "a plan's code"), ("class", "as in classes.yaml"),
        ("region", "as in conf/regions.yaml"), ("service", "has it"), ("without", "has it not"),
    ):  # fmt: skip
        verb.add_argument(f"--{option}", dest=f"only_{option}", action="append", default=[],
                          metavar="WHICH", help=f"only: {what}; any of several")  # fmt: skip
    verb.add_argument("--used", metavar="ITEM:N", help="used so much this month: data_mb:1000")
    verb.add_argument("--list", dest="customer_list", metavar="N", help="a customer list")
    verb.add_argument(
        "--numbers", type=Path, metavar="FILE", help="numbers, the first of each line"
    )
    verb.add_argument("--control", type=int, metavar="PERCENT", help="who is not told, to compare")
    verb.add_argument("--orders", metavar="ACTION", help="the command that an order is")
    for option, what in (
        ("start", "not before; default: at once"),
        ("happens", "when works begin, or numbers change"),
        ("ends", "calls and screens say it until then"),
    ):
        verb.add_argument(f"--{option}", type=_moment, metavar="MOMENT",
                          help=f"{what} (2026-12-01T09:00)")  # fmt: skip


def _moment(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        what = f"'{written}' is no moment; write 2026-12-01T09:00"
        raise argparse.ArgumentTypeError(what) from None


# -- looking --------------------------------------------------------------------------------------


def show(chosen: argparse.Namespace) -> int:
    zone = _zone(chosen)
    with _looking(chosen) as campaigns:
        rows = [as_row(notice, zone) for notice in campaigns.all()]
    show_rows(rows, chosen.form, COLUMNS)
    return 0


def show_one(chosen: argparse.Namespace) -> int:
    with _looking(chosen) as campaigns:
        row = as_row(campaigns.find(chosen.number), _zone(chosen), whole=True)
        if given := campaigns.given(chosen.number, 0)[0]:
            row = {**row, "numbers given": given}
    _show_facts(row, chosen.form)
    return 0


def preview(chosen: argparse.Namespace) -> int:
    with _looking(chosen) as campaigns:
        seen = campaigns.preview(chosen.number)
    _show_facts(preview_rows(seen), chosen.form)
    return 0


def show_results(chosen: argparse.Namespace) -> int:
    with _looking(chosen) as campaigns:
        found = campaigns.results(chosen.number)
    _show_facts(result_rows(found), chosen.form)
    return 0


def _show_facts(row: Row, form: str) -> None:
    if form:
        show_rows([row], form, tuple(row))
    else:
        show_rows([{"fact": k, "value": v} for k, v in row.items()], "", ("fact", "value"))


# -- acting ---------------------------------------------------------------------------------------


def add_notice(chosen: argparse.Namespace) -> int:
    numbers = numbers_in(chosen.numbers) if chosen.numbers else []
    blank = NoticeDraft(chosen.name, NoticeKind.ADVERTISING, "")
    with _campaigns(chosen) as campaigns:
        draft = _draft(chosen, blank, _zone(chosen))
        made = campaigns.add(draft, numbers[:PIECE], chosen.reason)
    _rest_of(chosen, made.number, numbers)
    print(f"notice {made.number}: {made.state.value}")
    return 0


def change(chosen: argparse.Namespace) -> int:
    numbers = numbers_in(chosen.numbers) if chosen.numbers else []
    with _campaigns(chosen) as campaigns:
        before = campaigns.find(chosen.number).draft
        draft = _draft(chosen, before, _zone(chosen))
        made = campaigns.rewrite(chosen.number, draft, numbers[:PIECE], chosen.reason)
    _rest_of(chosen, made.number, numbers)
    print(f"notice {made.number}: {made.state.value}")
    return 0


def _rest_of(chosen: argparse.Namespace, notice: int, numbers: list[str]) -> None:
    """In transactions that messages need not wait for."""
    for place in range(PIECE, len(numbers), PIECE):
        with _campaigns(chosen) as campaigns:
            campaigns.more_numbers(notice, numbers[place : place + PIECE])


def trial(chosen: argparse.Namespace) -> int:
    with _campaigns(chosen) as campaigns:
        told = campaigns.trial(chosen.number, chosen.phones, chosen.reason)
    print(f"notice {chosen.number}: tried on {told} phones")
    return 0


def approve(chosen: argparse.Namespace) -> int:
    if not chosen.operator:
        raise NoticeRefusal("say who answers for it: --operator NUMBER")
    return _act(chosen, lambda campaigns: partial(campaigns.approve, seen=chosen.seen))


def _pause(chosen: argparse.Namespace) -> int:
    return _act(chosen, lambda campaigns: campaigns.pause)


def _resume(chosen: argparse.Namespace) -> int:
    return _act(chosen, lambda campaigns: campaigns.resume)


def _stop(chosen: argparse.Namespace) -> int:
    return _act(chosen, lambda campaigns: campaigns.stop)


def _act(
    chosen: argparse.Namespace,
    act: Callable[[Campaigns], Callable[[int, str], Notice]],
) -> int:
    with _campaigns(chosen) as campaigns:
        notice = act(campaigns)(chosen.number, chosen.reason)
    print(f"notice {notice.number}: {notice.state.value}")
    return 0


@contextmanager
def _campaigns(chosen: argparse.Namespace) -> Iterator[Campaigns]:
    """One transaction."""
    world = read_notice_world(settings_in_force(chosen))
    opened = prepared_store(settings_of(chosen))
    with opened as store, noting_refusals(store), store.transaction() as connection:
        actor = actor_of(chosen, connection, store)
        yield Campaigns(connection, store.seal, world, actor, int(time.time()))


@contextmanager
def _looking(chosen: argparse.Namespace) -> Iterator[Campaigns]:
    """Beside whoever writes."""
    world = read_notice_world(settings_in_force(chosen))
    opened = prepared_store(settings_of(chosen))
    with opened as store, noting_refusals(store), store.reading() as connection:
        actor = actor_of(chosen, connection, store)
        yield Campaigns(connection, store.seal, world, actor, int(time.time()))


def _zone(chosen: argparse.Namespace) -> ZoneInfo:
    return settings_of(chosen).service.zone


def _draft(chosen: argparse.Namespace, before: NoticeDraft, zone: ZoneInfo) -> NoticeDraft:
    """What is named takes the place of what was."""
    given = {name: getattr(chosen, name) for name in ("name", "zh", "en", "control", "orders")}
    draft = replace(before, **{name: value for name, value in given.items() if value is not None})
    if chosen.kind:
        draft = replace(draft, kind=NoticeKind(chosen.kind))
    return replace(
        draft,
        start_at=_seconds(chosen.start, zone, before.start_at),
        happens_at=_seconds(chosen.happens, zone, before.happens_at),
        ends_at=_seconds(chosen.ends, zone, before.ends_at),
        target=_target(chosen, before.target),
    )


def _target(chosen: argparse.Namespace, before: NoticeTarget) -> NoticeTarget:
    item, _, least = (chosen.used or "").partition(":")
    asked: dict[str, Any] = {
        "brands": tuple(chosen.only_brand),
        "plans": tuple(chosen.only_plan),
        "classes": tuple(chosen.only_class),
        "regions": tuple(chosen.only_region),
        "services": tuple(chosen.only_service),
        "without": tuple(chosen.only_without),
        "used": item,
        "at_least": int(least) if least.isdecimal() else 0,
        "list": chosen.customer_list or "",
    }
    return replace(before, **{name: value for name, value in asked.items() if value})


def _seconds(moment: datetime | None, zone: ZoneInfo, before: int) -> int:
    if moment is None:
        return before
    return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())
