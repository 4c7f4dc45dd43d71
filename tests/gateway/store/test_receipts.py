"""Whose delivery receipts are expected, and what became of those messages."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from gateway.model.address import Address
from gateway.model.message_id import floor_at
from gateway.model.messages import OutgoingMessage, ReceiptArrived, SendOutcome
from gateway.model.smsc_groups import SmscGroups
from gateway.store.messages import ACCEPTED, LEAVING, UNKNOWN
from gateway.store.receipts import SettledReceipt, SqlReceipts
from gateway.store.store import Store
from gateway.store.tables import outbox, receipts
from smpp.messages.receipts import message_id_forms
from tests.gateway.cluster.test_inherited_slots import until_it_waits

ZHANG, LI = "13800138001", "13800138002"
MS = 1_795_233_600_000
SMSCS = SmscGroups({"smsc-a": "east", "smsc-a2": "east"})


class Desk:
    """One transaction in which messages are taken and receipts come."""

    def __init__(self, store: Store, smscs: SmscGroups = SMSCS) -> None:
        self._transaction = store.transaction()
        self.connection = self._transaction.__enter__()
        self._messages = store.messages
        self._receipts = SqlReceipts(self.connection, smscs)
        self._ids = 0

    def close(self) -> None:
        self._transaction.__exit__(None, None, None)

    def sent(self, *message_ids: str, to: str = ZHANG, link: str = "smsc-a") -> int:
        """A message that the SMSC has taken under these ids, one for each part."""
        id = self._put(to)
        assert self.expect(id, *message_ids, link=link) == []
        return id

    def leaving(self, to: str = ZHANG) -> int:
        """A message that is on its way, as the store knows."""
        id = self._put(to)
        self._is(id, LEAVING)
        return id

    def given_up(self, id: int) -> list[SettledReceipt]:
        """Its gateway, or its bind, ended before the answer."""
        self._is(id, UNKNOWN)
        return self._receipts.known_at_last([id])

    def answered(self, id: int, *message_ids: str) -> list[SettledReceipt]:
        """The SMSC has taken it under these ids."""
        self._is(id, ACCEPTED)
        self.expect(id, *message_ids)
        return self._receipts.known_at_last([id])

    def _is(self, id: int, state: int) -> None:
        self.connection.execute(update(outbox).where(outbox.c.id == id).values(state=state))

    def state(self, id: int) -> int:
        return int(
            self.connection.execute(select(outbox.c.state).where(outbox.c.id == id)).scalar_one()
        )

    def _put(self, to: str) -> int:
        self._ids += 8
        words = OutgoingMessage(
            self._ids,
            "smsc-a",
            Address.service("10086"),
            Address.international(to),
            "余额",
            receipt=True,
        )
        self._messages.put(self.connection, [words])
        return self._ids

    def early(self, *message_ids: str, to: str = ZHANG) -> list[str]:
        return self.expect(self._put(to), *message_ids)

    def expect(self, id: int, *message_ids: str, link: str = "smsc-a") -> list[str]:
        return self._receipts.expect(SendOutcome(id, True, MS, link, message_ids))

    def receipt(
        self, message_id: str, state: str = "delivered", *, phone: str = ZHANG, link: str = "smsc-a"
    ) -> int:
        forms = message_id_forms(message_id)
        return self._receipts.note(ReceiptArrived(1, link, forms, state, MS + 1, phone))


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """On both kinds of store."""
    desk = Desk(store)
    yield desk
    desk.close()


def test_a_receipt_finds_its_message(desk: Desk) -> None:
    """Of several, and again when it says more."""
    first, second = desk.sent("a1"), desk.sent("a2")
    assert desk.receipt("a2", "enroute") == second
    assert desk.receipt("a1") == first
    assert desk.receipt("a2") == second


def test_each_part_of_a_message_has_a_receipt(desk: Desk) -> None:
    """All of them lead to the message."""
    id = desk.sent("a1", "a2", "a3")
    assert {desk.receipt(part) for part in ("a1", "a2", "a3")} == {id}


def test_a_receipt_that_comes_before_its_message_was_settled_waits_for_it(desk: Desk) -> None:
    """SMSCs deliver faster than they answer."""
    assert desk.receipt("a1") == 0
    assert desk.early("a1", "a2") == ["delivered"]
    assert desk.receipt("a1") == 8
    assert desk.early("a3") == []


@pytest.mark.parametrize(("given", "told"), [("255", "FF"), ("00FF", "255"), ("00000255", "255")])
def test_the_base_of_an_id_may_differ(desk: Desk, given: str, told: str) -> None:
    """Hexadecimal in the response and decimal in the receipt, with noughts or without."""
    id = desk.sent(given, to=LI)
    assert desk.receipt(told, phone=LI) == id


def test_two_links_may_give_the_same_id(desk: Desk) -> None:
    """Each speaks of its own."""
    one, other = desk.sent("a1"), desk.sent("a1", link="smsc-b")
    assert desk.receipt("a1", link="smsc-b") == other
    assert desk.receipt("a1") == one


def test_an_id_that_is_given_again_is_the_newer_messages(desk: Desk) -> None:
    """SMSCs count from one after a restart."""
    desk.sent("a1")
    newer = desk.sent("a1")
    assert desk.receipt("a1") == newer


def test_a_receipt_is_believed_only_for_the_number_it_speaks_of(desk: Desk) -> None:
    """A subscriber can type a receipt, with any id, but not from somebody else's number."""
    id = desk.sent("a1", to=ZHANG)
    assert desk.receipt("a1", "rejected", phone=LI) == 0
    assert desk.receipt("a1", phone=ZHANG) == id


