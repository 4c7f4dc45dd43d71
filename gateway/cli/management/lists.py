"""`hallgate lists`: types of lists, who is in them, and files that are taken in."""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from gateway.cli.acting import acting, add_act, add_actor
from gateway.cli.conf_in_force import settings_in_force
from gateway.cli.management import list_files
from gateway.cli.management.listing import Row, show_rows
from gateway.cli.management.lists_asked import customer_lists, end_asked
from gateway.cli.management.lists_told import ENTRY_COLUMNS, entry_row, type_rows
from gateway.cli.verb import add_form, add_group, add_verb, msisdn, settings_of
from gateway.config.settings import Settings
from gateway.lists.refusals import ListRefusal
from gateway.model.customer_lists import OWN, OWN_TOLD, ListType
from gateway.store.lists.entries import EntryQuery, SqlListEntries
from gateway.store.lists.types import SqlListTypes
from gateway.store.opening import prepared_store

_DIGITS_OF_A_NUMBER = 11
_one_type = partial(add_act, number={"metavar": "NUMBER", "help": "编号"}, needs="lists.change")


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "lists", help, "step")
    _types(steps)
    put = add_verb(steps, "add", put_in, "put numbers into a list, or change reason and end",
                   "hallgate lists add 30 13800138001 --reason x --until 2027-06-30")  # fmt: skip
    put.add_argument("--until", default="", metavar="DAY",
                     help="the last day, or a moment; without it: open")  # fmt: skip
    out = add_verb(steps, "close", take_out, "take numbers out of a list; they stay on record",
                   "hallgate lists close 30 13800138001 --reason 已还清")  # fmt: skip
    for verb in (put, out):
        verb.add_argument("type", metavar="TYPE", help="the type's number: hallgate lists types")
        verb.add_argument("numbers", nargs="+", type=msisdn, metavar="MSISDN")
        _origin(verb)
        add_actor(verb, "lists.change")
    shown = add_verb(steps, "show", show, "the lists of a number, or who is in a list",
                     "hallgate lists show 13800138007")  # fmt: skip
    shown.add_argument("what", metavar="MSISDN|TYPE", help="eleven digits, or a type's number")
    shown.add_argument("--past", action="store_true", help="also what is over")
    shown.add_argument("--limit", type=int, default=100, metavar="N", help="at most (100)")
    _origin(shown, "of a type's list only this origin's; own: the hall's")
    add_form(shown)
    add_actor(shown, "lists.read")
    list_files.add(steps)


def _types(steps: Any) -> None:
    types = add_verb(steps, "types", show_types, "the types; one more, changed, closed",
                     "hallgate lists types\n  hallgate lists types close 31")  # fmt: skip
    add_form(types)
    things = types.add_subparsers(title="steps", metavar="STEP", required=False)
    added = add_verb(things, "add", add_type, "one more type of lists",
                     "hallgate lists types add 31 联合黑名单 --class black")  # fmt: skip
    added.add_argument("number", metavar="NUMBER", help="编号: one to six digits")
    added.add_argument("name", metavar="NAME")
    changed = _one_type(things, "change", change_type, "another name, note, or other classes",
                        "hallgate lists types change 31 --name 银行黑名单")  # fmt: skip
    changed.add_argument("--name", metavar="NAME")
    changed.add_argument("--no-class", action="store_true", help="it names people, and no more")
    for verb in (added, changed):
        verb.add_argument("--note", metavar="WORDS", help="what it is for")
        verb.add_argument("--class", dest="classes", action="append", metavar="CLASS",
                          help="of conf/classes.yaml; several times for several")  # fmt: skip
    add_actor(added, "lists.change")
    _one_type(things, "close", close_type, "nobody is treated by it any more",
              "hallgate lists types close 31 --reason 合作终止")  # fmt: skip
    _one_type(things, "open", reopen_type, "a closed one is in force again",
              "hallgate lists types open 31")  # fmt: skip


def _origin(verb: Any, help: str = "whose list: a partner's name; without it the hall's") -> None:
    verb.add_argument("--origin", default="", metavar="NAME", help=help)


# -- types ---------------------------------------------------------------------------------------


