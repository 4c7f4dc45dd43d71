"""Editions of menus, how they are used, recorded walks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from gateway.store.tables.columns import key, metadata, number, words

menu_editions = Table(
    "menu_editions",
    metadata,
    Column("version", Text, primary_key=True),
    number("made_at"),
    words("author"),
    words("reason", ""),
    words("files"),  # JSON: name -> what stands in it
    words("use", "{}"),  # JSON: the counts that options were put in order by
)

menu_decisions = Table(
    "menu_decisions",  # only added to: the last one holds
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("decided_at"),
    words("author"),
    words("reason", ""),
    words("what"),
    words("version"),
    words("canary", ""),
    number("share", server_default="0"),  # of 10,000 numbers
    words("numbers", ""),  # besides, with commas
)

menu_use = Table(
    "menu_use",
    metadata,
    number("day"),  # since 1970, in the operator's time zone
    words("version"),
    words("channel"),
    words("what"),  # a screen, or screen/option
    number("times"),
    PrimaryKeyConstraint("day", "version", "channel", "what"),
)

menu_records = Table(
    "menu_records",  # what was typed on some walks, masked; how commands ended, without their words
    metadata,
    key("id"),  # the message
    number("walk"),  # the message that the walk began with
    words("version"),
    words("beats"),  # JSON: see gateway/dialogue/walk_recording.py
    Index("menu_records_by_walk", "walk"),
)
