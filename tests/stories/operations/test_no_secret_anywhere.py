"""After a day on which every kind of secret was said, typed and told by SMS, on screens and in
calls, none of them lies anywhere: not in the log, in figures of the process, in a row, in a file of
the store or of a backup, in what verbs tell of it afterwards, nor on a channel of the exchange."""

from __future__ import annotations

import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import pytest_twisted
from sqlalchemy import select
from twisted.internet.threads import deferToThread

from gateway.config.editions.conf_files import conf_files
from gateway.config.settings import OWN_CONF
from gateway.store.tables import menu_records
from simulators.smsc.smsc import Smsc
from tests.stories.calls.simulated_callers import Exchange, hour, listening
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import PROGRAM
from tests.stories.hall import Clock, Phone, opened
from tests.stories.sms.test_secrets import stored
from tests.stories.ussd.ussd_phone import UssdPhone

pytestmark = pytest.mark.slow
NEW, WRONG, CARD, CERTIFICATE = "580263", "604815", "860000000000000002", "11010119850504789X"
REASON = ("--reason", "工单1")


async def by_sms(phone: Phone, other: Phone) -> list[str]:
    await phone.asks(f"MMXG#{phone.password}#{NEW}#{NEW}")
    await phone.asks(f"CXJFJL#{other.number}#{WRONG}")
    await phone.asks(f"我的密码是{WRONG}")
    await phone.asks(f"CZ#{CARD}")
    await phone.asks(f"MMCZ#{CERTIFICATE}#{NEW}#{NEW}")
    await phone.asks("2010")
    told = re.search(r"新服务密码为(\d{6})", await phone.asks("Y"))
    assert told
    return [phone.password, NEW, WRONG, CARD, CERTIFICATE, told[1]]


async def on_screens(phone: Phone) -> list[str]:
    """Payments are told for a password; then it is changed."""
    screen, new = UssdPhone(phone), "914207"
    assert "请输入6位服务密码" in await screen.walks("1", "2")
    await screen.types(WRONG)
    await screen.types(phone.password)
    assert "修改服务密码" in await screen.walks("7", "1")
    await screen.types(phone.password, new, new)
    return [phone.password, new]


async def in_calls(phone: Phone, exchange: Exchange) -> list[str]:
    new = "846152"
    caller = exchange.calls(caller=phone.number)
    await caller.heard("普通话请按1。")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("14", "按井号键结束。")
    await caller.asks(f"{WRONG}#", "按井号键结束。")
    await caller.asks(f"{phone.password}#", "短信已发送到您的手机。")
    caller.hangs_up()
    await phone.reads()
    caller = exchange.calls(caller=phone.number)
    await caller.heard("普通话请按1。")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("51", "按井号键结束。")
    await caller.asks(f"{phone.password}#", "请输入六位新密码按井号键结束。")
    await caller.asks(f"{new}#", "请再次输入新密码")
    await caller.asks(f"{new}#", "修改成功")
    caller.hangs_up()
    return [phone.password, new]


async def a_number_back(phone: Phone, exchange: Exchange) -> list[str]:
    """By its password, and a code that comes by SMS during the call."""
    caller = exchange.calls(caller=phone.number)
    await caller.heard("普通话请按1。")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("54", "请输入六位服务密码按井号键结束。")
    await caller.asks("258096#", "请输入六位随机码按井号键结束。")
    code = re.search(r"随机码(\d{6})", await phone.reads())
    assert code
    await caller.asks(f"{code[1]}#", "确认请按1。")
    await caller.asks("1", "已恢复使用。")
    caller.hangs_up()
    return ["258096", code[1]]


def channels(exchange: Exchange) -> str:
    """What whoever looks at a channel, or reads its events, finds there."""
    found = [caller.channel for caller in exchange.callers.values()]
    return "\n".join(f"{name}={value}" for one in found for name, value in one.variables.items())


def said_by_verbs(place: Deployment, numbers: list[str], folder: Path) -> Iterator[tuple[str, str]]:
    """What they print, and what is in the files that they write."""

    def say(*words: str | Path) -> str:
        command = [str(word) for word in (PROGRAM, *words, "--config", place.file)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, (words, ran.stderr)
        return ran.stdout + ran.stderr

    for number in numbers:
        yield "trace", say("trace", number, "--json", *REASON)
        yield "trace", say("trace", number, *REASON)
        yield "consent", say("consent", number, *REASON)
    yield "tickets", say("tickets", "list")
    yield "audit", say("audit", "list")
    yield "audit", say("audit", "export", *REASON)
    for form in ("--json", "--csv"):
        yield "report", say("report", "day", form)
    say("backup", folder / "hall.tgz", "--key", folder / "hall.key")
    with tarfile.open(folder / "hall.tgz") as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member)
            if file is not None and not member.name.startswith("conf/"):
                yield f"backup: {member.name}", file.read().decode("latin-1")


async def _a_day(
    place: Deployment, smsc: Smsc, exchange: Exchange, folder: Path
) -> tuple[list[tuple[str, str]], list[str]]:
    """What there is to be read afterwards, by where it is; and the secrets."""
    ivr = {"asterisk": [{"name": "pbx-a", "port": exchange.pbx.port}], "make_missing": False}
    place.configure(
        [link(smsc.listen(), receipts="all")],
        ivr=ivr | {"sounds": str(place.folder / "sounds")},
        menus={"recorded": 1.0},
    )
    async with opened(place, smsc, ["smsc-a", "pbx-a"], Clock(hour(12))) as hall:
        people = [hall.somebody() for _ in range(4)]
        back = hall.phone("13800138008")
        secrets = await by_sms(people[0], people[1])
        secrets += await on_screens(people[2])
        secrets += await in_calls(people[3], exchange)
        secrets += await a_number_back(back, exchange)
        await hall.calm()
        assert hall.rows(select(menu_records))
        numbers = [one.number for one in (*people, back)]
        places = [("log", hall.log.raw.decode()), ("metrics", hall.gateway.counts.text().decode())]
        places += [("channels", channels(exchange)), ("store", stored(hall).decode("latin-1"))]
        places += await deferToThread(lambda: list(said_by_verbs(place, numbers, folder)))
        return places, secrets


@pytest_twisted.ensureDeferred
async def test_no_secret_is_left_anywhere(
    place: Deployment, smscs: Callable[..., Smsc], tmp_path: Path
) -> None:
    """Also where every walk through a menu is recorded."""
    from twisted.internet import reactor

    async with listening(reactor) as exchange:
        places, secrets = await _a_day(place, smscs(), exchange, tmp_path)
    published = "".join(conf_files(OWN_CONF).values())  # what anybody may read, in any case
    looked_for = [word for word in secrets if word not in published]
    assert len(looked_for) > 8
    found = [
        (where, word)
        for where, there in places
        for word in looked_for
        if re.search(rf"(?<![0-9]){word}(?![0-9])", there)
    ]
    assert found == []
    # what is looked for would be found: what was done with it is
    assert {"log", "trace", "store"} <= {where for where, there in places if "pw.change" in there}
