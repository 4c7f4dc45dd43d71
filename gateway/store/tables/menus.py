"""Editions of conf/, how their menus are used, recorded walks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from gateway.store.tables.columns import flag, key, metadata, number, words

menu_editions = Table(
    "menu_editions",
    metadata,
    Column("version", Text, primary_key=True),
    number("made_at"),
    words("author"),
    words("reason", ""),
    words("files"),  # JSON: path below conf/ -> digest; not whole: name of menus -> what it says
    words("use", "{}"),  # JSON: the counts that options were put in order by
    flag("whole"),  # all of conf/; before, editions were of menus only
)

edition_files = Table(
    "edition_files",  # each once, whichever editions it is in
    metadata,
    Column("digest", Text, primary_key=True),
    words("content"),
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

edition_proposals = Table(
    "edition_proposals",  # that wait for somebody else to approve them, or did
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    number("proposed_at"),
    words("author"),  # 工号
    words("reason", ""),
    words("what"),  # publish, canary, promote
    words("version"),
    number("share", server_default="0"),  # of 10,000 numbers
    words("numbers", ""),  # with commas
    words("held"),  # the version that was in force then
    words("state"),  # open, approved, refused
    number("decided_at", server_default="0"),
    words("decided_by", ""),  # 工号
)

edition_drafts = Table(
    "edition_drafts",  # what people write before it is an edition
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    words("name"),
    words("base"),  # the version that it began from
    number("began_at"),
    words("began_by"),  # 工号
    words("writers", ""),  # 工号 of who has ever saved in it, with commas
    words("version", ""),  # what it was kept as last
)

edition_draft_files = Table(
    "edition_draft_files",  # only those that are otherwise than in the base
    metadata,
    number("draft"),
    words("file"),
    Column("content", Text),  # null: the draft is without it
    number("saved_at"),
    words("saved_by"),  # 工号
    PrimaryKeyConstraint("draft", "file"),
)

edition_counts = Table(
    "edition_counts",  # what came of messages on it, to be compared with another
    metadata,
    number("minute"),  # since 1970
    words("version"),
    words("channel"),
    words("what"),  # gateway/model/edition_outcomes.py
    number("times"),
    PrimaryKeyConstraint("minute", "version", "channel", "what"),
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
    words("beats"),  # JSON: see gateway/dialogue/observed/walk_recording.py
    Index("menu_records_by_walk", "walk"),
)
