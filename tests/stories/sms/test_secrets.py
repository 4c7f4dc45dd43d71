"""What nobody may read: passwords and numbers in the log, passwords and words in the store."""

from __future__ import annotations

import re

import pytest
import pytest_twisted
from sqlalchemy import select

from gateway.config.editions.conf_files import conf_files
from gateway.store.tables import metadata, orders, outbox
from tests.commands.fakes import OWN_CONF
from tests.octets import octets
from tests.stories.hall import SIGNATURE, Hall, Phone

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("manners")]

NEW, TYPED, WRONG = "580263", "914207", "604815"
CARD, CERTIFICATE = "860000000000000001", "11010119850504789X"


async def talk(hall: Hall, phone: Phone, other: Phone) -> list[str]:
    """Everything that can carry a secret, one way or the other; the secrets."""
    await phone.asks(f"MMXG#{phone.password}#{NEW}#{NEW}")
    await phone.asks("501")
    for typed in (NEW, TYPED, TYPED):
        await phone.asks(typed)
    await phone.asks(f"YE#{other.number}#{WRONG}")
    await phone.asks(f"YE#{other.number}#{other.password}", size=8, coding="ucs2")
    await phone.asks(f"CXYE {other.number} {other.password} 谢谢")  # too much for the command
    await phone.asks(f"我的密码是{WRONG}")
    await phone.asks(f"CZ#{CARD}")
    await phone.asks(f"MMCZ#{CERTIFICATE}#{NEW}#{NEW}")
    await phone.asks("2010")
    told = re.search(r"新服务密码为(\d{6})", await phone.asks("Y"))
    assert told is not None
    return [phone.password, other.password, NEW, TYPED, WRONG, CARD, CERTIFICATE, told[1]]


@pytest_twisted.ensureDeferred
async def test_no_secret_is_in_the_log_or_the_store(hall: Hall) -> None:
    """Nor a full number in the log, nor the words of a message in the store."""
    phone, other = hall.somebody(), hall.somebody()
    secrets = await talk(hall, phone, other)
    await hall.calm()
    log = logged(hall)
    assert [word for word in [*secrets, phone.number, other.number] if word in log] == []
    assert f"{phone.number[:3]}****{phone.number[-4:]}" in log
    kept = stored(hall)
    published = "".join(conf_files(OWN_CONF).values())  # what anybody may read, in any case
    said = ["已随机更换,新服务密码为" + secrets[-1], "谢谢", *secrets]
    words = [word for word in said if word not in published]
    assert len(words) > len(secrets) - 2
    assert [word for word in words for form in forms(word) if form in kept] == []


def logged(hall: Hall) -> str:
    """All that the log says in words; an id may look like a password."""
    facts = [
        str(v) for event in hall.log.all for v in event.values() if not isinstance(v, int | float)
    ]
    return "\n".join([*facts, *hall.log.strange])


def forms(word: str) -> list[bytes]:
    """As it would stand in a file, in whatever alphabet."""
    return [word.encode(), word.encode("utf-16-be"), word.encode("utf-16-le")]


@pytest_twisted.ensureDeferred
async def test_words_with_a_secret_are_sealed_and_then_forgotten(hall: Hall) -> None:
    """Once the SMSC has taken them; the other answers are kept, sealed."""
    phone = hall.somebody()
    mark = hall.log.mark()
    await phone.asks("2010")
    await phone.asks("Y")
    secret = (await hall.log.told("served", mark, action="pw.random", result="ok"))["id"] + 1
    asked = (await hall.log.told("served", mark, action="pw.random", result="asked"))["id"] + 1
    for id in (asked, secret):
        await hall.log.told("sent", mark, id=id)
    kept = {
        id: hall.rows(select(outbox.c.secret, outbox.c.text_sealed).where(outbox.c.id == id))[0]
        for id in (asked, secret)
    }
    assert kept[secret] == (True, None)
    assert kept[asked].secret is False
    assert "原密码随即失效" in hall.gateway.store.seal.open(kept[asked].text_sealed)


@pytest_twisted.ensureDeferred
async def test_the_consent_is_kept_with_the_very_words_that_were_shown(hall: Hall) -> None:
    """What was on the screen, what was answered, when, and by which door."""
    phone = hall.somebody()
    shown = await phone.asks("KTEDU100")
    await phone.asks("是")
    (order,) = hall.rows(select(orders).where(orders.c.phone == int(phone.number)))
    assert hall.gateway.store.seal.open(order.shown_sealed) == shown + SIGNATURE
    assert (order.state, order.answer, order.channel) == ("done", "是", "sms")
    assert order.interface == "10"
    assert 0 <= order.answered_at - order.proposed_at < 60


def stored(hall: Hall) -> bytes:
    """All of the store's octets: its files, or every value of every row."""
    files = octets(hall.house.folder)
    values = [
        value if isinstance(value, bytes) else str(value).encode()
        for table in metadata.tables.values()
        for row in hall.rows(select(table))
        for value in row
        if not isinstance(value, int)  # an id may look like a password
    ]
    return files + b"|".join(values)
