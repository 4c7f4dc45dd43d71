"""Who takes a ticket and does nothing with it has it no longer; and nobody loses one that they see
to."""

from __future__ import annotations

from gateway.store.tickets.giving_back import given_back, goes_back_at
from tests.gateway.tickets.counter import AGENT, LEADER, OTHER, TicketCounter, own_ticket_book

HOUR = 3600
RULES = own_ticket_book().rules
AFTER = RULES.give_back


def backs(hall: TicketCounter) -> list[str]:
    return [alarm.number for alarm in hall.alarms() if alarm.what == "given back"]


def told(hall: TicketCounter, operator: str) -> list[str]:
    with hall.store.reading() as connection:
        return [one.number for one in given_back(connection, operator, hall.now - 24 * HOUR)]


def promised(hall: TicketCounter, number: str) -> int:
    return goes_back_at(hall.ticket(number), hall.steps(number), RULES)


def test_what_is_not_touched_goes_back_once_and_who_had_it_is_told(hall: TicketCounter) -> None:
    number = hall.complain()
    hall.by(AGENT, "accept", number)
    assert promised(hall, number) == hall.now + AFTER
    hall.office.bag.now += AFTER
    assert backs(hall) == []  # not before
    hall.office.bag.now += 1
    assert backs(hall) == [number]
    assert backs(hall) == []
    ticket = hall.ticket(number)
    assert (ticket.holder, ticket.state, ticket.held_since) == ("", "open", 0)
    assert ticket.accept_by > hall.now  # somebody is to take it, as if it were new
    assert [(s.step, s.who, s.detail) for s in hall.steps(number)][-1] == (
        "given back", "hall", AGENT,
    )  # fmt: skip
    assert hall.audit()[-1][:2] == ("hall", "tickets.release")
    assert told(hall, AGENT) == [number]
    assert told(hall, OTHER) == []
    assert promised(hall, number) == 0
    hall.by(OTHER, "accept", number)
    assert hall.ticket(number).holder == OTHER


def test_who_takes_it_again_is_reminded_no_longer(hall: TicketCounter) -> None:
    number = hall.complain()
    hall.by(AGENT, "accept", number)
    hall.office.bag.now += AFTER + 1
    assert backs(hall) == [number]
    hall.by(AGENT, "accept", number)
    assert told(hall, AGENT) == []
    hall.office.bag.now += AFTER + 1
    assert backs(hall) == [number]


def test_a_note_keeps_it_but_only_one_of_who_has_it(hall: TicketCounter) -> None:
    number = hall.complain()
    hall.by(AGENT, "accept", number)
    hall.office.bag.now += AFTER - 60
    hall.by(OTHER, "note", number, words="我也看到了")
    assert promised(hall, number) == hall.now + 60
    hall.by(AGENT, "note", number, words="正在查")
    hall.office.bag.now += AFTER - 60
    assert backs(hall) == []
    hall.office.bag.now += 61
    assert backs(hall) == [number]


def test_an_appointment_is_waited_for(hall: TicketCounter) -> None:
    number = hall.complain()
    hall.by(AGENT, "accept", number)
    until = hall.now + 10 * HOUR
    hall.by(AGENT, "appoint", number, at=until - HOUR, until=until, place="家里")
    hall.office.bag.now = until + AFTER
    assert backs(hall) == []
    assert promised(hall, number) == hall.now
    hall.office.bag.now += 1
    assert backs(hall) == [number]
    assert hall.ticket(number).state == "appointed"  # the subscriber has been told when


def test_what_a_leader_gives_to_somebody_goes_back_too(hall: TicketCounter) -> None:
    number = hall.complain()
    hall.by(LEADER, "assign", number, operator=OTHER)
    hall.office.bag.now += AFTER + 1
    assert backs(hall) == [number]
    assert told(hall, OTHER) == [number]


def test_what_is_done_stays_with_who_did_it(hall: TicketCounter) -> None:
    number = hall.complain()
    hall.by(AGENT, "accept", number)
    hall.by(AGENT, "done", number, "已退费")
    hall.office.bag.now += 10 * AFTER
    assert backs(hall) == []
    assert hall.ticket(number).holder == AGENT


def test_a_colleagues_note_keeps_it_for_nobody(hall: TicketCounter) -> None:
    number = hall.complain()
    hall.by(AGENT, "accept", number)
    hall.office.bag.now += AFTER - 60
    hall.by(OTHER, "note", number, words="我也看到了")
    hall.office.bag.now += 61
    assert backs(hall) == [number]