def test_a_receipt_without_an_id_is_nobodys(desk: Desk) -> None:
    """Nor does a message wait for one that was taken without an id."""
    assert desk.receipt("") == 0
    desk.sent("", "")
    assert desk.receipt("") == 0


def test_a_receipt_comes_by_another_bind_of_the_same_smsc(desk: Desk) -> None:
    """Of whatever gateway; another SMSC's receipt is not ours. Either may come first."""
    id = desk.sent("a1")
    assert desk.receipt("a1", link="smsc-b") == 0
    assert desk.receipt("a1", link="smsc-a2") == id
    assert desk.receipt("a2", link="smsc-a2") == 0
    assert desk.early("a2") == ["delivered"]


def test_a_receipt_finds_what_was_sent_before_there_were_groups(desk: Desk) -> None:
    """Then it was kept by the link's name."""
    id = desk.sent("a1", link="smsc-b")
    desk.connection.execute(update(receipts).values(smsc="smsc-a"))
    assert desk.receipt("a1", link="smsc-a") == id


def test_what_is_settled_once_more_keeps_its_receipt(desk: Desk) -> None:
    """The store had kept it, and could not say so; in the meantime its receipt came."""
    sent = desk.sent("ab12")
    desk.receipt("ab12")
    assert desk.expect(sent, "ab12") == ["delivered"]


@pytest.mark.service
def test_a_receipt_that_comes_while_its_message_is_settled_beside_it(
    postgres_store: Store,
) -> None:
    """In another transaction of the same moment: neither overlooks the other."""
    settling = Desk(postgres_store)
    id = settling.sent("a1")

    def receipt() -> int:
        hearing = Desk(postgres_store)
        try:
            return hearing.receipt("a1")
        finally:
            hearing.close()

    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(receipt)
        until_it_waits(postgres_store, heard)
        settling.close()
        assert heard.result(10) == id
    with postgres_store.reading() as connection:
        assert connection.execute(select(receipts.c.state)).scalars().all() == ["delivered"]


class Doubt:
    """Messages of which nobody knows whether the SMSC has them."""

    def __init__(self, desk: Desk, *numbers: str, receipt: bool = True) -> None:
        self.desk = desk
        self.ids = [desk._put(number) for number in numbers]
        all_of_them = outbox.c.id.in_(self.ids)
        desk.connection.execute(
            update(outbox).where(all_of_them).values(state=UNKNOWN, receipt=receipt)
        )

    def states(self) -> list[int]:
        query = select(outbox.c.state).where(outbox.c.id.in_(self.ids)).order_by(outbox.c.id)
        return list(self.desk.connection.execute(query).scalars())


def test_a_receipt_tells_that_the_smsc_had_what_nobody_knew_of(desk: Desk) -> None:
    """Its name was lost with the answer; the number tells whose it is. Once for each."""
    doubt = Doubt(desk, ZHANG, LI, ZHANG)
    zhang, li, again = doubt.ids
    assert desk.receipt("f1", phone=ZHANG) == zhang
    assert doubt.states() == [ACCEPTED, UNKNOWN, UNKNOWN]
    assert desk.receipt("f1", phone=ZHANG) == zhang
    assert desk.receipt("f2", phone=LI) == li
    assert desk.receipt("f3", phone=ZHANG) == again
    assert desk.receipt("f4", phone=ZHANG) == 0
    assert doubt.states() == [ACCEPTED] * 3


