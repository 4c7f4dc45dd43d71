"""`hallgate interfaces`: halls, agents, banks, partners: who they are, their keys, the brake."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from commands.model.interfaces import DOOR_KINDS
from gateway.cli.acting import acting, add_act, add_actor
from gateway.cli.conf_in_force import settings_in_force
from gateway.cli.management.listing import Row, show_rows
from gateway.cli.verb import add_form, add_group, add_verb, settings_of
from gateway.config.settings import Settings
from gateway.model.doors import DoorInterface
from gateway.operators.hall_names import read_hall_names
from gateway.operators.interfaces import InterfaceRegister, new_key
from gateway.store.opening import prepared_store

COLUMNS = (
    "number", "kind", "name", "state", "region", "hours", "operations", "operators", "group",
    "certificate", "per_minute", "keys", "became", "since",
)  # fmt: skip
LISTS = ("operations", "operators")
_one = partial(add_act, number={"metavar": "NUMBER", "help": "接口编号"}, needs="interfaces.change")


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "interfaces", help, "step")
    listed = add_verb(steps, "list", show, "all of them, with kind, state and keys",
                      "hallgate interfaces list --json")  # fmt: skip
    add_form(listed)
    added = add_verb(steps, "add", add_interface, "a new one; give it a key after that",
                     "hallgate interfaces add 61 Dongdan --kind hall --operators 8001")  # fmt: skip
    added.add_argument("number", metavar="NUMBER", help="接口编号: 2 to 8 digits")
    added.add_argument("name", metavar="NAME")
    added.add_argument("--kind", required=True, choices=DOOR_KINDS, help=", ".join(DOOR_KINDS))
    changed = _one(steps, "change", change, "what is given takes the place of what was",
                   "hallgate interfaces change 61 --hours 8:00-18:00")  # fmt: skip
    changed.add_argument("--name", metavar="NAME")
    for verb in (added, changed):
        _facts(verb)
    add_actor(added, "interfaces.change")
    _one(steps, "stop", _act(lambda kept, it: kept.stop(it.number, it.reason)),
         "the brake: from this moment nothing is taken from it",
         "hallgate interfaces stop 61 --reason 'guesses passwords'",
         needs="interfaces.stop")  # fmt: skip
    _one(steps, "open", _act(lambda kept, it: kept.open(it.number, it.reason)),
         "the brake is off", "hallgate interfaces open 61")  # fmt: skip
    _one(steps, "close", _act(lambda kept, it: kept.close(it.number, it.reason)),
         "for good; its keys end", "hallgate interfaces close 61")  # fmt: skip
    moved = _one(steps, "renumber", _act(_renumber), "another number, with the same keys",
                 "hallgate interfaces renumber 61 6101")  # fmt: skip
    moved.add_argument("new", metavar="NEW", help="2 to 8 digits that nobody had before")
    keyed = _one(steps, "key", add_key, "a new key beside the one that it has; printed once",
                 "hallgate interfaces key 61")  # fmt: skip
    keyed.add_argument("--json", action="store_true", help="as JSON")
    ended = _one(steps, "end-key", _act(_end_key), "a key opens nothing any more",
                 "hallgate interfaces end-key 61 0a1b2c3d4e5f")  # fmt: skip
    ended.add_argument("key", metavar="KEY", help="what stands before the point of the key")


def _facts(verb: Any) -> None:
    verb.add_argument("--name-en", metavar="NAME", help="its name in English")
    verb.add_argument("--region", metavar="WORDS", help="where it stands")
    verb.add_argument("--hours", metavar="HOURS", help="8:00-18:00; '' is always")
    verb.add_argument("--operations", metavar="A,B",
                      help="rows of rights: in commands.yaml; '' is all of its kind")  # fmt: skip
    verb.add_argument("--operators", metavar="A,B", help="工号 of who acts there; '' is nobody")
    verb.add_argument("--group", metavar="NAME", help="the group customer whose platform it is")
    verb.add_argument("--certificate", metavar="SHA256", help="of its client certificate, in hex")
    verb.add_argument("--per-minute", type=int, metavar="N", help="requests (120)")


def show(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    zone = settings.service.zone
    with _register(chosen, settings) as register:
        rows = [_row(register, each, zone) for each in register.all()]
    show_rows(rows, chosen.form, COLUMNS)
    return 0


def add_interface(chosen: argparse.Namespace) -> int:
    made = replace(DoorInterface(chosen.number, chosen.kind, chosen.name), **_given(chosen))
    with _register(chosen, settings_of(chosen)) as register:
        added = register.add(made, chosen.reason)
    _tell(added)
    print(f"It opens nothing yet: hallgate interfaces key {added.number}")
    return 0


def change(chosen: argparse.Namespace) -> int:
    with _register(chosen, settings_of(chosen)) as register:
        changed = register.change(chosen.number, chosen.reason, **_given(chosen))
    _tell(changed)
    return 0


def add_key(chosen: argparse.Namespace) -> int:
    made = new_key()
    with _register(chosen, settings_of(chosen)) as register:
        register.add_key(chosen.number, made, chosen.reason)
    if chosen.json:
        print(orjson.dumps({"interface": chosen.number, "id": made.id, "key": made.told}).decode())
        return 0
    print(f"X-Interface-Key: {made.told}")
    print("It is not shown again.")
    return 0


def _act(
    act: Callable[[InterfaceRegister, argparse.Namespace], DoorInterface],
) -> Callable[[argparse.Namespace], int]:
    def run(chosen: argparse.Namespace) -> int:
        with _register(chosen, settings_of(chosen)) as register:
            changed = act(register, chosen)
        _tell(changed)
        return 0

    return run


def _renumber(register: InterfaceRegister, chosen: argparse.Namespace) -> DoorInterface:
    return register.renumber(chosen.number, chosen.new, chosen.reason)


def _end_key(register: InterfaceRegister, chosen: argparse.Namespace) -> DoorInterface:
    register.end_key(chosen.number, chosen.key, chosen.reason)
    return register.find(chosen.number)


@contextmanager
def _register(chosen: argparse.Namespace, settings: Settings) -> Iterator[InterfaceRegister]:
    names = read_hall_names(settings_in_force(chosen).conf)
    with prepared_store(settings) as store, acting(chosen, store) as act:
        yield InterfaceRegister(act.connection, store.seal, names, act.actor, act.now)


def _given(chosen: argparse.Namespace) -> dict[str, Any]:
    names = ("name", "name_en", "region", "hours", "group", "certificate", "per_minute", *LISTS)
    given = {name: getattr(chosen, name) for name in names}
    given = {name: value for name, value in given.items() if value is not None}
    for name in LISTS:
        if name in given:
            given[name] = frozenset(filter(None, map(str.strip, given[name].split(","))))
    return given


def _tell(changed: DoorInterface) -> None:
    became = f", now {changed.became}" if changed.became else ""
    print(f"{changed.number} {changed.name}: {changed.kind}, {changed.state.value}{became}")


def _row(register: InterfaceRegister, each: DoorInterface, zone: ZoneInfo) -> Row:
    keys = [key.id for key in register.keys(each.number) if not key.ended_at]
    return {
        "number": each.number,
        "kind": each.kind,
        "name": each.name,
        "state": each.state.value,
        "region": each.region,
        "hours": each.hours or "always",
        "operations": sorted(each.operations) or ["all"],
        "operators": sorted(each.operators),
        "group": each.group,
        "certificate": each.certificate,
        "per_minute": each.per_minute,
        "keys": keys,
        "became": each.became,
        "since": f"{datetime.fromtimestamp(each.created_at, zone):%Y-%m-%d}",
    }
