"""What can be read in the store's file without the hall's key: no secret, and nobody's words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands.model.request import Secret
from gateway.config.sample.people import SampleCard
from gateway.store.sample.people import put_cards
from gateway.store.store import Store
from tests.gateway.hall import Office
from tests.gateway.messages import LI, ZHANG
from tests.octets import octets

CERTIFICATE, CARD = "110101199003078515", "860000000000000001"
OLD, NEW, WRONG = "739204", "528461", "605193"


def in_any_form(secret: str) -> list[bytes]:
    """As text, as a number of SQLite's, and as hexadecimal digits."""
    forms = [secret.encode(), secret.encode("utf-16-be"), secret.encode().hex().encode()]
    if secret.isdigit() and len(secret) > 9:
        forms.append(int(secret).to_bytes(8, "big"))
    return forms


def found(store: Store, *secrets: str) -> list[str]:
    path = store.engine.url.database
    assert path is not None
    content = octets(Path(path).parent)
    return [secret for secret in secrets if any(form in content for form in in_any_form(secret))]


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    return Office(sqlite_store)


def test_the_search_finds_what_is_there(office: Office) -> None:
    """A number that is no secret, as text or as a number."""
    office.hears("YE")
    assert found(office.store, ZHANG, "smsc-a", "q.balance") == [ZHANG, "smsc-a", "q.balance"]


def test_no_password_can_be_read_while_a_dialogue_is_open(office: Office) -> None:
    """Neither what was typed nor what is remembered of it."""
    for text in ("MMXG", WRONG, OLD, NEW):
        office.hears(text)
        assert found(office.store, OLD, NEW, WRONG) == []
    assert office.journal()[-1] == ("pw.change", "asked")


def test_no_password_can_be_read_afterwards(office: Office) -> None:
    """In one message or several, right or wrong, for oneself or for somebody else, in long ones."""
    office.hears(f"MMXG#{OLD}#{NEW}#{NEW}")
    office.hears(f"CXYE#{LI}#123456")
    office.hears(f"CXYE#{LI}#{WRONG}")
    office.hears(f"密码是{WRONG}吗")
    office.deliver()
    assert found(office.store, OLD, NEW, WRONG, "123456") == []


def test_an_order_that_waits_shows_no_password(office: Office) -> None:
    """It keeps what it was given, sealed."""
    office.hears(f"KTEDU40#{OLD}", ZHANG)
    assert office.journal() == [("sv.order", "asked")]
    assert found(office.store, OLD) == []


def test_a_drawn_password_can_be_read_by_its_subscriber_alone(office: Office) -> None:
    """On its way it is sealed; once taken, it is gone, and a key would not help."""
    office.hears("2010")
    words = office.hears("Y")
    (password,) = re.findall(r"(?<!\d)\d{6}(?!\d)", words)
    assert found(office.store, password) == []
    office.deliver()
    assert found(office.store, password) == []
    assert "56.80" in office.hears(f"CXYE#{password}")


def test_no_certificate_and_no_card_can_be_read(office: Office) -> None:
    """They are of the sample's people and of the operator's cards."""
    put_cards(office.store, [SampleCard(Secret(CARD), 5_000)])
    office.hears(f"MMXG#{OLD}#078515#078515")
    office.hears(f"张三 {CERTIFICATE}")
    office.hears(f"CZ#{CARD}")
    assert found(office.store, CERTIFICATE, CARD, "张三", "078515") == []


def test_nobodys_words_can_be_read(office: Office) -> None:
    """Neither what was asked nor what was answered."""
    answer = office.hears("我的话费还剩多少钱")
    assert "56.80" in answer
    assert found(office.store, "我的话费", "话费余额", "56.80", "中国移动") == []


def test_a_name_is_nobodys_business(office: Office) -> None:
    """The file that a thief copies names no subscriber."""
    assert found(office.store, "张三", "李四") == []
