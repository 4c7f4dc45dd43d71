"""Tickets, every step of theirs, and what their subscribers are still to hear."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, text

from gateway.store.tables.columns import key, metadata, number, words

LIVE = text("state NOT IN ('done', 'rated', 'joined')")
TO_BOSS = text("boss_state = 'waiting'")
_GIVEN_BACK = text("step = 'given back'")

tickets = Table(
    "tickets",
    metadata,
    key("id"),  # the message that opened it
    words("number"),
    words("kind"),  # of conf/tickets.yaml
    number("phone"),
    words("state", "open"),  # commands.model.tickets.TicketState; working: of older days
    number("opened_at"),
    number("due_at"),
    number("done_at", server_default="0"),  # 0: not yet, or before this was kept
    Column("content_sealed", LargeBinary),
    words("result", ""),
    words("recording", ""),  # the name of the file in which Asterisk has what was said
    words("category", ""),
    words("region", ""),  # where the number is at home
    words("origin", ""),  # the interface, by its number
    words("opened_by", ""),  # 工号; empty: the subscriber
    words("team", ""),  # the region that it was assigned to
    words("holder", ""),  # 工号 of who has taken it
    number("held_since", server_default="0"),
    number("accept_by", server_default="0"),  # 0: was taken, or nobody waits for that
    number("appointed_at", server_default="0"),
    number("appointed_until", server_default="0"),
    Column("place_sealed", LargeBinary),  # where somebody comes to, or is expected
    words("joined_to", ""),  # the number of the ticket that it ends with
    number("reopened", server_default="0"),  # how often
    number("level", server_default="0"),  # of escalation
    number("late_at", server_default="0"),  # when it was seen to be late
    number("asked_at", server_default="0"),  # when its subscriber was asked how it was
    number("score", server_default="0"),
    words("boss_state", ""),  # waiting, taken, refused; empty: it was not handed over
    words("boss_reference", ""),  # what the operator's own system calls it
    number("boss_tries", server_default="0"),
    number("boss_retry_at", server_default="0"),
    number("version", server_default="0"),  # rises with each step
    Index("tickets_by_phone", "phone", "id"),
    Index("tickets_by_number", "number", unique=True),
    Index("tickets_live", "due_at", sqlite_where=LIVE, postgresql_where=LIVE),
    Index("tickets_by_due", "due_at"),
    Index("tickets_joined", "joined_to"),
    Index("tickets_to_boss", "id", sqlite_where=TO_BOSS, postgresql_where=TO_BOSS),
)

ticket_steps = Table(
    "ticket_steps",  # only added to
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("ticket"),
    number("at"),
    words("step"),
    words("who"),  # 工号, cli:USER, subscriber, hall, boss
    words("detail", ""),  # a region, a number, a moment
    Column("words_sealed", LargeBinary),  # why, or what was said
    Index("ticket_steps_by_ticket", "ticket", "id"),
    Index(
        "ticket_steps_given_back",
        "detail",
        "at",
        sqlite_where=_GIVEN_BACK,
        postgresql_where=_GIVEN_BACK,
    ),
)

ticket_promises = Table(
    "ticket_promises",  # earlier ones, of tickets that were reopened
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("ticket"),
    number("due_at"),
    number("done_at"),
    Index("ticket_promises_by_due", "due_at"),
)

ticket_news = Table(
    "ticket_news",  # what subscribers are still to hear
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("ticket"),
    words("what"),
    number("at"),  # not before
    Index("ticket_news_by_time", "at"),
)
