"""`hallgate operators`: the people who work here."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from gateway.cli.acting import acting, add_act, add_actor
from gateway.cli.conf_in_force import settings_in_force
from gateway.cli.management.listing import Row, show_rows
from gateway.cli.verb import add_form, add_group, add_verb, settings_of
from gateway.config.roles import read_roles
from gateway.config.settings import Settings
from gateway.model.operators.operators import Operator
from gateway.operators.roster import NewSecrets, Roster, new_secrets
from gateway.security import totp
from gateway.store.opening import prepared_store

COLUMNS = ("number", "name", "role", "organisation", "state", "password", "since")
_one = partial(add_act, number={"metavar": "NUMBER", "help": "工号"}, needs="operators.change")


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "operators", help, "step")
    listed = add_verb(steps, "list", show, "everybody, with role and state",
                      "hallgate operators list --json")  # fmt: skip
    add_form(listed)
    roles = add_verb(steps, "roles", show_roles, "the roles of conf/roles.yaml and their rights",
                     "hallgate operators roles")  # fmt: skip
    add_form(roles)
    added = add_verb(steps, "add", add_operator, "a new one; prints a password and a TOTP secret",
                     "hallgate operators add 8001 王芳 --role leader")  # fmt: skip
    added.add_argument("number", metavar="NUMBER", help="工号")
    added.add_argument("name", metavar="NAME")
    added.add_argument("--role", required=True, help="one of `hallgate operators roles`")
    added.add_argument("--organisation", default="", metavar="WORDS", help="hall, agent, team")
    _one(steps, "lock", lock, "no longer logs in, and whoever is logged in is out",
         "hallgate operators lock 8001 --reason 'left on Friday'")  # fmt: skip
    _one(steps, "unlock", unlock, "may log in again", "hallgate operators unlock 8001")
    _one(steps, "logout", log_out, "whoever is logged in is out, and may log in again",
         "hallgate operators logout 8001 --reason 'left a machine open'")  # fmt: skip
    promoted = _one(steps, "role", give_role, "another role, from the next click",
                    "hallgate operators role 8001 auditor")  # fmt: skip
    promoted.add_argument("role", help="one of `hallgate operators roles`")
    renewed = _one(steps, "reset", reset, "a new password, a new TOTP secret, or both",
                   "hallgate operators reset 8001 --totp")  # fmt: skip
    renewed.add_argument("--password", action="store_true", help="only the password")
    renewed.add_argument("--totp", action="store_true", help="only the TOTP secret")
    for verb in (added, renewed):
        verb.add_argument("--json", action="store_true", help="as JSON")
    add_actor(added, "operators.change")
    code = add_verb(steps, "code", show_code, "the six digits of a TOTP secret at this moment",
                    "hallgate operators code JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")  # fmt: skip
    code.add_argument("secret", help="in base32, as it was shown once")


def show(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    with _roster(chosen, settings) as roster:
        everybody = roster.all()
    zone = settings.service.zone
    show_rows([_row(operator, zone) for operator in everybody], chosen.form, COLUMNS)
    return 0


def show_roles(chosen: argparse.Namespace) -> int:
    roles = read_roles(settings_in_force(chosen).conf)
    rows: list[Row] = [
        {"role": code, "name": str(role.name), "rights": sorted(map(str, role.rights))}
        for code, role in roles.items()
    ]
    show_rows(rows, chosen.form, ("role", "name", "rights"))
    return 0


def add_operator(chosen: argparse.Namespace) -> int:
    made = new_secrets()
    with _roster(chosen, settings_of(chosen)) as roster:
        operator = roster.add(
            chosen.number, chosen.name, chosen.role, chosen.organisation, made.kept, chosen.reason
        )
    _tell_secrets(chosen, operator, made, password=True, totp_secret=True)
    return 0


def lock(chosen: argparse.Namespace) -> int:
    return _act(chosen, lambda roster: roster.lock(chosen.number, chosen.reason))


def unlock(chosen: argparse.Namespace) -> int:
    return _act(chosen, lambda roster: roster.unlock(chosen.number, chosen.reason))


def log_out(chosen: argparse.Namespace) -> int:
    return _act(chosen, lambda roster: roster.log_out(chosen.number, chosen.reason))


def give_role(chosen: argparse.Namespace) -> int:
    return _act(chosen, lambda roster: roster.give_role(chosen.number, chosen.role, chosen.reason))


def reset(chosen: argparse.Namespace) -> int:
    both = chosen.password == chosen.totp
    password, code = both or chosen.password, both or chosen.totp
    made = new_secrets()
    with _roster(chosen, settings_of(chosen)) as roster:
        operator = roster.reset(
            chosen.number,
            password_hash=made.kept.password_hash if password else "",
            totp=made.totp if code else "",
            reason=chosen.reason,
        )
    _tell_secrets(chosen, operator, made, password=password, totp_secret=code)
    return 0


def show_code(chosen: argparse.Namespace) -> int:
    try:
        print(totp.code_of(chosen.secret, totp.step_at(time.time())))
    except ValueError as error:
        print(error)
        return 1
    return 0


@contextmanager
def _roster(chosen: argparse.Namespace, settings: Settings) -> Iterator[Roster]:
    roles = read_roles(settings_in_force(chosen).conf)
    with prepared_store(settings) as store, acting(chosen, store) as act:
        yield Roster(act.connection, store.seal, roles, act.actor, act.now)


def _act(chosen: argparse.Namespace, act: Callable[[Roster], Operator]) -> int:
    with _roster(chosen, settings_of(chosen)) as roster:
        operator = act(roster)
    print(f"{operator.number} {operator.name}: {operator.role}, {operator.state.value}")
    return 0


def _row(operator: Operator, zone: ZoneInfo) -> Row:
    return {
        "number": operator.number,
        "name": operator.name,
        "role": operator.role,
        "organisation": operator.organisation,
        "state": operator.state.value,
        "password": "first" if operator.password_initial else "own",
        "since": f"{datetime.fromtimestamp(operator.created_at, zone):%Y-%m-%d}",
    }


def _tell_secrets(
    chosen: argparse.Namespace, operator: Operator, made: NewSecrets, *, password: bool,
    totp_secret: bool,
) -> None:  # fmt: skip
    told = {"number": operator.number, "name": operator.name, "role": operator.role}
    if password:
        told["password"] = made.password
    if totp_secret:
        told |= {"totp": made.totp, "app": totp.address(made.totp, operator.number)}
    if chosen.json:
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    for name, value in told.items():
        print(f"{name:<9} {value}")
    print("What is secret here is not shown again.")
