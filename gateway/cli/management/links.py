"""`hallgate links`: which there are, and what is ordered of them. Gateways that run obey within
seconds; none need run."""

from __future__ import annotations

import argparse
from typing import Any

from gateway.cli.acting import acting, add_actor
from gateway.cli.management.listing import Row, show_rows
from gateway.cli.verb import add_form, add_group, add_verb, settings_of
from gateway.model.link_orders import LinkOrder, LinkState
from gateway.operators.links import LinkView, changed, links_seen, order_link, told
from gateway.operators.message_traces import at
from gateway.store.opening import prepared_store

_COLUMNS = ("link", "state", "rate", "gateways", "slots", "since", "by", "reason")
_ORDERS = {
    "pause": (LinkState.PAUSED, "nothing leaves by a link; what waits for it goes on waiting"),
    "drain": (
        LinkState.DRAINED,
        "a link is unbound once its peer has answered; others send for it",
    ),
    "resume": (LinkState.OPEN, "a link is used again, with the rate that was ordered last"),
}


def add(verbs: Any, help: str) -> None:
    steps = add_group(verbs, "links", help, "step")
    shown = add_verb(steps, "show", show, "each link, what is ordered of it, who has it bound",
                     "hallgate links show --json")  # fmt: skip
    add_form(shown)
    for name, (state, what) in _ORDERS.items():
        verb = add_verb(steps, name, order, what,
                        f"hallgate links {name} smsc-a --reason 'works at the SMSC'")  # fmt: skip
        verb.add_argument("link", metavar="LINK")
        verb.set_defaults(state=state, rate=None)
        add_actor(verb, "links.change")
    rated = add_verb(steps, "rate", order, "so many parts a second leave by a link, 0: no limit",
                     "hallgate links rate smsc-a 200 --reason 'contract'")  # fmt: skip
    rated.add_argument("link", metavar="LINK")
    rated.add_argument("rate", type=int, metavar="N", help="by all gateways together")
    rated.set_defaults(state=None)
    add_actor(rated, "links.change")


def show(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    with prepared_store(settings) as store, store.reading() as connection:
        seen = links_seen(connection, [link.name for link in settings.smpp.links])
    rows = [_row(one, settings.service.zone) for one in seen]
    show_rows(rows, chosen.form, _COLUMNS)
    return 0


def order(chosen: argparse.Namespace) -> int:
    """Raises ActRefusal."""
    settings = settings_of(chosen)
    with prepared_store(settings) as store, acting(chosen, store) as act:
        seen = links_seen(act.connection, [link.name for link in settings.smpp.links])
        before = next((one.order for one in seen if one.name == chosen.link), None)
        state, rate = changed(before, chosen.state, chosen.rate)
        who = act.actor.operator
        wanted = LinkOrder(chosen.link, state, rate, who, chosen.reason, act.now)
        done = order_link(act.connection, seen, wanted)
        act.note("links.change", result=told(done))
    print(f"{told(done)}; gateways obey within seconds")
    return 0


def _row(one: LinkView, zone: Any) -> Row:
    order = one.order
    return {
        "link": one.name,
        "state": order.state.value if order else LinkState.OPEN.value,
        "rate": order.rate if order else 0,
        "gateways": len(one.gateways),
        "slots": list(one.gateways),
        "since": at(order.changed_at * 1000, zone) if order else "",
        "by": order.operator if order else "",
        "reason": order.reason if order else "",
    }
