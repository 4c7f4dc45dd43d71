"""Answers that colleagues pick instead of typing them: `templates` of conf/tickets.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.store.ports.accounts import read_accounts
from gateway.tickets.handling import TicketHandling
from gateway.tickets.refusals import TicketRefusal

_LONGEST: Final = 100  # characters of what is filled in


def answer_from(
    handling: TicketHandling, number: str, template: str, values: Mapping[str, str]
) -> str:
    """A template filled in, in the language of whoever opened the ticket. Raises TicketRefusal."""
    ticket, templates = handling.find(number), handling.book.rules.templates
    found = templates.get(template)
    if found is None or not found.fits(ticket.kind, ticket.category):
        fitting = [
            code for code, one in templates.items() if one.fits(ticket.kind, ticket.category)
        ]
        known = f"there are: {', '.join(fitting)}" if fitting else "there is none"
        what = f"a ticket of the kind {ticket.kind} has no template '{template}'; {known}"
        raise TicketRefusal(what, ticket.phone)
    if problem := _misfilled(found.blanks, values):
        raise TicketRefusal(f"template {template}: {problem}", ticket.phone)
    accounts = read_accounts(handling.connection, [int(ticket.phone)] if ticket.phone else [])
    account = accounts.get(ticket.phone)
    return found.filled(values, account.language if account else "zh")


def _misfilled(blanks: tuple[str, ...], values: Mapping[str, str]) -> str:
    """Empty: every blank has its words, and nothing is left over."""
    if missing := [blank for blank in blanks if not values.get(blank, "").strip()]:
        return f"fill in {', '.join(missing)}"
    if strange := sorted(set(values) - set(blanks)):
        return f"it has no blank {', '.join(strange)}"
    for name, words in values.items():
        if len(words) > _LONGEST or not words.isprintable():
            return f"{name} has one line of {_LONGEST} characters at most"
    return ""
