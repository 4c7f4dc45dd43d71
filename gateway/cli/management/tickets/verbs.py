"""`hallgate tickets`: what subscribers wait for, and each step of it."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

from gateway.cli.acting import add_act, add_actor
from gateway.cli.management.tickets import looks, moves
from gateway.cli.verb import add_form, add_group, add_verb, msisdn

_one = partial(add_act, number={"metavar": "NUMBER", "help": "the ticket's"})


def add(verbs: Any, help: str) -> None:
    things = add_group(verbs, "tickets", help, "step")
    _looks(things)
    _opening(things)
    _moves(things)


def _looks(things: Any) -> None:
    listed = add_verb(things, "list", looks.show, "those not done, the most urgent first",
                      "hallgate tickets list --kind complaint --late --csv")  # fmt: skip
    _filters(listed)
    listed.add_argument("--limit", type=_count, default=1_000, metavar="N", help="at most (1000)")
    listed.add_argument("--after", default="", metavar="NUMBER",
                        help="the page that follows this ticket")  # fmt: skip
    add_form(listed)
    counted = add_verb(things, "count", looks.count, "how many there are, by state",
                       "hallgate tickets count --state all --region 北京")  # fmt: skip
    _filters(counted)
    counted.add_argument("--json", action="store_true", help="as JSON")
    shown = _one(things, "show", looks.show_one, "one, with every step of it",
                 "hallgate tickets show 5970023000101")  # fmt: skip
    shown.add_argument("--json", action="store_true", help="as JSON")
    traced = _one(things, "trace", looks.trace_one,
                  "what its subscriber did at the hall before (投诉溯源), masked",
                  "hallgate tickets trace 5970023000101 --hours 72")  # fmt: skip
    traced.add_argument("--hours", type=_hours, default=72, metavar="N", help="before it (72)")
    add_form(traced)
    kinds = add_verb(things, "kinds", looks.show_kinds, "the kinds of conf/tickets.yaml",
                     "hallgate tickets kinds")  # fmt: skip
    add_form(kinds)
    templates = add_verb(things, "templates", looks.show_templates,
                         "answers to pick: those of conf/tickets.yaml",
                         "hallgate tickets templates --kind complaint")  # fmt: skip
    templates.add_argument("--kind", default="", metavar="KIND", help="which fit such tickets")
    add_form(templates)
    for verb in (listed, counted):
        add_actor(verb)


def _opening(things: Any) -> None:
    opened = add_verb(
        things, "open", moves.open_one, "one for a subscriber, who is told its number",
        "hallgate tickets open reservation 13800138001 周六上午办理过户",
    )  # fmt: skip
    opened.add_argument("kind", metavar="KIND", help="one of `hallgate tickets kinds`")
    opened.add_argument("phone", type=msisdn, metavar="MSISDN")
    opened.add_argument("said", metavar="WORDS", help="what it is about")
    opened.add_argument("--category", default="", metavar="NAME", help="of the kind")
    opened.add_argument("--json", action="store_true", help="as JSON")
    add_actor(opened)


def _moves(things: Any) -> None:
    _one(things, "accept", moves.accept, "take it: nobody else can then",
         "hallgate tickets accept 5970023000101 --operator 80002")  # fmt: skip
    _one(things, "release", moves.put_back, "put it back for somebody else",
         "hallgate tickets release 5970023000101")  # fmt: skip
    given = _one(things, "assign", moves.assign, "to the number's home region, or as you say",
                 "hallgate tickets assign 5970023000101 --region 上海")  # fmt: skip
    given.add_argument("--region", default="", metavar="NAME", help="instead of the home region")
    given.add_argument("--to", default="", metavar="NUMBER", help="to this operator")
    agreed = _one(things, "appoint", moves.appoint, "agreed on with the subscriber, who is told",
                  "hallgate tickets appoint 5970023000101 2026-12-01T09:00 2026-12-01T11:00 "
                  "--place 东单营业厅")  # fmt: skip
    agreed.add_argument("at", metavar="FROM", help="in the operator's time zone")
    agreed.add_argument("until", metavar="UNTIL")
    agreed.add_argument(
        "--place", default="", metavar="WORDS", help="where; the subscriber is told"
    )
    closed = _one(things, "done", moves.done, "done: whoever opened it is told by SMS",
                  "hallgate tickets done 5970023000101 已退还当月功能费5元")  # fmt: skip
    closed.add_argument("result", metavar="RESULT", nargs="?", default="",
                        help="what the subscriber is told")  # fmt: skip
    closed.add_argument("--template", default="", metavar="NAME",
                        help="instead: one of `hallgate tickets templates`")  # fmt: skip
    closed.add_argument("--with", dest="fill", type=_filled, action="append", default=[],
                        metavar="BLANK=WORDS", help="what stands in a blank of it")  # fmt: skip
    joined = _one(things, "join", moves.join, "the same as another: it ends with that one",
                  "hallgate tickets join 5970023000101 5970021000042")  # fmt: skip
    joined.add_argument("other", metavar="OTHER", help="the number of the one that stays")
    for name, run, what in (
        ("reopen", moves.reopen, "it was not done well: again, with a new promise"),
        ("escalate", moves.escalate, "to the next level (shift leaders)"),
        ("note", moves.note, "a remark for colleagues"),
    ):
        verb = _one(things, name, run, what, f"hallgate tickets {name} 5970023000101 用户再次来电")
        verb.add_argument("why", metavar="WORDS", help="kept in its history")
    _one(things, "hand-over", moves.hand_over, "to the operator's own system (boss.url)",
         "hallgate tickets hand-over 5970023000101")  # fmt: skip


def _filters(verb: Any) -> None:
    verb.add_argument("--state", default="live", metavar="STATE",
                      help="live (not done), all, open, accepted, assigned, appointed, reopened, "
                      "done, rated, joined")  # fmt: skip
    verb.add_argument("--kind", default="", metavar="KIND", help="one of `hallgate tickets kinds`")
    verb.add_argument("--category", default="", metavar="NAME")
    verb.add_argument("--region", default="", metavar="NAME", help="assigned to, or at home there")
    verb.add_argument("--holder", default="", metavar="NUMBER", help="who has it (工号); - nobody")
    verb.add_argument("--subscriber", type=msisdn, metavar="MSISDN", help="whose")
    verb.add_argument("--since", default="", metavar="TIME", help="opened then or later")
    verb.add_argument("--until", default="", metavar="TIME", help="opened before")
    verb.add_argument("--late", action="store_true", help="which should be done by now")
    verb.add_argument("--level", type=_count, default=0, metavar="N", help="escalated so far")


def _filled(written: str) -> tuple[str, str]:
    blank, equals, words = written.partition("=")
    if not equals or not blank:
        raise argparse.ArgumentTypeError(f"'{written}': write BLANK=WORDS, like amount=5")
    return blank, words


def _count(written: str) -> int:
    return _between(written, 1, 100_000)


def _hours(written: str) -> int:
    return _between(written, 1, 24 * 31)


def _between(written: str, least: int, most: int) -> int:
    if written.isascii() and written.isdigit() and least <= int(written) <= most:
        return int(written)
    raise argparse.ArgumentTypeError(f"'{written}' is no number from {least} to {most}")
