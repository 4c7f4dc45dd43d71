"""`hallgate reminders`: what subscribers were told without having asked, and what waits."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from commands.parser.masking import masked_number
from commands.reminders.model import ReminderKind, ReminderRules
from gateway.cli.acting import acting, add_actor
from gateway.cli.management.listing import show_rows
from gateway.cli.verb import add_form, add_group, add_verb, msisdn, settings_of

# the store and conf/ are loaded by what reads them: help need not wait for them
if TYPE_CHECKING:
    from gateway.serving.jobs.reminder_trial import Trial

MIDNIGHT: Final = datetime.min.time()
KINDS: Final = tuple(kind.value for kind in ReminderKind)
_LISTED: Final = ("at", "number", "kind", "source", "result")


def add(verbs: Any, help: str) -> None:
    things = add_group(verbs, "reminders", help, "thing")
    listed = add_verb(things, "list", show, "what was reminded, the newest first",
                      "hallgate reminders list --kind balance_low --since 2026-11-28")  # fmt: skip
    listed.add_argument("--number", type=msisdn, help="only this subscriber's")
    listed.add_argument("--kind", choices=KINDS, default="", help="only these")
    listed.add_argument("--since", type=_day, metavar="DATE", help="from this day on")
    listed.add_argument("--limit", type=int, default=100, metavar="N", help="at most so many")
    waits = add_verb(things, "waiting", show_waiting, "how much waits, and for what",
                     "hallgate reminders waiting")  # fmt: skip
    ruled = add_verb(things, "rules", show_rules, "who is reminded of what, and when",
                     "hallgate reminders rules --json")  # fmt: skip
    tried = add_verb(things, "try", attempt, "what a subscriber would read; --send sends it",
                     "hallgate reminders try 13800138001 balance_low")  # fmt: skip
    tried.add_argument("number", metavar="NUMBER", type=msisdn, help="the subscriber's")
    tried.add_argument("kind", metavar="KIND", choices=KINDS, help=", ".join(KINDS))
    tried.add_argument(
        "--send", action="store_true", help="really, if there is an occasion, at a polite hour"
    )
    for verb in (listed, waits, ruled):
        add_form(verb)
    tried.add_argument(
        "--json", dest="form", action="store_const", const="json", default="", help="as JSON"
    )
    for verb in (listed, tried):
        add_actor(verb, "reminders.read")


def show(chosen: argparse.Namespace) -> int:
    from gateway.store.opening import prepared_store  # noqa: PLC0415
    from gateway.store.reminders.told import ReminderQuery, SqlReminders  # noqa: PLC0415

    settings = settings_of(chosen)
    zone = settings.service.zone
    since = datetime.combine(chosen.since, MIDNIGHT, zone) if chosen.since else None
    query = ReminderQuery(
        chosen.number or "",
        chosen.kind,
        int(since.timestamp()) if since else 0,
        limit=max(1, chosen.limit),
    )
    with prepared_store(settings) as store, acting(chosen, store) as act:
        found = SqlReminders(act.connection).find(query)
        act.note("reminders.read", *filter(None, [chosen.number]))
    rows = [
        {
            "at": datetime.fromtimestamp(one.told_at, zone).isoformat(" "),
            "number": masked_number(one.msisdn),
            "kind": one.kind,
            "source": one.source,
            "result": one.result,
        }
        for one in found
    ]
    show_rows(rows, chosen.form, _LISTED)
    return 0


def show_waiting(chosen: argparse.Namespace) -> int:
    from gateway.serving.jobs.reminding import SOURCE  # noqa: PLC0415
    from gateway.store.opening import prepared_store  # noqa: PLC0415
    from gateway.store.reminders.boss_events import SqlBossEvents  # noqa: PLC0415
    from gateway.store.reminders.marks import SqlMarks  # noqa: PLC0415
    from gateway.store.unasked import SqlUnasked  # noqa: PLC0415

    settings = settings_of(chosen)
    with prepared_store(settings) as store, store.reading() as connection:
        changes, later = SqlMarks(connection).waiting(int(time.time()))
        events = SqlBossEvents(connection).waiting()
        messages = SqlUnasked(connection, store.seal).waiting_of(SOURCE)
    rows = [
        {"what": "changes", "waiting": changes, "for": "a look, every reminders.every seconds"},
        {"what": "later", "waiting": later, "for": "polite hours, or the days before an end"},
        {"what": "events", "waiting": events, "for": "a look, or polite hours"},
        {"what": "messages", "waiting": messages, "for": "room beside answers"},
    ]
    show_rows(rows, chosen.form, ("what", "waiting", "for"))
    return 0


def show_rules(chosen: argparse.Namespace) -> int:
    from gateway.cli.conf_in_force import settings_in_force  # noqa: PLC0415
    from gateway.dialogue.snapshot import read_conf  # noqa: PLC0415

    rules = read_conf(settings_in_force(chosen), learnt=False).reminders
    names = ("kind", "to", "at", "when")
    show_rows([_ruled(kind, rules) for kind in ReminderKind], chosen.form, names)
    return 0


def _ruled(kind: ReminderKind, rules: ReminderRules) -> dict[str, object]:
    rule, when = rules.of(kind), "at once"
    if not rule.urgent:
        when = f"{rules.hours.workdays} on working days, {rules.hours.other_days} on others"
    told = [
        f"below {rule.below_fen / 100:g} yuan" if rule.below_fen else "",
        " and ".join(f"{share} %" for share in rule.shares),
        f"{rule.times:g} times the usual" if rule.times else "",
        f"{rule.at_least_fen / 100:g} yuan or more" if rule.at_least_fen else "",
        f"{rule.days} days before" if rule.days else "",
    ]
    return {
        "kind": kind.value,
        "to": rule.to.value,
        "at": ", ".join(filter(None, told)) or "each",
        "when": when,
    }


def attempt(chosen: argparse.Namespace) -> int:
    from gateway.cli.conf_in_force import settings_in_force  # noqa: PLC0415
    from gateway.dialogue.snapshot import read_conf  # noqa: PLC0415
    from gateway.serving.jobs.reminder_trial import (  # noqa: PLC0415
        NoOccasion,
        send_trial,
        try_reminder,
    )
    from gateway.store.opening import prepared_store  # noqa: PLC0415

    settings = settings_in_force(chosen)
    conf = read_conf(settings, learnt=False)
    now, kind = int(time.time()), ReminderKind(chosen.kind)
    with prepared_store(settings) as store, acting(chosen, store) as act:
        act.must("reminders.change" if chosen.send else "subscribers.reveal")
        trial = try_reminder(act.connection, conf, chosen.number, kind, now)
        if trial is None:
            print(f"{chosen.number} is nobody's here", file=sys.stderr)
            return 1
        try:
            sent = chosen.send and send_trial(act.connection, store, trial, now)
        except NoOccasion as none:
            print(f"not sent: {none}", file=sys.stderr)
            return 1
        act.note("reminders.change" if chosen.send else "subscribers.reveal", chosen.number)
    _tell(trial, sent, chosen.form, settings.service.zone)
    if chosen.send and not sent:
        print("not sent: the number was sent such a trial within a day", file=sys.stderr)
        return 1
    return 0


def _tell(trial: Trial, sent: bool, form: str, zone: ZoneInfo) -> None:
    at = datetime.fromtimestamp(trial.polite_at, zone).isoformat(" ")
    if form == "json":
        row = {
            "number": masked_number(trial.msisdn), "kind": trial.kind.value, "text": trial.words,
            "language": trial.tongue, "parts": trial.parts, "real": trial.real,
            "wanted": trial.wanted, "leaves_at": at, "sent": sent,
        }  # fmt: skip
        show_rows([row], "json", tuple(row))
        return
    print(trial.words)
    occasion = "there is an occasion now" if trial.real else "no occasion now: example figures"
    wish = "wanted" if trial.wanted else "this subscriber gets no such reminders"
    print(f"{trial.parts} short message(s); {occasion}; {wish}; not before {at}")
    if sent:
        print("it waits to be sent")


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        text = f"'{written}' is no date; write one like 2026-11-28"
        raise argparse.ArgumentTypeError(text) from None
