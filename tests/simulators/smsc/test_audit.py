"""The book says what was lost, doubled or out of order, and what is nobody's fault."""

from __future__ import annotations

from simulators.smsc.audit import (
    AuditedDeliver,
    AuditedSubmit,
    SmscAudit,
    WrittenText,
    national_number,
)
from simulators.smsc.handset import ShownMessage
from simulators.smsc.sms_encoding import cut_into_parts
from tests.simulators.smsc.test_sms_encoding import message

ONE = "13800138001"


def book(*texts: str, outcome: int = 0) -> SmscAudit:
    """One subscriber wrote these and the ESME took them."""
    audit = SmscAudit()
    for text in texts:
        sent = WrittenText(ONE, text, "10086")
        sent.mos.append(AuditedDeliver(0, ONE, "hallgate", b"", sent, outcome=outcome))
        audit.sent.append(sent)
    return audit


def shown(*texts: str) -> dict[str, list[ShownMessage]]:
    """What the subscriber's phone showed."""
    return {
        ONE: [ShownMessage("10086", t, 0.0, (message(cut_into_parts(t, 1)[0]),)) for t in texts]
    }


def echoes(written: str, reply: str) -> bool:
    """A reply that quotes."""
    return written in reply


def test_a_clean_account() -> None:
    """Each message one reply, in order."""
    assert book("a", "b").reckon(shown("re a", "re b"), echoes).clean


def test_a_message_without_a_reply_is_lost() -> None:
    """If it was acknowledged."""
    reckoning = book("a", "b").reckon(shown("re b"), echoes)
    assert reckoning.lost == [f"{ONE}: a"]
    assert not reckoning.clean
    assert book("a", outcome=0x14).reckon({}).clean


def test_a_reply_too_many_is_doubled() -> None:
    """Or was never asked for."""
    reckoning = book("a").reckon(shown("re a", "re a"), echoes)
    assert reckoning.doubled == [f"{ONE}: re a"]
    assert book("a").reckon(shown("re a", "re x"), echoes).doubled == [f"{ONE}: re x"]


def test_replies_in_another_order_are_misordered() -> None:
    """The one that comes too late is named."""
    reckoning = book("a", "b", "c").reckon(shown("re b", "re a", "re c"), echoes)
    assert reckoning.misordered == [f"{ONE}: re a"]
    assert not reckoning.lost


def test_a_reply_whose_first_copy_went_unanswered_may_come_again() -> None:
    """The ESME could not know; also when the link ended right after the answer."""
    for answered_at, ended in ((None, {}), (5.0, {1: 5.5})):
        audit = book("a")
        part = message(cut_into_parts("re a", 1)[0])
        audit.mts.append(
            AuditedSubmit(1, "hallgate", 0x34, 1, 4.0, part, status=0, answered_at=answered_at)
        )
        audit.ended = dict(ended)
        reckoning = audit.reckon(shown("re a", "re a"), echoes)
        assert reckoning.clean
        assert reckoning.repeated == [f"{ONE}: re a"]


def test_a_number_with_its_country_code_is_the_same() -> None:
    """Service numbers keep their digits."""
    assert {national_number(n) for n in (ONE, "86" + ONE, "+86" + ONE)} == {ONE}
    assert national_number("8610086") == "8610086"
