"""Figures by hour and by day, and what the journal holds besides for them."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, Table, Text

from gateway.store.tables.columns import flag, key, metadata, number, words

GROUPS = ("figure", "channel", "brand", "region", "interface", "what", "detail")
"""What a count is of; gateway/model/figures.py says what stands where."""


def _figures(name: str) -> Table:
    return Table(
        name,
        metadata,
        number("start"),  # of the hour or the day, in the operator's time zone
        *[words(group, "") for group in GROUPS],
        number("times"),
        number("amount", server_default="0"),  # milliseconds, where something is timed
        PrimaryKeyConstraint("start", *GROUPS),
    )


figures_by_hour = _figures("figures_by_hour")
figures_by_day = _figures("figures_by_day")

figures_counted = Table(
    "figures_counted",  # which hours and days have been counted from the journal, and when
    metadata,
    Column("span", Text),  # hour, day
    number("start"),
    number("counted_ms"),
    flag("final"),  # nothing that comes later changes it
    PrimaryKeyConstraint("span", "start"),
)

figure_texts = Table(
    "figure_texts",  # what was not understood, and what people did next; as old as words may get
    metadata,
    number("start"),
    words("text_mark"),
    Column("text_sealed", LargeBinary, nullable=False),  # with its digits cut out
    number("times"),
    words("then", "{}"),  # JSON: action -> how often it came next; "" is nothing
    PrimaryKeyConstraint("start", "text_mark"),
)

inbox_details = Table(
    "inbox_details",  # of a few messages: why they were refused, which offer they were about
    metadata,
    number("id"),  # the message's
    words("kind"),  # refused, offer
    words("code"),  # the text that refused it, or the offer
    words("result", ""),  # of an offer: shown, taken, refused
    PrimaryKeyConstraint("id", "kind", "code", "result"),
)

calls = Table(
    "calls",  # that are over
    metadata,
    key("id"),  # of the message that says so
    number("phone"),
    words("pbx"),
    words("dialled"),
    number("lasted_ms"),  # since this gateway served it
    words("ended"),  # by whom
    number("answers"),  # commands that answered it
    words("queue", ""),  # empty: no person was wanted; answered, hung_up, nobody_there, left_by_key
    number("waited_ms", server_default="0"),
    words("keys", ""),  # without secrets
    words("screens", ""),
    words("agent", ""),
    words("outcome", ""),
    number("talked_ms", server_default="0"),
    Index("calls_by_phone", "phone", "id"),
)
