"""`hallgate block`: numbers that may not use the hall. They are in a list whose class is `barred`
in conf/classes.yaml; all that is known of lists holds for them."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any, Final

from gateway.cli.acting import CommandLineAct, acting, add_actor
from gateway.cli.conf_in_force import settings_in_force
from gateway.cli.management.listing import Row, show_rows
from gateway.cli.management.lists_asked import customer_lists, end_asked
from gateway.cli.management.lists_told import ENTRY_COLUMNS, entry_row
from gateway.cli.verb import add_form, add_group, add_verb, msisdn
from gateway.config.known_classes import read_classes
from gateway.config.settings import Settings
from gateway.lists.refusals import ListRefusal
from gateway.model.customer_lists import ListEntry, ListType
from gateway.store.lists.entries import EntryQuery, SqlListEntries
from gateway.store.lists.types import SqlListTypes
from gateway.store.opening import prepared_store
from gateway.store.store import Store

_FIRST: Final = 40  # the number that the list gets, or the next that is free
_NAME: Final = "停止服务名单"


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "block", help, "step")
    put = add_verb(steps, "add", block, "a number is not served any more, from its next message on",
                   "hallgate block add 13800138007 --reason 骚扰 --until 2027-06-30")  # fmt: skip
    put.add_argument("--until", default="", metavar="DAY",
                     help="the last day, or a moment; without it: until it is removed")  # fmt: skip
    out = add_verb(steps, "remove", unblock, "it is served again; that it was blocked stays known",
                   "hallgate block remove 13800138007 --reason 已核实")  # fmt: skip
    for verb in (put, out):
        verb.add_argument("numbers", nargs="+", type=msisdn, metavar="MSISDN")
        add_actor(verb, "lists.change")
    listed = add_verb(steps, "list", show_all, "who is blocked, why, until when",
                      "hallgate block list --reason 'ticket 20261201001' --csv")  # fmt: skip
    listed.add_argument("--limit", type=int, default=100, metavar="N", help="at most (100)")
    one = add_verb(steps, "show", show_one, "whether a number is blocked, and ever was",
                   "hallgate block show 13800138007")  # fmt: skip
    one.add_argument("number", type=msisdn, metavar="MSISDN")
    for verb in (listed, one):
        add_form(verb)
        add_actor(verb, "lists.read")


def block(chosen: argparse.Namespace) -> int:
    settings, now = settings_in_force(chosen), int(time.time())
    zone = settings.service.zone
    until = end_asked(chosen.until, zone, now)
    with prepared_store(settings) as store, acting(chosen, store) as act:
        kind = _type(act, store, settings)
        kept = customer_lists(act, store, settings).add(
            kind.number, chosen.numbers, chosen.reason, until
        )
    for entry in kept:
        end = entry_row(entry, kind.name, zone, now, masked=True)["until"]
        print(f"{entry.number} is blocked until {end or 'it is removed'} (list {kind.number})")
    return 0


def unblock(chosen: argparse.Namespace) -> int:
    settings = settings_in_force(chosen)
    with prepared_store(settings) as store, acting(chosen, store) as act:
        lists, found = customer_lists(act, store, settings), _entries(act, settings, chosen.numbers)
        where = {
            number: entry for entry in found if (number := entry.number) and entry.runs(act.now)
        }
        for number in chosen.numbers:
            if number not in where:
                raise ListRefusal(f"{number} is not blocked")
            entry = where[number]
            lists.take_out(entry.type, [number], chosen.reason, entry.origin)
    for number in chosen.numbers:
        print(f"{number} is served again")
    return 0


def show_all(chosen: argparse.Namespace) -> int:
    return _show(chosen, (), masked=not chosen.reason)


def show_one(chosen: argparse.Namespace) -> int:
    return _show(chosen, (chosen.number,), masked=False)


def _show(chosen: argparse.Namespace, numbers: tuple[str, ...], *, masked: bool) -> int:
    """Each number that is shown in full is in the audit; masked ones are as a look at the list."""
    settings, now = settings_in_force(chosen), int(time.time())
    zone = settings.service.zone
    with prepared_store(settings) as store, acting(chosen, store) as act:
        names = {one.number: one.name for one in _barring(act, settings)}
        entries = _entries(act, settings, numbers, getattr(chosen, "limit", 100))
        if not numbers and not masked:
            act.must("subscribers.reveal")
        seen = numbers or (() if masked else tuple(sorted({one.number for one in entries})))
        act.note("lists.read", *seen, result=f"blocked: {len(entries)} entries")
    rows: list[Row] = [entry_row(one, names[one.type], zone, now, masked) for one in entries]
    show_rows(rows, chosen.form, ENTRY_COLUMNS)
    if masked and rows and not chosen.form:
        print("Numbers are masked; with --reason WORDS they are shown in full.", file=sys.stderr)
    return 0


def _entries(
    act: CommandLineAct, settings: Settings, numbers: tuple[str, ...] | list[str], limit: int = 100
) -> list[ListEntry]:
    """Of these numbers, also what is over; of all, what is in force."""
    types = [one.number for one in _barring(act, settings)]
    rows, past = SqlListEntries(act.connection), bool(numbers)
    return [
        entry
        for kind in types
        for number in numbers or ("",)
        for _, entry in rows.find(EntryQuery(kind, number, None, past), limit, act.now)
    ][:limit]


def _barring(act: CommandLineAct, settings: Settings) -> list[ListType]:
    """The lists whose classes are not served."""
    barred = {one.code for one in read_classes(settings.conf).known if one.barred}
    return [one for one in SqlListTypes(act.connection).all() if barred.intersection(one.classes)]


def _type(act: CommandLineAct, store: Store, settings: Settings) -> ListType:
    """The list that numbers are put into; made, if there is none. Raises ListRefusal."""
    if found := [one for one in _barring(act, settings) if not one.closed]:
        return found[0]
    codes = [one.code for one in read_classes(settings.conf).known if one.barred]
    if not codes:
        raise ListRefusal(
            "no class of conf/classes.yaml has barred: true, so nobody would be refused anything"
        )
    taken = {one.number for one in SqlListTypes(act.connection).all()}
    number = next(str(n) for n in range(_FIRST, 10**6) if str(n) not in taken)
    return customer_lists(act, store, settings).add_type(
        number, _NAME, "hallgate block", [codes[0]]
    )
