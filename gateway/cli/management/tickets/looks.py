"""The verbs that show tickets. Each number shown in full is in the audit."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace

import orjson

from commands.model.tickets import TicketState
from gateway.cli.management.listing import show_rows
from gateway.cli.management.tickets.place import TicketPlace, moment, ticket_place
from gateway.cli.verb import settings_of
from gateway.config.tickets.ticket_book import read_ticket_book
from gateway.model.ticket_record import ALL, LIVE_ONES, TicketFilter, TicketRecord
from gateway.store.tickets import ticket_lists
from gateway.store.tickets.subscriber_trace import trace
from gateway.tickets.refusals import TicketRefusal
from gateway.tickets.views import (
    at,
    category_name,
    detail_told,
    promised,
    shown_steps,
    ticket_lines,
)

COLUMNS = (
    "number", "kind", "category", "state", "phone", "region", "team", "holder", "opened", "due",
    "late", "level", "done", "result", "joined_to", "score", "said",
)  # fmt: skip
TRACED = ("at", "what", "channel", "action", "result", "words")
STATES = (LIVE_ONES, ALL, "working", *(state.value for state in TicketState))


def show(chosen: argparse.Namespace) -> int:
    with ticket_place(chosen) as place:
        place.must("read")
        wanted = _wanted(chosen, place)
        found = ticket_lists.page(place.act.connection, place.store.seal, wanted, chosen.limit)
        total = ticket_lists.count(place.act.connection, replace(wanted, after=(0, 0)))
        _note(place, found)
    if chosen.form:
        show_rows([full_row(one, place) for one in found], chosen.form, COLUMNS)
        print(f"{len(found)} of {total} tickets", file=sys.stderr)
        return 0
    for line in ticket_lines(found, place.act.now, place.book.zone):
        print(line)
    whole = len(found) == total
    print(f"{total} tickets" if whole else f"{len(found)} of {total} tickets")
    return 0


def count(chosen: argparse.Namespace) -> int:
    """Nobody's number is shown."""
    with ticket_place(chosen) as place:
        place.must("read")
        counts = ticket_lists.counts_by_state(place.act.connection, _wanted(chosen, place))
        place.act.note("tickets.count")
    total = sum(counts.values())
    if chosen.json:
        told = {"total": total, "states": counts}
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return 0
    for state, times in counts.items():
        print(f"{state:<10} {times}")
    print(f"{total} tickets")
    return 0


def show_one(chosen: argparse.Namespace) -> int:
    with ticket_place(chosen) as place:
        place.must("read")
        ticket = place.handling.find(chosen.number)
        steps = shown_steps(place.handling.rows.steps(ticket.id), full=True)
        joined = [one.number for one in place.handling.rows.joined(ticket.number)]
        _note(place, [ticket])
    zone = place.book.zone
    history = [
        {"at": at(one.at, zone), "step": one.step, "who": one.who,
         "detail": detail_told(one, zone), "words": one.words} for one in steps
    ]  # fmt: skip
    if chosen.json:
        told = full_row(ticket, place) | {"joined": joined, "history": history}
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return 0
    for name, value in full_row(ticket, place).items():
        if value not in ("", 0, False):
            print(f"{name:<10} {value}")
    if joined:
        print(f"{'joined':<10} {' '.join(joined)}")
    for one in history:
        print("  ".join(value for value in one.values() if value))
    return 0


def trace_one(chosen: argparse.Namespace) -> int:
    with ticket_place(chosen) as place:
        place.must("read")
        ticket = place.handling.find(chosen.number)
        found = trace(place.act.connection, place.store.seal, ticket, chosen.hours)
        result = f"{len(found)} rows before ticket {ticket.number}"
        whose = (ticket.phone,) if ticket.phone else ()
        place.act.note("tickets.read", *whose, result=result)
    rows = [
        {"at": at(one.at, place.book.zone), "what": one.what, "channel": one.channel,
         "action": one.action, "result": one.result, "words": one.words} for one in found
    ]  # fmt: skip
    show_rows(rows, chosen.form, TRACED)
    return 0


def show_kinds(chosen: argparse.Namespace) -> int:
    book = read_ticket_book(settings_of(chosen))
    rows = [
        {
            "kind": code, "name": str(kind.name), "due": promised(kind.due),
            "categories": list(kind.categories), "urgent": kind.urgent, "joins": kind.joins,
            "password": kind.password, "hand_over": kind.hand_over,
        }
        for code, kind in book.rules.kinds.items()
    ]  # fmt: skip
    names = ("kind", "name", "due", "categories", "urgent", "joins", "password", "hand_over")
    show_rows(rows, chosen.form, names)
    return 0


def show_templates(chosen: argparse.Namespace) -> int:
    rules = read_ticket_book(settings_of(chosen)).rules
    rows = [
        {
            "template": code, "name": str(one.name), "kinds": sorted(one.kinds),
            "categories": sorted(one.categories), "blanks": list(one.blanks),
            "text": str(one.text), "en": one.text.en,
        }
        for code, one in rules.templates.items()
        if not chosen.kind or one.fits(chosen.kind)
    ]  # fmt: skip
    names = ("template", "name", "kinds", "categories", "blanks", "text", "en")
    show_rows(rows, chosen.form, names)
    return 0


def full_row(one: TicketRecord, place: TicketPlace) -> dict[str, object]:
    zone = place.book.zone
    return {
        "number": one.number, "kind": one.kind, "category": category_name(one, place.book),
        "state": one.state, "phone": one.phone, "region": one.region, "team": one.team,
        "holder": one.holder, "opened": at(one.opened_at, zone), "due": at(one.due_at, zone),
        "late": one.late(place.act.now), "level": one.level, "done": at(one.done_at, zone),
        "result": one.result, "appointed": at(one.appointed_at, zone),
        "appointed_until": at(one.appointed_until, zone), "place": one.place,
        "joined_to": one.joined_to, "reopened": one.reopened, "score": one.score,
        "opened_by": one.opened_by, "boss": one.boss_state, "reference": one.boss_reference,
        "recording": one.recording, "said": one.said,
    }  # fmt: skip


def _wanted(chosen: argparse.Namespace, place: TicketPlace) -> TicketFilter:
    """Raises TicketRefusal."""
    if chosen.state not in STATES:
        raise TicketRefusal(f"no ticket is '{chosen.state}'; write one of {', '.join(STATES)}")
    if chosen.kind and chosen.kind not in place.book.rules.kinds:
        known = ", ".join(place.book.rules.kinds)
        raise TicketRefusal(f"there is no kind '{chosen.kind}'; there are {known}")
    zone = place.book.zone
    since, until = (moment(one, zone) if one else 0 for one in (chosen.since, chosen.until))
    region = place.book.region_named(chosen.region) or chosen.region
    after = (0, 0)
    if getattr(chosen, "after", ""):
        last = place.handling.find(chosen.after)
        after = (last.due_at, last.id)
    return TicketFilter(
        chosen.state, chosen.kind, chosen.category, region, chosen.holder, chosen.subscriber or "",
        since, until, place.act.now if chosen.late else 0, chosen.level, after,
    )  # fmt: skip


def _note(place: TicketPlace, found: Iterable[TicketRecord]) -> None:
    phones = sorted({one.phone for one in found if one.phone})
    place.act.note("tickets.read", *phones)