def show_types(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    with prepared_store(settings) as store, store.reading() as connection:
        types = SqlListTypes(connection)
        rows = type_rows(types.all(), types.sizes(int(time.time())), _zone(settings))
    show_rows(rows, chosen.form, list(rows[0]) if rows else ())
    return 0


def add_type(chosen: argparse.Namespace) -> int:
    return _with_lists(
        chosen,
        lambda lists: lists.add_type(
            chosen.number, chosen.name, chosen.note or "", chosen.classes or (), chosen.reason
        ),
    )


def change_type(chosen: argparse.Namespace) -> int:
    classes = () if chosen.no_class else chosen.classes
    return _with_lists(
        chosen,
        lambda lists: lists.change_type(
            chosen.number, chosen.name, chosen.note, classes, chosen.reason
        ),
    )


def close_type(chosen: argparse.Namespace) -> int:
    return _with_lists(chosen, lambda lists: lists.close_type(chosen.number, chosen.reason))


def reopen_type(chosen: argparse.Namespace) -> int:
    return _with_lists(chosen, lambda lists: lists.reopen_type(chosen.number, chosen.reason))


def _with_lists(chosen: argparse.Namespace, act: Any) -> int:
    settings = settings_in_force(chosen)
    with prepared_store(settings) as store, acting(chosen, store) as by:
        done: ListType = act(customer_lists(by, store, settings))
    classes = " ".join(done.classes) or "no class"
    print(f"{done.number} {done.name}: {classes}, {'closed' if done.closed else 'open'}")
    return 0


# -- who is in them ------------------------------------------------------------------------------


def put_in(chosen: argparse.Namespace) -> int:
    settings = settings_in_force(chosen)
    now, zone = int(time.time()), _zone(settings)
    until = end_asked(chosen.until, zone, now)
    with prepared_store(settings) as store, acting(chosen, store) as by:
        lists = customer_lists(by, store, settings)
        kept = lists.add(chosen.type, chosen.numbers, chosen.reason, until, chosen.origin)
        kind = lists.type(chosen.type)
    for entry in kept:
        end = entry_row(entry, kind.name, zone, now, masked=True)["until"]
        print(f"{kind.number} {kind.name}: {entry.number} is in it, until {end or 'it is closed'}")
    return 0


def take_out(chosen: argparse.Namespace) -> int:
    settings = settings_in_force(chosen)
    with prepared_store(settings) as store, acting(chosen, store) as by:
        lists = customer_lists(by, store, settings)
        ended = lists.take_out(chosen.type, chosen.numbers, chosen.reason, chosen.origin)
        kind = lists.type(chosen.type)
    print(f"{kind.number} {kind.name}: {len(ended)} taken out")
    return 0


def show(chosen: argparse.Namespace) -> int:
    """Each number that is shown in full is in the audit; masked ones are as a look at the list."""
    settings = settings_of(chosen)
    whose = len(chosen.what) >= _DIGITS_OF_A_NUMBER
    number = msisdn(chosen.what) if whose else ""
    now, zone = int(time.time()), _zone(settings)
    with prepared_store(settings) as store, acting(chosen, store) as by:
        names = {one.number: one.name for one in SqlListTypes(by.connection).all()}
        if not whose and chosen.what not in names:
            raise ListRefusal(f"there is no type of lists {chosen.what}: see hallgate lists types")
        origin = OWN if chosen.origin == OWN_TOLD else chosen.origin or None
        wanted = EntryQuery("" if whose else chosen.what, number, origin, chosen.past)
        entries = [e for _, e in SqlListEntries(by.connection).find(wanted, chosen.limit, now)]
        masked = not whose and not chosen.reason
        result = f"{len(entries)} entries" if whose else f"type {chosen.what}: {len(entries)}"
        if not whose and not masked:
            by.must("subscribers.reveal")
        seen = [number] if whose else sorted({e.number for e in entries}) if not masked else []
        by.note("lists.read", *seen, result=result)
    rows: list[Row] = [entry_row(e, names.get(e.type, ""), zone, now, masked) for e in entries]
    show_rows(rows, chosen.form, ENTRY_COLUMNS)
    if masked and rows and not chosen.form:
        print("Numbers are masked; with --reason WORDS they are shown in full.", file=sys.stderr)
    return 0


def _zone(settings: Settings) -> ZoneInfo:
    return settings.service.zone