def test_a_receipt_of_nobody_knows_whom_settles_nothing(desk: Desk) -> None:
    """Nor one for a message for which none was wanted."""
    doubt, without = Doubt(desk, ZHANG), Doubt(desk, LI, receipt=False)
    assert desk.receipt("f1", phone="") == 0
    assert desk.receipt("f2", phone=LI) == 0
    assert doubt.states() + without.states() == [UNKNOWN, UNKNOWN]


def told_of(desk: Desk) -> dict[str, int]:
    """By the receipt's name: whose it is."""
    found = desk.connection.execute(select(receipts.c.message_id, receipts.c.outbox_id))
    return {name: id for name, id in found}


def test_a_receipt_that_another_gateway_heard_first_settles_what_is_given_up_later(
    desk: Desk,
) -> None:
    """Its owner lives, or has died and nobody has taken over yet; then the answer is lost for good.
    Once, however many hear of it."""
    id = desk.leaving()
    assert desk.receipt("F1", link="smsc-a2") == 0
    assert desk.state(id) == LEAVING
    assert desk.given_up(id) == [SettledReceipt(id, "F1", "delivered")]
    assert (desk.state(id), told_of(desk)) == (ACCEPTED, {"F1": id})
    assert desk.answered(desk.leaving(), "F2") == []
    assert desk.receipt("F1") == id


def test_a_receipt_that_was_heard_first_is_of_who_answers_to_its_name(desk: Desk) -> None:
    """Of two messages to one number, one was given up: the other may be meant just as well, until
    it is answered."""
    lost, other = desk.leaving(), desk.leaving()
    desk.given_up(lost)
    assert desk.receipt("F1") == 0
    assert desk.state(lost) == UNKNOWN
    assert desk.answered(other, "F1") == []
    assert (desk.state(lost), told_of(desk)) == (UNKNOWN, {"F1": other})


def test_a_receipt_that_nobody_answers_to_is_of_what_was_given_up(desk: Desk) -> None:
    """Known when the other message is answered by another name, or given up as well."""
    lost, other, last = desk.leaving(), desk.leaving(), desk.leaving()
    desk.given_up(lost)
    desk.receipt("F1")
    assert desk.answered(other, "F2") == []
    assert [one.id for one in desk.given_up(last)] == [lost]
    assert [desk.state(id) for id in (lost, other, last)] == [ACCEPTED, ACCEPTED, UNKNOWN]


def test_a_receipt_is_of_no_message_that_was_made_after_it(desk: Desk) -> None:
    """It lies there for days; the next notice to that number is another."""
    desk.receipt("F1")
    desk._ids = floor_at(MS / 1000 + 60)
    id = desk.leaving()
    assert desk.given_up(id) == []
    assert (desk.state(id), told_of(desk)) == (UNKNOWN, {"F1": 0})


@pytest.mark.parametrize(("always", "state"), [(("east",), ACCEPTED), ((), UNKNOWN)])
def test_where_each_message_has_a_receipt_it_settles_a_reminder_too(
    store: Store, always: tuple[str, ...], state: int
) -> None:
    """`receipts: all`; else it cannot be the reminder's, which asked for none."""
    desk = Desk(store, SmscGroups({"smsc-a": "east"}, always))
    id = desk.leaving()
    desk.connection.execute(update(outbox).values(receipt=False))
    desk.receipt("F1")
    desk.given_up(id)
    assert desk.state(id) == state
    desk.close()


@pytest.mark.service
@pytest.mark.parametrize("first", ["receipt", "giving up"])
def test_a_receipt_that_comes_while_its_message_is_given_up_beside_it(
    postgres_store: Store, first: str
) -> None:
    """In another transaction of the same moment, whichever begins: it is found by one of them."""
    before = Desk(postgres_store)
    id = before.leaving()
    before.close()
    one = Desk(postgres_store)

    def hear(desk: Desk) -> list[int]:
        return [desk.receipt("a1")]

    def give_up(desk: Desk) -> list[int]:
        return [found.id for found in desk.given_up(id)]

    begins, follows = (hear, give_up) if first == "receipt" else (give_up, hear)

    def beside() -> list[int]:
        other = Desk(postgres_store)
        try:
            return follows(other)
        finally:
            other.close()

    assert begins(one) in ([0], [])
    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(beside)
        until_it_waits(postgres_store, heard)
        one.close()
        assert heard.result(10) == [id]
    with postgres_store.reading() as connection:
        assert connection.execute(select(outbox.c.state)).scalars().all() == [ACCEPTED]
