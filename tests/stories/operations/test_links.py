"""Links as SMSCs of every kind offer them, and how they go and come back."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
import pytest_twisted
from smpplib import consts
from twisted.internet.ssl import (
    Certificate,
    DefaultOpenSSLContextFactory,
    PrivateCertificate,
    optionsForClientTLS,
    trustRootFromCertificates,
)

from simulators.fault_timing import always, times
from simulators.smsc.smsc import Smsc
from smpp.outbind_listener import MOST_WAITING_EACH
from tests.server import free_port
from tests.smpp.certificates import Authority
from tests.stories.deployment import Deployment, link
from tests.stories.hall import Hall, Phone, opened

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
ME = "13800138001"
OUTBIND = {"system_id": "smsc", "password": "theirs"}


async def talks(hall: Hall) -> None:
    """Both ways are open."""
    assert "余额56.80元" in await Phone(hall, ME).asks("YE")


@pytest_twisted.ensureDeferred
async def test_an_smsc_that_is_away_is_waited_for(place: Deployment, smscs: Smscs) -> None:
    """At the start, and again when it goes and comes back."""
    smsc = smscs()
    port = smsc.listen()
    await smsc.deafen()
    place.configure([link(port)])
    async with opened(place, smsc, lines=[]) as hall:
        await hall.log.told("line", line="smsc-a", state="waiting")
        smsc.listen(port=port)
        await hall.log.told("line", line="smsc-a", state="serving")
        await talks(hall)
        mark = hall.log.mark()
        await smsc.restart()
        await hall.log.told("line", since=mark, state="serving")
        await talks(hall)


@pytest_twisted.ensureDeferred
async def test_a_wrong_password_is_not_tried_again_and_again(
    place: Deployment, smscs: Smscs
) -> None:
    """A person must act; an SMSC bars who hammers."""
    smsc = smscs(password="changed")
    place.configure([link(smsc.listen())])
    async with opened(place, smsc, lines=[]) as hall:
        event = await hall.log.told("line", state="refused: a person must act")
        assert "wrong password" in event["reason"]
        assert event["wait"] >= 600
        assert smsc.audit.counts["in bind_transceiver"] == 1


@pytest_twisted.ensureDeferred
async def test_a_refusal_that_passes_is_outlasted(place: Deployment, smscs: Smscs) -> None:
    """Our last bind is still there, it says, twice."""
    smsc = smscs()
    smsc.faults.bind_status = consts.SMPP_ESME_RALYBND
    smsc.faults.refuse_bind = times(2)
    place.configure([link(smsc.listen())])
    async with opened(place, smsc) as hall:
        assert [event["reason"] for event in hall.log.named("bind refused")] == [
            "already bound"
        ] * 2
        await talks(hall)


@pytest_twisted.ensureDeferred
async def test_a_transmitter_and_a_receiver_are_one_link(place: Deployment, smscs: Smscs) -> None:
    """For SMSCs without transceivers; a lost half comes back by itself."""
    smsc = smscs()
    place.configure([link(smsc.listen(), bind="transmitter+receiver")])
    halves = ["smsc-a transmitter", "smsc-a receiver"]
    async with opened(place, smsc, halves) as hall:
        await talks(hall)
        for half, bind in zip(halves, ("bind_transmitter", "bind_receiver"), strict=True):
            mark = hall.log.mark()
            next(each for each in smsc.links if each.bound_as == bind).drop()
            await hall.log.told("line", since=mark, line=half, state="serving")
            await talks(hall)
    assert smsc.audit.counts["in unbind"] == 2


@pytest_twisted.ensureDeferred
async def test_several_binds_share_the_work(place: Deployment, smscs: Smscs) -> None:
    """Each of them is used, and each says goodbye."""
    smsc = smscs(window=1)
    place.configure([link(smsc.listen(), binds=3, window=1)])
    async with opened(place, smsc, [f"smsc-a {n}" for n in (1, 2, 3)]) as hall:
        phones = [hall.somebody() for _ in range(30)]
        for phone in phones:
            phone.sends("YE")
        for phone in phones:
            assert "【话费余额】" in await phone.reads()
        assert {mo.attempts[0].link for mo in smsc.audit.mos} == {1, 2, 3}
        assert {mt.link for mt in smsc.audit.mts} == {1, 2, 3}
    assert smsc.audit.counts["in unbind"] == 3


@pytest_twisted.ensureDeferred
async def test_an_answer_leaves_by_the_way_its_question_came(
    place: Deployment, smscs: Smscs
) -> None:
    one, other = smscs(), smscs()
    place.configure([link(one.listen()), link(other.listen(), "smsc-b")])
    async with opened(place, one, ["smsc-a", "smsc-b"]):
        for smsc in (one, other, one):
            smsc.send(ME, "YE")
            assert "余额56.80元" in (await smsc.phone(ME).next()).text


@pytest_twisted.ensureDeferred
async def test_when_a_link_stays_away_its_answers_leave_by_another(
    place: Deployment, smscs: Smscs
) -> None:
    """After ten seconds: most come back sooner."""
    one, other = smscs(), smscs()
    place.configure([link(one.listen()), link(other.listen(), "smsc-b")])
    async with opened(place, one, ["smsc-a", "smsc-b"]) as hall:
        one.faults.silent = always("submit_sm")
        assert await one.send(ME, "YE").settled() == 0
        await one.deafen()
        one.drop()
        assert "余额56.80元" in (await other.phone(ME).next(20)).text
        await hall.log.told("sent", link="smsc-b")


@pytest_twisted.ensureDeferred
async def test_an_smsc_may_call_us_to_deliver(place: Deployment, smscs: Smscs) -> None:
    """By outbind (SMPP 3.4 §2.2.1): we bind as its receiver, on its connection; a stranger gets
    no password from us, and both are told of."""
    smsc = smscs()
    at = free_port()
    place.configure([link(smsc.listen(), outbind=OUTBIND | {"listen": at})])
    async with opened(place, smsc, ["smsc-a transmitter"]) as hall:
        stranger = smscs()
        stranger.outbind("127.0.0.1", at, "smsc", "guessed")
        refused = await hall.log.told("outbind", result="wrong")
        smsc.outbind("127.0.0.1", at, "smsc", "theirs")
        await hall.log.told("outbind", link="smsc-a", peer="127.0.0.1", result="accepted")
        await talks(hall)
        assert {each.bound_as for each in smsc.links} == {"bind_transmitter", "bind_receiver"}
        await stranger.alone()
        assert stranger.audit.counts["in bind_receiver"] == 0
        assert "stranger" in refused["reason"]
        assert not {"guessed", "theirs", "secret"} & set(map(str, refused.values()))
        counted = hall.gateway.counts.outbinds
        assert counted == {("smsc-a", "wrong"): 1, ("smsc-a", "accepted"): 1}


@pytest_twisted.ensureDeferred
async def test_who_only_connects_does_not_keep_the_smsc_out(
    place: Deployment, smscs: Smscs
) -> None:
    """However many they are, and also from the same address; each is told of when it ends."""
    smsc = smscs()
    at = free_port()
    place.configure([link(smsc.listen(), outbind=OUTBIND | {"listen": at})])
    async with opened(place, smsc, ["smsc-a transmitter"]) as hall:
        with ExitStack() as idle:
            for _ in range(40):
                idle.enter_context(socket.create_connection(("127.0.0.1", at)))
            smsc.outbind("127.0.0.1", at, "smsc", "theirs")
            await hall.log.told("outbind", result="accepted")
            await talks(hall)
            await hall.log.told("outbind", result="wrong", reason="no outbind came in time")
        results = Counter(event["result"] for event in hall.log.named("outbind"))
        assert (results["accepted"], results["made_room"]) == (1, 40 + 1 - MOST_WAITING_EACH)


@pytest_twisted.ensureDeferred
async def test_other_hosts_may_not_call(place: Deployment, smscs: Smscs) -> None:
    """Not even with the password; nothing is said to them."""
    smsc = smscs()
    at = free_port()
    known = {"listen": at, "hosts": ["10.0.0.0/8", "127.0.0.2"]}
    place.configure([link(smsc.listen(), outbind=OUTBIND | known)])
    async with opened(place, smsc, ["smsc-a transmitter"]) as hall:
        smsc.outbind("127.0.0.1", at, "smsc", "theirs")
        await hall.log.told("outbind", result="unknown_host", peer="127.0.0.1")
        assert smsc.audit.counts["in bind_receiver"] == 0


# Twisted hands pyOpenSSL its own certificates and keys, which pyOpenSSL 26 deprecates
@pytest.mark.filterwarnings("ignore:Passing pyOpenSSL:DeprecationWarning")
@pytest_twisted.ensureDeferred
async def test_an_smsc_may_call_us_over_tls(
    place: Deployment, smscs: Smscs, tmp_path: Path
) -> None:
    """From a host known by name, with a certificate that our authority signed; who shows none
    gets nothing."""
    authority = Authority(tmp_path, "authority")
    ours, theirs = authority.vouch_for("hall.example"), authority.vouch_for("smsc.example")
    smsc = smscs()
    at = free_port()
    tls = {"certificate": ours.certificate, "key": ours.key, "ca": authority.certificate}
    secured = {"listen": at, "hosts": ["localhost"], "tls": {k: str(v) for k, v in tls.items()}}
    place.configure([link(smsc.listen(), outbind=OUTBIND | secured)])
    trust = trustRootFromCertificates([Certificate.loadPEM(authority.certificate.read_bytes())])
    own = PrivateCertificate.loadPEM(theirs.certificate.read_bytes() + theirs.key.read_bytes())
    stranger = optionsForClientTLS("hall.example", trust)
    known = optionsForClientTLS("hall.example", trust, own)
    async with opened(place, smsc, ["smsc-a transmitter"]) as hall:
        for options, result in ((None, "wrong"), (stranger, "wrong"), (known, "accepted")):
            mark = hall.log.mark()
            smsc.outbind("127.0.0.1", at, "smsc", "theirs", tls=options)
            await hall.log.told("outbind", since=mark, result=result)
        await talks(hall)
        assert {each.bound_as for each in smsc.links} == {"bind_transmitter", "bind_receiver"}


@pytest_twisted.ensureDeferred
async def test_a_link_over_tls(place: Deployment, smscs: Smscs, tmp_path: Path) -> None:
    """With an SMSC whose certificate we can verify, and not with another."""
    authority = Authority(tmp_path, "authority")
    pair = authority.vouch_for("127.0.0.1")
    smsc = smscs()
    port = smsc.listen(tls=DefaultOpenSSLContextFactory(str(pair.key), str(pair.certificate)))
    place.configure([link(port, tls={"ca": str(authority.certificate)})])
    async with opened(place, smsc) as hall:
        await talks(hall)
    stranger = Authority(tmp_path, "stranger")
    place.configure([link(port, tls={"ca": str(stranger.certificate)})])
    async with opened(place, smsc, lines=[]) as hall:
        event = await hall.log.told("line", state="waiting")
        assert "certificate" in event["reason"].lower()
    assert smsc.audit.counts["in bind_transceiver"] == 1


@pytest_twisted.ensureDeferred
async def test_the_smsc_unbinds_and_we_come_back(place: Deployment, smscs: Smscs) -> None:
    smsc = smscs()
    place.configure([link(smsc.listen())])
    async with opened(place, smsc) as hall:
        mark = hall.log.mark()
        for each in smsc.links:
            each.unbind()
        await hall.log.told("line", since=mark, state="waiting")
        await hall.log.told("line", since=mark, state="serving")
        await talks(hall)
        assert smsc.audit.counts["in unbind_resp"] == 1


@pytest_twisted.ensureDeferred
async def test_what_was_taken_by_one_bind_is_agreed_to_by_the_other(
    place: Deployment, smscs: Callable[..., Smsc]
) -> None:
    """The answer to a confirm comes by the receiver, that it was taken by the transmitter."""
    smsc = smscs()
    place.configure([link(smsc.listen(), bind="transmitter+receiver")])
    lines = ["smsc-a transmitter", "smsc-a receiver"]
    async with opened(place, smsc, lines) as hall:
        for _ in range(10):
            phone = hall.somebody()
            assert "请在24小时内回复“是”" in await phone.asks("KTLL10")
            assert "【办理成功】" in await phone.asks("是")
