"""The verbs that move a ticket."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Final

import orjson

from commands.model.request import Secret
from gateway.cli.management.tickets.looks import full_row
from gateway.cli.management.tickets.place import TicketPlace, moment, moved, ticket_place
from gateway.model.ticket_record import TicketRecord
from gateway.tickets.opening import NewTicket, open_for
from gateway.tickets.refusals import TicketRefusal
from gateway.tickets.templates import answer_from

_TOLD: Final = "; whoever opened it is told"
_PASSWORD: Final = "SUBSCRIBER_PASSWORD"  # where it may stand


def open_one(chosen: argparse.Namespace) -> int:
    with ticket_place(chosen) as place:
        kind = place.book.rules.kinds.get(chosen.kind)
        password = _password() if kind is not None and kind.password else None
        wanted = NewTicket(
            chosen.kind, chosen.phone, chosen.said, chosen.category, password, chosen.reason
        )
        ticket = open_for(place.handling, place.store, wanted)
        row = full_row(ticket, place)
    if chosen.json:
        print(orjson.dumps(row, option=orjson.OPT_INDENT_2).decode())
    else:
        print(f"{ticket.number}: {ticket.state}, due {row['due']}{_TOLD}")
    return 0


def _password() -> Secret | None:
    """Never an argument: those are seen by everybody on the machine."""
    if found := os.environ.get(_PASSWORD):
        return Secret(found)
    if not sys.stdin.isatty():
        return None
    return Secret(getpass.getpass("the subscriber's service password: "))


def accept(chosen: argparse.Namespace) -> int:
    return moved(chosen, lambda place: place.handling.accept(chosen.number, chosen.reason))


def put_back(chosen: argparse.Namespace) -> int:
    return moved(chosen, lambda place: place.handling.put_back(chosen.number, chosen.reason))


def assign(chosen: argparse.Namespace) -> int:
    return moved(
        chosen,
        lambda place: place.handling.assign(chosen.number, chosen.region, chosen.to, chosen.reason),
    )


def appoint(chosen: argparse.Namespace) -> int:
    def move(place: TicketPlace) -> TicketRecord:
        at, until = (moment(one, place.book.zone) for one in (chosen.at, chosen.until))
        return place.handling.appoint(chosen.number, at, until, chosen.place, chosen.reason)

    return moved(chosen, move, _TOLD)


def done(chosen: argparse.Namespace) -> int:
    def move(place: TicketPlace) -> TicketRecord:
        return place.handling.done(chosen.number, _result(chosen, place), chosen.reason)

    return moved(chosen, move, _TOLD)


def _result(chosen: argparse.Namespace, place: TicketPlace) -> str:
    """In the colleague's own words, or a template's. Raises TicketRefusal."""
    if bool(chosen.result) == bool(chosen.template):
        raise TicketRefusal("say what was done: in words, or by --template")
    if chosen.result:
        return str(chosen.result)
    values = dict(chosen.fill)
    return answer_from(place.handling, chosen.number, chosen.template, values)


def join(chosen: argparse.Namespace) -> int:
    return moved(
        chosen, lambda place: place.handling.join(chosen.number, chosen.other, chosen.reason)
    )


def reopen(chosen: argparse.Namespace) -> int:
    return moved(chosen, lambda place: place.handling.reopen(chosen.number, chosen.why), _TOLD)


def escalate(chosen: argparse.Namespace) -> int:
    return moved(chosen, lambda place: place.handling.escalate(chosen.number, chosen.why))


def note(chosen: argparse.Namespace) -> int:
    return moved(chosen, lambda place: place.handling.note(chosen.number, chosen.why))


def hand_over(chosen: argparse.Namespace) -> int:
    def move(place: TicketPlace) -> TicketRecord:
        if place.settings.boss is None:
            raise TicketRefusal("there is no boss.url in the configuration to hand it over to")
        return place.handling.hand_over(chosen.number, chosen.reason)

    return moved(chosen, move)
