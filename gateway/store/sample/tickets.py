"""Tickets of a week in all states, for a sample store that has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from commands.model.tickets import TicketDetails, TicketState
from gateway.model.cluster_view import SLOTS
from gateway.model.message_id import COUNT_BITS, REPLY_BITS, floor_at, spoken_number
from gateway.model.ticket_record import BOSS, HALL, SUBSCRIBER, TicketStep
from gateway.store.ports.tickets import SqlTickets
from gateway.store.store import Store
from gateway.store.tables import tickets
from gateway.store.tickets.ticket_rows import TicketRows

_HOUR: Final = 3600
_LEADER, _AGENT = "80001", "80002"
_COPY: Final = SLOTS << COUNT_BITS + REPLY_BITS


@dataclass(frozen=True, slots=True)
class SampleTicket:
    """`ago`: hours since it was opened; `due`: hours after which it is due. `steps`: what was done,
    each so many hours after the one before."""

    phone: str
    kind: str
    category: str
    said: str
    ago: int
    due: int
    steps: tuple[str, ...] = ()
    result: str = ""


_SAMPLES: Final = (
    SampleTicket("13800138003", "complaint", "billing", "上月话费多收了30元", 160, 48,
                 ("accept", "done", "rate"), "经核实为误扣,已退还30元"),
    SampleTicket("13800138005", "fault", "signal", "东单一带手机没有信号", 150, 48,
                 ("accept", "assign", "done"), "基站已修复"),
    SampleTicket("13800138006", "entrust", "", "委托办理停机保号", 130, 4,
                 ("accept", "done", "rate"), "已办理"),
    SampleTicket("13800138007", "suggestion", "", "希望增加夜间营业网点", 120, 48,
                 ("accept", "done"), "已转相关部门研究"),
    SampleTicket("13800138008", "complaint", "service", "营业员态度差", 100, 48,
                 ("accept", "done", "reopen"), ""),
    SampleTicket("13800138009", "complaint", "network", "家里上网总是掉线", 60, 48,
                 ("accept", "late"), ""),
    SampleTicket("13800138010", "repair", "broadband", "希望12月02日上门。宽带不通", 30, 48,
                 ("boss taken", "appoint"), ""),
    SampleTicket("13800138003", "reservation", "", "预约周六上午办理过户", 26, 48,
                 ("accept", "appoint"), ""),
    SampleTicket("13800138005", "hold", "terminal", "预留合约手机一部", 20, 24,
                 ("accept", "assign"), ""),
    SampleTicket("13800138006", "terminal", "", "新手机不会设置上网参数", 18, 24, ("assign",), ""),
    SampleTicket("13800138007", "complaint", "spam", "收到诈骗短信", 10, 48, ("accept",), ""),
    SampleTicket("13800138008", "card", "", "12345170000", 8, 48, (), ""),
    SampleTicket("13800138009", "complaint", "network", "掉线的问题还没有解决", 5, 48,
                 ("join",), ""),
    SampleTicket("13800138010", "complaint", "billing", "套餐外流量扣费有疑问", 1, 48, (), ""),
)  # fmt: skip


def put_tickets(store: Store, now: int) -> int:
    """How many. A store that has any keeps those."""
    with store.transaction() as connection:
        if connection.execute(select(tickets.c.id).limit(1)).first() is not None:
            return 0
        port, rows = SqlTickets(connection, store.seal), TicketRows(connection, store.seal)
        earlier = dict[tuple[str, str], str]()
        for each in _SAMPLES:
            opened = now - each.ago * _HOUR
            id = floor_at(opened) | _COPY
            same = earlier.get((each.phone, each.category), "") if "join" in each.steps else ""
            details = TicketDetails(each.category, "北京", "10", joined_to=same)
            port.open(
                each.kind, each.phone, each.said, opened + each.due * _HOUR, opened, id, "", details
            )
            earlier[each.phone, each.category] = spoken_number(id)
            for count, step in enumerate(each.steps, 1):
                _step(rows, port, each, id, step, opened + count * _HOUR, now)
    return len(_SAMPLES)


def _step(
    rows: TicketRows, port: SqlTickets, each: SampleTicket, id: int, step: str, at: int, now: int
) -> None:
    seen = rows.by_id(id)
    assert seen is not None
    values: dict[str, object] = {}
    who, detail, said = _AGENT, "", ""
    match step:
        case "accept":
            values = {"state": TicketState.ACCEPTED, "holder": who, "held_since": at}
        case "assign":
            who, detail = _LEADER, "北京"
            values = {"state": TicketState.ASSIGNED, "team": "北京", "holder": ""}
        case "appoint":
            begins = now + 24 * _HOUR
            detail = f"{begins}-{begins + 2 * _HOUR}"
            values = {
                "state": TicketState.APPOINTED, "appointed_at": begins,
                "appointed_until": begins + 2 * _HOUR, "place": "东单营业厅",
            }  # fmt: skip
        case "done":
            said = each.result or "已解释"
            values = {"state": TicketState.DONE, "result": said, "done_at": at, "asked_at": at}
        case "rate":
            who, detail = SUBSCRIBER, "10"
            values = {"state": TicketState.RATED, "score": 10}
        case "late":
            who, detail = HALL, "1"
            values = {"late_at": seen.due_at, "level": 1}
        case "boss taken":
            who, detail = BOSS, "GD000001"
            values = {"boss_state": "taken", "boss_reference": "GD000001"}
        case "reopen":
            port.reopen(each.phone, seen.number, each.said, now + 20 * _HOUR, at)
            return
        case _:  # joined as it was opened
            return
    rows.move(seen, TicketStep(at, step, who, detail, said), **values)
