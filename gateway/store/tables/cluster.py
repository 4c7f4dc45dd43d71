"""The gateways that share the store, and what one of them at a time does."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from gateway.store.tables.columns import flag, metadata, number, words

members = Table(
    "members",  # the slots that were ever held: shares of the ids, and of the waiting messages
    metadata,
    Column("slot", BigInteger, primary_key=True, autoincrement=False),
    words("holder", ""),  # a gateway's name, empty: nobody
    number("epoch", server_default="0"),  # grows with each change of the holder
    number("beat", server_default="0"),  # goes on as long as the holder lives
    number("seen", server_default="0"),  # the newest view that its holder acts by
    flag("own"),  # its holder gives ids from it; else it was inherited
    flag("sends"),  # its holder has a bind that can send
    words("version", ""),  # of the holder's program
    number("since", server_default="0"),
)

slot_changes = Table(
    "slot_changes",  # for people who look back
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("at_ms"),
    number("slot"),
    number("epoch"),
    words("what"),  # joined, left, taken over, handed over, freed
    words("holder", ""),
    words("before", ""),  # who held it until then
)

leases = Table(
    "leases",  # what one gateway at a time does
    metadata,
    Column("name", Text, primary_key=True),
    words("holder"),  # empty: nobody
    number("beat"),
    words("place", ""),  # where the holder finds what it is for; empty: it has no place
)

link_orders = Table(
    "link_orders",  # what people want of links: gateway/model/link_orders.py
    metadata,
    Column("link", Text, primary_key=True),
    words("state"),
    number("rate"),
    words("operator"),
    words("reason"),
    number("changed_at"),
)
